//! Links of the documentation lead to files that exist, and the handbook's contents name every page of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::source;
use crate::workspace::root;

#[test]
fn links_and_pictures_of_the_documentation_exist() {
    let mut broken = Vec::new();
    let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "packaging"];
    for page in pages.iter().flat_map(|place| pages_in(&root().join(place))) {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in targets(&text) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let linked = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            if !linked.exists() || !has_heading(&linked, anchor) {
                broken.push(format!("{}: {target}", page.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn the_contents_of_the_handbook_name_every_page_once() {
    let docs = root().join("docs");
    let contents = std::fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let named = targets(&contents);
    let pages: BTreeSet<_> =
        pages_in(&docs).into_iter().filter(|page| !page.ends_with("SUMMARY.md")).collect();
    let listed: BTreeSet<_> = named.iter().map(|target| docs.join(target)).collect();
    assert_eq!(named.len(), listed.len(), "a page is named twice");
    assert_eq!(
        pages.difference(&listed).collect::<Vec<_>>(),
        Vec::<&PathBuf>::new(),
        "add these to SUMMARY.md"
    );
}

fn pages_in(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let files = source::files(place).unwrap().into_iter();
    files.filter(|file| file.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The targets of links and pictures within this repository; what stands in code is none.
fn targets(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let markdown = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let html = prose.split("src=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let all = markdown.chain(html).map(|(target, _)| target.to_owned());
    all.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

/// Whether a page has the heading of an anchor, as forges and mdBook name it.
fn has_heading(page: &Path, anchor: &str) -> bool {
    if anchor.is_empty() {
        return true;
    }
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings.any(|heading| anchor_of(heading.trim_start_matches('#')) == anchor)
}

fn anchor_of(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|each| each.is_alphanumeric() || " -_".contains(*each));
    kept.flat_map(char::to_lowercase).map(|each| if each == ' ' { '-' } else { each }).collect()
}

#[test]
fn links_are_found_in_prose_only() {
    let text = "[a](b.md) ![c](d/e.png)\n```\n[no](code.md)\n```\n<img src=\"f.png\"> [g](https://h.i)";
    assert_eq!(targets(text), ["b.md", "d/e.png", "f.png"]);
    assert_eq!(anchor_of(" The log's key"), "the-logs-key");
}
