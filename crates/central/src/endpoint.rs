//! The endpoint as one value: the election, the store, the photos, and what it takes from outside.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use evidence::{DeviceId, LogKey};
use tally::{ContestId, Election, RegionCode, StationId};
use tokio::sync::{Notify, Semaphore};

use crate::blocking::{Queue, Turns};
use crate::election::package::{Package, PackageChange, PackageRefusal, geometries_of, may_follow};
use crate::environment::Outside;
use crate::http::{Pressure, Rates};
use crate::ingest::admission::Admitted;
use crate::ingest::group_commit::Group;
use crate::ingest::photos::storage::{PhotoError, Photos};
use crate::ingest::photos::upload::PhotoLocks;
use crate::log::key::{self, LogKeyError};
use crate::model::invitation_code::InvitationCode;
use crate::operate::metrics::Metrics;
use crate::people::failed_attempts::FailedAttempts;
use crate::people::passwords::{self, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, StoredPassword};
use crate::refusal::Refusal;
use crate::store::{
    Actor, AuditContext, Ingested, Invitation, InvitationState, Store, StoreError, StoreLocation, User,
};
use crate::view::InvitationView;

/// Logins that may fail from one address in [`ATTEMPTS_WINDOW_MS`].
const LOGIN_FAILURES_MAX: u32 = 10;
/// Enrolments that may fail from one address in [`ATTEMPTS_WINDOW_MS`]. Many phones share one address of a mobile
/// operator, and codes cannot be guessed: this only spares the store.
const ENROL_FAILURES_MAX: u32 = 200;
const ATTEMPTS_WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Passwords that are checked at once: each takes 19 MiB for a moment.
const PASSWORD_CHECKS_AT_ONCE: usize = 4;
/// Pieces of work that go on at once: more would only wait for each other in the store.
const WORK_AT_ONCE: usize = 64;
const WORK_WAITING_MAX: usize = 256;
/// Pushes that are taken in at once. Most of them wait, to go into the store together.
const INTAKE_AT_ONCE: usize = 128;
/// Pushes that may wait for their turn. They are in memory: at a quarter of a megabyte each, 192 MB at the most.
const INTAKE_WAITING_MAX: usize = 768;
/// Most invitations that are made in one go.
const INVITATIONS_MAX: usize = 2_000_000;

/// Where the endpoint keeps its things, and where it is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder. What is missing in it is made.
    pub data: PathBuf,
    /// The address that goes into invitations, without a slash at its end; `None` for the one that was last used.
    pub public_url: Option<String>,
    /// The PostgreSQL server with the store, as a `postgres://` address names it; `None` for a file in the data folder.
    pub database: Option<String>,
    /// The bucket with the photos, such as `s3://saksi`; `None` for a folder in the data folder.
    pub bucket: Option<String>,
    /// How much may be sent in a while.
    pub rates: Rates,
    /// Whether a proxy stands in front: then it, and nobody else, says where requests come from.
    pub behind_proxy: bool,
    /// The file of the log's key; `None` for `log.key` in the data folder.
    pub log_key: Option<PathBuf>,
}

