//! Tables that people bring and take away: CSV, XLSX and JSON, read within bounds; CSV and XLSX written.
//!
//! A [`Spreadsheet`] is opened from the bytes of a file, whose kind, encoding and delimiter are recognised.
//! Its rows come one after the other, each cell with its position. What people write in a cell is read by
//! [`figure`] and by [`Regions`], which understand or refuse and never guess. What is wrong is a [`Fault`]: a
//! code for the screens, with row and column.
//!
//! Pure: no I/O, no clock.

mod archive;
mod cell;
mod delimited;
mod encoding;
mod fault;
mod figure;
mod header;
mod limits;
mod objects;
mod opened;
mod regions;
mod workbook;
mod write;

pub use self::cell::{Cell, Row, column_letters};
pub use self::fault::{Fault, FaultCode, Problem};
pub use self::figure::figure;
pub use self::header::{HEADER_ROWS_MAX, Header, Mapping, Synonyms, normal};
pub use self::limits::Limits;
pub use self::opened::{Format, Rows, Spreadsheet};
pub use self::regions::{Regions, station_number};
pub use self::write::{CsvWriter, WriteError, XlsxWriter};
