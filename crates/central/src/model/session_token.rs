//! The secret of a console session, and its hash, which is all that the store has of it.

use std::fmt;

use environment::{Environment, RngError};
use sha2::{Digest as _, Sha256};

/// Length of a token: 32 bytes in hex.
const TOKEN_CHARS: usize = 64;

/// The secret of a session. It exists here during a request only.
pub(crate) struct SessionToken(String);

/// The SHA-256 of a [`SessionToken`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

impl SessionToken {
    /// A random token.
    pub(crate) fn random(environment: &Environment) -> Result<Self, RngError> {
        let bytes: [u8; 32] = environment.random()?;
        Ok(Self(evidence::StatementId(bytes).to_string()))
    }

    /// The token in a text that a client sent.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        (text.len() == TOKEN_CHARS).then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl TokenHash {
    /// A number by which people name the session. It says nothing about the token.
    pub(crate) fn number(self) -> i64 {
        // Six bytes: every number that JSON readers keep exactly.
        self.0[..6].iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash")
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}
