//! The endpoint's web side: the device API under `/v1`, the console API under `/api`, and the console's files elsewhere.

mod console_api;
mod cookie;
mod device_api;
mod extract;
mod guard;
mod problem_response;
mod routes;
mod server;

use axum::Router;
use axum::middleware;
use protocol::{Problem, ProblemCode};

use self::console_api::static_files;
use self::server::{headers, health, throttle};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

pub use routes::{Access, Reach, console_routes};
pub use server::connections::ConnectionLimits;
pub use server::{Serving, serve, serve_with};

/// The router of all addresses, to be served or to be called in the same process.
pub fn router(endpoint: Endpoint) -> Router {
    let devices = device_api::routes()
        .layer(middleware::from_fn_with_state(endpoint.clone(), throttle::by_address))
        .merge(device_api::log::routes())
        .route("/v1/{*rest}", axum::routing::any(nothing_here));
    let console = routes::console(&endpoint).layer(middleware::from_fn(headers::no_store));
    // Only browsers need the headers of `security`. Devices would pay for them on a 2G line.
    let browsers = Router::new()
        .merge(console)
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .fallback(static_files::file)
        .layer(middleware::from_fn(headers::security));
    Router::new()
        .merge(devices)
        .merge(health::routes())
        .merge(browsers)
        .method_not_allowed_fallback(nothing_here)
        .with_state(endpoint)
}

async fn nothing_here() -> Refusal {
    Problem::new(ProblemCode::NotFound, "this address or method is not known").into()
}
