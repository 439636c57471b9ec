//! Rounds: a later vote or count of a station replaces the first one, and both stay.

use axum::http::StatusCode;
use central::package::{LeftOutStations, PackageChange};
use central::view::{RegionView, Role, Standing, StationList, StationView};
use central::{Endpoint, Settings};
use evidence::bundle::{Item, Reader};
use evidence::{Body as Said, TallyBody, Unverified};
use protocol::ProblemCode;
use serde_json::json;
use tally::{RoundKind, StationId};

use crate::post::{Phone, Post, demo_json, election, settings, sound_tally};

/// The next version of the package, which announces a re-vote at a station.
pub(crate) fn with_round(station: &StationId) -> serde_json::Value {
    let mut package = demo_json();
    package["format"] = "saksi-election/2".into();
    package["version"] = 2.into();
    package["rounds"] = json!([{
        "number": 2, "kind": "psu", "date": "2026-12-16", "stations": [station],
        "reason": { "id": "Putusan MK", "en": "Decision of the Constitutional Court" },
    }]);
    package
}

/// The same endpoint, opened again with another package.
pub(crate) fn reopened(
    post: Post,
    package: &serde_json::Value,
    left_out: LeftOutStations,
) -> Result<Post, String> {
    let Post { folder, clock, .. } = post;
    let settings = Settings { left_out_stations: left_out, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(package)), clock.environment());
    let endpoint = endpoint.map_err(|error| error.to_string())?;
    assert_eq!(endpoint.package_change(), PackageChange::Replaced);
    Ok(Post::around(endpoint, folder, clock))
}

fn of_round(round: u8, body: TallyBody) -> TallyBody {
    TallyBody { round, ..body }
}

async fn region(post: &Post, cookie: &str, path: &str) -> RegionView {
    post.get(&format!("/api/regions{path}?contest=ppwp"), cookie).await.json()
}

async fn page(post: &Post, cookie: &str, station: &StationId) -> StationView {
    post.get(&format!("/api/stations/{station}?contest=ppwp"), cookie).await.json()
}

/// A first count by two phones, and a re-vote that one of them counted.
pub(crate) async fn a_re_vote() -> (Post, StationId, [Phone; 2]) {
    let post = Post::new();
    let station = post.station(0);
    let mut phones = [post.phone_at(1, &station).await, post.phone_at(2, &station).await];
    let first = sound_tally(&post.paper(), [10, 20, 30]);
    for phone in &mut phones {
        post.push_one(&phone.tally(&station, first.clone()).bytes).await.unwrap();
    }
    let unknown = phones[0].tally(&station, of_round(2, first.clone()));
    assert_eq!(post.push_one(&unknown.bytes).await, Err(ProblemCode::RoundUnknown));
    let post = reopened(post, &with_round(&station), LeftOutStations::Refused).unwrap();
    (post, station, phones)
}

