//! Invitations: their validity, their withdrawal, and what the store has of their codes.

use axum::http::StatusCode;
use central::store::{Actor, Withdrawal};
use central::view::{InvitationList, InvitationUse, InvitationView, NewInvitation, Role};
use evidence::VerdictDecision;
use protocol::{EnrolResponse, InvitationFragment, ProblemCode};

use crate::post::{Phone, Post};
use crate::reviewer::Reviewer;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn list(post: &Post, cookie: &str, query: &str) -> InvitationList {
    post.get(&format!("/api/invitations{query}"), cookie).await.json()
}

#[tokio::test]
async fn an_invitation_expires_and_a_phone_that_joined_before_may_ask_again() {
    let post = Post::new();
    let (used, unused) = (post.invite(&post.station(0)), post.invite(&post.station(1)));
    assert!(unused.expires_at_ms >= crate::post::NOON_MS + 60 * DAY_MS);
    let (phone, late) = (Phone::new(1), Phone::new(2));
    let _: EnrolResponse = post.enrol(&phone.asks_with(&used.code)).await.json();
    post.clock.advance(unused.expires_at_ms - crate::post::NOON_MS - 1);
    let cookie = post.user("rini", Role::Coordinator, None).await;
    assert_eq!(list(&post, &cookie, "").await.invitations[0].state, InvitationUse::Unused);
    post.clock.advance(1);
    let refused = post.enrol(&late.asks_with(&unused.code)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::GONE, ProblemCode::InvitationExpired));
    assert_eq!(list(&post, &cookie, "").await.invitations[0].state, InvitationUse::Expired);
    let _: EnrolResponse = post.enrol(&phone.asks_with(&used.code)).await.json();
}

#[tokio::test]
async fn a_lost_slip_is_withdrawn_once_and_a_used_invitation_never() {
    let post = Post::new();
    let station = post.station(0);
    let (lost, used) = (post.invite(&station), post.invite(&station));
    let (phone, finder) = (Phone::new(1), Phone::new(2));
    let _: EnrolResponse = post.enrol(&phone.asks_with(&used.code)).await.json();
    let withdraw = async |cookie: &str, number: i64| {
        let path = format!("/api/invitations/{number}/withdraw");
        post.post_json(&path, cookie, serde_json::json!({})).await
    };
    let far = post.user("jauh", Role::Coordinator, Some("52.71.05.1005")).await;
    assert_eq!(withdraw(&far, lost.invitation).await.code(), ProblemCode::Forbidden);
    let near = post.user("dekat", Role::Coordinator, Some(station.desa().as_str())).await;
    for _ in 0..2 {
        let withdrawn: InvitationView = withdraw(&near, lost.invitation).await.json();
        assert_eq!(withdrawn.state, InvitationUse::Withdrawn);
    }
    let refused = post.enrol(&finder.asks_with(&lost.code)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::GONE, ProblemCode::InvitationWithdrawn));
    assert_eq!(withdraw(&near, used.invitation).await.code(), ProblemCode::InvitationUsed);
    assert_eq!(withdraw(&near, 99_999).await.code(), ProblemCode::NotFound);
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|row| row.action == "invitation.withdraw").count(), 1);
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_replaces_the_old_code_and_a_used_one_stays() {
    let post = Post::new();
    let (lost, used) = (post.invite(&post.station(0)), post.invite(&post.station(1)));
    let (phone, finder) = (Phone::new(1), Phone::new(2));
    let _: EnrolResponse = post.enrol(&phone.asks_with(&used.code)).await.json();
    let resend = |number| post.endpoint.resend_invitation(number, &Actor::Operator).unwrap();
    let again = resend(lost.invitation).unwrap();
    assert_eq!((again.station.clone(), again.code == lost.code), (lost.station, false));
    assert_eq!(post.enrol(&finder.asks_with(&lost.code)).await.code(), ProblemCode::InvitationWithdrawn);
    let response: EnrolResponse = post.enrol(&finder.asks_with(&again.code)).await.json();
    assert_eq!(response.assignments[0].station, again.station);
    assert_eq!(resend(used.invitation).unwrap_err(), Withdrawal::Used);
    assert_eq!(resend(99_999).unwrap_err(), Withdrawal::Unknown);
}

