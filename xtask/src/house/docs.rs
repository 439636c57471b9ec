//! Every public function, struct, enum and trait of a crate says what it is.

use super::source::{self, Source};

const PUBLIC: &[&str] = &["fn", "struct", "enum", "trait", "union"];

#[test]
fn public_items_are_documented() {
    let mut missing = Vec::new();
    for package in source::packages().unwrap() {
        if package.starts_with("crates/") {
            missing.extend(source::rust(&package).unwrap().iter().flat_map(undocumented));
        }
    }
    assert!(missing.is_empty(), "public, and without a doc comment:\n{}", missing.join("\n"));
}

fn undocumented(source: &Source) -> Vec<String> {
    let text: Vec<&str> = source.text.lines().collect();
    let lines = source.code.lines().enumerate();
    lines
        .filter_map(|(at, line)| Some((at, public_item(line.trim())?)))
        .filter(|(at, _)| !is_documented(&text[..*at]))
        .map(|(at, item)| format!("{}:{} {item}", source.path, at + 1))
        .collect()
}

/// The kind and name of what a line makes public, if it does.
fn public_item(line: &str) -> Option<String> {
    let mut words = line.strip_prefix("pub ")?.split_whitespace();
    let kind = words.find(|word| !["async", "const", "unsafe", "extern"].contains(word))?;
    let name = words.next()?.split(['(', '<', '{', ';', ':']).next()?;
    // In a macro the name is a variable, and the macro's caller brings the doc.
    (PUBLIC.contains(&kind) && !name.starts_with('$')).then(|| format!("{kind} {name}"))
}

/// Whether the lines before an item end in a doc comment, attributes aside.
fn is_documented(before: &[&str]) -> bool {
    let mut is_in_attribute = false;
    for line in before.iter().rev().map(|line| line.trim()) {
        if line.starts_with("#[doc") || line.starts_with("///") {
            return true;
        }
        if line.starts_with("#[") {
            is_in_attribute = false;
        } else if line.ends_with(']') {
            is_in_attribute = true;
        } else if !is_in_attribute {
            return false;
        }
    }
    false
}

#[test]
fn a_doc_counts_through_attributes() {
    let text = "/// Yes.\n#[derive(\n    Debug,\n)]\npub struct A;\n\npub fn b() {}\npub(crate) fn c() {}\n";
    let source = Source { path: "a.rs".into(), text: text.into(), code: text.into() };
    assert_eq!(undocumented(&source), ["a.rs:7 fn b"]);
}
