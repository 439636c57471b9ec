//! cargo-nextest, which runs the Rust tests: built from crates.io where it is missing.

use anyhow::Result;

use crate::step;
use crate::workspace::{cargo, has_program};

/// Installs cargo-nextest, unless it is there.
///
/// # Errors
/// When it cannot be built.
pub(super) fn set_up() -> Result<()> {
    if has_program("cargo-nextest") {
        return Ok(());
    }
    println!("cargo-nextest is missing and will now be built from crates.io (some minutes, once).");
    step::run("nextest", cargo(&["install", "cargo-nextest", "--locked"]))?;
    Ok(())
}
