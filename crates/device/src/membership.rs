//! To which election a device belongs, and what it would leave behind.

use evidence::{DeviceId, LogPublicKey};
use protocol::{EndpointInfo, HallOf};
use tally::{Election, ElectionId, StationId};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::invitation::Invitation;
use crate::view::ElectionCard;

impl Device {
    /// Whether this is the device for the election that an endpoint serves: the same election, in the same
    /// log, wherever the endpoint is found.
    pub(crate) fn belongs_to(&self, info: &EndpointInfo) -> bool {
        self.is_of(info, &[info.log_key.as_str()])
    }

    /// The same for the endpoint that a hall works for.
    pub(crate) fn belongs_to_hall(&self, info: &EndpointInfo, of: &HallOf) -> bool {
        let keys: Vec<&str> = std::iter::once(of.log_keys.current.as_str()).collect();
        self.is_of(info, &keys)
    }

    fn is_of(&self, info: &EndpointInfo, log_keys: &[&str]) -> bool {
        let Ok(enrolment) = self.enrolment() else { return false };
        let is_known = |hex: &&str| {
            let key = LogPublicKey::from_hex(hex).ok();
            key.is_some_and(|key| enrolment.log.key_of(key.id()).is_some())
        };
        let election = &enrolment.election;
        election.id.as_str() == info.election && election.drill == info.drill && log_keys.iter().any(is_known)
    }

    /// Whether an invitation of this endpoint waits here, or a guest of a hall of it.
    pub(crate) fn waits_for(&self, invitation: &Invitation) -> Result<bool, StoreError> {
        Ok(self.store().joining()?.is_some_and(|joining| joining.endpoint == invitation.endpoint))
    }

    /// Whether an invitation waits here that names the log of this endpoint. One without a fingerprint names
    /// its address only.
    pub(crate) fn waits_for_log(&self, of: &HallOf) -> Result<bool, StoreError> {
        let Some(joining) = self.store().joining()? else { return Ok(false) };
        let key = LogPublicKey::from_hex(&of.log_keys.current).ok();
        let named = joining.fragment.as_ref().zip(key).and_then(|(fragment, key)| fragment.names_log(key));
        Ok(named.unwrap_or(joining.endpoint == of.endpoint) || joining.endpoint == of.endpoint)
    }

    /// The id of this device.
    pub(crate) fn device_id(&self) -> Result<DeviceId, DeviceError> {
        Ok(self.enrolment()?.public_key.device_id())
    }

    /// Whether this is practice.
    pub(crate) fn is_drill(&self) -> bool {
        self.enrolment().is_ok_and(|enrolment| enrolment.election.drill)
    }

    /// Whether this device belongs to the election with this id.
    pub(crate) fn election_is(&self, id: &ElectionId) -> bool {
        self.enrolment().is_ok_and(|enrolment| enrolment.election.id == *id)
    }

    /// The real election of this device, and its stations; `None` for a drill.
    pub(crate) fn real_election(&self) -> Option<(Election, Vec<StationId>)> {
        let enrolment = self.enrolment().ok().filter(|enrolment| !enrolment.election.drill)?;
        let stations: Vec<StationId> =
            enrolment.assigned.ever().map(|assignment| assignment.station.clone()).collect();
        (!stations.is_empty()).then(|| (enrolment.election.clone(), stations))
    }

    /// Whether nothing was ever done with this device.
    pub(crate) fn is_unused(&self) -> Result<bool, StoreError> {
        Ok(self.enrolment().is_err() && self.store().joining()?.is_none())
    }

    pub(crate) fn chosen(&self) -> Result<u64, StoreError> {
        self.store().chosen()
    }

    pub(crate) fn set_chosen(&self, number: u64) -> Result<(), StoreError> {
        self.store().write(|write| write.set_chosen(number))
    }

    /// Everything that is sealed or carried now is in a file.
    pub fn mark_exported(&self) -> Result<(), DeviceError> {
        let mut store = self.store();
        let records = store.leaving_count()?.records;
        Ok(store.write(|write| write.set_exported_records(records))?)
    }

    /// The election in short; `None` if nothing was joined yet.
    pub(crate) fn election_card(&self, number: u32) -> Result<Option<ElectionCard>, DeviceError> {
        let enrolment = self.enrolment().ok();
        let store = self.store();
        let joining = store.joining()?;
        let endpoint = enrolment.as_ref().map(|enrolment| enrolment.endpoint.clone());
        let Some(endpoint) = endpoint.or_else(|| joining.as_ref().map(|joining| joining.endpoint.clone()))
        else {
            return Ok(None);
        };
        let count = store.leaving_count()?;
        Ok(Some(ElectionCard {
            number,
            title: enrolment.as_ref().map(|enrolment| enrolment.election.title.clone()),
            date: enrolment.as_ref().map(|enrolment| enrolment.election.date.clone()),
            drill: enrolment.as_ref().is_some_and(|enrolment| enrolment.election.drill),
            endpoint,
            is_joined: joining.is_none(),
            is_current: false,
            is_left: false,
            unproved: count.unproved,
            drafts: count.drafts,
            is_exported: count.records > 0 && store.exported_records()? == count.records,
        }))
    }
}
