//! Simulated witnesses: a key and a chain each, and no store. One laptop holds a nation of them.

use anyhow::Result;
use central::store::{Store, StoreLocation};
use evidence::{Body, DeviceKey, Draft, Namespace, Sealed, StatementId, Subject, TallyBody};
use tally::{Election, Figures, Paper, StationId};

use super::plausible;
use crate::rng::TestRng;

/// A witness without a phone. It signs what a phone would sign.
#[derive(Debug)]
pub struct SimWitness {
    pub key: DeviceKey,
    /// The station that it is assigned to.
    pub station: StationId,
    sequence: u64,
    previous: Option<StatementId>,
}

impl Clone for SimWitness {
    fn clone(&self) -> Self {
        let key = DeviceKey::from_seed(*self.key.seed());
        Self { key, station: self.station.clone(), sequence: self.sequence, previous: self.previous }
    }
}

impl SimWitness {
    /// The witness with this number. The same number has the same key.
    pub fn new(number: u64, station: StationId) -> Self {
        let mut seed = [0x5a; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        Self { key: DeviceKey::from_seed(seed), station, sequence: 0, previous: None }
    }

    /// Seals the next statement of its chain.
    ///
    /// # Errors
    /// When the body does not fit into a statement.
    pub fn seal(&mut self, election: &str, sealed_at_s: i64, body: Body) -> Result<Sealed> {
        self.sequence += 1;
        let subject = Subject {
            namespace: Namespace::Real,
            election: election.to_owned(),
            station: self.station.to_string(),
        };
        let draft = Draft { subject, sealed_at_s, sequence: self.sequence, previous: self.previous, body };
        let sealed = draft.seal(&self.key)?;
        self.previous = Some(sealed.id);
        Ok(sealed)
    }
}

/// A tally with these figures.
pub fn tally_of(paper: &Paper, version: u32, figures: &Figures) -> Body {
    Body::Tally(TallyBody {
        contest: paper.contest().id.to_string(),
        package_version: version,
        form: paper.form().id.to_string(),
        figures: paper.to_wire(figures),
        acknowledged: Vec::new(),
        supersedes: None,
        round: tally::FIRST_ROUND,
    })
}

/// 400 plausible papers, to be used in rotation: making one costs more than signing it.
pub fn papers(paper: &Paper, seed: u64) -> Vec<Figures> {
    some_papers(paper, seed, 400)
}

/// `count` plausible papers.
pub fn some_papers(paper: &Paper, seed: u64, count: usize) -> Vec<Figures> {
    let mut rng = TestRng::new(seed);
    (0..count).map(|_| plausible(paper, &mut rng)).collect()
}

/// Enrols witnesses in an endpoint's store without invitations, for all contests of their stations: a load
/// starts on election night, not in the weeks before it.
///
/// # Errors
/// When the store cannot be opened or written.
pub fn seed_enrolled(store: &StoreLocation, election: &Election, witnesses: &[SimWitness]) -> Result<()> {
    let contests_at =
        |station: &StationId| election.contests_at(station).map(|contest| contest.id.to_string()).collect();
    let devices: Vec<_> =
        witnesses.iter().map(|witness| (witness.key.public(), witness.station.clone())).collect();
    Store::open(store)?.seed_enrolled(&devices, &contests_at)?;
    Ok(())
}
