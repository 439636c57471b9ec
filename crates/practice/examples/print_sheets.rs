//! Writes practice sheets of an election as PDF files into a folder: `cargo run -p saksi-practice --example
//! print_sheets -- FOLDER [PACKAGE] [LEVEL] [SEED] [COPIES]`. PACKAGE is a file, else the demo election with
//! five contests; LEVEL is a word such as `full_night`.

use std::error::Error;
use std::path::PathBuf;

use practice::{Level, PracticeSheet, Scenario, SheetNumber, SheetPages};
use tally::Election;

const DEMO: &str = include_str!("../../../assets/elections/demo-general.json");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let election = match arguments.next() {
        Some(package) => tally::load::read(package.as_ref())?,
        None => Election::from_json(DEMO)?,
    };
    let level = arguments.next().map_or(Some(Level::FullNight), |word| Level::of_word(&word));
    let scenario = Scenario::of_level(level.ok_or("which level?")?, number(arguments.next(), 1)?, &election);
    let copies = u16::try_from(number(arguments.next(), 1)?)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("scenario.json"), scenario.to_json())?;
    for (exercise, of) in (1..).zip(&scenario.exercises) {
        let contest = election.contests.iter().find(|contest| contest.kind == of.kind);
        let contest = contest.ok_or("the election has no such contest")?;
        let paper = election.paper_of_kind(&contest.id, of.station).ok_or("the contest has no paper")?;
        let pages = SheetPages::of(&paper)?;
        let sheet = |copy| PracticeSheet::of(&scenario, SheetNumber { exercise, copy }, &paper);
        let sheets: Vec<PracticeSheet> = (1..=copies).filter_map(sheet).collect();
        let file = folder.join(format!("{exercise:02}-{}.pdf", contest.id));
        std::fs::write(file, pages.pdf(&sheets, pages.paper_size())?)?;
    }
    Ok(())
}

fn number(argument: Option<String>, otherwise: u32) -> Result<u32, std::num::ParseIntError> {
    argument.map_or(Ok(otherwise), |argument| argument.parse())
}
