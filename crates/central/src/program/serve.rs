//! `saksi-central serve`: the endpoint itself.

use std::fs::{File, TryLockError};
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use central::package::PackageChange;
use central::{ConnectionLimits, Endpoint, Rates, Serving};
use clap::Args;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{DataFolder, ElectionFile, complain, say};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    election: ElectionFile,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", env = "SAKSI_CENTRAL_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address under which devices reach the endpoint, for instance https://saksi.example; it goes into
    /// invitations. Without it, where the endpoint listens.
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_PUBLIC_URL")]
    public_url: Option<String>,
    /// The certificate chain (PEM), where no proxy in front brings TLS.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_TLS_CERTIFICATE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_TLS_KEY", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// A proxy stands in front, and the last address in its X-Forwarded-For is where a request comes from.
    #[arg(long, env = "SAKSI_CENTRAL_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Where Prometheus may ask for /metrics; it should not be open to everybody.
    #[arg(long, value_name = "ADDRESS", env = "SAKSI_CENTRAL_METRICS")]
    metrics: Option<SocketAddr>,
    /// Most connections at once.
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_CONNECTIONS", default_value_t = ConnectionLimits::default().all)]
    connections: usize,
    /// Most connections from one address; many phones share one address of a mobile operator, and a proxy is one address.
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_CONNECTIONS_OF_ADDRESS", default_value_t = ConnectionLimits::default().of_one_address)]
    connections_of_address: usize,
    /// Most requests of devices from one address, a second; five times as many at once.
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_REQUESTS_OF_ADDRESS", default_value_t = Rates::default().requests_of_address)]
    requests_of_address: NonZeroU32,
    /// Most statements of one device, a minute.
    #[arg(long, value_name = "NUMBER", env = "SAKSI_CENTRAL_STATEMENTS_OF_DEVICE", default_value_t = Rates::default().statements_of_device)]
    statements_of_device: NonZeroU32,
}

impl Serve {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_from_env("SAKSI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.context("starting the threads that serve")?.block_on(self.serve())
    }

    async fn serve(&self) -> anyhow::Result<()> {
        // First of all, so that a signal that comes early is not lost.
        let stop = stop_signal()?;
        let _one_at_a_time = lock(&self.data.data)?;
        let election = self.election.read()?;
        let listener =
            TcpListener::bind(self.listen).await.with_context(|| format!("listening on {}", self.listen))?;
        let address = listener.local_addr().context("asking for the own address")?;
        let public_url = self.public_url.clone().unwrap_or_else(|| {
            let scheme = if self.tls_certificate.is_some() { "https" } else { "http" };
            format!("{scheme}://{address}")
        });
        let rates = Rates {
            requests_of_address: self.requests_of_address,
            statements_of_device: self.statements_of_device,
        };
        let endpoint = self.data.open_to_serve(Some(public_url), election, (rates, self.behind_proxy))?;
        let serving = Serving {
            tls: self.tls()?,
            limits: ConnectionLimits { all: self.connections, of_one_address: self.connections_of_address },
            metrics: match self.metrics {
                Some(address) => Some(
                    TcpListener::bind(address)
                        .await
                        .with_context(|| format!("listening on {address} for Prometheus"))?,
                ),
                None => None,
            },
        };
        endpoint.remember_public_url()?;

        let election = endpoint.election();
        if endpoint.package_change() == PackageChange::Taken {
            tracing::info!(election = %election.id, version = election.version, "took the election package");
        }
        self.say_how_to_go_on(&endpoint)?;
        let scheme = if serving.tls.is_some() { "https" } else { "http" };
        say(&format!("listening on {scheme}://{address}"));
        central::serve_with(listener, endpoint, serving, stop).await.context("serving")?;
        tracing::info!("stopped");
        Ok(())
    }

    /// The certificate and its key, where they are given.
    fn tls(&self) -> anyhow::Result<Option<Arc<ServerConfig>>> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else { return Ok(None) };
        let unreadable = |file: &Path| format!("reading {}", file.display());
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| unreadable(certificate))?;
        let key = PrivateKeyDer::from_pem_file(key).with_context(|| unreadable(key))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("choosing versions of TLS")?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("the certificate and the key do not go together")?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Some(Arc::new(config)))
    }

    fn say_how_to_go_on(&self, endpoint: &Endpoint) -> anyhow::Result<()> {
        if endpoint.store().users()?.is_empty() {
            let data = self.data.data.display();
            complain(&format!(
                "nobody can log in to the console yet; add a user with\n  \
                 saksi-central user add NAME --role admin --data {data}"
            ));
        }
        Ok(())
    }
}

/// Two programs that write the same photos would spoil them. The lock goes when the program does, however it goes.
pub(super) fn lock(data: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data).with_context(|| format!("making the data folder {}", data.display()))?;
    let path = data.join("serve.lock");
    let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another saksi-central serves the data folder {} already", data.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// Ends when the program is told to stop: Ctrl-C, or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the program is told to stop: Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Where Ctrl-C cannot be heard, the program runs until it is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
