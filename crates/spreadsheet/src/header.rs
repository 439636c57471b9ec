//! The header of a table, and which column means what.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cell::{Cell, Row, column_letters};
use crate::fault::{Fault, FaultCode};

/// How far below the top a header is looked for: titles stand above it.
pub const HEADER_ROWS_MAX: usize = 40;

/// The words by which people name one field.
#[derive(Debug, Clone, Copy)]
pub struct Synonyms {
    /// The field's name in a mapping.
    pub field: &'static str,
    /// Headers that mean it, as [`normal`] writes them; the likeliest first.
    pub words: &'static [&'static str],
}

/// A header as it is compared: small letters and digits, single spaces.
pub fn normal(text: &str) -> String {
    let lower = text.to_lowercase();
    let spaced: String =
        lower.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The header of a table. Each column has a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The row in which it stands, from 1.
    pub row: u32,
    /// The names from the first column on.
    pub names: Vec<String>,
}

impl Header {
    /// The header in a given row. A column without a name has its letters, a repeated name its occurrence.
    pub fn of(row: &Row) -> Self {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut names = Vec::new();
        for (column, cell) in row.cells.iter().enumerate() {
            let name = name_of(cell, column, &taken);
            taken.insert(name.clone());
            names.push(name);
        }
        Self { row: row.number, names }
    }

    /// The likeliest header among the first rows: the one with most known words, or else the first of the
    /// widest rows that have no figure.
    pub fn find(rows: &[Row], known: &[Synonyms]) -> Option<Self> {
        let rows = &rows[..rows.len().min(HEADER_ROWS_MAX)];
        let words: BTreeSet<&str> = known.iter().flat_map(|field| field.words).copied().collect();
        let hits =
            |row: &Row| row.cells.iter().filter(|cell| words.contains(normal(&cell.text()).as_str())).count();
        let best = rows.iter().rev().max_by_key(|row| hits(row)).filter(|row| hits(row) > 0);
        best.or_else(|| widest_of_words(rows)).map(Self::of)
    }

    /// The column of a name, counted from 0.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

fn name_of(cell: &Cell, column: usize, taken: &BTreeSet<String>) -> String {
    let text = cell.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let base = if text.is_empty() { column_letters(column) } else { text };
    if !taken.contains(&base) {
        return base;
    }
    // The column's own letters end the search even in a header of thousands of equal names.
    format!("{base} ({})", column_letters(column))
}

fn widest_of_words(rows: &[Row]) -> Option<&Row> {
    let words = |row: &&Row| {
        let filled: Vec<&Cell> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
        let has_figure = filled.iter().any(|cell| cell.text().bytes().all(|byte| byte.is_ascii_digit()));
        if has_figure { 0 } else { filled.len() }
    };
    rows.iter().rev().max_by_key(|row| words(row)).filter(|row| words(row) > 1)
}

/// Which column means which field, by the columns' names, so that it fits the next file of the same shape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "Record<string, string>"))]
#[serde(transparent)]
pub struct Mapping {
    /// The name of the column by the field.
    pub columns: BTreeMap<String, String>,
}

impl Mapping {
    /// What the header's words suggest. Each column is used once, and each field has at most one column.
    pub fn guess(header: &Header, known: &[Synonyms]) -> Self {
        let names: Vec<String> = header.names.iter().map(|name| normal(name)).collect();
        let mut taken = BTreeSet::new();
        let mut columns = BTreeMap::new();
        for field in known {
            let found = field.words.iter().find_map(|word| {
                names.iter().enumerate().position(|(at, name)| name == word && !taken.contains(&at))
            });
            if let Some(at) = found {
                taken.insert(at);
                columns.insert(field.field.to_owned(), header.names[at].clone());
            }
        }
        Self { columns }
    }

    /// Whether the header has all columns of this mapping.
    pub fn fits(&self, header: &Header) -> bool {
        !self.columns.is_empty() && self.columns.values().all(|name| header.column(name).is_some())
    }

    /// The column of each field. A name that the header does not have is named; a column may mean one thing
    /// only.
    pub fn resolve(&self, header: &Header) -> Result<BTreeMap<String, usize>, Fault> {
        let mut taken = BTreeSet::new();
        let mut columns = BTreeMap::new();
        for (field, name) in &self.columns {
            let column =
                header.column(name).ok_or_else(|| Fault::from(FaultCode::MissingColumn).about(name))?;
            if !taken.insert(column) {
                return Err(Fault::from(FaultCode::ColumnTwice).about(name));
            }
            columns.insert(field.clone(), column);
        }
        Ok(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Synonyms] = &[
        Synonyms { field: "desa", words: &["desa kelurahan", "desa", "kelurahan"] },
        Synonyms { field: "station", words: &["tps", "nomor tps"] },
    ];

    fn row(number: u32, cells: &[&str]) -> Row {
        Row { number, cells: cells.iter().map(|cell| Cell::of(cell)).collect() }
    }

    #[test]
    fn the_header_is_found_below_the_titles() {
        let rows = [
            row(1, &["REKAPITULASI HASIL", "", ""]),
            row(3, &["Kecamatan", "Desa/Kelurahan", "TPS", "", "1 PKB", "1 PKB"]),
            row(4, &["AMPENAN", "BINTARO", "1", "", "12", "3"]),
        ];
        let header = Header::find(&rows, KNOWN).unwrap();
        assert_eq!(header.row, 3);
        assert_eq!(header.names, ["Kecamatan", "Desa/Kelurahan", "TPS", "D", "1 PKB", "1 PKB (F)"]);
        let unknown = [row(1, &["judul"]), row(2, &["satu", "dua"]), row(3, &["1", "2"])];
        assert_eq!(Header::find(&unknown, KNOWN).unwrap().row, 2);
        assert_eq!(Header::find(&[row(1, &["1", "2"])], KNOWN), None);
    }

    #[test]
    fn a_mapping_is_kept_by_the_columns_names() {
        let header = Header::of(&row(1, &["TPS", "Desa", "Suara"]));
        let mapping = Mapping::guess(&header, KNOWN);
        let next = Header::of(&row(1, &["No", "Suara", "Desa", "TPS"]));
        assert!(mapping.fits(&next));
        assert_eq!(mapping.resolve(&next).unwrap(), [("desa".into(), 2), ("station".into(), 3)].into());
        let other = Header::of(&row(1, &["Desa"]));
        let fault = mapping.resolve(&other).unwrap_err();
        assert_eq!((fault.code, fault.text.as_str()), (FaultCode::MissingColumn, "TPS"));
        let twice = Mapping { columns: [("a".into(), "Desa".into()), ("b".into(), "Desa".into())].into() };
        assert_eq!(twice.resolve(&other).unwrap_err().code, FaultCode::ColumnTwice);
    }
}
