//! Credentials of console users as the store keeps them: hashes only.

/// A password's hash as a PHC string, salt and costs included.
#[derive(Clone)]
pub struct StoredPassword(pub(crate) String);

/// The SHA-256 of a session's token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub(crate) [u8; 32]);
