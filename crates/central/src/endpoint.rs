//! The handle to an endpoint: its settings, its parts, and the way to run blocking work on them.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use environment::{Environment, RngError};
use evidence::{DeviceId, LogKey, Namespace, PublicKey};
use practice::ScenarioError;
use tally::Election;
use tokio::sync::Notify;

use crate::blocking::{ByteBudget, LaneError, LaneName, Lanes, Permits, Queue};
use crate::bounded_map::BoundedMap;
use crate::crops_cache::CropsCache;
use crate::devices_seen::DevicesSeen;
use crate::election::boundaries::{Boundaries, BoundariesError};
use crate::election::next_version::{LeftOut, Versions, may_follow, sums_differ};
use crate::election::package::{LeftOutStations, Package, PackageChange, PackageRefusal, check_geometries};
use crate::free_space::{FreeSpace, FreeSpaceMarks};
use crate::group_commit::GroupCommit;
use crate::import_progress::ImportProgress;
use crate::log_key::{self, LogKeyError};
use crate::metrics::Metrics;
use crate::model::passwords::{PasswordHashError, PasswordHashing, StoredPassword, random_password};
use crate::model::statement::Admitted;
use crate::photo_storage::{PhotoError, PhotoLocks, PhotoStorage};
use crate::private_files::{make_private_folder, open_private_file};
use crate::readiness::Readiness;
use crate::recent_log::RecentLog;
use crate::refusal::Refusal;
use crate::served_drill::ServedDrill;
use crate::store::{
    Actor, AuditContext, HallMark, Ingested, NewPackage, StationRange, Store, StoreError, StoreLocation,
};
use crate::throttling::buffers::Buffers;
use crate::throttling::failed_attempts::FailedAttempts;
use crate::throttling::failed_logins::FailedLogins;
use crate::throttling::network;
use crate::throttling::rates::{RateLimits, Rates};

/// Maximum number of enrolments with unknown codes from one network in a window. Many phones share one
/// address of a mobile operator, and nobody can guess a code: this limit only spares the store. A valid code
/// passes above it too.
const UNKNOWN_CODES_MAX: u32 = 200;
/// Length of that window: 15 minutes.
const UNKNOWN_CODES_WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Maximum number of forged statements that one device may send in a window. A phone has verified what it
/// carries, so an honest one sends none; checking their signatures is the most expensive work of a push.
const FORGED_STATEMENTS_MAX: u32 = 200;
/// Length of that window: 15 minutes.
const FORGED_STATEMENTS_WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Memory for bodies that are not complete and answers that are not read. The largest body is a piece of a
/// photo, of half a megabyte.
const BUFFERED_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Number of failed logins and requests of unknown devices within a window that make a network a failing one.
/// Its logins and its unknown devices then wait for each other, and nobody else waits for them.
const FAILING_NETWORK: u32 = 20;
/// Length of that window: 15 minutes.
const FAILING_NETWORK_WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Maximum number of password checks at the same time. A check needs 19 MiB of memory and a core.
const PASSWORD_CHECKS_MAX: usize = 3;
/// Maximum number of password checks at the same time for all failing networks, and of those that wait.
const SUSPECT_CHECKS_MAX: usize = 1;
const SUSPECTS_WAITING_MAX: usize = 16;
/// Maximum number of logins that wait for a password check. More of them are rejected: each waits for some 50
/// ms.
const LOGINS_WAITING_MAX: usize = 64;
/// Memory for decoded pictures.
const PIXEL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Maximum number of device keys in memory: some 15 MB.
const KNOWN_DEVICES_MAX: usize = 50_000;
/// Maximum number of sessions in memory.
const KNOWN_SESSIONS_MAX: usize = 10_000;

