//! The same load once undisturbed, and once while others forge statements and flood the endpoint; then all
//! attacks at once from many addresses.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use evidence::DeviceKey;
use protocol::{CBOR, Outcome, PushRequest, PushResponse, path};
use saksi_tests::fleet::{ADDRESSES_MAX, Attack, AttackKind, SimWitness, run_attack};
use saksi_tests::http::HttpConnection;
use saksi_tests::process::{Process, peak_bytes};
use serde_bytes::ByteBuf;
use tally::Election;

use super::load::Load;
use super::{PASSWORD, USER, per_second, sign_all};

/// Number of threads that flood.
const FLOODS: usize = 4;
/// Number of honest phones during the attacks.
const HONEST: usize = 24;
/// Number of phones in the attackers' hands.
const HOSTILE: usize = 200;
/// Duration of the attacks.
const ATTACK_DURATION: Duration = Duration::from_secs(60);

/// Measures with corrections of all witnesses. Gives the number of statements that were stored.
pub(super) fn measure(
    connections: usize,
    election: &Election,
    witnesses: &mut [SimWitness],
    url: &str,
    process: &Process,
) -> Result<usize> {
    let (undisturbed, disturbed) = (sign_all(election, witnesses)?, sign_all(election, witnesses)?);
    // The forger takes no part in the attack that follows.
    let (courier, forger) = (&witnesses[0].key, &witnesses[witnesses.len() - 1].key);
    let calm = honest_rate(connections, url, courier, &undisturbed, None)?;
    let honest = honest_rate(connections, url, courier, &disturbed, Some(forger))?;
    let peak_mb = peak_bytes(process.id())? as f64 / 1e6;
    println!(
        "  hostile: honest witnesses at {honest:.0} a second, {:.2} of {calm:.0} undisturbed (goal 0.80); memory at most {peak_mb:.0} MB",
        honest / calm
    );
    let acknowledged = attack(election, witnesses, url, process)?;
    Ok(undisturbed.len() + disturbed.len() + acknowledged)
}

/// All attacks at once from 64 addresses. Gives the number of honest statements.
fn attack(election: &Election, witnesses: &[SimWitness], url: &str, process: &Process) -> Result<usize> {
    ensure!(witnesses.len() >= HONEST + HOSTILE, "the attack needs {} stations", HONEST + HOSTILE);
    let (honest, others) = witnesses.split_at(HONEST);
    let attack = Attack {
        url,
        election,
        kinds: AttackKind::ALL.to_vec(),
        addresses: ADDRESSES_MAX,
        duration: ATTACK_DURATION,
        process: Some(process.id()),
        user: USER,
        password: PASSWORD,
        honest: honest.to_vec(),
        hostile: others[..HOSTILE].to_vec(),
    };
    println!("  all attacks at once from {ADDRESSES_MAX} addresses for {} s:", ATTACK_DURATION.as_secs());
    let report = run_attack(&attack)?;
    println!("{report}");
    Ok(report.acknowledged)
}

/// Statements of honest witnesses that are accepted in a second. With a forger the endpoint is disturbed; the
/// forger has a phone of its own, since the endpoint slows down a phone that brings forged statements.
fn honest_rate(
    connections: usize,
    url: &str,
    courier: &DeviceKey,
    statements: &[Vec<u8>],
    forger: Option<&DeviceKey>,
) -> Result<f64> {
    let load = Load::new(url, courier, statements);
    let throttled = AtomicUsize::new(0);
    std::thread::scope(|scope| -> Result<f64> {
        let started = Instant::now();
        let mut attackers = Vec::new();
        if let Some(forger) = forger {
            attackers.push(scope.spawn(|| forge(&load, forger)));
            for _ in 0..FLOODS {
                attackers.push(scope.spawn(|| flood(&load, &throttled)));
            }
        }
        let senders: Vec<_> = (0..connections)
            .map(|number| {
                let load = &load;
                scope.spawn(move || load.send(number))
            })
            .collect();
        let sent = senders
            .into_iter()
            .try_for_each(|sender| sender.join().map_err(|_| anyhow!("a sender panicked"))?);
        let rate = per_second(statements.len(), started);
        // The attackers end even when a sender fails; otherwise its error would never be seen.
        load.done.store(true, Ordering::SeqCst);
        sent?;
        let mut forged = 0;
        for attacker in attackers {
            forged += attacker.join().map_err(|_| anyhow!("an attacker panicked"))??;
        }
        if forger.is_some() {
            let throttled = throttled.load(Ordering::SeqCst);
            println!("  hostile: {forged} forged statements, {throttled} requests of the flood throttled");
        }
        Ok(rate)
    })
}

/// Sends changed statements of real witnesses, one for every four honest ones.
fn forge(load: &Load<'_>, forger: &DeviceKey) -> Result<usize> {
    let mut connection = HttpConnection::open_from(load.url, Ipv4Addr::new(127, 0, 2, 1))?;
    let mut forged = 0;
    while !load.done.load(Ordering::SeqCst) {
        let due = load.next.load(Ordering::SeqCst) / 4;
        if forged >= due {
            std::thread::sleep(Duration::from_millis(1));
            continue;
        }
        let originals =
            (0..4).filter_map(|step| load.statements.get((forged + step) % load.statements.len()));
        let statements = originals.map(|bytes| {
            let mut bytes = bytes.clone();
            // The last byte belongs to the signature.
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            ByteBuf::from(bytes)
        });
        let body = protocol::to_cbor(&PushRequest { statements: statements.collect() })?;
        let reply =
            connection.exchange_as(forger, "POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        if reply.status == 200 {
            let response: PushResponse = protocol::from_cbor(&reply.body)?;
            let accepted =
                response.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Accepted { .. }));
            ensure!(!accepted, "a forged statement was accepted");
        }
        forged += 4;
    }
    Ok(forged)
}

/// Pushes garbage from one address, about 2,000 times a second with all threads.
fn flood(load: &Load<'_>, throttled: &AtomicUsize) -> Result<usize> {
    let mut connection = HttpConnection::open_from(load.url, Ipv4Addr::new(127, 0, 3, 1))?;
    let body = protocol::to_cbor(&PushRequest { statements: vec![ByteBuf::from(vec![0; 400])] })?;
    while !load.done.load(Ordering::SeqCst) {
        let reply = connection.exchange("POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        if reply.status == 429 {
            throttled.fetch_add(1, Ordering::SeqCst);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(0)
}
