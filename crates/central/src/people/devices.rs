//! The devices of witnesses: their assignments, their revocation, and the state of their chains.

use evidence::DeviceId;
use tally::{ContestId, RegionCode, StationId};

use super::invitations::InviteError;
use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::store::{
    Actor, AuditContext, DeviceChain, DeviceFilter, DevicePlace, EnrolledDevice, StationRange, Store,
    StoreError,
};
use crate::view::{DeviceList, DeviceView};

/// Maximum number of devices in a list.
const DEVICES_MAX: usize = 200;
/// Maximum number of desa whose names a search finds.
const DESAS_MAX: usize = 50;
/// Separates the two parts of a cursor. Neither a number nor an id has it.
const SEPARATOR: char = '~';
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

    /// Assigns a device to one more station, for those of the named contests that are voted there or, when
    /// none is named, for all of the station's; see [`Store::assign`].
    pub fn assign(
        &self,
        device: DeviceId,
        station: &StationId,
        contests: &[ContestId],
        actor: &Actor,
    ) -> Result<bool, InviteError> {
        self.must_know(contests)?;
        let contests = self.contests_at(station, contests)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        Ok(self.store().assign(device, station, &contests, audit)?)
    }

    /// Ends the assignments of a device at a station; see [`Store::unassign`].
    pub fn unassign(&self, device: DeviceId, station: &StationId, actor: &Actor) -> Result<bool, StoreError> {
        self.store().unassign(device, station, AuditContext { actor, now_ms: self.now_ms() })
    }

    /// A page of the devices that witness in a region. `troubled` leaves out those with a complete chain. A
    /// search finds them by the beginning of their id or of a station's, and by the names of its desa and
    /// kecamatan.
    pub(crate) fn device_list(
        &self,
        region: Option<&RegionCode>,
        troubled: bool,
        search: &StationSearch,
        after: Option<DevicePlace>,
    ) -> Result<DeviceList, StoreError> {
        let store = self.store();
        let filters = self.device_filters(region, search);
        let mut chains = store.chains(&filters, troubled, after, DEVICES_MAX + 1, NUMBERS_MAX)?;
        let more = chains.len() > DEVICES_MAX;
        chains.truncate(DEVICES_MAX);
        let next = chains.last().filter(|_| more).map(|chain| cursor_of(chain.place()));
        let devices = chains.into_iter().map(|chain| device_view(store, chain)).collect::<Result<_, _>>()?;
        Ok(DeviceList { devices, next })
    }

    fn device_filters(&self, region: Option<&RegionCode>, search: &StationSearch) -> Vec<DeviceFilter> {
        let all = || StationRange::of_region(region);
        let filter = |stations| DeviceFilter { stations, ids: EVERY_ID };
        if search.is_empty() {
            return vec![filter(all())];
        }
        let desas = self.package().desas_in(region).iter();
        let named = desas.filter(|desa| search.finds_all_of(self.package(), desa)).take(DESAS_MAX);
        let mut filters: Vec<_> = named.map(|desa| filter(StationRange::of_region(Some(desa)))).collect();
        filters.push(filter(all().beginning_with(search.text())));
        filters.extend(ids_beginning_with(search.text()).map(|ids| DeviceFilter { stations: all(), ids }));
        filters
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

/// The first and the last id of all.
const EVERY_ID: (DeviceId, DeviceId) = (DeviceId([0; 16]), DeviceId([0xff; 16]));

/// The first and the last id that begin with these hex digits; `None` when no id does.
fn ids_beginning_with(text: &str) -> Option<(DeviceId, DeviceId)> {
    let filled = |digit: &str| format!("{text}{}", digit.repeat(32_usize.saturating_sub(text.len())));
    Some((filled("0").parse().ok()?, filled("f").parse().ok()?))
}

/// A place in the list as text, which is opaque to clients.
fn cursor_of((at_ms, device): DevicePlace) -> String {
    format!("{at_ms}{SEPARATOR}{device}")
}

/// Reads what [`cursor_of`] wrote.
pub(crate) fn place_of(cursor: &str) -> Option<DevicePlace> {
    let (at_ms, device) = cursor.split_once(SEPARATOR)?;
    Some((at_ms.parse().ok()?, device.parse().ok()?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_their_beginning() {
        let (first, last) = ids_beginning_with("0a7").unwrap();
        assert_eq!(first.to_string(), format!("0a7{}", "0".repeat(29)));
        assert_eq!(last.to_string(), format!("0a7{}", "f".repeat(29)));
        for none in ["xyz", "52.71", &"0".repeat(33)] {
            assert_eq!(ids_beginning_with(none), None, "{none}");
        }
    }

    #[test]
    fn a_cursor_is_text_and_back() {
        let place = (-5, DeviceId([7; 16]));
        assert_eq!(place_of(&cursor_of(place)), Some(place));
        for wrong in ["", "~", "1~", "x~00"] {
            assert_eq!(place_of(wrong), None, "{wrong}");
        }
    }
}
