//! Data entry: typing a tally, answering its findings, sealing it, correcting it.

use evidence::{Body, PhotoBody, StatementId, Supersedes, TallyBody};
use protocol::limit;
use tally::{CheckReport, FieldCode, Figure, Figures, Finding, FindingKey, Paper, StationId};

use crate::Device;
use crate::attempt::{self, ToGrade};
use crate::error::{DeviceError, StoreError};
use crate::health::CHAIN_FLOOR;
use crate::model::{Enrolment, SeenPhoto, StoredAttempt, TallyKey};
use crate::question::{question_keys, questions};
use crate::sabotage::{self, ChainLink};
use crate::sealed_tally::{SealedTally, read_tally};
use crate::seen::{self, Comparison};
use crate::store::{Draft, NewStatement, PAGE_UNKNOWN, Photo, StatementKind, Write};

impl Device {
    /// Sets or removes one figure. Answers to findings about the field are removed.
    pub fn set_figure(
        &self,
        tally_key: &TallyKey,
        field: &FieldCode,
        figure: Option<Figure>,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let cell = paper.field(field).ok_or_else(|| DeviceError::NoSuchField {
            contest: tally_key.contest.clone(),
            field: field.clone(),
        })?;
        if let Some(Figure::Written(value)) = figure
            && !cell.holds(value)
        {
            return Err(DeviceError::FigureTooLong { field: field.clone(), value, digits: cell.digits });
        }
        let (now_ms, true_now_ms) = (self.now_ms(), self.true_now_ms());
        self.store().write(|write| {
            let draft = open_draft(write, tally_key)?;
            if draft.figures.0.get(field).copied() == figure {
                return Ok(());
            }
            write.touch_draft(tally_key, now_ms, Some(field))?;
            change_figures(write, &enrolment, tally_key, &draft, &[field], figure)?;
            attempt::typed(write, tally_key, paper, field, true_now_ms)
        })
    }

    /// Stores that the witness says "memang tertulis begitu di kertas" of a finding, or of a figure that the
    /// device reads differently in the photo; or removes that answer. An answer to a finding that does not
    /// exist is ignored.
    pub fn acknowledge(
        &self,
        tally_key: &TallyKey,
        finding: &FindingKey,
        given: bool,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, tally_key)?;
            let differences = differences(write, tally_key, &draft)?;
            let questions = question_keys(write, &enrolment, tally_key, &draft.figures)?;
            let is_there = paper.check(&draft.figures).findings.iter().any(|found| found.key == *finding);
            if is_there || differences.contains(finding) || questions.contains(finding) {
                write.touch_draft(tally_key, now_ms, None)?;
                write.set_acknowledged(tally_key, finding, given.then_some(now_ms))?;
            }
            Ok(())
        })
    }

    /// Seals the draft with its photos: it never changes afterwards. The statements, their places in the
    /// chain, their entries in the outbox and the end of the draft are one transaction.
    pub fn seal(&self, tally_key: &TallyKey) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let key = self.key()?.ok_or(StoreError::KeyLost)?;
        let (now_ms, true_now_ms) = (self.now_ms(), self.true_now_ms());
        self.store().write(|write| {
            let draft = open_draft(write, tally_key)?;
            let differences = differences(write, tally_key, &draft)?;
            let mut body =
                tally_body(paper, &draft, differences, enrolment.election.version, tally_key.round)?;
            let questions = question_keys(write, &enrolment, tally_key, &draft.figures)?;
            let answered = questions.into_iter().filter(|key| draft.acknowledged.contains_key(key));
            body.acknowledged.extend(answered.map(|key| key.0));
            let attempt = attempt::open_attempt(write, tally_key)?;
            if let (Some(attempt), None) = (&attempt, &body.supersedes) {
                body.supersedes = earlier_attempt(write, attempt)?;
            }
            let mut sealer =
                Sealer { write, enrolment: &enrolment, of: SealedFor::Tally(tally_key), key: &key, now_ms };
            let tally = sealer.seal(StatementKind::Tally, Body::Tally(body))?;
            let mut photos = write.unsealed_photos(tally_key)?;
            photos.retain(|photo| photo.page != PAGE_UNKNOWN);
            for photo in &photos {
                sealer.seal_photo(tally, photo)?;
            }
            if let Some(attempt) = attempt {
                let (enrolment, draft, photos) = (&*enrolment, &draft, photos.as_slice());
                let sealed = ToGrade { enrolment, paper, draft, photos, now_ms: true_now_ms };
                let result = attempt::end(write, &attempt, &sealed)?;
                sealer.seal(StatementKind::Result, Body::Drill(result))?;
            }
            Ok::<_, DeviceError>(write.delete_draft(tally_key)?)
        })?;
        self.set_drill_clock()?;
        self.wake();
        Ok(())
    }

    /// Begins a correction of the sealed tally: a draft with its figures, which will supersede it for
    /// `reason`.
    pub fn begin_correction(&self, tally_key: &TallyKey, reason: &str) -> Result<(), DeviceError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeviceError::ReasonMissing);
        }
        if reason.chars().count() > limit::CORRECTION_REASON_CHARS {
            return Err(DeviceError::ReasonTooLong(limit::CORRECTION_REASON_CHARS));
        }
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            if write.draft(tally_key)?.is_some() {
                return Ok(());
            }
            let newest =
                write.tallies(tally_key)?.into_iter().next().ok_or_else(|| tally_key.not_sealed())?;
            let SealedTally { figures, .. } = read_tally(&enrolment, paper, &newest)?;
            write.touch_draft(tally_key, now_ms, None)?;
            write
                .set_supersedes(tally_key, &Supersedes { statement: newest.id, reason: reason.to_owned() })?;
            for (field, figure) in &figures.0 {
                write.set_figure(tally_key, field, Some(*figure))?;
            }
            Ok(())
        })
    }

    /// Abandons a correction that is not sealed. A first draft cannot be abandoned.
    pub fn abandon_correction(&self, tally_key: &TallyKey) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        enrolment.paper(tally_key)?;
        self.store().write(|write| {
            let is_correction = write.draft(tally_key)?.is_some_and(|draft| draft.supersedes.is_some());
            if is_correction { Ok::<_, DeviceError>(write.delete_draft(tally_key)?) } else { Ok(()) }
        })
    }
}

