//! The rule of admission: whether a statement may be stored. Pure: bytes, a key and the election in; an
//! admitted statement or a problem out.

use evidence::{
    Body, Namespace, PhotoBody, PublicKey, ReadFigure, Seen, Statement, StatementError, TallyBody, Unverified,
};
use protocol::{Problem, ProblemCode, limit};
use tally::{ContestId, Severity, StationId};

use crate::election::package::Package;
use crate::error_chain::error_chain;
use crate::model::statement::{Admitted, Entry};

/// Minimum certainty of a reading that is used, in thousandths: the same as on the device.
pub const CERTAIN_PERMILLE: u16 = (sheet::CONFIDENT * 1_000.0) as u16;

/// Reads a statement, before the key of its device is known.
pub fn read(bytes: &[u8]) -> Result<Unverified, Problem> {
    if bytes.len() > limit::STATEMENT_BYTES {
        let detail = format!("{} bytes, where {} are allowed", bytes.len(), limit::STATEMENT_BYTES);
        return Err(Problem::new(ProblemCode::BodyTooLong, detail));
    }
    Unverified::parse(bytes).map_err(|error| problem_of(&error))
}

/// Decides on a statement of a device that was read. `key` is the key with which it enrolled; `None` when it
/// did not. What coordinators decide does not come from devices.
pub fn admit(
    unverified: Unverified,
    bytes: Vec<u8>,
    key: Option<&PublicKey>,
    package: &Package,
) -> Result<Admitted, Problem> {
    if matches!(unverified.unproved().body, Body::Verdict(_) | Body::Correction(_)) {
        let detail = "only coordinators decide, in the console".to_owned();
        return Err(Problem::new(ProblemCode::StatementUnsupported, detail));
    }
    admit_any(unverified, bytes, key, package)
}

/// The same for a statement of anybody.
pub fn admit_any(
    unverified: Unverified,
    bytes: Vec<u8>,
    key: Option<&PublicKey>,
    package: &Package,
) -> Result<Admitted, Problem> {
    let refuse = |code, detail: String| Err(Problem::new(code, detail));
    let Some(key) = key else {
        return refuse(ProblemCode::DeviceUnknown, format!("device {}", unverified.device()));
    };
    let Statement { id, claims, body } = unverified.verify(key).map_err(|error| problem_of(&error))?;
    let subject = &claims.subject;
    if subject.election != package.election.id.as_str() || subject.namespace != package.namespace() {
        return refuse(
            ProblemCode::ElectionWrong,
            format!("{subject} does not belong to {}", package.election.id),
        );
    }
    let station = match subject.station.parse::<StationId>() {
        Ok(station) if package.election.has_station(&station) => station,
        _ => return refuse(ProblemCode::StationUnknown, format!("station {}", subject.station)),
    };
    let entry = entry_of(body, &station, package)?;
    let Ok(sequence) = i64::try_from(claims.sequence) else {
        return refuse(ProblemCode::StatementMalformed, format!("sequence number {}", claims.sequence));
    };
    Ok(Admitted { id, device: claims.device, sequence, station, entry, bytes })
}

/// The content of a verified statement about a station, as far as counting and photo uploads need it.
pub fn entry_of(body: Body, station: &StationId, package: &Package) -> Result<Entry, Problem> {
    match body {
        Body::Tally(tally) => admit_tally(tally, station, package),
        Body::Photo(photo) => admit_photo(&photo),
        Body::Attendance(attendance) => Ok(Entry::Attendance { event: attendance.event }),
        Body::Incident(incident) => {
            Ok(Entry::Incident { category: incident.category, tally: incident.tally })
        }
        Body::Verdict(verdict) => Ok(Entry::Verdict { about: verdict.statement }),
        // It counts like a tally of a device that is assigned nowhere: by its verdict alone.
        Body::Correction(correction) => admit_tally(correction.to_tally(), station, package),
        Body::Audit(_) => Err(Problem::new(
            ProblemCode::StatementUnsupported,
            "only the endpoint itself states its audit".to_owned(),
        )),
        Body::Drill(_) if package.namespace() == Namespace::Drill => Ok(Entry::Report),
        Body::Drill(_) => Err(Problem::new(
            ProblemCode::ElectionWrong,
            "an exercise does not belong to the real count".to_owned(),
        )),
    }
}

