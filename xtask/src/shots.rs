//! `shots`: pictures of the real app and console in both themes, for the documentation.

use anyhow::Result;

use crate::setup::{self, Purpose};
use crate::workspace::{cargo, root};
use crate::{build, step, ui};

/// Takes the pictures.
///
/// # Errors
/// When software is missing and cannot be installed, or the scenario of the pictures fails.
pub(crate) fn shots() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::App, Purpose::Screens, Purpose::Nextest, Purpose::Drivers])?;
    ui::install()?;
    ui::build()?;
    step::run("build", build::everything())?;
    let mut command = cargo(&["nextest", "run", "--locked", "--workspace", "--run-ignored", "only"]);
    command.args(["--filterset", "binary(shots)"]);
    step::run("shots", command)?;
    println!("The pictures are in {}.", root().join("target/pictures").display());
    Ok(())
}
