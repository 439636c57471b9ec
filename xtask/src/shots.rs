//! `shots`: pictures of the real app and the real console, in both themes; the documentation's are chosen from them.

use anyhow::Result;

use crate::setup::{self, Purpose};
use crate::workspace::{cargo, root};
use crate::{step, ui};

/// Takes the pictures anew.
///
/// # Errors
/// When something is missing and cannot be installed, or the story that the pictures show does not work.
pub(crate) fn shots() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::App, Purpose::Screens, Purpose::Nextest, Purpose::Drivers])?;
    ui::install()?;
    ui::build()?;
    step::run("build", cargo(&["build", "--locked", "--workspace", "--all-targets"]))?;
    let mut command = cargo(&["nextest", "run", "--locked", "--workspace", "--run-ignored", "only"]);
    command.args(["--filterset", "binary(shots)"]);
    step::run("shots", command)?;
    println!("The pictures are in {}.", root().join("target/pictures").display());
    Ok(())
}
