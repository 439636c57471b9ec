//! Files that are made from this crate's types and tables are not stale. `SAKSI_GENERATE=1` writes them.
#![expect(clippy::unwrap_used, reason = "the functions of a test file are tests too")]

use std::path::Path;

fn is_fresh_or_written(path: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("SAKSI_GENERATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, fresh).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == fresh,
        "{} is stale; write it again with SAKSI_GENERATE=1 cargo nextest run -p saksi-tally",
        path.display()
    );
}

#[test]
fn the_schema_of_election_packages_is_fresh() {
    let schema = schemars::schema_for!(tally::Election);
    let json = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    is_fresh_or_written("assets/election.schema.json", &json);
}

#[test]
fn the_page_of_the_checks_is_fresh() {
    is_fresh_or_written("docs/checks.md", &tally::check::table_markdown());
}
