//! Programs of crates.io: built from source where they are missing.

use anyhow::Result;

use crate::step;
use crate::workspace::{cargo, has_program};

/// Installs `program`, such as `cargo-nextest`, unless it is installed.
///
/// # Errors
/// When it cannot be built.
pub(super) fn set_up(program: &str) -> Result<()> {
    if has_program(program) {
        return Ok(());
    }
    println!("{program} is missing and will now be built from crates.io (some minutes, once).");
    step::run(program, cargo(&["install", "--locked", program]))?;
    Ok(())
}
