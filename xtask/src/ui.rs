//! The screens: installed and built only when what they come from has changed.

use std::path::PathBuf;

use anyhow::Result;

use crate::stamp::Stamp;
use crate::step;
use crate::workspace::{npm, ui};

/// Installs the npm packages that the lock file names, unless they are installed.
///
/// # Errors
/// When npm fails.
pub(crate) fn install() -> Result<()> {
    let sources = [ui().join("package-lock.json"), ui().join("package.json")];
    let stamp = Stamp::of(ui().join("node_modules/.saksi-stamp"), &sources)?;
    if stamp.is_fresh() {
        return Ok(());
    }
    step::run("ui-install", npm(&["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

/// Builds the witness app's and the console's screens, unless they are built from the sources as they are.
///
/// # Errors
/// When the build fails.
pub(crate) fn build() -> Result<()> {
    let stamp = Stamp::of(ui().join("dist/.saksi-stamp"), &sources())?;
    if stamp.is_fresh() {
        return Ok(());
    }
    step::run("ui-build", npm(&["run", "build"]))?;
    stamp.set()
}

/// All that a build reads: the sources and every file beside them, but nothing that was installed or built.
fn sources() -> Vec<PathBuf> {
    let beside = std::fs::read_dir(ui()).into_iter().flatten().flatten().map(|entry| entry.path());
    beside.filter(|path| !["node_modules", "dist"].iter().any(|made| path.ends_with(made))).collect()
}
