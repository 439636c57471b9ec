//! For the operator of an endpoint: backups, migration of the store, readiness.

pub(crate) mod backup;
pub(crate) mod migrate;
mod readiness_check;
