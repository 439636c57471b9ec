//! Importing official results of all stations, and the page of differences.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use saksi_tests::eventually::eventually_within;
use saksi_tests::http::HttpConnection;
use saksi_tests::rng::TestRng;
use serde_json::Value;
use tally::{Choice, Contest, Election};

use super::load::log_in;
use super::quantile_ms;

/// Watchdog of an import.
const IMPORT_WATCHDOG: Duration = Duration::from_secs(600);
/// Pages that are asked for.
const PAGES: usize = 20;
/// One station in so many differs from what its witness could have written.
const SLIP: u32 = 50;

/// Imports results of every station, then asks for the differences of the whole and of the first regions.
pub(super) fn measure(url: &str, election: &Election) -> Result<()> {
    let contest = &election.contests[0];
    let mut connection = HttpConnection::open(url)?;
    let cookie = log_in(&mut connection)?;
    let mut import = Import { connection, cookie, path: String::new() };
    let table = table_of(election, contest);
    let started = Instant::now();
    let request = import.upload(contest, table.as_bytes())?;
    let upload_s = started.elapsed().as_secs_f64();
    import.post("check", &request)?;
    let checking = import.wait("checking")?;
    let check_s = started.elapsed().as_secs_f64() - upload_s;
    import.post("store", &serde_json::json!({}))?;
    let storing = import.wait("storing")?;
    println!(
        "  official results of {} stations imported in {:.1} s: upload {upload_s:.1}, check {check_s:.1}; progress \
         seen {} times (goal 20 s for 16,000)",
        election.station_count(),
        started.elapsed().as_secs_f64(),
        checking + storing
    );
    import.pages(election, contest)
}

struct Import {
    connection: HttpConnection,
    cookie: String,
    path: String,
}

impl Import {
    fn exchange(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Value> {
        let headers =
            [("cookie", self.cookie.as_str()), ("content-type", kind), ("sec-fetch-site", "same-origin")];
        let reply = self.connection.exchange(method, path, &headers, body)?;
        ensure!(
            reply.status < 300,
            "{method} {path}: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
        Ok(serde_json::from_slice(&reply.body)?)
    }

    /// Uploads the table. Gives how the endpoint suggests to read it.
    fn upload(&mut self, contest: &Contest, table: &[u8]) -> Result<Value> {
        let path = format!("/api/official/imports?contest={}&file=hasil.csv", contest.id);
        let view = self.exchange("POST", &path, "application/octet-stream", table)?;
        let id = view["import"].as_str().context("an import")?;
        self.path = format!("/api/official/imports/{id}");
        Ok(view["file_view"]["suggested"].clone())
    }

    fn post(&mut self, step: &str, body: &Value) -> Result<Value> {
        let path = format!("{}/{step}", self.path);
        self.exchange("POST", &path, "application/json", body.to_string().as_bytes())
    }

    /// Waits until the state is another. Gives how many different numbers of progress were seen.
    fn wait(&mut self, state: &str) -> Result<usize> {
        let mut seen = std::collections::BTreeSet::new();
        eventually_within(IMPORT_WATCHDOG, "the import goes on", || {
            let path = format!("{}?brief=true", self.path);
            let view = self.exchange("GET", &path, "application/json", &[])?;
            seen.extend(view["done"].as_u64());
            Ok((view["state"] != state).then_some(()))
        })?;
        Ok(seen.len())
    }

    fn pages(&mut self, election: &Election, contest: &Contest) -> Result<()> {
        let mut times = Vec::new();
        let whole = [String::new()].into_iter();
        let regions = election.regions.iter().map(|region| format!("&region={}", region.code));
        for region in whole.chain(regions).take(PAGES) {
            let path = format!("/api/official/differences?contest={}{region}", contest.id);
            let started = Instant::now();
            let view = self.exchange("GET", &path, "application/json", &[])?;
            times.push(started.elapsed());
            if times.len() == 1 {
                println!("  differing: {} of {}", view["differing"], view["compared"]);
            }
        }
        println!(
            "  pages of differences: whole {:.0} ms, median {:.0} ms, longest {:.0} ms (goal 1,000 at 16,000 stations)",
            times[0].as_secs_f64() * 1e3,
            quantile_ms(&mut times.clone(), 0.5),
            quantile_ms(&mut times, 1.0)
        );
        Ok(())
    }
}

/// A table with a row for each station and a column for each candidate or list.
fn table_of(election: &Election, contest: &Contest) -> String {
    let own = contest.candidates.iter().map(|candidate| Choice::Candidate(candidate.number));
    let choices: Vec<Choice> = own.chain(contest.lists.iter().map(|list| Choice::List(list.party))).collect();
    let mut rng = TestRng::new(3);
    let mut text = String::from("kode");
    for choice in &choices {
        text += &format!(",suara_{}", choice.to_string().trim_start_matches('L'));
    }
    for (number, station) in (0_u32..).zip(election.stations()) {
        text += &format!("\n{}", station.to_string().replace(['.', '-'], ""));
        let slip = u32::from(number % SLIP == 0);
        choices.iter().for_each(|_| text += &format!(",{}", 20 + rng.below(100) + slip));
    }
    text + "\n"
}
