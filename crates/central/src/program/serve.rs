//! `saksi-central serve`: runs the endpoint.

use std::fs::{File, TryLockError};
use std::io::IsTerminal as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use central::hall::{HallFile, code_for_terminal};
use central::package::{LeftOutStations, PackageChange};
use central::{
    ConnectionLimits, CopyBefore, Endpoint, FreeSpaceMarks, Migrated, Rates, ReloadedCertificate, Serving,
    Settings,
};
use clap::Args;
use environment::Environment;
use rustls::ServerConfig;
use tally::Election;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::config::FileSettings;
use super::rebuild::rebuild;
use super::{DataFolder, ElectionFile, open, print, remark};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    election: ElectionFile,
    /// Be the hall of an endpoint, on a laptop without internet: the file of `saksi-central hall prepare`.
    /// The hall keeps what phones give it and hands it on later; it never becomes an endpoint.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_HALL")]
    hall: Option<PathBuf>,
    /// Serve a trainer's drill: the file of its scenario. The package is that of --election, or that of the
    /// hall file, whose endpoint then gets the results. The data folder is the drill's own.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_DRILL")]
    drill: Option<PathBuf>,
    /// The address to listen on. Port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS", env = "SAKSI_CENTRAL_LISTEN")]
    listen: Option<SocketAddr>,
    /// The address at which devices reach the endpoint, for instance https://saksi.example. It goes into
    /// invitations. Without it, the address on which the endpoint listens.
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_PUBLIC_URL")]
    public_url: Option<String>,
    /// The certificate chain (PEM), if no proxy in front brings TLS.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_TLS_CERTIFICATE")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// A proxy is in front: the last address in X-Forwarded-For is the client's.
    #[arg(
        long,
        env = "SAKSI_CENTRAL_BEHIND_PROXY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    behind_proxy: Option<bool>,
    /// The address at which Prometheus may read /metrics. It should not be public.
    #[arg(long, value_name = "ADDRESS", env = "SAKSI_CENTRAL_METRICS")]
    metrics: Option<SocketAddr>,
    /// Maximum number of connections [default: 10000].
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_CONNECTIONS")]
    connections: Option<usize>,
    /// Maximum number of connections from one address. Many phones share one address of a mobile operator,
    /// and a proxy is one address [default: 2000].
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_CONNECTIONS_OF_ADDRESS")]
    connections_of_address: Option<usize>,
    /// Maximum number of requests of devices from one address in a second, with bursts of five times as many
    /// [default: 400].
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_REQUESTS_OF_ADDRESS")]
    requests_of_address: Option<NonZeroU32>,
    /// Maximum number of statements of one device in a minute [default: 600].
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_STATEMENTS_OF_DEVICE")]
    statements_of_device: Option<NonZeroU32>,
    /// Free megabytes on the disk of the store below which no statements are accepted [default: 256].
    #[arg(long, value_name = "MEGABYTES", env = "SAKSI_CENTRAL_FREE_MB_FOR_STATEMENTS")]
    free_mb_for_statements: Option<u32>,
    /// Free megabytes on the disk of the photos below which no photos are accepted; statements still are
    /// [default: 2048].
    #[arg(long, value_name = "MEGABYTES", env = "SAKSI_CENTRAL_FREE_MB_FOR_PHOTOS")]
    free_mb_for_photos: Option<u32>,
    /// Users who decide or see people must log in with a second factor: all but auditors.
    #[arg(
        long,
        env = "SAKSI_CENTRAL_REQUIRE_SECOND_FACTOR",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    require_second_factor: Option<bool>,
    /// The outlines of regions for the map of the console: a GeoJSON FeatureCollection whose features have
    /// the property `code`, the Kemendagri code of the region. Without it the console shows tiles.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_BOUNDARIES")]
    boundaries: Option<PathBuf>,
    /// Accept a new package also if it leaves out stations of which statements have arrived. They are kept,
    /// and not counted; the audit names the stations. It is needed once, so a settings file cannot say it.
    #[arg(long)]
    leave_out_stations: bool,
}

/// The address to listen on when nothing names one: this machine only.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

impl Serve {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let filter = EnvFilter::try_from_env("SAKSI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.context("cannot start the threads of the server")?.block_on(self.serve(file))
    }

