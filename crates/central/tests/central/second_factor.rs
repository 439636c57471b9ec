//! Logins with a second factor, where it is required and where it is not.

use axum::http::StatusCode;
use central::view::{AccountView, Duty, NewSecondFactor, RecoveryCodes, Role, SessionView};
use central::{Endpoint, Settings};
use protocol::ProblemCode;
use serde_json::json;
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

use crate::post::{Answer, Clock, PASSWORD, Post, cookie_of, demo_json, election, settings};

/// An endpoint that requires second factors.
fn strict_post() -> Post {
    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let settings = Settings { require_second_factor: true, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.environment()).unwrap();
    Post::around(endpoint, folder, clock)
}

/// The code that an authenticator with this secret shows now.
fn code(post: &Post, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(environment::Clock::now_ms(&post.clock)).unwrap() / 1_000).to_string()
}

/// Sets a second factor up: its secret, and the recovery codes.
async fn set_up(post: &Post, cookie: &str) -> (String, Vec<String>) {
    let begin = post.post_json("/api/session/second-factor", cookie, json!({ "password": PASSWORD })).await;
    let NewSecondFactor { secret, address } = begin.json();
    assert!(address.contains(&secret.replace(' ', "")), "{address}");
    let path = "/api/session/second-factor/confirm";
    let wrong = post.post_json(path, cookie, json!({ "code": "000000" })).await;
    assert_eq!(wrong.code(), ProblemCode::SecondFactorWrong);
    let RecoveryCodes { codes } =
        post.post_json(path, cookie, json!({ "code": code(post, &secret) })).await.json();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

async fn log_in(post: &Post, code: &str) -> Answer {
    post.post_json("/api/login", "", json!({ "user": "rini", "password": PASSWORD, "code": code })).await
}

#[tokio::test]
async fn a_login_needs_a_code_that_nobody_used_before() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let (secret, _) = set_up(&post, &cookie).await;
    assert_eq!(post.log_in("rini", PASSWORD).await.code(), ProblemCode::SecondFactorNeeded);
    assert_eq!(post.log_in("rini", "wrong password").await.code(), ProblemCode::LoginFailed);
    let confirming = log_in(&post, &code(&post, &secret)).await;
    assert_eq!(confirming.code(), ProblemCode::SecondFactorWrong, "its confirmation used this code");

    post.clock.advance(30_000);
    let shown = code(&post, &secret);
    let session: SessionView = log_in(&post, &shown).await.json();
    assert!(session.second_factor && session.duty.is_none());
    assert_eq!(log_in(&post, &shown).await.code(), ProblemCode::SecondFactorWrong, "seen over a shoulder");

    post.clock.advance(30_000);
    let shown = code(&post, &secret);
    let both = tokio::join!(log_in(&post, &shown), log_in(&post, &shown));
    let passed = [both.0.status, both.1.status].iter().filter(|status| status.is_success()).count();
    assert_eq!(passed, 1, "the same code at the same time");
}

#[tokio::test]
async fn wrong_codes_are_slowed_down_like_wrong_passwords_and_a_password_alone_does_not_forgive_them() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    set_up(&post, &cookie).await;
    for _ in 0..5 {
        assert_eq!(log_in(&post, "123456").await.code(), ProblemCode::SecondFactorWrong);
        let without = post.log_in("rini", PASSWORD).await;
        assert!(matches!(without.code(), ProblemCode::SecondFactorNeeded | ProblemCode::TooManyRequests));
    }
    assert_eq!(log_in(&post, "123457").await.code(), ProblemCode::TooManyRequests);
}

#[tokio::test]
async fn a_recovery_code_logs_in_once_and_new_ones_end_the_old_ones() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let (secret, codes) = set_up(&post, &cookie).await;
    assert_eq!(log_in(&post, &codes[3].to_uppercase()).await.status, StatusCode::OK);
    assert_eq!(log_in(&post, &codes[3]).await.code(), ProblemCode::SecondFactorWrong);
    post.clock.advance(30_000);
    let body = json!({ "password": PASSWORD, "code": code(&post, &secret) });
    let path = "/api/session/second-factor/recovery-codes";
    let RecoveryCodes { codes: new } = post.post_json(path, &cookie, body).await.json();
    assert_eq!(log_in(&post, &codes[4]).await.code(), ProblemCode::SecondFactorWrong);
    assert_eq!(log_in(&post, &new[4]).await.status, StatusCode::OK);
    let dump = post.dump();
    let holds = |text: &str| {
        dump.iter().any(|(_, bytes)| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    };
    assert!(!holds(&new[5].replace('-', "")) && !holds(&new[5]), "only hashes are stored");
}

#[tokio::test]
async fn where_it_is_required_nothing_works_before_it_is_set_up() {
    let post = strict_post();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let session: SessionView = post.get("/api/session", &cookie).await.json();
    assert_eq!(session.duty, Some(Duty::SetUpSecondFactor));
    for path in ["/api/regions", "/api/stations?contest=ppwp", "/api/log", "/api/devices", "/api/audit"] {
        assert_eq!(post.get(path, &cookie).await.code(), ProblemCode::SecondFactorSetupNeeded, "{path}");
    }
    let (secret, _) = set_up(&post, &cookie).await;
    assert_eq!(post.get("/api/log", &cookie).await.status, StatusCode::OK);
    post.clock.advance(30_000);
    let body = json!({ "password": PASSWORD, "code": code(&post, &secret) });
    let removed = post.post_json("/api/session/second-factor/remove", &cookie, body).await;
    assert_eq!(removed.code(), ProblemCode::AccountRefused);
    let auditor = post.user("auditor", Role::Auditor, None).await;
    assert_eq!(post.get("/api/log", &auditor).await.status, StatusCode::OK, "sees no people");
}

#[tokio::test]
async fn an_admin_resets_the_second_factor_of_a_lost_phone_and_it_ends_the_sessions() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let cookie = post.user("rini", Role::Coordinator, None).await;
    set_up(&post, &cookie).await;
    let all: Vec<AccountView> = post.get("/api/accounts", &admin).await.json();
    assert!(all.iter().any(|account| account.user == "rini" && account.second_factor));
    let path = "/api/accounts/rini/second-factor/reset";
    assert_eq!(post.post_json(path, &cookie, json!({})).await.code(), ProblemCode::Forbidden);
    let all: Vec<AccountView> = post.post_json(path, &admin, json!({})).await.json();
    assert!(all.iter().any(|account| account.user == "rini" && !account.second_factor));
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded);
    assert!(!cookie_of(&post.log_in("rini", PASSWORD).await).is_empty());
    let audit = post.endpoint.store().audit().unwrap();
    let actions: Vec<&str> = audit.iter().map(|row| row.action.as_str()).collect();
    assert!(actions.contains(&"user.second_factor") && actions.contains(&"user.second_factor_removed"));
}
