//! The endpoint inside the test's own process, real witnesses' devices, and a connection that can be meddled with.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use central::Settings;
use central::store::Actor;
use device::sync::{Answer, Call, HttpTransport, Transport};
use device::{Clock, Device, NoKeystore, SystemRandom};
use tally::{Election, StationId};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// An endpoint that serves over loopback from this process.
#[derive(Debug)]
pub struct InsideEndpoint {
    /// The endpoint itself.
    pub endpoint: central::Endpoint,
    /// Its address.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
    _folder: TempDir,
}

impl InsideEndpoint {
    /// Opens a fresh endpoint for `election` and serves it.
    ///
    /// # Errors
    /// When it cannot open its folder or a port.
    pub async fn start(election: Election) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the endpoint")?;
        let listener = TcpListener::bind("127.0.0.1:0").await.context("opening a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let settings = Settings {
            data: folder.path().to_owned(),
            public_url: Some(url.clone()),
            log_key: None,
            database: None,
            bucket: None,
            rates: central::Rates::default(),
            behind_proxy: false,
        };
        let endpoint =
            central::Endpoint::open(&settings, Some(election), central::Outside::of_this_machine())?;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(central::serve(listener, endpoint.clone(), async move {
            // Dropping the sender stops it too.
            let _ = stopped.await;
        }));
        Ok(Self { endpoint, url, stop: Some(stop), serving, _folder: folder })
    }

    /// Lets requests under way end, and stops.
    ///
    /// # Errors
    /// When serving ended with an error.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.stop.take());
        (&mut self.serving).await?.context("serving")
    }

    /// An invitation's link for `station`.
    ///
    /// # Errors
    /// When the endpoint makes none.
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

/// A witness's device in a folder of its own, with a clock that tests can move.
pub struct Witness {
    /// The device.
    pub device: Device,
    /// Its connection.
    pub transport: HttpTransport,
    clock: Arc<MovedClock>,
    folder: TempDir,
}

impl Witness {
    /// A device that has not joined.
    ///
    /// # Errors
    /// When no folder can be made or the device does not open.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the device")?;
        let clock = Arc::new(MovedClock(AtomicI64::new(0)));
        let random = Arc::new(SystemRandom);
        let keystore = Arc::new(NoKeystore);
        let outside = device::Outside { clock: Arc::clone(&clock) as _, random, keystore };
        let device = Device::open(folder.path(), outside)?;
        Ok(Self { device, transport: HttpTransport::new()?, clock, folder })
    }

    /// The device's data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Moves the device's clock, so that what was put off is due.
    pub fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }
}

struct MovedClock(AtomicI64);

impl Clock for MovedClock {
    fn now_ms(&self) -> i64 {
        device::SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}

/// A connection to the real endpoint that a test meddles with: `before` may change what is sent, `after` what comes
/// back.
pub struct Meddled<'a, Before, After> {
    /// The connection underneath.
    pub transport: &'a HttpTransport,
    /// Called with what the device sends.
    pub before: Before,
    /// Called with what the endpoint answered.
    pub after: After,
}

impl<Before, After> Transport for Meddled<'_, Before, After>
where
    Before: Fn(Call) -> Call + Send + Sync,
    After: Fn(Answer) -> Answer + Send + Sync,
{
    async fn exchange(&self, base: &str, call: Call) -> Answer {
        let answer = self.transport.exchange(base, (self.before)(call)).await;
        (self.after)(answer)
    }
}
