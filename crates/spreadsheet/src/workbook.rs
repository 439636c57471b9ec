//! XLSX: the sheets of a workbook and their rows, read one cell after the other.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxCellReader};

use crate::archive;
use crate::cell::{Cell, Row};
use crate::fault::{Fault, FaultCode, Problem};
use crate::limits::Limits;

type Bytes = Cursor<Vec<u8>>;

/// An opened workbook.
pub(crate) struct Workbook {
    xlsx: Xlsx<Bytes>,
    pub(crate) sheets: Vec<String>,
}

impl Workbook {
    pub(crate) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Fault> {
        archive::examine(&bytes, limits)?;
        let xlsx: Xlsx<Bytes> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
        let sheets = xlsx.sheet_names();
        if sheets.is_empty() { Err(FaultCode::NoRows.into()) } else { Ok(Self { xlsx, sheets }) }
    }

    pub(crate) fn rows(&mut self, sheet: usize) -> Result<WorkbookRows<'_>, Fault> {
        let name = self.sheets.get(sheet).ok_or_else(|| Fault::from(FaultCode::NoRows))?;
        let cells = self.xlsx.worksheet_cells_reader(name).map_err(damaged)?;
        Ok(WorkbookRows { cells, next: None, last_row: 0, ended: false })
    }
}

/// A cell with its row, from 1, and its column, from 0.
type Placed = (u32, u32, Cell);

/// The rows of one sheet. Empty rows are left out, and so are cells whose value is a chart or a picture.
pub(crate) struct WorkbookRows<'a> {
    cells: XlsxCellReader<'a, Bytes>,
    next: Option<Placed>,
    last_row: u32,
    ended: bool,
}

impl WorkbookRows<'_> {
    pub(crate) fn next_row(&mut self, limits: &Limits) -> Result<Option<Row>, Fault> {
        let Some(first) = self.next.take().map_or_else(|| self.next_cell(), |cell| Ok(Some(cell)))? else {
            return Ok(None);
        };
        if first.0 <= self.last_row {
            return Err(FaultCode::Damaged.into());
        }
        self.last_row = first.0;
        let mut row = Row { number: first.0, cells: Vec::new() };
        let mut cell = Some(first);
        while let Some((number, column, value)) = cell {
            if number != row.number {
                self.next = Some((number, column, value));
                break;
            }
            place(&mut row, column, value, limits)?;
            cell = self.next_cell()?;
        }
        Ok(Some(row))
    }

    fn next_cell(&mut self) -> Result<Option<Placed>, Fault> {
        while !self.ended {
            let Some(cell) = self.cells.next_cell().map_err(damaged)? else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let value = value_of(cell.get_value());
            if !value.is_empty() {
                return Ok(Some((row.saturating_add(1), column, value)));
            }
        }
        Ok(None)
    }
}

/// The columns between are empty, and only as many as the limit allows.
fn place(row: &mut Row, column: u32, value: Cell, limits: &Limits) -> Result<(), Fault> {
    if column >= limits.columns {
        return Err(Problem::above(FaultCode::TooManyColumns, limits.columns.into()).in_row(row.number));
    }
    let column = column as usize;
    if row.cells.len() <= column {
        row.cells.resize(column + 1, Cell::Empty);
    }
    row.cells[column] = value;
    Ok(())
}

fn value_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Bool(value) => Cell::of(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(date) => Cell::of(&date_text(date)),
        DataRef::Error(error) => Cell::of(&error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, _, _) = date.to_ymd_hms_milli();
    match (hour, minute) {
        (0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
    }
}

/// The reader's own words go into the fault's detail, in English: they help the author of the file.
fn damaged(error: impl std::fmt::Display) -> Fault {
    Problem::with(FaultCode::Damaged, error.to_string()).anywhere()
}
