//! Cells and rows, with their positions.

use std::borrow::Cow;

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text, without the spaces around it.
    Text(String),
    /// A number of an XLSX or JSON file. CSV has none: there all is text.
    Number(f64),
}

/// Below this, a float holds each whole number exactly.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

static EMPTY: Cell = Cell::Empty;

impl Cell {
    /// The cell of a text.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// What a person sees in the cell.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
        }
    }

    /// Whether nothing is in the cell.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < EXACT_MAX {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Its number as a spreadsheet program shows it, from 1.
    pub number: u32,
    /// Its cells from the first column on.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, counted from 0. A row that ends earlier is empty there.
    pub fn get(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }

    /// Whether all cells are empty.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}

/// The letters of a column, counted from 0, as spreadsheet programs show them: A, B, … Z, AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_spreadsheet_programs() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_number_is_shown_as_it_was_typed() {
        assert_eq!(Cell::Number(5_271_051_001_001.0).text(), "5271051001001");
        assert_eq!(Cell::Number(52.71).text(), "52.71");
        assert_eq!(Cell::of("  12 "), Cell::Text("12".into()));
        assert!(Cell::of(" \u{a0} ").is_empty());
    }
}
