//! What devices call, below `/v1`: enrolment, statements, photos, the inbox, the log.

pub(crate) mod enrolment;
pub(crate) mod inbox;
pub(crate) mod log;
pub(crate) mod statements;
