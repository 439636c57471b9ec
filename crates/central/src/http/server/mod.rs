//! The server below the routes: connections, TLS, throttling, headers, health.

mod activity;
mod bodies;
pub(crate) mod certificate;
mod connection_table;
pub(crate) mod connections;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod origin;
pub(crate) mod pace;

use std::io;
use std::sync::Arc;

use axum::middleware;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use self::connections::ConnectionLimits;
use crate::endpoint::Endpoint;
use crate::workers;

/// How an endpoint is served.
#[derive(Default)]
pub struct Serving {
    /// The certificate and key; without them a proxy in front has to bring TLS.
    pub tls: Option<Arc<ServerConfig>>,
    pub limits: ConnectionLimits,
    /// The listener for Prometheus, apart from everybody else.
    pub metrics: Option<TcpListener>,
}

/// Serves until `stop` ends, and then until the requests in progress end. Runs the sequencer and the counter
/// too.
pub async fn serve(
    listener: TcpListener,
    endpoint: Endpoint,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_with(listener, endpoint, Serving::default(), stop).await
}

/// Like [`serve`], with options.
pub async fn serve_with(
    listener: TcpListener,
    endpoint: Endpoint,
    serving: Serving,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Serving { tls, limits, metrics } = serving;
    let mut router = super::router(endpoint.clone());
    if tls.is_some() {
        router = router.layer(middleware::from_fn(headers::tls_only));
    }
    let requests = connections::serve(listener, router, tls.map(TlsAcceptor::from), limits, stop);
    tokio::select! {
        served = requests => served,
        served = serve_metrics(metrics, endpoint.clone(), limits) => served,
        () = workers::run(endpoint.clone()) => Ok(()),
    }
}

async fn serve_metrics(
    listener: Option<TcpListener>,
    endpoint: Endpoint,
    limits: ConnectionLimits,
) -> io::Result<()> {
    match listener {
        Some(listener) => {
            let router = health::metrics().with_state(endpoint);
            connections::serve(listener, router, None, limits, std::future::pending()).await
        }
        None => std::future::pending().await,
    }
}
