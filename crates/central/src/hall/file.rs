//! The file with which a hall is prepared at the endpoint: the package, the public keys of invitations and
//! devices of a region, and the hall's own invitation. It has no code of a witness in it.

use std::io;
use std::path::{Path, PathBuf};

use environment::Environment;
use evidence::PublicKey;
use protocol::{Assignment, LogKeys};
use serde::{Deserialize, Serialize};
use tally::{ContestId, Election, RegionCode, StationId};

use crate::endpoint::{Endpoint, OpenError, Settings, open_store};
use crate::model::invitation_code::InvitationCode;
use crate::store::{
    Actor, AuditContext, HallMark, Invitation, KnownDevice, KnownInvitation, StationRange, StoreError,
};

/// The name of the format.
const FORMAT: &str = "saksi-hall/1";
/// Maximum length of the file, in bytes. A whole kabupaten is far below.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Maximum number of invitations, and of devices, in a file.
const ENTRIES_MAX: usize = 200_000;
/// Number of days for which the hall's own invitation is valid.
const HALL_DAYS: i64 = 60;

/// Why a hall cannot be prepared or opened.
#[derive(Debug, thiserror::Error)]
pub enum HallError {
    #[error("cannot read the hall file {file}")]
    Read { file: PathBuf, source: io::Error },
    #[error("cannot use the hall file {file}: {reason}")]
    Malformed { file: PathBuf, reason: String },
    #[error("cannot open a hall here: the data folder is that of an endpoint")]
    NotAHall,
    #[error("cannot open the hall: the file is of another endpoint than the data folder")]
    OtherEndpoint,
    #[error("cannot prepare a hall: the endpoint has no public address yet; serve it once, or name it")]
    NoAddress,
    #[error("cannot prepare a hall for a region without stations")]
    NoStations,
    #[error("cannot make a code")]
    Randomness(#[from] environment::RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// What a hall needs to work for an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HallFile {
    format: String,
    /// The endpoint's base address.
    pub endpoint: String,
    /// The keys of the endpoint's log.
    log_keys: LogKeys,
    /// The code of the hall's own invitation, with which it hands on. It enrols one device without stations.
    code: String,
    /// The package, cut to the region.
    election: Election,
    invitations: Vec<InvitationEntry>,
    devices: Vec<DeviceEntry>,
}

/// An invitation by the public half of the key that its code makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct InvitationEntry {
    key: String,
    station: StationId,
    contests: Vec<ContestId>,
    expires_at_ms: i64,
}

/// A device that has joined.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct DeviceEntry {
    key: String,
    assignments: Vec<Assignment>,
}

impl HallFile {
    /// Reads the file within bounds.
    pub fn read(path: &Path) -> Result<Self, HallError> {
        let read = |source| HallError::Read { file: path.to_owned(), source };
        let malformed = |reason: String| HallError::Malformed { file: path.to_owned(), reason };
        if std::fs::metadata(path).map_err(read)?.len() > FILE_BYTES_MAX {
            return Err(malformed(format!("it is longer than {FILE_BYTES_MAX} bytes")));
        }
        let bytes = std::fs::read(path).map_err(read)?;
        let file: Self = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        if file.format != FORMAT {
            return Err(malformed("it is of another version".to_owned()));
        }
        if file.invitations.len() > ENTRIES_MAX || file.devices.len() > ENTRIES_MAX {
            return Err(malformed(format!("it has more than {ENTRIES_MAX} invitations or devices")));
        }
        // Through the loader, so that it is as consistent as a package from a file.
        let json = file.election.to_json().map_err(|error| malformed(error.to_string()))?;
        let election = Election::from_json(&json).map_err(|error| malformed(error.to_string()))?;
        Ok(Self { election, ..file })
    }

    /// The file's bytes.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// The package.
    pub fn election(&self) -> &Election {
        &self.election
    }

    /// What marks a store as this hall's.
    pub fn mark(&self) -> HallMark {
        HallMark { endpoint: self.endpoint.clone(), log_keys: self.log_keys.clone(), code: self.code.clone() }
    }

