//! Projections from a sample that was drawn before the day.

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::StatusCode;
use central::projection::{DrawError, NewSample, Observed, Stratum, project};
use central::store::Actor;
use central::view::{ProjectionView, Role};
use protocol::ProblemCode;
use sha2::{Digest as _, Sha256};
use tally::{Choice, RegionLevel};

use crate::post::{Post, sound_tally};

fn sample_of(size: u32) -> NewSample {
    let (contest, seed) = ("ppwp".parse().unwrap(), "undian di alun-alun 7 Februari".to_owned());
    NewSample { contest, seed, size, level: RegionLevel::Kecamatan }
}

#[tokio::test]
async fn a_sample_is_drawn_once_before_the_day_and_anybody_draws_the_same() {
    let post = Post::new();
    let drawn = post.endpoint.draw_sample(&sample_of(24), &Actor::Operator).unwrap();
    assert_eq!(drawn.stations.len(), 24);
    let again = post.endpoint.draw_sample(&sample_of(24), &Actor::Operator);
    assert!(matches!(again, Err(DrawError::DrawnBefore(_))));
    assert_eq!(Post::new().endpoint.draw_sample(&sample_of(24), &Actor::Operator).unwrap(), drawn);
    let lines: String = drawn.stations.iter().map(|station| format!("{station}\n")).collect();
    let digest: String = Sha256::digest(lines.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, drawn.digest);
    let audit = post.endpoint.store().audit().unwrap();
    assert!(audit.iter().any(|row| row.action == "sample.draw" && row.subject.contains(&digest)));

    let late = Post::new();
    let station = late.station(0);
    let mut phone = late.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&late.paper(), [1, 2, 3]));
    late.push_one(&tally.bytes).await.unwrap();
    let refused = late.endpoint.draw_sample(&sample_of(24), &Actor::Operator);
    assert!(matches!(refused, Err(DrawError::TooLate(_))));
}

#[tokio::test]
async fn the_page_says_what_the_sample_says_and_how_much_of_it_is_in() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let view = |post: &Post, answer: crate::post::Answer| -> ProjectionView {
        post.clock.advance(60_000);
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()
    };
    let path = "/api/projection?contest=ppwp";
    assert_eq!(view(&post, post.get(path, &cookie).await).sample, None);
    let drawn = post.endpoint.draw_sample(&sample_of(24), &Actor::Operator).unwrap();
    let before = view(&post, post.get(path, &cookie).await);
    assert_eq!((before.arrived, before.shares.len(), before.margin), (0, 0, None));
    assert_eq!(before.sample.unwrap().stations, 24);
    // One station outside of the sample is in the running sum and not in the projection.
    let outside =
        (0..100).map(|place| post.station(place)).find(|one| !drawn.stations.contains(one)).unwrap();
    let inside = drawn.stations.iter().take(8).map(|station| (station.clone(), [30, 50, 20]));
    let all = inside.chain([(outside, [300, 0, 0])]);
    for (seed, (station, votes)) in (1u8..).zip(all) {
        let mut phone = post.phone_at(seed, &station).await;
        let tally = phone.tally(&station, sound_tally(&post.paper(), votes));
        post.push_one(&tally.bytes).await.unwrap();
        post.clock.advance(60_000);
    }
    while post.endpoint.settle_counts().unwrap() > 0 {}
    let cookie = post.log_in("admin", crate::post::PASSWORD).await;
    let found = view(&post, post.get(path, &crate::post::cookie_of(&cookie)).await);
    assert_eq!((found.arrived, found.strata.iter().map(|one| one.drawn).sum::<u32>()), (8, 24));
    let first = &found.shares[0];
    assert_eq!(first.choice, Choice::Candidate(2));
    assert!((first.share.estimate - 0.5).abs() < 1e-9 && (first.counted_share.unwrap() - 0.5).abs() > 0.1);
    let auditor = post.user("auditor", Role::Auditor, Some("52.71.05")).await;
    assert_eq!(
        post.get(path, &auditor).await.code(),
        ProblemCode::Forbidden,
        "a sample is of the whole contest"
    );
}

