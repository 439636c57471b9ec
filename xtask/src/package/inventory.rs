//! What each program is made of, as CycloneDX 1.6 (a *software bill of materials*): the crates of the lock
//! file with their checksums, and the packages of npm that are in its screens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Release, output_of, write};
use crate::workspace::{cargo, root, ui};

/// Programs, their packages, and whether they contain screens.
const PROGRAMS: [(&str, &str, bool); 3] = [
    ("saksi", "saksi-app", true),
    ("saksi-central", "saksi-central", true),
    ("saksi-verify", "saksi-verify", false),
];

/// Packages of npm that only a build needs by their manifest, and of which the built screens contain parts.
const COMPILED_IN: [&str; 1] = ["svelte"];

/// Writes a list for each program.
///
/// # Errors
/// When Cargo or a lock file cannot be read.
pub(super) fn write_all(release: &Release) -> Result<Vec<PathBuf>> {
    let platform = output_of(std::process::Command::new("rustc").arg("-vV"))?;
    let platform =
        platform.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc has no host")?;
    let mut command = cargo(&["metadata", "--locked", "--format-version", "1", "--filter-platform"]);
    let metadata: Value =
        serde_json::from_str(&output_of(command.arg(platform))?).context("cannot read Cargo's metadata")?;
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let npm =
        std::fs::read_to_string(ui().join("package-lock.json")).context("cannot read package-lock.json")?;
    let npm: Value = serde_json::from_str(&npm).context("cannot read package-lock.json")?;
    let sums = checksums(&lock);
    let mut files = Vec::new();
    for (name, package, has_screens) in PROGRAMS {
        let mut components = crates(&metadata, package, &sums)?;
        if has_screens {
            components.extend(screens(&npm));
        }
        let path = release.file(name, "cdx.json");
        write(&path, serde_json::to_string_pretty(&bill(release, name, &components))?)?;
        files.push(path);
    }
    Ok(files)
}

fn bill(release: &Release, name: &str, components: &[Value]) -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": name,
                "version": release.version,
                "licenses": [{ "license": { "id": "Apache-2.0" } }],
            },
        },
        "components": components,
    })
}

/// The crates that are compiled into a package, and those that only its build runs.
fn crates(metadata: &Value, package: &str, sums: &BTreeMap<(String, String), String>) -> Result<Vec<Value>> {
    let packages: BTreeMap<_, _> =
        list(&metadata["packages"]).map(|each| (text(&each["id"]), each)).collect();
    let nodes: BTreeMap<_, _> =
        list(&metadata["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let start = packages.iter().find(|(_, each)| text(&each["name"]) == package);
    let (start, _) = start.with_context(|| format!("Cargo knows no package {package}"))?;
    let shipped = reached(&nodes, &packages, start, false);
    let all = reached(&nodes, &packages, start, true);
    let others = all.iter().filter(|id| *id != start).filter_map(|id| Some((*id, packages.get(id)?)));
    Ok(others.map(|(id, each)| component(each, shipped.contains(id), sums)).collect())
}

/// The ids that are reached from `start` over dependencies that are compiled in, and by those that a build
/// runs if `with_build`.
fn reached<'a>(
    nodes: &BTreeMap<&'a str, &'a Value>,
    packages: &BTreeMap<&'a str, &'a Value>,
    start: &'a str,
    with_build: bool,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        for dependency in nodes.get(id).into_iter().flat_map(|node| list(&node["deps"])) {
            let to = text(&dependency["pkg"]);
            let kinds = list(&dependency["dep_kinds"]).map(|each| each["kind"].as_str());
            let is_macro = packages.get(to).is_some_and(|package| is_procedural_macro(package));
            let counts = kinds.into_iter().any(|kind| match kind {
                None => with_build || !is_macro,
                Some("build") => with_build,
                Some(_) => false,
            });
            if counts && seen.insert(to) {
                open.push(to);
            }
        }
    }
    seen
}

fn is_procedural_macro(package: &Value) -> bool {
    list(&package["targets"]).flat_map(|target| list(&target["kind"])).any(|kind| kind == "proc-macro")
}

fn component(package: &Value, is_shipped: bool, sums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let mut component = json!({
        "type": "library",
        "name": name,
        "version": version,
        "scope": if is_shipped { "required" } else { "excluded" },
        "purl": format!("pkg:cargo/{name}@{version}"),
    });
    if let Some(license) = package["license"].as_str() {
        // The old way to write `OR`.
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(sum) = sums.get(&(name.to_owned(), version.to_owned())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    component
}

/// The packages of npm in the built screens.
fn screens(lock: &Value) -> Vec<Value> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    let named = packages.filter_map(|(path, package)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        let is_shipped = package["dev"] != true || COMPILED_IN.contains(&name);
        is_shipped.then(|| {
            let version = text(&package["version"]);
            let license = package["license"].as_str().map(|license| json!([{ "expression": license }]));
            json!({
                "type": "library",
                "name": name,
                "version": version,
                "scope": "required",
                "purl": format!("pkg:npm/{}@{version}", name.replace('@', "%40")),
                "licenses": license.unwrap_or_else(|| json!([])),
            })
        })
    });
    named.collect()
}

/// The checksums of crates in `Cargo.lock`, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
        line.and_then(|line| line.strip_suffix('"')).map(str::to_owned)
    };
    let blocks = lock.split("[[package]]").skip(1);
    let sums = blocks.filter_map(|block| {
        Some(((value(block, "name")?, value(block, "version")?), value(block, "checksum")?))
    });
    sums.collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_from_the_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0\"\nchecksum = \"ff\"\n\n\
                    [[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        assert_eq!(checksums(lock), BTreeMap::from([(("a".into(), "1.0".into()), "ff".into())]));
    }

    #[test]
    fn what_only_a_build_runs_is_not_in_the_program() {
        let package = |name: &str, kind: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0",
                    "targets": [{ "kind": [kind] }] })
        };
        let needs = |to: &str, kind: Value| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [package("app", "lib"), package("sql", "lib"), package("derive", "proc-macro"),
                         package("cc", "lib"), package("tests", "lib")],
            "resolve": { "nodes": [
                { "id": "app", "deps": [needs("sql", Value::Null), needs("derive", Value::Null),
                                        needs("tests", json!("dev"))] },
                { "id": "sql", "deps": [needs("cc", json!("build"))] },
            ] },
        });
        let sums = BTreeMap::from([(("sql".to_owned(), "1.0.0".to_owned()), "ff".to_owned())]);
        let crates = crates(&metadata, "app", &sums).unwrap();
        let scopes: Vec<_> = crates.iter().map(|each| (text(&each["name"]), text(&each["scope"]))).collect();
        assert_eq!(scopes, [("cc", "excluded"), ("derive", "excluded"), ("sql", "required")]);
        assert_eq!(crates[2]["hashes"][0]["content"], "ff");
        assert_eq!(crates[2]["licenses"][0]["expression"], "MIT OR Apache-2.0");
    }

    #[test]
    fn screens_contain_what_is_no_tool_and_what_is_compiled_in() {
        let lock = json!({ "packages": {
            "": {}, "node_modules/@a/b": { "version": "1.0.0", "license": "MIT" },
            "node_modules/svelte": { "version": "5.0.0", "dev": true },
            "node_modules/vite": { "version": "8.0.0", "dev": true },
        } });
        let addresses: Vec<_> = screens(&lock).iter().map(|each| text(&each["purl"]).to_owned()).collect();
        assert_eq!(addresses, ["pkg:npm/%40a/b@1.0.0", "pkg:npm/svelte@5.0.0"]);
    }
}
