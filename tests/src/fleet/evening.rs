//! One election evening: every witness joins, counts, photographs, seals, and sends when there is a signal.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use device::sync::{HttpTransport, send_due};
use device::view::TallyView;
use device::{Device, LifeState, NoKeystore, Platform, TallyKey};
use tokio::task::{JoinSet, spawn_blocking};

use super::figures::plausible;
use super::progress::{Counts, Progress};
use crate::eventually::WATCHDOG;
use crate::rng::TestRng;
use crate::sheet::PaperPhotos;

/// Interval at which a witness tries again.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);
/// Number of pages of each paper that a witness photographs. Of the papers with lists, these are the first
/// ones: drawing all of them takes longer than the evening.
const PAGES: u8 = 3;
/// When the first and the last count end, in minutes after 18:00.
const COUNT_ENDS_MIN: (u32, u32) = (0, 330);
/// Shortest and longest time without a signal after the count, in minutes.
const NO_SIGNAL_MIN: (u32, u32) = (60, 240);
/// Of a hundred stations, how many have no signal at first.
const NO_SIGNAL_PERCENT: u32 = 30;
/// Of a hundred papers, how many break a sum. Of the real ones of 2019, 5.8 did.
const WRONG_PERCENT: u32 = 6;

/// The parameters of an evening.
#[derive(Debug, Clone)]
pub struct Evening {
    /// Links of invitations, one for each witness.
    pub links: Vec<String>,
    /// The folder with one subfolder for each device. A second evening continues where the first stopped.
    pub data: PathBuf,
    /// How many times faster than real time the evening passes.
    pub speed: f64,
    /// The same seed gives the same evening.
    pub seed: u64,
}

/// Runs until all tallies and photos have arrived.
///
/// # Errors
/// When a device fails. A connection that fails is tried again, as in the app.
pub async fn run_evening(evening: &Evening) -> Result<()> {
    let witnesses = evening.links.len() as u64;
    // How many papers there are, each witness learns when it joins.
    let counts = Counts { witnesses, tallies: 0, photos: 0 };
    let progress = Arc::new(Progress::new(counts));
    let transport = HttpTransport::new()?;
    let mut working = JoinSet::new();
    for (number, link) in evening.links.iter().enumerate() {
        let witness = Witness {
            link: link.clone(),
            folder: evening.data.join(format!("{number:05}")),
            minute: Duration::from_secs_f64(60.0 / evening.speed),
            rng: TestRng::new(evening.seed.wrapping_add(number as u64).wrapping_mul(0x2545_f491)),
            transport: transport.clone(),
            progress: Arc::clone(&progress),
        };
        working.spawn(async move {
            let folder = witness.folder.clone();
            witness.work().await.with_context(|| format!("the witness of {}", folder.display()))
        });
    }
    while let Some(done) = working.join_next().await {
        done??;
    }
    Ok(())
}

struct Witness {
    link: String,
    folder: PathBuf,
    minute: Duration,
    rng: TestRng,
    transport: HttpTransport,
    progress: Arc<Progress>,
}

impl Witness {
    async fn work(mut self) -> Result<()> {
        let device = Arc::new(open(&self.folder).await?);
        self.join(&device).await?;
        self.progress.joined();
        let tallies = newest_rounds(&device)?;
        self.progress.expect(tallies.len() as u64, tallies.len() as u64 * u64::from(PAGES));

        let minutes = between(&mut self.rng, COUNT_ENDS_MIN);
        let no_signal = self.rng.happens(NO_SIGNAL_PERCENT).then(|| between(&mut self.rng, NO_SIGNAL_MIN));
        // The contests are counted one after the other; the last of them ends when the evening's count does.
        let share = self.minute * minutes / u32::try_from(tallies.len().max(1))?;
        let mut counted = false;
        for tally_key in &tallies {
            if device.tally(tally_key)?.life.state == LifeState::Draft {
                counted = true;
                tokio::time::sleep(share).await;
                // The same random numbers on each paper: the same people voted for all contests.
                let (counting, key, rng) = (Arc::clone(&device), tally_key.clone(), self.rng.clone());
                spawn_blocking(move || count(&counting, &key, rng)).await??;
            }
            self.progress.sealed(1);
        }
        if counted {
            tokio::time::sleep(self.minute * no_signal.unwrap_or(0)).await;
        }
        self.send(&device, &tallies).await
    }