/// Why the endpoint cannot open its data folder.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A folder cannot be made or read.
    #[error("the data folder {folder} cannot be used: {source}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The photos cannot be opened.
    #[error(transparent)]
    Photos(#[from] PhotoError),
    /// The package does not go with the folder.
    #[error(transparent)]
    Package(#[from] PackageRefusal),
    /// No package was given, and the folder has none.
    #[error("the data folder {0} has no election yet; give one with --election FILE")]
    NoElection(PathBuf),
    /// The log's key cannot be used.
    #[error(transparent)]
    LogKey(#[from] LogKeyError),
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(io::Error),
}

/// Why an invitation cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The election has no such station.
    #[error("the election has no station {0}")]
    StationUnknown(StationId),
    /// The election has no such contest.
    #[error("the election has no contest {0}")]
    ContestUnknown(ContestId),
    /// Too many at once.
    #[error("{0} invitations at once are too many")]
    TooMany(usize),
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(io::Error),
    /// The store cannot keep them.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a user cannot be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is not one.
    #[error("a user's name has 1 to 40 letters, digits, hyphens, dots and underscores; {0:?} does not fit")]
    NameUnfit(String),
    /// The name is taken.
    #[error("there is already a user {0}; `user password {0}` gives them another password")]
    NameTaken(String),
    /// No such user.
    #[error("there is no user {0}")]
    Unknown(String),
    /// The password is too short or too long.
    #[error("a password has {PASSWORD_CHARS_MIN} characters or more, and at most {PASSWORD_BYTES_MAX} bytes")]
    PasswordUnfit,
    /// The election has no such region.
    #[error("the election has no region {0}")]
    RegionUnknown(RegionCode),
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Randomness(io::Error),
    /// The store cannot keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An endpoint. Cloning gives another hand on the same one.
#[derive(Clone)]
pub struct Endpoint(Arc<Inner>);

/// What all hands on an endpoint share.
pub struct Inner {
    pub(crate) store: Store,
    /// Statements that go into the store together.
    pub(crate) taking_in: Group<Admitted, Ingested>,
    /// Devices whose keys are looked up together.
    pub(crate) keys: Group<DeviceId, Option<[u8; 32]>>,
    pub(crate) photos: Photos,
    pub(crate) photo_locks: PhotoLocks,
    pub(crate) package: Package,
    pub(crate) outside: Outside,
    pub(crate) log_key: LogKey,
    pub(crate) log_key_file: PathBuf,
    /// Wakes the log's sequencer.
    pub(crate) taken_in: Notify,
    /// Wakes whoever counts.
    pub(crate) to_count: Notify,
    pub(crate) failed_logins: FailedAttempts,
    pub(crate) failed_enrolments: FailedAttempts,
    pub(crate) password_checks: Semaphore,
    pub(crate) pressure: Pressure,
    pub(crate) metrics: Metrics,
    /// Whether a proxy stands in front that says where requests come from.
    pub(crate) behind_proxy: bool,
    /// Taking statements in has a queue of its own, so that nobody else waits for it.
    intake: Queue,
    work: Queue,
    /// Checking statements is nothing but work for a processor: more at once would only take turns from who else needs one.
    pub(crate) checking: Turns,
    /// Fits no password; checked when there is no such user, so that both answers take as long.
    pub(crate) nobodys_password: StoredPassword,
    public_url: Option<String>,
    change: PackageChange,
}

impl std::ops::Deref for Endpoint {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint of {}", self.package.election.id)
    }
}

impl Endpoint {
    /// Opens the data folder for `election`, or for the election that it already has.
    pub fn open(
        settings: &Settings,
        election: Option<Election>,
        outside: Outside,
    ) -> Result<Self, OpenError> {
        let at = |folder: PathBuf| move |source| OpenError::Folder { folder, source };
        std::fs::create_dir_all(&settings.data).map_err(at(settings.data.clone()))?;
        let photos = Photos::of(settings)?;
        let store = Store::open(&match &settings.database {
            Some(url) => StoreLocation::Server(url.clone()),
            None => StoreLocation::File(settings.data.join("central.sqlite")),
        })?;

        let log_key_file = match &settings.log_key {
            Some(file) => file.clone(),
            None => settings.data.join("log.key"),
        };
        let log_key = key::open(&log_key_file, &store, &outside)?;

        election.as_ref().map_or(Ok(()), geometries_of)?;
        let held = store.election()?.map(Package::new);
        let (package, change) = match (held, election.map(Package::new)) {
            (None, None) => return Err(OpenError::NoElection(settings.data.clone())),
            (Some(held), None) => (held, PackageChange::Same),
            (None, Some(given)) => (given, PackageChange::Taken),
            (Some(held), Some(given)) => {
                let change = may_follow(&held, &given, &store.stations_with_tallies()?)?;
                (given, change)
            }
        };
        if change == PackageChange::Taken {
            let audit = AuditContext { actor: &Actor::Operator, now_ms: outside.now_ms() };
            store.store_election(&package.election, audit)?;
        }
        let public_url = match &settings.public_url {
            Some(url) => Some(url.trim_end_matches('/').to_owned()),
            None => store.public_url()?,
        };
        let unguessable = passwords::draw(&outside).map_err(OpenError::Randomness)?;
        let nobodys_password = StoredPassword::of(&unguessable, &outside).map_err(OpenError::Randomness)?;
        Ok(Self(Arc::new(Inner {
            store,
            taking_in: Group::default(),
            keys: Group::default(),
            photos,
            photo_locks: PhotoLocks::default(),
            package,
            outside,
            log_key,
            log_key_file,
            taken_in: Notify::new(),
            to_count: Notify::new(),
            failed_logins: FailedAttempts::new(LOGIN_FAILURES_MAX, ATTEMPTS_WINDOW_MS),
            failed_enrolments: FailedAttempts::new(ENROL_FAILURES_MAX, ATTEMPTS_WINDOW_MS),
            password_checks: Semaphore::new(PASSWORD_CHECKS_AT_ONCE),
            pressure: Pressure::new(settings.rates),
            metrics: Metrics::default(),
            behind_proxy: settings.behind_proxy,
            intake: Queue::new(INTAKE_AT_ONCE, INTAKE_WAITING_MAX),
            work: Queue::new(WORK_AT_ONCE, WORK_WAITING_MAX),
            checking: Turns::new(std::thread::available_parallelism().map_or(1, usize::from)),
            nobodys_password,
            public_url,
            change,
        })))
    }

    /// Does blocking work away from the threads that serve the network. More than can wait is turned away at once.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.in_turn(&self.work, work).await
    }

    /// The same for taking statements in.
    pub(crate) async fn blocking_intake<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.in_turn(&self.intake, work).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        queue: &Queue,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let Some(_turn) = queue.turn().await else {
            self.metrics.busy();
            return Err(Refusal::busy());
        };
        let endpoint = self.clone();
        tokio::task::spawn_blocking(move || work(&endpoint))
            .await
            .unwrap_or_else(|error| Err(Refusal::fault("blocking work", &error)))
    }
}

