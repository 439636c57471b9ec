//! Invitations: one for each witness at a station.

use environment::RngError;
use tally::{ContestId, StationId};

use crate::endpoint::Endpoint;
use crate::model::invitation_code::InvitationCode;
use crate::store::{Actor, AuditContext, Invitation, InvitationState, StoreError};
use crate::view::InvitationView;

/// Maximum number of invitations in one call: two witnesses for every station of the country, and some.
const INVITATIONS_MAX: usize = 2_000_000;

/// Why an invitation cannot be made, or a device cannot be assigned.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    #[error("the election has no station {0}")]
    StationUnknown(StationId),
    #[error("the election has no contest {0}")]
    ContestUnknown(ContestId),
    #[error("{0} invitations are too many for one call")]
    TooMany(usize),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Endpoint {
    /// Makes an invitation for each of `stations`. A station that is named twice gets two. No contests mean all contests.
    pub fn invite(
        &self,
        stations: &[StationId],
        contests: &[ContestId],
        actor: &Actor,
    ) -> Result<Vec<InvitationView>, InviteError> {
        if stations.len() > INVITATIONS_MAX {
            return Err(InviteError::TooMany(stations.len()));
        }
        let contests = self.contests_of(contests)?;
        let invitation = |station: &StationId| self.new_invitation(station, &contests);
        let invitations = stations.iter().map(invitation).collect::<Result<Vec<_>, _>>()?;
        let now_ms = self.now_ms();
        self.store().invite(&invitations, AuditContext { actor, now_ms })?;
        let view = |invitation| {
            let state =
                InvitationState { invitation, created_at_ms: now_ms, used: None, revoked_at_ms: None };
            self.invitation_view(state)
        };
        Ok(invitations.into_iter().map(view).collect())
    }

    fn new_invitation(&self, station: &StationId, contests: &[ContestId]) -> Result<Invitation, InviteError> {
        self.must_have(station)?;
        let code = InvitationCode::random(self.environment())?;
        Ok(Invitation { code, station: station.clone(), contests: contests.to_vec() })
    }

    pub(super) fn must_have(&self, station: &StationId) -> Result<(), InviteError> {
        let exists = self.election().has_station(station);
        if exists { Ok(()) } else { Err(InviteError::StationUnknown(station.clone())) }
    }

    /// These contests in the package's order; all contests when none is named.
    pub(super) fn contests_of(&self, named: &[ContestId]) -> Result<Vec<ContestId>, InviteError> {
        if let Some(unknown) = named.iter().find(|id| self.package().paper(id).is_none()) {
            return Err(InviteError::ContestUnknown(unknown.clone()));
        }
        let all = self.election().contests.iter().map(|contest| &contest.id);
        Ok(all.filter(|id| named.is_empty() || named.contains(id)).cloned().collect())
    }

    /// An invitation as the console shows it.
    pub(crate) fn invitation_view(&self, state: InvitationState) -> InvitationView {
        let InvitationState { invitation, created_at_ms, used, revoked_at_ms } = state;
        let Invitation { code, station, mut contests } = invitation;
        contests.sort_by_key(|id| self.election().contests.iter().position(|contest| contest.id == *id));
        InvitationView {
            link: code.link(self.public_url().unwrap_or_default()),
            code: code.to_string(),
            desa: self.package().region_name(station.desa()),
            number: station.number(),
            station,
            contests,
            created_at_ms,
            used_at_ms: used.map(|(_, at_ms)| at_ms),
            device: used.map(|(device, _)| device.to_string()),
            revoked_at_ms,
        }
    }
}
