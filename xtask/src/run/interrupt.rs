//! Ctrl-C, SIGTERM, and the end of the terminal.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context, Result};

/// A request to stop, from a signal.
#[derive(Debug)]
pub(super) struct Interrupt {
    requests: Receiver<()>,
}

impl Interrupt {
    /// Handles the signals from now on, instead of ending this program.
    ///
    /// # Errors
    /// When the handler cannot be set.
    pub(super) fn install() -> Result<Self> {
        let (sender, requests) = mpsc::channel();
        ctrlc::set_handler(move || {
            // The receiver is gone while the program stops already.
            let _ = sender.send(());
        })
        .context("cannot set the signal handler")?;
        Ok(Self { requests })
    }

    /// Waits for a request, at most for `timeout`.
    pub(super) fn arrives_within(&self, timeout: Duration) -> bool {
        self.requests.recv_timeout(timeout).is_ok()
    }
}
