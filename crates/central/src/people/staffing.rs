//! Which stations have people, against the targets of their regions, and whom to call.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tally::{RegionCode, RegionLevel, StationId};

use super::editor::{Editor, PeopleError};
use super::invitations::day_number;
use super::person_rows::name_at;
use crate::endpoint::Endpoint;
use crate::model::person::Position;
use crate::store::{RegionStaffing, StationRange, StationStaffing, StoredTarget, Target};
use crate::view::{
    Lack, LackingStation, LackingStations, StaffContact, StaffingRow, StaffingView, TargetRequest, TargetView,
};

/// Maximum number of stations in a list.
const STATIONS_MAX: usize = 200;
/// Maximum number of coordinators of a desa or kecamatan.
const CONTACTS_MAX: usize = 3;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// From UTC to the clock of western Indonesia, by which days are counted.
const WIB_MS: i64 = 7 * 60 * 60 * 1_000;
/// Thousandths in a whole share.
const PERMILLE: u32 = 1_000;
/// Maximum of a wanted number: more people than Indonesia has.
const WANTED_MAX: u64 = 1_000_000_000;

impl Endpoint {
    /// The staffing of a region and of those directly below it; `None` is the whole election.
    pub fn staffing(
        &self,
        editor: &Editor,
        region: Option<&RegionCode>,
    ) -> Result<StaffingView, PeopleError> {
        let below = match region {
            Some(region) if region.level() == RegionLevel::Desa => &[],
            region => self.package().children(region),
        };
        let all: Vec<Option<RegionCode>> =
            [region.cloned()].into_iter().chain(below.iter().cloned().map(Some)).collect();
        let sums = self.store().region_staffing(&all)?;
        let targets = self.store().targets(&all)?;
        let rows = all.into_iter().zip(sums).zip(targets);
        let mut rows = rows.map(|((region, sums), target)| self.staffing_row(region, sums, target));
        let total = rows.next().ok_or(PeopleError::Unknown)?;
        let mut rows: Vec<StaffingRow> = rows.collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.none), std::cmp::Reverse(row.one)));
        let mut path = self.package().named_path(region);
        path.retain(|step| editor.reaches(&step.code));
        Ok(StaffingView { path, total, rows })
    }

    fn staffing_row(
        &self,
        code: Option<RegionCode>,
        sums: RegionStaffing,
        target: Option<StoredTarget>,
    ) -> StaffingRow {
        let stations = self.package().stations_in(code.as_ref());
        // Stations that a newer package left out may still be in the sums.
        let number = |sum: i64| u32::try_from(sum).unwrap_or(0);
        let (one, two, witnesses) = (number(sums.one), number(sums.two), number(sums.witnesses));
        StaffingRow {
            name: code.as_ref().map(|code| self.package().region_name(code)).unwrap_or_default(),
            code,
            stations,
            none: stations.saturating_sub(one).saturating_sub(two),
            one,
            two,
            witnesses,
            joined: number(sums.joined),
            trained: number(sums.trained),
            letters: number(sums.letters),
            target: target.map(|target| target_view(target, witnesses, self.now_ms())),
        }
    }

    /// Sets or removes the target of a region; `None` is the whole election.
    pub fn set_target(
        &self,
        editor: &Editor,
        region: Option<&RegionCode>,
        request: &TargetRequest,
    ) -> Result<StaffingView, PeopleError> {
        let unfit = |text: &str| Err(PeopleError::Unfit(text.to_owned()));
        if region.is_some_and(|region| self.package().stations_in(Some(region)) == 0) {
            return Err(PeopleError::Unknown);
        }
        if request.by_date.as_deref().is_some_and(|date| date_number(date).is_none()) {
            return unfit("a day is written as 2026-12-01");
        }
        let wanted = request.witnesses.map(u64::from).into_iter().chain(request.votes);
        if wanted.max().is_some_and(|wanted| wanted > WANTED_MAX) {
            return unfit("nobody can reach such a target");
        }
        if request.share_permille.is_some_and(|share| share > PERMILLE) {
            return unfit("a share has at most 1,000 thousandths");
        }
        self.must_have_participant(request.participant.as_ref())?;
        let TargetRequest { witnesses, by_date, participant, votes, share_permille } = request.clone();
        let target = Target { witnesses, by_date, participant, votes, share_permille };
        self.store().set_target(region, &target, self.audit_of(editor))?;
        self.staffing(editor, region)
    }

    /// The stations of a region that lack something, by id, and the coordinators to call about them.
    pub fn lacking_stations(
        &self,
        region: Option<&RegionCode>,
        lack: Lack,
        after: Option<&StationId>,
    ) -> Result<LackingStations, PeopleError> {
        let mut stations = Vec::new();
        self.walk_kecamatan(region, after, lack, |found| {
            let rest = (STATIONS_MAX + 1).saturating_sub(stations.len());
            stations.extend(found.into_iter().take(rest));
            if stations.len() > STATIONS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let more = stations.len() > STATIONS_MAX;
        stations.truncate(STATIONS_MAX);
        Ok(LackingStations {
            contacts: self.coordinators_of(&stations)?,
            next: stations.last().filter(|_| more).map(|last| last.station.clone()),
            stations,
        })
    }

    /// Gives what lacks of each kecamatan, in the order of the ids. Leaves out each where the sums say that
    /// every station has enough people.
    fn walk_kecamatan(
        &self,
        region: Option<&RegionCode>,
        after: Option<&StationId>,
        lack: Lack,
        mut visit: impl FnMut(Vec<LackingStation>) -> ControlFlow<()>,
    ) -> Result<(), PeopleError> {
        let desas = self.package().desas_in(region);
        let from = after.map_or(0, |after| desas.partition_point(|desa| desa < after.desa()));
        for part in desas[from..].chunk_by(|one, other| one.parent() == other.parent()) {
            let Some(kecamatan) = part.first().and_then(RegionCode::parent) else { continue };
            if !self.may_lack(&kecamatan, lack)? {
                continue;
            }
            let counts = self.store().station_staffing(&StationRange::of_region(Some(&kecamatan)))?;
            let stations = part.iter().flat_map(|desa| self.election().stations_of(desa));
            let behind = stations.filter(|station| after.is_none_or(|after| after < station));
            if visit(self.lacking_of(behind, &counts, lack)).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn may_lack(&self, kecamatan: &RegionCode, lack: Lack) -> Result<bool, PeopleError> {
        let sums = self.store().region_staffing(&[Some(kecamatan.clone())])?;
        let Some(sums) = sums.first() else { return Ok(true) };
        let stations = i64::from(self.package().stations_in(Some(kecamatan)));
        Ok(match lack {
            Lack::Witness => sums.one + sums.two < stations,
            Lack::SecondWitness => sums.one > 0,
            Lack::Joined => sums.joined < sums.witnesses,
            Lack::Trained => sums.trained < sums.witnesses,
            Lack::Letter => sums.letters < sums.witnesses,
        })
    }

    fn lacking_of(
        &self,
        stations: impl Iterator<Item = StationId>,
        counts: &BTreeMap<StationId, StationStaffing>,
        lack: Lack,
    ) -> Vec<LackingStation> {
        let counted = stations.map(|station| {
            let count = counts.get(&station).copied().unwrap_or_default();
            (station, count)
        });
        let lacking = counted.filter(|(_, count)| lacks(*count, lack));
        lacking.map(|(station, count)| self.lacking_station(station, count)).collect()
    }

    fn lacking_station(&self, station: StationId, count: StationStaffing) -> LackingStation {
        let name = |level| name_at(self.package(), station.desa(), level);
        LackingStation {
            number: station.number(),
            desa_name: name(RegionLevel::Desa),
            kecamatan_name: name(RegionLevel::Kecamatan),
            witnesses: count.witnesses,
            joined: count.joined,
            trained: count.trained,
            letters: count.letters,
            station,
        }
    }

    /// The coordinators of the desa and kecamatan of these stations.
    fn coordinators_of(&self, stations: &[LackingStation]) -> Result<Vec<StaffContact>, PeopleError> {
        let mut desas: Vec<&RegionCode> = stations.iter().map(|one| one.station.desa()).collect();
        desas.dedup();
        let mut kecamatans: Vec<RegionCode> = desas.iter().filter_map(|desa| desa.parent()).collect();
        kecamatans.dedup();
        let of_desas = desas.into_iter().map(|desa| (desa.clone(), Position::CoordinatorDesa));
        let of_kecamatans = kecamatans.into_iter().map(|code| (code, Position::CoordinatorKecamatan));
        let mut contacts = Vec::new();
        for (region, position) in of_kecamatans.chain(of_desas) {
            let range = StationRange::of_region(Some(&region));
            let found = self.store().coordinators(position, &range, CONTACTS_MAX)?;
            contacts.extend(found.into_iter().map(|person| StaffContact {
                region: region.clone(),
                person: person.person,
                name: person.details.name,
                phone: person.details.phone,
                position,
            }));
        }
        Ok(contacts)
    }
}

fn lacks(count: StationStaffing, lack: Lack) -> bool {
    match lack {
        Lack::Witness => count.witnesses == 0,
        Lack::SecondWitness => count.witnesses == 1,
        Lack::Joined => count.joined < count.witnesses,
        Lack::Trained => count.trained < count.witnesses,
        Lack::Letter => count.letters < count.witnesses,
    }
}

/// A target and what is missing today.
fn target_view(stored: StoredTarget, found: u32, now_ms: i64) -> TargetView {
    let StoredTarget { target, set_by, set_at_ms } = stored;
    let missing = target.witnesses.unwrap_or(0).saturating_sub(found);
    let today = (now_ms + WIB_MS).div_euclid(DAY_MS);
    let days_left = target.by_date.as_deref().and_then(date_number).map(|day| days_until(day, today));
    TargetView {
        witnesses: target.witnesses,
        by_date: target.by_date,
        participant: target.participant,
        votes: target.votes,
        share_permille: target.share_permille,
        missing,
        days_left,
        per_day: days_left.filter(|days| *days > 0).map(|days| missing.div_ceil(days)),
        set_by,
        set_at_ms,
    }
}

/// Number of days from today to `day`, both included; 0 when it is over.
fn days_until(day: i64, today: i64) -> u32 {
    u32::try_from(day - today + 1).unwrap_or(0)
}

/// The number of a day that is written as `2026-12-01`.
pub(super) fn date_number(date: &str) -> Option<i64> {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let fits = |text: &str, width: usize, most: u32| {
        text.len() == width && text.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let is_date = fits(year, 4, 9_999) && fits(month, 2, 12) && fits(day, 2, 31);
    if is_date { day_number(date) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(witnesses: u32, by_date: &str) -> StoredTarget {
        let target =
            Target { witnesses: Some(witnesses), by_date: Some(by_date.to_owned()), ..Target::default() };
        StoredTarget { target, set_by: String::from("operator"), set_at_ms: 0 }
    }

    #[test]
    fn the_pace_is_what_is_missing_over_the_days_that_are_left() {
        // 2026-12-01 06:00 in Jakarta, which is the day before by UTC.
        let now_ms = day_number("2026-11-30").unwrap() * DAY_MS + 23 * 60 * 60 * 1_000;
        let view = |found, by_date| target_view(target(100, by_date), found, now_ms);
        let soon = view(41, "2026-12-03");
        assert_eq!((soon.missing, soon.days_left, soon.per_day), (59, Some(3), Some(20)));
        let today = view(41, "2026-12-01");
        assert_eq!((today.days_left, today.per_day), (Some(1), Some(59)));
        let over = view(41, "2026-11-30");
        assert_eq!((over.days_left, over.per_day), (Some(0), None));
        assert_eq!(view(140, "2026-12-03").missing, 0);
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!(date_number("2026-12-01").is_some());
        for wrong in ["", "2026-13-01", "2026-1-1", "01-12-2026", "2026-12-00", "2026-12-01-1", "besok"] {
            assert_eq!(date_number(wrong), None, "{wrong}");
        }
    }
}
