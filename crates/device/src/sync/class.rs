//! A class: the phone tells the trainer's hall what it does, and learns what the trainer says. That goes on
//! while the trainer has cut the network for everything else.

use protocol::{DrillProgress, DrillStage, DrillState};
use sha2::{Digest as _, Sha256};

use super::call::{Call, Sender, Transport};
use super::driver::{Step, time_until};
use crate::Device;
use crate::drill::known_as;
use crate::error::{DeviceError, error_chain};
use crate::model::{Drill, Enrolment, scenario_of};
use crate::sync_core::Answer;

/// Interval at which the phone asks. Thirty phones are ten requests a second.
const ASK_INTERVAL_MS: i64 = 3_000;

/// What the trainer wants of the sync.
pub(super) enum Class {
    /// There is no class, or it has nothing against sending.
    MaySend(Step),
    /// Nothing else is sent.
    MaySendNothing(Step),
}

/// Asks the hall, if that is due. `asked_at_ms` is when it was asked last.
pub(super) async fn step(
    device: &Device,
    transport: &impl Transport,
    asked_at_ms: &mut Option<i64>,
    longest: std::time::Duration,
) -> Result<Class, DeviceError> {
    let now_ms = device.true_now_ms();
    let (drill, enrolment) = match (device.store().drill()?, device.enrolment()) {
        (Some(drill), Ok(enrolment)) => (drill, enrolment),
        _ => return Ok(Class::MaySend(Step::NothingDue(longest))),
    };
    let is_class = drill.log_seed.is_none();
    let mut wait = longest;
    if is_class {
        let due_at_ms = asked_at_ms.map_or(now_ms, |at_ms| at_ms.saturating_add(ASK_INTERVAL_MS));
        // A clock that was set back does not stop the questions.
        if due_at_ms <= now_ms || due_at_ms > now_ms.saturating_add(ASK_INTERVAL_MS) {
            *asked_at_ms = Some(now_ms);
            if device.ask(transport, &drill, &enrolment).await? {
                return Ok(Class::MaySend(Step::Exchanged));
            }
            wait = time_until(now_ms.saturating_add(ASK_INTERVAL_MS), now_ms);
        } else {
            wait = time_until(due_at_ms, now_ms);
        }
    }
    if is_class && device.store().drill()?.is_some_and(|drill| drill.network_cut) {
        return Ok(Class::MaySendNothing(Step::NothingDue(wait)));
    }
    match device.no_network_until_ms()? {
        Some(until_ms) => Ok(Class::MaySendNothing(Step::NothingDue(wait.min(time_until(until_ms, now_ms))))),
        None => Ok(Class::MaySend(Step::NothingDue(wait))),
    }
}

impl Device {
    /// Tells the hall what this phone does. Whether the trainer said something new.
    async fn ask(
        &self,
        transport: &impl Transport,
        drill: &Drill,
        enrolment: &Enrolment,
    ) -> Result<bool, DeviceError> {
        let key = self.signing_key()?;
        let sender = Sender { endpoint: &enrolment.endpoint, key: &key };
        let call = Call::TellProgress(self.progress(drill)?);
        match transport.exchange(sender, call).await {
            Answer::Class(state) => self.hears(drill, &state),
            // The next question comes soon.
            _ => Ok(false),
        }
    }

    fn progress(&self, drill: &Drill) -> Result<DrillProgress, DeviceError> {
        let store = self.store();
        let attempt = store.newest_attempt()?;
        let mut progress = DrillProgress {
            exercise: attempt.as_ref().map(|attempt| attempt.exercise),
            stage: DrillStage::Waiting,
            section: None,
            hand_raised: drill.hand_raised,
            scenario: drill.scenario.as_deref().map(fingerprint),
            known_as: known_as(&store)?,
        };
        let Some(attempt) = attempt else { return Ok(progress) };
        progress.stage = match &attempt.sealed {
            Some(_) => DrillStage::Graded,
            None if store.photos(&attempt.tally_key)?.is_empty() => DrillStage::Entering,
            None => DrillStage::Photographing,
        };
        let last_field = store.draft(&attempt.tally_key)?.and_then(|draft| draft.last_field);
        let enrolment = self.enrolment()?;
        let field =
            last_field.and_then(|code| enrolment.paper(&attempt.tally_key).ok()?.field(&code).cloned());
        progress.section = field.map(|field| field.section.to_string());
        Ok(progress)
    }

    /// Writes what the trainer says. Whether it is new.
    fn hears(&self, before: &Drill, state: &DrillState) -> Result<bool, DeviceError> {
        let mut after = Drill {
            copy: state.copy,
            paused: state.paused,
            network_cut: state.network_cut,
            exercise_open: state.exercise_open,
            ..before.clone()
        };
        if let Some(scenario) = &state.scenario {
            match practice::Scenario::from_json(scenario) {
                Ok(_) => after.scenario = Some(scenario.clone()),
                Err(error) => {
                    tracing::warn!(error = error_chain(&error), "cannot use the trainer's scenario");
                    return Ok(false);
                }
            }
        }
        if after == *before {
            return Ok(false);
        }
        let other_sheets = after.scenario != before.scenario || after.copy != before.copy;
        self.store().write(|write| {
            // The hand may have been raised meanwhile.
            let hand_raised = write.drill()?.is_some_and(|drill| drill.hand_raised);
            write.set_drill(&Drill { hand_raised, ..after.clone() })?;
            if other_sheets { write.begin_other_sheets() } else { Ok(()) }
        })?;
        if let Some(number) =
            state.exercise_open.filter(|open| Some(*open) != before.exercise_open || other_sheets)
            && let Some(scenario) = &after.scenario
            && scenario_of(scenario)?.exercise(number).is_some()
        {
            self.begin_exercise(number)?;
        }
        Ok(true)
    }
}

/// The SHA-256 of a scenario's file, in hex.
fn fingerprint(scenario: &str) -> String {
    evidence::to_hex(&Sha256::digest(scenario.as_bytes()))
}
