//! An opened file of any kind, and its rows within the bounds.

use serde::{Deserialize, Serialize};

use crate::cell::{Cell, Row};
use crate::delimited::{Delimited, DelimitedRows};
use crate::encoding::decode;
use crate::fault::{Fault, FaultCode, Problem};
use crate::limits::Limits;
use crate::objects::{self, Objects};
use crate::workbook::{Workbook, WorkbookRows};

/// The kind of a file, as it was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Format {
    /// Text with delimiters.
    Csv {
        /// The delimiter.
        delimiter: char,
        /// The encoding, by its name.
        encoding: String,
        /// Whether the last row has no line break: then the file may have been cut in its last cell.
        open_end: bool,
    },
    /// A workbook.
    Xlsx,
    /// Objects.
    Json,
}

/// An opened file.
pub struct Spreadsheet {
    content: Content,
    format: Format,
    limits: Limits,
}

enum Content {
    Csv(Delimited),
    Xlsx(Box<Workbook>),
    Json(Objects),
}

impl Spreadsheet {
    /// Opens a file by its bytes; a file's name says nothing reliable about it.
    pub fn open(bytes: Vec<u8>, limits: Limits) -> Result<Self, Fault> {
        if bytes.len() > limits.bytes {
            return Err(Problem::above(FaultCode::TooManyBytes, limits.bytes as u64).anywhere());
        }
        refuse_other_formats(&bytes)?;
        if bytes.starts_with(b"PK") {
            let content = Content::Xlsx(Box::new(Workbook::open(bytes, &limits)?));
            return Ok(Self { content, format: Format::Xlsx, limits });
        }
        let size = bytes.len();
        let decoded = decode(bytes)?;
        if decoded.text.trim_start().starts_with(['{', '[']) {
            if size > objects::BYTES_MAX {
                return Err(Problem::above(FaultCode::TooManyBytes, objects::BYTES_MAX as u64).anywhere());
            }
            let content = Content::Json(Objects::parse(&decoded.text)?);
            return Ok(Self { content, format: Format::Json, limits });
        }
        let csv = Delimited::new(decoded.text);
        let (delimiter, open_end) = (char::from(csv.delimiter), !csv.ends_with_a_break());
        let format = Format::Csv { delimiter, encoding: decoded.encoding.to_owned(), open_end };
        Ok(Self { content: Content::Csv(csv), format, limits })
    }

    /// The kind that was recognised.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The names of the sheets of a workbook. Other files have one without a name.
    pub fn sheets(&self) -> Vec<String> {
        match &self.content {
            Content::Xlsx(workbook) => workbook.sheets.clone(),
            Content::Csv(_) | Content::Json(_) => vec![String::new()],
        }
    }

    /// The rows of a sheet, counted from 0. Rows without any cell may be left out.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, Fault> {
        let source = match &mut self.content {
            Content::Csv(csv) => Source::Csv(Box::new(csv.rows())),
            Content::Xlsx(workbook) => Source::Xlsx(Box::new(workbook.rows(sheet)?)),
            Content::Json(objects) => Source::Json(objects, 0),
        };
        Ok(Rows { source, limits: self.limits, text_bytes: 0, failed: false })
    }

    /// The first rows of a sheet, for a preview or to find the header.
    pub fn first_rows(&mut self, sheet: usize, rows: usize) -> Result<Vec<Row>, Fault> {
        self.rows(sheet)?.take(rows).collect()
    }
}

fn refuse_other_formats(bytes: &[u8]) -> Result<(), Fault> {
    let code = match bytes {
        [] => FaultCode::NoRows,
        // A compound file: a workbook before 2007, or one with a password.
        [0xd0, 0xcf, 0x11, 0xe0, ..] if contains_utf_16(bytes, "EncryptedPackage") => FaultCode::Encrypted,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => FaultCode::OldExcel,
        [b'%', b'P', b'D', b'F', ..] | [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            FaultCode::UnknownFormat
        }
        [b'<', ..] => FaultCode::UnknownFormat,
        _ => return Ok(()),
    };
    Err(code.into())
}

fn contains_utf_16(bytes: &[u8], word: &str) -> bool {
    let word: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(word.len()).any(|window| window == word)
}

/// The rows of a sheet, one after the other. Ends after the first fault.
pub struct Rows<'a> {
    source: Source<'a>,
    limits: Limits,
    text_bytes: u64,
    failed: bool,
}

enum Source<'a> {
    Csv(Box<DelimitedRows<'a>>),
    Xlsx(Box<WorkbookRows<'a>>),
    Json(&'a Objects, u32),
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = self.next_row().transpose()?.and_then(|row| self.bounded(row));
        self.failed = row.is_err();
        Some(row)
    }
}

impl Rows<'_> {
    fn next_row(&mut self) -> Result<Option<Row>, Fault> {
        match &mut self.source {
            Source::Csv(rows) => rows.next_row(),
            Source::Xlsx(rows) => rows.next_row(&self.limits),
            Source::Json(objects, number) => {
                *number += 1;
                Ok(objects.row(*number))
            }
        }
    }

    fn bounded(&mut self, row: Row) -> Result<Row, Fault> {
        let limits = &self.limits;
        if row.number > limits.rows {
            return Err(Problem::above(FaultCode::TooManyRows, limits.rows.into()).in_row(row.number));
        }
        if row.cells.len() > limits.columns as usize {
            return Err(Problem::above(FaultCode::TooManyColumns, limits.columns.into()).in_row(row.number));
        }
        for (column, cell) in row.cells.iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            self.text_bytes += text.len() as u64;
            if text.len() > limits.cell_chars && text.chars().count() > limits.cell_chars {
                let problem = Problem::above(FaultCode::CellTooLong, limits.cell_chars as u64);
                return Err(problem.at(row.number, column, "", cell));
            }
        }
        if self.text_bytes > limits.text_bytes {
            return Err(Problem::above(FaultCode::TooMuchText, limits.text_bytes).in_row(row.number));
        }
        Ok(row)
    }
}
