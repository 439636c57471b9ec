//! A data folder opened again: with the same package, a newer, an older, another.

use central::Endpoint;
use central::package::PackageChange;
use protocol::Outcome;

use crate::post::{Clock, Post, demo_json, election, settings, sound_tally};

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
