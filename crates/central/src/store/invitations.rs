//! Invitations, as they are handed out and used.

use evidence::DeviceId;
use rusqlite::params;
use tally::{ContestId, RegionCode, StationId};

use super::database::{self, Row, unreadable};
use super::{Actor, Store, StoreError, audit, station_range};
use crate::model::invitation_code::InvitationCode;

/// Places for one device at one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What is handed out.
    pub code: InvitationCode,
    /// Where.
    pub station: StationId,
    /// For which contests.
    pub contests: Vec<ContestId>,
}

/// An invitation with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationState {
    /// The invitation.
    pub invitation: Invitation,
    /// When it was made.
    pub created_at_ms: i64,
    /// Who used it, and when.
    pub used: Option<(DeviceId, i64)>,
    /// Since when that device is revoked.
    pub revoked_at_ms: Option<i64>,
}

impl Store {
    /// Keeps new invitations, all or none.
    pub fn invite(&self, invitations: &[Invitation], actor: &Actor, now_ms: i64) -> Result<(), StoreError> {
        self.write("keeping invitations", |transaction| {
            for invitation in invitations {
                let code = invitation.code.as_str();
                let station = invitation.station.to_string();
                transaction.execute(
                    "INSERT INTO invitation (code, station, created_at_ms) VALUES (?1, ?2, ?3)",
                    params![code, station, now_ms],
                )?;
                for contest in &invitation.contests {
                    transaction.execute(
                        "INSERT INTO invitation_contest (code, contest) VALUES (?1, ?2)",
                        params![code, contest.as_str()],
                    )?;
                }
                audit::note(transaction, now_ms, actor, "invitation.create", &station)?;
            }
            Ok(())
        })
    }

    /// The invitations of a region, newest first.
    pub fn invitations(&self, region: Option<&RegionCode>) -> Result<Vec<InvitationState>, StoreError> {
        let (from, until) = station_range(region);
        self.read("reading invitations", |transaction| {
            transaction.rows(
                "SELECT i.code, i.station, i.created_at_ms, i.used_at_ms, i.device,
                        (SELECT string_agg(contest, ',') FROM invitation_contest c WHERE c.code = i.code),
                        (SELECT revoked_at_ms FROM device d WHERE d.id = i.device)
                 FROM invitation i WHERE i.station >= ?1 AND i.station < ?2
                 ORDER BY i.created_at_ms DESC, i.station, i.code",
                params![from, until],
                invitation_state,
            )
        })
    }
}

fn invitation_state(row: &Row<'_>) -> database::Result<InvitationState> {
    let code: String = row.get(0)?;
    let code = InvitationCode::from_typed(&code).ok_or_else(|| unreadable(0, "not a code"))?;
    let contests: Option<String> = row.get(5)?;
    let contests = contests
        .iter()
        .flat_map(|list| list.split(','))
        .map(|contest| contest.parse().map_err(|error: tally::IdError| unreadable(5, error.to_string())))
        .collect::<database::Result<_>>()?;
    let used_at_ms: Option<i64> = row.get(3)?;
    let device: Option<[u8; 16]> = row.get(4)?;
    Ok(InvitationState {
        invitation: Invitation { code, station: row.parsed(1)?, contests },
        created_at_ms: row.get(2)?,
        used: device.map(DeviceId).zip(used_at_ms),
        revoked_at_ms: row.get(6)?,
    })
}
