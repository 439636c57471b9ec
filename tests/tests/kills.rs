//! A real device process is killed 200 times (SIGKILL) while it types, seals and sends. Everything that it
//! reported as sealed is still there. Of what it reported as typed, at most the last figure is missing.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use device::sync::{HttpTransport, send_due};
use device::{Device, LifeState, NoKeystore, Platform, TallyKey};
use saksi_tests::data::demo_election;
use saksi_tests::eventually::eventually_async;
use saksi_tests::rng::TestRng;
use saksi_tests::{Endpoint, program};
use tally::{ContestId, Figure, StationId};
use tempfile::TempDir;

const KILLS: u64 = 200;
const DEVICES: u32 = 2;
/// Maximum number of lines that the process prints before it is killed: about two sealed tallies.
const LINES_MAX: u32 = 24;
/// Maximum delay between a line and the kill, in microseconds: about as long as one write takes.
const DELAY_MAX_US: u32 = 4_000;

/// What the process reported, over all its runs.
#[derive(Default)]
struct Journal {
    sealed: Vec<String>,
    /// The draft's figures that are written.
    typed: BTreeMap<String, u32>,
    /// The figure that was being written.
    typing: Option<(String, u32)>,
    /// Whether sealing was the last thing it started. Then the tally may be sealed or not.
    sealing: bool,
}

impl Journal {
    fn record(&mut self, line: &str) {
        let mut words = line.split(' ');
        let verb = words.next().unwrap_or_default();
        let figure = || Some((words.next()?.to_owned(), words.next()?.parse().ok()?));
        let mut figure = figure;
        match verb {
            "typing" => (self.typing, self.sealing) = (figure(), false),
            "typed" => {
                self.typed.extend(figure());
                self.typing = None;
            }
            "sealing" => self.sealing = true,
            "sealed" => {
                self.sealed.extend(line.strip_prefix("sealed ").map(str::to_owned));
                (self.typed, self.sealing) = (BTreeMap::new(), false);
            }
            _ => {}
        }
    }
}

/// Starts the process, and kills it some microseconds after its line number `lines_before_kill`.
fn run_and_kill(
    folder: &Path,
    invitation: &str,
    seed: u64,
    rng: &mut TestRng,
    journal: &mut Journal,
) -> Result<()> {
    let lines_before_kill = rng.below(LINES_MAX);
    let delay = Duration::from_micros(rng.below(DELAY_MAX_US).into());
    let mut child = Command::new(program::own("saksi-hurried-witness")?)
        .arg(folder)
        .args([invitation, &seed.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    let opened = lines.next().transpose()?;
    ensure!(opened.as_deref() == Some("open"), "it did not open: {opened:?}");
    for number in 0.. {
        if number == lines_before_kill {
            std::thread::sleep(delay);
            child.kill()?;
        }
        // After the kill, the pipe still holds what the process printed before it.
        let Some(line) = lines.next() else { break };
        journal.record(&line?);
    }
    child.wait()?;
    Ok(())
}

#[tokio::test]
async fn two_hundred_kills_lose_no_sealed_tally_and_at_most_the_figure_being_typed() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    let contest: ContestId = "ppwp".parse()?;
    let mut rng = TestRng::new(17);
    let (mut sealed, mut mid_typing) = (0, 0);
    for number in 0..DEVICES {
        let station = format!("52.71.05.1001-{:03}", number + 1);
        let invitation = endpoint.invite(&[&station])?.pop().context("an invitation")?;
        let station: StationId = station.parse()?;
        let folder = TempDir::new()?;
        let mut journal = Journal::default();
        for kill in 0..KILLS / u64::from(DEVICES) {
            let seed = u64::from(number) << 32 | kill;
            run_and_kill(folder.path(), &invitation, seed, &mut rng, &mut journal)?;
            let device = Device::open(folder.path(), Platform::system(Arc::new(NoKeystore)))?;
            mid_typing += u32::from(journal.typing.is_some());
            the_draft_is_complete(&device, &station, &contest, &mut journal)?;
        }
        sealed += journal.sealed.len();

        // Now everything is sent, and everything that was reported as sealed is part of it.
        let device = Device::open(folder.path(), Platform::system(Arc::new(NoKeystore)))?;
        let transport = HttpTransport::new()?;
        eventually_async("an empty outbox", async || {
            device.try_now()?;
            send_due(&device, &transport).await?;
            let outbox = device.app()?.witness.context("it has joined")?.outbox;
            let waiting = outbox.tallies_waiting + outbox.photos_waiting + outbox.proofs_waiting;
            Ok((waiting == 0).then_some(()))
        })
        .await?;
        let tally = device.tally(&TallyKey::first(&station, &contest))?;
        let all: Vec<&String> =
            tally.superseded.iter().map(|one| &one.statement).chain(&tally.statement).collect();
        for id in &journal.sealed {
            ensure!(all.contains(&id), "{id} was reported as sealed and is missing");
        }
        for old in &tally.superseded {
            ensure!(old.life.state == LifeState::Receipted, "{} is {:?}", old.statement, old.life.state);
        }
    }
    ensure!(sealed > 0 && mid_typing > 0, "the kills missed: {sealed} sealed, {mid_typing} while typing");
    endpoint.stop()
}

/// The draft holds every figure that was reported as typed, except the one that was being typed. A draft that
/// was sealed holds nothing.
fn the_draft_is_complete(
    device: &Device,
    station: &StationId,
    contest: &ContestId,
    journal: &mut Journal,
) -> Result<()> {
    let tally = device.tally(&TallyKey::first(station, contest))?;
    if journal.sealing && tally.life.state != LifeState::Draft {
        // It was sealed, and the process was killed before it could report that.
        (journal.typed, journal.sealing) = (BTreeMap::new(), false);
        return Ok(());
    }
    let cells = tally.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.cells);
    let stored: BTreeMap<String, Option<Figure>> =
        cells.map(|cell| (cell.field.to_string(), cell.figure)).collect();
    for (field, figure) in &journal.typed {
        let found = stored.get(field).copied().flatten();
        let being_typed = journal
            .typing
            .as_ref()
            .is_some_and(|(typing, new)| typing == field && found == Some(Figure::Written(*new)));
        ensure!(
            found == Some(Figure::Written(*figure)) || being_typed,
            "{field} was typed as {figure} and is {found:?}"
        );
    }
    // The next run starts with this draft.
    if let Some((field, figure)) = journal.typing.take()
        && stored.get(&field).copied().flatten() == Some(Figure::Written(figure))
    {
        journal.typed.insert(field, figure);
    }
    Ok(())
}
