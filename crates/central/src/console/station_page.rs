//! The page of one station: what each witness signed, row by row, and the photos to hold it against.
//!
//! It is read from the signed bytes, and the signatures are checked once more on the way.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{
    Body, Claims, DeviceId, PhotoBody, PhotoHash, Statement, TallyBody, Unverified, photo_answer_key,
};
use protocol::InboxBody;
use tally::{ContestId, Figure, Figures, Paper, StationId};

use crate::counting::which::{Received, latest_of_each, which_counts};
use crate::endpoint::Inner;
use crate::ingest::photos::storage::Held;
use crate::model::verdict::Ruling;
use crate::refusal::Refusal;
use crate::store::{StoredVerdict, PhotoOutcome};
use crate::view::{
    Account, AccountView, FieldRow, GapView, OriginalView, PageName, PhotoRequestView, PhotoView, ReadView,
    RegionName, SectionView, StationView, TallyView, VerdictView,
};

/// Most missing sequence numbers of one device that a station's page names.
const GAPS_SHOWN_MAX: usize = 20;

/// A tally of the contest, as it was received.
struct Told {
    statement: Statement,
    body: TallyBody,
    received_at_ms: i64,
    forks: bool,
    quarantined: bool,
    log_index: Option<u64>,
    assigned: bool,
    verdicts: Vec<StoredVerdict>,
    figures: Option<Figures>,
}

/// A photo's statement, as it was received.
struct Shown {
    statement: Statement,
    body: PhotoBody,
    received_at_ms: i64,
    quarantined: bool,
    log_index: Option<u64>,
}

/// Builds the page of a station for a contest.
pub(crate) fn station_view(
    endpoint: &Inner,
    contest: &ContestId,
    paper: &Paper,
    station: &StationId,
) -> Result<StationView, Refusal> {
    let assigned = endpoint.store.assigned_devices(station, Some(contest))?;
    let assigned_at_all = endpoint.store.assigned_devices(station, None)?;
    let verdicts = endpoint.store.verdicts_about(station)?;
    let wanted = endpoint.store.requested_originals(station)?;
    let mut letters = Letters::default();
    let mut told: Vec<Told> = Vec::new();
    let mut photos: Vec<Shown> = Vec::new();
    let mut accounts: Vec<AccountView> = Vec::new();
    let mut devices: BTreeSet<DeviceId> = BTreeSet::new();
    for kept in endpoint.store.statements_about(station)? {
        let statement = Unverified::parse(&kept.bytes)
            .and_then(|unverified| unverified.verify(&kept.key))
            .map_err(|error| Refusal::fault("reading a kept statement", &error))?;
        let Claims { device, sequence, sealed_at_s, .. } = statement.claims;
        letters.meet(device);
        devices.insert(device);
        if let Some(account) = Account::of(&statement.body) {
            accounts.push(AccountView {
                statement: statement.id.to_string(),
                device: device.to_string(),
                witness: letters.of(device),
                sequence,
                sealed_at_ms: sealed_at_s.saturating_mul(1_000),
                received_at_ms: kept.received_at_ms,
                assigned: was_assigned(&assigned_at_all, device, kept.received_at_ms),
                forked: kept.forks,
                quarantined: kept.quarantined,
                log_index: kept.log_index,
                account,
            });
        }
        match statement.body.clone() {
            Body::Tally(body) if body.contest == contest.as_str() => told.push(Told {
                assigned: was_assigned(&assigned, device, kept.received_at_ms) && !kept.quarantined,
                verdicts: verdicts.iter().filter(|given| given.statement == statement.id).cloned().collect(),
                quarantined: kept.quarantined,
                figures: paper.from_wire(&body.figures),
                received_at_ms: kept.received_at_ms,
                forks: kept.forks,
                log_index: kept.log_index,
                statement,
                body,
            }),
            Body::Photo(body) => photos.push(Shown {
                statement,
                body,
                received_at_ms: kept.received_at_ms,
                quarantined: kept.quarantined,
                log_index: kept.log_index,
            }),
            Body::Tally(_) | Body::Attendance(_) | Body::Incident(_) | Body::Drill(_) => {}
        }
    }

    let received: Vec<Received<'_>> = told
        .iter()
        .map(|tally| Received {
            device: tally.statement.claims.device,
            sequence: tally.statement.claims.sequence,
            assigned: tally.assigned,
            verdict: tally.verdicts.last().map(|given| Ruling { decision: given.decision, number: given.number }),
            figures: &tally.body.figures,
        })
        .collect();
    let standing = which_counts(&received).standing();
    let latest: Vec<&Told> =
        latest_of_each(&received).into_iter().filter_map(|place| told.get(place)).collect();
    let mut photo_views = Vec::new();
    for photo in &photos {
        if told.iter().any(|tally| belongs_to(photo, tally)) {
            photo_views.push(photo_view(endpoint, &letters, photo, &wanted)?);
        }
    }
    photo_views.sort_by_key(|photo| photo.page);

    let mut gaps = Vec::new();
    let devices: Vec<DeviceId> = devices.into_iter().collect();
    let missing = endpoint.store.missing_of(&devices, GAPS_SHOWN_MAX)?;
    for (device, missing) in devices.into_iter().zip(missing) {
        if !missing.is_empty() {
            gaps.push(GapView { witness: letters.of(device), missing });
        }
    }

    let (previous, next) = neighbours(endpoint, station);
    Ok(StationView {
        station: station.clone(),
        path: station
            .desa()
            .path()
            .into_iter()
            .map(|code| RegionName { name: endpoint.region_name(&code), code })
            .collect(),
        contest: contest.clone(),
        standing,
        form: paper.form().title.clone(),
        sections: sections(paper, &told, &latest, &photos),
        tallies: told.iter().map(|tally| tally_view(paper, &letters, tally, &told)).collect(),
        gaps,
        accounts,
        photos: photo_views,
        photo_requests: photo_requests(endpoint, station, &letters, &photos)?,
        pages: paper
            .form()
            .pages
            .iter()
            .map(|page| PageName { page: page.number, title: page.title.clone() })
            .collect(),
        previous,
        next,
    })
}

