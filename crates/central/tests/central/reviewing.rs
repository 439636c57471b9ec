//! What coordinators decide is signed in their browsers, and two of them never have the same station.

use axum::http::StatusCode;
use central::store::Actor;
use central::view::{QueueView, ReviewKeyView, Role, Signature, Standing, StationView};
use evidence::{Body, CorrectionBody, DeviceKey, StatementId, VerdictBody, VerdictDecision};
use protocol::{Decision, ProblemCode};
use serde_json::json;
use tally::StationId;

use crate::post::{Post, demo_subject, sound_tally};
use crate::reviewer::{Reviewer, enrol};

async fn page(post: &Post, station: &StationId, cookie: &str) -> StationView {
    post.get(&format!("/api/stations/{station}?contest=ppwp"), cookie).await.json()
}

/// A station at which two witnesses contradict each other by this number of votes.
async fn contradicted(post: &Post, place: usize, votes: u32) -> (StationId, StatementId, StatementId) {
    let station = post.station(place);
    let seed = u8::try_from(place).unwrap() * 2 + 1;
    let mut one = post.phone_at(seed, &station).await;
    let mut other = post.phone_at(seed + 1, &station).await;
    let first = one.tally(&station, sound_tally(&post.paper(), [100, 2, 3]));
    let second = other.tally(&station, sound_tally(&post.paper(), [100 + votes, 2, 3]));
    post.push_one(&first.bytes).await.unwrap();
    post.push_one(&second.bytes).await.unwrap();
    (station, first.id, second.id)
}

fn verdict(about: StatementId, decision: VerdictDecision) -> Body {
    Body::Verdict(VerdictBody { statement: about, decision, reason: "Turus menyebut 100".to_owned() })
}

#[tokio::test]
async fn a_verdict_is_a_statement_in_the_log_under_the_key_of_its_author() {
    let post = Post::new();
    let (station, first, _) = contradicted(&post, 0, 5).await;
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let answer = rini.decide(&post, &station, first, VerdictDecision::Verified, "").await;
    assert_eq!(answer.status, StatusCode::CREATED);
    post.endpoint.sequence().unwrap();
    let seen = page(&post, &station, &rini.cookie).await;
    assert_eq!(seen.standing, Standing::Verified);
    let given = &seen.tallies[0].verdicts[0];
    assert_eq!((given.signature, given.decision), (Signature::Signed, Decision::Verified));
    assert_eq!(given.key, Some(rini.key.public().device_id().to_string()));
    assert!(given.log_index.is_some(), "the log has it");
    assert!(seen.tallies.iter().all(|tally| !tally.witness.is_empty()), "no letter for the reviewer");
    assert_eq!(seen.tallies.len(), 2);

    let wrong = VerdictDecision::WrongStation;
    rini.decide(&post, &station, first, wrong, "Kertas TPS lain").await;
    let seen = page(&post, &station, &rini.cookie).await;
    let given = &seen.tallies[0].verdicts[1];
    assert_eq!((given.signature, given.decision), (Signature::Signed, Decision::Disputed));
    assert!(given.wrong_station);
}

