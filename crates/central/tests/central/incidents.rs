//! Incidents as a list to work through, and who is at the stations.

use axum::http::StatusCode;
use central::store::Actor;
use central::view::{AttendanceList, IncidentHistory, IncidentList, IncidentState, Presence, Role};
use evidence::{AttendanceBody, AttendanceEvent, Body, IncidentBody, IncidentCategory, Sealed};
use protocol::ProblemCode;
use serde_json::json;
use tally::StationId;

use crate::post::{Answer, Phone, Post, demo_subject};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn incident(phone: &mut Phone, station: &StationId, category: IncidentCategory, text: &str) -> Sealed {
    let body = IncidentBody { category, text: text.to_owned(), on_the_form: false, tally: None };
    phone.seal(demo_subject(station), Body::Incident(body))
}

/// An incident that a phone reported.
pub(crate) async fn reported(post: &Post, phone: &mut Phone, station: &StationId) -> evidence::StatementId {
    let sealed = incident(phone, station, IncidentCategory::Other, "Hujan.");
    post.push_one(&sealed.bytes).await.unwrap();
    sealed.id
}

fn attendance(phone: &mut Phone, station: &StationId, event: AttendanceEvent) -> Sealed {
    let body = AttendanceBody { event, package_version: 1 };
    phone.seal(demo_subject(station), Body::Attendance(body))
}

async fn step(post: &Post, cookie: &str, statement: &str, step: (&str, &str, u32)) -> Answer {
    let (state, note, after_steps) = step;
    let body = json!({ "state": state, "note": note, "after_steps": after_steps });
    post.post_json(&format!("/api/incidents/{statement}/steps"), cookie, body).await
}

#[tokio::test]
async fn coordinators_work_an_incident_through_and_two_of_them_never_overwrite_each_other() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let hostile = "<img src=x onerror=alert(1)> \u{202E}=cmd|'/c calc'!A1";
    let sealed = incident(&mut phone, &station, IncidentCategory::Intimidation, hostile);
    post.push_one(&sealed.bytes).await.unwrap();
    let admin = post.user("admin", Role::Admin, None).await;
    let auditor = post.user("auditor", Role::Auditor, None).await;

    let list: IncidentList = post.get("/api/incidents", &admin).await.json();
    assert_eq!((list.counts.new, list.incidents.len(), list.may_work), (1, 1, true));
    let first = &list.incidents[0];
    assert_eq!((first.state, first.category), (IncidentState::New, IncidentCategory::Intimidation));
    assert!(first.text.starts_with("<img") && !first.text.contains('\u{202E}'), "{}", first.text);
    let id = first.statement.clone();

    assert_eq!(step(&post, &auditor, &id, ("seen", "", 0)).await.code(), ProblemCode::Forbidden);
    assert_eq!(step(&post, &admin, &id, ("closed", " ", 0)).await.code(), ProblemCode::RequestMalformed);
    let seen: IncidentHistory = step(&post, &admin, &id, ("in_work", "Sudah menelepon.", 0)).await.json();
    assert_eq!((seen.incident.state, seen.incident.steps), (IncidentState::InWork, 1));
    let late = step(&post, &admin, &id, ("in_work", "Belum melihat yang tadi.", 0)).await;
    assert_eq!(late.code(), ProblemCode::IncidentChanged);
    let closed: IncidentHistory = step(&post, &admin, &id, ("closed", "Selesai.", 1)).await.json();
    let said: Vec<(&str, &str)> =
        closed.steps.iter().map(|step| (step.note.as_str(), step.by.as_str())).collect();
    assert_eq!(said, [("Sudah menelepon.", "admin"), ("Selesai.", "admin")]);
    let open: IncidentList = post.get("/api/incidents?state=new", &auditor).await.json();
    assert!(open.incidents.is_empty() && open.counts.closed == 1 && !open.may_work);
    let audit = post.endpoint.store().audit().unwrap();
    let rows = audit.iter().filter(|row| row.action == "incident.step").count();
    assert_eq!(rows, 2, "one row for each step, none for the refused ones");
}

