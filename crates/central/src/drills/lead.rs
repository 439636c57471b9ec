//! The wall of the hall: who is where, and the orders of the trainer.

use std::collections::BTreeMap;

use practice::{TakenExercise, class_report};
use protocol::{Problem, ProblemCode};
use tally::{CheckCode, Localized};

use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::refusal::Refusal;
use crate::served_drill::ServedDrill;
use crate::store::{Actor, AuditContext, DrillLed, DrillPhone};
use crate::view::{ClassSoFar, DrillExercise, DrillHandingOn, DrillOrder, DrillPhoneView, DrillView};

/// Time after which a phone that says nothing counts as disconnected. Phones speak every few seconds.
const SILENT_AFTER_MS: i64 = 15_000;

impl Endpoint {
    /// The class as it is now.
    pub(crate) fn drill_view(&self) -> Result<DrillView, Refusal> {
        let drill = self.served_drill()?;
        let led = self.store().drill()?.map(|stored| stored.led).unwrap_or_default();
        let phones = self.store().drill_phones()?;
        let taken = self.drill_results(drill)?;
        let right = last_right(&taken, led.exercise_open);
        let known = phones.iter().map(|phone| (phone.device.to_string(), phone.known_as.is_some()));
        let handing_on = match self.hall() {
            Some(_) => Some(self.handing_on(&known.collect())?),
            None => None,
        };
        Ok(DrillView {
            title: drill.scenario.title.clone(),
            exercises: exercises(drill),
            exercise_open: Some(led.exercise_open).filter(|open| *open > 0),
            opened_at_ms: led.opened_at_ms,
            paused: led.paused,
            network_cut: led.network_cut,
            ended_at_ms: led.ended_at_ms,
            at_ms: self.now_ms(),
            link: self.hall_link(self.public_url().unwrap_or_default()),
            phones: phones.into_iter().map(|phone| self.phone_view(drill, phone, &right)).collect(),
            so_far: self.so_far(&taken),
            handing_on,
        })
    }

    fn phone_view(
        &self,
        drill: &ServedDrill,
        phone: DrillPhone,
        right: &BTreeMap<String, [u32; 2]>,
    ) -> DrillPhoneView {
        let heard = drill.heard.get(&phone.device);
        let is_recent = |at_ms: i64| self.monotonic_ms().saturating_sub(at_ms) < SILENT_AFTER_MS;
        DrillPhoneView {
            device: phone.device,
            copy: phone.copy,
            exercise: Some(phone.at.exercise).filter(|exercise| *exercise > 0),
            stage: phone.at.stage,
            section: Some(phone.at.section).filter(|section| !section.is_empty()),
            since_ms: phone.since_ms,
            hand_raised_at_ms: phone.hand_raised_at_ms,
            connected: heard.is_some_and(is_recent),
            right: right.get(&phone.device.to_string()).copied(),
            known: phone.known_as.is_some(),
        }
    }

    fn so_far(&self, taken: &[TakenExercise]) -> ClassSoFar {
        let report = class_report(taken, &self.election().readiness);
        let check = report.checks.into_iter().next();
        ClassSoFar {
            results: u32_of(taken.len()),
            accuracy_permille: report.accuracy_permille,
            check_title: check.as_ref().map(|check| title_of(check.code)),
            check,
        }
    }

    /// What became of the results, by whether somebody said whose they are.
    fn handing_on(&self, known: &BTreeMap<String, bool>) -> Result<DrillHandingOn, Refusal> {
        let drill = self.served_drill()?;
        let (ids, people): (Vec<_>, Vec<_>) = {
            let results = drill.results();
            results.taken.iter().map(|(id, taken)| (*id, taken.person.clone())).unzip()
        };
        let handed = self.store().handed_of(&ids)?;
        let mut counts = DrillHandingOn { waiting: 0, handed: 0, unknown: 0 };
        for (person, is_handed) in people.iter().zip(handed) {
            let count = match (is_handed, known.get(person)) {
                (true, _) => &mut counts.handed,
                (false, Some(true)) => &mut counts.waiting,
                (false, _) => &mut counts.unknown,
            };
            *count += 1;
        }
        Ok(counts)
    }

    /// Carries an order out.
    pub(crate) fn lead_drill(&self, order: &DrillOrder, actor: &Actor) -> Result<DrillView, Refusal> {
        let drill = self.served_drill()?;
        let now_ms = self.now_ms();
        let audit = AuditContext { actor, now_ms };
        let id = &drill.scenario.id;
        let lead = |change: &dyn Fn(DrillLed) -> DrillLed, action, subject: &str| {
            self.store().lead_drill(change, action, subject, audit).map(|_| ())
        };
        match *order {
            DrillOrder::Open { exercise } => {
                let none = || Problem::new(ProblemCode::NotFound, "the scenario has no such exercise");
                drill.scenario.exercise(exercise).ok_or_else(none)?;
                let open = |led: DrillLed| opened(led, exercise, now_ms);
                lead(&open, "drill.open", &format!("exercise {exercise} of {id}"))?;
            }
            DrillOrder::Pause => lead(&|led| DrillLed { paused: true, ..led }, "drill.pause", id)?,
            DrillOrder::Resume => lead(&|led| DrillLed { paused: false, ..led }, "drill.resume", id)?,
            DrillOrder::CutNetwork => {
                lead(&|led| DrillLed { network_cut: true, ..led }, "drill.cut_network", id)?;
            }
            DrillOrder::RestoreNetwork => {
                lead(&|led| DrillLed { network_cut: false, ..led }, "drill.restore_network", id)?;
            }
            DrillOrder::LowerHand { device } => {
                self.store().lower_hand(device, audit)?;
            }
            DrillOrder::End => lead(&|led| ended(led, now_ms), "drill.end", id)?,
        }
        self.drill_view()
    }
}

/// What a check looks for, in a line.
pub(super) fn title_of(code: CheckCode) -> Localized {
    let title = code.rule().title;
    Localized::new(title.id, title.en)
}

/// Opening the exercise that is open changes nothing.
fn opened(led: DrillLed, exercise: u8, now_ms: i64) -> DrillLed {
    if led.exercise_open == exercise && led.ended_at_ms.is_none() {
        return led;
    }
    DrillLed { exercise_open: exercise, opened_at_ms: Some(now_ms), paused: false, ended_at_ms: None, ..led }
}

fn ended(led: DrillLed, now_ms: i64) -> DrillLed {
    let ended_at_ms = led.ended_at_ms.or(Some(now_ms));
    DrillLed { paused: false, network_cut: false, ended_at_ms, ..led }
}

/// The exercises of the scenario.
pub(super) fn exercises(drill: &ServedDrill) -> Vec<DrillExercise> {
    let numbered = (1..).zip(&drill.scenario.exercises);
    let shown = numbered.map(|(number, exercise)| DrillExercise {
        number,
        kind: exercise.kind,
        station: exercise.station,
        round: exercise.round,
        minutes: exercise.minutes,
    });
    shown.collect()
}

/// Right figures and all of them of each person's last attempt at an exercise.
fn last_right(taken: &[TakenExercise], exercise: u8) -> BTreeMap<String, [u32; 2]> {
    let mut last: BTreeMap<String, (u32, [u32; 2])> = BTreeMap::new();
    for one in taken.iter().filter(|one| one.exercise() == Some(exercise)) {
        let shown = (one.attempt(), one.right_of_all());
        let known = last.entry(one.person.clone()).or_insert(shown);
        *known = shown.max(*known);
    }
    last.into_iter().map(|(person, (_, right))| (person, right)).collect()
}
