//! Joining an election with an invitation.

use evidence::Rotation;
use protocol::{EnrolRequest, EnrolResponse, LogKeys};

use crate::Device;
use crate::error::DeviceError;
use crate::invitation::Invitation;
use crate::model::{Assigned, Enrolment, election_of, log_key_of, rotations_of};
use crate::sync::HttpTransport;

impl Device {
    /// Joins the election that `invitation` is for.
    pub async fn join(&self, invitation: &str, transport: &HttpTransport) -> Result<(), DeviceError> {
        let invitation = Invitation::parse(invitation)?;
        let request = self.enrol_request(&invitation)?;
        self.join_with(&invitation, &request, transport).await
    }

    /// Uses an invitation with the key of this device, which may have joined the same election before: then
    /// its station is one more.
    pub(crate) async fn join_with(
        &self,
        invitation: &Invitation,
        request: &EnrolRequest,
        transport: &HttpTransport,
    ) -> Result<(), DeviceError> {
        let response = transport.enrol(&invitation.endpoint, request).await?;
        let earlier = match invitation.fragment.names_log(log_key_of(&response.log_key)?) {
            Some(false) => {
                let LogKeys { rotations, .. } = transport.log_keys(&invitation.endpoint).await?;
                rotations_of(&rotations)?
            }
            Some(true) | None => Vec::new(),
        };
        self.enrolled(invitation, response, &earlier)
    }

    /// The request to the endpoint. The key is on disk before it is sent, so that the request can be repeated
    /// if the answer is lost.
    pub fn enrol_request(&self, invitation: &Invitation) -> Result<EnrolRequest, DeviceError> {
        if self.has_joined()? {
            return Err(DeviceError::AlreadyJoined(self.enrolment()?.election.title.id.clone()));
        }
        self.request_with(&invitation.fragment.code)
    }

    /// Checks and stores the endpoint's answer. `rotations` are those of the log's key, if the invitation
    /// names an earlier one.
    pub fn enrolled(
        &self,
        invitation: &Invitation,
        response: EnrolResponse,
        rotations: &[Rotation],
    ) -> Result<(), DeviceError> {
        let log = invitation.log(log_key_of(&response.log_key)?, rotations).ok_or(DeviceError::OtherLog)?;
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        if response.device != key.public().device_id() {
            return Err(DeviceError::NotTheEndpoint("it enrolled another device".into()));
        }
        let election = election_of(&response.election)?;
        let (now, revision) = (response.assignments, response.assignments_revision);
        let (election, assigned, log) = match self.enrolment() {
            Ok(before) => {
                // Once it has proved something under a log, the device keeps that log and its rotations.
                let log = if self.has_joined()? { before.log.clone() } else { log };
                let assigned = before.assigned.clone().changed_to(now, revision);
                (self.usable_package(&before, election)?, assigned, log)
            }
            Err(_) => (election, Assigned { now, revision, ..Assigned::default() }, log),
        };
        let endpoint = invitation.endpoint.clone();
        self.replace_enrolment(Enrolment::new(endpoint, key.public(), election, assigned, log), true)
    }
}
