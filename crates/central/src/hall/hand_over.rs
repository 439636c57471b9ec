//! Hands what the hall keeps to the endpoint: enrolments, then statements, then photos, each as its bytes.
//!
//! The endpoint stores a statement once, by its id, and a photo by its hash, so that handing on again after a
//! crash changes nothing. Something that the endpoint refuses for good stays here, with the reason.

use evidence::{DeviceKey, PhotoHash, StatementId};
use protocol::{CarriedResult, Outcome, Problem};

use super::upstream::{Handed, Upstream};
use crate::endpoint::Endpoint;
use crate::photo_storage::PhotoError;
use crate::private_files::{Existing, read_seed, write_seed};
use crate::refusal::Refusal;
use crate::store::{HallMark, StoreError};

/// Number of statements in one push, and of photos in one read.
const BATCH: usize = 32;
/// Number of results of a drill in one request. All of them fit its body.
const RESULTS_BATCH: usize = 16;
/// Maximum number of results in one hand-over. The next one hands on what is beyond.
const RESULTS_AT_ONCE: usize = 2_000;
/// Maximum number of enrolments in one hand-over. A hall lets in fewer devices.
const ENROLMENTS_MAX: usize = 50_000;
/// The file of the hall's own key, in its data folder.
const KEY_FILE: &str = "hall.key";

