//! One attacker: an address, an enrolled phone in its hands, and a count of what became of its attempts.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use evidence::DeviceKey;
use rustix::process::setpriority_process;
use rustix::thread::gettid;

use super::{AttackKind, Counts, Shared};
use crate::fleet::sim_witness::SimWitness;
use crate::http::{HttpConnection, HttpReply};
use crate::rng::TestRng;

/// Time after which an attacker gives up on an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Priority of an attacker's thread: the lowest.
const LOWEST_PRIORITY: i32 = 19;
/// Pause after a connection that cannot be opened.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) struct Attacker<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) counts: &'a Counts,
    pub(super) own: Ipv4Addr,
    pub(super) phone: SimWitness,
    /// The phone's key.
    pub(super) key: Arc<DeviceKey>,
    pub(super) rng: TestRng,
    connection: Option<HttpConnection>,
}

impl<'a> Attacker<'a> {
    /// The attacker of the kind at `place` of the attack's kinds, at the address `number`. The phones go
    /// round.
    pub(super) fn new(shared: &'a Shared<'a>, place: usize, number: u8) -> Result<Self> {
        let hostile = &shared.attack.hostile;
        let index = place * usize::from(shared.attack.addresses) + usize::from(number);
        let phone = hostile[index % hostile.len()].clone();
        Ok(Self {
            shared,
            counts: &shared.counts[place],
            own: shared.hostile_address(number),
            key: Arc::new(phone.clone().key),
            phone,
            rng: TestRng::new(u64::try_from(index)?),
            connection: None,
        })
    }

    /// Attacks until the end.
    pub(super) fn run(mut self, kind: AttackKind) -> Result<()> {
        give_way()?;
        match kind {
            AttackKind::UnreadStreams => self.unread_streams(),
            AttackKind::SlowBodies => self.slow_bodies(),
            AttackKind::SlowReaders => self.slow_readers(),
            AttackKind::StrangersReceipts => self.strangers_receipts()?,
            AttackKind::DroppedPushes => self.dropped_pushes()?,
            AttackKind::ImageBombs => self.image_bombs()?,
            AttackKind::UnassignedStatements => self.unassigned_statements()?,
            AttackKind::WrongLogins => self.wrong_logins(),
        }
        Ok(())
    }

    /// Sends a request, with the proof of a device if there is a key, and counts what became of it. `None`
    /// when there was no answer.
    pub(super) fn request(
        &mut self,
        key: Option<&DeviceKey>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<HttpReply> {
        let reply = self.open().and_then(|mut connection| {
            let reply = match key {
                Some(key) => connection.exchange_as(key, method, path, headers, body),
                None => connection.exchange(method, path, headers, body),
            }?;
            self.connection = Some(connection);
            Ok(reply)
        });
        let Ok(reply) = reply else {
            self.counts.add(&self.counts.broken);
            std::thread::sleep(PAUSE);
            return None;
        };
        self.counts.add(match reply.status {
            200..300 => &self.counts.done,
            429 | 503 => &self.counts.later,
            _ => &self.counts.refused,
        });
        Some(reply)
    }

    /// The connection that stays open, or a new one.
    pub(super) fn open(&mut self) -> Result<HttpConnection> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let connection = HttpConnection::open_from(self.shared.attack.url, self.own)?;
        connection.set_timeout(PATIENCE)?;
        Ok(connection)
    }
}

/// Lets the endpoint go first on this machine. Attackers compute elsewhere on the night; here their hundreds
/// of threads would only measure how the system divides two cores.
fn give_way() -> Result<()> {
    // Linux has a priority of each thread.
    setpriority_process(Some(gettid()), LOWEST_PRIORITY).context("lowering the priority of an attacker")
}
