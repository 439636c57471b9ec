//! The screens, installed and built only when their sources have changed.

use std::path::PathBuf;

use anyhow::Result;

use crate::stamp::Stamp;
use crate::step;
use crate::workspace::{npm, ui};

/// Installs the npm packages of the lock file, unless they are installed.
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

/// Builds the screens of the app and the console, unless the sources are unchanged.
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

/// What a build reads: all of `ui/` except what was installed or built.
fn sources() -> Vec<PathBuf> {
    let beside = std::fs::read_dir(ui()).into_iter().flatten().flatten().map(|entry| entry.path());
    beside.filter(|path| !["node_modules", "dist"].iter().any(|made| path.ends_with(made))).collect()
}
