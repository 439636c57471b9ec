//! Joining an election with an invitation, and what was joined.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use evidence::{LogId, LogPublicKey, Namespace, PublicKey, Rotation, Subject};
use protocol::{Assignment, EnrolRequest, EnrolResponse, enrol_proof_message, normal_invitation};
use sheet::FormGeometry;
use tally::{ContestId, Election, Paper, StationId};

use crate::Device;
use crate::error::DeviceError;
use crate::store::Place;
use crate::sync::HttpTransport;

/// An invitation as a witness gets it: the endpoint's address and a code, `https://endpoint.example/#ABCD-EFGH-JKMN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The endpoint's base address.
    pub endpoint: String,
    /// The code.
    pub code: String,
}

/// The longest invitation that is read, in bytes.
const INVITATION_BYTES_MAX: usize = 500;
const CODE_LENGTH: std::ops::RangeInclusive<usize> = 8..=40;

impl Invitation {
    /// Reads a link, also from the middle of a longer message.
    pub fn parse(text: &str) -> Result<Self, DeviceError> {
        let unreadable = DeviceError::InvitationUnreadable;
        if text.len() > INVITATION_BYTES_MAX {
            return Err(unreadable("it is too long"));
        }
        let link = text
            .split_whitespace()
            .find(|word| word.starts_with("https://") || word.starts_with("http://"))
            .ok_or(unreadable("no address that begins with https:// or http:// is in it"))?;
        let (endpoint, code) = link.split_once('#').ok_or(unreadable("the part behind # is missing"))?;
        let endpoint = endpoint.trim_end_matches('/');
        let host = endpoint.split_once("://").map_or("", |(_, host)| host);
        if host.is_empty() {
            return Err(unreadable("the address has no host"));
        }
        let code = normal_invitation(code);
        if !CODE_LENGTH.contains(&code.len()) {
            return Err(unreadable("the code behind # is too short or too long"));
        }
        Ok(Self { endpoint: endpoint.to_owned(), code })
    }
}

/// What a device joined: the election, its assignments, and the papers of its contests.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    pub(crate) endpoint: String,
    pub(crate) public_key: PublicKey,
    pub(crate) election: Election,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) log: KnownLog,
    papers: BTreeMap<ContestId, Paper>,
    geometries: BTreeMap<ContestId, FormGeometry>,
}

/// The endpoint's log as this device knows it: the key that it pinned when it joined, and the keys to which that one
/// handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownLog {
    pub(crate) pinned: LogPublicKey,
    pub(crate) rotations: Vec<Rotation>,
}

impl KnownLog {
    pub(crate) fn pinned(pinned: LogPublicKey) -> Self {
        Self { pinned, rotations: Vec::new() }
    }

    /// `None` where the rotations do not lead on from the pinned key.
    pub(crate) fn of(pinned: LogPublicKey, rotations: Vec<Rotation>) -> Option<Self> {
        pinned.follow(&rotations)?;
        Some(Self { pinned, rotations })
    }

    /// The key that signs now.
    pub(crate) fn current(&self) -> LogPublicKey {
        self.rotations.last().map_or(self.pinned, |rotation| rotation.new)
    }

    /// The key of the log with this name, if it is one that the log had.
    pub(crate) fn key_of(&self, log: LogId) -> Option<LogPublicKey> {
        let later = self.rotations.iter().map(|rotation| rotation.new);
        std::iter::once(self.pinned).chain(later).find(|key| key.id() == log)
    }

