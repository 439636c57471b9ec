//! The real process, killed two hundred times (SIGKILL) while it types, seals and sends: what it said was sealed is there,
//! and of what was typed at most the last figure is missing.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use device::sync::{HttpTransport, send_due};
use device::{Device, LifeState, NoKeystore, Outside};
use saksi_tests::data::demo_election;
use saksi_tests::fleet::Chance;
use saksi_tests::{Endpoint, program};
use tally::{ContestId, Figure, StationId};
use tempfile::TempDir;

const KILLS: u64 = 200;
const DEVICES: u32 = 2;

/// What a device said, over all its lives.
#[derive(Default)]
struct Journal {
    sealed: Vec<String>,
    /// The figures of the draft of which it said that they are written, and the one that it was writing.
    typed: BTreeMap<String, u32>,
    typing: Option<(String, u32)>,
    /// Whether the last word was that it seals: then nobody knows whether it did.
    sealing: bool,
}

impl Journal {
    fn hear(&mut self, line: &str) {
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

/// Lets the program live for `life`, and hears what it says until it is killed.
fn live(folder: &Path, invitation: &str, seed: u64, life: Duration, journal: &mut Journal) -> Result<()> {
    let mut child = Command::new(program::own("saksi-hurried-witness")?)
        .arg(folder)
        .args([invitation, &seed.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    // Its life begins when its device is open, so that a busy machine does not kill it in the cradle each time.
    let opened = lines.next().transpose()?;
    let killer = std::thread::spawn(move || {
        std::thread::sleep(life);
        child.kill().and_then(|()| child.wait())
    });
    ensure!(opened.as_deref() == Some("open"), "it did not open: {opened:?}");
    for line in lines {
        journal.hear(&line?);
    }
    killer.join().ok().context("the killer")??;
    Ok(())
}

#[tokio::test]
async fn two_hundred_kills_lose_nothing_that_was_sealed_and_at_most_the_figure_under_the_finger() -> Result<()>
{
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    let contest: ContestId = "ppwp".parse()?;
    let mut chance = Chance::new(17);
    let (mut sealed, mut mid_typing) = (0, 0);
    for number in 0..DEVICES {
        let station = format!("52.71.05.1001-{:03}", number + 1);
        let invitation = endpoint.invite(&[&station])?.pop().context("an invitation")?;
        let station: StationId = station.parse()?;
        let folder = TempDir::new()?;
        let mut journal = Journal::default();
        for kill in 0..KILLS / u64::from(DEVICES) {
            let life = Duration::from_millis(u64::from(chance.below(90)));
            live(folder.path(), &invitation, u64::from(number) << 32 | kill, life, &mut journal)?;
            let device = Device::open(folder.path(), Outside::system(Arc::new(NoKeystore)))?;
            mid_typing += u32::from(journal.typing.is_some());
            draft_is_there(&device, &station, &contest, &mut journal)?;
        }
        sealed += journal.sealed.len();

        // Whatever was under way: now it is sent, and everything that was said to be sealed is among it.
        let device = Device::open(folder.path(), Outside::system(Arc::new(NoKeystore)))?;
        let transport = HttpTransport::new()?;
        for _ in 0..400 {
            device.try_now()?;
            send_due(&device, &transport).await?;
            let outbox = device.app()?.witness.context("it has joined")?.outbox;
            if outbox.tallies_waiting + outbox.photos_waiting + outbox.proofs_waiting == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let tally = device.tally(&station, &contest)?;
        let all: Vec<&String> =
            tally.superseded.iter().map(|one| &one.statement).chain(&tally.statement).collect();
        for id in &journal.sealed {
            ensure!(all.contains(&id), "{id} was said to be sealed and is gone");
        }
        for old in &tally.superseded {
            ensure!(old.life.state == LifeState::Receipted, "{} is {:?}", old.statement, old.life.state);
        }
    }
    ensure!(
        sealed > 50 && mid_typing > 5,
        "the kills came at the wrong moments: {sealed} sealed, {mid_typing} typing"
    );
    endpoint.stop()
}

/// What was said to be typed is there, but for the figure that was being written, and unless it was sealed meanwhile.
fn draft_is_there(
    device: &Device,
    station: &StationId,
    contest: &ContestId,
    journal: &mut Journal,
) -> Result<()> {
    let tally = device.tally(station, contest)?;
    if journal.sealing && tally.life.state != LifeState::Draft {
        // It was sealed, and killed before it could say so.
        (journal.typed, journal.sealing) = (BTreeMap::new(), false);
        return Ok(());
    }
    let cells = tally.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.cells);
    let there: BTreeMap<String, Option<Figure>> =
        cells.map(|cell| (cell.field.to_string(), cell.figure)).collect();
    for (field, figure) in &journal.typed {
        let found = there.get(field).copied().flatten();
        let under_the_finger = journal
            .typing
            .as_ref()
            .is_some_and(|(typing, new)| typing == field && found == Some(Figure::Written(*new)));
        ensure!(
            found == Some(Figure::Written(*figure)) || under_the_finger,
            "{field} was typed as {figure}, and is {found:?}"
        );
    }
    // The next life begins with what is there.
    if let Some((field, figure)) = journal.typing.take()
        && there.get(&field).copied().flatten() == Some(Figure::Written(figure))
    {
        journal.typed.insert(field, figure);
    }
    Ok(())
}