/// In a drill, what the tally of an attempt supersedes: that of the same paper from an earlier sheet. Two
/// that stand beside each other would look like fraud.
fn earlier_attempt(write: &Write<'_>, attempt: &StoredAttempt) -> Result<Option<Supersedes>, StoreError> {
    let reason = format!("Latihan: lembar {}, percobaan {}", attempt.sheet_number(), attempt.number);
    let earlier = write.tally_of_earlier_attempt(&attempt.tally_key)?;
    Ok(earlier.map(|statement| Supersedes { statement, reason }))
}

/// Sets or removes the figures of `fields`, and removes the answers to what they are concerned with. The
/// draft must exist in the store; `draft` is how it was before.
pub(crate) fn change_figures(
    write: &Write<'_>,
    enrolment: &Enrolment,
    tally_key: &TallyKey,
    draft: &Draft,
    fields: &[&FieldCode],
    figure: Option<Figure>,
) -> Result<(), DeviceError> {
    for field in fields {
        write.set_figure(tally_key, field, figure)?;
    }
    // Without an answer there is nothing to remove, and nothing to look for.
    if draft.acknowledged.is_empty() {
        return Ok(());
    }
    let mut after = draft.figures.clone();
    for field in fields {
        match figure {
            Some(figure) => _ = after.0.insert((*field).clone(), figure),
            None => _ = after.0.remove(*field),
        }
    }
    let before = findings(write, enrolment, tally_key, &draft.figures)?;
    let after = findings(write, enrolment, tally_key, &after)?;
    for finding in before {
        // What is found otherwise now, or no more, may be found again later with other figures.
        let concerned = finding.fields.iter().any(|concerned| fields.contains(&concerned));
        if concerned || !after.contains(&finding) {
            write.set_acknowledged(tally_key, &finding.key, None)?;
        }
    }
    for one in seen::compare(&draft.figures, &write.photos(tally_key)?) {
        if fields.contains(&&one.field) {
            write.set_acknowledged(tally_key, &one.key(), None)?;
        }
    }
    Ok(())
}

/// What the checks find, and what differs from the station's other papers.
fn findings(
    write: &Write<'_>,
    enrolment: &Enrolment,
    tally_key: &TallyKey,
    figures: &Figures,
) -> Result<Vec<Finding>, DeviceError> {
    let mut findings = enrolment.paper(tally_key)?.check(figures).findings;
    let questions = questions(write, enrolment, tally_key, figures)?;
    findings.extend(questions.into_iter().map(|question| question.finding));
    Ok(findings)
}

/// The draft of `tally_key`, or an empty one if nothing is sealed yet.
pub(crate) fn open_draft(write: &Write<'_>, tally_key: &TallyKey) -> Result<Draft, DeviceError> {
    match write.draft(tally_key)? {
        Some(draft) => Ok(draft),
        None if write.tallies(tally_key)?.is_empty() => Ok(Draft::default()),
        None => Err(tally_key.already_sealed()),
    }
}

