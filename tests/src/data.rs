//! Test data: the demo election, real figures and photos where the machine has them, drawn photos elsewhere.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use tally::{Candidate, ContestKind, Party, PartyList};

use crate::sheet::sheet_photo;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// The package of the demo election.
pub fn demo_election() -> PathBuf {
    root().join("assets/elections/demo.json")
}

/// The package of the general demo election, with five contests.
pub fn general_election() -> PathBuf {
    root().join("assets/elections/demo-general.json")
}

/// The general demo election, with a contest for DPR of 18 parties with 8 candidates each, as a file in
/// `folder`. Names are invented.
///
/// # Errors
/// When the file cannot be written.
pub fn election_of_18_parties(folder: &Path) -> Result<PathBuf> {
    let mut election = tally::load::read(&general_election())?;
    let candidates = |party: u16| {
        (1..=8).map(move |number| Candidate {
            number,
            names: vec![format!("Calon {number} Partai {party}")],
            party: None,
            empty_column: false,
        })
    };
    // The lists of the other contests keep their parties.
    election.parties.retain(|party| party.number > 18);
    let parties = (1..=18).map(|number| Party { number, name: format!("Partai Contoh {number}") });
    election.parties.extend(parties);
    for contest in &mut election.contests {
        if contest.kind == ContestKind::Dpr {
            contest.lists =
                (1..=18).map(|party| PartyList { party, candidates: candidates(party).collect() }).collect();
        }
    }
    let path = folder.join("election-of-18-parties.json");
    std::fs::write(&path, election.to_json()?).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

/// A file of the real data beside the repository (`../shared/data`). When it is absent, a line says so.
///
/// The project may not publish that data, so it is never part of the repository. A test passes without it.
#[expect(
    clippy::print_stderr,
    reason = "a test without its data must say so; otherwise it looks as if it used the data"
)]
pub fn real(file: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared/data").join(file);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("{} is absent: the test continues without it", path.display());
    None
}

/// A photo of page 2 of a result form. The candidates have 123, 274 and 32 votes. It is the real photo where
/// the machine has it, otherwise a drawn one in `folder`.
///
/// # Errors
/// When the drawn photo cannot be written.
pub fn page_2_photo(folder: &Path) -> Result<PathBuf> {
    if let Some(path) = real("photos/pilpres-2024-hal2.jpg") {
        return Ok(path);
    }
    let path = folder.join("page-2.jpg");
    let votes = [("IV.1", 123), ("IV.2", 274), ("IV.3", 32)].map(|(code, votes)| (code.to_owned(), votes));
    std::fs::write(&path, sheet_photo(2, &votes, 1)?)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

/// A JPEG that looks like a photographed form: a sheet on a dark table, with corner marks, ruled rows and
/// boxes with strokes. Each `number` has its own picture, the same in every run.
///
/// # Errors
/// When encoding fails.
pub fn drawn_photo(number: u8) -> Result<Vec<u8>> {
    let mut picture = RgbImage::from_fn(WIDTH, HEIGHT, ground);
    for (x, y) in
        [(LEFT + 20, TOP + 20), (RIGHT - 60, TOP + 20), (LEFT + 20, BOTTOM - 60), (RIGHT - 60, BOTTOM - 60)]
    {
        fill(&mut picture, x, y, 40, 40, INK);
    }
    // A linear congruential generator (Numerical Recipes): the same strokes in every run.
    let mut state = u32::from(number).wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = move |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for row in 0..18 {
        let y = TOP + 110 + row * 58;
        fill(&mut picture, LEFT + 40, y + 44, RIGHT - LEFT - 80, 2, RULE);
        fill(&mut picture, LEFT + 60, y + 18, 120 + next(260), 8, INK);
        for column in 0..3 {
            let x = RIGHT - 260 + column * 62;
            fill(&mut picture, x, y, 48, 40, RULE);
            fill(&mut picture, x + 3, y + 3, 42, 34, PAPER);
            for _ in 0..3 {
                fill(&mut picture, x + 8 + next(26), y + 7 + next(10), 3, 8 + next(14), PEN);
                fill(&mut picture, x + 8 + next(14), y + 7 + next(24), 6 + next(14), 3, PEN);
            }
        }
    }
    let mut jpeg = Cursor::new(Vec::new());
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 85))
        .context("encoding a drawn photo")?;
    Ok(jpeg.into_inner())
}

const WIDTH: u32 = 960;
const HEIGHT: u32 = 1280;
const LEFT: u32 = 40;
const RIGHT: u32 = WIDTH - 40;
const TOP: u32 = 40;
const BOTTOM: u32 = HEIGHT - 40;
const PAPER: Rgb<u8> = Rgb([238, 234, 224]);
const INK: Rgb<u8> = Rgb([30, 30, 34]);
const PEN: Rgb<u8> = Rgb([36, 52, 120]);
const RULE: Rgb<u8> = Rgb([120, 118, 112]);

/// The table, and on it the sheet, lit from the upper left.
fn ground(x: u32, y: u32) -> Rgb<u8> {
    if !(LEFT..RIGHT).contains(&x) || !(TOP..BOTTOM).contains(&y) {
        return Rgb([74, 58, 46]);
    }
    let shade = (x + y) * 40 / (WIDTH + HEIGHT);
    PAPER.0.map(|channel| channel.saturating_sub(u8::try_from(shade).unwrap_or(u8::MAX))).into()
}

fn fill(picture: &mut RgbImage, left: u32, top: u32, width: u32, height: u32, colour: Rgb<u8>) {
    for y in top..(top + height).min(HEIGHT) {
        for x in left..(left + width).min(WIDTH) {
            picture.put_pixel(x, y, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_photos_differ_by_number_and_are_the_same_in_every_run() {
        let first = drawn_photo(1).unwrap();
        assert_eq!(first, drawn_photo(1).unwrap());
        assert_ne!(first, drawn_photo(2).unwrap());
        let read = image::load_from_memory(&first).unwrap();
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
    }
}
