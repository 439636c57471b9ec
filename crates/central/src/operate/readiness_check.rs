//! Whether the endpoint can store something now: a load balancer asks each replica.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::readiness::{Checked, FRESH};
use crate::refusal::Refusal;

/// Timeout of the check. A load balancer waits for some seconds.
const TIMEOUT: Duration = Duration::from_secs(2);
impl Endpoint {
    /// Refuses when the store or the photos cannot be written.
    pub(crate) async fn check_readiness(&self) -> Result<(), Refusal> {
        let readiness = self.readiness();
        let mut last = readiness.last.lock().await;
        let fresh = last.take().filter(|checked| checked.at.elapsed() < FRESH);
        let checked = match fresh {
            Some(checked) => checked,
            None => Checked { result: self.check_once().await, at: Instant::now() },
        };
        let result = checked.result.clone();
        *last = Some(checked);
        result.map_err(|detail| Refusal::store_unavailable(&detail))
    }

    /// Writes to the store and to the photos, within [`TIMEOUT`].
    async fn check_once(&self) -> Result<(), String> {
        let Ok(permit) = Arc::clone(&self.readiness().running).try_acquire_owned() else {
            return Err(String::from("the store does not answer: an earlier check still waits"));
        };
        let check = self.internal(move |endpoint| {
            let _permit = permit;
            Ok(write_something(endpoint))
        });
        match tokio::time::timeout(TIMEOUT, check).await {
            Ok(Ok(result)) => result,
            Ok(Err(refusal)) => Err(refusal.problem.detail.clone()),
            Err(_) => Err(format!("the store does not answer within {} s", TIMEOUT.as_secs())),
        }
    }
}

fn write_something(endpoint: &Endpoint) -> Result<(), String> {
    endpoint.free_space().check_statements().map_err(|refusal| refusal.problem.detail.clone())?;
    endpoint.store().check_writable().map_err(|error| noted(&error, error.fault()))?;
    endpoint.photos().check_writable().map_err(|error| noted(&error, error.fault()))
}

/// Writes the causes into the program's log: they name files, which are nobody else's business.
fn noted(error: &dyn Error, fault: &str) -> String {
    tracing::warn!(error = error_chain(error), "not ready");
    fault.to_owned()
}
