//! Builds the views of one tally.

use std::collections::BTreeMap;

use tally::words::in_words;
use tally::{CheckReport, Field, Figure, Figures, Localized, Page, Paper, Quantity, Row, Section};

use super::region_names;
use crate::entry::{SealedTally, open_faults, read_tally};
use crate::error::StoreError;
use crate::life::LifeState;
use crate::model::{Enrolment, TallyKey};
use crate::seen;
use crate::store::{Draft, Photo, Store, StoredReceipt, StoredStatement};
use crate::view::{
    CellView, FindingView, LifeView, PageView, PhotoView, ReadingView, ReceiptView, RowView, SectionView,
    SeenView, SupersededView, TallyCard, TallyView,
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

    pub(super) fn card(&self, paper: &Paper) -> TallyCard {
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

    pub(super) fn tally_view(&self, enrolment: &Enrolment, paper: &Paper, tally_key: &TallyKey) -> TallyView {
        let findings = self.report.findings.iter().map(|finding| FindingView {
            acknowledged_at_ms: self.acknowledged.get(&finding.key.0).copied(),
            finding: finding.clone(),
        });
        let is_draft = self.draft.is_some();
        let newest = self.sealed.first().filter(|_| !is_draft);
        TallyView {
            station: tally_key.station.clone(),
            number: tally_key.station.number(),
            regions: region_names(enrolment, &tally_key.station),
            contest: tally_key.contest.clone(),
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
            pages: self.pages(paper),
            filled: count(self.figures.0.len()),
            fields: count(paper.fields().len()),
            last_field: self.draft.as_ref().and_then(|draft| draft.last_field.clone()),
            statement: newest.map(|newest| newest.id.to_string()),
            sealed_at_ms: newest.map(|newest| newest.sealed_at_ms),
            receipt: self.receipt.as_ref().map(receipt_view),
            correction_reason: self.correction_reason.clone(),
            superseded: self.superseded(),
        }
    }

    fn pages(&self, paper: &Paper) -> Vec<PageView> {
        let view = |page: &Page| PageView {
            page: page.number,
            title: page.title.clone(),
            photo: self.newest_photo(page.number).map(photo_view),
        };
        paper.form().pages.iter().map(view).collect()
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

    /// Number of readings that wait for an answer; none after sealing.
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

    /// A row of the form is one row on the screen, or one for each candidate.
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
        seen: photo.seen.as_ref().map(|seen| SeenView { page: seen.page, issues: seen.issues.clone() }),
    }
}

fn receipt_view(receipt: &StoredReceipt) -> ReceiptView {
    ReceiptView {
        leaf_index: receipt.leaf_index,
        tree_size: receipt.tree_size,
        verified_at_ms: receipt.verified_at_ms,
        log: receipt.log(),
    }
}

/// The counts of a paper's fields and pages fit into 32 bits.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
