//! Connections: their limits, the timeout of a request's header, TLS, and the graceful shutdown.
//!
//! This is not `axum::serve`, which has no limit of connections per address and no timeout of headers: a client that sends
//! a byte now and then would hold a connection for ever.

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
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// Timeout of a request's header, and of the silence between two requests on a connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);
/// Timeout of a TLS handshake. On 2G it takes some seconds.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause after an error of accepting, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Shutdown grace period: the time that requests in progress have to end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// Maximum number of concurrent HTTP/2 requests on one connection.
const HTTP2_STREAMS_MAX: u32 = 32;

/// Maximum numbers of connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// In all. More connections wait in the system's queue.
    pub all: usize,
    /// From one address. Many phones share one address of a mobile operator.
    pub of_one_address: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { all: 10_000, of_one_address: 2_000 }
    }
}

/// The number of connections of each address.
#[derive(Debug, Default)]
struct ConnectionCounts(Mutex<HashMap<IpAddr, usize>>);

impl ConnectionCounts {
    /// A slot for one more connection; `None` when the address has `max`.
    fn slot(self: &Arc<Self>, address: IpAddr, max: usize) -> Option<ConnectionSlot> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(ConnectionSlot { counts: Arc::clone(self), address })
    }
}

/// The slot of one connection. Dropping it frees the slot.
struct ConnectionSlot {
    counts: Arc<ConnectionCounts>,
    address: IpAddr,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// An accepted connection, and what it occupies.
struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    _permit: OwnedSemaphorePermit,
    _slot: ConnectionSlot,
}

/// Serves `router` until `stop` ends, and then until the requests in progress end.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let all = Arc::new(Semaphore::new(limits.all));
    let counts = Arc::new(ConnectionCounts::default());
    let shutdown = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &all) => accepted,
            () = &mut stop => break,
        };
        let (permit, stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(slot) = counts.slot(address.ip(), limits.of_one_address) else {
            tracing::debug!("an address has too many connections");
            continue;
        };
        let connection = Connection { stream, address, _permit: permit, _slot: slot };
        tokio::spawn(converse(connection, tls.clone(), router.clone(), shutdown.watcher()));
    }
    drop(listener);
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, shutdown.shutdown()).await;
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    all: &Arc<Semaphore>,
) -> io::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(all).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    Ok((permit, stream, address))
}

async fn converse(connection: Connection, tls: Option<TlsAcceptor>, router: Router, watcher: Watcher) {
    let Connection { stream, address, _permit, _slot } = connection;
    // Small responses leave at once.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve_requests(stream, address, router, watcher).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
                serve_requests(stream, address, router, watcher).await;
            }
        }
    }
}

async fn serve_requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    router: Router,
    watcher: Watcher,
) {
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEADER_TIMEOUT)
        .max_concurrent_streams(HTTP2_STREAMS_MAX);
    // An error is the client's: it went away, or does not speak HTTP.
    let _ = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await;
}
