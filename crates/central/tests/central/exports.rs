//! Results that leave as tables and as a report.

use std::io::Cursor;

use axum::http::StatusCode;
use central::view::Role;
use protocol::ProblemCode;
use serde_json::Value;
use spreadsheet::{Cell, Limits, Spreadsheet};

use crate::post::{Answer, Post, demo_json, sound_tally};

/// Three stations: one witness, two who disagree, and one without a result.
async fn post_with_results(package: &Value) -> (Post, String) {
    let post = Post::of(package);
    let cookie = post.user("admin", Role::Admin, None).await;
    for (seed, place, votes) in [(1, 0, [10, 20, 30]), (2, 1, [1, 2, 3]), (3, 1, [1, 2, 4])] {
        let station = post.station(place);
        let mut phone = post.phone_at(seed, &station).await;
        let tally = phone.tally(&station, sound_tally(&post.paper(), votes));
        post.push_one(&tally.bytes).await.unwrap();
    }
    while post.endpoint.settle_counts().unwrap() > 0 {}
    (post, cookie)
}

async fn get(post: &Post, path: &str, cookie: &str) -> Answer {
    post.clock.advance(60_000);
    let answer = post.get(path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

#[tokio::test]
async fn the_table_has_every_station_and_missing_is_not_zero() {
    let (post, cookie) = post_with_results(&demo_json()).await;
    let answer = get(&post, "/api/exports/results?contest=ppwp", &cookie).await;
    let text = String::from_utf8(answer.body).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].ends_with("last_at,votes_1,votes_2,votes_3,valid,invalid"), "{}", lines[0]);
    let stations = post.endpoint.election().station_count() as usize;
    assert_eq!(lines.len(), 1 + stations);
    assert_eq!(answer.headers["saksi-rows"], stations.to_string().as_str());
    let of = |place: usize| {
        let code = post.station(place).to_string();
        lines.iter().find(|line| line.contains(&code)).copied().unwrap_or_default()
    };
    assert!(of(0).contains(",provisional,1,1,1,") && of(0).ends_with(",10,20,30,60,0"), "{}", of(0));
    assert!(of(1).contains(",conflicting,1,2,2,") && of(1).ends_with(",,,,,"), "{}", of(1));
    assert!(of(2).contains(",missing,,0,0,,0,,") && of(2).ends_with(",,,,,"), "{}", of(2));

    let region = &post.station(0).to_string()[..8];
    let part = get(&post, &format!("/api/exports/results?contest=ppwp&region={region}"), &cookie).await;
    let part = String::from_utf8(part.body).unwrap();
    assert!(part.lines().skip(1).all(|line| line.contains(&format!(",{region}."))));
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|row| row.action == "results.export").count(), 2);
}

#[tokio::test]
async fn the_workbook_says_the_same_and_who_the_choices_are() {
    let (post, cookie) = post_with_results(&demo_json()).await;
    let answer = get(&post, "/api/exports/results?contest=ppwp&format=xlsx", &cookie).await;
    let mut book = Spreadsheet::open(answer.body, Limits::default()).unwrap();
    assert_eq!(book.sheets(), ["hasil", "pilihan"]);
    let rows: Vec<_> = book.rows(0).unwrap().map(Result::unwrap).collect();
    let first = post.station(0).to_string();
    let row = rows.iter().find(|row| row.cells.iter().any(|cell| cell.text() == first)).unwrap();
    assert_eq!(row.cells.iter().rev().take(2).collect::<Vec<_>>(), [&Cell::Number(0.0), &Cell::Number(60.0)]);
}

