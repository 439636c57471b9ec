//! The border between asynchronous and blocking code, and the limits on how much blocking work runs at the
//! same time.
//!
//! The store and the photo storage have a synchronous interface: SQLite blocks, transactions are closures,
//! and the same rules run from the command line, from the import and from the web. The PostgreSQL client and
//! the object store are asynchronous. So a web request goes from the asynchronous server to a blocking thread
//! ([`Lane`]), and inside it from blocking code to an asynchronous client ([`Bridge`]). One interface for
//! both databases and both photo storages is worth this detour.

use std::cell::Cell;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::error::Elapsed;

/// The number of pieces of work of one kind that run at the same time, and the number that may wait.
#[derive(Debug)]
pub(crate) struct Lane {
    running: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Lane {
    pub(crate) fn new(running_max: usize, waiting_max: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(running_max)), waiting: Semaphore::new(waiting_max) }
    }

    /// Waits for a permit. `None` when too many wait already.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        let _place_in_the_queue = self.waiting.try_acquire().ok()?;
        Arc::clone(&self.running).acquire_owned().await.ok()
    }

    /// Runs `work` on a thread for blocking work.
    ///
    /// The permit moves into the work. A request that its client cancels stops waiting, but its work runs on
    /// to its end: until then the permit is in use.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LaneError> {
        let permit = self.permit().await.ok_or(LaneError::Full)?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(LaneError::Panicked)
    }
}

/// Permits for asynchronous work, with a bounded number of tasks that wait.
#[derive(Debug)]
pub(crate) struct Queue(Lane);

impl Queue {
    pub(crate) fn new(running_max: usize, waiting_max: usize) -> Self {
        Self(Lane::new(running_max, waiting_max))
    }

    /// Waits for a permit. `None` when too many wait already.
    pub(crate) async fn acquire(&self) -> Option<OwnedSemaphorePermit> {
        self.0.permit().await
    }
}

/// A lane: work of one kind, which waits for work of its own kind only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaneName {
    /// The sequencer, the counter and the readiness check. It has no queue and never waits.
    Internal,
    /// Requests of enrolled devices.
    Device,
    /// Requests of users who have logged in.
    Console,
    /// Everybody else.
    Stranger,
    /// Work that decodes pictures.
    Pixels,
}

tokio::task_local! {
    /// The lane of the request that the task serves.
    static LANE: LaneName;
}

impl LaneName {
    /// Runs `request` so that its blocking work takes this lane.
    pub(crate) async fn scope<F: Future>(self, request: F) -> F::Output {
        LANE.scope(self, request).await
    }

    /// The lane of the request that this task serves. Outside of a request, that of the console.
    pub(crate) fn current() -> Self {
        LANE.try_with(|lane| *lane).unwrap_or(Self::Console)
    }
}

/// The lanes of an endpoint. All that run together are fewer than tokio's 512 threads for blocking work, so
/// that internal work always finds a thread.
#[derive(Debug)]
pub(crate) struct Lanes {
    device: Lane,
    console: Lane,
    stranger: Lane,
    pixels: Lane,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            // Most pushes wait for the group commit. The bodies of those that wait are in memory: 192 MiB at
            // most.
            device: Lane::new(128, 768),
            console: Lane::new(32, 256),
            stranger: Lane::new(8, 64),
            pixels: Lane::new(2, 32),
        }
    }
}

impl Lanes {
    /// Runs `work` on a thread for blocking work, in the lane of this name.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        name: LaneName,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LaneError> {
        match name {
            LaneName::Internal => {
                tokio::task::spawn_blocking(|| internal(work)).await.map_err(LaneError::Panicked)
            }
            LaneName::Device => self.device.run(work).await,
            LaneName::Console => self.console.run(work).await,
            LaneName::Stranger => self.stranger.run(work).await,
            LaneName::Pixels => self.pixels.run(work).await,
        }
    }
}

