//! Connections: their limits, the pace of requests and answers, TLS, and the graceful shutdown.
//!
//! This is not `axum::serve`, which has no limit of connections per network and no timeouts: a client that
//! sends or reads a byte now and then would hold a connection for ever.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::activity::Activity;
use super::bodies::{Metered, PacedBody, WatchedBody};
use super::connection_table::{ConnectionSlot, ConnectionTable};
use super::pace::Pace;

/// Timeout of a TLS handshake. On 2G it takes some seconds.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause after an error of accepting, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Shutdown grace period: the time that requests in progress have to end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// Interval at which a connection is checked, unless its limits are shorter.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// Maximum number of concurrent HTTP/2 requests on one connection. The console needs fewer than ten.
const HTTP2_STREAMS_MAX: u32 = 16;
/// Window of one HTTP/2 request, in bytes: that of the standard.
const HTTP2_STREAM_WINDOW: u32 = 65_535;
/// Window of all HTTP/2 requests of a connection, in bytes: one whole piece of a photo.
const HTTP2_CONNECTION_WINDOW: u32 = 256 * 1024;
/// Maximum length of the headers of an HTTP/2 request, in bytes.
const HTTP2_HEADERS_MAX: u32 = 16 * 1024;
/// Maximum number of HTTP/2 requests that a client cancelled and that the connection still remembers.
const HTTP2_RESETS_MAX: usize = 16;
/// Maximum number of bytes that one HTTP/2 request keeps to be written.
const HTTP2_WRITE_BUFFER_BYTES: usize = 64 * 1024;
/// Maximum number of bytes that an HTTP/1 connection keeps to be read, and as many to be written. Some
/// thousand connections whose bodies stop halfway keep as much each.
const HTTP1_BUFFER_BYTES: usize = 16 * 1024;

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Maximum number of connections in all. When there are more, the idlest close.
    pub all: usize,
    /// Maximum number of connections from one address, or from one IPv6 network (/64). Many phones share one
    /// address of a mobile operator.
    pub of_one_address: usize,
    /// Timeout of a request's header.
    pub header_timeout: Duration,
    /// Time after which a connection without a request closes.
    pub idle_timeout: Duration,
    /// Pace of the bodies of requests.
    pub requests: Pace,
    /// Pace of answers.
    pub answers: Pace,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            all: 10_000,
            of_one_address: 2_000,
            header_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(75),
            requests: Pace::REQUEST,
            answers: Pace::ANSWER,
        }
    }
}

impl ConnectionLimits {
    fn check_interval(&self) -> Duration {
        let shortest = self.answers.grace.min(self.idle_timeout) / 4;
        shortest.clamp(Duration::from_millis(5), CHECK_INTERVAL)
    }
}

/// An accepted connection, and what it occupies.
struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    activity: Arc<Activity>,
    limits: ConnectionLimits,
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
    let table = ConnectionTable::new(limits.all, limits.of_one_address);
    let shutdown = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let activity = Activity::new();
        let _slot = table.slot(address.ip(), &activity);
        let connection = Connection { stream, address, activity, limits, _slot };
        tokio::spawn(converse(connection, tls.clone(), router.clone(), shutdown.watcher()));
    }
    drop(listener);
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, shutdown.shutdown()).await;
    Ok(())
}

/// Serves one connection until it ends, or until it must close.
async fn converse(connection: Connection, tls: Option<TlsAcceptor>, router: Router, watcher: Watcher) {
    let Connection { stream, address, activity, limits, _slot } = connection;
    // Small responses leave at once.
    let _ = stream.set_nodelay(true);
    let client = Client { address, activity: Arc::clone(&activity), limits };
    let conversation = async {
        match tls {
            None => serve_requests(stream, client, router, watcher).await,
            Some(tls) => {
                if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
                    serve_requests(stream, client, router, watcher).await;
                }
            }
        }
    };
    tokio::select! {
        () = conversation => {}
        () = activity.evicted() => tracing::debug!("a connection closes for another one"),
        () = missed_limits(&activity, &limits) => {}
    }
}

/// Ends when the connection misses one of its limits.
async fn missed_limits(activity: &Activity, limits: &ConnectionLimits) {
    loop {
        tokio::time::sleep(limits.check_interval()).await;
        if let Some(missed) = activity.missed(&limits.answers, limits.idle_timeout) {
            tracing::debug!(?missed, "a connection closes");
            return;
        }
    }
}

/// The other end of a connection.
#[derive(Clone)]
struct Client {
    address: SocketAddr,
    activity: Arc<Activity>,
    limits: ConnectionLimits,
}

impl Client {
    /// Answers one request, and watches its body and the answer.
    async fn answer(
        self,
        request: hyper::Request<hyper::body::Incoming>,
        router: Router,
    ) -> Result<Response<WatchedBody>, Infallible> {
        let guard = self.activity.request();
        let pace = self.limits.requests;
        let mut request = request.map(|body| Body::new(PacedBody::new(Body::new(body), pace)));
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = router.oneshot(request).await?;
        Ok(response.map(|body| WatchedBody::new(body, self.activity.answer(guard))))
    }
}

async fn serve_requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Client,
    router: Router,
    watcher: Watcher,
) {
    let stream = Metered::new(stream, Arc::clone(&client.activity));
    let header_timeout = client.limits.header_timeout;
    let service = hyper::service::service_fn(move |request| client.clone().answer(request, router.clone()));
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HTTP1_BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(header_timeout)
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .initial_stream_window_size(HTTP2_STREAM_WINDOW)
        .initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
        .max_header_list_size(HTTP2_HEADERS_MAX)
        .max_send_buf_size(HTTP2_WRITE_BUFFER_BYTES)
        .max_pending_accept_reset_streams(HTTP2_RESETS_MAX)
        .max_local_error_reset_streams(HTTP2_RESETS_MAX);
    // An error is the client's: it went away, or does not speak HTTP.
    let _ = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await;
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