impl Inner {
    /// The election.
    pub fn election(&self) -> &Election {
        &self.package.election
    }

    /// The store, for whoever looks behind the endpoint's answers.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether opening took a new package.
    pub fn package_change(&self) -> PackageChange {
        self.change
    }

    /// The address that goes into invitations.
    pub fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// Keeps the address for links that are made while the endpoint does not run.
    pub fn remember_public_url(&self) -> Result<(), StoreError> {
        self.public_url.as_deref().map_or(Ok(()), |url| self.store.set_public_url(url))
    }

    /// Makes an invitation for each of `stations`; a station that stands there twice gets two. No contests stand for
    /// all of them.
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
        let mut invitations = Vec::with_capacity(stations.len());
        for station in stations {
            if !self.package.election.has_station(station) {
                return Err(InviteError::StationUnknown(station.clone()));
            }
            let code = InvitationCode::draw(&self.outside).map_err(InviteError::Randomness)?;
            invitations.push(Invitation { code, station: station.clone(), contests: contests.clone() });
        }
        let now_ms = self.outside.now_ms();
        self.store.invite(&invitations, AuditContext { actor, now_ms })?;
        let state = |invitation| InvitationState {
            invitation,
            created_at_ms: now_ms,
            used: None,
            revoked_at_ms: None,
        };
        Ok(invitations.into_iter().map(|invitation| self.invitation_view(state(invitation))).collect())
    }

    /// An invitation as people see it.
    pub(crate) fn invitation_view(&self, state: InvitationState) -> InvitationView {
        let InvitationState { invitation, created_at_ms, used, revoked_at_ms } = state;
        let Invitation { code, station, mut contests } = invitation;
        let place =
            |id: &ContestId| self.package.election.contests.iter().position(|contest| contest.id == *id);
        contests.sort_by_key(place);
        InvitationView {
            link: code.link(self.public_url.as_deref().unwrap_or_default()),
            code: code.to_string(),
            desa: self.region_name(station.desa()),
            station,
            contests,
            created_at_ms,
            used_at_ms: used.map(|(_, at_ms)| at_ms),
            device: used.map(|(device, _)| device.to_string()),
            revoked_at_ms,
        }
    }

    /// Revokes a device; see [`Store::revoke_device`].
    pub fn revoke_device(
        &self,
        device: DeviceId,
        because: Option<&str>,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        self.store.revoke_device(device, because, self.audit(actor))
    }

    /// Gives a device one more station, for these contests or, where none is named, for all; see [`Store::assign`].
    pub fn assign(
        &self,
        device: DeviceId,
        station: &StationId,
        contests: &[ContestId],
        actor: &Actor,
    ) -> Result<bool, InviteError> {
        if !self.package.election.has_station(station) {
            return Err(InviteError::StationUnknown(station.clone()));
        }
        let contests = self.contests_of(contests)?;
        Ok(self.store.assign(device, station, &contests, self.audit(actor))?)
    }

    /// Takes a station from a device; see [`Store::unassign`].
    pub fn unassign(&self, device: DeviceId, station: &StationId, actor: &Actor) -> Result<bool, StoreError> {
        self.store.unassign(device, station, self.audit(actor))
    }

    fn audit<'a>(&self, actor: &'a Actor) -> AuditContext<'a> {
        AuditContext { actor, now_ms: self.outside.now_ms() }
    }

    /// These contests in the package's order; all of them where none is named.
    fn contests_of(&self, named: &[ContestId]) -> Result<Vec<ContestId>, InviteError> {
        if let Some(unknown) = named.iter().find(|id| self.package.paper(id).is_none()) {
            return Err(InviteError::ContestUnknown(unknown.clone()));
        }
        let of_package = self.package.election.contests.iter().map(|contest| &contest.id);
        Ok(of_package.filter(|id| named.is_empty() || named.contains(id)).cloned().collect())
    }

    /// A region's name; its code where the package does not name it.
    pub(crate) fn region_name(&self, code: &RegionCode) -> String {
        match self.package.election.region(code) {
            Some(region) => region.name.clone(),
            None => code.to_string(),
        }
    }

    /// Adds a user of the console.
    pub fn add_user(&self, user: &User, password: &str, actor: &Actor) -> Result<(), UserError> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if !(1..=40).contains(&user.name.len()) || !user.name.chars().all(fits) {
            return Err(UserError::NameUnfit(user.name.clone()));
        }
        if let Some(region) = user.region.as_ref().filter(|code| self.package.election.region(code).is_none())
        {
            return Err(UserError::RegionUnknown(region.clone()));
        }
        let password = self.stored_password(password)?;
        if self.store.add_user(user, &password, self.audit(actor))? {
            Ok(())
        } else {
            Err(UserError::NameTaken(user.name.clone()))
        }
    }

    /// Gives a user another password, and ends their sessions.
    pub fn change_password(&self, name: &str, password: &str, actor: &Actor) -> Result<(), UserError> {
        let password = self.stored_password(password)?;
        if self.store.change_password(name, &password, self.audit(actor))? {
            Ok(())
        } else {
            Err(UserError::Unknown(name.to_owned()))
        }
    }

    /// A password that nobody chose.
    pub fn draw_password(&self) -> Result<String, UserError> {
        passwords::draw(&self.outside).map_err(UserError::Randomness)
    }

    fn stored_password(&self, password: &str) -> Result<StoredPassword, UserError> {
        if password.chars().count() < PASSWORD_CHARS_MIN || password.len() > PASSWORD_BYTES_MAX {
            return Err(UserError::PasswordUnfit);
        }
        StoredPassword::of(password, &self.outside).map_err(UserError::Randomness)
    }
}