#[tokio::test]
async fn a_later_round_switches_the_sums_and_the_first_count_stays() {
    let (post, station, mut phones) = a_re_vote().await;
    let cookie = post.user("admin", Role::Admin, None).await;
    let paper = post.paper();
    let shown = |view: &RegionView| {
        let votes = view.votes[1].votes;
        (votes.corroborated, votes.provisional, view.later_rounds.announced, view.later_rounds.counted)
    };
    assert_eq!(shown(&region(&post, &cookie, "").await), (20, 0, 1, 0), "announced, and without a result");
    let list: StationList = post.get("/api/stations?contest=ppwp", &cookie).await.json();
    assert_eq!((list.stations[0].round, list.stations[0].newest_round), (1, 2));

    let second = of_round(2, sound_tally(&paper, [1, 2, 3]));
    post.push_one(&phones[0].tally(&station, second).bytes).await.unwrap();
    for place in ["", "/52.71.05", &format!("/{}", station.desa())] {
        assert_eq!(shown(&region(&post, &cookie, place).await), (0, 2, 1, 1), "{place}");
    }
    // A phone that never heard of the round corrects the first count: nothing breaks, nothing changes.
    let old = sound_tally(&paper, [10, 21, 30]);
    post.push_one(&phones[1].tally(&station, old).bytes).await.unwrap();
    assert_eq!(shown(&region(&post, &cookie, "").await), (0, 2, 1, 1));

    let view = page(&post, &cookie, &station).await;
    assert_eq!((view.round, view.standing), (2, Standing::Provisional));
    let rounds: Vec<_> = view
        .rounds
        .iter()
        .map(|round| (round.number, round.kind, round.standing, round.tallies, round.counts))
        .collect();
    assert_eq!(
        rounds,
        [
            (1, None, Standing::Conflicting, 3, false),
            (2, Some(RoundKind::Psu), Standing::Provisional, 1, true)
        ]
    );
    assert_eq!((view.rounds[0].date.as_str(), view.rounds[1].date.as_str()), ("2026-12-09", "2026-12-16"));
    let mut tallies: Vec<(u8, bool)> =
        view.tallies.iter().map(|tally| (tally.round, tally.superseded)).collect();
    tallies.sort_unstable();
    assert_eq!(tallies, [(1, false), (1, false), (1, true), (2, false)]);
    let differs = view.sections.iter().flat_map(|section| &section.fields).filter(|row| row.differs);
    assert_eq!(differs.count(), 0, "witnesses of different rounds do not contradict each other");

    // The other witness counts the re-vote too, and otherwise: the console asks about it.
    let other = of_round(2, sound_tally(&paper, [1, 2, 4]));
    post.push_one(&phones[1].tally(&station, other).bytes).await.unwrap();
    let coverage = region(&post, &cookie, "").await.coverage;
    assert_eq!((coverage.conflicting, coverage.later_round), (1, 1));
}

#[tokio::test]
async fn an_export_names_the_round_of_each_tally() {
    let (post, station, mut phones) = a_re_vote().await;
    let second = of_round(2, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&phones[0].tally(&station, second).bytes).await.unwrap();
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let answer = post.get(&format!("/api/stations/{station}/bundle"), &cookie).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut rounds: Vec<u8> = Reader::new(&answer.body[..])
        .unwrap()
        .filter_map(|item| match item.unwrap() {
            Item::Statement(bytes) => Some(bytes),
            _ => None,
        })
        .map(|bytes| {
            let phone = phones.iter().map(|phone| phone.key.public());
            let read = |key| Unverified::parse(&bytes).unwrap().verify(&key).ok();
            match phone.filter_map(read).next().unwrap().body {
                Said::Tally(tally) => tally.round,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    rounds.sort_unstable();
    assert_eq!(rounds, [1, 1, 2]);
}

#[tokio::test]
async fn a_round_with_tallies_is_left_out_only_when_the_operator_says_so() {
    let (post, station, mut phones) = a_re_vote().await;
    let second = of_round(2, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&phones[0].tally(&station, second).bytes).await.unwrap();
    let mut without = demo_json();
    without["version"] = 3.into();
    let settings_of = |left_out| Settings { left_out_stations: left_out, ..settings(post.folder.path()) };
    let open =
        |left_out| Endpoint::open(&settings_of(left_out), Some(election(&without)), post.clock.environment());
    let refused = open(LeftOutStations::Refused).unwrap_err().to_string();
    assert!(refused.contains(&format!("round 2 of the contest ppwp at the station {station}")), "{refused}");
    let endpoint = open(LeftOutStations::Allowed).unwrap();
    assert!(endpoint.store().is_rebuild_due().unwrap());
    assert_eq!(endpoint.rebuild().unwrap().unplaced, 1);
    let audited = post.endpoint.store().audit().unwrap();
    let left_out: Vec<&str> = audited
        .iter()
        .filter(|entry| entry.action == "election.leave_out")
        .map(|entry| entry.subject.as_str())
        .collect();
    assert!(left_out.len() == 1 && left_out[0].starts_with("round 2 "), "{left_out:?}");
}