#[tokio::test]
async fn what_was_signed_wrongly_or_out_of_place_is_refused_and_the_same_again_is_not() {
    let post = Post::new();
    let (station, first, second) = contradicted(&post, 0, 5).await;
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let budi = Reviewer::new(&post, "budi", None).await;
    let (subject, agreed) = (demo_subject(&station), verdict(first, VerdictDecision::Verified));
    let sealed = rini.seal(subject.clone(), agreed.clone());
    let of_another = budi.send(&post, &station, &sealed.bytes).await;
    assert_eq!(of_another.code(), ProblemCode::ReviewKeyUnknown, "rini's key in budi's session");
    let mut bent = sealed.bytes.clone();
    *bent.last_mut().unwrap() ^= 1;
    assert_eq!(rini.send(&post, &station, &bent).await.code(), ProblemCode::SignatureInvalid);
    let elsewhere = rini.send(&post, &post.station(1), &sealed.bytes).await;
    assert_eq!(elsewhere.code(), ProblemCode::RequestMalformed);
    for _ in 0..2 {
        assert_eq!(rini.send(&post, &station, &sealed.bytes).await.status, StatusCode::CREATED);
    }
    assert_eq!(page(&post, &station, &rini.cookie).await.tallies[0].verdicts.len(), 1, "once");

    let again = rini.seal_at(subject.clone(), verdict(second, VerdictDecision::Verified), 1, None);
    let fork = rini.send(&post, &station, &again.bytes).await;
    assert_eq!(fork.code(), ProblemCode::ReviewKeyOutOfPlace);
    let gap = rini.seal_at(subject.clone(), agreed.clone(), 3, Some(sealed.id));
    assert_eq!(rini.send(&post, &station, &gap.bytes).await.code(), ProblemCode::ReviewKeyOutOfPlace);
    let silent = rini.decide(&post, &station, second, VerdictDecision::Disputed, "").await;
    assert_eq!(silent.code(), ProblemCode::RequestMalformed, "a dispute says why");

    // The phones' ways in are closed to it.
    assert_eq!(post.push_one(&again.bytes).await, Err(ProblemCode::StatementUnsupported));
    let tally = rini.seal_at(subject, Body::Tally(sound_tally(&post.paper(), [9, 9, 9])), 2, Some(sealed.id));
    assert_eq!(post.push_one(&tally.bytes).await, Err(ProblemCode::DeviceUnknown));
}

#[tokio::test]
async fn a_key_is_enrolled_by_its_holder_and_signs_nothing_after_it_was_revoked() {
    let post = Post::new();
    let (station, first, _) = contradicted(&post, 0, 5).await;
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let budi = post.user("budi", Role::Coordinator, None).await;
    let auditor = post.user("auditor", Role::Auditor, None).await;
    let other = DeviceKey::from_seed([1; 32]);
    let stolen = enrol(&post, "budi", &budi, &rini.key, &other).await;
    assert_eq!(stolen.code(), ProblemCode::ProofInvalid);
    let hers = enrol(&post, "rini", &budi, &rini.key, &rini.key).await;
    assert_eq!(hers.code(), ProblemCode::ProofInvalid, "the proof names rini");
    assert_eq!(enrol(&post, "auditor", &auditor, &other, &other).await.code(), ProblemCode::Forbidden);
    assert_eq!(enrol(&post, "rini", &rini.cookie, &rini.key, &rini.key).await.status, StatusCode::CREATED);

    let keys: Vec<ReviewKeyView> = post.get("/api/review-keys", &auditor).await.json();
    assert_eq!(keys.iter().map(|key| &key.user[..]).collect::<Vec<_>>(), ["rini"]);
    let address = format!("/api/review-keys/{}/revoke", keys[0].id);
    let body = || json!({ "because": "laptop hilang" });
    assert_eq!(post.post_json(&address, &budi, body()).await.code(), ProblemCode::Forbidden);
    let revoked: ReviewKeyView = post.post_json(&address, &rini.cookie, body()).await.json();
    assert!(revoked.revoked_at_ms.is_some());
    let late = rini.decide(&post, &station, first, VerdictDecision::Verified, "").await;
    assert_eq!(late.code(), ProblemCode::ReviewKeyUnknown);
    let back = enrol(&post, "rini", &rini.cookie, &rini.key, &rini.key).await;
    assert_eq!(back.code(), ProblemCode::AccountRefused, "revoked for good");
    let again = DeviceKey::from_seed([99; 32]);
    assert_eq!(enrol(&post, "rini", &rini.cookie, &again, &again).await.status, StatusCode::CREATED);
    post.endpoint.remove_user("rini", &Actor::Operator).unwrap();
    let keys: Vec<ReviewKeyView> = post.get("/api/review-keys", &auditor).await.json();
    assert!(keys.iter().all(|key| key.revoked_at_ms.is_some()), "the next user of the name has none of them");
    let audit = post.endpoint.store().audit().unwrap();
    let actions: Vec<&str> = audit.iter().map(|entry| &entry.action[..]).collect();
    assert_eq!(actions.iter().filter(|action| action.starts_with("review_key.")).count(), 3);
}

