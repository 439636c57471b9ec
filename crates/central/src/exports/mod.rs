//! Results of stations that leave: tables, and the report of NIST SP 1500-100.
//!
//! They are written while the store is read, one kabupaten or kota after the other, so that a file of the
//! nation needs the memory of one of them. Each is as of the moment in which it was read.

mod nist;
mod results;
mod table;

pub(crate) use nist::write_report;
pub(crate) use results::Scope;
pub(crate) use table::{write_csv, write_xlsx};
