//! The handle to an endpoint: its settings, its parts, and the way to run blocking work on them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use environment::{Environment, RngError};
use evidence::{DeviceId, LogKey};
use tally::Election;
use tokio::sync::{Notify, Semaphore};

use crate::blocking::{Lane, LaneError, Permits};
use crate::election::package::{Package, PackageChange, PackageRefusal, check_geometries, may_follow};
use crate::group_commit::GroupCommit;
use crate::log_key::{self, LogKeyError};
use crate::metrics::Metrics;
use crate::model::passwords::{PasswordHashError, StoredPassword, random_password};
use crate::model::statement::Admitted;
use crate::photo_storage::{PhotoError, PhotoLocks, PhotoStorage};
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, Ingested, Store, StoreError, StoreLocation};
use crate::throttling::failed_attempts::FailedAttempts;
use crate::throttling::rates::{RateLimits, Rates};

/// Maximum number of failed logins from one address in a window.
const LOGIN_FAILURES_MAX: u32 = 10;
/// Maximum number of failed enrolments from one address in a window. Many phones share one address of a mobile operator,
/// and nobody can guess a code: this limit only spares the store.
const ENROL_FAILURES_MAX: u32 = 200;
/// Length of the window in which failed attempts count: 15 minutes.
const ATTEMPTS_WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Maximum number of password checks at the same time. A check needs 19 MiB of memory.
const PASSWORD_CHECKS_MAX: usize = 4;
/// Maximum number of ordinary requests that use the store at the same time. More would only wait for each other there.
const WORK_RUNNING_MAX: usize = 64;
/// Maximum number of ordinary requests that wait.
const WORK_WAITING_MAX: usize = 256;
/// Maximum number of pushes at the same time. Most of them wait for the group commit.
const PUSHES_RUNNING_MAX: usize = 128;
/// Maximum number of pushes that wait. Their bodies are in memory: at 256 KiB each, 192 MiB at most.
const PUSHES_WAITING_MAX: usize = 768;

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
}

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
    package_change: PackageChange,
    environment: Environment,
    log_key: LogKey,
    log_key_file: PathBuf,
    log_wakeup: Notify,
    count_wakeup: Notify,
    failed_logins: FailedAttempts,
    failed_enrolments: FailedAttempts,
    password_checks: Semaphore,
    rate_limits: RateLimits,
    metrics: Metrics,
    behind_proxy: bool,
    public_url: Option<String>,
    work: Lane,
    /// Pushes have a lane of their own, so that a page does not wait for the pushes of the country.
    pushes: Lane,
    /// Bounds signature checks to one thread per core, so that they cannot starve other requests.
    signature_checks: Permits,
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
        let log_key = log_key::open(&log_key_file, &store, &environment)?;
        let (package, package_change) = open_package(settings, &store, election, environment.now_ms())?;
        let public_url = match &settings.public_url {
            Some(url) => Some(url.trim_end_matches('/').to_owned()),
            None => store.public_url()?,
        };
        let decoy_password = StoredPassword::new(&random_password(&environment)?, &environment)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self(Arc::new(Parts {
            statement_commits: statement_commits(&store, &environment)?,
            device_key_lookups: device_key_lookups(&store)?,
            store,
            photos,
            photo_locks: PhotoLocks::default(),
            package,
            package_change,
            environment,
            log_key,
            log_key_file,
            log_wakeup: Notify::new(),
            count_wakeup: Notify::new(),
            failed_logins: FailedAttempts::new(LOGIN_FAILURES_MAX, ATTEMPTS_WINDOW_MS),
            failed_enrolments: FailedAttempts::new(ENROL_FAILURES_MAX, ATTEMPTS_WINDOW_MS),
            password_checks: Semaphore::new(PASSWORD_CHECKS_MAX),
            rate_limits: RateLimits::new(settings.rates),
            metrics: Metrics::default(),
            behind_proxy: settings.behind_proxy,
            public_url,
            work: Lane::new(WORK_RUNNING_MAX, WORK_WAITING_MAX),
            pushes: Lane::new(PUSHES_RUNNING_MAX, PUSHES_WAITING_MAX),
            signature_checks: Permits::new(cores),
            decoy_password,
        })))
    }

    /// Runs blocking work away from the threads that serve the network. Rejects it when too much waits already.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.in_lane(&self.0.work, work).await
    }

    /// Like [`Self::blocking`], in the lane of pushes.
    pub(crate) async fn blocking_push<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.in_lane(&self.0.pushes, work).await
    }

    async fn in_lane<T: Send + 'static>(
        &self,
        lane: &Lane,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let endpoint = self.clone();
        match lane.run(move || work(&endpoint)).await {
            Ok(result) => result,
            Err(LaneError::Full) => {
                self.metrics().count_rejected();
                Err(Refusal::busy())
            }
            Err(error @ LaneError::Panicked(_)) => Err(Refusal::internal("running blocking work", &error)),
        }
    }
}

fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let folder = &settings.data;
    std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder { folder: folder.clone(), source })?;
    Ok(Store::open(&match &settings.database {
        Some(url) => StoreLocation::Server(url.clone()),
        None => StoreLocation::File(folder.join("central.sqlite")),
    })?)
}

/// The package to serve: the given one, if it may follow the stored one, or else the stored one.
fn open_package(
    settings: &Settings,
    store: &Store,
    given: Option<Election>,
    now_ms: i64,
) -> Result<(Package, PackageChange), OpenError> {
    given.as_ref().map_or(Ok(()), check_geometries)?;
    let stored = store.election()?.map(Package::new);
    let (package, change) = match (stored, given.map(Package::new)) {
        (None, None) => return Err(OpenError::NoElection(settings.data.clone())),
        (Some(stored), None) => (stored, PackageChange::Same),
        (None, Some(given)) => (given, PackageChange::Replaced),
        (Some(stored), Some(given)) => {
            let change = may_follow(&stored, &given, &store.stations_with_tallies()?)?;
            (given, change)
        }
    };
    if change == PackageChange::Replaced {
        let audit = AuditContext { actor: &Actor::Operator, now_ms };
        store.store_election(&package.election, audit)?;
    }
    Ok((package, change))
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

    /// Stores the address for invitations that are made while the endpoint does not run.
    pub fn remember_public_url(&self) -> Result<(), StoreError> {
        self.public_url().map_or(Ok(()), |url| self.store().set_public_url(url))
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

    pub(crate) fn failed_logins(&self) -> &FailedAttempts {
        &self.0.failed_logins
    }

    pub(crate) fn failed_enrolments(&self) -> &FailedAttempts {
        &self.0.failed_enrolments
    }

    pub(crate) fn password_checks(&self) -> &Semaphore {
        &self.0.password_checks
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
        };
        assert!(!format!("{settings:?}").contains("s3cr"));
    }
}
