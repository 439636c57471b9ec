//! Invitations, and which device used each.

use evidence::DeviceId;
use rusqlite::params;
use tally::{ContestId, RegionCode, StationId};

use super::database::{self, Row, sql, unreadable};
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::invitation_code::InvitationCode;

/// An invitation of one device to one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub code: InvitationCode,
    pub station: StationId,
    pub contests: Vec<ContestId>,
}

/// An invitation and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationState {
    pub invitation: Invitation,
    pub created_at_ms: i64,
    /// The device that used it, and when.
    pub used: Option<(DeviceId, i64)>,
    /// The time at which that device was revoked.
    pub revoked_at_ms: Option<i64>,
}

impl Store {
    /// Stores new invitations, all or none.
    pub fn invite(&self, invitations: &[Invitation], audit: AuditContext<'_>) -> Result<(), StoreError> {
        self.write("store invitations", |transaction| {
            for invitation in invitations {
                let code = invitation.code.as_str();
                let station = invitation.station.to_string();
                transaction.execute(
                    sql!("INSERT INTO invitation (code, station, created_at_ms) VALUES (?1, ?2, ?3)"),
                    params![code, station, audit.now_ms],
                )?;
                for contest in &invitation.contests {
                    transaction.execute(
                        sql!("INSERT INTO invitation_contest (code, contest) VALUES (?1, ?2)"),
                        params![code, contest.as_str()],
                    )?;
                }
                audit::record(transaction, audit, "invitation.create", &station)?;
            }
            Ok(())
        })
    }

    /// The invitations to the stations of a region, newest first.
    pub fn invitations(&self, region: Option<&RegionCode>) -> Result<Vec<InvitationState>, StoreError> {
        let StationRange { from, until } = StationRange::of_region(region);
        self.read("read invitations", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT i.code, i.station, i.created_at_ms, i.used_at_ms, i.device,
                        (SELECT string_agg(contest, ',') FROM invitation_contest c WHERE c.code = i.code)
                            AS contests,
                        (SELECT revoked_at_ms FROM device d WHERE d.id = i.device) AS revoked_at_ms
                     FROM invitation i WHERE i.station >= ?1 AND i.station < ?2
                     ORDER BY i.created_at_ms DESC, i.station, i.code"
                ),
                params![from, until],
                invitation_state,
            )
        })
    }
}

fn invitation_state(row: &Row<'_>) -> database::Result<InvitationState> {
    let code: String = row.get("code")?;
    let code = InvitationCode::from_typed(&code)
        .ok_or_else(|| unreadable("code", "it is not the code of an invitation"))?;
    let contests: Option<String> = row.get("contests")?;
    let contests = contests
        .iter()
        .flat_map(|list| list.split(','))
        .map(|contest| contest.parse().map_err(|error: tally::IdError| unreadable("contests", error)))
        .collect::<database::Result<_>>()?;
    let used_at_ms: Option<i64> = row.get("used_at_ms")?;
    let device: Option<[u8; 16]> = row.get("device")?;
    Ok(InvitationState {
        invitation: Invitation { code, station: row.parsed("station")?, contests },
        created_at_ms: row.get("created_at_ms")?,
        used: device.map(DeviceId).zip(used_at_ms),
        revoked_at_ms: row.get("revoked_at_ms")?,
    })
}
