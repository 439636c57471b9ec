//! What is wrong with a file, a row or a cell: a code for the screens, with its position.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cell::{Cell, column_letters};

/// The closed set of what can be wrong. The screens have a text for each, by the key `fault.CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The file has more bytes than `limit`.
    TooManyBytes,
    /// The file has more rows than `limit`; `row` is the first that is too many.
    TooManyRows,
    /// A row has more columns than `limit`.
    TooManyColumns,
    /// A cell has more characters than `limit`. In a CSV often a quotation mark that is not closed.
    CellTooLong,
    /// All cells together have more text than `limit`, or the parts of an XLSX unpack to more.
    TooMuchText,
    /// Neither CSV, XLSX nor JSON.
    UnknownFormat,
    /// A workbook of Excel 97–2003 (`.xls`).
    OldExcel,
    /// A workbook with a password.
    Encrypted,
    /// The file is not complete, or damaged.
    Damaged,
    /// Letters are damaged: the file was saved in another encoding.
    WrongEncoding,
    /// The file has no row.
    NoRows,
    /// No row of the file is a header that is understood.
    NoHeader,
    /// A column that is needed is not in the file; `text` names it.
    MissingColumn,
    /// Two columns were chosen for the same thing, or one for two.
    ColumnTwice,
    /// The row has fewer columns than the header.
    ShortRow,
    /// The cell must not be empty.
    Blank,
    /// Not a whole number.
    NotAFigure,
    /// A number below zero.
    Negative,
    /// A number with decimals.
    Fraction,
    /// A number above `limit`.
    TooLarge,
    /// A number that a spreadsheet program shortened, such as 5,27E+09.
    Shortened,
    /// Not shaped like a region's code.
    NotARegionCode,
    /// A code or name that the election does not have.
    UnknownRegion,
    /// A name that several regions have; `detail` lists them.
    AmbiguousRegion,
    /// A region of another level than the column's.
    WrongLevel,
    /// Not a number of a station.
    NotAStationNumber,
    /// The election has no such station.
    UnknownStation,
    /// The same thing stands in an earlier row; `detail` names it.
    Twice,
    /// A column with data of persons.
    PersonalData,
    /// A station or region outside of the user's region.
    OutsideRegion,
    /// The contest is not voted there.
    NotVotedThere,
    /// The contest has no such candidate or party.
    UnknownChoice,
}

/// What is wrong with a text, before its position is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: FaultCode,
    /// More about it, for instance the regions that share a name.
    pub detail: String,
    /// The bound that was passed.
    pub limit: Option<u64>,
}

impl From<FaultCode> for Problem {
    fn from(code: FaultCode) -> Self {
        Self { code, detail: String::new(), limit: None }
    }
}

impl Problem {
    /// A problem with more about it.
    pub fn with(code: FaultCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), limit: None }
    }

    /// A passed bound.
    pub fn above(code: FaultCode, limit: u64) -> Self {
        Self { code, detail: String::new(), limit: Some(limit) }
    }

    /// The fault of a cell: `header` is its column's name.
    pub fn at(self, row: u32, column: usize, header: &str, cell: &Cell) -> Fault {
        Fault {
            row: Some(row),
            column: Some(column_letters(column).into()),
            header: clipped(header),
            text: clipped(&cell.text()),
            ..self.anywhere()
        }
    }

    /// The fault of a row.
    pub fn in_row(self, row: u32) -> Fault {
        Fault { row: Some(row), ..self.anywhere() }
    }

    /// The fault of the whole file.
    pub fn anywhere(self) -> Fault {
        let (header, text) = (String::new(), String::new());
        Fault {
            code: self.code,
            row: None,
            column: None,
            header,
            text,
            detail: self.detail,
            limit: self.limit,
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Fault {
    /// What is wrong.
    pub code: FaultCode,
    /// The row as a spreadsheet program shows it, from 1.
    pub row: Option<u32>,
    /// The column's letters.
    pub column: Option<Box<str>>,
    /// The column's name in the header.
    pub header: String,
    /// What stands in the cell, at most 60 characters.
    pub text: String,
    /// More about it.
    pub detail: String,
    /// The bound that was passed.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub limit: Option<u64>,
}

impl From<FaultCode> for Fault {
    fn from(code: FaultCode) -> Self {
        Problem::from(code).anywhere()
    }
}

impl Fault {
    /// The same fault with a text that says what it is about.
    pub fn about(mut self, text: &str) -> Self {
        self.text = clipped(text);
        self
    }
}

/// The characters of a cell that a fault repeats.
const SHOWN_CHARS: usize = 60;

fn clipped(text: &str) -> String {
    text.chars().take(SHOWN_CHARS).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the table: {:?}", self.code)?;
        if let Some(row) = self.row {
            write!(f, " in row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column} ({})", self.header)?;
        }
        if !self.text.is_empty() {
            write!(f, ": {:?}", self.text)?;
        }
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        self.limit.map_or(Ok(()), |limit| write!(f, "; the limit is {limit}"))
    }
}
