//! JSON: objects as rows, their keys as columns.
//!
//! Understood are an array of objects; an object whose values are objects, keyed by a region's code, as in
//! the tables that Sirekap published; and one of them inside `table`, `data`, `rows` or `tungsura`. Objects
//! inside a row become columns with a full stop: `chart.100025`. Lists, such as those of photos, are left
//! out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::cell::{Cell, Row};
use crate::fault::{Fault, FaultCode};

/// A parsed document takes about ten times its bytes.
pub(crate) const BYTES_MAX: usize = 16 << 20;
/// The column of the keys of an object of objects.
const KEY_COLUMN: &str = "kode";

/// Records of a JSON document, and the columns that at least one of them has.
#[derive(Debug)]
pub(crate) struct Objects {
    columns: Vec<String>,
    records: Vec<Vec<(String, Cell)>>,
}

impl Objects {
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let document: Value = serde_json::from_str(text).map_err(|error| {
            if error.is_eof() { Fault::from(FaultCode::Damaged) } else { FaultCode::UnknownFormat.into() }
        })?;
        let records = records_of(document).ok_or_else(|| Fault::from(FaultCode::NoRows))?;
        let columns: BTreeSet<&String> = records.iter().flatten().map(|(name, _)| name).collect();
        let columns = columns.into_iter().cloned().collect();
        Ok(Self { columns, records })
    }

    /// The row of a number, the first being the header.
    pub(crate) fn row(&self, number: u32) -> Option<Row> {
        let index = number.checked_sub(1)? as usize;
        let cells = match index.checked_sub(1) {
            None => self.columns.iter().map(|name| Cell::of(name)).collect(),
            Some(record) => self.cells_of(self.records.get(record)?),
        };
        Some(Row { number, cells })
    }

    fn cells_of(&self, record: &[(String, Cell)]) -> Vec<Cell> {
        let mut cells = vec![Cell::Empty; self.columns.len()];
        for (name, cell) in record {
            if let Ok(column) = self.columns.binary_search(name) {
                cells[column] = cell.clone();
            }
        }
        cells
    }
}

fn records_of(value: Value) -> Option<Vec<Vec<(String, Cell)>>> {
    match value {
        Value::Array(list) => Some(list.into_iter().filter_map(record).collect()),
        Value::Object(mut object) => {
            if let Some(inner) =
                ["tungsura", "table", "data", "rows"].iter().find_map(|key| object.remove(*key))
            {
                return records_of(inner);
            }
            let keyed = object.values().all(Value::is_object) && !object.is_empty();
            Some(if keyed {
                keyed_records(object)
            } else {
                record(Value::Object(object)).into_iter().collect()
            })
        }
        _ => None,
    }
}

fn record(value: Value) -> Option<Vec<(String, Cell)>> {
    let mut cells = Vec::new();
    flatten(value.as_object()?, "", &mut cells);
    Some(cells)
}

fn keyed_records(object: Map<String, Value>) -> Vec<Vec<(String, Cell)>> {
    let with_key = |(key, value): (String, Value)| {
        let mut cells = record(value)?;
        cells.retain(|(name, _)| name != KEY_COLUMN);
        cells.push((KEY_COLUMN.to_owned(), Cell::of(&key)));
        Some(cells)
    };
    object.into_iter().filter_map(with_key).collect()
}

/// The key "null", which Sirekap writes for nothing, is left out. The depth is bounded by the parser.
fn flatten(object: &Map<String, Value>, before: &str, cells: &mut Vec<(String, Cell)>) {
    for (key, value) in object.iter().filter(|(key, _)| *key != "null") {
        let name = format!("{before}{key}");
        match value {
            Value::Object(inner) => flatten(inner, &format!("{name}."), cells),
            Value::Array(_) => {}
            Value::Null => cells.push((name, Cell::Empty)),
            Value::Bool(value) => cells.push((name, Cell::of(if *value { "TRUE" } else { "FALSE" }))),
            Value::Number(number) => cells.push((name, number.as_f64().map_or(Cell::Empty, Cell::Number))),
            Value::String(text) => cells.push((name, Cell::of(text))),
        }
    }
}