#[tokio::test]
async fn a_correction_counts_and_the_witnesss_statement_stays() {
    let post = Post::new();
    let (station, first, second) = contradicted(&post, 0, 5).await;
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let figures = sound_tally(&post.paper(), [103, 2, 3]);
    let correction = CorrectionBody {
        contest: figures.contest,
        package_version: figures.package_version,
        form: figures.form,
        figures: figures.figures,
        corrects: first,
        reason: "Kotak menyebut 103".to_owned(),
        round: 1,
    };
    let unfit = CorrectionBody { figures: vec![Some(1)], ..correction.clone() };
    assert_eq!(rini.correct(&post, &station, unfit).await.1.code(), ProblemCode::FiguresUnfit);
    let (sealed, answer) = rini.correct(&post, &station, correction).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let seen = page(&post, &station, &rini.cookie).await;
    assert_eq!(seen.standing, Standing::Verified);
    let corrected = seen.tallies.iter().find(|tally| tally.corrected_by.is_some()).unwrap();
    assert_eq!(
        (corrected.statement.clone(), corrected.corrected_by.as_deref()),
        (sealed.id.to_string(), Some("rini"))
    );
    assert_eq!(corrected.corrects, Some(first.to_string()));
    assert_eq!(corrected.verdicts[0].signature, Signature::Signed);
    let witnesses: Vec<&str> = seen.tallies.iter().map(|tally| &tally.witness[..]).collect();
    assert_eq!(witnesses, ["A", "B", ""]);
    let region: central::view::RegionView = post.get("/api/regions?contest=ppwp", &rini.cookie).await.json();
    assert_eq!(region.votes[0].votes.verified, 103);
    // It is taken back like a verdict, and the witnesses contradict each other again.
    rini.decide(&post, &station, sealed.id, VerdictDecision::Withdrawn, "").await;
    assert_eq!(page(&post, &station, &rini.cookie).await.standing, Standing::Conflicting);
    rini.decide(&post, &station, second, VerdictDecision::Verified, "").await;
    post.endpoint.settle_counts().unwrap();
    let live = post.sql("SELECT * FROM station_count ORDER BY 1, 2");
    post.endpoint.rebuild().unwrap();
    assert_eq!(post.sql("SELECT * FROM station_count ORDER BY 1, 2"), live);
}

#[tokio::test]
async fn an_auditor_sees_which_verdict_somebody_wrote_into_the_database() {
    let post = Post::new();
    let (station, first, second) = contradicted(&post, 0, 5).await;
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let auditor = post.user("auditor", Role::Auditor, None).await;
    let disputed = VerdictDecision::Disputed;
    rini.decide(&post, &station, first, disputed, "Turus menyebut 105").await;
    let signatures = async || {
        let seen = page(&post, &station, &auditor).await;
        let verdicts = seen.tallies.iter().flat_map(|tally| tally.verdicts.clone());
        verdicts.map(|verdict| verdict.signature).collect::<Vec<_>>()
    };
    assert_eq!(signatures().await, [Signature::Signed]);
    post.sql("UPDATE verdict SET decision = 'verified'");
    assert_eq!(signatures().await, [Signature::Forged], "another decision");
    post.sql("UPDATE verdict SET decision = 'disputed', reviewer = 'user:budi'");
    assert_eq!(signatures().await, [Signature::Forged], "another author");
    post.sql("UPDATE verdict SET reviewer = 'user:rini'");
    assert_eq!(signatures().await, [Signature::Signed]);
    let hex = second.to_string();
    let blob = if post.is_on_a_server() { format!("'\\x{hex}'") } else { format!("x'{hex}'") };
    let columns = "statement, decision, reason, reviewer, at_ms, signed";
    post.sql(&format!(
        "INSERT INTO verdict ({columns}) VALUES ({blob}, 'verified', '', 'user:rini', 1, NULL)"
    ));
    assert_eq!(signatures().await, [Signature::Signed, Signature::Unsigned]);
    post.sql(&format!(
        "INSERT INTO verdict ({columns}) SELECT {blob}, 'verified', '', 'user:rini', 1, signed FROM verdict
         WHERE signed IS NOT NULL"
    ));
    assert_eq!(signatures().await, [Signature::Signed, Signature::Unsigned, Signature::Forged]);
}

