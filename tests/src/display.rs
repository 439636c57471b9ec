//! A screen of its own for each test, by Xvfb.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::Process;
use crate::program;

const START_LIMIT: Duration = Duration::from_secs(30);

/// A virtual screen; it goes when this is dropped.
#[derive(Debug)]
pub struct Display {
    number: u32,
    _server: Process,
}

impl Display {
    /// Starts a screen under the first display number that is free; its log goes to `folder`.
    ///
    /// # Errors
    /// When Xvfb is not installed or does not come up.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut command = Command::new(program::system(&["Xvfb"], "xvfb")?);
        // With -displayfd the server itself takes a free number and prints it once it accepts connections: no race
        // between looking for a number and using it.
        command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"]);
        let server = Process::start(command, &folder.join("xvfb.log"))?;
        let number = server
            .wait_for_line(START_LIMIT, |line| line.trim().parse().ok())
            .context("starting a screen")?;
        Ok(Self { number, _server: server })
    }

    /// The screen's name, as the environment variable `DISPLAY` wants it.
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }
}
