//! Typing a tally, answering its faults, sealing it, correcting it.

use evidence::{Body, Claims, PhotoBody, StatementId, Supersedes, TallyBody, Unverified};
use tally::{CheckReport, ContestId, FieldCode, Figure, Figures, FindingKey, Paper, StationId};

use crate::Device;
use crate::enrolment::Enrolment;
use crate::error::{DeviceError, StoreError};
use crate::health::CHAIN_FLOOR;
use crate::sabotage;
use crate::seen::{self, Comparison, SeenPhoto};
use crate::store::{Draft, NewStatement, Photo, Place, StatementKind, StoredStatement, Write};

/// Longest reason of a correction, in characters.
const REASON_CHARS_MAX: usize = 500;

impl Device {
    /// Writes one figure down, or takes it away. What was answered about this field before is open again.
    pub fn set_figure(
        &self,
        station: &StationId,
        contest: &ContestId,
        field: &FieldCode,
        figure: Option<Figure>,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let cell = paper
            .field(field)
            .ok_or_else(|| DeviceError::NoSuchField { contest: contest.clone(), field: field.clone() })?;
        if let Some(Figure::Written(value)) = figure
            && !cell.holds(value)
        {
            return Err(DeviceError::FigureTooLong { field: field.clone(), value, digits: cell.digits });
        }
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, &place)?;
            if draft.figures.0.get(field).copied() == figure {
                return Ok(());
            }
            let concerned = paper.check(&draft.figures).findings;
            write.touch_draft(&place, now_ms, Some(field))?;
            write.set_figure(&place, field, figure)?;
            for finding in concerned.iter().filter(|finding| finding.fields.contains(field)) {
                write.set_acknowledged(&place, &finding.key, None)?;
            }
            let compared = seen::compare(&draft.figures, &write.photos(&place)?);
            for one in compared.iter().filter(|one| one.field == *field) {
                write.set_acknowledged(&place, &one.key(), None)?;
            }
            Ok(())
        })
    }

    /// Notes that the witness says of a finding, or of a figure that the device read otherwise in the photo, "memang
    /// tertulis begitu di kertas", or takes that back. Of a finding that is not there, nothing is noted.
    pub fn acknowledge(
        &self,
        station: &StationId,
        contest: &ContestId,
        finding: &FindingKey,
        given: bool,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, &place)?;
            let differences = differences(write, &place, &draft)?;
            let is_there = paper.check(&draft.figures).findings.iter().any(|found| found.key == *finding);
            if is_there || differences.contains(finding) {
                write.touch_draft(&place, now_ms, None)?;
                write.set_acknowledged(&place, finding, given.then_some(now_ms))?;
            }
            Ok(())
        })
    }

    /// Seals the draft with its photos: from here on it never changes. One transaction holds the statements, their
    /// places in the chain and in the outbox, and the end of the draft.
    pub fn seal(&self, station: &StationId, contest: &ContestId) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let key = self.key()?.ok_or(StoreError::KeyLost)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, &place)?;
            let differences = differences(write, &place, &draft)?;
            let body = tally_body(paper, &draft, differences, enrolment.election.version)?;
            let mut sealer =
                Sealer { write, enrolment: &enrolment, station, contest: Some(contest), key: &key, now_ms };
            let tally = sealer.seal(StatementKind::Tally, Body::Tally(body))?;
            for photo in write.unsealed_photos(&place)? {
                sealer.seal_photo(tally, &photo)?;
            }
            Ok::<_, DeviceError>(write.delete_draft(&place)?)
        })?;
        self.wake();
        Ok(())
    }

    /// Begins a correction of the sealed tally: a draft with its figures, which will supersede it and name `reason`.
    pub fn begin_correction(
        &self,
        station: &StationId,
        contest: &ContestId,
        reason: &str,
    ) -> Result<(), DeviceError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
            return Err(DeviceError::ReasonMissing);
        }
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            if write.draft(&place)?.is_some() {
                return Ok(());
            }
            let newest = write.tallies(&place)?.into_iter().next().ok_or_else(|| DeviceError::NotSealed {
                station: station.clone(),
                contest: contest.clone(),
            })?;
            let (_, figures, _) = read_tally(&enrolment, paper, &newest)?;
            write.touch_draft(&place, now_ms, None)?;
            write.set_supersedes(&place, &Supersedes { statement: newest.id, reason: reason.to_owned() })?;
            for (field, figure) in &figures.0 {
                write.set_figure(&place, field, Some(*figure))?;
            }
            Ok(())
        })
    }

    /// Takes a correction back that was begun and not sealed. A first draft is never taken away like this.
    pub fn abandon_correction(&self, station: &StationId, contest: &ContestId) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        enrolment.paper(&place)?;
        self.store().write(|write| {
            let is_correction = write.draft(&place)?.is_some_and(|draft| draft.supersedes.is_some());
            if is_correction { Ok::<_, DeviceError>(write.delete_draft(&place)?) } else { Ok(()) }
        })
    }
}

