//! The endpoint as a server: its own TLS, connection limits, metrics at an address of their own, graceful
//! shutdown.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use central::{ConnectionLimits, Endpoint, Rates, Serving, Settings};
use environment::Environment;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use saksi_tests::data::demo_election;
use saksi_tests::eventually::{WATCHDOG, eventually};
use saksi_tests::fleet::{Attack, AttackKind, enrol_phones, run_attack};
use saksi_tests::http::HttpConnection;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

struct Served {
    address: std::net::SocketAddr,
    metrics: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    _folder: tempfile::TempDir,
}

async fn serve(tls: Option<Arc<ServerConfig>>, limits: ConnectionLimits) -> Result<Served> {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data: folder.path().to_owned(),
        public_url: None,
        database: None,
        bucket: None,
        rates: Rates::default(),
        behind_proxy: false,
        log_key: None,
        invitation_days: central::INVITATION_DAYS,
        left_out_stations: central::package::LeftOutStations::Refused,
        free_space: central::FreeSpaceMarks::NONE,
        require_second_factor: false,
        boundaries: None,
    };
    let election = tally::load::read(&demo_election())?;
    let endpoint = Endpoint::open(&settings, Some(election), Environment::system())?;
    let (listener, figures) =
        (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let (address, metrics) = (listener.local_addr()?, figures.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = Serving { tls, limits, metrics: Some(figures) };
    let serving = tokio::spawn(central::serve_with(listener, endpoint, serving, async move {
        let _ = stopped.await;
    }));
    Ok(Served { address, metrics, stop, serving, _folder: folder })
}

fn get(address: std::net::SocketAddr, path: &str) -> Result<(u16, String)> {
    let reply = HttpConnection::open(&format!("http://{address}"))?.exchange("GET", path, &[], &[])?;
    Ok((reply.status, String::from_utf8(reply.body)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_have_an_address_of_their_own_and_shutdown_closes_a_silent_connection() -> Result<()> {
    let served = serve(None, ConnectionLimits::default()).await?;
    let text = tokio::task::block_in_place(|| get(served.metrics, "/metrics"))?;
    ensure!(text.0 == 200 && text.1.contains("saksi_waiting_for_log 0"), "{text:?}");
    let silent = TcpStream::connect(served.address)?;
    let _ = served.stop.send(());
    tokio::time::timeout(WATCHDOG, served.serving).await???;
    drop(silent);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_all_connections_and_its_idlest_closes_first() -> Result<()> {
    let served =
        serve(None, ConnectionLimits { all: 100, of_one_address: 2, ..ConnectionLimits::default() }).await?;
    tokio::task::block_in_place(|| -> Result<()> {
        let mut slow = Vec::new();
        for _ in 0..2 {
            let mut stream = TcpStream::connect(served.address)?;
            // Headers that never end.
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ")?;
            slow.push(stream);
        }
        // The idlest connection of the network closes, so that its owner is served and the others keep their
        // slots.
        let mut third = TcpStream::connect(served.address)?;
        third.set_read_timeout(Some(WATCHDOG))?;
        third.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut response = String::new();
        third.read_to_string(&mut response)?;
        ensure!(response.starts_with("HTTP/1.1 200"), "the third connection was not served: {response}");
        let is_closed = |stream: &mut TcpStream| {
            // An open connection has nothing to read; a closed one ends or is reset.
            let read = stream.read(&mut [0; 64]);
            read.map_or_else(|error| error.kind() != ErrorKind::WouldBlock, |_| true)
        };
        slow.iter().try_for_each(|stream| stream.set_nonblocking(true))?;
        eventually("the idlest connection to close", || {
            Ok((slow.iter_mut().filter_map(|stream| is_closed(stream).then_some(())).count() == 1)
                .then_some(()))
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_terminates_tls_itself() -> Result<()> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)?;
    let served = serve(Some(Arc::new(config)), ConnectionLimits::default()).await?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = reqwest::Certificate::from_pem(made.cert.pem().as_bytes())?;
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .resolve("localhost", served.address)
        .build()?;
    let url = format!("https://localhost:{}/healthz", served.address.port());
    let body = client.get(url).send().await.context("over TLS")?.text().await?;
    ensure!(body == "ok\n", "{body}");
    Ok(())
}

#[test]
fn a_night_of_simulated_witnesses_is_accepted_except_for_the_forged_statements() -> Result<()> {
    let mut endpoint = saksi_tests::Endpoint::new(&demo_election())?;
    endpoint.start()?;
    let links = endpoint.invite_all()?;
    let witnesses = links.len() as u64;
    let night = saksi_tests::fleet::Night {
        links,
        speed: 50_000.0,
        connections: 8,
        forged_percent: 40,
        replayed_percent: 40,
        seed: 3,
    };
    let report = saksi_tests::fleet::run_night(&night)?;
    ensure!(report.accepted == witnesses * 2 && report.forged > 0 && report.replayed > 0, "{report:?}");
    endpoint.stop()?;
    Ok(())
}

#[test]
fn under_every_kind_of_attack_nothing_acknowledged_is_lost_and_readiness_stays_right() -> Result<()> {
    const PASSWORD: &str = "a long enough password";
    let mut endpoint = saksi_tests::Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "admin", PASSWORD)?;
    let (election, mut honest) = enrol_phones(&endpoint.invite_all()?, 1_000)?;
    let hostile = honest.split_off(honest.len() / 2);
    let report = run_attack(&Attack {
        url: &endpoint.url()?,
        election: &election,
        kinds: AttackKind::ALL.to_vec(),
        addresses: 2,
        duration: Duration::from_secs(3),
        process: None,
        user: "koordinator",
        password: PASSWORD,
        honest,
        hostile,
    })?;
    ensure!(report.kinds.iter().all(|kind| kind.attempts > 0), "an attack did not happen:\n{report}");
    ensure!(report.acknowledged > 0 && report.in_the_log == report.acknowledged, "lost:\n{report}");
    ensure!(report.wrong_readiness == 0, "readiness was wrong:\n{report}");
    endpoint.stop()?;
    Ok(())
}
