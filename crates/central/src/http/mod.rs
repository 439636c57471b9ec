//! The endpoint's web side: the device's addresses under `/v1`, the console's under `/api`, its files elsewhere.

mod console_api;
mod device_api;
mod extract;
mod guard;
mod problem_response;
mod routes;
mod server;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use protocol::{Problem, ProblemCode};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use self::console_api::static_files;
use self::device_api::{log, statements};
use self::server::{connections, headers, health, throttle};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

pub use routes::{Access, Reach, console_routes};
pub use server::connections::ConnectionLimits;
pub(crate) use server::throttle::Pressure;
pub use server::throttle::Rates;

/// Everything that the endpoint answers, to be served or to be called in the same process.
pub fn router(endpoint: Endpoint) -> Router {
    let console = routes::console(&endpoint).layer(middleware::from_fn(headers::answers_that_are_not_kept));
    // What a browser sees. Devices are no browsers, and each byte of an answer to them costs somebody's 2G.
    let for_people = Router::new()
        .merge(console)
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .fallback(static_files::file)
        .layer(middleware::from_fn(headers::security));
    Router::new()
        .merge(statements::routes().layer(middleware::from_fn_with_state(endpoint.clone(), throttle::gate)))
        .merge(health::health())
        .merge(log::routes())
        .route("/v1/{*rest}", axum::routing::any(nothing_here))
        .merge(for_people)
        .method_not_allowed_fallback(nothing_here)
        .with_state(endpoint)
}

async fn nothing_here() -> Refusal {
    Problem::new(ProblemCode::NotFound, "this address or method is not known").into()
}

/// So often it is looked whether another program, at the command line, took statements in. With the pause, nothing
/// waits longer than a second for its place in the log.
const LOG_EVERY: Duration = Duration::from_millis(900);
/// Batches of the log are not closer than this, so that a burst shares one signature.
const LOG_PAUSE: Duration = Duration::from_millis(100);

/// Gives statements their places in the log for as long as it is polled.
async fn sequence(endpoint: Endpoint) {
    loop {
        let woken = endpoint.taken_in.notified();
        if let Err(error) = endpoint.blocking(|endpoint| Ok(endpoint.sequence()?)).await {
            tracing::error!(?error, "the log could not go on");
        }
        // Whichever comes first: another intake, or the next look.
        let _ = tokio::time::timeout(LOG_EVERY, woken).await;
        tokio::time::sleep(LOG_PAUSE).await;
    }
}

/// So often it is looked whether another copy of the program left something to count.
const COUNT_EVERY: Duration = Duration::from_millis(1_000);
/// Between two rounds of counting others have their turn.
const COUNT_PAUSE: Duration = Duration::from_millis(200);

/// Lets the counts follow what is taken in for as long as it is polled.
async fn settle(endpoint: Endpoint) {
    loop {
        let woken = endpoint.to_count.notified();
        if let Err(error) = endpoint.blocking(|endpoint| Ok(endpoint.settle_counts()?)).await {
            tracing::error!(?error, "the counts could not follow");
        }
        let _ = tokio::time::timeout(COUNT_EVERY, woken).await;
        tokio::time::sleep(COUNT_PAUSE).await;
    }
}

/// How an endpoint is served.
#[derive(Default)]
pub struct Serving {
    /// The certificate and key; without them, whoever stands in front has to bring TLS.
    pub tls: Option<Arc<ServerConfig>>,
    /// How many connections there may be.
    pub limits: ConnectionLimits,
    /// Where Prometheus may ask, apart from everybody else.
    pub metrics: Option<TcpListener>,
}

/// Serves until `stop` comes, then lets requests that are under way end. The log's sequencer and the counting run along.
pub async fn serve(
    listener: TcpListener,
    endpoint: Endpoint,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_with(listener, endpoint, Serving::default(), stop).await
}

/// The same, otherwise than by default.
pub async fn serve_with(
    listener: TcpListener,
    endpoint: Endpoint,
    serving: Serving,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Serving { tls, limits, metrics } = serving;
    let figures = async {
        match metrics {
            Some(listener) => {
                let router = health::metrics().with_state(endpoint.clone());
                connections::serve(listener, router, None, limits, std::future::pending()).await
            }
            None => std::future::pending().await,
        }
    };
    let conversations =
        connections::serve(listener, router(endpoint.clone()), tls.map(TlsAcceptor::from), limits, stop);
    tokio::select! {
        served = conversations => served,
        served = figures => served,
        () = sequence(endpoint.clone()) => Ok(()),
        () = settle(endpoint.clone()) => Ok(()),
    }
}
