//! Joining an election with an invitation.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use evidence::{LogId, LogPublicKey, Namespace, PublicKey, Rotation, Subject};
use protocol::{Assignment, EnrolRequest, EnrolResponse, EnrolmentMark, LogKeys, enrol_proof_message};
use sheet::FormGeometry;
use tally::{ContestId, Election, Paper, StationId};

use crate::Device;
use crate::error::{DeviceError, error_chain};
use crate::invitation::Invitation;
use crate::store::TallyKey;
use crate::sync::HttpTransport;

/// What a device has joined: the election, its assignments, and the papers of its contests.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    pub(crate) endpoint: String,
    pub(crate) public_key: PublicKey,
    pub(crate) election: Election,
    pub(crate) assigned: Assigned,
    pub(crate) log: KnownLog,
    papers: BTreeMap<ContestId, Paper>,
    geometries: BTreeMap<ContestId, FormGeometry>,
}

/// The assignments of a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) now: Vec<Assignment>,
    /// Assignments that have ended. What was written there is kept, shown and sent.
    pub(crate) past: Vec<Assignment>,
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
        Self { now, past, revision }
    }

    /// Present and past assignments.
    pub(crate) fn ever(&self) -> impl Iterator<Item = &Assignment> {
        self.now.iter().chain(&self.past)
    }
}

/// The keys of the endpoint's log: the one that the device pinned when it joined, and the rotations since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownLog {
    pub(crate) pinned: LogPublicKey,
    pub(crate) rotations: Vec<Rotation>,
}

impl KnownLog {
    pub(crate) fn pinned(pinned: LogPublicKey) -> Self {
        Self { pinned, rotations: Vec::new() }
    }

    /// `None` if the rotations do not continue from the pinned key.
    pub(crate) fn of(pinned: LogPublicKey, rotations: Vec<Rotation>) -> Option<Self> {
        pinned.follow(&rotations)?;
        Some(Self { pinned, rotations })
    }

    /// The key that signs now.
    pub(crate) fn current(&self) -> LogPublicKey {
        self.rotations.last().map_or(self.pinned, |rotation| rotation.new)
    }

    /// The key with this id, if the log has had it.
    pub(crate) fn key_of(&self, log: LogId) -> Option<LogPublicKey> {
        let later = self.rotations.iter().map(|rotation| rotation.new);
        std::iter::once(self.pinned).chain(later).find(|key| key.id() == log)
    }

    /// The rotations that continue from the key that signs now; empty if there are none, or if they are not
    /// valid.
    pub(crate) fn further(&self, all: &[Rotation]) -> Vec<Rotation> {
        let from = all.iter().position(|rotation| rotation.old == self.current()).unwrap_or(all.len());
        let further = &all[from..];
        if self.current().follow(further).is_some() { further.to_vec() } else { Vec::new() }
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
        let papers: BTreeMap<ContestId, Paper> = election
            .contests
            .iter()
            .filter_map(|contest| Some((contest.id.clone(), election.paper(&contest.id)?)))
            .collect();
        let geometries = papers
            .iter()
            .filter_map(|(contest, paper)| Some((contest.clone(), geometry_of(paper.form())?)))
            .collect();
        Self { endpoint, public_key, election, assigned, log, papers, geometries }
    }

    /// The geometry of a contest's form, if it is known.
    pub(crate) fn geometry(&self, contest: &ContestId) -> Option<&FormGeometry> {
        self.geometries.get(contest)
    }

    /// The paper of a contest at a station that is or was assigned to the device.
    pub(crate) fn paper(&self, tally_key: &TallyKey) -> Result<&Paper, DeviceError> {
        let assigned = self.assigned.ever().any(|assignment| {
            assignment.station == tally_key.station && assignment.contests.contains(&tally_key.contest)
        });
        self.papers.get(&tally_key.contest).filter(|_| assigned).ok_or_else(|| DeviceError::NotAssigned {
            station: tally_key.station.clone(),
            contest: tally_key.contest.clone(),
        })
    }

