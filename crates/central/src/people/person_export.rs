//! The export of people as a spreadsheet, in which no cell becomes a formula.

use std::io::Write;

use spreadsheet::{Cell, CsvWriter, WriteError, XlsxWriter};

use super::editor::{Editor, PeopleError};
use super::persons::{PeopleQuery, stored_query};
use crate::endpoint::Endpoint;
use crate::store::StoredPerson;
use crate::view::{AssignmentView, PersonRow};

/// The header of an export. An import understands it.
const HEADER: [&str; 16] = [
    "Nama",
    "HP",
    "Organisasi",
    "Bidang",
    "Jabatan",
    "Kesediaan",
    "Kode desa",
    "Kelurahan",
    "Kecamatan",
    "TPS",
    "Shift",
    "Peserta",
    "Surat mandat",
    "Terlatih",
    "Bergabung",
    "Persetujuan",
];
/// Number of people that are read together.
const BATCH: usize = 500;
/// Maximum number of rows of a workbook, which is kept in memory.
const WORKBOOK_ROWS_MAX: usize = 50_000;

/// Where rows go.
enum Table<W: Write> {
    Csv(Box<CsvWriter<W>>),
    Xlsx(Box<XlsxWriter>, W),
}

impl<W: Write> Table<W> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        match self {
            Self::Csv(csv) => csv.row(cells),
            Self::Xlsx(xlsx, _) => xlsx.row(cells),
        }
    }

    fn finish(self) -> Result<(), WriteError> {
        match self {
            Self::Csv(csv) => csv.finish().map(drop),
            Self::Xlsx(xlsx, mut to) => Ok(to.write_all(&xlsx.finish()?)?),
        }
    }
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportPeopleError {
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Endpoint {
    /// Writes the people whom the editor reaches and the query lets through: a row for each present
    /// assignment, and one for each person without any. It is audited, with the number of rows.
    pub fn export_people<W: Write>(
        &self,
        editor: &Editor,
        query: &PeopleQuery,
        is_workbook: bool,
        to: W,
    ) -> Result<(), ExportPeopleError> {
        query.region.as_ref().map_or(Ok(()), |region| editor.must_reach(region))?;
        let mut table = if is_workbook {
            Table::Xlsx(Box::new(XlsxWriter::new("Saksi", &HEADER)?), to)
        } else {
            Table::Csv(Box::new(CsvWriter::new(to, &HEADER)?))
        };
        let rows = self.export_rows(editor, query, is_workbook, &mut table)?;
        table.finish()?;
        let region = query.region.as_ref().or(editor.region.as_ref());
        let region = region.map_or_else(|| String::from("everywhere"), ToString::to_string);
        let recorded = self.record_event("person.export", &format!("{region}: {rows} rows"), &editor.actor);
        Ok(recorded.map_err(PeopleError::from)?)
    }

    fn export_rows<W: Write>(
        &self,
        editor: &Editor,
        query: &PeopleQuery,
        is_workbook: bool,
        table: &mut Table<W>,
    ) -> Result<usize, ExportPeopleError> {
        let Some((filter, range)) = stored_query(editor, query) else { return Ok(0) };
        let (mut after, mut rows) = (None, 0);
        loop {
            let found = self.store().people(&filter, &range, after.as_ref(), BATCH);
            let found = found.map_err(PeopleError::from)?;
            let Some((_, last)) = found.last() else { return Ok(rows) };
            after = Some(last.clone());
            let people: Vec<StoredPerson> = found.into_iter().map(|(person, _)| person).collect();
            for person in self.person_rows(editor, people)? {
                rows += write_person(&person, table)?;
            }
            if is_workbook && rows > WORKBOOK_ROWS_MAX {
                let text = format!("a workbook has at most {WORKBOOK_ROWS_MAX} rows; export as CSV");
                return Err(PeopleError::Unfit(text).into());
            }
        }
    }
}

fn write_person<W: Write>(person: &PersonRow, table: &mut Table<W>) -> Result<usize, WriteError> {
    for assignment in &person.assignments {
        table.row(&cells(person, Some(assignment)))?;
    }
    if person.assignments.is_empty() {
        table.row(&cells(person, None))?;
    }
    Ok(person.assignments.len().max(1))
}

fn cells(person: &PersonRow, assignment: Option<&AssignmentView>) -> [Cell; 16] {
    let optional = |text: &Option<String>| Cell::of(text.as_deref().unwrap_or_default());
    let yes = |is_so: bool| Cell::of(if is_so { "ya" } else { "" });
    let of_station = |text: fn(&AssignmentView) -> String| {
        assignment.map_or(Cell::Empty, |assignment| Cell::of(&text(assignment)))
    };
    [
        Cell::of(&person.name),
        optional(&person.phone),
        optional(&person.organisation),
        optional(&person.field),
        Cell::of(person.position.word()),
        Cell::of(person.availability.word()),
        Cell::of(person.desa.as_str()),
        Cell::of(&person.desa_name),
        Cell::of(&person.kecamatan_name),
        of_station(|assignment| assignment.station.to_string()),
        of_station(|assignment| assignment.shift.clone()),
        of_station(|assignment| assignment.participant.as_ref().map(ToString::to_string).unwrap_or_default()),
        yes(assignment.is_some_and(|assignment| assignment.letter_at_ms.is_some())),
        yes(assignment.is_some_and(|assignment| assignment.trained_at_ms.is_some())),
        yes(assignment.is_some_and(|assignment| assignment.joined_at_ms.is_some())),
        yes(person.consent_at_ms.is_some()),
    ]
}