/// Where the endpoint stores its data, its public address, and its limits.
#[derive(Clone)]
pub struct Settings {
    /// The data folder, which is made when it is missing.
    pub data: PathBuf,
    /// The address in invitations, without a slash at its end; `None` for the one that was last used.
    pub public_url: Option<String>,
    /// A `postgres://` address of the server with the store; `None` for a file in the data folder.
    pub database: Option<String>,
    /// The bucket with the photos, such as `s3://saksi`; `None` for a folder in the data folder.
    pub bucket: Option<String>,
    pub rates: Rates,
    /// Whether a proxy is in front. Then the proxy says where a request comes from.
    pub behind_proxy: bool,
    /// The file of the log's key; `None` for `log.key` in the data folder.
    pub log_key: Option<PathBuf>,
    /// Number of days for which a new invitation is valid at least; see [`INVITATION_DAYS`].
    pub invitation_days: u16,
    /// Whether a new package may leave out stations of which statements have arrived.
    pub left_out_stations: LeftOutStations,
    pub free_space: FreeSpaceMarks,
    /// Whether users who decide or see people must log in with a second factor.
    pub require_second_factor: bool,
    /// A GeoJSON file with the outlines of regions, for the console's map.
    pub boundaries: Option<PathBuf>,
}

/// Default of the days for which an invitation is valid. Invitations are usually made some weeks before the
/// day of voting; one is always valid until the day after it.
pub const INVITATION_DAYS: u16 = 60;

impl fmt::Debug for Settings {
    /// Without the database's password: settings may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .field("database", &self.database.as_deref().map(without_password))
            .field("bucket", &self.bucket)
            .field("rates", &self.rates)
            .field("behind_proxy", &self.behind_proxy)
            .field("log_key", &self.log_key)
            .field("invitation_days", &self.invitation_days)
            .field("left_out_stations", &self.left_out_stations)
            .field("free_space", &self.free_space)
            .field("require_second_factor", &self.require_second_factor)
            .field("boundaries", &self.boundaries)
            .finish()
    }
}

/// The host and name of a database address. The part before the last `@`, or in the query, may be a password.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let server = rest.rsplit_once('@').map_or(rest, |(_, server)| server);
    let server = server.split('?').next().unwrap_or_default();
    // `host=… password=…` is an address too.
    if scheme.is_empty() { "***".to_owned() } else { format!("{scheme}://***@{server}") }
}

