//! A witness's device in a simulated night. It types, photographs, seals and syncs. Its clock is wrong, and
//! it gets killed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};

use anyhow::{Context, Result};
use device::sync::send_due;
use device::view::{AttendanceEvent, Failure, FailureCode, TallyView};
use device::{Device, DeviceError, Invitation, LifeState, MemoryKeystore, Platform, TallyKey};
use environment::{Clock, Environment, Rng, RngError};
use evidence::StatementId;
use protocol::EnrolResponse;
use tally::{Figure, StationId};
use tempfile::TempDir;

use super::VirtualTime;
use super::network::{SimNetwork, fast_folder};
use super::photos::photo;
use crate::rng::{SeededRng, TestRng};

const MINUTE_MS: i64 = 60_000;
const YEAR_MS: i64 = 365 * 86_400_000;

/// The panic payload that kills a device.
struct Killed;

/// Ends the device's work at this point.
#[expect(clippy::panic, reason = "a panic ends the device at any point, and is caught outside of it")]
pub(super) fn kill() {
    std::panic::panic_any(Killed);
}

/// Counts the reads of clock and random bytes down to the one that kills the device.
#[derive(Debug)]
struct Fuse(AtomicI64);

impl Fuse {
    const OUT: i64 = -1;

    fn burn(&self) {
        let left = self.0.load(Ordering::SeqCst);
        if left > 0 {
            self.0.store(left - 1, Ordering::SeqCst);
        } else if left == 0 {
            self.0.store(Self::OUT, Ordering::SeqCst);
            kill();
        }
    }
}

/// A clock that is wrong. Its fuse may kill the device.
struct SkewedClock {
    time: VirtualTime,
    skew_ms: AtomicI64,
    fuse: Arc<Fuse>,
}

impl Clock for SkewedClock {
    fn now_ms(&self) -> i64 {
        self.fuse.burn();
        self.time.now_ms().saturating_add(self.skew_ms.load(Ordering::SeqCst))
    }
}

/// Seeded random bytes. Their fuse may kill the device.
struct FusedRng {
    rng: SeededRng,
    fuse: Arc<Fuse>,
}

impl Rng for FusedRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        self.fuse.burn();
        self.rng.fill(bytes)
    }
}

pub(crate) struct Witness {
    device: Option<Device>,
    folder: TempDir,
    clock: Arc<SkewedClock>,
    fuse: Arc<Fuse>,
    platform: Platform,
    pub(crate) station: StationId,
    tally_key: TallyKey,
    /// Statements that the device reported as sealed. None may be lost.
    pub(crate) journal: Vec<StatementId>,
    pub(crate) kills: u32,
}

impl Witness {
    /// A device that has joined.
    pub(crate) async fn join(
        network: &SimNetwork,
        number: u32,
        seed: u64,
        time: &VirtualTime,
    ) -> Result<Self> {
        silence_kills();
        let station: StationId = format!("52.71.05.1001-{:03}", number + 1).parse()?;
        let fuse = Arc::new(Fuse(AtomicI64::new(Fuse::OUT)));
        let clock =
            Arc::new(SkewedClock { time: time.clone(), skew_ms: AtomicI64::new(0), fuse: Arc::clone(&fuse) });
        let rng_seed = seed.wrapping_mul(31).wrapping_add(u64::from(number)) ^ 0x00d0_d0d0;
        let rng = FusedRng { rng: SeededRng::new(rng_seed), fuse: Arc::clone(&fuse) };
        let environment = Environment { clock: Arc::clone(&clock) as Arc<dyn Clock>, rng: Arc::new(rng) };
        let platform = Platform { environment, keystore: Arc::new(MemoryKeystore::default()) };
        let folder = fast_folder()?;
        let device = Device::open(folder.path(), platform.clone())?;
        let invitation = Invitation::parse(&network.invite(&station)?)?;
        let request = serde_json::to_vec(&device.enrol_request(&invitation)?)?;
        let response: EnrolResponse =
            serde_json::from_slice(&network.post_undisturbed(protocol::path::ENROL, request).await?)?;
        device.enrolled(&invitation, response, &[])?;
        network.begin_disturbance();
        Ok(Self {
            device: Some(device),
            folder,
            clock,
            fuse,
            platform,
            tally_key: TallyKey::first(&station, &"ppwp".parse()?),
            station,
            journal: Vec::new(),
            kills: 0,
        })
    }

    pub(crate) fn device(&self) -> Result<&Device> {
        self.device.as_ref().context("the device is open")
    }

    pub(crate) fn tally(&self) -> Result<TallyView> {
        Ok(self.device()?.tally(&self.tally_key)?)
    }

    /// Sometimes its next action is not finished.
    pub(crate) fn may_be_killed(&self, rng: &mut TestRng) {
        if rng.happens(35) {
            self.fuse.0.store(i64::from(rng.below(14)), Ordering::SeqCst);
        }
    }

