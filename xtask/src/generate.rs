//! `generate`: the tests that compare generated files with their sources write them anew instead.

use anyhow::Result;

use crate::setup::{self, Purpose};
use crate::step;
use crate::workspace::cargo;

/// The variable by which those tests are told to write.
pub(crate) const GENERATE: &str = "SAKSI_GENERATE";

/// Writes all generated files anew.
///
/// # Errors
/// When something is missing and cannot be installed, or a generating test fails.
pub(crate) fn generate() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::Nextest])?;
    // By convention such tests are in a file `tests/generated.rs` of their package. The app has none, and is left out
    // because it takes the longest to build.
    let mut command = cargo(&["nextest", "run", "--locked", "--workspace", "--exclude", "saksi-app"]);
    command.args(["--test", "generated", "--no-fail-fast"]).env(GENERATE, "1");
    step::run("generate", command)?;
    println!("Generated files are up to date; `git diff` shows what changed.");
    Ok(())
}
