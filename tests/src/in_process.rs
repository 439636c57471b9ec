//! An endpoint inside the test's process, real devices, and a transport that a test can intercept.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use central::Settings;
use central::store::Actor;
use device::sync::{Answer, Call, HttpTransport, Sender, Transport};
use device::{Device, NoKeystore, Platform};
use environment::{Clock, Environment, SystemClock, SystemRng};
use tally::{Election, StationId};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// An endpoint that this process serves over loopback.
#[derive(Debug)]
pub struct InProcessEndpoint {
    /// The endpoint itself.
    pub endpoint: central::Endpoint,
    /// Its address.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
    _folder: TempDir,
}

impl InProcessEndpoint {
    /// Opens a new endpoint for `election` and serves it.
    ///
    /// # Errors
    /// When it cannot open its folder or a port.
    pub async fn start(election: Election) -> Result<Self> {
        Self::start_known_as(election, |address| address).await
    }

    /// The same with another address in its invitations.
    ///
    /// # Errors
    /// When it cannot open its folder or a port.
    pub async fn start_known_as(
        election: Election,
        known_as: impl FnOnce(SocketAddr) -> SocketAddr,
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the endpoint")?;
        let listener = TcpListener::bind("127.0.0.1:0").await.context("opening a port")?;
        let address = listener.local_addr()?;
        let url = format!("http://{address}");
        let settings = settings_in(folder.path(), &format!("http://{}", known_as(address)));
        let endpoint = central::Endpoint::open(&settings, Some(election), Environment::system())?;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(central::serve(listener, endpoint.clone(), async move {
            // A dropped sender stops the endpoint too.
            let _ = stopped.await;
        }));
        Ok(Self { endpoint, url, stop: Some(stop), serving, _folder: folder })
    }

    /// Stops, after the requests that are in progress.
    ///
    /// # Errors
    /// When serving ended with an error.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.stop.take());
        (&mut self.serving).await?.context("serving")
    }

    /// The link of a new invitation for `station`.
    ///
    /// # Errors
    /// When the endpoint makes no invitation.
    pub fn invite(&self, station: &StationId) -> Result<String> {
        let mut made = self.endpoint.invite(std::slice::from_ref(station), &[], &Actor::Operator)?;
        Ok(made.pop().context("no invitation was made")?.link)
    }

    /// A device that has joined at `station`.
    ///
    /// # Errors
    /// When it cannot join.
    pub async fn witness(&self, station: &StationId) -> Result<Witness> {
        let witness = Witness::new()?;
        witness.device.join(&self.invite(station)?, &witness.transport).await?;
        Ok(witness)
    }
}

/// The settings of an endpoint in this folder that is known under this address.
pub fn settings_in(folder: &Path, public_url: &str) -> Settings {
    Settings {
        data: folder.to_owned(),
        public_url: Some(public_url.to_owned()),
        log_key: None,
        invitation_days: central::INVITATION_DAYS,
        left_out_stations: central::package::LeftOutStations::Refused,
        free_space: central::FreeSpaceMarks::NONE,
        require_second_factor: false,
        boundaries: None,
        database: None,
        bucket: None,
        rates: central::Rates::default(),
        behind_proxy: false,
    }
}

/// A witness's device in a folder of its own, with a clock that a test can advance.
pub struct Witness {
    pub device: Device,
    pub transport: HttpTransport,
    clock: Arc<AdvancedClock>,
    folder: TempDir,
}

impl Witness {
    /// A device that has not joined.
    ///
    /// # Errors
    /// When no folder can be made or the device does not open.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the device")?;
        let clock = Arc::new(AdvancedClock(AtomicI64::new(0)));
        let environment = Environment { clock: Arc::clone(&clock) as _, rng: Arc::new(SystemRng) };
        let platform = Platform { environment, keystore: Arc::new(NoKeystore) };
        let device = Device::open(folder.path(), platform)?;
        Ok(Self { device, transport: HttpTransport::new()?, clock, folder })
    }

    /// The device's data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Advances the device's clock, so that postponed work becomes due.
    pub fn advance_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }
}

struct AdvancedClock(AtomicI64);

impl Clock for AdvancedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}

/// A transport to the real endpoint that a test intercepts.
pub struct InterceptedTransport<'a, Before, After> {
    /// The transport underneath.
    pub transport: &'a HttpTransport,
    /// Changes what the device sends.
    pub before: Before,
    /// Changes what the endpoint answers.
    pub after: After,
}

impl<Before, After> Transport for InterceptedTransport<'_, Before, After>
where
    Before: Fn(Call) -> Call + Send + Sync,
    After: Fn(Answer) -> Answer + Send + Sync,
{
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        let answer = self.transport.exchange(sender, (self.before)(call)).await;
        (self.after)(answer)
    }
}