/// A station of the real results.
struct Real {
    kabupaten: String,
    place: u32,
    observed: Observed,
}

/// The official figures of 2019 in Nusa Tenggara Barat; `None` where the file is not.
fn real_results() -> Option<Vec<Real>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/results/pilpres_2019_ntb_by_tps.csv");
    let text = std::fs::read_to_string(file).ok()?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next()?.split(',').collect();
    let column = |name: &str| header.iter().position(|one| *one == name);
    let (kabupaten, one, two) = (column("kab")?, column("kpu_pas1")?, column("kpu_pas2")?);
    let real = |(place, line): (usize, &str)| {
        let cells: Vec<&str> = line.split(',').collect();
        let votes = |column: usize| cells.get(column)?.parse::<f64>().ok().map(|votes| votes as u32);
        let (one, two) = (votes(one)?, votes(two)?);
        Some(Real {
            kabupaten: cells.get(kabupaten)?.to_string(),
            place: u32::try_from(place).ok()?,
            observed: Observed {
                votes: BTreeMap::from([(choice(1), one), (choice(2), two)]),
                valid: one + two,
            },
        })
    };
    Some(lines.enumerate().filter_map(real).collect())
}

fn choice(number: u16) -> Choice {
    Choice::Candidate(number)
}

/// One thousand samples of the real stations: the true share is in 93 to 97 of 100 intervals.
#[test]
fn the_true_share_is_in_the_interval_as_often_as_it_says() {
    const SAMPLES: u32 = 1_000;
    const SIZE: usize = 400;
    let Some(real) = real_results() else {
        println!("the real results are not here");
        return;
    };
    let mut strata: BTreeMap<&str, Vec<&Real>> = BTreeMap::new();
    real.iter().for_each(|one| strata.entry(&one.kabupaten).or_default().push(one));
    let all: u32 = real.iter().map(|one| one.observed.valid).sum();
    let of_first: u32 = real.iter().map(|one| one.observed.votes[&choice(1)]).sum();
    let truth = f64::from(of_first) / f64::from(all);
    let (mut within, mut margin_within) = (0, 0);
    for sample in 0..SAMPLES {
        let drawn: Vec<Stratum> =
            strata.values().map(|stations| draw(stations, sample, SIZE, real.len())).collect();
        let found = project(&drawn, &[choice(1), choice(2)]).unwrap();
        let share = found.shares.iter().find(|(of, _)| *of == choice(1)).unwrap().1;
        within += u32::from((share.low..=share.high).contains(&truth));
        let margin = found.margin.unwrap();
        let true_margin = (1.0 - 2.0 * truth) * if found.shares[0].0 == choice(2) { 1.0 } else { -1.0 };
        margin_within += u32::from((margin.low..=margin.high).contains(&true_margin));
    }
    println!(
        "{} stations, true share {:.4}: in the interval of {within} of {SAMPLES} samples of {SIZE}, the margin in \
         {margin_within}",
        real.len(),
        truth
    );
    assert!((930..=970).contains(&within), "{within}");
    assert!((930..=970).contains(&margin_within), "{margin_within}");
}

/// A random part of the stations, the same for the same number. A digest for each of sixteen million stations
/// would take minutes.
fn draw(stations: &[&Real], sample: u32, size: usize, all: usize) -> Stratum {
    let share = ((stations.len() * size + all / 2) / all).clamp(2, stations.len());
    let mut ranked: Vec<(u64, usize)> =
        stations.iter().enumerate().map(|(place, one)| (mixed(sample, one.place), place)).collect();
    ranked.select_nth_unstable(share - 1);
    let observed = ranked[..share].iter().map(|(_, place)| stations[*place].observed.clone()).collect();
    Stratum { stations: u32::try_from(stations.len()).unwrap(), observed }
}

/// A number that looks random (splitmix64).
fn mixed(sample: u32, place: u32) -> u64 {
    let mut state = (u64::from(sample) << 32 | u64::from(place)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
