//! Paths of the programs under test: beside this test in the build folder, or in the folder that
//! `SAKSI_PROGRAMS` names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The environment variable that names another folder of built programs.
pub const PROGRAMS: &str = "SAKSI_PROGRAMS";

/// The path of a program of this workspace, such as `saksi-central`.
///
/// Cargo tells a test only the paths of its own package's programs. All programs are in the profile folder of
/// the test itself (`target/debug`).
///
/// # Errors
/// When the program is not built; the message says how to build it.
pub fn own(name: &str) -> Result<PathBuf> {
    let folder = folder()?;
    let path = folder.join(name);
    ensure!(
        path.is_file(),
        "{name} is not in {}: build it first; `cargo xtask test` does, or `cargo build --workspace --all-targets`",
        folder.display()
    );
    Ok(path)
}

/// The path of an installed program: the first of `names` on the `PATH`.
///
/// # Errors
/// When none is installed; the message names the Debian `package`.
pub fn system(names: &[&str], package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").context("PATH is not set")?;
    for name in names {
        for folder in std::env::split_paths(&path) {
            let candidate = folder.join(name);
            if candidate.is_file() {
                return Ok(candidate);
            }
        }
    }
    bail!(
        "none of {names:?} is on the PATH: `cargo xtask test` installs it on Debian and Ubuntu (package {package})"
    )
}

fn folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return Ok(PathBuf::from(folder));
    }
    let test = std::env::current_exe().context("finding this test's own program")?;
    let profile = test
        .ancestors()
        .skip(1)
        .find(|folder| folder.file_name().is_some_and(|name| name != "deps" && name != "examples"));
    profile.map(Path::to_path_buf).with_context(|| format!("{} is not in a build folder", test.display()))
}
