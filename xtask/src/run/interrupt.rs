//! Ctrl-C, and the same wish by SIGTERM or a closed terminal.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context, Result};

/// Waits for the wish to stop.
#[derive(Debug)]
pub(super) struct Interrupt {
    wishes: Receiver<()>,
}

impl Interrupt {
    /// From now on Ctrl-C no longer ends this program by itself.
    ///
    /// # Errors
    /// When the system does not let it be caught.
    pub(super) fn catch() -> Result<Self> {
        let (sender, wishes) = mpsc::channel();
        ctrlc::set_handler(move || {
            // Nobody listens any more once stopping has begun; the wish is being granted already.
            let _ = sender.send(());
        })
        .context("taking care of Ctrl-C")?;
        Ok(Self { wishes })
    }

    /// Waits for `time`, or less when the wish comes.
    pub(super) fn came_within(&self, time: Duration) -> bool {
        self.wishes.recv_timeout(time).is_ok()
    }
}
