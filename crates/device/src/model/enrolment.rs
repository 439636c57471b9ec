//! What a device has joined.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{Namespace, PublicKey, Subject};
use protocol::{Assignment, EnrolmentMark};
use sheet::FormGeometry;
use tally::{ContestId, Election, FIRST_ROUND, Paper, Round, StationId, StationKind};

use super::{KnownLog, TallyKey};
use crate::error::{DeviceError, error_chain};

/// What a device has joined: the election, its assignments, and the papers of its contests.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    pub(crate) endpoint: String,
    pub(crate) public_key: PublicKey,
    pub(crate) election: Election,
    pub(crate) assigned: Assigned,
    pub(crate) log: KnownLog,
    papers: BTreeMap<(ContestId, StationKind), KnownPaper>,
}

/// The paper of a contest at the stations of one kind.
#[derive(Debug, Clone)]
struct KnownPaper {
    paper: Paper,
    /// The positions of its boxes, if they are known.
    geometry: Option<FormGeometry>,
}

/// The assignments of a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) now: Vec<Assignment>,
    /// Assignments that have ended. What was written there is kept, shown and sent.
    pub(crate) past: Vec<Assignment>,
    /// Stations that the witness chose without an assignment.
    pub(crate) own: Vec<Assignment>,
    /// Number of times that the endpoint has changed them.
    pub(crate) revision: u64,
}

impl Assigned {
    /// The assignments after the endpoint has changed them.
    pub(crate) fn changed_to(self, now: Vec<Assignment>, revision: u64) -> Self {
        let mut past: Vec<Assignment> = Vec::new();
        for before in self.past.into_iter().chain(self.now) {
            let still = |contest: &ContestId| {
                now.iter().any(|one| one.station == before.station && one.contests.contains(contest))
            };
            let ended: Vec<ContestId> =
                before.contests.iter().filter(|contest| !still(contest)).cloned().collect();
            match past.iter_mut().find(|one| one.station == before.station) {
                Some(one) => {
                    one.contests.retain(|contest| !ended.contains(contest));
                    one.contests.extend(ended);
                }
                None if ended.is_empty() => {}
                None => past.push(Assignment { station: before.station, contests: ended }),
            }
        }
        // What the witness chose is an assignment as soon as the endpoint says so.
        let assigned = |own: &Assignment| now.iter().any(|one| one.station == own.station);
        let own = self.own.into_iter().filter(|own| !assigned(own)).collect();
        Self { now, past, own, revision }
    }

    /// These assignments, and the stations of `other` that are new.
    pub(crate) fn or(mut self, other: Self) -> Self {
        let new = |one: &Assignment| !self.now.iter().any(|known| known.station == one.station);
        let new: Vec<Assignment> = other.now.into_iter().filter(new).collect();
        self.own.retain(|own| !new.iter().any(|one| one.station == own.station));
        self.now.extend(new);
        self
    }

    /// Present and past assignments, and the stations that the witness chose.
    pub(crate) fn ever(&self) -> impl Iterator<Item = &Assignment> {
        self.now.iter().chain(&self.past).chain(&self.own)
    }
}

impl Enrolment {
    pub(crate) fn new(
        endpoint: String,
        public_key: PublicKey,
        election: Election,
        assigned: Assigned,
        log: KnownLog,
    ) -> Self {
        let kinds: BTreeSet<StationKind> = assigned.ever().map(|one| one.station.kind()).collect();
        let papers = election.contests.iter().flat_map(|contest| {
            let of_kind =
                |&kind| Some(((contest.id.clone(), kind), known_paper(&election, &contest.id, kind)?));
            kinds.iter().filter_map(of_kind).collect::<Vec<_>>()
        });
        let papers = papers.collect();
        Self { endpoint, public_key, election, assigned, log, papers }
    }

    /// The geometry of a paper, if it is known.
    pub(crate) fn geometry(&self, tally_key: &TallyKey) -> Option<&FormGeometry> {
        self.known_paper(tally_key)?.geometry.as_ref()
    }

    /// The paper of a contest at a station that is or was assigned to the device, in a round of the package.
    pub(crate) fn paper(&self, tally_key: &TallyKey) -> Result<&Paper, DeviceError> {
        let TallyKey { station, contest, round } = tally_key;
        let assigned =
            self.assigned.ever().any(|one| one.station == *station && one.contests.contains(contest));
        let has_round = *round == FIRST_ROUND || self.round(tally_key).is_some();
        let paper = self.known_paper(tally_key).filter(|_| assigned && has_round);
        paper
            .map(|known| &known.paper)
            .ok_or_else(|| DeviceError::NotAssigned { station: station.clone(), contest: contest.clone() })
    }

    /// A later round. `None` for the first count, and for a round that the package does not have.
    pub(crate) fn round(&self, tally_key: &TallyKey) -> Option<&Round> {
        let rounds = self.election.rounds_of(&tally_key.station, &tally_key.contest);
        rounds.into_iter().find(|round| round.number == tally_key.round)
    }