/// Why the endpoint cannot open its data folder.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot make or read the data folder {folder}")]
    Folder { folder: PathBuf, source: io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Photos(#[from] PhotoError),
    #[error(transparent)]
    Package(#[from] PackageRefusal),
    /// No package was given, and the folder has none.
    #[error("the data folder {0} has no election yet; give one with --election FILE")]
    NoElection(PathBuf),
    #[error(transparent)]
    LogKey(#[from] LogKeyError),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Password(#[from] PasswordHashError),
    #[error(transparent)]
    Boundaries(#[from] BoundariesError),
    #[error("cannot use the stored scenario of the drill")]
    Scenario(#[from] ScenarioError),
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

/// A cheap, clonable handle to a running endpoint.
#[derive(Clone)]
pub struct Endpoint(Arc<Parts>);

/// What all handles to an endpoint share.
struct Parts {
    /// Statements of several pushes, which are stored in one transaction.
    statement_commits: GroupCommit<Admitted, Ingested>,
    /// Devices of several pushes, whose keys are read by one query.
    device_key_lookups: GroupCommit<DeviceId, Option<[u8; 32]>>,
    store: Arc<Store>,
    photos: PhotoStorage,
    photo_locks: PhotoLocks,
    package: Package,
    boundaries: Boundaries,
    package_change: PackageChange,
    environment: Environment,
    log_key: LogKey,
    log_key_file: PathBuf,
    /// The data folder.
    data: PathBuf,
    /// The endpoint that this is a hall of; `None` for an endpoint.
    hall: Option<HallMark>,
    /// The drill that is served here; `None` elsewhere.
    drill: Option<ServedDrill>,
    log_wakeup: Notify,
    count_wakeup: Notify,
    failed_logins: FailedLogins,
    unknown_codes: FailedAttempts<Option<IpAddr>>,
    forged_statements: FailedAttempts<DeviceId>,
    buffers: Buffers,
    password_checks: Queue,
    suspect_checks: Queue,
    failing_networks: FailedAttempts<Option<IpAddr>>,
    rate_limits: RateLimits,
    metrics: Metrics,
    behind_proxy: bool,
    public_url: Option<String>,
    invitation_days: u16,
    lanes: Lanes,
    pixel_bytes: ByteBudget,
    crops_cache: CropsCache,
    /// Keys of the devices that sent a request lately. The key of a device never changes.
    known_devices: BoundedMap<DeviceId, PublicKey>,
    /// Sessions that were open lately, with the monotonic time at which they end at the latest. Whether one
    /// still is open is read from the store.
    known_sessions: BoundedMap<[u8; 32], i64>,
    devices_seen: DevicesSeen,
    recent_log: RecentLog,
    import_progress: ImportProgress,
    readiness: Readiness,
    free_space: FreeSpace,
    /// Bounds signature checks to one thread per core, so that they cannot starve other requests.
    signature_checks: Permits,
    password_hashing: PasswordHashing,
    second_factor_required: bool,
    /// Matches no password. It is checked for a user that does not exist, so that both answers take as long.
    decoy_password: StoredPassword,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint of {}", self.election().id)
    }
}

impl Endpoint {
    /// Opens the data folder for `election`, or for the election that the folder already has.
    pub fn open(
        settings: &Settings,
        election: Option<Election>,
        environment: Environment,
    ) -> Result<Self, OpenError> {
        let store = Arc::new(open_store(settings)?);
        let photos = PhotoStorage::open(settings.bucket.as_deref(), &settings.data)?;
        let log_key_file = settings.log_key.clone().unwrap_or_else(|| settings.data.join("log.key"));
        let namespace = namespace_of(&store, election.as_ref())?;
        let log_key = log_key::open(&log_key_file, namespace, &store, &environment)?;
        let (package, package_change) = open_package(settings, &store, election, environment.now_ms())?;
        let boundaries = Boundaries::open(settings.boundaries.as_deref(), &package.election)?;
        let public_url = public_url(settings, &store)?;
        let password_hashing = PasswordHashing::new(PASSWORD_CHECKS_MAX + SUSPECT_CHECKS_MAX);
        let decoy_password = password_hashing.hash(&random_password(&environment)?, &environment)?;
        Ok(Self(Arc::new(Parts {
            statement_commits: statement_commits(&store, &environment)?,
            device_key_lookups: device_key_lookups(&store)?,
            hall: store.hall()?,
            drill: store.drill()?.map(|stored| ServedDrill::new(stored.scenario)).transpose()?,
            store,
            photos,
            photo_locks: PhotoLocks::default(),
            package,
            boundaries,
            package_change,
            environment,
            log_key,
            log_key_file,
            data: settings.data.clone(),
            log_wakeup: Notify::new(),
            count_wakeup: Notify::new(),
            failed_logins: FailedLogins::default(),
            unknown_codes: FailedAttempts::new(UNKNOWN_CODES_MAX, UNKNOWN_CODES_WINDOW_MS),
            forged_statements: FailedAttempts::new(FORGED_STATEMENTS_MAX, FORGED_STATEMENTS_WINDOW_MS),
            buffers: Buffers::new(BUFFERED_BYTES_MAX),
            password_checks: Queue::new(PASSWORD_CHECKS_MAX, LOGINS_WAITING_MAX),
            suspect_checks: Queue::new(SUSPECT_CHECKS_MAX, SUSPECTS_WAITING_MAX),
            failing_networks: FailedAttempts::new(FAILING_NETWORK, FAILING_NETWORK_WINDOW_MS),
            rate_limits: RateLimits::new(settings.rates),
            metrics: Metrics::default(),
            behind_proxy: settings.behind_proxy,
            public_url,
            invitation_days: settings.invitation_days,
            lanes: Lanes::default(),
            pixel_bytes: ByteBudget::new(PIXEL_BYTES_MAX),
            crops_cache: CropsCache::default(),
            known_devices: BoundedMap::new(KNOWN_DEVICES_MAX),
            known_sessions: BoundedMap::new(KNOWN_SESSIONS_MAX),
            devices_seen: DevicesSeen::default(),
            recent_log: RecentLog::default(),
            import_progress: ImportProgress::default(),
            readiness: Readiness::default(),
            free_space: free_space(settings),
            signature_checks: Permits::new(std::thread::available_parallelism().map_or(1, usize::from)),
            password_hashing,
            second_factor_required: settings.require_second_factor,
            decoy_password,
        })))
    }

    /// Runs blocking work away from the threads that serve the network, in the lane of the request's route.
    /// Rejects it when too much waits there already.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.blocking_in(LaneName::current(), work).await
    }

    /// Like [`Self::blocking`], for work that never waits: of the sequencer, the counter and the readiness
    /// check.
    pub(crate) async fn internal<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.blocking_in(LaneName::Internal, work).await
    }

    /// Like [`Self::blocking`], in a lane other than the route's.
    pub(crate) async fn blocking_in<T: Send + 'static>(
        &self,
        lane: LaneName,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let endpoint = self.clone();
        match self.0.lanes.run(lane, move || work(&endpoint)).await {
            Ok(result) => result,
            Err(LaneError::Full) => {
                self.metrics().count_rejected();
                Err(Refusal::busy())
            }
            Err(error @ LaneError::Panicked(_)) => Err(Refusal::internal("running blocking work", &error)),
        }
    }
}

/// The address in invitations: that of the settings, or the one that was last used.
fn public_url(settings: &Settings, store: &Store) -> Result<Option<String>, StoreError> {
    match &settings.public_url {
        Some(url) => Ok(Some(url.trim_end_matches('/').to_owned())),
        None => store.public_url(),
    }
}

pub(crate) fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let folder = &settings.data;
    let about = |source| OpenError::Folder { folder: folder.clone(), source };
    make_private_folder(folder).map_err(about)?;
    let location = store_location(settings);
    if let StoreLocation::File(file) = &location {
        // SQLite gives the files beside it the same rights.
        open_private_file(file).map(drop).map_err(about)?;
    }
    Ok(Store::open(&location)?)
}

/// Where the settings put the store.
pub(crate) fn store_location(settings: &Settings) -> StoreLocation {
    match &settings.database {
        Some(url) => StoreLocation::Server(url.clone()),
        None => StoreLocation::File(settings.data.join("central.sqlite")),
    }
}

fn free_space(settings: &Settings) -> FreeSpace {
    let data = Some(settings.data.as_path());
    let store = if settings.database.is_some() { None } else { data };
    FreeSpace::new(settings.free_space, store, if settings.bucket.is_some() { None } else { data })
}

/// Whether a drill is served, which decides the log's key.
fn namespace_of(store: &Store, given: Option<&Election>) -> Result<Namespace, StoreError> {
    let is_drill = match given {
        Some(given) => given.drill,
        None => store.election()?.is_some_and(|stored| stored.drill),
    };
    Ok(if is_drill { Namespace::Drill } else { Namespace::Real })
}

/// The package to serve: the given one, if it may follow the stored one, or else the stored one.
fn open_package(
    settings: &Settings,
    store: &Store,
    given: Option<Election>,
    now_ms: i64,
) -> Result<(Package, PackageChange), OpenError> {
    given.as_ref().map_or(Ok(()), check_geometries)?;
    let given = match given {
        Some(given) if store.has_election(&given)? => return Ok((Package::new(given), PackageChange::Same)),
        other => other,
    };
    let stored = store.election()?.map(Package::new);
    let (package, change) = match (stored, given.map(Package::new)) {
        (None, None) => return Err(OpenError::NoElection(settings.data.clone())),
        (Some(stored), None) => (stored, PackageChange::Same),
        (None, Some(given)) => (given, PackageChange::Replaced),
        (Some(stored), Some(given)) => {
            let change = replace_package(settings, store, &stored, &given, now_ms)?;
            return Ok((given, change));
        }
    };
    if change == PackageChange::Replaced {
        let new = NewPackage { election: &package.election, left_out: &[], needs_rebuild: false };
        store.store_election(&new, AuditContext { actor: &Actor::Operator, now_ms })?;
    }
    Ok((package, change))
}

/// Stores the given package, if it is newer and may follow.
fn replace_package(
    settings: &Settings,
    store: &Store,
    stored: &Package,
    given: &Package,
    now_ms: i64,
) -> Result<PackageChange, OpenError> {
    let change = may_follow(&stored.election, &given.election)?;
    if change == PackageChange::Same {
        return Ok(change);
    }
    let mut versions = Versions::new(stored, given);
    let left_out = left_out(store, &mut versions)?;
    if let (Some(first), LeftOutStations::Refused) = (left_out.first(), settings.left_out_stations) {
        let (given, left_out) = (given.election.version, first.clone());
        return Err(PackageRefusal::LeftOut { given, left_out }.into());
    }
    let needs_rebuild = !store.unplaced(1)?.is_empty()
        || sums_differ(&stored.election, &given.election)
        || has_unplaced(store, &mut versions)?;
    let left_out: Vec<String> = left_out.iter().map(LeftOut::to_string).collect();
    let new = NewPackage { election: &given.election, left_out: &left_out, needs_rebuild };
    store.store_election(&new, AuditContext { actor: &Actor::Operator, now_ms })?;
    Ok(change)
}

/// What the newer version leaves out, although statements bind it.
fn left_out(store: &Store, versions: &mut Versions<'_>) -> Result<Vec<LeftOut>, OpenError> {
    let mut left_out = Vec::new();
    for part in StationRange::parts() {
        for arrived in store.binding_statements(&part)? {
            left_out.extend(versions.left_out(&arrived)?);
        }
    }
    left_out.sort_unstable();
    left_out.dedup();
    Ok(left_out)
}

/// Whether the newer version has no place for some stored statement.
fn has_unplaced(store: &Store, versions: &mut Versions<'_>) -> Result<bool, OpenError> {
    for part in StationRange::parts() {
        let arrived = store.arrived_statements(&part)?;
        if arrived.iter().any(|statements| !versions.has_place(statements)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn statement_commits(
    store: &Arc<Store>,
    environment: &Environment,
) -> Result<GroupCommit<Admitted, Ingested>, OpenError> {
    let (store, environment) = (Arc::clone(store), environment.clone());
    let work = move |statements: &[Admitted]| store.ingest(statements, environment.now_ms());
    GroupCommit::start("statements", work).map_err(OpenError::Thread)
}

fn device_key_lookups(store: &Arc<Store>) -> Result<GroupCommit<DeviceId, Option<[u8; 32]>>, OpenError> {
    let store = Arc::clone(store);
    let work = move |devices: &[DeviceId]| store.keys_of(devices);
    GroupCommit::start("device-keys", work).map_err(OpenError::Thread)
}

/// The parts.
impl Endpoint {
    /// The election of this endpoint.
    pub fn election(&self) -> &Election {
        &self.0.package.election
    }

    /// The store, for programs and tests that look behind the endpoint's answers.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Whether opening replaced the package.
    pub fn package_change(&self) -> PackageChange {
        self.0.package_change
    }

    /// The address in invitations.
    pub fn public_url(&self) -> Option<&str> {
        self.0.public_url.as_deref()
    }

    /// Whether browsers reach the endpoint over HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url().is_some_and(|url| url.starts_with("https://"))
    }

    /// Stores the address for invitations that are made while the endpoint does not run.
    pub fn remember_public_url(&self) -> Result<(), StoreError> {
        self.public_url().map_or(Ok(()), |url| self.store().set_public_url(url))
    }

    /// The outlines of regions that the operator gave.
    pub(crate) fn boundaries(&self) -> &Boundaries {
        &self.0.boundaries
    }

    pub(crate) fn package(&self) -> &Package {
        &self.0.package
    }

    pub(crate) fn statement_commits(&self) -> &GroupCommit<Admitted, Ingested> {
        &self.0.statement_commits
    }

    pub(crate) fn device_key_lookups(&self) -> &GroupCommit<DeviceId, Option<[u8; 32]>> {
        &self.0.device_key_lookups
    }

    pub(crate) fn photos(&self) -> &PhotoStorage {
        &self.0.photos
    }

    pub(crate) fn photo_locks(&self) -> &PhotoLocks {
        &self.0.photo_locks
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.0.environment
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.0.environment.now_ms()
    }

    pub(crate) fn log_key(&self) -> &LogKey {
        &self.0.log_key
    }

    /// The endpoint that this is a hall of; `None` for an endpoint.
    pub fn hall(&self) -> Option<&HallMark> {
        self.0.hall.as_ref()
    }

    /// The drill that is served here; `None` elsewhere.
    pub(crate) fn drill(&self) -> Option<&ServedDrill> {
        self.0.drill.as_ref()
    }

    /// Whether phones may come in without an invitation: into a hall, and into the class of a drill.
    pub fn takes_guests(&self) -> bool {
        self.hall().is_some() || self.drill().is_some()
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.0.data
    }

    pub(crate) fn log_key_file(&self) -> &Path {
        &self.0.log_key_file
    }

    /// Wakes the log's sequencer.
    pub(crate) fn log_wakeup(&self) -> &Notify {
        &self.0.log_wakeup
    }

    /// Wakes the counter.
    pub(crate) fn count_wakeup(&self) -> &Notify {
        &self.0.count_wakeup
    }

    pub(crate) fn failed_logins(&self) -> &FailedLogins {
        &self.0.failed_logins
    }

    /// Enrolments with codes that no invitation has.
    pub(crate) fn unknown_codes(&self) -> &FailedAttempts<Option<IpAddr>> {
        &self.0.unknown_codes
    }

    /// Forged statements, by the device that sent them.
    pub(crate) fn forged_statements(&self) -> &FailedAttempts<DeviceId> {
        &self.0.forged_statements
    }

    /// The memory that bodies and answers of all networks share.
    pub(crate) fn buffers(&self) -> &Buffers {
        &self.0.buffers
    }

    /// A time that never jumps; see [`environment::Clock::monotonic_ms`].
    pub(crate) fn monotonic_ms(&self) -> i64 {
        self.0.environment.monotonic_ms()
    }

    pub(crate) fn invitation_days(&self) -> u16 {
        self.0.invitation_days
    }

    /// The memory that decoded pictures share.
    pub(crate) fn crops_cache(&self) -> &CropsCache {
        &self.0.crops_cache
    }

    pub(crate) fn pixel_bytes(&self) -> &ByteBudget {
        &self.0.pixel_bytes
    }

    pub(crate) fn known_devices(&self) -> &BoundedMap<DeviceId, PublicKey> {
        &self.0.known_devices
    }

    pub(crate) fn known_sessions(&self) -> &BoundedMap<[u8; 32], i64> {
        &self.0.known_sessions
    }

    pub(crate) fn import_progress(&self) -> &ImportProgress {
        &self.0.import_progress
    }

    pub(crate) fn devices_seen(&self) -> &DevicesSeen {
        &self.0.devices_seen
    }

    /// Stores when devices were seen lately.
    pub fn store_devices_seen(&self) -> Result<(), StoreError> {
        let seen = self.devices_seen().take();
        if seen.is_empty() { Ok(()) } else { self.store().store_seen(&seen) }
    }

    pub(crate) fn recent_log(&self) -> &RecentLog {
        &self.0.recent_log
    }

    pub(crate) fn free_space(&self) -> &FreeSpace {
        &self.0.free_space
    }

    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// The queue of password checks of a network.
    pub(crate) fn password_checks(&self, address: Option<IpAddr>) -> &Queue {
        if self.is_failing(address) { &self.0.suspect_checks } else { &self.0.password_checks }
    }

    /// Whether many logins or unknown devices of this network failed lately.
    pub(crate) fn is_failing(&self, address: Option<IpAddr>) -> bool {
        self.0.failing_networks.wait_ms(&network(address), self.monotonic_ms()).is_some()
    }

    /// Counts a failed login, or a request of an unknown device.
    pub(crate) fn count_failure(&self, address: Option<IpAddr>) {
        self.0.failing_networks.record(network(address), 1, self.monotonic_ms());
    }

    pub(crate) fn rate_limits(&self) -> &RateLimits {
        &self.0.rate_limits
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn behind_proxy(&self) -> bool {
        self.0.behind_proxy
    }

    pub(crate) fn signature_checks(&self) -> &Permits {
        &self.0.signature_checks
    }

    pub(crate) fn password_hashing(&self) -> &PasswordHashing {
        &self.0.password_hashing
    }

    pub(crate) fn second_factor_required(&self) -> bool {
        self.0.second_factor_required
    }

    pub(crate) fn decoy_password(&self) -> &StoredPassword {
        &self.0.decoy_password
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_do_not_show_the_password_of_the_database() {
        for (url, shown) in [
            ("postgres://saksi:s3cr@t@db.example/saksi", "postgres://***@db.example/saksi"),
            ("postgres://db.example/saksi?password=s3cr", "postgres://***@db.example/saksi"),
            ("host=db.example password=s3cr", "***"),
        ] {
            assert_eq!(without_password(url), shown);
        }
        let settings = Settings {
            data: PathBuf::from("data"),
            public_url: None,
            database: Some("postgres://saksi:s3cr@db/saksi".to_owned()),
            bucket: None,
            rates: Rates::default(),
            behind_proxy: false,
            log_key: None,
            invitation_days: INVITATION_DAYS,
            left_out_stations: LeftOutStations::Refused,
            free_space: FreeSpaceMarks::default(),
            require_second_factor: false,
            boundaries: None,
        };
        assert!(!format!("{settings:?}").contains("s3cr"));
    }
}