    /// Its disk becomes full, or has room again.
    pub(crate) fn fill_disk(&mut self, full: bool) -> Result<()> {
        Ok(self.device()?.limit_disk(if full { 0 } else { 1_000_000 })?)
    }

    /// Its clock jumps.
    pub(crate) fn jump_clock(&self, rng: &mut TestRng) {
        let jump = match rng.below(4) {
            0 => MINUTE_MS,
            1 => 45 * MINUTE_MS,
            2 => 26 * 60 * MINUTE_MS,
            _ => 3 * YEAR_MS,
        };
        self.clock.skew_ms.fetch_add(if rng.happens(50) { jump } else { -jump }, Ordering::SeqCst);
    }

    /// Sends and fetches what is due.
    pub(crate) async fn sync(&mut self, network: &SimNetwork) -> Result<()> {
        network.begin_sync();
        let device = self.device.take().context("the device is open")?;
        let sent = {
            let sending = std::pin::pin!(send_due(&device, network));
            Caught(sending).await
        };
        self.device = Some(device);
        self.survive(sent)?;
        network.broken_promise()
    }

    /// Types, photographs or seals something.
    pub(crate) fn act(&mut self, rng: &mut TestRng) -> Result<()> {
        let (action, number) = (rng.below(6), rng.below(900));
        let device = self.device.take().context("the device is open")?;
        let tally_key = self.tally_key.clone();
        let done = catch_unwind(AssertUnwindSafe(|| do_one_thing(&device, &tally_key, action, number)));
        self.device = Some(device);
        if let Some(sealed) = self.survive(done)? {
            self.journal.extend(sealed);
        }
        Ok(())
    }

    /// The result of an action; `None` when a kill ended it. Then the device opens again.
    fn survive<T>(&mut self, done: std::thread::Result<Result<T, DeviceError>>) -> Result<Option<T>> {
        self.fuse.0.store(Fuse::OUT, Ordering::SeqCst);
        match done {
            // The device reports a full disk, and has done nothing.
            Ok(Err(error)) if Failure::from(&error).code == FailureCode::DiskFull => Ok(None),
            Ok(result) => Ok(Some(result?)),
            Err(thrown) if thrown.is::<Killed>() => {
                self.kills += 1;
                self.device = None;
                self.device = Some(Device::open(self.folder.path(), self.platform.clone())?);
                Ok(None)
            }
            Err(thrown) => resume_unwind(thrown),
        }
    }

    /// Whether nothing waits and every receipt is verified.
    pub(crate) fn is_idle(&self) -> Result<bool> {
        let witness = self.device()?.app()?.witness.context("the device has joined")?;
        let outbox = witness.outbox;
        let waiting = outbox.tallies_waiting
            + outbox.reports_waiting
            + outbox.photos_waiting
            + outbox.originals_waiting
            + outbox.proofs_waiting
            + outbox.refused;
        Ok(waiting == 0 && outbox.bytes_waiting == 0)
    }
}

fn do_one_thing(
    device: &Device,
    tally_key: &TallyKey,
    action: u32,
    number: u32,
) -> Result<Vec<StatementId>, DeviceError> {
    let tally = device.tally(tally_key)?;
    match action {
        0 => device.attend(
            &tally_key.station,
            if number.is_multiple_of(2) { AttendanceEvent::Arrived } else { AttendanceEvent::Left },
        )?,
        1 | 2 if tally.life.state != LifeState::Draft || tally.filled > 0 => {
            device.attach_photo(tally_key, 1 + u8::try_from(number % 3).unwrap_or(0), photo(number))?;
        }
        _ => {
            if tally.life.state != LifeState::Draft {
                device.begin_correction(tally_key, "salah ketik")?;
            }
            for (index, field) in (0_u32..).zip(["IV.1", "IV.2", "V.B"]) {
                if let Ok(field) = field.parse() {
                    let figure = (number + index * 7) % 300;
                    device.set_figure(tally_key, &field, Some(Figure::Written(figure)))?;
                }
            }
            if action == 5 {
                // Typed and not sealed: a draft is not a statement.
                return Ok(Vec::new());
            }
            for finding in device.tally(tally_key)?.findings {
                device.acknowledge(tally_key, &finding.finding.key, true)?;
            }
            device.seal(tally_key)?;
        }
    }
    let newest = device.tally(tally_key)?.statement;
    let reports = device.reports(&tally_key.station)?.sealed.into_iter().map(|report| report.statement);
    Ok(newest.into_iter().chain(reports).filter_map(|id| id.parse().ok()).collect())
}

/// Polls a future and catches its panics.
struct Caught<'a, F>(std::pin::Pin<&'a mut F>);

impl<F: Future> Future for Caught<'_, F> {
    type Output = std::thread::Result<F::Output>;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(polled) => polled.map(Ok),
            Err(thrown) => std::task::Poll::Ready(Err(thrown)),
        }
    }
}

/// A kill is not a bug, so its panic is not printed.
fn silence_kills() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printing = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload().is::<Killed>() {
                printing(info);
            }
        }));
    });
}