#[tokio::test]
async fn a_region_and_a_role_limit_what_leaves() {
    let (post, _) = post_with_results(&demo_json()).await;
    let station = post.station(0).to_string();
    let auditor = post.user("auditor", Role::Auditor, Some(&station[..8])).await;
    let own = get(&post, "/api/exports/results?contest=ppwp", &auditor).await;
    let own = String::from_utf8(own.body).unwrap();
    assert!(own.lines().skip(1).all(|line| line.contains(&station[..8])));
    let refused = post.get("/api/exports/results?contest=ppwp&region=11", &auditor).await;
    assert_eq!(refused.code(), ProblemCode::Forbidden);
    let unknown = post.get("/api/exports/results", &auditor).await;
    assert_eq!(unknown.code(), ProblemCode::RequestMalformed);
}

/// The published schema of NIST SP 1500-100 version 2.
fn nist_schema() -> jsonschema::Validator {
    let text = include_str!("../data/NIST_V2_election_results_reporting.json");
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

#[tokio::test]
async fn the_report_is_valid_by_the_published_schema_of_nist() {
    let schema = nist_schema();
    let (post, cookie) = post_with_results(&demo_json()).await;
    let report: Value = get(&post, "/api/exports/results?contest=ppwp&format=nist", &cookie).await.json();
    let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!((&report["IsTest"], &report["Status"]), (&false.into(), &"unofficial-partial".into()));
    let contest = &report["Election"][0]["Contest"][0];
    let third = &contest["ContestSelection"][2];
    let unit = format!("station-{}", post.station(0));
    assert_eq!(third["CandidateIds"][0], "candidate-3");
    assert_eq!(third["VoteCounts"].as_array().unwrap().len(), 1, "one station has a result that counts");
    assert_eq!(
        (&third["VoteCounts"][0]["Count"], &third["VoteCounts"][0]["GpUnitId"]),
        (&30.into(), &unit.into())
    );
    assert_eq!(report["Election"][0]["BallotCounts"][0]["BallotsCast"], 60);
    // Every unit that something names exists.
    let ids: Vec<&str> =
        report["GpUnit"].as_array().unwrap().iter().filter_map(|unit| unit["@id"].as_str()).collect();
    for unit in report["GpUnit"].as_array().unwrap() {
        for part in unit["ComposingGpUnitIds"].as_array().into_iter().flatten() {
            assert!(ids.contains(&part.as_str().unwrap()), "{part}");
        }
    }
    let mut wrong = report.clone();
    wrong["Format"] = "a-format-of-our-own".into();
    assert!(!schema.is_valid(&wrong), "the schema refuses what is not in it");
}

#[tokio::test]
async fn the_report_of_lists_is_valid_and_that_of_a_drill_says_so() {
    let schema = nist_schema();
    let post = Post::of(&crate::post::package_json("demo-general.json"));
    let cookie = post.user("admin", Role::Admin, None).await;
    for contest in &post.endpoint.election().contests {
        let path = format!("/api/exports/results?contest={}&format=nist", contest.id);
        let report: Value = get(&post, &path, &cookie).await.json();
        let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", contest.id);
        let contests = report["Election"][0]["Contest"].as_array().unwrap().len();
        assert_eq!(contests, if contest.lists.is_empty() { 1 } else { 2 });
    }
    let mut package = demo_json();
    package["drill"] = true.into();
    let drill = Post::of(&package);
    let cookie = drill.user("admin", Role::Admin, None).await;
    let report: Value = get(&drill, "/api/exports/results?contest=ppwp&format=nist", &cookie).await.json();
    assert_eq!(report["IsTest"], true);
    assert!(schema.is_valid(&report));
}

#[tokio::test]
async fn a_text_of_a_package_cannot_break_the_report_out_of_its_place() {
    let mut package = demo_json();
    package["title"]["id"] = "\"},\u{2028}{\"=cmd()".into();
    let post = Post::of(&package);
    let cookie = post.user("admin", Role::Admin, None).await;
    let answer = get(&post, "/api/exports/results?contest=ppwp&format=nist", &cookie).await;
    let report: Value = serde_json::from_reader(Cursor::new(answer.body)).unwrap();
    assert_eq!(report["Election"][0]["Name"]["Text"][0]["Content"], package["title"]["id"]);
}
