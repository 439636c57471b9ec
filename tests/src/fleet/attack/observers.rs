//! Those who notice an attack: the probe of a load balancer, and a coordinator.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::{Attack, Latencies, Shared};
use crate::fleet::client::ReconnectingClient;
use crate::http::HttpConnection;

const PROBE: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 1);
const COORDINATOR: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 2);
/// Interval at which the probe asks, and the coordinator opens a page.
const INTERVAL: Duration = Duration::from_millis(250);
/// Time after which a load balancer gives up.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// Number of pages after which the coordinator logs in again.
const PAGES_PER_LOGIN: u32 = 20;

/// Asks for `/readyz`, on a new connection each time. Gives the times, and the number of wrong answers.
pub(super) fn probe(shared: &Shared<'_>) -> Result<(Latencies, u64)> {
    let (mut latencies, mut wrong) = (Latencies::default(), 0);
    while !shared.is_over() {
        let start = Instant::now();
        let reply = HttpConnection::open_from(shared.attack.url, PROBE).and_then(|mut connection| {
            connection.set_timeout(PROBE_TIMEOUT)?;
            connection.exchange("GET", "/readyz", &[], &[])
        });
        latencies.add(start.elapsed());
        wrong += u64::from(reply.map_or(0, |reply| reply.status) != 200);
        std::thread::sleep(INTERVAL.saturating_sub(start.elapsed()));
    }
    Ok((latencies, wrong))
}

/// The session of a user of the console.
pub(super) struct Coordinator {
    cookie: String,
}

impl Coordinator {
    pub(super) fn log_in(attack: &Attack<'_>) -> Result<Self> {
        let mut client = ReconnectingClient::new(attack.url, COORDINATOR);
        Ok(Self { cookie: log_in(attack, &mut client)? })
    }
}

fn log_in(attack: &Attack<'_>, client: &mut ReconnectingClient<'_>) -> Result<String> {
    let body = serde_json::json!({ "user": attack.user, "password": attack.password }).to_string();
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let reply = client.exchange(None, "POST", "/api/login", &headers, body.as_bytes())?;
    reply.cookie.with_context(|| format!("the coordinator's login was answered {}", reply.status))
}

/// Opens the pages of regions and of attacked stations, and logs in again now and then. Gives the times of
/// the pages and of the logins.
pub(super) fn coordinate(shared: &Shared<'_>, coordinator: &Coordinator) -> Result<(Latencies, Latencies)> {
    let attack = shared.attack;
    let contest = &attack.election.contests.first().context("a contest")?.id;
    let (mut pages, mut logins) = (Latencies::default(), Latencies::default());
    let mut client = ReconnectingClient::new(attack.url, COORDINATOR);
    let headers = [("cookie", coordinator.cookie.as_str())];
    let mut number = 0;
    while !shared.is_over() {
        let start = Instant::now();
        let station = &attack.honest[number as usize % attack.honest.len()].station;
        let path = match number % 4 {
            0 => format!("/api/regions?contest={contest}"),
            _ => format!("/api/stations/{station}?contest={contest}"),
        };
        let reply = client.exchange(None, "GET", &path, &headers, &[])?;
        ensure!(reply.status == 200, "{path} was answered {}", reply.status);
        pages.add(start.elapsed());
        number += 1;
        if number % PAGES_PER_LOGIN == 0 {
            let start = Instant::now();
            log_in(attack, &mut client)?;
            logins.add(start.elapsed());
        }
        std::thread::sleep(INTERVAL.saturating_sub(start.elapsed()));
    }
    Ok((pages, logins))
}

/// Opens the crops of the attackers' photos. Gives the times.
pub(super) fn reads_crops(shared: &Shared<'_>, coordinator: &Coordinator) -> Result<Latencies> {
    let attack = shared.attack;
    let contest = &attack.election.contests.first().context("a contest")?.id;
    let mut latencies = Latencies::default();
    let mut client = ReconnectingClient::new(attack.url, COORDINATOR);
    let headers = [("cookie", coordinator.cookie.as_str())];
    while !shared.is_over() {
        let photo = shared.accepted_photos.lock().ok().and_then(|mut accepted| accepted.pop());
        if let Some(photo) = photo {
            let path = format!("/api/photos/{photo}/crops?contest={contest}");
            let start = Instant::now();
            let reply = client.exchange(None, "GET", &path, &headers, &[])?;
            ensure!(reply.status == 200, "{path} was answered {}", reply.status);
            latencies.add(start.elapsed());
        } else {
            std::thread::sleep(INTERVAL);
        }
    }
    Ok(latencies)
}
