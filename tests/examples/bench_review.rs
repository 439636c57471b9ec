//! How fast the next station of the review queue comes when 10,000 wait, on SQLite, in one process.
//! `cargo run --release -p saksi-tests --example bench_review -- [STATIONS]`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use axum::body::Body;
use axum::http::Request;
use central::Endpoint;
use central::store::{Actor, StoreLocation, User};
use central::view::{QueueView, Role};
use environment::Environment;
use evidence::bundle::Item;
use saksi_tests::fleet::{SimWitness, election_with_stations, seed_enrolled, some_papers, tally_of};
use saksi_tests::in_process::settings_in;
use serde_json::{Value, json};
use tower::ServiceExt as _;

const USER: &str = "meter";
const PASSWORD: &str = "a long enough password";
/// Stations that are taken and put off, one after the other.
const TAKEN: usize = 200;
/// When the statements were sealed.
const SEALED_AT_S: i64 = 1_796_821_200;

#[tokio::main]
async fn main() -> Result<()> {
    let stations: u32 = std::env::args().nth(1).map_or(Ok(10_000), |text| text.parse())?;
    let election = election_with_stations(stations, 1)?;
    let folder = tempfile::tempdir()?;
    let settings = settings_in(folder.path(), "https://saksi.example");
    drop(Endpoint::open(&settings, Some(election.clone()), Environment::system())?);

    // Two witnesses at each station, who read different figures.
    let twice = election.stations().chain(election.stations());
    let mut witnesses: Vec<SimWitness> =
        (0..).zip(twice).map(|(number, at)| SimWitness::new(number, at)).collect();
    seed_enrolled(&StoreLocation::File(folder.path().join("central.sqlite")), &election, &witnesses)?;

    let endpoint = Endpoint::open(&settings, Some(election.clone()), Environment::system())?;
    let contest = election.contests[0].id.clone();
    let paper = election.paper(&contest).context("a paper")?;
    let papers = some_papers(&paper, 3, 97);
    let mut items = Vec::new();
    for (number, witness) in witnesses.iter_mut().enumerate() {
        items.push(Item::DeviceKey(witness.key.public()));
        let body = tally_of(&paper, election.version, &papers[number % papers.len()]);
        items.push(Item::Statement(witness.seal(election.id.as_str(), SEALED_AT_S, body)?.bytes));
    }
    let bundle = folder.path().join("evening.saksi");
    let mut file = std::fs::File::create(&bundle)?;
    evidence::bundle::write(items, &mut file)?;
    file.flush()?;
    let started = Instant::now();
    endpoint.import(&bundle)?;
    endpoint.settle_counts()?;
    println!(
        "{} statements ingested and counted in {:.1} s",
        witnesses.len(),
        started.elapsed().as_secs_f64()
    );
    measure(&endpoint, contest.as_str()).await
}

async fn measure(endpoint: &Endpoint, contest: &str) -> Result<()> {
    let user = User { name: USER.to_owned(), role: Role::Coordinator, region: None };
    endpoint.add_user(&user, PASSWORD, &Actor::Operator)?;
    let router = central::router(endpoint.clone());
    let ask = async |path: &str, cookie: &str, body: Value| -> Result<(String, Vec<u8>)> {
        let request = Request::post(path)
            .header("cookie", cookie)
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_string()))?;
        let response = router.clone().oneshot(request).await?;
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?.to_vec();
        ensure!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&body));
        Ok((cookie, body))
    };
    let (cookie, _) = ask("/api/login", "", json!({ "user": USER, "password": PASSWORD })).await?;
    let mut held: Option<String> = None;
    let mut times: Vec<Duration> = Vec::new();
    let mut total = 0;
    for _ in 0..TAKEN {
        let started = Instant::now();
        let body = json!({ "contest": contest, "region": null, "skip": held });
        let (_, answer) = ask("/api/review/queue/take", &cookie, body).await?;
        times.push(started.elapsed());
        let queue: QueueView = serde_json::from_slice(&answer)?;
        total = queue.total;
        held = Some(queue.held.context("a station")?.to_string());
    }
    times.sort_unstable();
    let ms = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{total} wait; the next one: median {:.1} ms, p99 {:.1} ms, longest {:.1} ms (goal 100)",
        ms(0.5),
        ms(0.99),
        ms(1.0)
    );
    Ok(())
}
