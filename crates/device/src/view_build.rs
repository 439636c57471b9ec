//! Builds the views from the store.

mod drill;
mod sections;
mod tally_record;

use std::sync::atomic::Ordering;

use protocol::Assignment;
use tally::text::Language;
use tally::{ContestId, Paper, StationId};

use self::tally_record::TallyRecord;
use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::model::{Enrolment, TallyKey};
use crate::question::questions;
use crate::store::{Hall, Joining, Store};
use crate::view::{
    AppView, HallView, JoiningView, LogAlarmView, MessageView, OutboxView, RefusalView, StationView,
    TallyView, WitnessView,
};

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
        Ok(AppView {
            language,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            health: self.health(&store)?,
            elections: Vec::new(),
            joining: store.joining()?.map(joining_view),
            drill: self.drill_view(&store)?,
            witness,
        })
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
    pub fn tally(&self, tally_key: &TallyKey) -> Result<TallyView, DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let store = self.store();
        let record = TallyRecord::read(&store, &enrolment, paper, tally_key)?;
        let questions = questions(&*store, &enrolment, tally_key, record.figures())?;
        Ok(record.tally_view(&enrolment, paper, tally_key, &questions))
    }

    /// The round with this number of a contest at a station; without a number, the newest round.
    pub fn tally_key(
        &self,
        station: &StationId,
        contest: &ContestId,
        round: Option<u8>,
    ) -> Result<TallyKey, DeviceError> {
        let round = match round {
            Some(round) => round,
            None => self.enrolment()?.election.newest_round(station, contest),
        };
        Ok(TallyKey::of_round(station, contest, round))
    }

    /// The paper of an assigned contest at an assigned station.
    pub fn paper(&self, tally_key: &TallyKey) -> Result<Paper, DeviceError> {
        self.enrolment()?.paper(tally_key).cloned()
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
            hall: store.hall()?.map(|hall| hall_view(store, hall)).transpose()?,
            carried: store.carried()?,
            messages: messages(store, enrolment)?,
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

/// The messages of coordinators, with the names of their regions.
fn messages(store: &Store, enrolment: &Enrolment) -> Result<Vec<MessageView>, StoreError> {
    let named = |code: String| {
        let region = code.parse().ok().and_then(|parsed| enrolment.election.region(&parsed));
        region.map_or(code, |region| region.name.clone())
    };
    let messages = store.messages()?.into_iter();
    Ok(messages.map(|message| MessageView { region: message.region.map(named), ..message }).collect())
}

/// The present assignments, the past ones for which something was written, and what the witness chose.
fn stations(store: &Store, enrolment: &Enrolment) -> Result<Vec<StationView>, DeviceError> {
    let with_records = store.stations_with_records()?;
    let assigned = &enrolment.assigned;
    let past = assigned.past.iter().filter(|past| with_records.contains(&past.station));
    let all = assigned.now.iter().chain(past).chain(&assigned.own);
    all.map(|assignment| station_view(store, enrolment, assignment)).collect()
}

fn station_view(
    store: &Store,
    enrolment: &Enrolment,
    assignment: &Assignment,
) -> Result<StationView, DeviceError> {
    let mut tallies = Vec::new();
    for contest in in_order_of_counting(enrolment, assignment) {
        for (index, tally_key) in enrolment.rounds(&assignment.station, contest).iter().enumerate() {
            // A newer package may not have the contest any more.
            let Ok(paper) = enrolment.paper(tally_key) else { continue };
            let record = TallyRecord::read(store, enrolment, paper, tally_key)?;
            tallies.push(record.card(enrolment, paper, tally_key, index == 0));
        }
    }
    Ok(StationView {
        station: assignment.station.clone(),
        kind: assignment.station.kind(),
        number: assignment.station.number(),
        regions: region_names(enrolment, &assignment.station),
        ended: enrolment.assigned.past.contains(assignment),
        is_own: enrolment.assigned.own.contains(assignment),
        tallies,
    })
}

fn joining_view(joining: Joining) -> JoiningView {
    JoiningView {
        has_invitation: joining.fragment.is_some(),
        endpoint: joining.endpoint,
        since_ms: joining.since_ms,
        error: joining.error,
        refusal: joining.refusal.map(|(code, detail)| RefusalView { code, detail }),
        next_attempt_at_ms: joining.next_attempt_at_ms,
    }
}

fn hall_view(store: &Store, hall: Hall) -> Result<HallView, StoreError> {
    let count = store.hall_count(hall.log_key)?;
    Ok(HallView {
        address: hall.address,
        entrusted: count.entrusted,
        waiting: count.waiting,
        error: hall.error,
        last_contact_at_ms: hall.last_contact_at_ms,
    })
}

/// The contests of an assignment in the order in which a station counts them.
fn in_order_of_counting<'a>(enrolment: &Enrolment, assignment: &'a Assignment) -> Vec<&'a ContestId> {
    let mut contests: Vec<&ContestId> = assignment.contests.iter().collect();
    contests.sort_by_key(|contest| enrolment.election.contest(contest).map(|contest| contest.kind));
    contests
}

fn region_names(enrolment: &Enrolment, station: &StationId) -> Vec<String> {
    enrolment.election.names_from_desa_up(station).into_iter().map(str::to_owned).collect()
}

/// The counts of a paper's fields and pages fit into 32 bits.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
