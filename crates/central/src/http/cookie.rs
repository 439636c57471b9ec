//! The cookie of a console session.

use axum::http::{HeaderMap, header};

use crate::model::session_token::SessionToken;

/// Name of the cookie.
const NAME: &str = "saksi_session";

/// The session's token in a request's cookies.
pub(crate) fn token(headers: &HeaderMap) -> Option<SessionToken> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(token_in)
}

fn token_in(cookies: &str) -> Option<SessionToken> {
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
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
    format!("{NAME}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")
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
        assert!(token_in(&header).unwrap().hash() == new.hash());
        assert!(token_in("saksi_session=short").is_none());
    }
}
