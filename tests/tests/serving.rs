//! The endpoint as a server: TLS of its own, limits on connections, figures at an address apart, and a farewell.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use central::{ConnectionLimits, Endpoint, Outside, Rates, Serving, Settings};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use saksi_tests::data::demo_election;
use saksi_tests::fleet::Wire;
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
    };
    let election = tally::load::read(&demo_election())?;
    let endpoint = Endpoint::open(&settings, Some(election), Outside::of_this_machine())?;
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

fn asks(address: std::net::SocketAddr, path: &str) -> Result<(u16, String)> {
    let reply = Wire::open(&format!("http://{address}"))?.exchange("GET", path, &[], &[])?;
    Ok((reply.status, String::from_utf8(reply.body)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_answered_apart_and_a_farewell_ends_what_is_silent() -> Result<()> {
    let served = serve(None, ConnectionLimits::default()).await?;
    let text = tokio::task::block_in_place(|| asks(served.metrics, "/metrics"))?;
    ensure!(text.0 == 200 && text.1.contains("saksi_waiting_for_log 0"), "{text:?}");
    let silent = TcpStream::connect(served.address)?;
    let _ = served.stop.send(());
    tokio::time::timeout(Duration::from_secs(20), served.serving).await???;
    drop(silent);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_all_connections() -> Result<()> {
    let served = serve(None, ConnectionLimits { all: 100, of_one_address: 2 }).await?;
    tokio::task::block_in_place(|| -> Result<()> {
        let mut held = Vec::new();
        for _ in 0..2 {
            let mut stream = TcpStream::connect(served.address)?;
            // A head that never ends.
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ")?;
            held.push(stream);
        }
        std::thread::sleep(Duration::from_millis(200));
        let mut third = TcpStream::connect(served.address)?;
        third.set_read_timeout(Some(Duration::from_secs(5)))?;
        let _ = third.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let mut answer = Vec::new();
        let _ = third.read_to_end(&mut answer);
        ensure!(answer.is_empty(), "the third connection was let in");
        held.clear();
        let mut tries = 0;
        while asks(served.address, "/healthz").map(|answer| answer.0).ok() != Some(200) {
            tries += 1;
            ensure!(tries < 50, "places are not given back");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn it_brings_tls_of_its_own() -> Result<()> {
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
    let said = client.get(url).send().await.context("over TLS")?.text().await?;
    ensure!(said == "ok\n", "{said}");
    Ok(())
}

#[test]
fn a_night_of_light_witnesses_arrives_whole_and_what_is_forged_does_not() -> Result<()> {
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
    let told = saksi_tests::fleet::night_of(&night)?;
    ensure!(told.accepted == witnesses * 2 && told.forged > 0 && told.replayed > 0, "{told:?}");
    endpoint.stop()?;
    Ok(())
}
