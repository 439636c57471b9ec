//! Tables that leave: CSV and XLSX in which no cell becomes a formula.

use std::io::Write;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::cell::Cell;

/// Why a table was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The receiver did not take it.
    #[error("cannot write the table")]
    Csv(#[from] csv::Error),
    /// The rest of the table did not get to the receiver.
    #[error("cannot finish the table")]
    Finish(#[from] std::io::Error),
    /// It does not fit a worksheet, or the file could not be made.
    #[error("cannot write the workbook")]
    Xlsx(#[from] XlsxError),
}

/// Letters with which a spreadsheet program begins a formula, or that it skips before one.
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A text that no spreadsheet program takes for a formula: with an apostrophe before what would be one.
fn harmless(text: &str) -> String {
    let starts = |text: &str| text.starts_with(FORMULA_STARTS) || text.starts_with(['＝', '＋', '－', '＠']);
    if starts(text) || starts(text.trim_start()) { format!("'{text}") } else { text.to_owned() }
}

/// Writes a CSV row by row, in UTF-8 with the mark by which Excel recognises it.
pub struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a table with its header.
    pub fn new(mut to: W, header: &[&str]) -> Result<Self, WriteError> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut writer = Self { csv: csv::Writer::from_writer(to) };
        writer.row(&header.iter().map(|name| Cell::of(name)).collect::<Vec<_>>())?;
        Ok(writer)
    }

    /// Writes a row. Texts are made harmless; numbers stay numbers, below zero too.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        let texts = cells.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            other => other.text().into_owned(),
        });
        Ok(self.csv.write_record(texts)?)
    }

    /// Writes what is left and returns the receiver.
    pub fn finish(self) -> Result<W, WriteError> {
        self.csv.into_inner().map_err(|error| WriteError::Finish(error.into_error()))
    }
}

/// Writes an XLSX row by row. Rows that are written leave the memory for a temporary file.
pub struct XlsxWriter {
    workbook: Workbook,
    /// The sheet that is being written.
    sheet: usize,
    next_row: u32,
}

impl XlsxWriter {
    /// Begins a workbook with its first sheet and the header, which stays in sight when one scrolls.
    pub fn new(sheet_name: &str, header: &[&str]) -> Result<Self, WriteError> {
        let mut writer = Self { workbook: Workbook::new(), sheet: 0, next_row: 0 };
        writer.begin_sheet(sheet_name, header)?;
        Ok(writer)
    }

    /// Ends the sheet and begins the next one.
    pub fn next_sheet(&mut self, sheet_name: &str, header: &[&str]) -> Result<(), WriteError> {
        self.sheet += 1;
        self.next_row = 0;
        self.begin_sheet(sheet_name, header)
    }

    fn begin_sheet(&mut self, sheet_name: &str, header: &[&str]) -> Result<(), WriteError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name)?.set_freeze_panes(1, 0)?;
        self.row(&header.iter().map(|name| Cell::of(name)).collect::<Vec<_>>())
    }

    /// Writes a row. A text stays a text in a workbook, and is made harmless for those who save it as CSV.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string(self.next_row, column, harmless(text))?;
                }
                Cell::Number(number) => {
                    sheet.write_number(self.next_row, column, *number)?;
                }
            }
        }
        self.next_row += 1;
        Ok(())
    }

    /// The bytes of the file.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        Ok(self.workbook.save_to_buffer()?)
    }

    /// Writes the file to a receiver.
    pub fn finish_to(mut self, out: impl Write + Send) -> Result<(), WriteError> {
        Ok(self.workbook.save_to_writer(out)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_like_a_formula() {
        for text in ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=cmd|' /C calc'!A0"] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        for text in ["Lombok", "52.71", "a=b", ""] {
            assert_eq!(harmless(text), text);
        }
    }
}
