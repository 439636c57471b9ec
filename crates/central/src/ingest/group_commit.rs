//! What several callers bring goes to the store together.
//!
//! Making a transaction durable costs the same for one statement as for hundreds, and so does a way to a server and back. So
//! whoever comes while one is under way waits for it to end, and then one of those who wait does it for all of them.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::store::StoreError;

/// Most things that go together.
const TOGETHER_MAX: usize = 500;

type Answer<O> = Result<Vec<O>, Arc<StoreError>>;

/// Where callers wait for each other: each brings things, and gets something for each.
#[derive(Debug)]
pub(crate) struct Group<I, O>(Mutex<Queue<I, O>>);

#[derive(Debug)]
struct Queue<I, O> {
    waiting: VecDeque<Job<I, O>>,
    under_way: bool,
}

#[derive(Debug)]
struct Job<I, O> {
    things: Vec<I>,
    caller: Arc<Caller<O>>,
}

#[derive(Debug)]
struct Caller<O> {
    state: Mutex<State<O>>,
    told: Condvar,
}

#[derive(Debug)]
enum State<O> {
    Waits,
    /// It is this caller's turn to do the work for all.
    Leads,
    Answered(Answer<O>),
}

impl<O> Caller<O> {
    fn tell(&self, state: State<O>) {
        *lock(&self.state) = state;
        self.told.notify_one();
    }
}

impl<I, O> Default for Group<I, O> {
    fn default() -> Self {
        Self(Mutex::new(Queue { waiting: VecDeque::new(), under_way: false }))
    }
}

impl<I, O> Group<I, O> {
    /// Does `work` for these things, all or none, together with those of other callers. It must be the same for all of
    /// them, and give something for each thing in its order.
    pub(crate) fn together(
        &self,
        things: Vec<I>,
        work: impl Fn(&[I]) -> Result<Vec<O>, StoreError>,
    ) -> Answer<O> {
        if things.is_empty() {
            return Ok(Vec::new());
        }
        let caller = Arc::new(Caller { state: Mutex::new(State::Waits), told: Condvar::new() });
        {
            let mut queue = lock(&self.0);
            queue.waiting.push_back(Job { things, caller: Arc::clone(&caller) });
            if !queue.under_way {
                queue.under_way = true;
                caller.tell(State::Leads);
            }
        }
        loop {
            let mut state = lock(&caller.state);
            match std::mem::replace(&mut *state, State::Waits) {
                State::Answered(answer) => return answer,
                State::Leads => {
                    drop(state);
                    self.lead(&work);
                }
                State::Waits => {
                    drop(caller.told.wait_while(state, |state| matches!(state, State::Waits)));
                }
            }
        }
    }

    /// Does the work for those who wait, answers them, and hands the lead to the next who waits.
    fn lead(&self, work: &impl Fn(&[I]) -> Result<Vec<O>, StoreError>) {
        let mut jobs = Vec::new();
        let mut count = 0;
        {
            let mut queue = lock(&self.0);
            while let Some(job) = queue.waiting.pop_front() {
                count += job.things.len();
                jobs.push(job);
                if count >= TOGETHER_MAX {
                    break;
                }
            }
        }
        do_jobs(jobs, work);
        let mut queue = lock(&self.0);
        match queue.waiting.front() {
            Some(next) => next.caller.tell(State::Leads),
            None => queue.under_way = false,
        }
    }
}

fn do_jobs<I, O>(jobs: Vec<Job<I, O>>, work: &impl Fn(&[I]) -> Result<Vec<O>, StoreError>) {
    let mut all = Vec::new();
    let mut callers = Vec::new();
    for mut job in jobs {
        callers.push((job.caller, job.things.len()));
        all.append(&mut job.things);
    }
    match work(&all) {
        Ok(done) => {
            let mut done = done.into_iter();
            for (caller, count) in callers {
                caller.tell(State::Answered(Ok(done.by_ref().take(count).collect())));
            }
        }
        Err(error) if callers.len() == 1 || error.is_transient() => {
            let error = Arc::new(error);
            for (caller, _) in callers {
                caller.tell(State::Answered(Err(Arc::clone(&error))));
            }
        }
        Err(_) => {
            // One of them is to blame; the others must not suffer for it.
            let mut rest = &all[..];
            for (caller, count) in callers {
                let (own, others) = rest.split_at(count.min(rest.len()));
                rest = others;
                caller.tell(State::Answered(work(own).map_err(Arc::new)));
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
