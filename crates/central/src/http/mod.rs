//! The endpoint's web side: the device's addresses under `/v1`, the console's under `/api`, its files elsewhere.

mod answer;
mod bundle;
mod console;
mod crops;
mod device;
mod devices;
mod enrolment;
mod extract;
mod files;
mod guard;
mod headers;
mod imports;
mod inbox;
mod log;
mod log_console;
mod login;
mod origin;
mod routes;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use protocol::{Problem, ProblemCode};
use tokio::net::TcpListener;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

pub use routes::{Access, Reach, console_routes};

/// How long requests that are under way may take after the endpoint was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Everything that the endpoint answers, to be served or to be called in the same process.
pub fn router(endpoint: Endpoint) -> Router {
    let console = routes::console(&endpoint).layer(middleware::from_fn(headers::answers_that_are_not_kept));
    // What a browser sees. Devices are no browsers, and each byte of an answer to them costs somebody's 2G.
    let for_people = Router::new()
        .merge(console)
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .fallback(files::file)
        .layer(middleware::from_fn(headers::security));
    Router::new()
        .merge(device::routes())
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

/// Serves until `stop` comes, then lets requests that are under way end. The log's sequencer runs along.
pub async fn serve(
    listener: TcpListener,
    endpoint: Endpoint,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (told, heard) = tokio::sync::oneshot::channel();
    let sequencing = sequence(endpoint.clone());
    let settling = settle(endpoint.clone());
    let service = router(endpoint).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        // The other half is gone only when nobody waits any more.
        let _ = told.send(());
    });
    let too_long = async {
        match heard.await {
            Ok(()) => tokio::time::sleep(FAREWELL).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = serving => served,
        () = too_long => Ok(()),
        () = sequencing => Ok(()),
        () = settling => Ok(()),
    }
}
