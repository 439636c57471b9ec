//! Confirms an enrolment that waits for the endpoint.

use protocol::{EnrolResponse, LogKeys, Problem};

use super::call::{Call, Sender, Transport};
use super::driver::{Step, time_until};
use crate::Device;
use crate::error::{DeviceError, error_chain};
use crate::invitation::Invitation;
use crate::model::{log_key_of, rotations_of};
use crate::store::Joining;
use crate::sync_core::{Answer, LONGEST_MS, REFUSED_RETRY_MS, delay_ms, is_due};
use crate::view::SyncError;

/// Makes one attempt, if one is due.
pub(super) async fn step(
    device: &Device,
    transport: &impl Transport,
    joining: &Joining,
    longest: std::time::Duration,
) -> Result<Step, DeviceError> {
    let now_ms = device.now_ms();
    let Some(invitation) = Invitation::that_waits(joining) else { return Ok(Step::NothingDue(longest)) };
    if !is_due(joining.next_attempt_at_ms, now_ms, REFUSED_RETRY_MS) {
        return Ok(Step::NothingDue(time_until(joining.next_attempt_at_ms, now_ms)));
    }
    let key = device.signing_key()?;
    let sender = Sender { endpoint: &invitation.endpoint, key: &key };
    let request = device.request_with(&invitation.fragment.code)?;
    let result = match transport.exchange(sender, Call::Enrol(request)).await {
        Answer::Enrolled(response) => confirm(device, transport, sender, &invitation, *response).await?,
        Answer::Refused { problem, .. } => Err(Failed::Refused(problem)),
        Answer::Failed(error) => Err(Failed::NoAnswer(error)),
        _ => Err(Failed::NoAnswer(SyncError::NotTheEndpoint)),
    };
    match result {
        Ok(()) => tracing::info!("the endpoint has confirmed the enrolment"),
        Err(failed) => device.joining_failed(joining, &failed)?,
    }
    Ok(Step::Exchanged)
}

/// Why an attempt failed.
enum Failed {
    NoAnswer(SyncError),
    Refused(Problem),
}

async fn confirm(
    device: &Device,
    transport: &impl Transport,
    sender: Sender<'_>,
    invitation: &Invitation,
    response: EnrolResponse,
) -> Result<Result<(), Failed>, DeviceError> {
    let is_named =
        |hex: &str| log_key_of(hex).ok().and_then(|key| invitation.fragment.names_log(key)) != Some(false);
    let rotations = match is_named(&response.log_key) {
        true => Vec::new(),
        false => match transport.exchange(sender, Call::FetchLogKeys).await {
            Answer::LogKeys(LogKeys { rotations, .. }) => rotations_of(&rotations).unwrap_or_default(),
            Answer::Failed(error) => return Ok(Err(Failed::NoAnswer(error))),
            _ => return Ok(Err(Failed::NoAnswer(SyncError::NotTheEndpoint))),
        },
    };
    match device.enrolled(invitation, response, &rotations) {
        Ok(()) => Ok(Ok(())),
        Err(DeviceError::OtherLog) => Ok(Err(Failed::NoAnswer(SyncError::ProofWrong))),
        Err(error @ DeviceError::NotTheEndpoint(_)) => {
            tracing::warn!(error = error_chain(&error), "cannot use the answer to an enrolment");
            Ok(Err(Failed::NoAnswer(SyncError::NotTheEndpoint)))
        }
        Err(error) => Err(error),
    }
}

impl Device {
    /// Writes why, and when to try again. An invitation that the endpoint refuses for good is shown, and
    /// offered again after hours, because the endpoint may have been the one that was wrong.
    fn joining_failed(&self, joining: &Joining, failed: &Failed) -> Result<(), DeviceError> {
        let soon_ms = delay_ms(joining.attempts.saturating_add(1), self.jitter()?).min(LONGEST_MS);
        let (error, refusal, wait_ms) = match failed {
            Failed::NoAnswer(error) => (Some(*error), None, soon_ms),
            Failed::Refused(problem) if problem.code.is_transient() => (Some(SyncError::Busy), None, soon_ms),
            Failed::Refused(problem) => {
                (None, Some((problem.code, problem.detail.as_str())), REFUSED_RETRY_MS)
            }
        };
        let at_ms = self.now_ms().saturating_add(wait_ms);
        Ok(self.store().write(|write| write.joining_failed(error, refusal, at_ms))?)
    }
}
