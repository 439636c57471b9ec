//! The phones of the class: how they join, and what they say and hear every few seconds.

use evidence::{DeviceId, PublicKey};
use protocol::{DrillProgress, DrillState, Problem, ProblemCode};

use super::prepare::places;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::served_drill::ServedDrill;
use crate::store::{DrillLed, DrillPhone, DrillPlace, DrillReport, StoreError};

impl Endpoint {
    /// The drill that is served here, or that nothing is here.
    pub(super) fn served_drill(&self) -> Result<&ServedDrill, Refusal> {
        let none = || Problem::new(ProblemCode::NotFound, "no drill is served here").into();
        self.drill().ok_or_else(none)
    }

    /// Lets a phone into the class. `None` if it is full.
    pub(crate) fn join_drill(
        &self,
        drill: &ServedDrill,
        key: PublicKey,
    ) -> Result<Option<DrillPhone>, StoreError> {
        let places = |copy| places(self.election(), &drill.scenario, copy);
        self.store().join_drill(key, &places, self.now_ms())
    }

    /// Notes what a phone says, and says how the class is led.
    pub(crate) fn drill_progress(
        &self,
        device: DeviceId,
        said: DrillProgress,
    ) -> Result<DrillState, Refusal> {
        let drill = self.served_drill()?;
        let knows = said.scenario.clone();
        let report = checked(drill, device, said)?;
        let (phone, led) = self.phone_of_class(drill, device)?;
        drill.heard.insert(device, self.monotonic_ms());
        // Most of what phones say every few seconds is what they said before.
        if is_new(&phone, &report) {
            self.store().keep_drill_report(device, &report, self.now_ms())?;
        }
        Ok(DrillState {
            scenario: Some(drill.json.clone()).filter(|_| knows.as_ref() != Some(&drill.sha256)),
            copy: phone.copy,
            exercise_open: Some(led.exercise_open).filter(|open| *open > 0 && led.ended_at_ms.is_none()),
            paused: led.paused,
            network_cut: led.network_cut,
        })
    }

    /// A device that has enrolled by an invitation joins the class with its first words.
    fn phone_of_class(
        &self,
        drill: &ServedDrill,
        device: DeviceId,
    ) -> Result<(DrillPhone, DrillLed), Refusal> {
        if let Some(found) = self.store().drill_of_phone(device)? {
            return Ok(found);
        }
        let unknown = || Problem::new(ProblemCode::DeviceUnknown, format!("device {device}"));
        let key = self.store().device_key(device)?.ok_or_else(unknown)?;
        self.join_drill(drill, key)?.ok_or_else(Refusal::busy)?;
        Ok(self.store().drill_of_phone(device)?.ok_or_else(unknown)?)
    }
}

fn is_new(phone: &DrillPhone, said: &DrillReport) -> bool {
    let hand = phone.hand_raised_at_ms.is_some();
    phone.at != said.at || hand != said.hand_raised || phone.known_as != said.known_as
}

/// What a phone says, if it can be.
fn checked(drill: &ServedDrill, device: DeviceId, said: DrillProgress) -> Result<DrillReport, Refusal> {
    let refuse = |code, detail: &str| Err(Problem::new(code, detail).into());
    if !said.is_within_bounds() {
        return refuse(ProblemCode::RequestMalformed, "the code of the section is too long or odd");
    }
    let exercise = said.exercise.unwrap_or(0);
    if exercise > 0 && drill.scenario.exercise(exercise).is_none() {
        return refuse(ProblemCode::RequestMalformed, "the scenario has no such exercise");
    }
    if said.known_as.as_ref().is_some_and(|known| known.verified(device).is_none()) {
        return refuse(ProblemCode::ProofInvalid, "the known key has not signed this device");
    }
    let at = DrillPlace { exercise, stage: said.stage, section: said.section.unwrap_or_default() };
    Ok(DrillReport { at, hand_raised: said.hand_raised, known_as: said.known_as })
}
