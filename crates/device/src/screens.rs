//! From what the store holds to what the screens are told.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use tally::text::Language;
use tally::words::in_words;
use tally::{
    CheckReport, ContestId, Field, Figure, Figures, Localized, Paper, Quantity, Row, Section, StationId,
};

use crate::Device;
use crate::enrolment::Enrolment;
use crate::entry::{open_faults, read_tally};
use crate::error::{DeviceError, StoreError};
use crate::life::LifeState;
use crate::seen;
use crate::store::{Draft, Photo, Place, Store, StoredReceipt, StoredStatement};
use crate::view::{
    AppView, CellView, FindingView, LifeView, LogAlarmView, OutboxView, PageView, PhotoView, ReadingView,
    ReceiptView, RowView, SectionView, SeenView, StationView, SupersededView, TallyCard, TallyView,
    WitnessView,
};

/// From here on a clock is said to be off: an exchange over a weak line takes long, and a minute is nobody's trouble.
const CLOCK_OFF_MS: i64 = 10 * 60_000;
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

    /// Chooses the language of the screens.
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
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let store = self.store();
        Ok(Desk::of(&store, &enrolment, paper, &place)?.tally_view(&enrolment, paper, &place))
    }

    /// The paper of an assigned contest at an assigned station.
    pub fn paper(&self, station: &StationId, contest: &ContestId) -> Result<Paper, DeviceError> {
        let place = Place { station: station.clone(), contest: contest.clone() };
        self.enrolment()?.paper(&place).cloned()
    }

    fn witness(&self, store: &Store, enrolment: &Enrolment) -> Result<WitnessView, DeviceError> {
        let election = &enrolment.election;
        let mut stations = Vec::new();
        let assigned = &enrolment.assigned;
        let kept = store.stations_with_records()?;
        let past = assigned.past.iter().filter(|past| kept.contains(&past.station));
        let all = assigned.now.iter().map(|now| (now, false)).chain(past.map(|past| (past, true)));
        for (assignment, ended) in all {
            let mut tallies = Vec::new();
            for contest in &assignment.contests {
                let place = Place { station: assignment.station.clone(), contest: contest.clone() };
                // A contest that a newer package does not have any more.
                let Ok(paper) = enrolment.paper(&place) else { continue };
                tallies.push(Desk::of(store, enrolment, paper, &place)?.card(paper));
            }
            stations.push(StationView {
                ended,
                number: assignment.station.number(),
                regions: region_names(enrolment, &assignment.station),
                station: assignment.station.clone(),
                tallies,
            });
        }
        Ok(WitnessView {
            election: election.title.clone(),
            date: election.date.clone(),
            drill: election.drill,
            endpoint: enrolment.endpoint.clone(),
            device: enrolment.public_key.device_id().to_string(),
            stations,
            outbox: self.outbox(store)?,
            carried: store.carried()?,
            photos_asked_for: store.photos_asked_for()?,
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
        let originals = store.original_count()?;
        let budget = self.original_budget(store)?;
        Ok(OutboxView {
            clock_ahead_ms: store.clock_ahead_ms()?.filter(|ahead_ms| ahead_ms.abs() > CLOCK_OFF_MS),
            originals_waiting: originals.originals,
            originals_bytes_waiting: originals.bytes,
            originals_again_at_ms: (originals.originals > 0 && budget.left_bytes == 0)
                .then_some(budget.again_at_ms),
            tallies_waiting: count.tallies,
            accounts_waiting: count.accounts,
            proofs_waiting: count.proofs,
            photos_waiting: count.photos,
            refused: count.refused,
            bytes_waiting: count.bytes,
            photo: count.photo,
            sending: self.sending.load(Ordering::Relaxed),
            fault: connection.fault,
            next_attempt_at_ms: store.next_attempt_at_ms()?,
            last_contact_at_ms: connection.last_contact_at_ms,
        })
    }
}

/// Everything that the store holds of one tally: the draft on top, what was sealed below it, the photos beside it.
struct Desk {
    draft: Option<Draft>,
    sealed: Vec<StoredStatement>,
    photos: Vec<Photo>,
    figures: Figures,
    correction_reason: Option<String>,
    /// When each finding was answered.
    acknowledged: BTreeMap<String, i64>,
    report: CheckReport,
    open_faults: u32,
    receipt: Option<StoredReceipt>,
}

impl Desk {
    fn of(store: &Store, enrolment: &Enrolment, paper: &Paper, place: &Place) -> Result<Self, StoreError> {
        let draft = store.draft(place)?;
        let sealed = store.tallies(place)?;
        let (figures, correction_reason, acknowledged) = match (&draft, sealed.first()) {
            (Some(draft), _) => (
                draft.figures.clone(),
                draft.supersedes.as_ref().map(|supersedes| supersedes.reason.clone()),
                draft.acknowledged.iter().map(|(key, at_ms)| (key.0.clone(), *at_ms)).collect(),
            ),
            (None, Some(newest)) => {
                let (_, figures, body) = read_tally(enrolment, paper, newest)?;
                let answered = body.acknowledged.into_iter().map(|key| (key, newest.sealed_at_ms)).collect();
                (figures, body.supersedes.map(|supersedes| supersedes.reason), answered)
            }
            (None, None) => Default::default(),
        };
        let report = paper.check(&figures);
        let open_faults = match (&draft, sealed.is_empty()) {
            (Some(draft), _) => open_faults(&report, draft).len(),
            (None, true) => report.faults().count(),
            (None, false) => 0,
        };
        Ok(Self {
            photos: store.photos(place)?,
            receipt: match sealed.first() {
                Some(newest) if draft.is_none() => store.receipt(newest.id)?,
                _ => None,
            },
            open_faults: u32::try_from(open_faults).unwrap_or(u32::MAX),
            draft,
            sealed,
            figures,
            correction_reason,
            acknowledged,
            report,
        })
    }

    fn life(&self) -> LifeView {
        match (&self.draft, self.sealed.first()) {
            (Some(draft), _) => LifeView {
                state: LifeState::Draft,
                since_ms: Some(draft.saved_at_ms),
                received_at_ms: None,
                refusal: None,
                verdict: None,
            },
            (None, Some(newest)) => life_of(newest),
            (None, None) => LifeView {
                state: LifeState::Draft,
                since_ms: None,
                received_at_ms: None,
                refusal: None,
                verdict: None,
            },
        }
    }

    fn newest_photo(&self, page: u8) -> Option<&Photo> {
        self.photos.iter().rev().find(|photo| photo.page == page)
    }

    fn is_open(&self, field: &Field) -> bool {
        self.report.faults().any(|fault| {
            fault.fields.contains(&field.code)
                && self.open_faults > 0
                && !self.acknowledged.contains_key(&fault.key.0)
        })
    }

    fn card(&self, paper: &Paper) -> TallyCard {
        let pages = &paper.form().pages;
        TallyCard {
            contest: paper.contest().id.clone(),
            title: paper.contest().title.clone(),
            short_title: paper.contest().short_title.clone(),
            life: self.life(),
            filled: count(self.figures.0.len()),
            fields: count(paper.fields().len()),
            pages_photographed: count(
                pages.iter().filter(|page| self.newest_photo(page.number).is_some()).count(),
            ),
            pages: count(pages.len()),
            open_faults: self.open_faults + self.open_readings(paper),
        }
    }

    fn tally_view(&self, enrolment: &Enrolment, paper: &Paper, place: &Place) -> TallyView {
        let findings = self.report.findings.iter().map(|finding| FindingView {
            acknowledged_at_ms: self.acknowledged.get(&finding.key.0).copied(),
            finding: finding.clone(),
        });
        let is_draft = self.draft.is_some();
        let newest = self.sealed.first().filter(|_| !is_draft);
        TallyView {
            station: place.station.clone(),
            number: place.station.number(),
            regions: region_names(enrolment, &place.station),
            contest: place.contest.clone(),
            title: paper.contest().title.clone(),
            short_title: paper.contest().short_title.clone(),
            form: paper.form().title.clone(),
            drill: enrolment.election.drill,
            life: self.life(),
            saved_at_ms: self.draft.as_ref().map(|draft| draft.saved_at_ms),
            sections: paper.form().sections.iter().map(|section| self.section(paper, section)).collect(),
            findings: findings.collect(),
            checks_passed: self.report.checks_passed,
            open_faults: self.open_faults,
            open_readings: self.open_readings(paper),
            readings: self.readings(paper).collect(),
            pages: paper
                .form()
                .pages
                .iter()
                .map(|page| PageView {
                    page: page.number,
                    title: page.title.clone(),
                    photo: self.newest_photo(page.number).map(photo_view),
                })
                .collect(),
            filled: count(self.figures.0.len()),
            fields: count(paper.fields().len()),
            last_field: self.draft.as_ref().and_then(|draft| draft.last_field.clone()),
            statement: newest.map(|newest| newest.id.to_string()),
            sealed_at_ms: newest.map(|newest| newest.sealed_at_ms),
            receipt: self.receipt.as_ref().map(|receipt| ReceiptView {
                leaf_index: receipt.leaf_index,
                tree_size: receipt.tree_size,
                verified_at_ms: receipt.verified_at_ms,
                log: receipt.log(),
            }),
            correction_reason: self.correction_reason.clone(),
            superseded: self
                .sealed
                .iter()
                .skip(usize::from(!is_draft))
                .map(|stored| SupersededView { statement: stored.id.to_string(), life: life_of(stored) })
                .collect(),
        }
    }

    /// What the device read of figures that were typed.
    fn readings(&self, paper: &Paper) -> impl Iterator<Item = ReadingView> {
        seen::compare(&self.figures, &self.photos).into_iter().map(|one| ReadingView {
            candidate: paper.field(&one.field).and_then(|field| field.candidate),
            page: one.page,
            typed: one.typed,
            read: one.read,
            differs: one.differs(),
            answered_at_ms: self.acknowledged.get(&one.key().0).copied(),
            key: one.key(),
            field: one.field,
        })
    }

    /// Readings that wait for an answer; of a sealed tally none does.
    fn open_readings(&self, paper: &Paper) -> u32 {
        let draft = self.draft.is_some();
        count(self.readings(paper).filter(|one| draft && one.is_open()).count())
    }

    fn section(&self, paper: &Paper, section: &Section) -> SectionView {
        let fields: Vec<&Field> =
            paper.fields().iter().filter(|field| field.section == section.code).collect();
        SectionView {
            code: section.code.clone(),
            title: section.title.clone(),
            page: section.page,
            rows: section.rows.iter().flat_map(|row| self.rows(paper, row, &fields)).collect(),
            filled: count(fields.iter().filter(|field| self.figures.0.contains_key(&field.code)).count()),
            fields: count(fields.len()),
            has_open_fault: fields.iter().any(|field| self.is_open(field)),
            running_sum: paper.running_sum(&section.code, &self.figures),
        }
    }

    /// One row of the form gives one row on the screen, or one for each candidate.
    fn rows(&self, paper: &Paper, row: &Row, fields: &[&Field]) -> Vec<RowView> {
        if row.counts != Quantity::CandidateVotes {
            let cells = fields.iter().filter(|field| field.row == row.code).map(|field| self.cell(field));
            return vec![RowView {
                code: row.code.clone(),
                heading: row.heading.clone(),
                label: Some(row.label.clone()),
                candidate: None,
                names: Vec::new(),
                cells: cells.collect(),
            }];
        }
        let of_candidates = fields.iter().filter(|field| field.counts == Quantity::CandidateVotes);
        of_candidates
            .map(|field| RowView {
                code: field.row.clone(),
                heading: None,
                label: None,
                candidate: field.candidate,
                names: paper
                    .contest()
                    .candidates
                    .iter()
                    .find(|candidate| Some(candidate.number) == field.candidate)
                    .map(|candidate| candidate.names.clone())
                    .unwrap_or_default(),
                cells: vec![self.cell(field)],
            })
            .collect()
    }

    fn cell(&self, field: &Field) -> CellView {
        let figure = self.figures.0.get(&field.code).copied();
        CellView {
            field: field.code.clone(),
            column: field.column,
            digits: field.digits,
            figure,
            words: match figure {
                Some(Figure::Written(number)) => in_words(number),
                Some(Figure::Blank) => Localized::new("kosong di kertas", "blank on the paper"),
                Some(Figure::Illegible) => Localized::new("tidak terbaca", "illegible"),
                None => Localized::new("", ""),
            },
            has_open_fault: self.is_open(field),
        }
    }
}

pub(crate) fn life_of(stored: &StoredStatement) -> LifeView {
    LifeView {
        state: stored.state,
        since_ms: Some(stored.state_at_ms),
        received_at_ms: stored.received_at_ms,
        refusal: stored.refusal.clone(),
        verdict: stored.verdict.clone(),
    }
}

fn photo_view(photo: &Photo) -> PhotoView {
    PhotoView {
        hash: photo.derivative.to_string(),
        taken_at_ms: photo.taken_at_ms,
        width_px: photo.width_px,
        height_px: photo.height_px,
        total_bytes: photo.derivative_bytes,
        sent_bytes: photo.sent_bytes,
        sealed: photo.statement.is_some(),
        arrived: photo.arrived,
        refusal: photo.refusal.clone(),
        seen: photo.seen.as_ref().map(|seen| SeenView { page: seen.page, faults: seen.faults.clone() }),
    }
}

fn region_names(enrolment: &Enrolment, station: &StationId) -> Vec<String> {
    enrolment.election.names_from_desa_up(station).into_iter().map(str::to_owned).collect()
}

/// Counts of rows on a paper: they fit.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
