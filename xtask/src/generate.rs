//! `generate`: the tests that compare generated files with their sources write the files instead.

use anyhow::Result;

use crate::setup::{self, Purpose};
use crate::step;
use crate::workspace::cargo;

/// The environment variable that makes these tests write.
pub(crate) const GENERATE: &str = "SAKSI_GENERATE";

/// Writes all generated files.
///
/// # Errors
/// When software is missing and cannot be installed, or such a test fails.
pub(crate) fn generate() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::Nextest])?;
    // By convention such tests are in `tests/generated.rs` of their package. The whole workspace is named so
    // that the dependencies have the same features as in other tasks; packages without such a file are not
    // built.
    let mut command = cargo(&["nextest", "run", "--locked", "--workspace", "--test", "generated"]);
    command.arg("--no-fail-fast").env(GENERATE, "1");
    step::run("generate", command)?;
    println!("Generated files are up to date; `git diff` shows what changed.");
    Ok(())
}
