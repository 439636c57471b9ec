//! The cookie of a console session.

use axum::http::{HeaderMap, header};

use crate::model::session_token::SessionToken;

/// Name of the cookie on plain HTTP: a test, or this machine only.
const NAME: &str = "saksi_session";
/// Name of the cookie on HTTPS. A browser accepts this prefix only from this very host and over TLS, so that
/// no other host of the domain can set it.
const SECURE_NAME: &str = "__Host-saksi_session";

fn name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_NAME } else { NAME }
}

/// The session's token in a request's cookies.
pub(crate) fn token(headers: &HeaderMap, is_secure: bool) -> Option<SessionToken> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.into_iter().find_map(|cookies| token_in(cookies, name(is_secure)))
}

fn token_in(cookies: &str, wanted: &str) -> Option<SessionToken> {
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .find_map(|(_, value)| SessionToken::from_text(value))
}

/// The `Set-Cookie` header of a new session. `is_secure` keeps the cookie off plain HTTP.
pub(crate) fn set(token: &SessionToken, max_age_s: i64, is_secure: bool) -> String {
    cookie(token.as_str(), max_age_s, is_secure)
}

/// The `Set-Cookie` header that deletes the cookie.
pub(crate) fn delete(is_secure: bool) -> String {
    cookie("", 0, is_secure)
}

fn cookie(value: &str, max_age_s: i64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = name(is_secure);
    format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use environment::Environment;

    use super::*;

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let new = SessionToken::random(&Environment::system()).unwrap();
        let set = set(&new, 3_600, true);
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Secure"));
        let header = format!("a=b; {}; c=d", set.split(';').next().unwrap());
        assert!(token_in(&header, SECURE_NAME).unwrap().hash() == new.hash());
        assert!(token_in("__Host-saksi_session=short", SECURE_NAME).is_none());
        let foreign = format!("saksi_session={}", new.as_str());
        assert!(token_in(&foreign, SECURE_NAME).is_none(), "another host of the domain may have set it");
    }
}
