//! A hall inside the test's process, and phones that hold their elections as the app does.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use central::hall::HallFile;
use device::sync::{HttpTransport, send_due};
use device::{Device, Elections, NoKeystore, Platform};
use environment::{Clock, Environment, SystemClock, SystemRng};
use practice::Scenario;
use tally::Election;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::in_process::settings_in;

/// The laptop of a hall.
#[derive(Debug)]
pub struct Hall {
    pub endpoint: central::Endpoint,
    /// Its address.
    pub url: String,
    /// The link on its screen.
    pub link: String,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
    folder: Option<TempDir>,
}

impl Hall {
    /// Opens a hall with this file.
    ///
    /// # Errors
    /// When it cannot open its folder or a port.
    pub async fn open(file: &HallFile) -> Result<Self> {
        Self::open_in(file, tempfile::tempdir().context("making a folder for the hall")?).await
    }

    /// Opens a hall in a folder, which may have been one before.
    ///
    /// # Errors
    /// When it cannot open the folder or a port.
    pub async fn open_in(file: &HallFile, folder: TempDir) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("opening a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let settings = settings_in(folder.path(), &url);
        central::hall::prepare(&settings, file, &Environment::system())?;
        let endpoint =
            central::Endpoint::open(&settings, Some(file.election().clone()), Environment::system())?;
        Ok(Self::serve(listener, endpoint, url, folder))
    }

    /// Serves the class of a drill in a folder, which may have been its folder before. With the file of a
    /// hall, results are handed to its endpoint.
    ///
    /// # Errors
    /// When it cannot open the folder or a port.
    pub async fn open_drill(
        scenario: &Scenario,
        election: &Election,
        file: Option<&HallFile>,
        folder: TempDir,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("opening a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let settings = settings_in(folder.path(), &url);
        let mark = file.map(HallFile::mark);
        let package = central::drills::prepare(&settings, scenario, election, mark.as_ref())?;
        let endpoint = central::Endpoint::open(&settings, Some(package), Environment::system())?;
        Ok(Self::serve(listener, endpoint, url, folder))
    }

    fn serve(listener: TcpListener, endpoint: central::Endpoint, url: String, folder: TempDir) -> Self {
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(central::serve(listener, endpoint.clone(), async move {
            // A dropped sender stops the hall too.
            let _ = stopped.await;
        }));
        let link = endpoint.hall_link(&url);
        Self { endpoint, url, link, stop: Some(stop), serving, folder: Some(folder) }
    }

    /// Closes the laptop. Gives its folder; dropping that is the loss of its disk.
    ///
    /// # Errors
    /// When serving ended with an error.
    pub async fn close(mut self) -> Result<TempDir> {
        drop(self.stop.take());
        (&mut self.serving).await?.context("serving")?;
        self.folder.take().context("the hall has no folder")
    }
}

/// The internet between the phones and the endpoint: an address that is known from the start, and where
/// somebody answers only as long as this exists.
#[derive(Debug)]
pub struct Internet(JoinHandle<()>);

impl Internet {
    /// The address of an endpoint in its invitations: another one of this machine, where nobody listens.
    pub fn address_of(endpoint: SocketAddr) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), endpoint.port())
    }

    /// From now on the endpoint at this URL answers at its address.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn connect(url: &str) -> Result<Self> {
        let to: SocketAddr = url.trim_start_matches("http://").parse().context("reading the address")?;
        let listener = TcpListener::bind(Self::address_of(to)).await.context("opening the address")?;
        Ok(Self(tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                tokio::spawn(async move {
                    // A connection that breaks is tried again by its phone.
                    if let Ok(mut to) = TcpStream::connect(to).await {
                        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                    }
                });
            }
        })))
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A phone with the elections that it holds, and a clock that a test can advance.
pub struct Phone {
    pub elections: Elections,
    pub transport: HttpTransport,
    clock: Arc<AdvancedClock>,
    _folder: TempDir,
}

impl Phone {
    /// A new phone.
    ///
    /// # Errors
    /// When no folder can be made, or the elections do not open.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the phone")?;
        let clock = Arc::new(AdvancedClock(AtomicI64::new(0)));
        let environment = Environment { clock: Arc::clone(&clock) as _, rng: Arc::new(SystemRng) };
        let platform = Platform { environment, keystore: Arc::new(NoKeystore) };
        let elections = Elections::open(folder.path(), platform)?;
        Ok(Self { elections, transport: HttpTransport::new()?, clock, _folder: folder })
    }

    /// The device of the election that is shown.
    ///
    /// # Errors
    /// When there is none.
    pub fn device(&self) -> Result<Arc<Device>> {
        Ok(self.elections.current()?)
    }

    /// Sends what is due, in all elections. What waits for a pause is due afterwards.
    ///
    /// # Errors
    /// When a store fails.
    pub async fn send(&self) -> Result<()> {
        for (_, device) in self.elections.devices() {
            device.try_now()?;
            send_due(&device, &self.transport).await?;
        }
        self.clock.0.fetch_add(10 * 60_000, Ordering::SeqCst);
        Ok(())
    }
}

struct AdvancedClock(AtomicI64);

impl Clock for AdvancedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}
