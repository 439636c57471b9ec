//! Joining without a connection: the invitation waits, the package comes another way, and the witness
//! records meanwhile. The sync confirms the enrolment as soon as the endpoint answers.

use std::sync::PoisonError;

use evidence::{LogPublicKey, Rotation};
use protocol::{
    Assignment, CarriedEnrolment, EndpointInfo, EnrolRequest, EnrolResponse, enrol_proof_message,
};
use serde::{Deserialize, Serialize};
use tally::{ContestId, Election, StationId};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::invitation::Invitation;
use crate::model::{Assigned, Enrolment, KnownLog, election_of, log_key_of, rotations_of};

/// Maximum number of stations at which a device records without an assignment.
const OWN_STATIONS_MAX: usize = 4;
/// Maximum length of a package file, in bytes.
const PACKAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The name of the format of a package file.
const PACKAGE_FORMAT: &str = "saksi-package/1";

/// An election package as one phone gives it to another. Nothing in it is secret, and nothing in it is
/// trusted further than the invitation: the log's key must be the one that the invitation names.
#[derive(Debug, Serialize, Deserialize)]
struct PackageFile {
    format: String,
    /// The endpoint's base address.
    endpoint: String,
    /// The first log key that the other phone has pinned, and the rotations since, in hex.
    log_key: String,
    rotations: Vec<String>,
    election: Election,
}

impl Device {
    /// Whether the endpoint has confirmed that this device joined.
    pub(crate) fn has_joined(&self) -> Result<bool, StoreError> {
        Ok(self.enrolment().is_ok() && self.store().joining()?.is_none())
    }

    /// Remembers an invitation until the endpoint confirms it. The key is made now. A package that is here
    /// already must be of the log that the invitation names.
    pub fn remember_invitation(&self, invitation: &Invitation) -> Result<(), DeviceError> {
        if self.has_joined()? {
            return Err(DeviceError::AlreadyJoined(self.enrolment()?.election.title.id.clone()));
        }
        if let Ok(enrolment) = self.enrolment() {
            let log = invitation.log(enrolment.log.current(), &enrolment.log.rotations);
            log.ok_or(DeviceError::OtherLog)?;
        }
        self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let now_ms = self.now_ms();
        self.store()
            .write(|write| write.begin_joining(&invitation.endpoint, Some(&invitation.fragment), now_ms))?;
        self.wake();
        Ok(())
    }

    /// Forgets an invitation, unless something can be recorded with it already.
    pub fn forget_invitation(&self) -> Result<(), DeviceError> {
        match self.enrolment() {
            Ok(_) => Ok(()),
            Err(_) => Ok(self.store().write(|write| write.end_joining())?),
        }
    }

    /// The request to the endpoint with a code.
    pub(crate) fn request_with(&self, code: &str) -> Result<EnrolRequest, DeviceError> {
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let proof = key.sign_message(&enrol_proof_message(code));
        Ok(EnrolRequest {
            invitation: code.to_owned(),
            public_key: key.public().to_hex(),
            proof: evidence::to_hex(&proof),
        })
    }

    /// The package of this device as a file for another phone.
    pub fn export_package(&self) -> Result<Vec<u8>, DeviceError> {
        let enrolment = self.enrolment()?;
        let file = PackageFile {
            format: PACKAGE_FORMAT.to_owned(),
            endpoint: enrolment.endpoint.clone(),
            log_key: enrolment.log.pinned.to_hex(),
            rotations: enrolment.log.rotations.iter().map(Rotation::to_hex).collect(),
            election: enrolment.election.clone(),
        };
        serde_json::to_vec(&file).map_err(|error| StoreError::Damaged(error.to_string()).into())
    }

    /// Accepts the package of another phone for the invitation that waits. From then on the witness can
    /// record.
    pub fn accept_package(&self, file: &[u8]) -> Result<(), DeviceError> {
        let unreadable = |error: &dyn std::fmt::Display| DeviceError::PackageUnreadable(error.to_string());
        let joining = self.store().joining()?.ok_or(DeviceError::NoInvitation)?;
        let invitation = Invitation::that_waits(&joining).ok_or(DeviceError::NoInvitation)?;
        if file.len() > PACKAGE_BYTES_MAX {
            return Err(unreadable(&"it is too long"));
        }
        let file: PackageFile = serde_json::from_slice(file).map_err(|error| unreadable(&error))?;
        if file.format != PACKAGE_FORMAT {
            return Err(unreadable(&"it is of another version"));
        }
        let pinned = LogPublicKey::from_hex(&file.log_key).map_err(|error| unreadable(&error))?;
        let rotations = rotations_of(&file.rotations)?;
        let current = pinned.follow(&rotations).ok_or_else(|| unreadable(&"its log's keys do not follow"))?;
        let log = invitation.log(current, &rotations).ok_or(DeviceError::OtherLog)?;
        let election = election_of(&file.election)?;
        self.begin_unconfirmed(&invitation.endpoint, election, Assigned::default(), log)
    }

