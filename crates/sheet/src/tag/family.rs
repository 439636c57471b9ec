//! Reads the cells of a tag, and names them by the words of family 36h10.

use super::Tag;
use super::words::WORDS;
use crate::gray::Gray;
use crate::plane::{Homography, Point};

/// Cells along one side, the black border included.
pub(crate) const CELLS: usize = 8;
/// Data cells along one side.
const DATA_CELLS: usize = 6;
/// Maximum number of corrected cells of a tag that is looked for. Words of the family differ in at least ten
/// cells, so four are safe; three leave a margin.
const WRONG_CELLS_MAX: u32 = 3;
/// Maximum number of corrected cells of any other tag. There are 2,320 of them in four positions each, so
/// that noise would look like one if it had three cells free.
const WRONG_CELLS_OF_OTHERS_MAX: u32 = 1;
/// Maximum number of light cells of the 28 border cells (dirt, the edge of a thumb).
const LIGHT_BORDER_CELLS_MAX: usize = 3;
/// Minimum difference of light and dark cells, 0 to 255.
const CONTRAST_MIN: f32 = 12.0;

/// The word of a tag's number.
pub(crate) fn word(id: u16) -> Option<u64> {
    WORDS.get(usize::from(id)).copied()
}

/// Whether a cell (counted from the upper left, border included) of `word` is white.
pub(crate) fn is_white(word: u64, column: usize, row: usize) -> bool {
    let data = 1..=DATA_CELLS;
    data.contains(&column)
        && data.contains(&row)
        && word >> (DATA_CELLS * DATA_CELLS - 1 - (row - 1) * DATA_CELLS - (column - 1)) & 1 == 1
}

/// Reads the cells inside `corners` (clockwise as seen) and names them, whichever corner is the page's upper
/// left. The second value says whether it is a tag that is looked for.
pub(super) fn read(corners: &[Point; 4], gray: &Gray, wanted: &dyn Fn(u16) -> bool) -> Option<(Tag, bool)> {
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
    let (wrong_cells, turn, id) = nearest(&white)?;
    let is_wanted = wanted(id);
    let wrong_cells_max = if is_wanted { WRONG_CELLS_MAX } else { WRONG_CELLS_OF_OTHERS_MAX };
    (wrong_cells <= wrong_cells_max).then(|| {
        let corners = [0, 1, 2, 3].map(|i| corners[(i + turn) % 4]);
        (Tag { id, corners, wrong_cells }, is_wanted)
    })
}

/// The word of the family that differs least from what is seen, whichever way that is turned: the number of
/// cells that differ, the turn, the number of the tag. It takes the same time for every tag.
fn nearest(white: &dyn Fn(usize, usize) -> bool) -> Option<(u32, usize, u16)> {
    (0..4)
        .flat_map(|turn| {
            let seen = seen_word(white, turn);
            WORDS.iter().zip(0..).map(move |(word, id)| ((word ^ seen).count_ones(), turn, id))
        })
        .min()
}

/// What is seen as a word, if the page's upper left is the sampled corner `turn`.
fn seen_word(white: &dyn Fn(usize, usize) -> bool, turn: usize) -> u64 {
    let data = 1..=DATA_CELLS;
    data.clone().flat_map(|row| data.clone().map(move |column| (column, row))).fold(
        0,
        |word, (column, row)| {
            let (column, row) = turned(column, row, turn);
            word << 1 | u64::from(white(column, row))
        },
    )
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

    #[test]
    fn the_words_differ_in_ten_cells_whichever_way_they_are_turned() {
        for (i, one) in WORDS.iter().enumerate() {
            let white = |column: usize, row: usize| is_white(*one, column, row);
            for turn in 0..4 {
                let turned = seen_word(&white, turn);
                for (j, other) in WORDS.iter().enumerate().skip(i) {
                    assert!((i, turn) == (j, 0) || (turned ^ other).count_ones() >= 10, "{i} turned, {j}");
                }
            }
        }
    }

    #[test]
    fn the_presidential_form_has_the_words_that_were_measured_on_its_blank() {
        let measured = [Some(0x1_da1c_89dd), Some(0x2_89c9_9b2c), Some(0x3_ae94_b805)];
        assert_eq!([101, 102, 103].map(word), measured);
        assert_eq!([word(2_319).is_some(), word(2_320).is_some()], [true, false]);
    }
}