    /// The subject of statements about `station`.
    pub(crate) fn subject(&self, station: &StationId) -> Subject {
        Subject {
            namespace: if self.election.drill { Namespace::Drill } else { Namespace::Real },
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

    /// Why an election package of the endpoint cannot replace this one. The papers of the contests in
    /// `written` must stay as they are, because figures were written for them.
    pub(crate) fn may_become(&self, package: &str, written: &[ContestId]) -> Result<(), String> {
        let (old, new) = (&self.election, Election::from_json(package).map_err(|error| error.to_string())?);
        if (&new.id, new.drill) != (&old.id, old.drill) {
            return Err(format!("it belongs to another election, {}", new.id));
        }
        if new.version < old.version {
            return Err(format!("its version {} is older than {}", new.version, old.version));
        }
        let fields =
            |paper: &Paper| -> Vec<_> { paper.fields().iter().map(|field| field.code.clone()).collect() };
        let changed = written
            .iter()
            .find(|contest| self.papers.get(*contest).map(fields) != new.paper(contest).as_ref().map(fields));
        changed.map_or(Ok(()), |contest| {
            Err(format!("it changes the paper of {contest}, for which figures were written"))
        })
    }
}

/// Photos of a form without a readable geometry are stored and not analysed.
fn geometry_of(form: &tally::Form) -> Option<FormGeometry> {
    FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
        .inspect_err(|error| {
            tracing::warn!(form = %form.id, error = error_chain(error), "photos of this form are not analysed");
        })
        .ok()
        .flatten()
}

impl Device {
    /// Joins the election that `invitation` is for.
    pub async fn join(&self, invitation: &str, transport: &HttpTransport) -> Result<(), DeviceError> {
        let invitation = Invitation::parse(invitation)?;
        let request = self.enrol_request(&invitation)?;
        let response = transport.enrol(&invitation.endpoint, &request).await?;
        let earlier = match invitation.fragment.names_log(log_key(&response)?) {
            Some(false) => rotations(&transport.log_keys(&invitation.endpoint).await?)?,
            Some(true) | None => Vec::new(),
        };
        self.enrolled(&invitation, response, &earlier)
    }

    /// The request to the endpoint. The key is on disk before it is sent, so that the request can be repeated
    /// if the answer is lost.
    pub fn enrol_request(&self, invitation: &Invitation) -> Result<EnrolRequest, DeviceError> {
        if let Ok(joined) = self.enrolment() {
            return Err(DeviceError::AlreadyJoined(joined.election.title.id.clone()));
        }
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let proof = key.sign_message(&enrol_proof_message(&invitation.fragment.code));
        Ok(EnrolRequest {
            invitation: invitation.fragment.code.clone(),
            public_key: key.public().to_hex(),
            proof: proof.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// Checks and stores the endpoint's answer. `rotations` are those of the log's key, if the invitation names
    /// an earlier one.
    pub fn enrolled(
        &self,
        invitation: &Invitation,
        response: EnrolResponse,
        rotations: &[Rotation],
    ) -> Result<(), DeviceError> {
        let log = invitation.log(log_key(&response)?, rotations).ok_or(DeviceError::OtherLog)?;
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        if response.device != key.public().device_id() {
            return Err(DeviceError::NotTheEndpoint("it enrolled another device".into()));
        }
        // Through the loader, so that it is as consistent as a package from a file.
        let election = response
            .election
            .to_json()
            .map_err(|error| error.to_string())
            .and_then(|json| Election::from_json(&json).map_err(|error| error.to_string()))
            .map_err(|error| {
                DeviceError::NotTheEndpoint(format!("its election package is not valid: {error}"))
            })?;
        let enrolment = Enrolment::new(
            invitation.endpoint.clone(),
            key.public(),
            election,
            Assigned { now: response.assignments, past: Vec::new(), revision: response.assignments_revision },
            log,
        );
        let now_ms = self.now_ms();
        self.store().write(|write| write.set_enrolment(&enrolment, now_ms))?;
        *self.enrolment.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(enrolment));
        self.wake();
        Ok(())
    }
}

/// The log key that the endpoint presents.
fn log_key(response: &EnrolResponse) -> Result<LogPublicKey, DeviceError> {
    LogPublicKey::from_hex(&response.log_key)
        .map_err(|error| DeviceError::NotTheEndpoint(format!("its log key is malformed: {error}")))
}

fn rotations(keys: &LogKeys) -> Result<Vec<Rotation>, DeviceError> {
    let read: Result<_, _> = keys.rotations.iter().map(|hex| Rotation::from_hex(hex)).collect();
    read.map_err(|error| DeviceError::NotTheEndpoint(format!("a rotation of its log is malformed: {error}")))
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
