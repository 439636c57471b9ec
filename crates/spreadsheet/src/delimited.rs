//! CSV: which delimiter it has, and its rows.

use csv::{ReaderBuilder, StringRecord};

use crate::cell::{Cell, Row};
use crate::fault::{Fault, FaultCode};

/// The delimiters that are recognised, the more likely first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of a file is looked at to recognise its delimiter.
const SAMPLE_BYTES: usize = 64 << 10;
const SAMPLE_ROWS: usize = 50;

/// The text of a CSV and its delimiter.
#[derive(Debug)]
pub(crate) struct Delimited {
    text: String,
    pub(crate) delimiter: u8,
    /// Rows before the first that is read: the line `sep=;` of Excel.
    skipped: u32,
}

impl Delimited {
    pub(crate) fn new(text: String) -> Self {
        match named_delimiter(&text) {
            Some(delimiter) => Self { text, delimiter, skipped: 1 },
            None => Self { delimiter: likeliest_delimiter(&text), text, skipped: 0 },
        }
    }

    /// Whether the last row has a line break. Without one the file may have been cut in its last cell.
    pub(crate) fn ends_with_a_break(&self) -> bool {
        self.text.ends_with(['\n', '\r'])
    }

    pub(crate) fn rows(&self) -> DelimitedRows<'_> {
        let body = if self.skipped == 0 { &self.text } else { after_first_line(&self.text) };
        DelimitedRows {
            reader: reader(body, self.delimiter),
            body,
            record: StringRecord::new(),
            counted_to: 0,
            line: self.skipped,
        }
    }
}

fn after_first_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// Excel's own way to name the delimiter: a first line `sep=;`.
fn named_delimiter(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim().to_ascii_lowercase();
    let &[delimiter] = line.strip_prefix("sep=")?.as_bytes() else { return None };
    DELIMITERS.contains(&delimiter).then_some(delimiter)
}

/// The delimiter with which most rows have the same number of columns, and more than one.
fn likeliest_delimiter(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let scores = DELIMITERS.map(|delimiter| (score(&text[..end], delimiter), delimiter));
    // The first of equals: `max_by_key` would take the last.
    scores.into_iter().rev().max_by_key(|(score, _)| *score).map_or(b',', |(_, delimiter)| delimiter)
}

/// How many rows have the commonest number of columns, times that number.
fn score(sample: &str, delimiter: u8) -> usize {
    let widths: Vec<usize> =
        reader(sample, delimiter).records().take(SAMPLE_ROWS).flatten().map(|row| row.len()).collect();
    let rows_of = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths
        .iter()
        .filter(|width| **width > 1)
        .map(|width| rows_of(*width) * 8 + width.min(&7))
        .max()
        .unwrap_or(0)
}

/// The rows of a CSV.
pub(crate) struct DelimitedRows<'a> {
    reader: csv::Reader<&'a [u8]>,
    body: &'a str,
    record: StringRecord,
    counted_to: usize,
    line: u32,
}

impl DelimitedRows<'_> {
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, Fault> {
        let more = self.reader.read_record(&mut self.record).map_err(|_| Fault::from(FaultCode::Damaged))?;
        if !more {
            return Ok(None);
        }
        let number = self.number_of_record();
        Ok(Some(Row { number, cells: self.record.iter().map(Cell::of).collect() }))
    }

    /// The row's number counts empty lines, as a spreadsheet program does. The reader skips them before a
    /// record, so that its own position is of the first empty one.
    fn number_of_record(&mut self) -> u32 {
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX).min(self.body.len());
        let inside: usize = self.record.iter().map(|cell| breaks(cell.as_bytes())).sum();
        let read = &self.body.as_bytes()[self.counted_to..end];
        // Whether the reader has already taken the break after the record.
        let closed = usize::from(read.ends_with(b"\n"));
        let lines = breaks(read).saturating_sub(closed + inside);
        let number = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)).saturating_add(1);
        self.line =
            number.saturating_sub(1).saturating_add(u32::try_from(inside + closed).unwrap_or(u32::MAX));
        self.counted_to = end;
        number
    }
}

fn breaks(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (u8, Vec<(u32, Vec<String>)>) {
        let delimited = Delimited::new(text.into());
        let mut rows = delimited.rows();
        let mut all = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            all.push((row.number, row.cells.iter().map(|cell| cell.text().into_owned()).collect()));
        }
        (delimited.delimiter, all)
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_columns() {
        assert_eq!(rows("a;b\n1,234;2\n2,345;3\n").0, b';');
        assert_eq!(rows("a,b\n1,2\n").0, b',');
        assert_eq!(rows("a\tb, c\n1\t2\n").0, b'\t');
        assert_eq!(rows("sep=;\na,b;c\n").0, b';');
        assert_eq!(rows("REKAPITULASI, KOTA MATARAM\n\nkode;suara;sah\n1;2;3\n2;3;4\n").0, b';');
        assert_eq!(rows("alone\n1\n").0, b',');
    }

    #[test]
    fn rows_have_the_numbers_of_a_spreadsheet_program() {
        for end in ["\n", "\r\n"] {
            let text = ["judul", "", "", "a;b", "1;\"two\nlines\"", "", "3;4"].join(end);
            let text = text.replace("two\r\n", "two\n");
            let numbers: Vec<u32> = rows(&text).1.into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [1, 4, 5, 8], "with {end:?}");
        }
        assert_eq!(rows("sep=;\na;b\n1;2\n").1[1].0, 3);
    }
}
