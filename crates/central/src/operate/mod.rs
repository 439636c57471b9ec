//! For the operator of an endpoint: backups and metrics.

pub(crate) mod backup;
pub(crate) mod metrics;