fn admit_tally(tally: TallyBody, station: &StationId, package: &Package) -> Result<Entry, Problem> {
    let contest = contest_at(&tally.contest, station, package)?;
    let round = round_of(&tally, &contest, station, package)?;
    let unknown = || Problem::new(ProblemCode::ContestUnknown, format!("contest {contest}"));
    let paper = package.paper_of_kind(&contest, station.kind()).ok_or_else(unknown)?;
    let unfit = |detail: String| Problem::new(ProblemCode::FiguresUnfit, detail);
    if tally.form != paper.form().id.as_str() {
        return Err(unfit(format!("the contest is written on {}, not on {}", paper.form().id, tally.form)));
    }
    let figures = paper.from_wire(&tally.figures).ok_or_else(|| {
        unfit(format!("{} figures for a paper of {} fields", tally.figures.len(), paper.fields().len()))
    })?;
    if let Some(field) = paper.misfits(&figures).first() {
        return Err(unfit(format!("a number with more digits than {field} has boxes")));
    }
    let is_long = |reason: &str| reason.chars().count() > limit::CORRECTION_REASON_CHARS;
    if tally.supersedes.is_some_and(|corrected| is_long(&corrected.reason)) {
        let detail = format!("a reason of more than {} characters", limit::CORRECTION_REASON_CHARS);
        return Err(Problem::new(ProblemCode::StatementMalformed, detail));
    }
    let findings = paper.check(&figures).findings;
    let faults = findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
    let faults = u32::try_from(faults).unwrap_or(u32::MAX);
    Ok(Entry::Tally { contest, round, figures: tally.figures, faults })
}

/// The contest that a tally names, if it is voted at the station.
fn contest_at(named: &str, station: &StationId, package: &Package) -> Result<ContestId, Problem> {
    let refused = |detail: String| Problem::new(ProblemCode::ContestUnknown, detail);
    let contest = named.parse::<ContestId>().ok().filter(|id| package.election.contest(id).is_some());
    let contest = contest.ok_or_else(|| refused(format!("contest {named}")))?;
    if package.election.is_voted_at(&contest, station) {
        Ok(contest)
    } else {
        Err(refused(format!("the contest {contest} is not voted at the station {station}")))
    }
}

/// The round that a tally names, if the package has it for the station and contest.
fn round_of(
    tally: &TallyBody,
    contest: &ContestId,
    station: &StationId,
    package: &Package,
) -> Result<u8, Problem> {
    if package.has_round(station, contest, tally.round) {
        return Ok(tally.round);
    }
    let detail = format!("the station {station} has no round {} of the contest {contest}", tally.round);
    Err(Problem::new(ProblemCode::RoundUnknown, detail))
}

fn admit_photo(photo: &PhotoBody) -> Result<Entry, Problem> {
    let &PhotoBody { tally, page, derivative, derivative_bytes, original_bytes, ref seen, .. } = photo;
    if original_bytes > limit::ORIGINAL_BYTES {
        let detail =
            format!("an original of {original_bytes} bytes, where {} are allowed", limit::ORIGINAL_BYTES);
        return Err(Problem::new(ProblemCode::BodyTooLong, detail));
    }
    if derivative_bytes > limit::PHOTO_BYTES {
        let detail = format!("a photo of {derivative_bytes} bytes, where {} are allowed", limit::PHOTO_BYTES);
        return Err(Problem::new(ProblemCode::BodyTooLong, detail));
    }
    if derivative_bytes == 0 {
        return Err(Problem::new(ProblemCode::PhotoNotAnImage, "a photo of no bytes"));
    }
    let seen = seen.as_ref().filter(|seen| seen.page == Some(page));
    let readings = seen.map(certain_readings).unwrap_or_default();
    Ok(Entry::Photo { tally, page, derivative, derivative_bytes, readings })
}

/// The figures that a device read with certainty.
fn certain_readings(seen: &Seen) -> Vec<(String, u32)> {
    let is_certain = |read: &&ReadFigure| read.certainty_permille >= CERTAIN_PERMILLE;
    let certain = seen.read.iter().filter(is_certain);
    certain.filter_map(|read| Some((read.field.clone(), read.figure?))).collect()
}

fn problem_of(error: &StatementError) -> Problem {
    let code = match error {
        StatementError::Malformed { .. } => ProblemCode::StatementMalformed,
        StatementError::Unsupported => ProblemCode::StatementUnsupported,
        StatementError::TooLong { .. } => ProblemCode::BodyTooLong,
        StatementError::OtherDevice { .. } | StatementError::BadSignature => ProblemCode::SignatureInvalid,
    };
    Problem::new(code, error_chain(error))
}
