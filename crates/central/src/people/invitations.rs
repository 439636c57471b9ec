//! Invitations: one for each witness at a station.

use environment::RngError;
use tally::{ContestId, RegionCode, StationId};

use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::model::invitation_code::InvitationCode;
use crate::store::{
    Actor, AuditContext, Invitation, InvitationFilter, InvitationState, StationRange, StoreError, Withdrawal,
};
use crate::view::{InvitationList, InvitationUse, InvitationView, NewInvitation};

/// Maximum number of invitations in one call: two witnesses for every station of the country, and some.
const INVITATIONS_MAX: usize = 2_000_000;
/// Maximum number of invitations on a page.
const PAGE_MAX: usize = 500;
/// Maximum number of desas of which a search by name lists the invitations.
const DESAS_MAX: usize = 64;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Why an invitation cannot be made, or a device cannot be assigned.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    #[error("the election has no station {0}")]
    StationUnknown(StationId),
    #[error("the election has no contest {0}")]
    ContestUnknown(ContestId),
    /// None of the named contests is voted there.
    #[error("the station {0} votes in none of these contests")]
    NotVoted(StationId),
    #[error("{0} invitations are too many for one call")]
    TooMany(usize),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Endpoint {
    /// Makes an invitation for each of `stations`, to those of the named contests that are voted there, or to
    /// all of the station's when none is named. A station that is named twice gets two invitations. The codes
    /// are not stored: this is the only time at which they are known.
    pub fn invite(
        &self,
        stations: &[StationId],
        contests: &[ContestId],
        actor: &Actor,
    ) -> Result<Vec<NewInvitation>, InviteError> {
        if stations.len() > INVITATIONS_MAX {
            return Err(InviteError::TooMany(stations.len()));
        }
        self.must_know(contests)?;
        let now_ms = self.now_ms();
        let expires_at_ms = self.invitations_expire_at_ms();
        let invitation = |station: &StationId| self.new_invitation(station, contests, expires_at_ms);
        let invitations = stations.iter().map(invitation).collect::<Result<Vec<_>, _>>()?;
        let numbers = self.store().invite(&invitations, AuditContext { actor, now_ms })?;
        let made = invitations.into_iter().zip(numbers);
        Ok(made.map(|(invitation, number)| self.new_invitation_view(invitation, number)).collect())
    }

    /// Time until which an invitation of this moment is valid.
    pub(super) fn invitations_expire_at_ms(&self) -> i64 {
        expiry_ms(self.now_ms(), self.invitation_days(), &self.election().date)
    }

    pub(super) fn new_invitation(
        &self,
        station: &StationId,
        contests: &[ContestId],
        expires_at_ms: i64,
    ) -> Result<Invitation, InviteError> {
        let contests = self.contests_at(station, contests)?;
        let code = InvitationCode::random(self.environment())?;
        Ok(Invitation { code, station: station.clone(), contests, expires_at_ms })
    }

    /// Makes a new code for the station and contests of an invitation that nobody has used, and withdraws the
    /// old one: its slip was lost, or it has expired.
    pub fn resend_invitation(
        &self,
        number: i64,
        actor: &Actor,
    ) -> Result<Result<NewInvitation, Withdrawal>, InviteError> {
        let Some(old) = self.store().invitation(number)? else { return Ok(Err(Withdrawal::Unknown)) };
        let now_ms = self.now_ms();
        let expires_at_ms = expiry_ms(now_ms, self.invitation_days(), &self.election().date);
        let new = self.new_invitation(&old.station, &old.contests, expires_at_ms)?;
        let replaced = self.store().replace_invitation(number, &new, AuditContext { actor, now_ms })?;
        Ok(replaced.map(|number| self.new_invitation_view(new, number)))
    }

    /// Withdraws an invitation that nobody has used.
    pub fn withdraw_invitation(&self, number: i64, actor: &Actor) -> Result<Withdrawal, StoreError> {
        self.store().withdraw_invitation(number, AuditContext { actor, now_ms: self.now_ms() })
    }

    /// A page of the invitations to the stations of a region, newest first. A search finds them by the
    /// station's id, the names of its desa and kecamatan, and the last letters of the code.
    pub fn invitation_list(
        &self,
        region: Option<&RegionCode>,
        search: &StationSearch,
        before: Option<i64>,
    ) -> Result<InvitationList, StoreError> {
        let filters = self.filters(region, search);
        let mut states = self.store().invitations(&filters, before, PAGE_MAX + 1)?;
        let more = states.len() > PAGE_MAX;
        states.truncate(PAGE_MAX);
        let next = states.last().filter(|_| more).map(|state| state.number);
        let invitations = states.into_iter().map(|state| self.invitation_view(state)).collect();
        Ok(InvitationList { invitations, next })
    }

    fn filters(&self, region: Option<&RegionCode>, search: &StationSearch) -> Vec<InvitationFilter> {
        let all = || StationRange::of_region(region);
        if search.is_empty() {
            return vec![InvitationFilter { stations: all(), text: None }];
        }
        let desas = self.package().desas_in(region).iter();
        let named = desas.filter(|desa| search.finds_all_of(self.package(), desa)).take(DESAS_MAX);
        let mut filters: Vec<_> = named
            .map(|desa| InvitationFilter { stations: StationRange::of_region(Some(desa)), text: None })
            .collect();
        let text = search.text().to_uppercase();
        // Only what an id or a code consists of: the store searches with a pattern.
        if text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-')) {
            filters.push(InvitationFilter { stations: all(), text: Some(text) });
        }
        filters
    }

    pub(super) fn must_have(&self, station: &StationId) -> Result<(), InviteError> {
        let exists = self.election().has_station(station);
        if exists { Ok(()) } else { Err(InviteError::StationUnknown(station.clone())) }
    }

    pub(super) fn must_know(&self, contests: &[ContestId]) -> Result<(), InviteError> {
        match contests.iter().find(|id| self.election().contest(id).is_none()) {
            Some(unknown) => Err(InviteError::ContestUnknown(unknown.clone())),
            None => Ok(()),
        }
    }

    /// Those of the named contests that are voted at a station, in the package's order; all of the station's
    /// when none is named.
    pub(super) fn contests_at(
        &self,
        station: &StationId,
        named: &[ContestId],
    ) -> Result<Vec<ContestId>, InviteError> {
        self.must_have(station)?;
        let all = self.election().contests_at(station).map(|contest| &contest.id);
        let contests: Vec<ContestId> =
            all.filter(|id| named.is_empty() || named.contains(id)).cloned().collect();
        if contests.is_empty() { Err(InviteError::NotVoted(station.clone())) } else { Ok(contests) }
    }

    pub(super) fn new_invitation_view(&self, invitation: Invitation, number: i64) -> NewInvitation {
        let Invitation { code, station, contests: _, expires_at_ms } = invitation;
        NewInvitation {
            link: code.link(self.public_url().unwrap_or_default(), self.log_key().public()),
            code: code.to_string(),
            invitation: number,
            desa: self.package().region_name(station.desa()),
            number: station.number(),
            station,
            expires_at_ms,
        }
    }

    /// An invitation as the console shows it.
    pub fn invitation_view(&self, state: InvitationState) -> InvitationView {
        let InvitationState { station, mut contests, used, .. } = state;
        let order: Vec<&ContestId> =
            self.election().contests_at(&station).map(|contest| &contest.id).collect();
        contests.sort_by_key(|id| order.iter().position(|known| *known == id));
        let now = match used {
            Some(_) => InvitationUse::Used,
            None if state.withdrawn_at_ms.is_some() => InvitationUse::Withdrawn,
            None if state.expires_at_ms <= self.now_ms() => InvitationUse::Expired,
            None => InvitationUse::Unused,
        };
        InvitationView {
            invitation: state.number,
            hint: state.hint,
            state: now,
            desa: self.package().region_name(station.desa()),
            number: station.number(),
            station,
            contests,
            made_by: state.made_by,
            created_at_ms: state.created_at_ms,
            expires_at_ms: state.expires_at_ms,
            withdrawn_at_ms: state.withdrawn_at_ms,
            used_at_ms: used.map(|(_, at_ms)| at_ms),
            device: used.map(|(device, _)| device.to_string()),
            revoked_at_ms: state.revoked_at_ms,
        }
    }
}