#[tokio::test]
async fn a_code_is_shown_once_and_stored_nowhere() {
    let post = Post::new();
    let cookie = post.user("pelatih", Role::Trainer, None).await;
    let body = serde_json::json!({ "stations": [post.station(0)] });
    let made: Vec<NewInvitation> = post.post_json("/api/invitations", &cookie, body).await.json();
    let code = made[0].code.replace('-', "");
    let listed = post.get("/api/invitations", &cookie).await;
    let text = String::from_utf8(listed.body.to_vec()).unwrap();
    assert!(!text.contains(&made[0].code) && !text.contains(&code), "not even trainers list codes");
    let row = &list(&post, &cookie, "").await.invitations[0];
    assert_eq!((row.hint.as_str(), row.made_by.as_str()), (&code[13..], "user:pelatih"));
    for entry in std::fs::read_dir(post.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(17).any(|window| window == code.as_bytes()), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_link_carries_the_fingerprint_of_the_logs_key() {
    let post = Post::new();
    let invitation = post.invite(&post.station(0));
    let response: EnrolResponse = post.enrol(&Phone::new(1).asks_with(&invitation.code)).await.json();
    let fragment = invitation.link.split_once('#').unwrap().1;
    let key = evidence::LogPublicKey::from_hex(&response.log_key).unwrap();
    assert_eq!(InvitationFragment::parse(fragment).unwrap().names_log(key), Some(true));
    // An app of an earlier version sends all that follows the #.
    let other = post.invite(&post.station(1));
    let whole = other.link.split_once('#').unwrap().1;
    let _: EnrolResponse = post.enrol(&Phone::new(2).asks_with(whole)).await.json();
}

#[tokio::test]
async fn a_valid_code_passes_where_others_guess_and_malformed_requests_do_not_count() {
    let post = Post::new();
    let invitation = post.invite(&post.station(0));
    let (phone, guesser) = (Phone::new(1), Phone::new(2));
    for _ in 0..250 {
        let malformed = guesser.asks_with("short");
        assert_eq!(post.enrol(&malformed).await.code(), ProblemCode::InvitationUnknown);
    }
    let guess = guesser.asks_with("ABCD-EFGH-JKMN-PQRS");
    for _ in 0..200 {
        assert_eq!(post.enrol(&guess).await.code(), ProblemCode::InvitationUnknown);
    }
    assert_eq!(post.enrol(&guess).await.code(), ProblemCode::TooManyRequests);
    let _: EnrolResponse = post.enrol(&phone.asks_with(&invitation.code)).await.json();
}

#[tokio::test]
async fn invitations_are_found_by_id_name_and_last_letters_and_come_in_pages() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let stations = vec![post.station(0); 300];
    let made = post.endpoint.invite(&stations, &[], &central::store::Actor::Operator).unwrap();
    let other =
        post.endpoint.invite(&vec![post.station(5); 300], &[], &central::store::Actor::Operator).unwrap();
    let first = list(&post, &cookie, "").await;
    assert_eq!(first.invitations.len(), 500);
    assert_eq!(first.invitations[0].invitation, other[299].invitation, "the newest comes first");
    let second = list(&post, &cookie, &format!("?before={}", first.next.unwrap())).await;
    assert_eq!((second.invitations.len(), second.next), (100, None));
    let hint = &made[7].code[16..];
    let found = list(&post, &cookie, &format!("?search={hint}")).await;
    assert!(found.invitations.iter().any(|row| row.invitation == made[7].invitation));
    let by_id = list(&post, &cookie, &format!("?search={}", post.station(5))).await;
    assert_eq!(by_id.invitations.len(), 300);
    let by_name = list(&post, &cookie, &format!("?search={}", made[0].desa.replace(' ', "%20"))).await;
    assert!(by_name.invitations.iter().any(|row| row.station == post.station(0)));
    assert!(list(&post, &cookie, "?search=%25").await.invitations.is_empty(), "no pattern of the database");
}

#[tokio::test]
async fn a_verdict_on_a_witness_whom_its_author_invited_is_marked() {
    let post = Post::new();
    let station = post.station(0);
    let (inviter, other) =
        (post.user("rini", Role::Coordinator, None).await, post.user("budi", Role::Coordinator, None).await);
    let body = serde_json::json!({ "stations": [station] });
    let made: Vec<NewInvitation> = post.post_json("/api/invitations", &inviter, body).await.json();
    let mut phone = Phone::new(1);
    let _: EnrolResponse = post.enrol(&phone.asks_with(&made[0].code)).await.json();
    let tally = phone.tally(&station, crate::post::sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    for (name, cookie) in [("rini", &inviter), ("budi", &other)] {
        let mut reviewer = Reviewer::with_cookie(&post, name, cookie.clone()).await;
        let answer = reviewer.decide(&post, &station, tally.id, VerdictDecision::Verified, "").await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let page: central::view::StationView =
        post.get(&format!("/api/stations/{station}?contest=ppwp"), &other).await.json();
    let marks: Vec<bool> = page.tallies[0].verdicts.iter().map(|verdict| verdict.reviewer_invited).collect();
    assert_eq!(marks, [true, false]);
}