#[tokio::test]
async fn incidents_of_the_next_desa_are_neither_listed_nor_shown_nor_changed() {
    let post = Post::new();
    let here = post.station(0);
    let there = post.endpoint.election().stations().find(|one| one.desa() != here.desa()).unwrap();
    let mut phone = post.phone_at(1, &there).await;
    let planted = incident(&mut phone, &there, IncidentCategory::Violence, "Di desa sebelah.");
    post.push_one(&planted.bytes).await.unwrap();
    let mut own = post.phone_at(2, &here).await;
    let sealed = incident(&mut own, &here, IncidentCategory::Material, "Di sini.");
    post.push_one(&sealed.bytes).await.unwrap();
    let cookie = post.user("desa", Role::Coordinator, Some(here.desa().as_str())).await;
    let list: IncidentList = post.get("/api/incidents", &cookie).await.json();
    assert_eq!(list.incidents.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Di sini."]);
    assert_eq!(list.counts.new, 1);
    let id = planted.id.to_string();
    let other = format!("/api/incidents?region={}", there.desa());
    assert_eq!(post.get(&other, &cookie).await.code(), ProblemCode::Forbidden);
    assert_eq!(post.get(&format!("/api/incidents/{id}"), &cookie).await.code(), ProblemCode::Forbidden);
    assert_eq!(step(&post, &cookie, &id, ("seen", "", 0)).await.code(), ProblemCode::Forbidden);
    let by_category: IncidentList = post.get("/api/incidents?category=violence", &cookie).await.json();
    assert!(by_category.incidents.is_empty());
}

#[tokio::test]
async fn a_rebuild_keeps_incidents_with_their_steps_and_reads_attendance_again() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let sealed = incident(&mut phone, &station, IncidentCategory::Material, "Tinta habis.");
    let arrived = attendance(&mut phone, &station, AttendanceEvent::Arrived);
    post.push(&[&sealed.bytes, &arrived.bytes]).await;
    let admin = post.user("admin", Role::Admin, None).await;
    let id = sealed.id.to_string();
    assert_eq!(step(&post, &admin, &id, ("seen", "", 0)).await.status, StatusCode::OK);
    let lists = async || {
        let incidents: IncidentList = post.get("/api/incidents", &admin).await.json();
        let attendance: AttendanceList = post.get("/api/attendance", &admin).await.json();
        (incidents, attendance.witnesses)
    };
    let before = lists().await;
    assert_eq!(before.1[0].presence, Presence::Present);
    post.sql("DELETE FROM attendance");
    post.endpoint.rebuild().unwrap();
    assert_eq!(lists().await, before);
}

#[tokio::test]
async fn the_last_attendance_counts_by_its_number_and_silence_by_the_last_sign() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let arrived = attendance(&mut phone, &station, AttendanceEvent::Arrived);
    let left = attendance(&mut phone, &station, AttendanceEvent::Left);
    // The later one arrives first.
    post.push(&[&left.bytes]).await;
    post.push(&[&arrived.bytes]).await;
    let mut refused = post.phone_at(2, &station).await;
    let not_admitted = attendance(&mut refused, &station, AttendanceEvent::NotAdmitted);
    post.push(&[&not_admitted.bytes]).await;
    let lost = post.phone_at(4, &station).await;
    post.endpoint.revoke_device(lost.key.public().device_id(), None, &Actor::Operator).unwrap();
    let silent = post.phone_at(3, &post.station(1)).await;

    let admin = post.user("admin", Role::Admin, None).await;
    let list = async |query: &str| {
        post.get(&format!("/api/attendance{query}"), &admin).await.json::<AttendanceList>()
    };
    let all = list("").await;
    let counts = all.counts;
    assert_eq!((counts.left, counts.not_admitted, counts.unknown, counts.present), (1, 1, 1, 0));
    assert_eq!(all.witnesses.len(), 3, "a revoked phone is no witness");
    assert!(all.witnesses.iter().all(|witness| witness.contact.is_none()));
    let never = list("?silent=true").await;
    let device = silent.key.public().device_id().to_string();
    assert_eq!(never.witnesses.iter().map(|one| one.device.as_str()).collect::<Vec<_>>(), [device.as_str()]);

    post.clock.advance(3 * HOUR_MS);
    assert_eq!(list("?silent=true").await.counts.silent, 3);
    let again = attendance(&mut refused, &station, AttendanceEvent::Arrived);
    post.push(&[&again.bytes]).await;
    post.endpoint.store_devices_seen().unwrap();
    let heard = list("?presence=present&silent=false").await;
    assert_eq!(
        (heard.witnesses.len(), heard.counts.silent),
        (1, 1),
        "the phone that proved the request, too"
    );
}
