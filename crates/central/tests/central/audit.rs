//! The audit: its filter and its file, and its state in the log.

use axum::http::StatusCode;
use central::view::{AuditView, LogView, Role};
use evidence::{AuditBody, Body, Namespace};
use protocol::ProblemCode;

use crate::post::{Post, demo_subject};

async fn page(post: &Post, cookie: &str, query: &str) -> AuditView {
    post.get(&format!("/api/audit{query}"), cookie).await.json()
}

#[tokio::test]
async fn the_audit_is_filtered_by_person_kind_region_and_time_and_exported_without_formulas() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let desa = post.station(0).desa().clone();
    let own = post.user("rini", Role::Coordinator, Some(desa.as_str())).await;
    let send = async |cookie: &str, region: Option<&str>| {
        let body = serde_json::json!({ "region": region, "text": "x" });
        assert_eq!(post.post_json("/api/messages", cookie, body).await.status, StatusCode::CREATED);
    };
    send(&own, Some(desa.as_str())).await;
    post.clock.advance(1_000);
    send(&admin, None).await;

    let all = page(&post, &admin, "").await;
    assert!(all.actions.contains(&"message.send".to_owned()) && all.actors.contains(&"user:rini".to_owned()));
    let subjects = |view: AuditView| view.rows.into_iter().map(|row| row.actor).collect::<Vec<_>>();
    let sent = page(&post, &admin, "?action=message.send").await;
    assert_eq!(subjects(sent), ["user:admin", "user:rini"]);
    let of_rini = page(&post, &admin, "?actor=user:rini&action=message.").await;
    assert_eq!(of_rini.rows.len(), 1);
    let at_ms = of_rini.rows[0].at_ms;
    let here = page(&post, &admin, &format!("?action=message.send&region={desa}")).await;
    assert_eq!(subjects(here), ["user:rini"]);
    let early = page(&post, &admin, &format!("?action=message.send&until_ms={}", at_ms + 1)).await;
    assert_eq!(subjects(early), ["user:rini"]);
    let late = page(&post, &admin, &format!("?action=message.send&from_ms={}", at_ms + 1)).await;
    assert_eq!(subjects(late), ["user:admin"]);

    post.sql("UPDATE audit SET actor = '=HYPERLINK(1)' WHERE action = 'message.send'");
    let file = post.get("/api/audit/export?action=message.send", &admin).await;
    let text = String::from_utf8(file.body).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("'=HYPERLINK(1)") && !text.contains(",=HYPERLINK"), "{text}");
    assert_eq!(post.get("/api/audit/export", &own).await.code(), ProblemCode::Forbidden);
    assert_eq!(page(&post, &admin, "").await.rows[0].action, "audit.export");
}

#[tokio::test]
async fn an_audit_that_was_made_again_contradicts_what_the_log_has_of_it() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    assert!(post.endpoint.state_audit().unwrap());
    assert!(!post.endpoint.state_audit().unwrap(), "nothing changed");
    post.endpoint.sequence().unwrap();
    let logged = page(&post, &admin, "").await.logged.unwrap();
    assert_eq!(logged.log_index, Some(0));
    let log: LogView = post.get("/api/log", &admin).await.json();
    assert_eq!((log.size, log.waiting), (1, 0));

    post.user("rini", Role::Auditor, None).await;
    assert!(post.endpoint.state_audit().unwrap());
    let store = post.endpoint.store();
    let check = store.check_audit().unwrap();
    assert_eq!((check.states, check.broken_at, check.contradicted_by), (2, None, None));
    let states = store.stated_audits().unwrap();
    assert_eq!(states[1].state.rows, check.rows);

    // Who can write the database makes the whole chain again without the last rows.
    post.sql("DELETE FROM audit WHERE subject LIKE 'rini%' OR actor = 'user:rini'");
    let cut = store.check_audit().unwrap();
    assert_eq!((cut.broken_at, cut.contradicted_by), (None, Some(states[1].statement)));
    post.sql("UPDATE audit SET subject = 'nothing' WHERE number = 1");
    assert!(store.check_audit().unwrap().broken_at.is_some());
}

#[tokio::test]
async fn states_of_the_audit_are_no_records_of_a_station_and_a_rebuild_leaves_them() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, crate::post::sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    post.endpoint.state_audit().unwrap();
    post.endpoint.sequence().unwrap();
    let statement = post.endpoint.store().stated_audits().unwrap()[0].statement;
    let admin = post.user("admin", Role::Admin, None).await;
    let rebuilt = post.endpoint.rebuild().unwrap();
    assert_eq!((rebuilt.statements, rebuilt.unplaced), (1, 0));
    assert_eq!(post.get(&format!("/api/statements/{statement}"), &admin).await.code(), ProblemCode::NotFound);
    assert_eq!(post.endpoint.store().devices().unwrap().len(), 1, "the key of the audit is no device");
    let mut bundle = Vec::new();
    post.endpoint.export_audit_states(&mut bundle).unwrap();
    let summary = evidence::bundle::check_of(Namespace::Real, bundle.as_slice());
    assert!(summary.is_ok(), "{:?}", summary.err());
}

#[tokio::test]
async fn a_device_cannot_state_the_audit() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let forged = phone.seal(demo_subject(&station), Body::Audit(AuditBody { rows: 1, head: [7; 32] }));
    assert_eq!(post.push_one(&forged.bytes).await.unwrap_err(), ProblemCode::StatementUnsupported);
    let mut subject = demo_subject(&station);
    subject.station = "audit".to_owned();
    let forged = phone.seal(subject, Body::Audit(AuditBody { rows: 1, head: [7; 32] }));
    assert_eq!(post.push_one(&forged.bytes).await.unwrap_err(), ProblemCode::StationUnknown);
    assert!(post.endpoint.store().stated_audits().unwrap().is_empty());
}
