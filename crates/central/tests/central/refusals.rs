//! What the endpoint does not take, each with its code.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use evidence::{Body as Said, Namespace, Subject, TallyBody};
use protocol::{Outcome, ProblemCode, limit};

use crate::post::{Phone, Post, claimed, demo_json, demo_subject, hash_of, photo_body, push_of, sound_tally};

#[tokio::test]
async fn a_statement_with_any_one_bit_changed_is_refused_and_nothing_is_stored() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let sealed = phone.tally(&station, sound_tally(&post.paper(), [10, 20, 30]));
    for place in 0..sealed.bytes.len() {
        let mut changed = sealed.bytes.clone();
        changed[place] ^= 1 << (place % 8);
        let refused = post.push_one(&changed).await.expect_err("a changed statement was taken");
        assert!(
            matches!(
                refused,
                ProblemCode::SignatureInvalid
                    | ProblemCode::StatementMalformed
                    | ProblemCode::StatementUnsupported
                    | ProblemCode::DeviceUnknown
            ),
            "bit in byte {place}: {refused:?}"
        );
    }
    assert!(post.endpoint.store().statements_about(&station).unwrap().is_empty());
    assert!(post.push_one(&sealed.bytes).await.is_ok(), "the true bytes are still taken");
}

#[tokio::test]
async fn a_statement_under_another_devices_key_is_refused() {
    let post = Post::new();
    let station = post.station(0);
    let _enrolled = post.phone_at(1, &station).await;
    let mut stranger = Phone::new(2);
    let sealed = stranger.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    assert_eq!(post.push_one(&sealed.bytes).await, Err(ProblemCode::DeviceUnknown));
}

#[tokio::test]
async fn a_signature_of_another_key_is_refused() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut other = post.phone_at(2, &station).await;
    let body = sound_tally(&post.paper(), [1, 2, 3]);
    let (own, foreign) = (phone.tally(&station, body.clone()), other.tally(&station, body));
    // The signature is the statement's last 64 bytes.
    let mut mixed = own.bytes.clone();
    let signature_at = mixed.len() - 64;
    mixed[signature_at..].copy_from_slice(&foreign.bytes[signature_at..]);
    assert_eq!(post.push_one(&mixed).await, Err(ProblemCode::SignatureInvalid));
}

#[tokio::test]
async fn what_the_election_does_not_have_is_refused() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let sound = || sound_tally(&post.paper(), [1, 2, 3]);

    let elsewhere = Subject { election: String::from("another"), ..demo_subject(&station) };
    let drill = Subject { namespace: Namespace::Drill, ..demo_subject(&station) };
    let nowhere = Subject { station: String::from("11.01.01.2001-001"), ..demo_subject(&station) };
    let no_station = Subject { station: String::from("posko"), ..demo_subject(&station) };
    for (subject, code) in [
        (elsewhere, ProblemCode::ElectionWrong),
        (drill, ProblemCode::ElectionWrong),
        (nowhere, ProblemCode::StationUnknown),
        (no_station, ProblemCode::StationUnknown),
    ] {
        let sealed = phone.seal(subject.clone(), Said::Tally(sound()));
        assert_eq!(post.push_one(&sealed.bytes).await, Err(code), "{subject}");
    }

    let mut short = sound();
    short.figures.pop();
    let mut stray = sound();
    stray.figures[0] = Some(-3);
    let other_form = TallyBody { form: String::from("c1-ppwp-2019"), ..sound() };
    let other_contest = TallyBody { contest: String::from("dpd"), ..sound() };
    for (body, code) in [
        (short, ProblemCode::FiguresUnfit),
        (stray, ProblemCode::FiguresUnfit),
        (other_form, ProblemCode::FiguresUnfit),
        (other_contest, ProblemCode::ContestUnknown),
    ] {
        let sealed = phone.tally(&station, body);
        assert_eq!(post.push_one(&sealed.bytes).await, Err(code));
    }
    assert!(post.endpoint.store().statements_about(&station).unwrap().is_empty());
}

#[tokio::test]
async fn the_real_count_does_not_reach_a_drill_either() {
    let mut package = demo_json();
    package["drill"] = true.into();
    let post = Post::of(&package);
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let body = || Said::Tally(sound_tally(&post.paper(), [1, 2, 3]));
    let real = phone.seal(demo_subject(&station), body());
    assert_eq!(post.push_one(&real.bytes).await, Err(ProblemCode::ElectionWrong));
    let drill = phone.seal(Subject { namespace: Namespace::Drill, ..demo_subject(&station) }, body());
    assert!(post.push_one(&drill.bytes).await.is_ok());
}

