//! A witness's device in a night: it types, photographs, seals and sends, its clock lies, and it is killed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

use anyhow::{Context, Result};
use device::sync::send_due;
use device::view::{AttendanceEvent, Failure, FailureCode, TallyView};
use device::{
    Clock, Device, DeviceError, Invitation, LifeState, MemoryKeystore, Outside, Random, RandomError,
};
use evidence::StatementId;
use protocol::EnrolResponse;
use tally::{ContestId, Figure, StationId};
use tempfile::TempDir;

use super::Time;
use super::hub::{Hub, fast_folder};
use super::photos::photo;
use crate::fleet::Chance;

const MINUTE_MS: i64 = 60_000;
const YEAR_MS: i64 = 365 * 86_400_000;

/// Kills the device: it is thrown at a moment at which the device asks for the time or for chance.
struct Killed;

/// Ends whatever the device is doing, right here.
#[expect(clippy::panic, reason = "this is how a device is killed, and it is caught like that")]
pub(super) fn kill() {
    std::panic::panic_any(Killed);
}

/// Counts down to the moment at which the device is killed.
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

/// A clock that lies, and now and then kills.
struct LyingClock {
    time: Time,
    skew_ms: AtomicI64,
    fuse: Arc<Fuse>,
}

impl Clock for LyingClock {
    fn now_ms(&self) -> i64 {
        self.fuse.burn();
        self.time.now_ms().saturating_add(self.skew_ms.load(Ordering::SeqCst))
    }
}

struct SeededRandom {
    chance: Mutex<Chance>,
    fuse: Arc<Fuse>,
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.fuse.burn();
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.iter_mut().for_each(|byte| *byte = u8::try_from(chance.below(256)).unwrap_or_default());
        Ok(())
    }
}

pub(crate) struct Witness {
    device: Option<Device>,
    folder: TempDir,
    clock: Arc<LyingClock>,
    fuse: Arc<Fuse>,
    outside: Outside,
    pub(crate) station: StationId,
    contest: ContestId,
    /// What the device said was sealed: none of it may be lost.
    pub(crate) journal: Vec<StatementId>,
    pub(crate) kills: u32,
}

impl Witness {
    /// A device that has joined.
    pub(crate) async fn join(hub: &Hub, number: u32, seed: u64, time: &Time) -> Result<Self> {
        hush();
        let station: StationId = format!("52.71.05.1001-{:03}", number + 1).parse()?;
        let fuse = Arc::new(Fuse(AtomicI64::new(Fuse::OUT)));
        let clock =
            Arc::new(LyingClock { time: time.clone(), skew_ms: AtomicI64::new(0), fuse: Arc::clone(&fuse) });
        let chance = Chance::new(seed.wrapping_mul(31).wrapping_add(u64::from(number)) ^ 0x00d0_d0d0);
        let random = SeededRandom { chance: Mutex::new(chance), fuse: Arc::clone(&fuse) };
        let outside = Outside {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: Arc::new(random),
            keystore: Arc::new(MemoryKeystore::default()),
        };
        let folder = fast_folder()?;
        let device = Device::open(folder.path(), outside.clone())?;
        let invitation = Invitation::parse(&hub.invite(&station)?)?;
        let request = serde_json::to_vec(&device.enrol_request(&invitation)?)?;
        let response: EnrolResponse =
            serde_json::from_slice(&hub.ask(protocol::path::ENROL, request).await?)?;
        device.enrolled(&invitation.endpoint, response)?;
        hub.begin_trouble();
        Ok(Self {
            device: Some(device),
            folder,
            clock,
            fuse,
            outside,
            station,
            contest: "ppwp".parse()?,
            journal: Vec::new(),
            kills: 0,
        })
    }

    pub(crate) fn device(&self) -> Result<&Device> {
        self.device.as_ref().context("the device is open")
    }

    pub(crate) fn tally(&self) -> Result<TallyView> {
        Ok(self.device()?.tally(&self.station, &self.contest)?)
    }

    /// Now and then the next thing that it does is not finished.
    pub(crate) fn may_be_killed(&self, chance: &mut Chance) {
        if chance.comes(35) {
            self.fuse.0.store(i64::from(chance.below(14)), Ordering::SeqCst);
        }
    }

    /// Its disk is full, or has room again.
    pub(crate) fn fill_disk(&mut self, full: bool) -> Result<()> {
        Ok(self.device()?.limit_disk(if full { 0 } else { 1_000_000 })?)
    }