/// Other photos that were asked for, and whether they came.
fn photo_requests(
    endpoint: &Inner,
    station: &StationId,
    letters: &Letters,
    photos: &[Shown],
) -> Result<Vec<PhotoRequestView>, Refusal> {
    let told = endpoint.store.inbox_entries_about(station)?;
    let views = told.into_iter().filter_map(|told| match told.item.body {
        InboxBody::PhotoRequest { page, reason, .. } => Some(PhotoRequestView {
            witness: letters.of(told.device),
            page,
            reason,
            at_ms: told.item.at_ms,
            answered: photos.iter().any(|photo| {
                photo.statement.claims.device == told.device
                    && photo.body.page == page
                    && photo.received_at_ms > told.item.at_ms
            }),
        }),
        InboxBody::Verdict { .. } | InboxBody::OriginalRequest { .. } | InboxBody::Unknown => None,
    });
    Ok(views.collect())
}

/// A photo belongs to the tally that it names, but only its own device can say so.
fn belongs_to(photo: &Shown, tally: &Told) -> bool {
    photo.body.tally == tally.statement.id && photo.statement.claims.device == tally.statement.claims.device
}

/// From here on what a device read is shown, in thousandths: as on the device itself.
const CERTAIN_PERMILLE: u16 = (sheet::CONFIDENT * 1_000.0) as u16;

/// What the tally's device read of a field in its newest photo of the page. A photo of another page says nothing.
fn read_of(field: &tally::Field, tally: &Told, photos: &[Shown]) -> Option<ReadView> {
    let newest = photos
        .iter()
        .filter(|photo| belongs_to(photo, tally) && photo.body.page == field.page)
        .max_by_key(|photo| photo.statement.claims.sequence)?;
    let seen = newest.body.seen.as_ref().filter(|seen| seen.page == Some(field.page))?;
    let read = seen.read.iter().find(|read| read.field == field.code.as_str())?;
    let figure = read.figure.filter(|_| read.certainty_permille >= CERTAIN_PERMILLE)?;
    let typed = tally.figures.as_ref()?.0.get(&field.code)?;
    Some(ReadView {
        figure,
        certainty_permille: read.certainty_permille,
        differs: *typed != Figure::Written(figure),
        answered: tally.body.acknowledged.contains(&photo_answer_key(field.code.as_str(), figure)),
    })
}

fn sections(paper: &Paper, told: &[Told], latest: &[&Told], photos: &[Shown]) -> Vec<SectionView> {
    let figure = |tally: &Told, field: &tally::Field| {
        tally.figures.as_ref().and_then(|figures| figures.0.get(&field.code).copied())
    };
    let row = |field: &tally::Field| FieldRow {
        field: field.code.clone(),
        row: field.row.clone(),
        label: field.label.clone(),
        column: field.column,
        candidate: field.candidate,
        figures: told.iter().map(|tally| figure(tally, field)).collect(),
        read: told.iter().map(|tally| read_of(field, tally, photos)).collect(),
        differs: latest.windows(2).any(|two| match two {
            [one, other] => figure(one, field) != figure(other, field),
            _ => false,
        }),
    };
    paper
        .form()
        .sections
        .iter()
        .map(|section| SectionView {
            code: section.code.clone(),
            title: section.title.clone(),
            page: section.page,
            fields: paper.fields().iter().filter(|field| field.section == section.code).map(row).collect(),
        })
        .collect()
}