/// The draft of `place`, or an empty one where nothing is sealed yet.
fn open_draft(write: &Write<'_>, place: &Place) -> Result<Draft, DeviceError> {
    match write.draft(place)? {
        Some(draft) => Ok(draft),
        None if write.tallies(place)?.is_empty() => Ok(Draft::default()),
        None => {
            Err(DeviceError::AlreadySealed { station: place.station.clone(), contest: place.contest.clone() })
        }
    }
}

/// The faults that the witness has not answered.
pub(crate) fn open_faults(report: &CheckReport, draft: &Draft) -> Vec<FindingKey> {
    report
        .faults()
        .filter(|fault| !draft.acknowledged.contains_key(&fault.key))
        .map(|fault| fault.key.clone())
        .collect()
}

/// What the device read otherwise in the photos, by the keys under which the answers are noted.
fn differences(write: &Write<'_>, place: &Place, draft: &Draft) -> Result<Vec<FindingKey>, StoreError> {
    let compared = seen::compare(&draft.figures, &write.photos(place)?);
    Ok(compared.iter().filter(|one| one.differs()).map(Comparison::key).collect())
}

fn tally_body(
    paper: &Paper,
    draft: &Draft,
    differences: Vec<FindingKey>,
    package_version: u32,
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
    })
}

/// What a sealed tally says, read back from the bytes that were signed.
pub(crate) fn read_tally(
    enrolment: &Enrolment,
    paper: &Paper,
    stored: &StoredStatement,
) -> Result<(Claims, Figures, TallyBody), StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("{:?}: {what}", stored.id));
    let statement = Unverified::parse(&stored.bytes)
        .and_then(|parsed| parsed.verify(&enrolment.public_key))
        .map_err(|error| damaged(&error.to_string()))?;
    let Body::Tally(body) = statement.body else { return Err(damaged("not a tally")) };
    let figures = paper.from_wire(&body.figures).ok_or_else(|| damaged("figures of another form"))?;
    Ok((statement.claims, figures, body))
}

/// Seals statements one after the other within one transaction.
pub(crate) struct Sealer<'a, 'w> {
    pub(crate) write: &'a Write<'w>,
    pub(crate) enrolment: &'a Enrolment,
    pub(crate) station: &'a StationId,
    pub(crate) contest: Option<&'a ContestId>,
    pub(crate) key: &'a evidence::DeviceKey,
    pub(crate) now_ms: i64,
}

impl Sealer<'_, '_> {
    pub(crate) fn seal(&mut self, kind: StatementKind, body: Body) -> Result<StatementId, DeviceError> {
        let head = self.write.chain_head()?;
        let floor = self.write.setting(CHAIN_FLOOR)?.and_then(|floor| floor.parse().ok()).unwrap_or(0);
        let next = head.map_or(1, |(sequence, _)| sequence + 1).max(floor);
        let (sequence, previous) = sabotage::place_in_chain(next, head.map(|(_, id)| id));
        let draft = evidence::Draft {
            subject: self.enrolment.subject(self.station),
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
            station: self.station,
            contest: self.contest,
            sealed_at_ms: self.now_ms,
        })?;
        Ok(sealed.id)
    }

    /// Seals a photo as one of `tally`, and puts its bytes into the outbox.
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
        Ok(self.write.bind_photo(photo.id, statement)?)
    }
}