    /// Its clock jumps.
    pub(crate) fn jump(&self, chance: &mut Chance) {
        let jump = match chance.below(4) {
            0 => MINUTE_MS,
            1 => 45 * MINUTE_MS,
            2 => 26 * 60 * MINUTE_MS,
            _ => 3 * YEAR_MS,
        };
        self.clock.skew_ms.fetch_add(if chance.comes(50) { jump } else { -jump }, Ordering::SeqCst);
    }

    /// Sends what is due.
    pub(crate) async fn sync(&mut self, hub: &Hub) -> Result<()> {
        hub.begin_sitting();
        let device = self.device.take().context("the device is open")?;
        let sent = {
            let sending = std::pin::pin!(send_due(&device, hub));
            Caught(sending).await
        };
        self.device = Some(device);
        self.survive(sent)?;
        hub.broken()
    }

    /// Types something, photographs something, or seals what is there.
    pub(crate) fn act(&mut self, chance: &mut Chance) -> Result<()> {
        let (what, number) = (chance.below(6), chance.below(900));
        let device = self.device.take().context("the device is open")?;
        let (station, contest) = (self.station.clone(), self.contest.clone());
        let done = catch_unwind(AssertUnwindSafe(|| work(&device, &station, &contest, what, number)));
        self.device = Some(device);
        if let Some(sealed) = self.survive(done)? {
            self.journal.extend(sealed);
        }
        Ok(())
    }

    /// What it did; nothing where it was killed meanwhile, and then it is open again.
    fn survive<T>(&mut self, done: std::thread::Result<Result<T, DeviceError>>) -> Result<Option<T>> {
        let was_armed = self.fuse.0.swap(Fuse::OUT, Ordering::SeqCst);
        let _ = was_armed;
        match done {
            // A full disk is said to be full, and what was asked for was not done.
            Ok(Err(error)) if Failure::from(&error).code == FailureCode::DiskFull => Ok(None),
            Ok(result) => Ok(Some(result?)),
            Err(thrown) if thrown.is::<Killed>() => {
                self.kills += 1;
                self.device = None;
                self.device = Some(Device::open(self.folder.path(), self.outside.clone())?);
                Ok(None)
            }
            Err(thrown) => resume_unwind(thrown),
        }
    }

    /// Whether nothing waits and everything is proved.
    pub(crate) fn is_quiet(&self) -> Result<bool> {
        let witness = self.device()?.app()?.witness.context("the device has joined")?;
        let outbox = witness.outbox;
        let waiting = outbox.tallies_waiting
            + outbox.accounts_waiting
            + outbox.photos_waiting
            + outbox.originals_waiting
            + outbox.proofs_waiting
            + outbox.refused;
        Ok(waiting == 0 && outbox.bytes_waiting == 0)
    }
}

fn work(
    device: &Device,
    station: &StationId,
    contest: &ContestId,
    what: u32,
    number: u32,
) -> Result<Vec<StatementId>, DeviceError> {
    let tally = device.tally(station, contest)?;
    match what {
        0 => device.attend(
            station,
            if number.is_multiple_of(2) { AttendanceEvent::Arrived } else { AttendanceEvent::Left },
        )?,
        1 | 2 if tally.life.state != LifeState::Draft || tally.filled > 0 => {
            device.attach_photo(
                station,
                contest,
                1 + u8::try_from(number % 3).unwrap_or(0),
                photo(number),
            )?;
        }
        _ => {
            if tally.life.state != LifeState::Draft {
                device.begin_correction(station, contest, "salah ketik")?;
            }
            for (place, field) in ["IV.1", "IV.2", "V.B"].iter().enumerate() {
                if let Ok(field) = field.parse() {
                    let figure = (number + u32::try_from(place).unwrap_or(0) * 7) % 300;
                    device.set_figure(station, contest, &field, Some(Figure::Written(figure)))?;
                }
            }
            if what == 5 {
                // Typed and left: a draft is no record.
                return Ok(Vec::new());
            }
            for finding in device.tally(station, contest)?.findings {
                device.acknowledge(station, contest, &finding.finding.key, true)?;
            }
            device.seal(station, contest)?;
        }
    }
    let newest = device.tally(station, contest)?.statement;
    let accounts = device.accounts(station)?.sealed.into_iter().map(|account| account.statement);
    Ok(newest.into_iter().chain(accounts).filter_map(|id| id.parse().ok()).collect())
}

/// Polls a future, and catches what is thrown while it is polled.
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

/// A kill is no bug, and is not printed like one.
fn hush() {
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
