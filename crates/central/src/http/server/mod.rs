//! The server below the routes: connections, TLS, rate limits, headers, health.

pub(crate) mod connections;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod origin;
pub(crate) mod throttle;
