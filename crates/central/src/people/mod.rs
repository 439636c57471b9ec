//! Users of the console: passwords, sessions, and the limit on failed attempts.

pub(crate) mod failed_attempts;
pub(crate) mod passwords;
pub(crate) mod sessions;
