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
use crate::sheet::sheet_photo;

/// Interval at which a witness tries again.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);
/// Number of pages that each witness photographs.
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
    let counts = Counts { witnesses, tallies: witnesses, photos: witnesses * u64::from(PAGES) };
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
        let tally_key = first_assignment(&device)?;

        let minutes = between(&mut self.rng, COUNT_ENDS_MIN);
        let no_signal = self.rng.happens(NO_SIGNAL_PERCENT).then(|| between(&mut self.rng, NO_SIGNAL_MIN));
        if device.tally(&tally_key)?.life.state == LifeState::Draft {
            tokio::time::sleep(self.minute * minutes).await;
            let (counting, key, rng) = (Arc::clone(&device), tally_key.clone(), self.rng.clone());
            spawn_blocking(move || count(&counting, &key, rng)).await??;
            self.progress.sealed(1);
            tokio::time::sleep(self.minute * no_signal.unwrap_or(0)).await;
        } else {
            self.progress.sealed(1);
        }
        self.send(&device, &tally_key).await
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

    async fn send(&self, device: &Device, tally_key: &TallyKey) -> Result<()> {
        let (mut tally_arrived, mut photos_arrived) = (false, 0);
        loop {
            send_due(device, &self.transport).await?;
            let tally = device.tally(tally_key)?;
            if let Some(refusal) = &tally.life.refusal {
                return Err(anyhow!("the endpoint refused the tally: {}", refusal.detail));
            }
            if !tally_arrived && has_arrived(&tally) {
                tally_arrived = true;
                self.progress.tallies_arrived(1);
            }
            let arrived = photos_at_endpoint(&tally);
            self.progress.photos_arrived(arrived - photos_arrived);
            photos_arrived = arrived;
            if tally_arrived && photos_arrived == u64::from(PAGES) {
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

fn first_assignment(device: &Device) -> Result<TallyKey> {
    let witness = device.app()?.witness.context("the device has not joined")?;
    let station = witness.stations.into_iter().next().context("no station is assigned")?;
    let card = station.tallies.into_iter().next().context("no contest is assigned")?;
    Ok(device.tally_key(&station.station, &card.contest, None)?)
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
    let on_paper = written(paper.fields(), &figures);
    for page in 1..=PAGES {
        let photo = sheet_photo(page, &on_paper, u64::from(rng.below(u32::MAX)))?;
        device.attach_photo(tally_key, page, &photo)?;
    }
    device.seal(tally_key)?;
    Ok(())
}

fn written(fields: &[tally::Field], figures: &tally::Figures) -> Vec<(String, u32)> {
    fields.iter().filter_map(|field| Some((field.code.to_string(), figures.number(&field.code)?))).collect()
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
