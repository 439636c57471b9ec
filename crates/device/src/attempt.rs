//! An attempt at a practice sheet, from the first figure to the grade: the time in each section, the events
//! of the scenario, and what was sealed.

use std::sync::atomic::Ordering;

use evidence::{Body, DrillBody, IncidentCategory, Unverified};
use practice::{Attempt, Event, Grade, Happening, SealedPhoto, When, grade};
use tally::{FieldCode, FindingKey, Paper};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::model::{Enrolment, StoredAttempt, TallyKey, scenario_of};
use crate::store::{Draft, Photo, Store, Write};

/// Longest time between two figures that counts as typing. Who takes longer was away.
const AWAY_MS: i64 = 2 * 60_000;
const MINUTE_MS: i64 = 60_000;

/// The attempt at this paper that is open, if there is one.
pub(crate) fn open_attempt(
    write: &Write<'_>,
    tally_key: &TallyKey,
) -> Result<Option<StoredAttempt>, StoreError> {
    let newest = write.newest_attempt()?;
    Ok(newest.filter(|attempt| attempt.sealed.is_none() && attempt.tally_key == *tally_key))
}

/// A figure was typed in an attempt: its section gets the time since the last one. `now_ms` is by the true
/// clock.
pub(crate) fn typed(
    write: &Write<'_>,
    tally_key: &TallyKey,
    paper: &Paper,
    field: &FieldCode,
    now_ms: i64,
) -> Result<(), DeviceError> {
    let Some(attempt) = open_attempt(write, tally_key)? else { return Ok(()) };
    let Some(field) = paper.field(field) else { return Ok(()) };
    let since_ms = attempt.last_typed_at_ms.map_or(0, |last_ms| now_ms.saturating_sub(last_ms));
    write.spend_time(attempt.id, &field.section, since_ms.clamp(0, AWAY_MS), now_ms)?;
    let scenario = scenario_of(&attempt.scenario)?;
    if scenario.events.is_empty() {
        return Ok(());
    }
    let typed = write.draft(tally_key)?.map_or(0, |draft| draft.figures.0.len());
    let sheet = attempt.sheet(paper)?;
    let asked = sheet.expected().0.len();
    if typed * 2 >= asked {
        happens(write, &attempt, When::Halfway, now_ms)?;
    }
    if typed >= asked {
        happens(write, &attempt, When::BeforeSeal, now_ms)?;
    }
    Ok(())
}

/// The events of this moment happen, each once.
pub(crate) fn happens(
    write: &Write<'_>,
    attempt: &StoredAttempt,
    when: When,
    now_ms: i64,
) -> Result<(), StoreError> {
    let scenario = scenario_of(&attempt.scenario)?;
    let events = scenario.events.iter().enumerate();
    for (position, _) in events.filter(|(_, event)| event.exercise == attempt.exercise && event.when == when)
    {
        write.happens(attempt.id, position, now_ms)?;
    }
    Ok(())
}

/// An event of the scenario that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lasting {
    pub(crate) position: usize,
    pub(crate) what: Happening,
    /// When it began, by the true clock.
    pub(crate) at_ms: i64,
}

/// The events of an attempt that last at this moment.
pub(crate) fn lasting(
    store: &Store,
    attempt: &StoredAttempt,
    now_ms: i64,
) -> Result<Vec<Lasting>, StoreError> {
    let scenario = scenario_of(&attempt.scenario)?;
    let happened = store.happened(attempt.id)?;
    let lasting = happened.iter().filter(|one| !one.over).filter_map(|one| {
        let Event { what, .. } = *scenario.events.get(one.position)?;
        let lasts = match what {
            Happening::NoNetwork(minutes) => now_ms < one.at_ms + i64::from(minutes) * MINUTE_MS,
            // Until the app was ended and opened again.
            Happening::PhoneDies => true,
            // Until the tally is sealed.
            Happening::WrongClock(_) => attempt.sealed.is_none(),
        };
        lasts.then_some(Lasting { position: one.position, what, at_ms: one.at_ms })
    });
    Ok(lasting.collect())
}

/// What was sealed, for the grading.
pub(crate) struct ToGrade<'a> {
    pub(crate) enrolment: &'a Enrolment,
    pub(crate) paper: &'a Paper,
    pub(crate) draft: &'a Draft,
    pub(crate) photos: &'a [Photo],
    /// By the true clock.
    pub(crate) now_ms: i64,
}

