//! `saksi-central serve`: the endpoint itself.

use std::fs::{File, TryLockError};
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, bail};
use central::Endpoint;
use central::package::PackageChange;
use clap::Args;
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
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let endpoint = self.data.open(Some(public_url), election)?;
        endpoint.remember_public_url()?;

        let election = endpoint.election();
        if endpoint.package_change() == PackageChange::Taken {
            tracing::info!(election = %election.id, version = election.version, "took the election package");
        }
        self.say_how_to_go_on(&endpoint)?;
        say(&format!("listening on http://{address}"));
        central::serve(listener, endpoint, stop).await.context("serving")?;
        tracing::info!("stopped");
        Ok(())
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
