//! The three words of AprilTag family 36h10 on the pages of the result form.

use super::Tag;
use crate::gray::Gray;
use crate::plane::{Homography, Point};

/// Cells along one side, the black border included.
pub(crate) const CELLS: usize = 8;
/// Data cells along one side.
const DATA_CELLS: usize = 6;
/// Maximum number of corrected cells. Words of the family differ in at least ten cells, so four are safe.
/// Three leave a margin, because a form can have a tag that is none of these.
const WRONG_CELLS_MAX: u32 = 3;
/// Maximum number of light cells of the 28 border cells (dirt, the edge of a thumb).
const LIGHT_BORDER_CELLS_MAX: usize = 3;
/// Minimum difference of light and dark cells, 0 to 255.
const CONTRAST_MIN: f32 = 12.0;

/// Number and word: 36 cells row by row from the upper left as printed on the page, the first in the highest
/// bit, one for white. Measured on the blank form.
const WORDS: [(u16, u64); 3] = [(101, 0x1_da1c_89dd), (102, 0x2_89c9_9b2c), (103, 0x3_ae94_b805)];

/// The word of a tag's number, for drawing.
pub(crate) fn word(id: u16) -> Option<u64> {
    WORDS.iter().find(|(known, _)| *known == id).map(|(_, word)| *word)
}

/// Whether a cell (counted from the upper left, border included) of `word` is white.
pub(crate) fn is_white(word: u64, column: usize, row: usize) -> bool {
    let data = 1..=DATA_CELLS;
    data.contains(&column)
        && data.contains(&row)
        && word >> (DATA_CELLS * DATA_CELLS - 1 - (row - 1) * DATA_CELLS - (column - 1)) & 1 == 1
}

/// Reads the cells inside `corners` (clockwise as seen) and names them, whichever corner is the page's upper
/// left.
pub(super) fn read(corners: &[Point; 4], gray: &Gray) -> Option<Tag> {
    let cells = sample(corners, gray)?;
    let threshold = threshold(&cells)?;
    let white = |column: usize, row: usize| cells[row][column] > threshold;
    let last = CELLS - 1;
    let light_border = (0..CELLS)
        .flat_map(|i| [(i, 0), (i, last), (0, i), (last, i)])
        .filter(|(column, row)| white(*column, *row))
        .count();
    if light_border > LIGHT_BORDER_CELLS_MAX {
        return None;
    }
    (0..4)
        .flat_map(|turn| WORDS.map(|(id, word)| (turn, id, word)))
        .map(|(turn, id, word)| {
            let wrong = (1..last)
                .flat_map(|row| (1..last).map(move |column| (column, row)))
                .filter(|(column, row)| {
                    let (c, r) = turned(*column, *row, turn);
                    white(c, r) != is_white(word, *column, *row)
                })
                .count() as u32;
            (wrong, turn, id)
        })
        .min()
        .filter(|(wrong, ..)| *wrong <= WRONG_CELLS_MAX)
        .map(|(wrong_cells, turn, id)| Tag {
            id,
            corners: [0, 1, 2, 3].map(|i| corners[(i + turn) % 4]),
            wrong_cells,
        })
}

/// The sampled cell of a cell of the page, if the page's upper left is the sampled corner `turn`.
fn turned(column: usize, row: usize, turn: usize) -> (usize, usize) {
    let last = CELLS - 1;
    match turn {
        0 => (column, row),
        1 => (last - row, column),
        2 => (last - column, last - row),
        _ => (row, last - column),
    }
}

/// The mean brightness of the middle of each cell.
fn sample(corners: &[Point; 4], gray: &Gray) -> Option<[[f32; CELLS]; CELLS]> {
    let side = CELLS as f64;
    let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| Point::new(x, y));
    let pairs: Vec<_> = square.into_iter().zip(*corners).collect();
    let map = Homography::fit(&pairs)?;
    let mut cells = [[0.0; CELLS]; CELLS];
    for (row, line) in cells.iter_mut().enumerate() {
        for (column, cell) in line.iter_mut().enumerate() {
            for (dx, dy) in [(0.5, 0.5), (0.35, 0.35), (0.65, 0.35), (0.35, 0.65), (0.65, 0.65)] {
                *cell += gray.at(map.apply(Point::new(column as f64 + dx, row as f64 + dy))) / 5.0;
            }
        }
    }
    Some(cells)
}

/// Half-way between the mean of the dark and of the light cells (Ridler and Calvard's iteration).
fn threshold(cells: &[[f32; CELLS]; CELLS]) -> Option<f32> {
    let all = || cells.iter().flatten().copied();
    let (low, high) = all().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
    let mut threshold = (low + high) / 2.0;
    for _ in 0..8 {
        let mean = |light: bool| {
            let (sum, count) = all()
                .filter(|v| (*v > threshold) == light)
                .fold((0.0, 0.0f32), |(sum, count), v| (sum + v, count + 1.0));
            sum / count.max(1.0)
        };
        threshold = (mean(false) + mean(true)) / 2.0;
    }
    (high - low >= CONTRAST_MIN).then_some(threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarter_turned(word: u64) -> u64 {
        (0..DATA_CELLS * DATA_CELLS).fold(0, |turned_word, i| {
            let (c, r) = turned(i % DATA_CELLS + 1, i / DATA_CELLS + 1, 1);
            turned_word << 1 | u64::from(is_white(word, c, r))
        })
    }

    #[test]
    fn the_words_differ_in_ten_cells_whichever_way_they_are_turned() {
        let mut all = Vec::new();
        for (_, word) in WORDS {
            let mut word = word;
            for _ in 0..4 {
                all.push(word);
                word = quarter_turned(word);
            }
        }
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert!((a ^ b).count_ones() >= 10, "{a:x} {b:x}");
            }
        }
    }
}
