//! Sessions of the console: a random token in a cookie, of which only the hash is kept.

use std::fmt;
use std::io;

use sha2::{Digest, Sha256};

use crate::environment::Outside;
pub(crate) use crate::model::credentials::TokenHash;

/// How long a login lasts.
pub(crate) const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;
/// The cookie's name.
pub(crate) const COOKIE: &str = "saksi_session";

/// A session's secret. It exists here for the length of a request only.
pub(crate) struct SessionToken(String);

impl SessionToken {
    /// A new one.
    pub(crate) fn draw(outside: &Outside) -> io::Result<Self> {
        let bytes: [u8; 32] = outside.random()?;
        Ok(Self(evidence::StatementId(bytes).to_string()))
    }

    /// Finds it in a `Cookie` header.
    pub(crate) fn from_cookies(header: &str) -> Option<Self> {
        header
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, value)| *name == COOKIE && value.len() == 64)
            .map(|(_, value)| Self(value.to_owned()))
    }

    /// What is kept.
    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The `Set-Cookie` header that hands it out. `secure` keeps it off plain HTTP.
    pub(crate) fn to_cookie(&self, secure: bool) -> String {
        cookie(&self.0, SESSION_MS / 1_000, secure)
    }

    /// The `Set-Cookie` header that takes it back.
    pub(crate) fn end_cookie(secure: bool) -> String {
        cookie("", 0, secure)
    }
}

fn cookie(value: &str, max_age_s: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let token = SessionToken::draw(&Outside::of_this_machine()).unwrap();
        let set = token.to_cookie(true);
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Secure"));
        let header = format!("a=b; {}; c=d", set.split(';').next().unwrap());
        assert!(SessionToken::from_cookies(&header).unwrap().hash() == token.hash());
        assert!(SessionToken::from_cookies("saksi_session=short").is_none());
    }
}
