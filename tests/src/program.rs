//! Where the programs under test are: built beside this test, or in the folder that `SAKSI_PROGRAMS` names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The environment variable that names another folder of built programs.
pub const PROGRAMS: &str = "SAKSI_PROGRAMS";

/// The path of one of this workspace's own programs, such as `saksi-central`.
///
/// Cargo tells a test where the programs of its own package are, but not those of others; they lie in the same profile
/// folder (`target/debug`) as the test itself.
///
/// # Errors
/// When the program has not been built; the message says how to build it.
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

/// The path of a program that the system brings, by the first of `names` that is on the `PATH`.
///
/// # Errors
/// When none of them is installed; `package` is named as what brings it.
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
    let test = std::env::current_exe().context("where this test's own program is")?;
    let profile = test
        .ancestors()
        .skip(1)
        .find(|folder| folder.file_name().is_some_and(|name| name != "deps" && name != "examples"));
    profile.map(Path::to_path_buf).with_context(|| format!("{} lies in no build folder", test.display()))
}
