//! The results as a table: a row for each station, a column for each choice.

use std::io::Write;

use chrono::DateTime;
use spreadsheet::{Cell, CsvWriter, WriteError, XlsxWriter};
use tally::{Choice, RegionCode};

use super::results::{Scope, StationResult};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The columns before the votes.
const COLUMNS: [&str; 13] = [
    "contest",
    "station",
    "provinsi",
    "kabupaten_kota",
    "kecamatan",
    "desa",
    "standing",
    "round",
    "witnesses",
    "tallies",
    "faults",
    "pages_photographed",
    "last_at",
];

/// The names of the columns.
fn header(choices: &[Choice]) -> Vec<String> {
    let votes = choices.iter().map(|choice| format!("votes_{choice}"));
    let fixed = COLUMNS.iter().map(|name| (*name).to_owned());
    fixed.chain(votes).chain(["valid".to_owned(), "invalid".to_owned()]).collect()
}

fn number(value: Option<u32>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Number(f64::from(value)))
}

/// Makes the rows. The names of a desa's regions are looked up once for all its stations.
struct Rows<'a> {
    endpoint: &'a Endpoint,
    choices: Vec<Choice>,
    desa: Option<(RegionCode, Vec<Cell>)>,
}

impl<'a> Rows<'a> {
    fn names(&mut self, desa: &RegionCode) -> Vec<Cell> {
        match &self.desa {
            Some((known, names)) if known == desa => names.clone(),
            _ => {
                let of = |code: RegionCode| Cell::of(&self.endpoint.package().region_name(&code));
                let names: Vec<Cell> = desa.path().into_iter().map(of).collect();
                self.desa = Some((desa.clone(), names.clone()));
                names
            }
        }
    }

    fn row(&mut self, result: &StationResult<'_>) -> Vec<Cell> {
        let count = result.count;
        let mut cells = vec![Cell::of(result.contest.id.as_str()), Cell::of(&result.station.to_string())];
        cells.extend(self.names(result.station.desa()));
        cells.push(Cell::of(count.map_or("missing", |count| count.standing.word())));
        cells.push(number(count.map(|count| u32::from(count.round))));
        cells.push(number(Some(count.map_or(0, |count| count.witnesses))));
        cells.push(number(Some(count.map_or(0, |count| count.tallies))));
        cells.push(number(count.map(|count| count.faults)));
        cells.push(number(Some(count.map_or(0, |count| count.pages_photographed))));
        let last = count.and_then(|count| count.last_at_ms).and_then(DateTime::from_timestamp_millis);
        cells.push(last.map_or(Cell::Empty, |last| Cell::of(&last.format("%Y-%m-%dT%H:%M:%SZ").to_string())));
        cells.extend(self.choices.iter().map(|choice| number(result.votes(*choice))));
        cells.push(number(result.valid()));
        cells.push(number(result.counted().map(|count| count.invalid)));
        cells
    }
}

fn failed(error: WriteError) -> Refusal {
    Refusal::internal("writing a table", &error)
}

/// Writes the table as CSV.
pub(crate) fn write_csv(endpoint: &Endpoint, scope: &Scope<'_>, out: impl Write) -> Result<(), Refusal> {
    let choices = scope.choices();
    let header = header(&choices);
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut csv = CsvWriter::new(out, &names).map_err(failed)?;
    let mut rows = Rows { endpoint, choices, desa: None };
    scope.each(endpoint, |result| csv.row(&rows.row(result)).map_err(failed))?;
    csv.finish().map_err(failed)?;
    Ok(())
}

/// Writes the table as a workbook, with a second sheet that says who the choices are.
pub(crate) fn write_xlsx(
    endpoint: &Endpoint,
    scope: &Scope<'_>,
    out: impl Write + Send,
) -> Result<(), Refusal> {
    let choices = scope.choices();
    let header = header(&choices);
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut xlsx = XlsxWriter::new("hasil", &names).map_err(failed)?;
    let mut rows = Rows { endpoint, choices, desa: None };
    scope.each(endpoint, |result| xlsx.row(&rows.row(result)).map_err(failed))?;
    xlsx.next_sheet("pilihan", &["column", "contest", "name"]).map_err(failed)?;
    for contest in &scope.contests {
        for choice in &rows.choices {
            let name = endpoint.package().choice_name(contest, *choice);
            let column = format!("votes_{choice}");
            let cells = [Cell::of(&column), Cell::of(contest.id.as_str()), Cell::of(&name)];
            xlsx.row(&cells).map_err(failed)?;
        }
    }
    xlsx.finish_to(out).map_err(failed)
}
