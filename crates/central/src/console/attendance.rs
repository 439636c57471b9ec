//! The list of witnesses: who is at the station, who is silent since when, and whom to call.

use evidence::DeviceId;
use tally::{RegionCode, StationId};

use crate::endpoint::Endpoint;
use crate::model::presence::Presence;
use crate::refusal::Refusal;
use crate::store::{AttendanceFilter, DevicePost, PresenceCount, StationRange, StoredAttendance, User};
use crate::view::{AttendanceCounts, AttendanceList, Contact, WitnessAttendance};

/// Maximum number of witnesses on a page.
const PAGE_MAX: usize = 200;
/// Time without a sign of a device after which its witness counts as silent. The app reads its inbox every 15
/// minutes while it has a connection; phones that sleep do so less often.
const SILENT_MS: i64 = 2 * 60 * 60 * 1_000;

/// Which witnesses a user asks for.
pub(crate) struct AttendanceQuestion {
    /// `None` for the whole election.
    pub(crate) region: Option<RegionCode>,
    pub(crate) presence: Option<Presence>,
    /// Only silent ones.
    pub(crate) is_silent: bool,
    pub(crate) after: Option<(StationId, DeviceId)>,
}

/// A page of the list, and the place behind which the next one begins.
pub(crate) struct AttendancePage {
    pub(crate) list: AttendanceList,
    pub(crate) next: Option<(StationId, DeviceId)>,
}

/// Builds the page.
pub(crate) fn attendance_list(
    endpoint: &Endpoint,
    user: &User,
    question: AttendanceQuestion,
) -> Result<AttendancePage, Refusal> {
    let stations = StationRange::of_region(question.region.as_ref());
    let silent_before_ms = endpoint.now_ms() - SILENT_MS;
    let filter = AttendanceFilter {
        stations: stations.clone(),
        presence: question.presence,
        is_silent: question.is_silent,
        silent_before_ms,
        after: question.after,
    };
    let mut witnesses = endpoint.store().attendance(&filter, PAGE_MAX + 1)?;
    let more = witnesses.len() > PAGE_MAX;
    witnesses.truncate(PAGE_MAX);
    let next = witnesses.last().filter(|_| more).map(|last| (last.station.clone(), last.device));
    let posts: Vec<DevicePost> = witnesses
        .iter()
        .map(|witness| DevicePost { device: witness.device, station: witness.station.clone() })
        .collect();
    let contacts = endpoint.contacts_of_devices(user, &posts)?;
    let counts = endpoint.store().attendance_counts(&stations, silent_before_ms)?;
    let rows = witnesses.into_iter().zip(contacts);
    let list = AttendanceList {
        region: question.region,
        witnesses: rows.map(|(witness, contact)| row(witness, silent_before_ms, contact)).collect(),
        next: None,
        counts: summed(&counts),
        silent_after_ms: SILENT_MS,
    };
    Ok(AttendancePage { list, next })
}

fn row(witness: StoredAttendance, silent_before_ms: i64, contact: Option<Contact>) -> WitnessAttendance {
    WitnessAttendance {
        station: witness.station,
        device: witness.device.to_string(),
        presence: witness.presence,
        since_ms: witness.since_ms,
        silent: witness.heard_at_ms.is_none_or(|heard_at_ms| heard_at_ms < silent_before_ms),
        heard_at_ms: witness.heard_at_ms,
        contact,
    }
}

fn summed(counts: &[PresenceCount]) -> AttendanceCounts {
    let of = |presence| {
        counts.iter().find(|counted| counted.presence == presence).map_or(0, |counted| counted.count)
    };
    AttendanceCounts {
        present: of(Presence::Present),
        not_admitted: of(Presence::NotAdmitted),
        left: of(Presence::Left),
        unknown: of(Presence::Unknown),
        silent: counts.iter().map(|counted| counted.silent).sum(),
    }
}