thread_local! {
    static IS_INTERNAL: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` with the connections of the store that are reserved for internal work.
pub(crate) fn internal<T>(work: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_INTERNAL.set(self.0);
        }
    }
    let _restore = Restore(IS_INTERNAL.replace(true));
    work()
}

/// Whether this thread does internal work.
pub(crate) fn is_internal() -> bool {
    IS_INTERNAL.get()
}

/// A number of bytes that several threads share, such as the memory for decoded pictures.
#[derive(Debug, Clone)]
pub(crate) struct ByteBudget {
    all: u32,
    free: Arc<Semaphore>,
}

impl ByteBudget {
    /// The unit in which bytes are counted: 64 KiB.
    const UNIT: u64 = 64 * 1024;

    pub(crate) fn new(bytes: u64) -> Self {
        let all = u32::try_from(bytes / Self::UNIT).unwrap_or(u32::MAX);
        Self { all, free: Arc::new(Semaphore::new(all as usize)) }
    }

    /// Blocks until `bytes` are free. They are in use until the result is dropped. A number above the whole
    /// budget waits for all of it.
    pub(crate) fn acquire(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.div_ceil(Self::UNIT)).unwrap_or(u32::MAX).min(self.all);
        block_on(Arc::clone(&self.free).acquire_many_owned(units)).ok()
    }
}

/// The reason why work has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LaneError {
    /// Too much work waits already. Nothing was done.
    #[error("too much work waits already")]
    Full,
    /// The work panicked.
    #[error("cannot finish blocking work")]
    Panicked(#[source] tokio::task::JoinError),
}

/// The number of threads that may do something at the same time. For threads that may block.
#[derive(Debug, Clone)]
pub(crate) struct Permits(Arc<Semaphore>);

impl Permits {
    pub(crate) fn new(max: usize) -> Self {
        Self(Arc::new(Semaphore::new(max)))
    }

    /// Blocks until there is a permit. It ends when it is dropped.
    pub(crate) fn acquire(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there always is one.
        block_on(Arc::clone(&self.0).acquire_owned()).ok()
    }
}

/// Blocks until asynchronous work is done.
///
/// tokio gives each poll of a task a budget of 128 operations, after which they are all pending until the
/// task has returned to its runtime. A task that blocks here does not return: without a budget of its own,
/// the work would wait for ever.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    futures::executor::block_on(tokio::task::unconstrained(work))
}

/// Runs asynchronous I/O for blocking code.
///
/// Its own runtime, of one thread, drives timers and connections. The caller's thread only waits. The caller
/// must not be a thread that serves the network, because those would stand still.
#[derive(Debug)]
pub(crate) struct Bridge(Option<Runtime>);

impl Bridge {
    pub(crate) fn new(thread_name: &'static str) -> io::Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .worker_threads(1)
            .thread_name(thread_name)
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    /// Blocks until the work is done.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        // `Runtime::block_on` panics on a thread that is in a runtime already, as every thread for blocking
        // work is. Entering the runtime and polling outside of it has the same effect.
        let _entered = self.0.as_ref().map(Runtime::enter);
        block_on(work)
    }

    /// Blocks until the work is done, or the timeout is over.
    pub(crate) fn wait_at_most<T>(
        &self,
        timeout: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Elapsed> {
        self.wait(async { tokio::time::timeout(timeout, work).await })
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // The ordinary drop waits for the runtime's threads, and panics when the last handle ends in
        // asynchronous code.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures::FutureExt as _;
    use tokio::task::coop::{consume_budget, has_budget_remaining};

    use super::*;

    #[tokio::test]
    async fn a_cancelled_request_keeps_its_permit_until_its_work_has_ended() {
        let lane = Arc::new(Lane::new(1, 8));
        let (started, has_started) = mpsc::channel();
        let (end, may_end) = mpsc::channel::<()>();
        let in_lane = Arc::clone(&lane);
        let request = tokio::spawn(async move {
            let work = move || {
                started.send(()).unwrap();
                may_end.recv().unwrap();
            };
            in_lane.run(work).await
        });
        tokio::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(lane.running.available_permits(), 0, "the work still runs");

        end.send(()).unwrap();
        assert_eq!(lane.run(|| 7).await.unwrap(), 7, "the next work gets the permit");
    }

    #[tokio::test]
    async fn internal_work_runs_while_every_other_lane_is_full() {
        let lanes = Lanes::default();
        let mut full = Vec::new();
        for lane in [&lanes.device, &lanes.console, &lanes.stranger, &lanes.pixels] {
            let running = u32::try_from(lane.running.available_permits()).unwrap();
            full.push(Arc::clone(&lane.running).acquire_many_owned(running).await.unwrap());
            lane.waiting.forget_permits(usize::MAX);
        }
        assert!(matches!(lanes.run(LaneName::Console, || ()).await, Err(LaneError::Full)));
        assert!(lanes.run(LaneName::Internal, is_internal).await.unwrap());
        assert!(!is_internal(), "only while the work runs");
        drop(full);
    }

    #[tokio::test]
    async fn a_request_takes_the_lane_of_its_route() {
        assert_eq!(LaneName::current(), LaneName::Console);
        let lane = LaneName::Stranger.scope(async { LaneName::current() }).await;
        assert_eq!(lane, LaneName::Stranger);
    }

    #[test]
    fn pictures_share_their_memory_and_one_above_all_of_it_gets_all() {
        let budget = ByteBudget::new(1_024 * 1_024);
        let all = budget.acquire(u64::MAX).unwrap();
        assert_eq!(budget.free.available_permits(), 0);
        drop(all);
        let _half = budget.acquire(512 * 1_024).unwrap();
        assert_eq!(budget.free.available_permits(), 8);
    }

    #[tokio::test]
    async fn work_that_may_not_wait_is_refused_at_once() {
        let lane = Lane::new(1, 1);
        let _running = lane.permit().await.unwrap();
        let _waiting = lane.waiting.try_acquire().unwrap();
        assert!(matches!(lane.run(|| ()).await, Err(LaneError::Full)));
    }

    #[tokio::test]
    async fn work_that_a_task_blocks_for_goes_on_when_the_tasks_budget_is_used_up() {
        let bridge = Bridge::new("test").unwrap();
        while has_budget_remaining() {
            let _ = consume_budget().now_or_never();
        }
        assert!(bridge.wait(async { has_budget_remaining() }));
        assert_eq!(bridge.wait_at_most(Duration::from_secs(60), std::future::ready(7)).unwrap(), 7);
    }

    #[test]
    fn work_that_never_ends_is_over_at_its_timeout() {
        let bridge = Bridge::new("test").unwrap();
        assert!(bridge.wait_at_most(Duration::from_millis(10), std::future::pending::<()>()).is_err());
    }
}
