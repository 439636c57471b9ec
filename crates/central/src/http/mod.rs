//! The endpoint's web side: the device API under `/v1`, the console API under `/api`, and the console's files
//! elsewhere.

mod answer_buffer;
mod console_api;
mod cookie;
mod device_api;
mod extract;
mod gate;
mod guard;
mod hall_page;
mod open_routes;
mod problem_response;
mod routes;
mod server;
mod streamed;

use axum::Router;
use axum::middleware;
use axum::routing::any;
use protocol::{Problem, ProblemCode};

use self::gate::{Gate, gate};
use self::server::headers;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

pub use routes::{Audience, Cost, Policy, Reach, RouteInfo, routes};
pub use server::certificate::{CertificateError, ReloadedCertificate};
pub use server::connections::ConnectionLimits;
pub use server::pace::Pace;
pub use server::{Serving, serve, serve_with};

/// The router of all addresses, to be served or to be called in the same process.
pub fn router(endpoint: Endpoint) -> Router {
    let gated = Gate::new(endpoint.clone());
    routes::machines(&endpoint)
        .merge(routes::browsers(&endpoint))
        .merge(routes::programs(&endpoint))
        .route("/v1/{*rest}", any(nothing_here))
        .route("/api/{*rest}", any(nothing_here))
        .route("/open/{*rest}", any(nothing_here))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(middleware::from_fn_with_state(gated, gate))
        .layer(middleware::from_fn(headers::no_sniffing))
        .with_state(endpoint)
}

async fn nothing_here() -> Refusal {
    Problem::new(ProblemCode::NotFound, "this address or method is not known").into()
}
