//! A virtual screen for each test, by Xvfb.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::eventually::WATCHDOG;
use crate::process::Process;
use crate::program;

/// A virtual screen. Dropping it ends the server.
#[derive(Debug)]
pub struct Display {
    number: u32,
    _server: Process,
}

impl Display {
    /// Starts a screen under the first free display number. Its log goes to `folder`.
    ///
    /// # Errors
    /// When Xvfb is not installed, or does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut command = Command::new(program::system(&["Xvfb"], "xvfb")?);
        // With -displayfd the server takes a free number itself, and prints it when it accepts connections.
        // So there is no race between looking for a number and using it.
        command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"]);
        let server = Process::start(command, &folder.join("xvfb.log"))?;
        let number =
            server.wait_for_line(WATCHDOG, |line| line.trim().parse().ok()).context("starting a screen")?;
        Ok(Self { number, _server: server })
    }

    /// The screen's name for the environment variable `DISPLAY`.
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }
}