fn tally_view(paper: &Paper, letters: &Letters, tally: &Told, all: &[Told]) -> TallyView {
    let claims = &tally.statement.claims;
    let later = |other: &Told| {
        other.statement.claims.device == claims.device && other.statement.claims.sequence > claims.sequence
    };
    TallyView {
        statement: tally.statement.id.to_string(),
        device: claims.device.to_string(),
        witness: letters.of(claims.device),
        sequence: claims.sequence,
        sealed_at_ms: claims.sealed_at_s.saturating_mul(1_000),
        received_at_ms: tally.received_at_ms,
        assigned: tally.assigned,
        superseded: all.iter().any(later),
        forked: tally.forks,
        quarantined: tally.quarantined,
        log_index: tally.log_index,
        correction_reason: tally.body.supersedes.as_ref().map(|corrected| corrected.reason.clone()),
        verdicts: tally
            .verdicts
            .iter()
            .map(|given| VerdictView {
                decision: given.decision,
                reason: given.reason.clone(),
                reviewer: given.reviewer.clone(),
                at_ms: given.at_ms,
            })
            .collect(),
        findings: tally.figures.as_ref().map(|figures| paper.check(figures).findings).unwrap_or_default(),
        acknowledged: tally.body.acknowledged.clone(),
    }
}

fn photo_view(
    endpoint: &Inner,
    letters: &Letters,
    shown: &Shown,
    wanted: &[PhotoHash],
) -> Result<PhotoView, Refusal> {
    let Shown { statement, body: photo, quarantined, log_index, .. } = shown;
    let (bytes, arrived) = here_of(endpoint, photo.derivative)?;
    let wanted = wanted.contains(&photo.original);
    let (original_bytes, original_arrived) =
        if wanted { here_of(endpoint, photo.original)? } else { (0, false) };
    Ok(PhotoView {
        hash: photo.derivative.to_string(),
        page: photo.page,
        witness: letters.of(statement.claims.device),
        tally: photo.tally.to_string(),
        total_bytes: photo.derivative_bytes,
        received_bytes: bytes.min(photo.derivative_bytes),
        arrived,
        original: OriginalView {
            hash: photo.original.to_string(),
            total_bytes: photo.original_bytes,
            received_bytes: original_bytes.min(photo.original_bytes),
            wanted,
            arrived: original_arrived,
        },
        seen_page: photo.seen.as_ref().and_then(|seen| seen.page),
        faults: photo.seen.as_ref().map(|seen| seen.faults.clone()).unwrap_or_default(),
        sealed_at_ms: statement.claims.sealed_at_s.saturating_mul(1_000),
        quarantined: *quarantined,
        log_index: *log_index,
    })
}

/// How much of a picture is here, and whether that is all of it.
fn here_of(endpoint: &Inner, hash: PhotoHash) -> Result<(u64, bool), Refusal> {
    let end = endpoint.store.announced_photo(hash)?.outcome;
    let (Held::Part { bytes } | Held::Whole { bytes }) = endpoint.photos.held(hash)?;
    Ok((bytes, end == Some(PhotoOutcome::Complete)))
}

/// Whether the device was assigned when something of it arrived, or is by now.
fn was_assigned(assigned: &BTreeMap<DeviceId, Option<i64>>, device: DeviceId, received_at_ms: i64) -> bool {
    assigned.get(&device).is_some_and(|ended| ended.is_none_or(|ended_at_ms| received_at_ms < ended_at_ms))
}

/// The stations before and after this one in its desa.
fn neighbours(endpoint: &Inner, station: &StationId) -> (Option<StationId>, Option<StationId>) {
    let in_desa: BTreeSet<StationId> = endpoint.package.election.stations_of(station.desa()).collect();
    (in_desa.range(..station).next_back().cloned(), in_desa.range(station..).nth(1).cloned())
}

/// A letter for each device at a station, in the order in which they were first heard of, over all contests.
#[derive(Debug, Default)]
struct Letters(BTreeMap<DeviceId, usize>);

impl Letters {
    fn meet(&mut self, device: DeviceId) {
        let next = self.0.len();
        self.0.entry(device).or_insert(next);
    }

    /// A … Z, then A2 … Z2, and so on.
    fn of(&self, device: DeviceId) -> String {
        let place = self.0.get(&device).copied().unwrap_or(0);
        let letter = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place % 26]);
        match place / 26 {
            0 => letter.to_string(),
            round => format!("{letter}{}", round + 1),
        }
    }
}
