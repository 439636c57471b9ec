//! The devices of witnesses: their assignments, their revocation, and the state of their chains.

use evidence::DeviceId;
use tally::{ContestId, RegionCode, StationId};

use super::invitations::InviteError;
use crate::endpoint::Endpoint;
use crate::store::{Actor, AuditContext, DeviceChain, EnrolledDevice, Store, StoreError};
use crate::view::{DeviceList, DeviceView};

/// Maximum number of devices in a list.
const DEVICES_MAX: usize = 200;
/// Maximum number of sequence numbers of one device in a view.
const NUMBERS_MAX: usize = 20;

impl Endpoint {
    /// Revokes a device; see [`Store::revoke_device`].
    pub fn revoke_device(
        &self,
        device: DeviceId,
        because: Option<&str>,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        self.store().revoke_device(device, because, AuditContext { actor, now_ms: self.now_ms() })
    }

    /// Assigns a device to one more station, for these contests or, when none is named, for all; see
    /// [`Store::assign`].
    pub fn assign(
        &self,
        device: DeviceId,
        station: &StationId,
        contests: &[ContestId],
        actor: &Actor,
    ) -> Result<bool, InviteError> {
        self.must_have(station)?;
        let contests = self.contests_of(contests)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        Ok(self.store().assign(device, station, &contests, audit)?)
    }

    /// Ends the assignments of a device at a station; see [`Store::unassign`].
    pub fn unassign(&self, device: DeviceId, station: &StationId, actor: &Actor) -> Result<bool, StoreError> {
        self.store().unassign(device, station, AuditContext { actor, now_ms: self.now_ms() })
    }

    /// The devices that witness in a region. `troubled` leaves out those with a complete chain.
    pub(crate) fn device_list(
        &self,
        region: Option<&RegionCode>,
        troubled: bool,
    ) -> Result<DeviceList, StoreError> {
        let store = self.store();
        let chains = store.chains(region, troubled, DEVICES_MAX + 1, NUMBERS_MAX)?;
        let more = chains.len() > DEVICES_MAX;
        let shown = chains.into_iter().take(DEVICES_MAX);
        let devices = shown.map(|chain| device_view(store, chain)).collect::<Result<_, _>>()?;
        Ok(DeviceList { devices, more })
    }

    /// The stations by which a user's region reaches a device: those to which it is assigned now or, when it
    /// is assigned nowhere, those to which it was. A coordinator of its former region cannot revoke a device
    /// that works elsewhere.
    pub(crate) fn stations_that_reach(&self, device: DeviceId) -> Result<Vec<StationId>, StoreError> {
        let now = self.store().stations_now_of(device)?;
        if now.is_empty() { self.store().stations_of_device(device) } else { Ok(now) }
    }

    pub(crate) fn device_view(&self, device: DeviceId) -> Result<Option<DeviceView>, StoreError> {
        let chain = self.store().chain_of(device, NUMBERS_MAX)?;
        chain.map(|chain| device_view(self.store(), chain)).transpose()
    }
}

fn device_view(store: &Store, chain: DeviceChain) -> Result<DeviceView, StoreError> {
    let EnrolledDevice { device, enrolled_at_ms, revoked_at_ms } = chain.device;
    Ok(DeviceView {
        device: device.to_string(),
        stations: store.stations_of_device(device)?,
        enrolled_at_ms,
        revoked_at_ms,
        revoked_because: chain.revoked_because,
        statements: chain.statements,
        quarantined: chain.quarantined,
        last_at_ms: chain.last_at_ms,
        missing_count: chain.missing_count,
        missing: chain.missing,
        forks: chain.forks,
    })
}
