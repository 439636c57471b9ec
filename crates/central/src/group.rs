//! Statements of several callers go into the store together.
//!
//! Making a transaction durable costs the same for one statement as for hundreds. So whoever comes while one is under way
//! waits for it to end, and then one of those who wait takes in what all of them brought.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::intake::Admitted;
use crate::store::{Store, StoreError, TakenIn};

/// Most statements that go in together.
const TOGETHER_MAX: usize = 500;

type Answer = Result<Vec<TakenIn>, Arc<StoreError>>;

/// Where callers wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Group(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Job>,
    under_way: bool,
}

#[derive(Debug)]
struct Job {
    statements: Vec<Admitted>,
    now_ms: i64,
    caller: Arc<Caller>,
}

#[derive(Debug, Default)]
struct Caller {
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Waits,
    /// It is this caller's turn to do the work for all.
    Leads,
    Answered(Answer),
}

impl Caller {
    fn tell(&self, state: State) {
        *lock(&self.state) = state;
        self.told.notify_one();
    }
}

impl Group {
    /// Takes statements in, all or none, together with those of other callers.
    pub(crate) fn take_in(&self, store: &Store, statements: Vec<Admitted>, now_ms: i64) -> Answer {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let caller = Arc::new(Caller::default());
        {
            let mut queue = lock(&self.0);
            queue.waiting.push_back(Job { statements, now_ms, caller: Arc::clone(&caller) });
            if !queue.under_way {
                queue.under_way = true;
                caller.tell(State::Leads);
            }
        }
        loop {
            let mut state = lock(&caller.state);
            match std::mem::take(&mut *state) {
                State::Answered(answer) => return answer,
                State::Leads => {
                    drop(state);
                    self.lead(store);
                }
                State::Waits => {
                    drop(caller.told.wait_while(state, |state| matches!(state, State::Waits)));
                }
            }
        }
    }

    /// Takes in what waits, answers those who brought it, and hands the lead to the next who waits.
    fn lead(&self, store: &Store) {
        let mut jobs = Vec::new();
        let mut count = 0;
        {
            let mut queue = lock(&self.0);
            while let Some(job) = queue.waiting.pop_front() {
                count += job.statements.len();
                jobs.push(job);
                if count >= TOGETHER_MAX {
                    break;
                }
            }
        }
        take_jobs_in(store, jobs);
        let mut queue = lock(&self.0);
        match queue.waiting.front() {
            Some(next) => next.caller.tell(State::Leads),
            None => queue.under_way = false,
        }
    }
}

fn take_jobs_in(store: &Store, jobs: Vec<Job>) {
    let Some(now_ms) = jobs.iter().map(|job| job.now_ms).max() else { return };
    let mut all = Vec::new();
    let mut callers = Vec::new();
    for mut job in jobs {
        callers.push((job.caller, job.statements.len()));
        all.append(&mut job.statements);
    }
    match store.take_in(&all, now_ms) {
        Ok(taken) => {
            let mut taken = taken.into_iter();
            for (caller, count) in callers {
                caller.tell(State::Answered(Ok(taken.by_ref().take(count).collect())));
            }
        }
        Err(error) if callers.len() == 1 || error.passes() => {
            let error = Arc::new(error);
            for (caller, _) in callers {
                caller.tell(State::Answered(Err(Arc::clone(&error))));
            }
        }
        Err(_) => {
            // One of them is to blame; the others must not suffer for it.
            let mut all = all.into_iter();
            for (caller, count) in callers {
                let own: Vec<Admitted> = all.by_ref().take(count).collect();
                caller.tell(State::Answered(store.take_in(&own, now_ms).map_err(Arc::new)));
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