    async fn serve(&self, file: &FileSettings) -> anyhow::Result<()> {
        // This comes first, so that no signal is lost.
        let stop = stop_signal()?;
        let settings = self.settings(file);
        let _lock = lock(&settings.data)?;
        let tls = self.tls(file)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listener = listen(self.listen.or(file.listen).unwrap_or(LISTEN)).await?;
        let address = listener.local_addr().context("cannot read the own address")?;
        let public_url = self.public_url.clone().or_else(|| file.public_url.clone());
        let public_url =
            public_url.unwrap_or_else(|| format!("{scheme}://{}", self.reached_at(file, address)));
        let settings = Settings { public_url: Some(public_url), ..settings };
        prepare_data(&settings)?;
        let election = self.package(file, &settings)?;
        let endpoint = open(&settings, election)?;
        rebuild_if_due(&endpoint)?;
        let metrics = match self.metrics.or(file.metrics) {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        endpoint.remember_public_url()?;
        report_start(&endpoint, &settings)?;
        print(&format!("listening on {scheme}://{address}"));
        if endpoint.takes_guests() {
            show_hall_link(&endpoint);
        }
        let serving = Serving { tls, limits: self.limits(file), metrics };
        central::serve_with(listener, endpoint, serving, stop).await.context("cannot serve")?;
        tracing::info!("stopped");
        Ok(())
    }

    /// The address at which phones reach the endpoint. In a hall it is that of the laptop in its network.
    fn reached_at(&self, file: &FileSettings, address: SocketAddr) -> SocketAddr {
        let is_hall = self.hall.is_some() || file.hall.is_some() || self.drill.is_some();
        match local_address().filter(|_| is_hall && address.ip().is_unspecified()) {
            Some(local) => SocketAddr::new(local, address.port()),
            None => address,
        }
    }

    /// The package to serve. A hall's is in its file, which also says whom the hall lets in.
    fn package(&self, file: &FileSettings, settings: &Settings) -> anyhow::Result<Option<Election>> {
        let hall = self.hall.as_ref().or(file.hall.as_ref()).map(|path| HallFile::read(path)).transpose()?;
        if let Some(scenario) = &self.drill {
            return self.drill_package(file, settings, scenario, hall.as_ref()).map(Some);
        }
        let Some(hall) = hall else { return self.election.read(file) };
        central::hall::prepare(settings, &hall, &Environment::system())?;
        Ok(Some(hall.election().clone()))
    }

    /// The package of a drill.
    fn drill_package(
        &self,
        file: &FileSettings,
        settings: &Settings,
        scenario: &Path,
        hall: Option<&HallFile>,
    ) -> anyhow::Result<Election> {
        let scenario = central::drills::read_scenario(scenario)?;
        let election = match hall {
            Some(hall) => Some(hall.election().clone()),
            None => self.election.read(file)?,
        };
        let election = election.context("a drill needs --election FILE or --hall FILE")?;
        let mark = hall.map(HallFile::mark);
        Ok(central::drills::prepare(settings, &scenario, &election, mark.as_ref())?)
    }

    /// The settings of the arguments, or else of the file.
    pub(super) fn settings(&self, file: &FileSettings) -> Settings {
        let default = Rates::default();
        let requests_of_address = self.requests_of_address.or(file.requests_of_address);
        let statements_of_device = self.statements_of_device.or(file.statements_of_device);
        Settings {
            rates: Rates {
                requests_of_address: requests_of_address.unwrap_or(default.requests_of_address),
                statements_of_device: statements_of_device.unwrap_or(default.statements_of_device),
            },
            behind_proxy: self.behind_proxy.or(file.behind_proxy).unwrap_or_default(),
            left_out_stations: if self.leave_out_stations {
                LeftOutStations::Allowed
            } else {
                LeftOutStations::Refused
            },
            free_space: self.free_space(file),
            require_second_factor: self
                .require_second_factor
                .or(file.require_second_factor)
                .unwrap_or_default(),
            boundaries: self.boundaries.clone().or_else(|| file.boundaries.clone()),
            ..self.data.settings(file)
        }
    }

    fn free_space(&self, file: &FileSettings) -> FreeSpaceMarks {
        let default = FreeSpaceMarks::default();
        let bytes = |megabytes: u32| u64::from(megabytes) << 20;
        let statements = self.free_mb_for_statements.or(file.free_mb_for_statements);
        let photos = self.free_mb_for_photos.or(file.free_mb_for_photos);
        FreeSpaceMarks {
            statements_bytes: statements.map_or(default.statements_bytes, bytes),
            photos_bytes: photos.map_or(default.photos_bytes, bytes),
        }
    }

    pub(super) fn limits(&self, file: &FileSettings) -> ConnectionLimits {
        let default = ConnectionLimits::default();
        let of_one_address = self.connections_of_address.or(file.connections_of_address);
        ConnectionLimits {
            all: self.connections.or(file.connections).unwrap_or(default.all),
            of_one_address: of_one_address.unwrap_or(default.of_one_address),
            ..default
        }
    }

    /// TLS with the certificate and its key, if both are given.
    fn tls(&self, file: &FileSettings) -> anyhow::Result<Option<Arc<ServerConfig>>> {
        let certificate = self.tls_certificate.as_ref().or(file.tls_certificate.as_ref());
        let key = self.tls_key.as_ref().or(file.tls_key.as_ref());
        let (certificate, key) = match (certificate, key) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) => return Ok(None),
            _ => bail!("--tls-certificate and --tls-key are needed together"),
        };
        let config = ReloadedCertificate::open(certificate, key)?.server_config()?;
        Ok(Some(Arc::new(config)))
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Makes the data private, and migrates the store. Neither does anything at an ordinary start.
fn prepare_data(settings: &Settings) -> anyhow::Result<()> {
    match central::make_data_private(&settings.data) {
        Ok(changed) if changed.is_empty() => {}
        Ok(changed) => tracing::warn!(?changed, "other users could read the data; now only this user can"),
        Err(error) => tracing::warn!(%error, "cannot take the rights of other users from the data folder"),
    }
    let done = central::migrate(settings, CopyBefore::Save)
        .context("cannot migrate the store; `saksi-central migrate --without-copy` does it without a copy")?;
    if let Migrated::Done { from, to, copy } = done {
        tracing::warn!(from, to, ?copy, "migrated the store; the copy is the store before");
    }
    Ok(())
}

/// Counts again, when a new package left statements without a place or gave them one.
fn rebuild_if_due(endpoint: &Endpoint) -> anyhow::Result<()> {
    if endpoint.store().is_rebuild_due()? {
        tracing::warn!("the new package has other stations or papers than stored statements; counting again");
        tracing::warn!("{}", rebuild(endpoint)?);
    }
    Ok(())
}

/// What the operator should know at the start.
fn report_start(endpoint: &Endpoint, settings: &Settings) -> anyhow::Result<()> {
    let election = endpoint.election();
    if endpoint.package_change() == PackageChange::Replaced {
        tracing::info!(election = %election.id, version = election.version, "uses a new election package");
    }
    if endpoint.store().users()?.is_empty() {
        if std::io::stderr().is_terminal() {
            return super::user::make_first_admin(endpoint);
        }
        let data = settings.data.display();
        remark(&format!(
            "nobody can log in to the console yet; add a user with\n  \
             saksi-central user add NAME --role admin --data {data}"
        ));
    }
    Ok(())
}

/// Shows the link with which phones enter the hall, and the same as a code for their cameras.
fn show_hall_link(endpoint: &Endpoint) {
    let address = endpoint.public_url().unwrap_or_default();
    let link = endpoint.hall_link(address);
    print(&format!("hall {link}"));
    remark(&code_for_terminal(&link).unwrap_or_default());
    remark(&format!("the same on a page, for a projector: {address}/hall"));
}

/// The address of this machine in the local network. Nothing is sent: the system only chooses the network
/// card.
fn local_address() -> Option<IpAddr> {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // A router that is not there does not matter for the choice.
    socket.connect((Ipv4Addr::new(192, 168, 255, 254), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// Locks the data folder: two programs that write the same photos would damage them. The lock ends with the
/// program, also when it is killed.
pub(super) fn lock(data: &Path) -> anyhow::Result<File> {
    central::make_private_folder(data)
        .with_context(|| format!("cannot make the data folder {}", data.display()))?;
    let path = data.join("serve.lock");
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another saksi-central serves the data folder {} already", data.display())
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Ends at Ctrl-C or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends at Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without Ctrl-C the program runs until the system ends it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