    /// Those of the log's rotations that lead on from the key that signs now; none where there is nothing new, or
    /// something that does not hold.
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
        assignments: Vec<Assignment>,
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
        Self { endpoint, public_key, election, assignments, log, papers, geometries }
    }

    /// Where the boxes of a contest's form stand on paper, if that is known.
    pub(crate) fn geometry(&self, contest: &ContestId) -> Option<&FormGeometry> {
        self.geometries.get(contest)
    }

    /// The paper of an assigned contest at an assigned station.
    pub(crate) fn paper(&self, place: &Place) -> Result<&Paper, DeviceError> {
        let assigned = self.assignments.iter().any(|assignment| {
            assignment.station == place.station && assignment.contests.contains(&place.contest)
        });
        self.papers.get(&place.contest).filter(|_| assigned).ok_or_else(|| DeviceError::NotAssigned {
            station: place.station.clone(),
            contest: place.contest.clone(),
        })
    }

    /// What a statement about `station` is about.
    pub(crate) fn subject(&self, station: &StationId) -> Subject {
        Subject {
            namespace: if self.election.drill { Namespace::Drill } else { Namespace::Real },
            election: self.election.id.to_string(),
            station: station.to_string(),
        }
    }
}

/// Photos of a form whose geometry cannot be read are not looked at; they are taken in all the same.
fn geometry_of(form: &tally::Form) -> Option<FormGeometry> {
    FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
        .inspect_err(|error| tracing::warn!(form = %form.id, %error, "photos of this form are not looked at"))
        .ok()
        .flatten()
}

impl Device {
    /// Joins the election that `invitation` is for.
    pub async fn join(&self, invitation: &str, transport: &HttpTransport) -> Result<(), DeviceError> {
        let invitation = Invitation::parse(invitation)?;
        let request = self.enrol_request(&invitation)?;
        let response = transport.enrol(&invitation.endpoint, &request).await?;
        self.enrolled(&invitation.endpoint, response)
    }

    /// What to send to the endpoint. The key is on disk before it is offered, so that an answer that gets lost can be
    /// asked for again.
    pub fn enrol_request(&self, invitation: &Invitation) -> Result<EnrolRequest, DeviceError> {
        if let Ok(joined) = self.enrolment() {
            return Err(DeviceError::AlreadyJoined(joined.election.title.id.clone()));
        }
        let key = self.key_file.read_or_make(self.outside.random.as_ref())?;
        let proof = key.sign_message(&enrol_proof_message(&invitation.code));
        Ok(EnrolRequest {
            invitation: invitation.code.clone(),
            public_key: key.public().to_hex(),
            proof: proof.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// The endpoint took this device in: what it answered is checked and kept.
    pub fn enrolled(&self, endpoint: &str, response: EnrolResponse) -> Result<(), DeviceError> {
        let key = self.key_file.read_or_make(self.outside.random.as_ref())?;
        if response.device != key.public().device_id() {
            return Err(DeviceError::NotTheEndpoint("it took another device in than this one".into()));
        }
        // Through the loader, so that what is kept is as consistent as a package from a file.
        let election = response
            .election
            .to_json()
            .map_err(|error| error.to_string())
            .and_then(|json| Election::from_json(&json).map_err(|error| error.to_string()))
            .map_err(|error| {
                DeviceError::NotTheEndpoint(format!("its election package is wrong: {error}"))
            })?;
        let log_key = LogPublicKey::from_hex(&response.log_key)
            .map_err(|error| DeviceError::NotTheEndpoint(format!("its log has no key: {error}")))?;
        let enrolment = Enrolment::new(
            endpoint.to_owned(),
            key.public(),
            election,
            response.assignments,
            KnownLog::pinned(log_key),
        );
        let now_ms = self.now_ms();
        self.store().write(|write| write.set_enrolment(&enrolment, now_ms))?;
        *self.enrolment.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(enrolment));
        self.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_found_in_a_message_that_was_passed_on() {
        let invitation =
            Invitation::parse("Ini undangan Anda: https://saksi.example/#ab2c-9xyz-qrst\nSimpan ya").unwrap();
        assert_eq!(invitation.endpoint, "https://saksi.example");
        assert_eq!(invitation.code, "AB2C9XYZQRST");
    }

    #[test]
    fn what_is_no_invitation_is_refused_with_a_reason() {
        for text in [
            "",
            "AB2C-9XYZ",
            "https://saksi.example/",
            "https://#AB2C9XYZ",
            "https://saksi.example/#A",
            &"x".repeat(600),
        ] {
            assert!(matches!(Invitation::parse(text), Err(DeviceError::InvitationUnreadable(_))), "{text:?}");
        }
    }
}