#[tokio::test]
async fn a_refused_statement_does_not_hold_up_the_others_of_its_push() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let first = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let second = phone.tally(&station, sound_tally(&post.paper(), [4, 5, 6]));
    let outcomes = post.push(&[&first.bytes, b"noise", &second.bytes]).await;
    assert!(matches!(outcomes[0], Outcome::Accepted { id, .. } if id == first.id));
    let Outcome::Refused { problem } = &outcomes[1] else { panic!("{:?}", outcomes[1]) };
    assert_eq!(problem.code, ProblemCode::StatementMalformed);
    assert!(matches!(outcomes[2], Outcome::Accepted { id, .. } if id == second.id));
}

#[tokio::test]
async fn too_many_or_too_long_statements_are_refused() {
    let post = Post::new();
    let many = vec![&b"x"[..]; limit::STATEMENTS_PER_PUSH + 1];
    let statements = many.iter().map(|bytes| serde_bytes::ByteBuf::from(bytes.to_vec())).collect();
    let body = protocol::to_cbor(&protocol::PushRequest { statements }).unwrap();
    assert_eq!(post.send(push_of(body)).await.code(), ProblemCode::BatchTooLong);

    let long = vec![0; limit::STATEMENT_BYTES + 1];
    assert_eq!(post.push_one(&long).await, Err(ProblemCode::BodyTooLong));
}

#[tokio::test]
async fn an_over_long_body_is_refused_whether_or_not_it_says_how_long_it_is() {
    let post = Post::new();
    let body = vec![0; limit::PUSH_BYTES + 1];
    let said = Request::post("/v1/statements")
        .header("content-type", protocol::CBOR)
        .header("content-length", body.len())
        .body(Body::empty())
        .unwrap();
    assert_eq!(post.send(said).await.code(), ProblemCode::BodyTooLong);
    let unsaid = post.send(push_of(body)).await;
    assert_eq!(unsaid.code(), ProblemCode::BodyTooLong);
    assert_eq!(unsaid.status, StatusCode::PAYLOAD_TOO_LARGE);

    let long = "x".repeat(limit::JSON_BYTES + 1);
    let login = post.log_in("somebody", &long).await;
    assert_eq!(login.code(), ProblemCode::BodyTooLong);
}

#[tokio::test]
async fn a_body_of_another_shape_or_type_is_refused() {
    let post = Post::new();
    assert_eq!(post.send(push_of("not cbor")).await.code(), ProblemCode::RequestMalformed);
    let untyped = Request::post("/v1/statements").body(Body::empty()).unwrap();
    assert_eq!(post.send(untyped).await.code(), ProblemCode::RequestMalformed);
    let answer = post.post_json("/v1/enrol", "", serde_json::json!({ "invitation": 7 })).await;
    assert_eq!(answer.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_completely_is_refused_for_now() {
    let post = Post::new();
    let broken = || {
        let pieces = [Ok("the beginning"), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
        Body::from_stream(futures::stream::iter(pieces))
    };
    let answer = post.send(claimed(push_of(broken()), &post.sender().await)).await;
    assert_eq!(answer.code(), ProblemCode::RequestTimeout);
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert!(answer.code().is_transient(), "the device must send it again");
}

#[tokio::test]
async fn a_refusal_without_a_body_has_its_code_in_a_header() {
    let post = Post::new();
    let unknown = post.photo_offset(hash_of(b"nobody named it")).await;
    assert_eq!(unknown.headers[protocol::PROBLEM_HEADER], "photo_unknown");
}

#[tokio::test]
async fn a_photo_statement_of_too_large_or_no_photo_is_refused() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let mut large = photo_body(tally.id, 1, b"bytes");
    large.derivative_bytes = limit::PHOTO_BYTES + 1;
    let large = phone.seal(demo_subject(&station), Said::Photo(large));
    assert_eq!(post.push_one(&large.bytes).await, Err(ProblemCode::BodyTooLong));
    let none = phone.photo(&station, tally.id, 1, b"");
    assert_eq!(post.push_one(&none.bytes).await, Err(ProblemCode::PhotoNotAnImage));
}

#[tokio::test]
async fn an_address_or_method_that_is_not_known_is_a_problem_too() {
    let post = Post::new();
    for request in [
        Request::get("/v1/nothing").body(Body::empty()).unwrap(),
        Request::get("/api/nothing").body(Body::empty()).unwrap(),
        Request::delete("/v1/statements").body(Body::empty()).unwrap(),
        Request::get("/assets/nothing.js").body(Body::empty()).unwrap(),
        Request::patch("/v1/photos/not-a-hash").header("upload-offset", "0").body(Body::empty()).unwrap(),
    ] {
        let name = format!("{} {}", request.method(), request.uri());
        assert_eq!(post.send(request).await.code(), ProblemCode::NotFound, "{name}");
    }
    let unknown = post.photo_piece(hash_of(b"nobody named it"), 0, b"nobody named it").await;
    assert_eq!(unknown.code(), ProblemCode::PhotoUnknown);
}