    /// Entries whose key is none are left out: they would let nobody in.
    fn invitations(&self) -> Vec<KnownInvitation> {
        let known = |entry: &InvitationEntry| {
            Some(KnownInvitation {
                key: PublicKey::from_hex(&entry.key).ok()?,
                station: entry.station.clone(),
                contests: entry.contests.clone(),
                expires_at_ms: entry.expires_at_ms,
            })
        };
        self.invitations.iter().filter_map(known).collect()
    }

    fn devices(&self) -> Vec<KnownDevice> {
        let known = |entry: &DeviceEntry| {
            let key = PublicKey::from_hex(&entry.key).ok()?;
            Some(KnownDevice { key, assignments: entry.assignments.clone() })
        };
        self.devices.iter().filter_map(known).collect()
    }
}

/// Makes the data folder a hall's, or brings a hall up to date with a newer file. The endpoint is opened
/// afterwards with the file's package.
pub fn prepare(settings: &Settings, file: &HallFile, environment: &Environment) -> Result<(), HallError> {
    let store = open_store(settings)?;
    match store.hall()? {
        Some(known) if known.endpoint != file.endpoint => return Err(HallError::OtherEndpoint),
        Some(_) => {}
        // A log that devices may have pinned never becomes that of a hall.
        None if store.election()?.is_some() => return Err(HallError::NotAHall),
        None => {}
    }
    Ok(store.open_hall(&file.mark(), &file.invitations(), &file.devices(), environment.now_ms())?)
}

impl Endpoint {
    /// The file for a hall of a region; without one, of the whole election. It contains a new invitation for
    /// the hall itself.
    pub fn hall_file(&self, region: Option<&RegionCode>, actor: &Actor) -> Result<HallFile, HallError> {
        let endpoint = self.public_url().ok_or(HallError::NoAddress)?.to_owned();
        let election = self.package_of(region);
        let first = election.stations().next().ok_or(HallError::NoStations)?;
        let range = StationRange::of_region(region);
        let now_ms = self.now_ms();
        let invitations = self.store().open_invitations(&range, now_ms)?.into_iter();
        let devices = self.store().devices_for_hall(&range)?.into_iter();
        let log_keys = self.log_keys()?;
        Ok(HallFile {
            format: FORMAT.to_owned(),
            endpoint,
            log_keys,
            code: self.invite_hall(&first, now_ms, actor)?.to_string(),
            election,
            invitations: invitations
                .map(|known| InvitationEntry {
                    key: known.key.to_hex(),
                    station: known.station,
                    contests: known.contests,
                    expires_at_ms: known.expires_at_ms,
                })
                .collect(),
            devices: devices
                .map(|known| DeviceEntry { key: known.key.to_hex(), assignments: known.assignments })
                .collect(),
        })
    }

    fn package_of(&self, region: Option<&RegionCode>) -> Election {
        let Some(region) = region else { return self.election().clone() };
        let inside: Vec<StationId> =
            self.election().stations().filter(|station| region.contains(station.desa())).collect();
        self.election().slice(&inside)
    }

    /// An invitation to no contest: what enrols by it may carry for others and witnesses nowhere.
    fn invite_hall(
        &self,
        station: &StationId,
        now_ms: i64,
        actor: &Actor,
    ) -> Result<InvitationCode, HallError> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
        let code = InvitationCode::random(self.environment())?;
        let expires_at_ms = now_ms.saturating_add(HALL_DAYS * DAY_MS);
        let (station, contests) = (station.clone(), Vec::new());
        let invitation = Invitation { code: code.clone(), station, contests, expires_at_ms };
        self.store().invite(std::slice::from_ref(&invitation), AuditContext { actor, now_ms })?;
        Ok(code)
    }

    fn log_keys(&self) -> Result<LogKeys, StoreError> {
        let known = self.store().log_keys()?;
        let rotations = known.iter().filter_map(|known| known.rotation).map(|rotation| rotation.to_hex());
        Ok(LogKeys { current: self.log_key().public().to_hex(), rotations: rotations.collect() })
    }
}