/// Ends an attempt: grades it, and gives the result to be signed.
pub(crate) fn end(
    write: &Write<'_>,
    attempt: &StoredAttempt,
    sealed: &ToGrade<'_>,
) -> Result<DrillBody, DeviceError> {
    let made = Attempt {
        number: attempt.number,
        figures: sealed.draft.figures.clone(),
        acknowledged: sealed.draft.acknowledged.keys().cloned().collect::<Vec<FindingKey>>(),
        photos: sealed.photos.iter().map(sealed_photo).collect(),
        times: write.times(attempt.id)?,
        seconds: seconds_since(attempt.first_typed_at_ms, sealed.now_ms),
        incidents: incidents(write, attempt, sealed.enrolment)?,
    };
    let grade = grade(sealed.paper, &attempt.sheet(sealed.paper)?, &made);
    write.end_attempt(attempt.id, &made, [grade.fields, grade.right], sealed.now_ms)?;
    happens(write, attempt, When::AfterSeal, sealed.now_ms)?;
    Ok(grade.result(&scenario_of(&attempt.scenario)?.id, attempt.sheet_number()))
}

/// The grade of an attempt that was sealed. It follows from what was sealed.
pub(crate) fn grade_of(attempt: &StoredAttempt, paper: &Paper) -> Result<Option<Grade>, StoreError> {
    let Some(sealed) = &attempt.sealed else { return Ok(None) };
    Ok(Some(grade(paper, &attempt.sheet(paper)?, sealed)))
}

fn sealed_photo(photo: &Photo) -> SealedPhoto {
    let issues = photo.seen.iter().flat_map(|seen| &seen.issues);
    SealedPhoto { page: photo.page, issues: issues.map(|issue| issue.code().to_owned()).collect() }
}

fn seconds_since(at_ms: Option<i64>, now_ms: i64) -> u32 {
    let since_ms = at_ms.map_or(0, |at_ms| now_ms.saturating_sub(at_ms));
    u32::try_from(since_ms / 1_000).unwrap_or(0)
}

fn incidents(
    write: &Write<'_>,
    attempt: &StoredAttempt,
    enrolment: &Enrolment,
) -> Result<Vec<IncidentCategory>, StoreError> {
    let sealed = write.incidents_since(&attempt.tally_key.station, attempt.first_sequence)?;
    let category = |bytes: &Vec<u8>| {
        let statement = Unverified::parse(bytes).and_then(|read| read.verify(&enrolment.public_key));
        match statement.ok()?.body {
            Body::Incident(incident) => Some(incident.category),
            _ => None,
        }
    };
    Ok(sealed.iter().filter_map(category).collect())
}

impl Device {
    /// The time by the phone's own clock. In a drill [`Device::now_ms`] may be wrong on purpose.
    pub(crate) fn true_now_ms(&self) -> i64 {
        self.platform.environment.now_ms()
    }

    /// Sets how wrong the drill's clock is now.
    pub(crate) fn set_drill_clock(&self) -> Result<(), StoreError> {
        let store = self.store();
        let attempt = store.newest_attempt()?;
        let lasting = match &attempt {
            Some(attempt) => lasting(&store, attempt, self.true_now_ms())?,
            None => Vec::new(),
        };
        let minutes = lasting.iter().find_map(|one| match one.what {
            Happening::WrongClock(minutes) => Some(i64::from(minutes)),
            _ => None,
        });
        self.clock_ahead_ms.store(minutes.unwrap_or(0) * MINUTE_MS, Ordering::Relaxed);
        Ok(())
    }

    /// Until when the scenario wants no network, by the true clock.
    pub(crate) fn no_network_until_ms(&self) -> Result<Option<i64>, StoreError> {
        let store = self.store();
        let Some(attempt) = store.newest_attempt()? else { return Ok(None) };
        let now_ms = self.true_now_ms();
        let until = lasting(&store, &attempt, now_ms)?.into_iter().filter_map(|one| match one.what {
            Happening::NoNetwork(minutes) => Some(one.at_ms + i64::from(minutes) * MINUTE_MS),
            _ => None,
        });
        Ok(until.max())
    }

    /// The app was opened again: the phone that died in an exercise is over.
    pub(crate) fn phone_lives_again(&self) -> Result<(), StoreError> {
        let mut store = self.store();
        let Some(attempt) = store.newest_attempt()? else { return Ok(()) };
        let lasting = lasting(&store, &attempt, self.true_now_ms())?;
        let died = lasting.iter().filter(|one| one.what == Happening::PhoneDies);
        for one in died {
            store.write(|write| write.event_is_over(attempt.id, one.position))?;
        }
        Ok(())
    }
}
