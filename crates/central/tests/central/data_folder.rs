//! A data folder opened again: with the same package, a newer, an older, another.

use central::package::{LeftOutStations, PackageChange};
use central::store::Actor;
use central::{Endpoint, Settings};
use evidence::{AttendanceBody, AttendanceEvent, Body};
use protocol::Outcome;

use crate::post::{Clock, Post, demo_json, demo_subject, election, settings, sound_tally};

fn reopen(post: &Post, package: &serde_json::Value) -> Result<PackageChange, String> {
    Endpoint::open(&settings(post.folder.path()), Some(election(package)), Clock::new().environment())
        .map(|endpoint| endpoint.package_change())
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn the_same_package_goes_on_and_a_newer_one_is_taken() {
    let post = Post::new();
    let mut package = demo_json();
    assert_eq!(reopen(&post, &package), Ok(PackageChange::Same));
    let version = package["version"].as_u64().unwrap();
    package["version"] = (version + 1).into();
    package["title"]["id"] = "Nama lain".into();
    assert_eq!(reopen(&post, &package), Ok(PackageChange::Replaced));
    let without = Endpoint::open(&settings(post.folder.path()), None, Clock::new().environment()).unwrap();
    assert_eq!(without.election().title.id, "Nama lain");
    let older = reopen(&post, &demo_json()).unwrap_err();
    assert_eq!(older, "this data folder already has version 2 of the package, and version 1 is older");
}

#[tokio::test]
async fn another_election_a_drill_or_a_silent_change_is_refused() {
    let post = Post::new();
    let mut other = demo_json();
    other["id"] = "another".into();
    assert!(reopen(&post, &other).unwrap_err().contains("belongs to the election `demo-selaparang`"));
    let mut drill = demo_json();
    drill["drill"] = true.into();
    assert!(reopen(&post, &drill).unwrap_err().contains("a drill never meets the real count"));
    let mut silent = demo_json();
    silent["title"]["id"] = "Nama lain".into();
    assert!(reopen(&post, &silent).unwrap_err().contains("raise its `version`"));
}

#[tokio::test]
async fn a_newer_package_may_not_change_a_paper_or_drop_a_station_of_which_tallies_have_arrived() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let sealed = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    assert!(matches!(post.push(&[&sealed.bytes]).await[0], Outcome::Accepted { .. }));

    let mut fewer = demo_json();
    fewer["version"] = 2.into();
    fewer["contests"][0]["candidates"].as_array_mut().unwrap().pop();
    assert!(reopen(&post, &fewer).unwrap_err().contains("changes the paper of the contest `ppwp`"));
    let mut gone = demo_json();
    gone["version"] = 2.into();
    gone["stations"].as_array_mut().unwrap().remove(0);
    assert!(reopen(&post, &gone).unwrap_err().contains(&format!("leaves out the station {station}")));
}

#[tokio::test]
async fn a_folder_without_an_election_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Endpoint::open(&settings(folder.path()), None, Clock::new().environment()).unwrap_err();
    assert!(error.to_string().ends_with("give one with --election FILE"));
}

/// The next version of the package, without its first station.
fn without_first_desa() -> serde_json::Value {
    let mut package = demo_json();
    package["version"] = 2.into();
    package["stations"].as_array_mut().unwrap().remove(0);
    package
}

#[tokio::test]
async fn a_phone_that_is_not_assigned_or_revoked_does_not_block_a_package() {
    let post = Post::new();
    let left_out = post.station(0);
    let elsewhere = post.endpoint.election().stations().last().unwrap();
    let mut stranger = post.phone_at(1, &elsewhere).await;
    let sealed = stranger.tally(&left_out, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&sealed.bytes).await.unwrap();
    let mut lost = post.phone_at(2, &left_out).await;
    let sealed = lost.tally(&left_out, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&sealed.bytes).await.unwrap();
    post.endpoint.revoke_device(lost.key.public().device_id(), None, &Actor::Operator).unwrap();

    assert_eq!(reopen(&post, &without_first_desa()), Ok(PackageChange::Replaced));
}

#[tokio::test]
async fn a_station_with_any_statement_is_left_out_only_when_the_operator_says_so_and_comes_back_whole() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let attendance = AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 };
    let came = phone.seal(demo_subject(&station), Body::Attendance(attendance));
    post.push_one(&came.bytes).await.unwrap();
    let refused = reopen(&post, &without_first_desa()).unwrap_err();
    assert!(refused.contains("--leave-out-stations"), "{refused}");
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();

    let allowed = Settings { left_out_stations: LeftOutStations::Allowed, ..settings(post.folder.path()) };
    let open = |package: &serde_json::Value| {
        Endpoint::open(&allowed, Some(election(package)), post.clock.environment()).unwrap()
    };
    let endpoint = open(&without_first_desa());
    assert!(endpoint.store().is_rebuild_due().unwrap());
    let audited = post.sql("SELECT subject FROM audit WHERE action = 'election.leave_out'");
    assert_eq!(audited.len(), 1, "{audited:?}");
    let rebuilt = endpoint.rebuild().unwrap();
    assert_eq!((rebuilt.statements, rebuilt.unplaced), (2, 2));
    assert!(!endpoint.store().is_rebuild_due().unwrap());
    let unplaced = endpoint.store().unplaced(10).unwrap();
    assert!(unplaced.iter().all(|statement| statement.station == station.to_string()), "{unplaced:?}");
    assert_eq!(post.sql("SELECT station FROM statement WHERE contest <> ''").len(), 0, "none is counted");

    let mut again = demo_json();
    again["version"] = 3.into();
    let endpoint = open(&again);
    assert!(endpoint.store().is_rebuild_due().unwrap());
    let rebuilt = endpoint.rebuild().unwrap();
    assert_eq!((rebuilt.statements, rebuilt.unplaced), (2, 0));
    assert_eq!(post.sql("SELECT station FROM statement WHERE contest <> ''").len(), 1, "it counts again");
}
