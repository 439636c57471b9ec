//! Honest phones: each pushes a correction of its tally every second, and asks for all receipts at the end.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use evidence::StatementId;
use protocol::{CBOR, Outcome, ReceiptsRequest, ReceiptsResponse, limit, path};
use tally::Paper;

use super::{Latencies, Shared};
use crate::eventually::eventually;
use crate::fleet::client::ReconnectingClient;
use crate::fleet::figures::plausible;
use crate::fleet::sim_witness::{SimWitness, tally_of};
use crate::rng::TestRng;

/// The phones' time: 2026-12-09 19:00 in Jakarta.
pub(super) const SEALED_AT_S: i64 = 1_796_817_600;
/// Interval at which a phone pushes.
const INTERVAL: Duration = Duration::from_secs(1);

pub(super) struct HonestPhone<'a> {
    shared: &'a Shared<'a>,
    witness: SimWitness,
    paper: Paper,
    rng: TestRng,
    pub(super) client: ReconnectingClient<'a>,
    /// From the first attempt to the acceptance.
    pub(super) latencies: Latencies,
    pub(super) acknowledged: Vec<StatementId>,
}

impl<'a> HonestPhone<'a> {
    pub(super) fn new(shared: &'a Shared<'a>, number: usize) -> Result<Self> {
        let election = shared.attack.election;
        let contest = &election.contests.first().context("a contest")?.id;
        Ok(Self {
            shared,
            witness: shared.attack.honest[number].clone(),
            paper: election.paper(contest).context("a paper")?,
            rng: TestRng::new(u64::try_from(number)?),
            client: ReconnectingClient::new(
                shared.attack.url,
                Ipv4Addr::new(127, 0, 1, u8::try_from(number % 250)? + 1),
            ),
            latencies: Latencies::default(),
            acknowledged: Vec::new(),
        })
    }

    /// Pushes until the end.
    pub(super) fn run(mut self) -> Result<Self> {
        while !self.shared.is_over() {
            let start = Instant::now();
            let election = self.shared.attack.election;
            let body = tally_of(&self.paper, election.version, &plausible(&self.paper, &mut self.rng));
            let sealed = self.witness.seal(election.id.as_str(), SEALED_AT_S, body)?;
            let first_attempt = Instant::now();
            let outcomes = self.client.push(&self.witness.key, &[&sealed])?;
            self.latencies.add(first_attempt.elapsed());
            let is_accepted = matches!(outcomes.as_slice(), [Outcome::Accepted { .. }]);
            ensure!(is_accepted, "an honest statement was refused: {outcomes:?}");
            self.acknowledged.push(sealed.id);
            std::thread::sleep(INTERVAL.saturating_sub(start.elapsed()));
        }
        Ok(self)
    }

    /// The number of acknowledged statements that the log has. It waits until it has all of them, or for ever
    /// not the rest.
    pub(super) fn receipts(&mut self) -> Result<usize> {
        let mut found = 0;
        for chunk in self.acknowledged.clone().chunks(limit::RECEIPTS_PER_REQUEST) {
            let request = ReceiptsRequest { statements: chunk.to_vec(), seen_size: 0 };
            let body = protocol::to_cbor(&request)?;
            let mut of_chunk = 0;
            let all = eventually("the receipts of what was acknowledged", || {
                let (key, headers) = (Some(&self.witness.key), [("content-type", CBOR)]);
                let reply = self.client.exchange(key, "POST", path::RECEIPTS, &headers, &body)?;
                let response: ReceiptsResponse = protocol::from_cbor(&reply.body)?;
                of_chunk = response.receipts.iter().flatten().count();
                Ok((of_chunk == chunk.len()).then_some(()))
            });
            // What is not there by then is lost, and the report says so.
            let _ = all;
            found += of_chunk;
        }
        Ok(found)
    }
}
