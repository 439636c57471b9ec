//! Builds the views of one tally.

use std::collections::BTreeMap;

use tally::{CheckReport, Field, Figures, Finding, FindingKey, Paper, PaperPage, Round};

use super::sections::Sections;
use super::{count, region_names};
use crate::entry::open_faults;
use crate::error::StoreError;
use crate::life::LifeState;
use crate::model::{Enrolment, TallyKey};
use crate::sealed_tally::{SealedTally, read_tally};
use crate::seen;
use crate::store::{Draft, PAGE_UNKNOWN, Photo, Store, StoredReceipt, StoredStatement};
use crate::view::{
    FindingView, LifeView, PageView, PhotoView, ReadingView, ReceiptView, RoundView, SeenView,
    StationQuestion, SupersededView, TallyCard, TallyView,
};

/// Everything that the store has of one tally: the draft, what was sealed, and the photos.
pub(super) struct TallyRecord {
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

impl TallyRecord {
    pub(super) fn read(
        store: &Store,
        enrolment: &Enrolment,
        paper: &Paper,
        tally_key: &TallyKey,
    ) -> Result<Self, StoreError> {
        let draft = store.draft(tally_key)?;
        let sealed = store.tallies(tally_key)?;
        let (figures, correction_reason, acknowledged) = match (&draft, sealed.first()) {
            (Some(draft), _) => (
                draft.figures.clone(),
                draft.supersedes.as_ref().map(|supersedes| supersedes.reason.clone()),
                draft.acknowledged.iter().map(|(key, at_ms)| (key.0.clone(), *at_ms)).collect(),
            ),
            (None, Some(newest)) => {
                let SealedTally { figures, body } = read_tally(enrolment, paper, newest)?;
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
            photos: store.photos(tally_key)?,
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
            (None, Some(newest)) => newest.life(),
            (draft, _) => LifeView {
                state: LifeState::Draft,
                since_ms: draft.as_ref().map(|draft| draft.saved_at_ms),
                received_at_ms: None,
                entrusted_at_ms: None,
                refusal: None,
                verdict: None,
            },
        }
    }

    /// Number of fields that are asked for and were typed.
    fn filled(&self, paper: &Paper) -> u32 {
        let typed = |field: &&Field| field.asked && self.figures.0.contains_key(&field.code);
        count(paper.fields().iter().filter(typed).count())
    }

    fn newest_photo(&self, page: u8) -> Option<&Photo> {
        self.photos.iter().rev().find(|photo| photo.page == page)
    }

    fn is_open(&self, fault: &Finding) -> bool {
        self.open_faults > 0 && !self.acknowledged.contains_key(&fault.key.0)
    }

    pub(super) fn card(
        &self,
        enrolment: &Enrolment,
        paper: &Paper,
        tally_key: &TallyKey,
        is_newest_round: bool,
    ) -> TallyCard {
        let pages = paper.pages();
        TallyCard {
            contest: paper.contest().id.clone(),
            kind: paper.contest().kind,
            round: enrolment.round(tally_key).map(round_view),
            is_newest_round,
            title: paper.contest().title.clone(),
            short_title: paper.contest().short_title.clone(),
            life: self.life(),
            filled: self.filled(paper),
            fields: asked(paper),
            pages_photographed: count(
                pages.iter().filter(|page| self.newest_photo(page.number).is_some()).count(),
            ),
            pages: count(pages.len()),
            open_faults: self.open_faults + self.open_readings(paper),
        }
    }

    /// What was typed, or sealed last.
    pub(super) fn figures(&self) -> &Figures {
        &self.figures
    }

    pub(super) fn tally_view(
        &self,
        enrolment: &Enrolment,
        paper: &Paper,
        tally_key: &TallyKey,
        questions: &[tally::StationQuestion],
    ) -> TallyView {
        let findings = self.report.findings.iter().map(|finding| FindingView {
            acknowledged_at_ms: self.acknowledged.get(&finding.key.0).copied(),
            finding: finding.clone(),
        });
        let is_open = |fault: &Finding| self.is_open(fault);
        let sections = Sections::new(paper, &self.figures, self.draft.as_ref(), &self.report, is_open);
        let is_draft = self.draft.is_some();
        let newest = self.sealed.first().filter(|_| !is_draft);
        TallyView {
            station: tally_key.station.clone(),
            station_kind: tally_key.station.kind(),
            number: tally_key.station.number(),
            regions: region_names(enrolment, &tally_key.station),
            contest: tally_key.contest.clone(),
            kind: paper.contest().kind,
            round: enrolment.round(tally_key).map(round_view),
            title: paper.contest().title.clone(),
            short_title: paper.contest().short_title.clone(),
            form: paper.form().title.clone(),
            drill: enrolment.election.drill,
            life: self.life(),
            saved_at_ms: self.draft.as_ref().map(|draft| draft.saved_at_ms),
            sections: sections.views(),
            findings: findings.collect(),
            checks_passed: self.report.checks_passed,
            open_faults: self.open_faults,
            open_readings: self.open_readings(paper),
            readings: self.readings(paper).collect(),
            open_questions: count(questions.iter().filter(|one| self.waits(&one.finding.key)).count()),
            questions: questions.iter().map(|question| self.question(question)).collect(),
            pages: self.pages(paper),
            unassigned_photos: self.unassigned_photos(),
            filled: self.filled(paper),
            fields: asked(paper),
            last_field: self.draft.as_ref().and_then(|draft| draft.last_field.clone()),
            statement: newest.map(|newest| newest.id.to_string()),
            sealed_at_ms: newest.map(|newest| newest.sealed_at_ms),
            receipt: self.receipt.as_ref().map(receipt_view),
            correction_reason: self.correction_reason.clone(),
            superseded: self.superseded(),
        }
    }

    fn pages(&self, paper: &Paper) -> Vec<PageView> {
        let view = |page: &PaperPage| PageView {
            page: page.number,
            title: page.title.clone(),
            photo: self.newest_photo(page.number).map(photo_view),
        };
        paper.pages().iter().map(view).collect()
    }

    fn question(&self, question: &tally::StationQuestion) -> StationQuestion {
        StationQuestion {
            field: question.field.clone(),
            here: question.here,
            there: question.there,
            other_contest: question.other_contest.clone(),
            other_short_title: question.other_short_title.clone(),
            finding: question.finding.clone(),
            key: question.finding.key.clone(),
            answered_at_ms: self.acknowledged.get(&question.finding.key.0).copied(),
        }
    }

    /// Whether the draft has no answer under this key.
    fn waits(&self, key: &FindingKey) -> bool {
        self.draft.is_some() && !self.acknowledged.contains_key(&key.0)
    }

    /// The photos whose page is not known, oldest first.
    fn unassigned_photos(&self) -> Vec<PhotoView> {
        self.photos.iter().filter(|photo| photo.page == PAGE_UNKNOWN).map(photo_view).collect()
    }

    /// What was sealed before the newest tally, or before the draft.
    fn superseded(&self) -> Vec<SupersededView> {
        let newest = usize::from(self.draft.is_none());
        let view = |stored: &StoredStatement| SupersededView {
            statement: stored.id.to_string(),
            life: stored.life(),
        };
        self.sealed.iter().skip(newest).map(view).collect()
    }

    /// What the device has read of figures that were typed.
    fn readings(&self, paper: &Paper) -> impl Iterator<Item = ReadingView> {
        seen::compare(&self.figures, &self.photos).into_iter().map(|one| ReadingView {
            candidate: paper.field(&one.field).and_then(Field::candidate),
            page: one.page,
            typed: one.typed,
            read: one.read,
            differs: one.differs(),
            answered_at_ms: self.acknowledged.get(&one.key().0).copied(),
            key: one.key(),
            field: one.field,
        })
    }

    /// Number of readings that wait for an answer; none after sealing.
    fn open_readings(&self, paper: &Paper) -> u32 {
        let draft = self.draft.is_some();
        count(self.readings(paper).filter(|one| draft && one.is_open()).count())
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
        drawn: photo.drawn,
        seen: photo.seen.as_ref().map(|seen| SeenView { page: seen.page, issues: seen.issues.clone() }),
    }
}

fn round_view(round: &Round) -> RoundView {
    RoundView {
        number: round.number,
        kind: round.kind,
        date: round.date.clone(),
        reason: round.reason.clone(),
    }
}

/// Number of fields that are asked for.
fn asked(paper: &Paper) -> u32 {
    count(paper.fields().iter().filter(|field| field.asked).count())
}

fn receipt_view(receipt: &StoredReceipt) -> ReceiptView {
    ReceiptView {
        leaf_index: receipt.leaf_index,
        tree_size: receipt.tree_size,
        verified_at_ms: receipt.verified_at_ms,
        log: receipt.log(),
    }
}
