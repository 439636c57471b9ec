//! Parses the JSON of a package: syntax, names and types. Parsing ends at the first mistake.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::mistakes::{Mistake, PackageError};

pub(super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, PackageError> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        PackageError::of(Mistake::new(path, reason(error.inner())))
    })?;
    reader.end().map_err(|error| PackageError::of(Mistake::new("", reason(&error))))?;
    Ok(value)
}

fn reason(error: &serde_json::Error) -> String {
    let position = format!("line {}, column {}", error.line(), error.column());
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    match error.classify() {
        Category::Data => format!("{} ({position})", plain(said)),
        Category::Eof => format!("the file ends too early, at {position}; copy or download it again"),
        Category::Syntax | Category::Io => format!("not JSON at {position}: {said}"),
    }
}

/// Replaces Rust's words in a message of the parser by plain ones.
fn plain(said: &str) -> String {
    let mut said = said.to_owned();
    for (rust, person) in [
        ("expected u8", "expected a whole number from 0 to 255"),
        ("expected u16", "expected a whole number from 0 to 65535"),
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected a string", "expected a text in quotes"),
        ("expected a sequence", "expected a list in [ ]"),
        ("expected a boolean", "expected true or false"),
        ("invalid type: sequence", "invalid type: a list"),
        ("invalid type: map", "invalid type: an object"),
    ] {
        said = said.replace(rust, person);
    }
    if let Some((before, name)) = said.split_once("expected struct ") {
        said = format!("{before}expected an object in {{ }} for {name}");
    }
    let advice = if said.starts_with("missing field") {
        "; add it"
    } else if said.starts_with("unknown field") {
        "; correct or remove it"
    } else if said.starts_with("duplicate field") {
        "; keep one of them"
    } else {
        ""
    };
    format!("{said}{advice}")
}