    /// Stores an enrolment that the endpoint has not confirmed.
    fn begin_unconfirmed(
        &self,
        endpoint: &str,
        election: Election,
        assigned: Assigned,
        log: KnownLog,
    ) -> Result<(), DeviceError> {
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let (election, assigned) = match self.enrolment() {
            Ok(before) => (self.usable_package(&before, election)?, before.assigned.clone().or(assigned)),
            Err(_) => (election, assigned),
        };
        let enrolment = Enrolment::new(endpoint.to_owned(), key.public(), election, assigned, log);
        self.replace_enrolment(enrolment, false)
    }

    /// The new package, unless it would make unreadable what was written with the old one.
    pub(crate) fn usable_package(
        &self,
        before: &Enrolment,
        election: Election,
    ) -> Result<Election, DeviceError> {
        let json = election.to_json().map_err(|error| StoreError::Damaged(error.to_string()))?;
        let written = self.store().tallies_with_records()?;
        Ok(match before.may_become(&json, &written) {
            Ok(()) => election,
            Err(reason) => {
                tracing::error!(reason, "cannot use the endpoint's election package");
                before.election.clone()
            }
        })
    }

    /// Stores the enrolment. `confirmed` says that the endpoint itself gave it.
    pub(crate) fn replace_enrolment(&self, enrolment: Enrolment, confirmed: bool) -> Result<(), DeviceError> {
        let now_ms = self.now_ms();
        self.store().write(|write| {
            write.set_enrolment(&enrolment, now_ms)?;
            if confirmed { write.end_joining() } else { Ok(()) }
        })?;
        *self.enrolment.write().unwrap_or_else(PoisonError::into_inner) =
            Some(std::sync::Arc::new(enrolment));
        self.wake();
        Ok(())
    }

    /// Records at a station to which nobody has assigned this device: a witness was sent there at the last
    /// minute. The endpoint stores it as *not yet assigned*, and the assignment may follow.
    pub fn record_at(&self, station: &StationId) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        if enrolment.assigned.ever().any(|one| one.station == *station) {
            return Ok(());
        }
        let contests: Vec<ContestId> =
            enrolment.election.contests_at(station).map(|contest| contest.id.clone()).collect();
        if contests.is_empty() || enrolment.assigned.own.len() >= OWN_STATIONS_MAX {
            return Err(DeviceError::CannotRecordAt(station.clone()));
        }
        self.store()
            .write(|write| write.add_own_assignment(&Assignment { station: station.clone(), contests }))?;
        Ok(self.reload_enrolment()?)
    }
}

/// Joining through the laptop of a hall.
impl Device {
    /// The enrolment that the hall keeps and hands on. It does not contain the code.
    pub(crate) fn carried_enrolment(&self) -> Result<CarriedEnrolment, DeviceError> {
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let fragment = self.store().joining()?.and_then(|joining| joining.fragment);
        Ok(CarriedEnrolment::sign(&key, fragment.as_ref().map(|fragment| fragment.code.as_str())))
    }

    /// Stores what the hall answered. It gives a package and stations to a device that the endpoint has not
    /// confirmed yet; it changes nothing for one that has joined. What is proved is decided by the log that
    /// the invitation names, whatever the hall says.
    pub(crate) fn entered_hall(
        &self,
        address: &str,
        info: &EndpointInfo,
        response: EnrolResponse,
    ) -> Result<(), DeviceError> {
        let hall_key = log_key_of(&info.log_key)?;
        let of = info.hall.as_ref().ok_or(DeviceError::NotAHall)?;
        if !self.has_joined()? {
            let joining = self.store().joining()?;
            let invitation = joining.as_ref().and_then(Invitation::that_waits);
            let endpoint = invitation.as_ref().map_or(&of.endpoint, |invitation| &invitation.endpoint);
            let log = log_of(invitation.as_ref(), of)?;
            let assigned = Assigned { now: response.assignments, ..Assigned::default() };
            if joining.is_none() {
                let now_ms = self.now_ms();
                self.store().write(|write| write.begin_joining(endpoint, None, now_ms))?;
            }
            self.begin_unconfirmed(endpoint, election_of(&response.election)?, assigned, log)?;
        }
        self.store().write(|write| write.set_hall(address, hall_key))?;
        self.wake();
        Ok(())
    }
}

/// The endpoint's log, of which the hall has the keys. The invitation says whether they are the right ones.
fn log_of(invitation: Option<&Invitation>, of: &protocol::HallOf) -> Result<KnownLog, DeviceError> {
    let current = log_key_of(&of.log_keys.current)?;
    let rotations = rotations_of(&of.log_keys.rotations)?;
    match invitation {
        Some(invitation) => invitation.log(current, &rotations),
        None => KnownLog::of(rotations.first().map_or(current, |first| first.old), rotations),
    }
    .filter(|log| log.current() == current)
    .ok_or(DeviceError::OtherLog)
}
