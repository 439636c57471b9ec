//! Group commit: requests that arrive while a transaction runs are batched into the next one.
//!
//! A durable transaction costs the same for one statement as for hundreds, and so does a round trip to a
//! database server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::{io, thread};

use tokio::sync::{mpsc, oneshot};

use crate::blocking::{block_on, internal};
use crate::store::StoreError;

/// Number of items at which a batch is full. The job that reaches it is in the batch as a whole.
const BATCH_ITEMS: usize = 500;
/// Maximum number of jobs in the channel. More callers than lanes have permits cannot be there.
const JOBS_MAX: usize = 1_024;

/// The results of one caller's items, in their order.
type Answer<O> = Result<Vec<O>, CommitError>;

/// The reason why a caller's items have no results.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum CommitError {
    /// The transaction failed. The callers of a batch share the error.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The work panicked. Later jobs are done all the same.
    #[error("cannot commit, because the transaction panicked")]
    Panicked,
}

/// A thread that does the work of all callers, in batches. `I` is an item, `O` its result.
#[derive(Debug)]
pub(crate) struct GroupCommit<I, O> {
    jobs: Option<mpsc::Sender<Job<I, O>>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Job<I, O> {
    items: Vec<I>,
    answer: oneshot::Sender<Answer<O>>,
}

impl<I: Send + 'static, O: Send + 'static> GroupCommit<I, O> {
    /// Starts the thread. `work` succeeds or fails as a whole, and gives a result for each item, in their
    /// order.
    pub(crate) fn start(
        name: &str,
        work: impl Fn(&[I]) -> Result<Vec<O>, StoreError> + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, mut receiver) = mpsc::channel(JOBS_MAX);
        let commit = move || {
            let mut jobs = Vec::new();
            while receiver.blocking_recv_many(&mut jobs, JOBS_MAX) > 0 {
                for batch in batches(std::mem::take(&mut jobs)) {
                    // A panic ends the batch, whose callers lose their channel, and not the thread of all
                    // others.
                    let _ = catch_unwind(AssertUnwindSafe(|| do_batch(batch, &work)));
                }
            }
        };
        // All devices wait for this thread, so it never waits for a connection of the store.
        let thread = thread::Builder::new().name(name.to_owned()).spawn(|| internal(commit))?;
        Ok(Self { jobs: Some(sender), thread: Some(thread) })
    }

    /// Does the work for these items, together with those of other callers. Blocks until it is done.
    pub(crate) fn submit(&self, items: Vec<I>) -> Answer<O> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let wait = async {
            self.jobs.as_ref()?.send(Job { items, answer }).await.ok()?;
            answered.await.ok()
        };
        block_on(wait).unwrap_or(Err(CommitError::Panicked))
    }
}

impl<I, O> Drop for GroupCommit<I, O> {
    fn drop(&mut self) {
        // Without a sender the thread ends. It is waited for, because it holds the store open.
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The jobs in batches of some [`BATCH_ITEMS`] items.
fn batches<I, O>(jobs: Vec<Job<I, O>>) -> Vec<Vec<Job<I, O>>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut items = 0;
    for job in jobs {
        items += job.items.len();
        batch.push(job);
        if items >= BATCH_ITEMS {
            batches.push(std::mem::take(&mut batch));
            items = 0;
        }
    }
    batches.push(batch);
    batches
}

fn do_batch<I, O>(mut jobs: Vec<Job<I, O>>, work: &impl Fn(&[I]) -> Result<Vec<O>, StoreError>) {
    let counts: Vec<usize> = jobs.iter().map(|job| job.items.len()).collect();
    let items: Vec<I> = jobs.iter_mut().flat_map(|job| std::mem::take(&mut job.items)).collect();
    if items.is_empty() {
        return;
    }
    for (job, answer) in jobs.into_iter().zip(answers(&items, &counts, work)) {
        // A caller that is gone needs no answer.
        let _ = job.answer.send(answer);
    }
}

fn answers<I, O>(
    items: &[I],
    counts: &[usize],
    work: &impl Fn(&[I]) -> Result<Vec<O>, StoreError>,
) -> Vec<Answer<O>> {
    match work(items) {
        Ok(results) => {
            let mut results = results.into_iter();
            counts.iter().map(|&count| Ok(results.by_ref().take(count).collect())).collect()
        }
        Err(error) if counts.len() == 1 || error.is_transient() => {
            let error = CommitError::Store(Arc::new(error));
            counts.iter().map(|_| Err(error.clone())).collect()
        }
        // One caller's items are the cause. Each caller gets a transaction of its own, so that the others
        // succeed.
        Err(_) => {
            let mut rest = items;
            let own = |&count: &usize| {
                let (own, others) = rest.split_at(count.min(rest.len()));
                rest = others;
                work(own).map_err(|error| CommitError::Store(Arc::new(error)))
            };
            counts.iter().map(own).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(items: &[u32]) -> Result<Vec<u32>, StoreError> {
        if items.contains(&13) {
            return Err(StoreError::LogHandedOver);
        }
        assert!(!items.contains(&66), "a defect of the work");
        Ok(items.iter().map(|item| item * 2).collect())
    }

    #[test]
    fn a_panic_fails_its_own_batch_and_nothing_later() {
        let commits = GroupCommit::start("test", doubled).unwrap();
        assert!(matches!(commits.submit(vec![66]), Err(CommitError::Panicked)));
        assert_eq!(commits.submit(vec![4]).unwrap(), [8]);
    }

    #[test]
    fn every_caller_gets_the_results_of_its_own_items() {
        let commits = GroupCommit::start("test", doubled).unwrap();
        thread::scope(|scope| {
            let commits = &commits;
            let submit = |item: u32| (item, scope.spawn(move || commits.submit(vec![item, 1])));
            let callers: Vec<_> = (100..120).map(submit).collect();
            for (item, answer) in callers {
                assert_eq!(answer.join().unwrap().unwrap(), [item * 2, 2]);
            }
        });
        assert!(commits.submit(Vec::new()).unwrap().is_empty());
    }

    #[test]
    fn a_batch_ends_with_the_job_that_fills_it() {
        let job = |count: usize| Job::<u32, u32> { items: vec![0; count], answer: oneshot::channel().0 };
        let sizes: Vec<Vec<usize>> = batches(vec![job(499), job(64), job(1)])
            .iter()
            .map(|batch| batch.iter().map(|job| job.items.len()).collect())
            .collect();
        assert_eq!(sizes, [vec![499, 64], vec![1]]);
    }

    #[test]
    fn the_items_of_one_caller_do_not_fail_those_of_the_others() {
        let answers = answers(&[1, 13, 2], &[1, 1, 1], &doubled);
        let results: Vec<Option<Vec<u32>>> = answers.into_iter().map(Result::ok).collect();
        assert_eq!(results, [Some(vec![2]), None, Some(vec![4])]);
    }
}
