//! `saksi-central drill`: composes scenarios of practice, and prints their sheets.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use practice::{Exercise, Level, PracticeSheet, Scenario, SheetNumber, SheetPages};
use tally::Election;

use super::print;

/// Maximum number of copies in one file.
const COPIES_MAX: u16 = 300;

#[derive(Debug, Subcommand)]
pub(super) enum Drill {
    /// Write a scenario of a level for the contests of an election. It is a file that can be changed by hand,
    /// shared, and served with `serve --drill`.
    Compose(Compose),
    /// Write the sheets of a scenario as PDF, one file for each exercise.
    Sheets(Sheets),
}

#[derive(Debug, Args)]
pub(super) struct Compose {
    /// The election package.
    #[arg(long, value_name = "FILE")]
    election: PathBuf,
    /// first_steps, handwriting, sums, evidence, hindrances or full_night.
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Level,
    /// Another number gives other figures, and the same one the same figures for ever.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u32,
    /// The name that people read [default: the level's].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Sheets {
    /// The election package.
    #[arg(long, value_name = "FILE")]
    election: PathBuf,
    /// The file of the scenario.
    #[arg(long, value_name = "FILE")]
    scenario: PathBuf,
    /// Number of copies: one for each phone.
    #[arg(long, value_name = "NUMBER", default_value_t = 30)]
    copies: u16,
    /// The folder for the files, which is made when it is missing.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

fn level(word: &str) -> Result<Level, String> {
    let known = || Level::ALL.iter().map(|level| level.word()).collect::<Vec<_>>().join(", ");
    Level::of_word(word).ok_or_else(|| format!("the levels are {}", known()))
}

impl Drill {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Compose(compose) => compose.run(),
            Self::Sheets(sheets) => sheets.run(),
        }
    }
}

impl Compose {
    fn run(&self) -> anyhow::Result<()> {
        let election = package(&self.election)?;
        let of_level = Scenario::of_level(self.level, self.seed, &election);
        let title = self.title.clone().unwrap_or_else(|| of_level.title.clone());
        let scenario = Scenario { title, ..of_level }.checked()?;
        write(&self.out, scenario.to_json().as_bytes())
    }
}

impl Sheets {
    fn run(&self) -> anyhow::Result<()> {
        if self.copies == 0 || self.copies > COPIES_MAX {
            bail!("a class has 1 to {COPIES_MAX} copies");
        }
        let election = package(&self.election)?;
        let scenario = central::drills::read_scenario(&self.scenario)?;
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        for (number, exercise) in (1..).zip(&scenario.exercises) {
            let file = self.out.join(format!("{number:02}-{}.pdf", scenario.id));
            write(&file, &self.pages_of(&election, &scenario, number, exercise)?)?;
        }
        Ok(())
    }

    /// The sheets of an exercise, one after the other.
    fn pages_of(
        &self,
        election: &Election,
        scenario: &Scenario,
        number: u8,
        exercise: &Exercise,
    ) -> anyhow::Result<Vec<u8>> {
        let contest = election.contests.iter().find(|contest| contest.kind == exercise.kind);
        let contest =
            contest.with_context(|| format!("the election has no contest for exercise {number}"))?;
        let paper = election.paper_of_kind(&contest.id, exercise.station);
        let paper = paper.with_context(|| format!("the contest of exercise {number} has no such paper"))?;
        let pages = SheetPages::of(&paper)?;
        let sheet = |copy| PracticeSheet::of(scenario, SheetNumber { exercise: number, copy }, &paper);
        let sheets: Vec<PracticeSheet> = (1..=self.copies).filter_map(sheet).collect();
        Ok(pages.pdf(&sheets, pages.paper_size())?)
    }
}

fn package(file: &Path) -> anyhow::Result<Election> {
    tally::load::read(file).with_context(|| format!("cannot read the election package {}", file.display()))
}

/// Writes a file and prints its name.
fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    print(&file.display().to_string());
    Ok(())
}
