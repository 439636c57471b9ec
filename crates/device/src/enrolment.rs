//! Joining an election with an invitation.

use std::sync::{Arc, PoisonError};

use evidence::{LogPublicKey, Rotation};
use protocol::{EnrolRequest, EnrolResponse, LogKeys, enrol_proof_message};
use tally::Election;

use crate::Device;
use crate::error::DeviceError;
use crate::invitation::Invitation;
use crate::model::{Assigned, Enrolment};
use crate::sync::HttpTransport;

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

    /// Checks and stores the endpoint's answer. `rotations` are those of the log's key, if the invitation
    /// names an earlier one.
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
