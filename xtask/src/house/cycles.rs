//! No cycle between the modules of a crate, a module being a file or a folder directly below `src/`.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Source, is_word, item_end, line_of};

/// The modules that each module uses, and one place where it does.
type Uses = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn modules_of_a_crate_depend_on_each_other_in_one_direction() {
    let mut cycles = Vec::new();
    for package in source::packages().unwrap() {
        let uses = uses_of(&package, &source::rust(&package).unwrap());
        cycles.extend(cycles_in(&uses).iter().map(|cycle| format!("{package}\n{}", steps_of(cycle, &uses))));
    }
    assert!(cycles.is_empty(), "modules depend on each other in a circle:\n{}", cycles.join("\n"));
}

/// What every module of a package uses of its crate. What the root re-exports counts as its own module's.
fn uses_of(package: &str, sources: &[Source]) -> Uses {
    let modules: BTreeSet<String> = sources.iter().filter_map(|source| module_of(package, source)).collect();
    let exports = exports_of(package, sources, &modules);
    let mut uses = Uses::new();
    for source in sources {
        let Some(module) = module_of(package, source) else { continue };
        for (name, at) in first_names(source, package) {
            let target = if modules.contains(&name) { Some(&name) } else { exports.get(&name) };
            if let Some(target) = target.filter(|target| **target != module) {
                let place = format!("{}:{}", source.path, line_of(&source.code, at));
                uses.entry(module.clone()).or_default().entry(target.clone()).or_insert(place);
            }
        }
    }
    uses
}

/// The module to which a file belongs; the crate's roots belong to none.
fn module_of(package: &str, source: &Source) -> Option<String> {
    let below = source.path.strip_prefix(package)?.strip_prefix('/')?;
    if below == "lib.rs" || below == "main.rs" || below.starts_with("bin/") {
        return None;
    }
    let first = below.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first).to_owned())
}

/// From each name that `lib.rs` re-exports to the module that it comes from.
fn exports_of(package: &str, sources: &[Source], modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    let root = format!("{package}/lib.rs");
    for source in sources.iter().filter(|source| source.path == root) {
        for (at, _) in source.code.match_indices("use ") {
            let path = &source.code[at + 4..item_end(&source.code, at)];
            let path = path.trim_start_matches("crate::").trim_start_matches("self::");
            let module: String = path.chars().take_while(|character| is_word(*character)).collect();
            if modules.contains(&module) {
                let names = path[module.len()..].split(|character| !is_word(character));
                exports.extend(names.map(|name| (name.to_owned(), module.clone())));
            }
        }
    }
    exports
}

/// The first names after `crate::` (and after the `super::`s that lead to the root), with their positions.
fn first_names(source: &Source, package: &str) -> Vec<(String, usize)> {
    let mut prefixes = vec!["crate::".to_owned()];
    // From `src/a/b.rs` two steps up lead to the root, from `src/a.rs` and `src/a/mod.rs` one.
    let below = source.path.strip_prefix(package).unwrap_or_default().trim_end_matches("/mod.rs");
    prefixes.push("super::".repeat(below.matches('/').count()));
    let mut names = Vec::new();
    for prefix in prefixes {
        for (at, _) in source.code.match_indices(&prefix) {
            let before = &source.code[..at];
            if before.ends_with("::") || before.chars().next_back().is_some_and(is_word) {
                continue;
            }
            let path = &source.code[at + prefix.len()..];
            if let Some(group) = path.strip_prefix('{') {
                let start = at + prefix.len() + 1;
                names.extend(group_names(group).into_iter().map(|(name, offset)| (name, start + offset)));
            } else {
                names.push((path.chars().take_while(|character| is_word(*character)).collect(), at));
            }
        }
    }
    names
}

/// The first names of a group `{a::b, c::{d, e}}`, its opening brace left out.
fn group_names(group: &str) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut is_first = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            _ if depth == 0 && is_first && is_word(character) => {
                names.push((group[at..].chars().take_while(|character| is_word(*character)).collect(), at));
                is_first = false;
            }
            _ => {}
        }
    }
    names
}

/// The shortest cycle through each module that is in one; a cycle is listed once.
fn cycles_in(uses: &Uses) -> Vec<Vec<String>> {
    let mut cycles: Vec<Vec<String>> = Vec::new();
    for module in uses.keys() {
        let Some(cycle) = shortest_cycle(uses, module) else { continue };
        let members: BTreeSet<_> = cycle.iter().collect();
        if !cycles.iter().any(|known| known.iter().collect::<BTreeSet<_>>() == members) {
            cycles.push(cycle);
        }
    }
    cycles
}

/// Breadth-first from `start` back to it.
fn shortest_cycle(uses: &Uses, start: &String) -> Option<Vec<String>> {
    let mut paths = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            for next in uses.get(path.last()?).into_iter().flat_map(BTreeMap::keys) {
                let mut path = path.clone();
                path.push(next.clone());
                if next == start {
                    return Some(path);
                }
                if seen.insert(next.clone()) {
                    longer.push(path);
                }
            }
        }
        paths = longer;
    }
    None
}

/// A cycle, one step a line.
fn steps_of(cycle: &[String], uses: &Uses) -> String {
    let steps = cycle.windows(2).map(|pair| {
        let place = uses.get(&pair[0]).and_then(|targets| targets.get(&pair[1]));
        format!("  {} uses {} ({})", pair[0], pair[1], place.map_or("?", String::as_str))
    });
    steps.collect::<Vec<_>>().join("\n")
}

fn source(path: &str, code: &str) -> Source {
    Source { path: format!("p/src/{path}"), text: code.to_owned(), code: code.to_owned() }
}

#[test]
fn a_cycle_is_found_through_groups_parents_and_the_root() {
    let sources = [
        source("lib.rs", "mod a; mod b; mod c; pub use c::Thing;"),
        source("a.rs", "use crate::{b::One, c};"),
        source("b/mod.rs", "use super::Thing;"),
        source("b/deep.rs", "use super::One; use super::super::c::Other;"),
        source("c.rs", "fn x() -> crate::a::Two {}"),
    ];
    let cycles = cycles_in(&uses_of("p/src", &sources));
    assert_eq!(cycles, [vec!["a", "c", "a"], vec!["b", "c", "a", "b"]]);
}

#[test]
fn the_order_of_layers_is_no_cycle() {
    let sources = [
        source("lib.rs", "mod a; mod b; pub use b::One;"),
        source("a.rs", "use crate::One;"),
        source("b.rs", "use std::fmt; use crate::b::two;"),
    ];
    assert!(cycles_in(&uses_of("p/src", &sources)).is_empty());
}
