//! The page of one station: what each witness signed, row by row, beside the photos.
//!
//! It is read from the signed bytes, and every signature is verified again on the way.

mod figures;
mod letters;
mod official;
mod photos;
mod received;
mod rounds;
mod signatures;

use std::collections::BTreeSet;

use evidence::DeviceId;
use tally::{Paper, StationId};

use self::letters::Letters;
use self::received::{ReceivedPhoto, ReceivedTally, Statements};
use self::signatures::SignedDecisions;
use super::contests::contest_view;
use crate::counting::round::round_that_counts;
use crate::counting::which::{Deciding, Received, latest_of_each};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::StationRecord;
use crate::view::{GapView, PageName, StationView, TallyView};

/// Maximum number of missing sequence numbers of one device on the page.
const GAPS_MAX: usize = 20;
/// Maximum number of statements on the page. A station has some dozen in a whole count.
const STATEMENTS_MAX: usize = 400;

/// Builds the page of a station for the contest of `paper`.
pub(crate) fn station_view(
    endpoint: &Endpoint,
    paper: &Paper,
    station: &StationId,
) -> Result<StationView, Refusal> {
    let contest = &paper.contest().id;
    let record = endpoint.store().station_record(station, contest, GAPS_MAX, STATEMENTS_MAX)?;
    let signed = SignedDecisions::of(station, &record);
    let mut statements = Statements::read(&record, paper)?;
    statements.add_corrections(&record, paper, &signed);
    let Statements { tallies, photos, reports, letters } = statements;
    let counted: Vec<Received<'_>> = tallies.iter().map(ReceivedTally::counted).collect();
    let decided = round_that_counts(&Deciding::of(paper), &counted);
    let latest = latest_of_round(&tallies, &counted, decided.round);
    let which = &decided.which;
    let (previous, next) = neighbours(endpoint, station);
    Ok(StationView {
        station_kind: station.kind(),
        number: station.number(),
        station: station.clone(),
        path: endpoint.package().named_path(Some(station.desa())),
        contest: contest.clone(),
        kind: paper.contest().kind,
        contests: endpoint.election().contests_at(station).map(contest_view).collect(),
        round: decided.round,
        rounds: rounds::round_views(endpoint, paper, station, &counted, &decided),
        standing: which.standing(),
        conflicts: which.conflicts(paper),
        form: paper.form().title.clone(),
        form_id: paper.form().id.to_string(),
        package_version: endpoint.election().version,
        official: official::official_station(endpoint, paper, station)?,
        sections: figures::sections(paper, &tallies, &latest, &photos),
        tallies: tallies.iter().map(|tally| tally_view(paper, &letters, &signed, tally, &tallies)).collect(),
        gaps: gaps(&record, &letters),
        reports,
        photos: photos::photo_views(endpoint, &record, &letters, &tallies, &photos)?,
        photo_requests: photos::photo_requests(&record, &letters, &photos),
        more_count: record.more_count,
        pages: pages(paper),
        previous,
        next,
    })
}

/// The current tallies of assigned devices in a round.
fn latest_of_round<'a>(
    tallies: &'a [ReceivedTally],
    counted: &[Received<'_>],
    round: u8,
) -> Vec<&'a ReceivedTally> {
    let mut of_round = counted.to_vec();
    of_round.iter_mut().for_each(|tally| tally.assigned &= tally.round == round);
    latest_of_each(&of_round).into_iter().filter_map(|index| tallies.get(index)).collect()
}

fn tally_view(
    paper: &Paper,
    letters: &Letters,
    signed: &SignedDecisions<'_>,
    tally: &ReceivedTally,
    all: &[ReceivedTally],
) -> TallyView {
    let claims = &tally.statement.claims;
    let is_later = |other: &ReceivedTally| {
        other.device() == claims.device
            && other.body.round == tally.body.round
            && other.statement.claims.sequence > claims.sequence
            && other.corrected_by == tally.corrected_by
    };
    let supersedes = tally.body.supersedes.as_ref();
    TallyView {
        statement: tally.statement.id.to_string(),
        device: claims.device.to_string(),
        witness: if tally.corrected_by.is_some() { String::new() } else { letters.of(claims.device) },
        round: tally.body.round,
        sequence: claims.sequence,
        sealed_at_ms: claims.sealed_at.plausible_ms(),
        received_at_ms: tally.arrival.received_at_ms,
        assigned: tally.assigned,
        superseded: all.iter().any(is_later),
        forked: tally.arrival.forks,
        quarantined: tally.arrival.quarantined,
        log_index: tally.arrival.log_index,
        correction_reason: supersedes.map(|corrected| corrected.reason.clone()),
        corrected_by: tally.corrected_by.clone(),
        corrects: supersedes.map(|corrected| corrected.statement.to_string()),
        verdicts: tally.verdicts.iter().map(|verdict| signed.view(verdict)).collect(),
        findings: tally.figures.as_ref().map(|figures| paper.check(figures).findings).unwrap_or_default(),
        acknowledged: tally.body.acknowledged.clone(),
    }
}

/// The witnesses whose chains have gaps, in the order of their letters' devices.
fn gaps(record: &StationRecord, letters: &Letters) -> Vec<GapView> {
    let with_gaps = record.missing.iter().filter(|(_, missing)| !missing.is_empty());
    let gap = |(device, missing): (&DeviceId, &Vec<u64>)| GapView {
        witness: letters.of(*device),
        missing: missing.clone(),
    };
    with_gaps.map(gap).collect()
}

fn pages(paper: &Paper) -> Vec<PageName> {
    let pages = paper.pages().iter();
    pages.map(|page| PageName { page: page.number, title: page.title.clone() }).collect()
}

/// The stations before and after this one in its desa. All stations of a desa vote in the same contests.
fn neighbours(endpoint: &Endpoint, station: &StationId) -> (Option<StationId>, Option<StationId>) {
    let in_desa: BTreeSet<StationId> = endpoint.election().stations_of(station.desa()).collect();
    (in_desa.range(..station).next_back().cloned(), in_desa.range(station..).nth(1).cloned())
}

/// Whether a photo belongs to a tally: its statement names the tally, and both are of one device.
fn belongs_to(photo: &ReceivedPhoto, tally: &ReceivedTally) -> bool {
    photo.body.tally == tally.statement.id && photo.device() == tally.device()
}
