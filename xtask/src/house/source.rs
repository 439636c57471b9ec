//! Rust sources as text: a list of files, and a copy of each without comments, strings and tests.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::root;

/// One source file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path below the repository's root, with `/`.
    pub(crate) path: String,
    /// The file as it is.
    pub(crate) text: String,
    /// The same characters line by line, with blanks instead of comments, literals and test code.
    pub(crate) code: String,
}

impl Source {
    fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let code = without_tests(&without_literals(&text));
        let path = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned();
        Ok(Self { path, text, code })
    }
}

/// The Rust files below `folder`, without modules that only tests compile.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn rust(folder: &str) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in files(&root().join(folder))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(Source::read(&path)?);
        }
    }
    let of_tests: Vec<String> = sources.iter().flat_map(test_modules).collect();
    sources.retain(|source| {
        !of_tests.iter().any(|module| {
            source.path == format!("{module}.rs") || source.path.starts_with(&format!("{module}/"))
        })
    });
    Ok(sources)
}

/// All packages with product code, as folders with their sources.
///
/// # Errors
/// When `crates/` cannot be read.
pub(crate) fn packages() -> Result<Vec<String>> {
    let crates = root().join("crates");
    let mut packages: Vec<String> = std::fs::read_dir(&crates)
        .context("cannot read crates/")?
        .flatten()
        .filter(|entry| entry.path().join("src").is_dir())
        .map(|entry| format!("crates/{}/src", entry.file_name().to_string_lossy()))
        .collect();
    packages.sort();
    packages
        .extend(["crates/evidence/verify/src", "src-tauri/src", "xtask/src", "tests/src"].map(str::to_owned));
    Ok(packages)
}

/// Every file below `folder`, sorted, without what is installed or built.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.to_path_buf()]);
    }
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let is_made = ["target", "node_modules", "dist", "corpus", "artifacts", "gen"]
            .iter()
            .any(|name| path.ends_with(name));
        if path.is_file() {
            found.push(path);
        } else if !is_made {
            found.extend(files(&path)?);
        }
    }
    Ok(found)
}

/// The number of the line, counted from 1, in which the byte `at` is.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Whether a character can be part of an identifier.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Comment,
    /// A string or a character.
    Literal,
    Code,
}

/// Cuts a text into pieces; code comes one character at a time.
pub(crate) fn pieces(text: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while !rest.is_empty() {
        let (kind, length) = first_piece(rest, before);
        let (piece, left) = rest.split_at(length);
        pieces.push((kind, piece));
        before = piece.chars().next_back().unwrap_or(' ');
        rest = left;
    }
    pieces
}

/// Blanks comments, strings and characters. Each becomes as many spaces as it has bytes; newlines stay.
pub(crate) fn without_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (kind, piece) in pieces(text) {
        match kind {
            Kind::Code => out.push_str(piece),
            Kind::Comment | Kind::Literal => blank(piece, &mut out),
        }
    }
    out
}

fn blank(piece: &str, out: &mut String) {
    out.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

/// The kind and the length in bytes of the first piece of `rest`, which follows the character `before`.
fn first_piece(rest: &str, before: char) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    let literal = match rest.chars().next() {
        Some('"') => Some(quoted(rest)),
        Some('\'') => character(rest),
        _ if !is_word(before) => raw_string(rest),
        _ => None,
    };
    literal.map_or_else(
        || (Kind::Code, rest.chars().next().map_or(0, char::len_utf8)),
        |length| (Kind::Literal, length),
    )
}

/// The length of `r"…"`, `r#"…"#` and the like with a leading `b` or `c`.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let start = prefix.len() + hashes;
    rest[start..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(rest[start + 1..].find(&end).map_or(rest.len(), |at| start + 1 + at + end.len()))
}

fn quoted(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inner = &rest[1..];
    let first = inner.chars().next()?;
    if first == '\\' {
        return inner[2..].find('\'').map(|end| end + 4);
    }
    inner[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some((start, end)) = test_item(&out) {
        let mut cut = String::with_capacity(out.len());
        cut.push_str(&out[..start]);
        blank(&out[start..end], &mut cut);
        cut.push_str(&out[end..]);
        out = cut;
    }
    out
}

const TEST_ONLY: &str = "#[cfg(test)]";

fn test_item(code: &str) -> Option<(usize, usize)> {
    let start = code.find(TEST_ONLY)?;
    Some((start, item_end(code, start + TEST_ONLY.len())))
}

/// Where the item that begins at `from` ends: at its `;`, or at the end of its block.
pub(crate) fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The paths, without `.rs`, of modules that a file declares for tests only.
fn test_modules(source: &Source) -> Vec<String> {
    let literal_free = without_literals(&source.text);
    let mut modules = Vec::new();
    let mut rest = literal_free.as_str();
    while let Some((start, end)) = test_item(rest) {
        let item = rest[start + TEST_ONLY.len()..end].trim();
        let name = item.strip_prefix("pub ").unwrap_or(item).strip_prefix("mod ");
        if let Some(name) = name.and_then(|name| name.strip_suffix(';')) {
            modules.push(format!("{}/{}", folder_of_children(&source.path), name.trim()));
        }
        rest = &rest[end..];
    }
    modules
}

/// The folder in which a file's own modules are.
fn folder_of_children(path: &str) -> &str {
    for root in ["/lib.rs", "/main.rs", "/mod.rs"] {
        if let Some(folder) = path.strip_suffix(root) {
            return folder;
        }
    }
    path.strip_suffix(".rs").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_become_blanks_of_the_same_length() {
        let text = "let a = \"x // \\\" y\"; // fn no()\nlet b = 'x'; let c: &'static str = r#\"fn \"no\"#;";
        let code = without_literals(text);
        assert_eq!(code.len(), text.len());
        assert!(!code.contains("no") && code.contains("&'static str"), "{code}");
    }

    #[test]
    fn test_code_is_cut_off_and_what_follows_stays() {
        let code = without_tests("fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n");
        assert!(code.contains("fn a") && !code.contains("fn b") && code.contains("fn c"), "{code}");
    }

    #[test]
    fn a_module_of_tests_is_known_by_its_path() {
        let text = "#[cfg(test)]\nmod words;\nmod map;".to_owned();
        let source = Source { path: "xtask/src/house/mod.rs".into(), code: text.clone(), text };
        assert_eq!(test_modules(&source), ["xtask/src/house/words"]);
    }
}
