//! Builds the views from the store.

mod tally_record;

use std::sync::atomic::Ordering;

use protocol::Assignment;
use tally::text::Language;
use tally::{ContestId, Paper, StationId};

use self::tally_record::TallyRecord;
use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::model::{Enrolment, TallyKey};
use crate::store::Store;
use crate::view::{AppView, LogAlarmView, OutboxView, StationView, TallyView, WitnessView};

/// Difference of clocks from which the witness is warned, in milliseconds. An exchange over a weak connection
/// takes long, so a difference of minutes says nothing.
const CLOCK_OFF_MS: i64 = 10 * 60_000;
/// The setting that holds the language of the screens.
const LANGUAGE: &str = "language";

impl Device {
    /// The whole app at a glance.
    pub fn app(&self) -> Result<AppView, DeviceError> {
        let store = self.store();
        let language = match store.setting(LANGUAGE)?.as_deref() {
            Some("en") => Language::En,
            _ => Language::Id,
        };
        let witness = match self.enrolment() {
            Ok(enrolment) => Some(self.witness(&store, &enrolment)?),
            Err(DeviceError::NotJoined) => None,
            Err(error) => return Err(error),
        };
        let health = self.health(&store)?;
        Ok(AppView { language, version: env!("CARGO_PKG_VERSION").to_owned(), health, witness })
    }

    /// Sets the language of the screens.
    pub fn set_language(&self, language: Language) -> Result<(), DeviceError> {
        let word = match language {
            Language::Id => "id",
            Language::En => "en",
        };
        Ok(self.store().write(|write| write.set_setting(LANGUAGE, word))?)
    }

    /// One contest's tally at one station.
    pub fn tally(&self, station: &StationId, contest: &ContestId) -> Result<TallyView, DeviceError> {
        let enrolment = self.enrolment()?;
        let tally_key = TallyKey::new(station, contest);
        let paper = enrolment.paper(&tally_key)?;
        let store = self.store();
        Ok(TallyRecord::read(&store, &enrolment, paper, &tally_key)?
            .tally_view(&enrolment, paper, &tally_key))
    }

    /// The paper of an assigned contest at an assigned station.
    pub fn paper(&self, station: &StationId, contest: &ContestId) -> Result<Paper, DeviceError> {
        let tally_key = TallyKey::new(station, contest);
        self.enrolment()?.paper(&tally_key).cloned()
    }

    fn witness(&self, store: &Store, enrolment: &Enrolment) -> Result<WitnessView, DeviceError> {
        let election = &enrolment.election;
        Ok(WitnessView {
            election: election.title.clone(),
            date: election.date.clone(),
            drill: election.drill,
            endpoint: enrolment.endpoint.clone(),
            device: enrolment.public_key.device_id().to_string(),
            stations: stations(store, enrolment)?,
            outbox: self.outbox(store)?,
            carried: store.carried()?,
            photo_requests: store.photo_requests()?,
            log_alarm: store.contradiction()?.map(|found| LogAlarmView {
                found_at_ms: found.found_at_ms,
                older: found.older,
                newer: found.newer,
            }),
        })
    }

    fn outbox(&self, store: &Store) -> Result<OutboxView, StoreError> {
        let connection = store.connection()?;
        let count = store.outbox_count()?;
        let budget = self.original_budget(store)?;
        let budget_is_spent = count.originals > 0 && budget.left_bytes == 0;
        Ok(OutboxView {
            tallies_waiting: count.tallies,
            reports_waiting: count.reports,
            proofs_waiting: count.receipts,
            photos_waiting: count.photos,
            originals_waiting: count.originals,
            originals_bytes_waiting: count.original_bytes,
            originals_again_at_ms: budget_is_spent.then_some(budget.again_at_ms),
            refused: count.refused,
            bytes_waiting: count.bytes,
            photo: store.photo_progress()?,
            sending: self.sending.load(Ordering::Relaxed),
            error: connection.error,
            next_attempt_at_ms: store.next_attempt_at_ms()?,
            clock_ahead_ms: store.clock_ahead_ms()?.filter(|ahead_ms| ahead_ms.abs() > CLOCK_OFF_MS),
            last_contact_at_ms: connection.last_contact_at_ms,
        })
    }
}

/// The present assignments, and the past ones for which something was written.
fn stations(store: &Store, enrolment: &Enrolment) -> Result<Vec<StationView>, DeviceError> {
    let with_records = store.stations_with_records()?;
    let now = enrolment.assigned.now.iter().map(|assignment| (assignment, false));
    let past = enrolment.assigned.past.iter().filter(|past| with_records.contains(&past.station));
    now.chain(past.map(|assignment| (assignment, true)))
        .map(|(assignment, ended)| station_view(store, enrolment, assignment, ended))
        .collect()
}

fn station_view(
    store: &Store,
    enrolment: &Enrolment,
    assignment: &Assignment,
    ended: bool,
) -> Result<StationView, DeviceError> {
    let mut tallies = Vec::new();
    for contest in &assignment.contests {
        let tally_key = TallyKey::new(&assignment.station, contest);
        // A newer package may not have the contest any more.
        let Ok(paper) = enrolment.paper(&tally_key) else { continue };
        tallies.push(TallyRecord::read(store, enrolment, paper, &tally_key)?.card(paper));
    }
    Ok(StationView {
        station: assignment.station.clone(),
        number: assignment.station.number(),
        regions: region_names(enrolment, &assignment.station),
        ended,
        tallies,
    })
}

fn region_names(enrolment: &Enrolment, station: &StationId) -> Vec<String> {
    enrolment.election.names_from_desa_up(station).into_iter().map(str::to_owned).collect()
}