    /// The rounds of a contest at a station, newest first. The first count is the last of them.
    pub(crate) fn rounds(&self, station: &StationId, contest: &ContestId) -> Vec<TallyKey> {
        let later = self.election.rounds_of(station, contest).into_iter().rev().map(|round| round.number);
        later.chain([FIRST_ROUND]).map(|round| TallyKey::of_round(station, contest, round)).collect()
    }

    /// The papers of the station in the round of `tally_key`, in the order in which they are counted.
    pub(crate) fn papers_of_round(&self, tally_key: &TallyKey) -> Vec<(TallyKey, &Paper)> {
        let TallyKey { station, round, .. } = tally_key;
        let contests: BTreeSet<&ContestId> = self
            .assigned
            .ever()
            .filter(|one| one.station == *station)
            .flat_map(|one| &one.contests)
            .collect();
        let keys = contests.into_iter().map(|contest| TallyKey::of_round(station, contest, *round));
        let mut papers: Vec<(TallyKey, &Paper)> =
            keys.filter_map(|key| self.paper(&key).ok().map(|paper| (key, paper))).collect();
        papers.sort_by_key(|(_, paper)| paper.contest().kind);
        papers
    }

    fn known_paper(&self, tally_key: &TallyKey) -> Option<&KnownPaper> {
        self.papers.get(&(tally_key.contest.clone(), tally_key.station.kind()))
    }

    /// The real count, or a drill. What is of the other one is refused.
    pub(crate) fn namespace(&self) -> Namespace {
        if self.election.drill { Namespace::Drill } else { Namespace::Real }
    }

    /// The subject of statements about `station`.
    pub(crate) fn subject(&self, station: &StationId) -> Subject {
        Subject {
            namespace: self.namespace(),
            election: self.election.id.to_string(),
            station: station.to_string(),
        }
    }
}

impl Enrolment {
    /// The versions of package and assignments, which the endpoint compares with its own.
    pub(crate) fn mark(&self) -> EnrolmentMark {
        EnrolmentMark {
            election_version: self.election.version,
            assignments_revision: self.assigned.revision,
        }
    }

    /// Why an election package of the endpoint cannot replace this one. The papers and rounds of `written`
    /// must stay as they are, because figures or photos belong to them.
    pub(crate) fn may_become(&self, package: &str, written: &[TallyKey]) -> Result<(), String> {
        let (old, new) = (&self.election, Election::from_json(package).map_err(|error| error.to_string())?);
        if (&new.id, new.drill) != (&old.id, old.drill) {
            return Err(format!("it belongs to another election, {}", new.id));
        }
        if new.version < old.version {
            return Err(format!("its version {} is older than {}", new.version, old.version));
        }
        let fields =
            |paper: &Paper| -> Vec<_> { paper.fields().iter().map(|field| field.code.clone()).collect() };
        for tally_key in written {
            let TallyKey { station, contest, round } = tally_key;
            let paper = new.paper_of_kind(contest, station.kind());
            if self.known_paper(tally_key).map(|known| fields(&known.paper)) != paper.as_ref().map(fields) {
                return Err(format!("it changes the paper of {contest}, for which figures were written"));
            }
            if new.newest_round(station, contest) < *round {
                return Err(format!("it has no round {round} of {contest}, for which figures were written"));
            }
        }
        Ok(())
    }
}

fn known_paper(election: &Election, contest: &ContestId, kind: StationKind) -> Option<KnownPaper> {
    let paper = election.paper_of_kind(contest, kind)?;
    let geometry = geometry_of(&paper);
    Some(KnownPaper { paper, geometry })
}

/// Photos of a paper without usable positions are stored and not analysed.
fn geometry_of(paper: &Paper) -> Option<FormGeometry> {
    paper_layout::positions(paper)
        .inspect_err(|error| {
            let error = error_chain(error);
            tracing::warn!(form = %paper.form().id, error, "photos of this paper are not analysed");
        })
        .ok()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_that_ended_is_kept_until_it_is_assigned_again() {
        let at = |station: &str, contests: &[&str]| Assignment {
            station: station.parse().unwrap(),
            contests: contests.iter().map(|id| id.parse().unwrap()).collect(),
        };
        let (one, two) = ("52.71.05.1001-001", "52.71.05.1001-002");
        let begun = Assigned { now: vec![at(one, &["ppwp", "dpd"])], ..Assigned::default() };
        let moved = begun.changed_to(vec![at(one, &["ppwp"]), at(two, &["ppwp"])], 1);
        assert_eq!(moved.past, [at(one, &["dpd"])]);
        let gone = moved.changed_to(vec![at(two, &["ppwp"])], 2);
        assert_eq!(gone.past, [at(one, &["dpd", "ppwp"])]);
        let back = gone.changed_to(vec![at(one, &["dpd", "ppwp"])], 3);
        assert_eq!((back.past, back.revision), (vec![at(two, &["ppwp"])], 3));
    }
}
