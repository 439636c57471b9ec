//! For the operator of an endpoint: backups.

pub(crate) mod backup;
mod readiness_check;