/// Why nothing more was handed on. What waits still waits.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    #[error("cannot hand on: this data folder is not a hall's")]
    NotAHall,
    #[error("cannot reach the endpoint")]
    Unreachable(#[source] reqwest::Error),
    #[error("cannot recognise the endpoint in what answered")]
    NotTheEndpoint,
    #[error("cannot hand on: the endpoint refused the hall itself: {}", .0.detail)]
    HallRefused(Problem),
    #[error("cannot hand on: the endpoint refused: {}", .0.detail)]
    Refused(Problem),
    #[error("cannot read or write the hall's key")]
    Key(#[source] std::io::Error),
    #[error("cannot use the hall's own data: {}", .0.detail)]
    Own(Problem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Photos(#[from] PhotoError),
}

impl From<Refusal> for HandOverError {
    fn from(refusal: Refusal) -> Self {
        Self::Own(*refusal.problem)
    }
}

/// What was handed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandedOver {
    pub enrolments: u32,
    pub statements: u32,
    pub photos: u32,
    /// Refused for good. They stay here, with the reason.
    pub refused: u32,
    /// Refused for now, for instance because the device has not joined yet.
    pub later: u32,
}

impl Endpoint {
    /// Hands everything on that waits. `to` is the endpoint's address, if it is another one than in the hall
    /// file.
    pub async fn hand_over(&self, to: Option<&str>) -> Result<HandedOver, HandOverError> {
        let mark = self.hall().ok_or(HandOverError::NotAHall)?.clone();
        let mut done = HandedOver::default();
        if !self.internal(Self::has_something_to_hand_on).await? {
            return Ok(done);
        }
        let HallMark { endpoint, code, .. } = mark;
        let upstream = Upstream::new(to.unwrap_or(&endpoint), self.hall_key()?)?;
        upstream.enrol_self(&code).await?;
        if self.drill().is_some() {
            self.hand_results(&upstream, &mut done).await?;
            return Ok(done);
        }
        self.hand_enrolments(&upstream, &mut done).await?;
        self.hand_statements(&upstream, &mut done).await?;
        self.hand_photos(&upstream, &mut done).await?;
        Ok(done)
    }

    fn has_something_to_hand_on(&self) -> Result<bool, Refusal> {
        if self.drill().is_some() {
            return Ok(!self.results_to_hand_on(1)?.is_empty());
        }
        let counts = self.store().hall_counts()?;
        Ok(counts.enrolments_waiting + counts.statements_waiting + counts.photos_waiting > 0)
    }

    /// Of a drill only the results are handed on, with what says whose they are.
    async fn hand_results(&self, upstream: &Upstream, done: &mut HandedOver) -> Result<(), HandOverError> {
        let waiting = self.internal(|endpoint| endpoint.results_to_hand_on(RESULTS_AT_ONCE)).await?;
        for part in waiting.chunks(RESULTS_BATCH) {
            let (ids, results): (Vec<StatementId>, Vec<CarriedResult>) = part.iter().cloned().unzip();
            let response = upstream.hand_results(results).await?;
            if response.outcomes.len() != ids.len() {
                return Err(HandOverError::NotTheEndpoint);
            }
            for (id, outcome) in ids.into_iter().zip(response.outcomes) {
                self.statement_handed(id, outcome, done).await?;
            }
        }
        Ok(())
    }

    async fn hand_enrolments(&self, upstream: &Upstream, done: &mut HandedOver) -> Result<(), HandOverError> {
        let waiting = self.internal(|endpoint| Ok(endpoint.store().kept_enrolments(ENROLMENTS_MAX)?)).await?;
        for kept in waiting {
            let refusal = match upstream.hand_enrolment(&kept.enrolment).await? {
                Handed::Stored => None,
                Handed::Refused(problem) if problem.code.is_transient() => {
                    done.later += 1;
                    continue;
                }
                Handed::Refused(problem) => Some(in_words(&problem)),
            };
            count(&mut done.enrolments, &mut done.refused, refusal.is_some());
            self.internal(move |endpoint| {
                let now_ms = endpoint.now_ms();
                Ok(endpoint.store().enrolment_handed(&kept, refusal.as_deref(), now_ms)?)
            })
            .await?;
        }
        Ok(())
    }

    async fn hand_statements(&self, upstream: &Upstream, done: &mut HandedOver) -> Result<(), HandOverError> {
        let mut position = 0;
        loop {
            let waiting = self
                .internal(move |endpoint| Ok(endpoint.store().statements_to_hand_on(position, BATCH)?))
                .await?;
            let Some((last, _, _)) = waiting.last() else { return Ok(()) };
            position = last + 1;
            let ids: Vec<StatementId> = waiting.iter().map(|(_, id, _)| *id).collect();
            let response = upstream.push(waiting.into_iter().map(|(_, _, bytes)| bytes).collect()).await?;
            if response.outcomes.len() != ids.len() {
                return Err(HandOverError::NotTheEndpoint);
            }
            for (id, outcome) in ids.into_iter().zip(response.outcomes) {
                self.statement_handed(id, outcome, done).await?;
            }
        }
    }

    /// Only the id of the very bytes that were handed on counts.
    async fn statement_handed(
        &self,
        id: StatementId,
        outcome: Outcome,
        done: &mut HandedOver,
    ) -> Result<(), HandOverError> {
        let refusal = match outcome {
            Outcome::Accepted { id: stored, .. } if stored == id => None,
            Outcome::Accepted { .. } => return Err(HandOverError::NotTheEndpoint),
            Outcome::Refused { problem } if problem.code.is_transient() => {
                done.later += 1;
                return Ok(());
            }
            Outcome::Refused { problem } => Some(in_words(&problem)),
        };
        count(&mut done.statements, &mut done.refused, refusal.is_some());
        self.was_handed(id.0, refusal).await
    }

    async fn hand_photos(&self, upstream: &Upstream, done: &mut HandedOver) -> Result<(), HandOverError> {
        let mut after: Option<PhotoHash> = None;
        loop {
            let waiting =
                self.internal(move |endpoint| Ok(endpoint.store().photos_to_hand_on(after, BATCH)?)).await?;
            let Some(last) = waiting.last() else { return Ok(()) };
            after = Some(*last);
            for hash in waiting {
                let Some(bytes) = self.internal(move |endpoint| Ok(endpoint.photos().read(hash)?)).await?
                else {
                    continue;
                };
                let refusal = match upstream.hand_photo(hash, &bytes).await? {
                    Handed::Stored => None,
                    Handed::Refused(problem) if problem.code.is_transient() => {
                        done.later += 1;
                        continue;
                    }
                    Handed::Refused(problem) => Some(in_words(&problem)),
                };
                count(&mut done.photos, &mut done.refused, refusal.is_some());
                self.was_handed(hash.0, refusal).await?;
            }
        }
    }

    async fn was_handed(&self, hash: [u8; 32], refusal: Option<String>) -> Result<(), HandOverError> {
        self.internal(move |endpoint| {
            let now_ms = endpoint.now_ms();
            Ok(endpoint.store().handed(hash, refusal.as_deref(), now_ms)?)
        })
        .await
        .map_err(HandOverError::from)
    }

    /// The key with which the hall carries. It is made at the first hand-over.
    fn hall_key(&self) -> Result<DeviceKey, HandOverError> {
        let file = self.data().join(KEY_FILE);
        if let Some(seed) = read_seed(&file).map_err(HandOverError::Key)? {
            return Ok(DeviceKey::from_seed(seed));
        }
        let seed: [u8; 32] = self.environment().random().map_err(|error| HandOverError::Key(other(error)))?;
        write_seed(&file, &seed, Existing::IsReplaced).map_err(HandOverError::Key)?;
        Ok(DeviceKey::from_seed(seed))
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> std::io::Error {
    std::io::Error::other(error)
}

fn count(handed: &mut u32, refused: &mut u32, is_refused: bool) {
    *(if is_refused { refused } else { handed }) += 1;
}

fn in_words(problem: &Problem) -> String {
    format!("{}: {}", problem.code, problem.detail)
}
