//! The check that a request that changes something comes from the console's own pages.
//!
//! The session's cookie is `SameSite=Strict`; this is the second protection against cross-site request
//! forgery. A browser says where a request comes from, in `Sec-Fetch-Site` or, if it is older, in `Origin`. A
//! program that is no browser sends neither, and has no user's cookies.

use axum::http::{HeaderMap, header};

pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN.as_str()) {
        None => true,
        Some(origin) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && authority == text(header::HOST.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(list: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.insert(*name, value.parse().unwrap());
        }
        is_own(&headers)
    }

    #[test]
    fn only_the_own_pages_and_programs_without_a_browser_pass() {
        assert!(own(&[("sec-fetch-site", "same-origin"), ("host", "a.example")]));
        assert!(!own(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a.example"),
            ("host", "a.example")
        ]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(own(&[("origin", "http://a.example:8080"), ("host", "a.example:8080")]));
        assert!(!own(&[("origin", "http://b.example"), ("host", "a.example")]));
        assert!(!own(&[("origin", "null"), ("host", "a.example")]));
        assert!(own(&[("host", "a.example")]));
    }
}
