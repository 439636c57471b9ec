//! What programs of others read with a token.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use central::view::{ApiTokenView, NewApiToken, OpenElection, OpenResults, OpenStationList, Role};
use central::{Audience, routes};
use protocol::ProblemCode;
use serde_json::{Value, json};

use crate::post::{Answer, Post, sound_tally};

async fn read(post: &Post, path: &str, token: Option<&str>) -> Answer {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    post.send_as_is(request.body(Body::empty()).unwrap()).await
}

async fn token(post: &Post, cookie: &str, region: Option<&str>) -> NewApiToken {
    let body = json!({ "name": "Redaksi", "region": region });
    let answer = post.post_json("/api/tokens", cookie, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[tokio::test]
async fn every_open_route_needs_a_token_in_force_and_is_described() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let made = token(&post, &cookie, None).await;
    let description: Value = read(&post, "/open/v1/openapi.json", None).await.json();
    let described: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    let open: Vec<_> = routes().into_iter().filter(|route| route.path.starts_with("/open/")).collect();
    assert_eq!(described.len(), open.len());
    for route in open {
        assert!(described.iter().any(|path| *path == route.path), "{} is not described", route.path);
        let path = format!("{}?contest=ppwp", route.path);
        let expected =
            |with: StatusCode| if route.audience == Audience::Token { with } else { StatusCode::OK };
        let refused = expected(StatusCode::UNAUTHORIZED);
        assert_eq!(read(&post, &path, None).await.status, refused, "{path}");
        assert_eq!(read(&post, &path, Some("saksi_x")).await.status, refused, "{path}");
        assert_eq!(read(&post, &path, Some(&cookie)).await.status, refused, "{path}");
        assert_eq!(read(&post, &path, Some(&made.token)).await.status, StatusCode::OK, "{path}");
    }
    let revoked = post.post_json(&format!("/api/tokens/{}/revoke", made.number), &cookie, json!({})).await;
    let tokens: Vec<ApiTokenView> = revoked.json();
    assert!(tokens[0].revoked_at_ms.is_some() && tokens[0].used_at_ms.is_some());
    let after = read(&post, "/open/v1/election", Some(&made.token)).await;
    assert_eq!(after.code(), ProblemCode::LoginNeeded);
    let again = post.post_json(&format!("/api/tokens/{}/revoke", made.number), &cookie, json!({})).await;
    assert_eq!(again.code(), ProblemCode::NotFound);
    let audit = post.endpoint.store().audit().unwrap();
    let of_tokens: Vec<_> = audit.iter().filter(|row| row.action.starts_with("token.")).collect();
    assert_eq!(of_tokens.len(), 2);
    assert!(audit.iter().any(|row| row.actor == "token:Redaksi" && row.action == "results.export"));
    let dump = post.dump();
    let secret = made.token.trim_start_matches("saksi_").as_bytes();
    let has_secret = |bytes: &Vec<u8>| bytes.windows(secret.len()).any(|part| part == secret);
    assert!(dump.iter().all(|(_, bytes)| !has_secret(bytes)), "only the hash is stored");
}

#[tokio::test]
async fn the_results_are_those_of_the_console_and_what_the_description_promises() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [10, 20, 30]));
    post.push_one(&tally.bytes).await.unwrap();
    while post.endpoint.settle_counts().unwrap() > 0 {}
    let token = token(&post, &cookie, None).await.token;

    let description: Value = read(&post, "/open/v1/openapi.json", None).await.json();
    let mut answers = Vec::new();
    for path in ["/open/v1/election", "/open/v1/results", "/open/v1/stations"] {
        let answer: Value = read(&post, &format!("{path}?contest=ppwp"), Some(&token)).await.json();
        let content = &description["paths"][path]["get"]["responses"]["200"]["content"];
        let schema = json!({
            "$ref": content["application/json"]["schema"]["$ref"],
            "components": description["components"],
        });
        let schema = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = schema.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        assert!(!schema.is_valid(&json!({ "contests": 1 })), "{path}: the schema refuses what is not in it");
        answers.push(answer);
    }
    let election: OpenElection = serde_json::from_value(answers.remove(0)).unwrap();
    assert_eq!(election.contests[0].choices.len(), 3);
    let results: OpenResults = serde_json::from_value(answers.remove(0)).unwrap();
    assert!(!results.official);
    assert_eq!((results.stations.provisional, results.votes[2].sum.provisional), (1, 30));
    let stations: OpenStationList = serde_json::from_value(answers.remove(0)).unwrap();
    let found = stations.stations.iter().find(|one| one.station == station.to_string()).unwrap();
    assert_eq!(found.votes.as_ref().unwrap()["3"], 30);
    let missing = stations.stations.iter().find(|one| one.standing == "missing").unwrap();
    assert_eq!((&missing.votes, missing.invalid), (&None, None), "missing is not zero");
}

#[tokio::test]
async fn a_token_reads_its_region_only_and_not_faster_than_its_rate() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let region = post.station(0).to_string()[..8].to_owned();
    let token = token(&post, &cookie, Some(&region)).await.token;
    let stations: OpenStationList = read(&post, "/open/v1/stations?contest=ppwp", Some(&token)).await.json();
    assert!(stations.stations.iter().all(|one| one.station.starts_with(&region)));
    for path in ["results", "stations", "export"] {
        let path = format!("/open/v1/{path}?contest=ppwp&region=52.71");
        assert_eq!(read(&post, &path, Some(&token)).await.code(), ProblemCode::Forbidden, "{path}");
    }
    let mut last = StatusCode::OK;
    for _ in 0..130 {
        last = read(&post, "/open/v1/election", Some(&token)).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn only_administrators_of_the_whole_election_make_tokens_and_name_them() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let coordinator = post.user("koordinator", Role::Coordinator, None).await;
    let request = json!({ "name": "Redaksi" });
    assert_eq!(post.post_json("/api/tokens", &coordinator, request).await.code(), ProblemCode::Forbidden);
    for body in
        [json!({ "name": " " }), json!({ "name": "x".repeat(101) }), json!({ "name": "x", "region": "11" })]
    {
        let refused = post.post_json("/api/tokens", &admin, body.clone()).await;
        assert_eq!(refused.code(), ProblemCode::RequestMalformed, "{body}");
    }
}

#[tokio::test]
async fn pages_of_stations_have_each_once() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let token = token(&post, &cookie, None).await.token;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/open/v1/stations?contest=ppwp{after}");
        let page: OpenStationList = read(&post, &path, Some(&token)).await.json();
        seen.extend(page.stations.into_iter().map(|one| one.station));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), post.endpoint.election().station_count() as usize);
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
}