/// The faults without an answer of the witness.
pub(crate) fn open_faults(report: &CheckReport, draft: &Draft) -> Vec<FindingKey> {
    report
        .faults()
        .filter(|fault| !draft.acknowledged.contains_key(&fault.key))
        .map(|fault| fault.key.clone())
        .collect()
}

/// The keys of figures that the device reads differently in the photos.
fn differences(
    write: &Write<'_>,
    tally_key: &TallyKey,
    draft: &Draft,
) -> Result<Vec<FindingKey>, StoreError> {
    let compared = seen::compare(&draft.figures, &write.photos(tally_key)?);
    Ok(compared.iter().filter(|one| one.differs()).map(Comparison::key).collect())
}

fn tally_body(
    paper: &Paper,
    draft: &Draft,
    differences: Vec<FindingKey>,
    package_version: u32,
    round: u8,
) -> Result<TallyBody, DeviceError> {
    if draft.figures.0.is_empty() {
        return Err(DeviceError::NothingTyped);
    }
    let report = paper.check(&draft.figures);
    let mut open = open_faults(&report, draft);
    open.extend(differences.iter().filter(|key| !draft.acknowledged.contains_key(key)).cloned());
    if !open.is_empty() {
        return Err(DeviceError::FaultsUnanswered(open));
    }
    Ok(TallyBody {
        contest: paper.contest().id.to_string(),
        package_version,
        form: paper.form().id.to_string(),
        figures: paper.to_wire(&draft.figures),
        acknowledged: report
            .faults()
            .map(|fault| fault.key.clone())
            .chain(differences)
            .map(|key| key.0)
            .collect(),
        supersedes: draft.supersedes.clone(),
        round,
    })
}

/// What statements are about.
#[derive(Clone, Copy)]
pub(crate) enum SealedFor<'a> {
    /// A tally, or photos of it.
    Tally(&'a TallyKey),
    /// A report about a station.
    Report(&'a StationId),
}

impl<'a> SealedFor<'a> {
    fn station(self) -> &'a StationId {
        match self {
            Self::Tally(tally_key) => &tally_key.station,
            Self::Report(station) => station,
        }
    }

    fn tally_key(self) -> Option<&'a TallyKey> {
        match self {
            Self::Tally(tally_key) => Some(tally_key),
            Self::Report(_) => None,
        }
    }
}

/// Seals statements in order, within one transaction.
pub(crate) struct Sealer<'a, 'w> {
    pub(crate) write: &'a Write<'w>,
    pub(crate) enrolment: &'a Enrolment,
    pub(crate) of: SealedFor<'a>,
    pub(crate) key: &'a evidence::DeviceKey,
    pub(crate) now_ms: i64,
}

impl Sealer<'_, '_> {
    pub(crate) fn seal(&mut self, kind: StatementKind, body: Body) -> Result<StatementId, DeviceError> {
        let head = self.write.chain_head()?;
        let floor = self.write.setting(CHAIN_FLOOR)?.and_then(|floor| floor.parse().ok()).unwrap_or(0);
        let link = ChainLink {
            sequence: head.map_or(1, |head| head.sequence + 1).max(floor),
            previous: head.map(|head| head.id),
        };
        let ChainLink { sequence, previous } = sabotage::chain_link(link);
        let draft = evidence::Draft {
            subject: self.enrolment.subject(self.of.station()),
            sealed_at_s: self.now_ms.div_euclid(1000),
            sequence,
            previous,
            body,
        };
        let sealed = draft.seal(self.key)?;
        self.write.add_statement(&NewStatement {
            sealed: &sealed,
            sequence: draft.sequence,
            kind,
            station: self.of.station(),
            tally_key: self.of.tally_key(),
            sealed_at_ms: self.now_ms,
        })?;
        Ok(sealed.id)
    }

    /// Seals a photo of `tally`, and puts its bytes into the outbox.
    pub(crate) fn seal_photo(&mut self, tally: StatementId, photo: &Photo) -> Result<(), DeviceError> {
        let body = PhotoBody {
            tally,
            page: photo.page,
            original: photo.original,
            original_bytes: photo.original_bytes,
            derivative: photo.derivative,
            derivative_bytes: photo.derivative_bytes,
            seen: photo.seen.as_ref().map(SeenPhoto::for_statement),
        };
        let statement = self.seal(StatementKind::Photo, Body::Photo(body))?;
        Ok(self.write.bind_photo(photo, statement)?)
    }
}