    async fn join(&self, device: &Device) -> Result<()> {
        if device.app()?.witness.is_some() {
            return Ok(());
        }
        // The endpoint may be down for a moment. The invitation stays valid.
        let end = Instant::now() + WATCHDOG;
        loop {
            match device.join(&self.link, &self.transport).await {
                Ok(()) => return Ok(()),
                Err(device::DeviceError::Unreachable(_)) if Instant::now() < end => {
                    tokio::time::sleep(RETRY_INTERVAL).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn send(&self, device: &Device, tallies: &[TallyKey]) -> Result<()> {
        let (mut tallies_arrived, mut photos_arrived) = (0, 0);
        let all = tallies.len() as u64;
        loop {
            send_due(device, &self.transport).await?;
            let views: Vec<TallyView> =
                tallies.iter().map(|tally_key| device.tally(tally_key)).collect::<Result<_, _>>()?;
            if let Some(refusal) = views.iter().find_map(|tally| tally.life.refusal.as_ref()) {
                return Err(anyhow!("the endpoint refused a tally: {}", refusal.detail));
            }
            let arrived = views.iter().filter(|tally| has_arrived(tally)).count() as u64;
            self.progress.tallies_arrived(arrived - tallies_arrived);
            tallies_arrived = arrived;
            let arrived = views.iter().map(photos_at_endpoint).sum();
            self.progress.photos_arrived(arrived - photos_arrived);
            photos_arrived = arrived;
            if tallies_arrived == all && photos_arrived == all * u64::from(PAGES) {
                return Ok(());
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
    }
}

async fn open(folder: &Path) -> Result<Device> {
    let folder = folder.to_owned();
    Ok(spawn_blocking(move || Device::open(&folder, Platform::system(Arc::new(NoKeystore)))).await??)
}

/// The newest round of each contest, in the order of counting.
fn newest_rounds(device: &Device) -> Result<Vec<TallyKey>> {
    let witness = device.app()?.witness.context("the device has not joined")?;
    let station = witness.stations.into_iter().next().context("no station is assigned")?;
    let cards = station.tallies.iter().filter(|card| card.is_newest_round);
    let keys = cards.map(|card| device.tally_key(&station.station, &card.contest, None));
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Types the figures of the paper, photographs it, and seals both.
fn count(device: &Device, tally_key: &TallyKey, mut rng: TestRng) -> Result<()> {
    let paper = device.paper(tally_key)?;
    let mut figures = plausible(&paper, &mut rng);
    if rng.happens(WRONG_PERCENT) {
        // A slip of the committee: a sum that is wrong by ten.
        let valid = paper.whole(tally::Quantity::ValidVotes).context("the form's sum of valid votes")?;
        let correct = figures.number(&valid.code).unwrap_or(0);
        figures.0.insert(valid.code.clone(), tally::Figure::Written(correct.saturating_sub(10)));
    }
    for field in paper.fields() {
        device.set_figure(tally_key, &field.code, figures.0.get(&field.code).copied())?;
    }
    for found in device.tally(tally_key)?.findings {
        device.acknowledge(tally_key, &found.finding.key, true)?;
    }
    let photos = PaperPhotos::new(&paper)?;
    for page in paper.pages().iter().map(|page| page.number).take(PAGES.into()) {
        let photo = photos.photo(page, &figures, u64::from(rng.below(u32::MAX)))?;
        device.attach_photo(tally_key, page, &photo)?;
    }
    device.seal(tally_key)?;
    Ok(())
}

fn has_arrived(tally: &TallyView) -> bool {
    matches!(tally.life.state, LifeState::Accepted | LifeState::Receipted)
}

fn photos_at_endpoint(tally: &TallyView) -> u64 {
    let photos = tally.pages.iter().filter_map(|page| page.photo.as_ref());
    photos.filter(|photo| photo.arrived).count() as u64
}

fn between(rng: &mut TestRng, (first, last): (u32, u32)) -> u32 {
    first + rng.below(last - first)
}
