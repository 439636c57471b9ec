//! Bounds how long a thread waits for the server.
//!
//! The server ends a statement that takes too long. A server that is stopped, and whose machine goes on, ends
//! nothing and closes no connection. Only the client can notice it.

use std::time::Duration;

pub(super) use futures::executor::block_on;
use tokio::runtime::Handle;

use super::super::{DatabaseError, Result};

/// Timeout of an answer: a little more than the server's timeout of a statement.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(65);

/// Waits on the timer of a runtime, for any thread.
#[derive(Debug)]
pub(super) struct Timer {
    runtime: Handle,
    timeout: Duration,
}

impl Timer {
    pub(super) fn new(runtime: Handle, timeout: Duration) -> Self {
        Self { runtime, timeout }
    }

    /// Blocks until there is an answer, or the timeout is over.
    pub(super) fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T> {
        let _entered = self.runtime.enter();
        block_on(async { tokio::time::timeout(self.timeout, answer).await })
            .map_err(|elapsed| DatabaseError::Unreachable(elapsed.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_never_answers_is_unreachable() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let timer = Timer::new(runtime.handle().clone(), Duration::from_millis(10));
        assert_eq!(timer.wait(std::future::ready(7)).unwrap(), 7);
        let hung = timer.wait(std::future::pending::<()>()).unwrap_err();
        assert!(hung.is_transient(), "{hung}");
    }
}
