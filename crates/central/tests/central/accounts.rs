//! Accounts, failed logins, and the audit.

use axum::http::StatusCode;
use central::view::{AccountView, AuditView, NewPassword, Role};
use protocol::ProblemCode;

use crate::post::{PASSWORD, Post, cookie_of};

#[tokio::test]
async fn a_wrong_password_of_one_user_delays_nobody_else() {
    let post = Post::new();
    post.user("rini", Role::Admin, None).await;
    post.user("budi", Role::Auditor, None).await;
    for _ in 0..5 {
        assert_eq!(post.log_in("rini", "wrong password").await.code(), ProblemCode::LoginFailed);
    }
    let slowed = post.log_in("rini", PASSWORD).await;
    assert_eq!(slowed.code(), ProblemCode::TooManyRequests);
    assert!(slowed.headers.contains_key("retry-after"));
    assert_eq!(post.log_in("budi", PASSWORD).await.status, StatusCode::OK);
    post.clock.advance(2_000);
    assert_eq!(post.log_in("rini", PASSWORD).await.status, StatusCode::OK);
    for name in ["", "nobody at all"] {
        for _ in 0..10 {
            assert_eq!(
                post.log_in(name, "wrong password").await.code(),
                ProblemCode::LoginFailed,
                "{name:?}"
            );
        }
    }
    let audit = post.endpoint.store().audit().unwrap();
    let fails: Vec<&str> =
        audit.iter().filter(|row| row.action == "session.fail").map(|row| row.subject.as_str()).collect();
    assert_eq!(fails, ["rini failures: 1", "rini failures: 2", "rini failures: 4"]);
}

#[tokio::test]
async fn an_admin_adds_changes_and_removes_accounts_and_each_change_ends_the_sessions() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let ask = async |path: &str, body: serde_json::Value| post.post_json(path, &admin, body).await;
    let new = serde_json::json!({ "user": "rini", "role": "trainer", "region": "52.71" });
    let made = ask("/api/accounts", new.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let NewPassword { password, .. } = made.json();
    assert_eq!(ask("/api/accounts", new).await.code(), ProblemCode::AccountRefused);

    let log_in = async |password: &str| cookie_of(&post.log_in("rini", password).await);
    let one_time = log_in(&password).await;
    assert_eq!(post.get("/api/regions", &one_time).await.code(), ProblemCode::PasswordChangeNeeded);
    let cookie = post.choose_password(&one_time, &password, "garam dan laut").await;
    let password = "garam dan laut";
    assert_eq!(post.get("/api/session", &one_time).await.code(), ProblemCode::LoginNeeded, "a new token");
    assert_eq!(post.get("/api/accounts", &cookie).await.code(), ProblemCode::Forbidden);
    let all: Vec<AccountView> = post.get("/api/accounts", &admin).await.json();
    let rini = all.iter().find(|account| account.user == "rini").unwrap();
    assert_eq!((rini.role, rini.sessions), (Role::Trainer, 1));
    assert!(rini.last_login_at_ms.is_some());

    let role = serde_json::json!({ "role": "coordinator", "region": null });
    let all: Vec<AccountView> = ask("/api/accounts/rini/role", role).await.json();
    assert_eq!(all.iter().find(|account| account.user == "rini").unwrap().role, Role::Coordinator);
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded);

    let cookie = log_in(password).await;
    ask("/api/accounts/rini/sessions/end", serde_json::json!({})).await;
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded);

    let NewPassword { password, .. } = ask("/api/accounts/rini/password", serde_json::json!({})).await.json();
    let cookie = log_in(&password).await;
    let all: Vec<AccountView> = ask("/api/accounts/rini/remove", serde_json::json!({})).await.json();
    assert_eq!(all.len(), 1);
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded);
    assert_eq!(ask("/api/accounts/rini/remove", serde_json::json!({})).await.code(), ProblemCode::NotFound);
    assert_eq!(
        ask("/api/accounts/admin/remove", serde_json::json!({})).await.code(),
        ProblemCode::AccountRefused,
        "somebody must be able to change accounts"
    );
}

#[tokio::test]
async fn the_audit_is_read_by_admins_in_pages_and_a_changed_row_is_found() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let own = post.user("daerah", Role::Admin, Some("52.71")).await;
    assert_eq!(post.get("/api/audit", &own).await.code(), ProblemCode::Forbidden);
    for _ in 0..250 {
        post.invite(&post.station(0));
    }
    let station = post.station(0);
    post.get(&format!("/api/stations/{station}/bundle"), &admin).await;
    let first: AuditView = post.get("/api/audit", &admin).await.json();
    assert_eq!((first.rows.len(), first.rows[0].action.as_str()), (200, "station.export"));
    assert_eq!((first.rows[0].actor.as_str(), &first.rows[0].subject), ("user:admin", &station.to_string()));
    let second: AuditView =
        post.get(&format!("/api/audit?before={}", first.next.unwrap()), &admin).await.json();
    assert!(second.next.is_none() && second.rows.len() > 50);
    let logins: AuditView = post.get("/api/audit?search=session.open", &admin).await.json();
    assert_eq!(logins.rows.len(), 2);

    let store = post.endpoint.store();
    let whole = store.check_audit().unwrap();
    assert_eq!(whole.broken_at, None);
    assert_eq!(whole.head.unwrap().to_string(), first.head.unwrap());
    let number = store.audit().unwrap()[3].number;
    post.sql(&format!("UPDATE audit SET subject = 'nothing' WHERE number = {number}"));
    assert_eq!(store.check_audit().unwrap().broken_at, Some(number));
}

#[tokio::test]
async fn a_coordinator_of_a_former_region_cannot_revoke_a_phone_that_works_elsewhere_now() {
    let post = Post::new();
    let (before, now) = (post.station(0), post.endpoint.election().stations().last().unwrap());
    assert_ne!(before.desa(), now.desa());
    let phone = post.phone_at(1, &before).await;
    let device = phone.key.public().device_id();
    post.endpoint.assign(device, &now, &[], &central::store::Actor::Operator).unwrap();
    post.endpoint.unassign(device, &before, &central::store::Actor::Operator).unwrap();
    let former = post.user("lama", Role::Coordinator, Some(before.desa().as_str())).await;
    let present = post.user("baru", Role::Coordinator, Some(now.desa().as_str())).await;
    let path = format!("/api/devices/{device}/revoke");
    let body = serde_json::json!({});
    assert_eq!(post.post_json(&path, &former, body.clone()).await.code(), ProblemCode::Forbidden);
    assert_eq!(post.post_json(&path, &present, body).await.status, StatusCode::OK);
}