/// The end of an invitation's validity: `days` after it was made or the end (UTC) of the day after the day of
/// voting, whichever is later. So a slip that was printed early still works on the day, and one that is found
/// in a drawer after the election does not.
fn expiry_ms(now_ms: i64, days: u16, election_date: &str) -> i64 {
    let by_age = now_ms.saturating_add(i64::from(days) * DAY_MS);
    let after_election = day_number(election_date).map_or(i64::MIN, |day| (day + 2) * DAY_MS);
    by_age.max(after_election)
}

/// Number of days from 1970-01-01 to a date `YYYY-MM-DD` of the Gregorian calendar.
pub(super) fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Years that begin in March have their leap day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_of_years = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_of_months = (153 * month + 2) / 5;
    Some(days_of_years + days_of_months + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970_in_leap_years_too() {
        for (date, days) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2024-02-14", 19_767),
            ("2100-03-01", 47_541),
        ] {
            assert_eq!(day_number(date), Some(days), "{date}");
        }
        assert_eq!(day_number("someday"), None);
    }

    #[test]
    fn an_invitation_lasts_sixty_days_and_at_least_until_the_day_after_the_election() {
        let election_ms = day_number("2029-02-14").unwrap() * DAY_MS;
        let made = |days_before: i64| expiry_ms(election_ms - days_before * DAY_MS, 60, "2029-02-14");
        assert_eq!(made(10), election_ms + 50 * DAY_MS);
        assert_eq!(made(200), election_ms + 2 * DAY_MS);
    }
}
