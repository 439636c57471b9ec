//! Connections: how many there may be, how long a request's head may take, TLS, and a farewell that lets requests under way
//! end.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// How long a request's head may take, and how long a connection may stay silent between two requests. Whoever sends a
/// byte now and then to hold a place loses it.
const HEAD: Duration = Duration::from_secs(60);
/// How long a TLS handshake may take: on 2G it is some seconds.
const HANDSHAKE: Duration = Duration::from_secs(30);
/// After a fault in accepting, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);
/// How long requests that are under way may take after the endpoint was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// In all; more wait in the system's queue.
    pub all: usize,
    /// From one address. Many phones share one address of a mobile operator.
    pub of_one_address: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { all: 10_000, of_one_address: 2_000 }
    }
}

/// How many connections each address has.
#[derive(Debug, Default)]
struct Held(Mutex<HashMap<IpAddr, usize>>);

impl Held {
    fn take(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Place> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { held: Arc::clone(self), address })
    }
}

/// One connection's place; it is given back when this is dropped.
struct Place {
    held: Arc<Held>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.address);
            }
        }
    }
}

/// Serves `router` until `stop` comes, then lets requests that are under way end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let all = Arc::new(Semaphore::new(limits.all));
    let held = Arc::new(Held::default());
    let farewell = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let permit = Arc::clone(&all).acquire_owned().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>((permit, listener.accept().await?))
        };
        let (permit, (stream, address)) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(place) = held.take(address.ip(), limits.of_one_address) else {
            tracing::debug!("an address has too many connections");
            continue;
        };
        let (router, tls, watcher) = (router.clone(), tls.clone(), farewell.watcher());
        tokio::spawn(async move {
            let _places = (permit, place);
            // Small answers go out at once.
            let _ = stream.set_nodelay(true);
            match tls {
                None => converse(stream, address, router, watcher).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        converse(stream, address, router, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FAREWELL, farewell.shutdown()).await;
    Ok(())
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD).max_concurrent_streams(32);
    let conversation = builder.serve_connection(TokioIo::new(stream), service);
    // What goes wrong here is the other side's: it went away, or spoke something else than HTTP.
    let _ = watcher.watch(conversation).await;
}
