//! The report of the class, from the results that its phones signed.

use std::collections::BTreeMap;

use evidence::{DeviceId, StatementId, Unverified};
use practice::{ClassReport, TakenExercise, class_report};
use protocol::{CarriedResult, KnownAs};
use serde_bytes::ByteBuf;
use tally::Localized;

use super::lead::{exercises, title_of};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::served_drill::ServedDrill;
use crate::store::StoreError;
use crate::view::{DrillCopy, DrillReportView};

/// Number of statements that are read at once.
const BATCH: usize = 500;
/// Maximum number of results of a class; what is beyond is not read.
const RESULTS_MAX: usize = 20_000;

impl Endpoint {
    /// What the class has shown.
    pub(crate) fn drill_report(&self) -> Result<DrillReportView, Refusal> {
        let drill = self.served_drill()?;
        let taken = self.drill_results(drill)?;
        let phones = self.store().drill_phones()?;
        let threshold = self.election().readiness;
        let report = class_report(&taken, &threshold);
        Ok(DrillReportView {
            title: drill.scenario.title.clone(),
            at_ms: self.now_ms(),
            exercises: exercises(drill),
            threshold,
            phones: phones
                .into_iter()
                .map(|phone| DrillCopy { person: phone.device.to_string(), copy: phone.copy })
                .collect(),
            words: words(&report),
            report,
        })
    }

    /// All results in the log. What was read before is in memory.
    pub(super) fn drill_results(&self, drill: &ServedDrill) -> Result<Vec<TakenExercise>, StoreError> {
        let mut results = drill.results();
        while results.taken.len() < RESULTS_MAX {
            let logged = self.store().logged_from(results.next, BATCH)?;
            let Some(last) = logged.last() else { break };
            results.next = last.position + 1;
            let read = logged.iter().filter_map(|one| Some((one.statement, result_in(&one.bytes)?)));
            results.taken.extend(read);
        }
        Ok(results.taken.iter().map(|(_, taken)| taken.clone()).collect())
    }
}

impl Endpoint {
    /// Results that were not handed on yet and of which somebody said whose they are.
    pub(crate) fn results_to_hand_on(
        &self,
        most: usize,
    ) -> Result<Vec<(StatementId, CarriedResult)>, Refusal> {
        let drill = self.served_drill()?;
        self.drill_results(drill)?;
        let phones = self.store().drill_phones()?.into_iter();
        let known: BTreeMap<String, (DeviceId, KnownAs)> = phones
            .filter_map(|phone| Some((phone.device.to_string(), (phone.device, phone.known_as?))))
            .collect();
        let (ids, people): (Vec<StatementId>, Vec<String>) = {
            let results = drill.results();
            results.taken.iter().map(|(id, taken)| (*id, taken.person.clone())).unzip()
        };
        let handed = self.store().handed_of(&ids)?;
        let mut waiting = Vec::new();
        for ((id, person), is_handed) in ids.into_iter().zip(people).zip(handed) {
            if waiting.len() >= most {
                break;
            }
            if let (Some((device, known_as)), false) = (known.get(&person), is_handed) {
                waiting.extend(self.carried_result(id, *device, known_as)?.map(|result| (id, result)));
            }
        }
        Ok(waiting)
    }

    fn carried_result(
        &self,
        id: StatementId,
        device: DeviceId,
        known_as: &KnownAs,
    ) -> Result<Option<CarriedResult>, StoreError> {
        let (Some((_, bytes)), Some(key)) = (self.store().statement(id)?, self.store().device_key(device)?)
        else {
            return Ok(None);
        };
        Ok(Some(CarriedResult {
            statement: ByteBuf::from(bytes),
            public_key: key.to_hex(),
            known_as: known_as.clone(),
        }))
    }
}

/// The texts of everything that the report names by a word.
fn words(report: &ClassReport) -> BTreeMap<String, Localized> {
    let slips = report.slips.iter().map(|slip| (slip.kind.word().to_owned(), slip.kind.title()));
    let checks = report.checks.iter().map(|check| (check.code.to_string(), title_of(check.code)));
    let reasons = report.persons.iter().flat_map(|person| &person.not_ready);
    let reasons = reasons.map(|reason| (reason.word().to_owned(), reason.title()));
    slips.chain(checks).chain(reasons).collect()
}

/// The result in a stored statement, which was verified when it arrived.
pub(super) fn result_in(bytes: &[u8]) -> Option<TakenExercise> {
    TakenExercise::of(Unverified::parse(bytes).ok()?.unproved())
}
