//! The map in `docs/architecture.md` names every folder, and no folder that does not exist.

use std::collections::BTreeSet;
use std::path::Path;

use crate::workspace::root;

/// The endpoint's sources, whose folders are on the map at every depth.
const ROOMS: &str = "crates/central/src";

#[test]
fn the_map_of_the_architecture_names_the_folders_on_disk() {
    let text = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let map = folders_named(&text);
    assert!(!map.is_empty(), "docs/architecture.md has no section `## Map` with a block of folders");
    let disk = folders_on_disk();
    let missing: Vec<_> = disk.difference(&map).collect();
    let gone: Vec<_> = map.iter().filter(|folder| !root().join(folder).is_dir()).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "docs/architecture.md, section Map: add {missing:?}; remove {gone:?}"
    );
}

/// The first words of lines in the map's blocks that end in `/`.
fn folders_named(text: &str) -> BTreeSet<String> {
    let section = text.split("\n## ").find(|section| section.starts_with("Map\n")).unwrap_or_default();
    let blocks = section.split("```").skip(1).step_by(2);
    let words = blocks.flat_map(str::lines).filter_map(|line| line.split_whitespace().next());
    words.filter_map(|word| word.strip_suffix('/')).map(str::to_owned).collect()
}

fn folders_on_disk() -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for name in below(root()) {
        // What is built or hidden belongs to no reader; the crates are named one by one.
        if !name.starts_with('.') && name != "target" && name != "crates" {
            folders.insert(name);
        }
    }
    folders.extend(below(&root().join("crates")).into_iter().map(|name| format!("crates/{name}")));
    rooms(ROOMS, &mut folders);
    folders
}

fn rooms(folder: &str, folders: &mut BTreeSet<String>) {
    for name in below(&root().join(folder)) {
        let room = format!("{folder}/{name}");
        rooms(&room, folders);
        folders.insert(room);
    }
}

fn below(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().unwrap().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_folders_of_a_map_are_read_from_its_blocks_only() {
    let text = "# A\n\n## Map\n\nsee `x/`\n\n```\na/   one\nb/c/ two\nfile.rs three\n```\n\n## Next\n\n```\nd/ no\n```\n";
    assert_eq!(folders_named(text), ["a", "b/c"].map(str::to_owned).into());
}
