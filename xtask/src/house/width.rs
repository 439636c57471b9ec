//! Rust lines, comments included, are at most as wide as `rustfmt.toml` says.

use super::source::{self, Kind};
use crate::workspace::root;

#[test]
fn no_line_is_too_wide() {
    let settings = std::fs::read_to_string(root().join("rustfmt.toml")).unwrap();
    let width = settings.lines().find_map(|line| line.strip_prefix("max_width = ")).unwrap();
    let width: usize = width.trim().parse().unwrap();
    let mut wide = Vec::new();
    for folder in ["crates", "src-tauri", "tests", "xtask", "fuzz"] {
        for path in source::files(&root().join(folder)).unwrap() {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(root()).unwrap().display();
                wide.extend(too_wide(&text, width).iter().map(|line| format!("{name}:{line}")));
            }
        }
    }
    assert!(wide.is_empty(), "wider than {width} columns:\n{}", wide.join("\n"));
}

/// The numbers of lines that are too wide and could be wrapped. An address in a comment cannot be, and
/// rustfmt leaves a long string as it is.
fn too_wide(text: &str, width: usize) -> Vec<usize> {
    let kinds: Vec<(Kind, char)> = source::pieces(text)
        .into_iter()
        .flat_map(|(kind, piece)| piece.chars().map(move |character| (kind, character)))
        .collect();
    let lines = kinds.split(|(_, character)| *character == '\n').zip(text.lines()).enumerate();
    lines
        .filter(|(_, (kinds, line))| match kinds.get(width) {
            None | Some((Kind::Literal, _)) => false,
            Some((Kind::Comment, _)) => !line.contains("://"),
            Some((Kind::Code, _)) => true,
        })
        .map(|(at, _)| at + 1)
        .collect()
}

#[test]
fn a_long_comment_is_too_wide_and_a_long_string_is_not() {
    let text = "// long comment\nlet a = \"long\";\n// see https://example.org\n\nfn b() { c(); }\n";
    assert_eq!(too_wide(text, 12), [1, 5]);
}