async fn queue(post: &Post, cookie: &str, query: &str) -> QueueView {
    post.get(&format!("/api/review/queue?contest=ppwp{query}"), cookie).await.json()
}

async fn take(post: &Post, cookie: &str, more: serde_json::Value) -> QueueView {
    post.endpoint.settle_counts().unwrap();
    let mut body = json!({ "contest": "ppwp", "region": null });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post.post_json("/api/review/queue/take", cookie, body).await.json()
}

#[tokio::test]
async fn the_queue_has_what_can_change_the_result_first() {
    let post = Post::new();
    let mut stations = Vec::new();
    for (place, votes) in [(0, 5), (1, 60), (2, 20)] {
        stations.push(contradicted(&post, place, votes).await.0);
    }
    let rini = Reviewer::new(&post, "rini", None).await;
    let seen = queue(&post, &rini.cookie, "").await;
    let order: Vec<&StationId> = seen.items.iter().map(|item| &item.station).collect();
    assert_eq!(order, [&stations[1], &stations[2], &stations[0]]);
    assert_eq!((seen.total, seen.conflicting, seen.faulty), (3, 3, 0));
    assert_eq!((seen.items[0].votes, seen.items[0].conflicts), (60, 2), "the votes and their sum");
    let region = &stations[2].desa().to_string();
    assert_eq!(queue(&post, &rini.cookie, &format!("&region={region}")).await.margin, 0);
    assert_eq!(seen.held, None, "to look is not to take");
    let elsewhere = post.user("jauh", Role::Coordinator, Some("52.71.05.1005")).await;
    assert_eq!(queue(&post, &elsewhere, "").await.total, 0);
}

#[tokio::test]
async fn two_people_never_have_the_same_station_and_a_decided_one_does_not_come_back() {
    let post = Post::new();
    let mut first = Vec::new();
    for (place, votes) in [(0, 60), (1, 20), (2, 5)] {
        first.push(contradicted(&post, place, votes).await);
    }
    let station = |place: usize| Some(first[place].0.clone());
    let mut rini = Reviewer::new(&post, "rini", None).await;
    let budi = Reviewer::new(&post, "budi", None).await;
    assert_eq!(take(&post, &rini.cookie, json!({})).await.held, station(0));
    assert_eq!(queue(&post, &rini.cookie, "").await.held, station(0), "after a reload too");
    let of_budi = take(&post, &budi.cookie, json!({})).await;
    assert_eq!(of_budi.held, station(1));
    assert_eq!(of_budi.items[0].holder.as_deref(), Some("rini"));
    let wanted = take(&post, &budi.cookie, json!({ "station": station(0) })).await;
    assert_eq!(wanted.held, None, "rini has it");
    assert_eq!(take(&post, &budi.cookie, json!({ "skip": station(1) })).await.held, station(2));

    rini.decide(&post, &first[0].0, first[0].1, VerdictDecision::Verified, "").await;
    let next = take(&post, &rini.cookie, json!({})).await;
    assert_eq!((next.held, next.total), (station(1), 2));
    // A reviewer who leaves it for too long loses it.
    post.clock.advance(6 * 60 * 1_000);
    assert_eq!(take(&post, &budi.cookie, json!({ "station": station(1) })).await.held, station(1));
    assert_eq!(queue(&post, &rini.cookie, "").await.held, None);
    post.post_json("/api/review/queue/release", &budi.cookie, json!({})).await;
    assert_eq!(queue(&post, &budi.cookie, "").await.held, None);

    // A dispute waits for the witness. A verdict that is taken back puts the station into the queue again.
    rini.decide(&post, &first[0].0, first[0].1, VerdictDecision::Withdrawn, "").await;
    assert_eq!(queue(&post, &rini.cookie, "").await.total, 3);
    for about in [first[0].1, first[0].2] {
        rini.decide(&post, &first[0].0, about, VerdictDecision::Disputed, "Foto lain").await;
    }
    assert_eq!(queue(&post, &rini.cookie, "").await.total, 2);
}
