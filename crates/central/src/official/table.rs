//! Reads a table of official results: each row's station or region, and its figures.

use std::collections::BTreeMap;

use spreadsheet::{
    Cell, Fault, FaultCode, Format, HEADER_ROWS_MAX, Header, Limits, Mapping, Problem, Regions, Row,
    Spreadsheet, column_letters, figure, normal,
};
use tally::{Choice, Contest, Election, RegionCode, RegionLevel};

use super::choices::{self, FIELDS, guess};
use crate::model::official::{OfficialFigures, Rung, Unit};
use crate::view::{OfficialFileView, OfficialImportRequest, OfficialLayout};

/// Faults that are kept; of the others only the number.
const FAULTS_MAX: usize = 200;
/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 10;
/// Rows in which personal data is looked for.
const LOOKED_THROUGH: usize = 200;
/// Cells of a table that is turned. It is in memory as a whole.
const TURNED_CELLS_MAX: usize = 2_000_000;
/// The largest figure of a station: five boxes, as abroad.
const STATION_FIGURE_MAX: u64 = 99_999;
/// The largest figure of a region: more than the country has people.
const REGION_FIGURE_MAX: u64 = 400_000_000;
/// How often progress is reported, in rows.
const PROGRESS_ROWS: u32 = 500;

/// The bounds of a file of official results: all stations of the country, one row each.
pub(crate) fn limits() -> Limits {
    Limits { rows: 1_000_000, ..Limits::default() }
}

/// What a table is read for.
pub(crate) struct Purpose<'a> {
    pub(crate) election: &'a Election,
    pub(crate) contest: &'a Contest,
    /// The region that must contain every row; `None` is the whole election.
    pub(crate) region: Option<&'a RegionCode>,
}

/// What was read from a table.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) stated: BTreeMap<(Rung, Unit), Stated>,
    pub(crate) rows: u32,
    pub(crate) left_out: u32,
    pub(crate) faults: Vec<Fault>,
    pub(crate) faults_total: u32,
}

/// The figures of one unit, and the row where they stand.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) row: u32,
    pub(crate) figures: OfficialFigures,
}

impl Reading {
    fn fault(&mut self, fault: Fault) {
        self.faults_total += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }
}

/// Shows what a file looks like in a layout. `chosen` is `None` for the likeliest.
pub(crate) fn look(
    bytes: Vec<u8>,
    purpose: &Purpose<'_>,
    chosen: Option<&OfficialImportRequest>,
) -> Result<OfficialFileView, Fault> {
    let mut file = Spreadsheet::open(bytes, limits())?;
    let mut suggested = chosen.cloned().unwrap_or_default();
    let first = file.first_rows(suggested.sheet as usize, HEADER_ROWS_MAX)?;
    if suggested.header_row == 0 {
        suggested.header_row = likely_header(&first).ok_or_else(|| Fault::from(FaultCode::NoHeader))?;
    }
    let mut table = Table::open(&mut file, &suggested)?;
    let rows: Vec<Row> = table.take(LOOKED_THROUGH)?;
    refuse_personal_data(&table.header, &rows)?;
    if suggested.columns.columns.is_empty() {
        suggested.columns = guess(&table.header, purpose.election, purpose.contest);
        if chosen.is_none() && is_long(&suggested.columns) {
            suggested.layout = OfficialLayout::Long;
        }
    }
    let preview = rows.iter().take(PREVIEW_ROWS);
    let preview = preview.map(|row| row.cells.iter().map(|cell| cell.text().into_owned()).collect());
    let (preview, headers) = (preview.collect(), table.header.names.clone());
    drop(table);
    Ok(OfficialFileView { preview, headers, suggested, sheets: file.sheets(), format: file.format().clone() })
}

/// Whether the columns are those of a table with a row for each choice.
fn is_long(mapping: &Mapping) -> bool {
    let has = |field: &str| mapping.columns.contains_key(field);
    let is_wide = mapping.columns.keys().any(|field| field.starts_with("votes:"));
    has("votes") && (has("candidate") || has("party")) && !is_wide
}

fn likely_header(first: &[Row]) -> Option<u32> {
    Header::find(first, FIELDS).map(|header| header.row)
}

/// Reads a whole table. `progress` hears the number of rows that were read.
pub(crate) fn read(
    bytes: Vec<u8>,
    purpose: &Purpose<'_>,
    request: &OfficialImportRequest,
    progress: impl Fn(u32),
) -> Result<Reading, Fault> {
    let mut file = Spreadsheet::open(bytes, limits())?;
    let must_be_full =
        matches!(file.format(), Format::Csv { .. }) && request.layout != OfficialLayout::Transposed;
    let mut table = Table::open(&mut file, request)?;
    let (header, file_rows) = (table.header.clone(), std::mem::take(&mut table.file_rows));
    let mut reader = TableReader::new(purpose, request, header, file_rows, must_be_full)?;
    while let Some(row) = table.next()? {
        reader.row(&row);
        if reader.reading.rows.is_multiple_of(PROGRESS_ROWS) {
            progress(reader.reading.rows);
        }
    }
    if reader.reading.rows == 0 {
        return Err(FaultCode::NoRows.into());
    }
    Ok(reader.reading)
}

/// The header and the rows below it, turned if the layout says so.
struct Table<'a> {
    header: Header,
    rows: TableRows<'a>,
    /// In a turned table the rows of the file that became columns.
    file_rows: Vec<u32>,
}

enum TableRows<'a> {
    Straight(Box<spreadsheet::Rows<'a>>),
    Turned(std::vec::IntoIter<Row>),
}

impl<'a> Table<'a> {
    fn open(file: &'a mut Spreadsheet, request: &OfficialImportRequest) -> Result<Self, Fault> {
        let mut rows = file.rows(request.sheet as usize)?;
        if request.layout == OfficialLayout::Transposed {
            return Self::turned(rows, request.header_row);
        }
        loop {
            let row = rows.next().ok_or_else(|| Fault::from(FaultCode::NoHeader))??;
            if row.number == request.header_row {
                let rows = TableRows::Straight(Box::new(rows));
                return Ok(Self { header: Header::of(&row), rows, file_rows: Vec::new() });
            }
        }
    }

    /// Columns become rows. Their numbers are those of the columns, from 1.
    fn turned(rows: spreadsheet::Rows<'_>, from: u32) -> Result<Self, Fault> {
        let mut cells = 0;
        let mut kept: Vec<Row> = Vec::new();
        for row in rows {
            let row = row?;
            cells += row.cells.len();
            if cells > TURNED_CELLS_MAX {
                return Err(
                    Problem::above(FaultCode::TooMuchText, TURNED_CELLS_MAX as u64).in_row(row.number)
                );
            }
            if row.number >= from && !row.is_empty() {
                kept.push(row);
            }
        }
        let width = kept.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let column = |column: usize| Row {
            number: u32::try_from(column + 1).unwrap_or(u32::MAX),
            cells: kept.iter().map(|row| row.get(column).clone()).collect(),
        };
        let mut columns = (0..width).map(column);
        let header = columns.next().ok_or_else(|| Fault::from(FaultCode::NoHeader))?;
        let rows: Vec<Row> = columns.collect();
        let file_rows = kept.iter().map(|row| row.number).collect();
        Ok(Self { header: Header::of(&header), rows: TableRows::Turned(rows.into_iter()), file_rows })
    }

    fn next(&mut self) -> Result<Option<Row>, Fault> {
        match &mut self.rows {
            TableRows::Straight(rows) => rows.next().transpose(),
            TableRows::Turned(rows) => Ok(rows.next()),
        }
    }

    fn take(&mut self, most: usize) -> Result<Vec<Row>, Fault> {
        let mut taken = Vec::new();
        while taken.len() < most {
            match self.next()? {
                Some(row) if row.is_empty() => {}
                Some(row) => taken.push(row),
                None => break,
            }
        }
        Ok(taken)
    }
}

/// Names of columns that have data of persons. Candidates' names are public, and are not among them.
const PERSONAL: [&str; 22] = [
    "nik",
    "no nik",
    "nomor nik",
    "nik saksi",
    "no ktp",
    "nomor ktp",
    "ktp",
    "nrp saksi",
    "no hp",
    "nomor hp",
    "hp",
    "no telp",
    "telepon",
    "no telepon",
    "telp",
    "phone",
    "whatsapp",
    "no wa",
    "email",
    "nama saksi",
    "nama pemilih",
    "alamat",
];
/// Cells of a column that look like a number of a person, for the column to be refused.
const PERSONAL_CELLS: usize = 2;
const NIK_DIGITS: usize = 16;

/// Refuses a table with data of persons: it has no place among results, and would be kept with them.
fn refuse_personal_data(header: &Header, rows: &[Row]) -> Result<(), Fault> {
    for (column, name) in header.names.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(column));
        let is_personal = PERSONAL.contains(&normal(name).as_str())
            || cells.filter(|cell| is_number_of_a_person(&cell.text())).count() >= PERSONAL_CELLS;
        if is_personal {
            let problem = Problem::from(FaultCode::PersonalData);
            return Err(problem.at(header.row, column, name, &Cell::Empty).about(name));
        }
    }
    Ok(())
}

fn is_number_of_a_person(text: &str) -> bool {
    let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '\'')).collect();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_nik = digits.len() == NIK_DIGITS && is_digits(&digits);
    let is_phone =
        |start: &str| digits.strip_prefix(start).is_some_and(|rest| rest.len() >= 8 && is_digits(rest));
    is_nik || is_phone("08") || is_phone("+62")
}

/// The levels whose names or codes may stand in columns of their own.
const LEVELS: [(&str, RegionLevel); 4] = [
    ("provinsi", RegionLevel::Provinsi),
    ("kabupaten_kota", RegionLevel::KabupatenKota),
    ("kecamatan", RegionLevel::Kecamatan),
    ("desa", RegionLevel::Desa),
];
/// Words in front of a row of sums.
const SUMS: [&str; 8] = [
    "jumlah",
    "jumlah pindahan",
    "jumlah akhir",
    "jumlah total",
    "total",
    "pindahan",
    "sub total",
    "subtotal",
];

struct TableReader<'a> {
    purpose: &'a Purpose<'a>,
    request: &'a OfficialImportRequest,
    header: Header,
    file_rows: Vec<u32>,
    regions: Regions<'a>,
    columns: Columns,
    must_be_full: bool,
    /// The text of each level in the row before: merged cells are empty below the first.
    above: [Cell; 4],
    /// Regions of names that were found already: rows of one desa follow each other.
    found: BTreeMap<Vec<String>, Result<RegionCode, Problem>>,
    reading: Reading,
}

/// The columns by what they mean.
#[derive(Debug)]
struct Columns {
    by_field: BTreeMap<String, usize>,
    votes: Vec<(Choice, usize)>,
}

impl Columns {
    fn of(request: &OfficialImportRequest, header: &Header, contest: &Contest) -> Result<Self, Fault> {
        let by_field = request.columns.resolve(header)?;
        let choices = choices::choices(contest);
        let column = |choice: &Choice| Some((*choice, *by_field.get(&choices::field_of(*choice))?));
        let votes: Vec<(Choice, usize)> = choices.iter().filter_map(column).collect();
        let columns = Self { by_field, votes };
        columns.must_suffice(request)?;
        Ok(columns)
    }

    /// A table without a unit or without votes says nothing.
    fn must_suffice(&self, request: &OfficialImportRequest) -> Result<(), Fault> {
        let has = |field: &str| self.by_field.contains_key(field);
        let has_unit = has("code") || has("station") || LEVELS.iter().any(|(field, _)| has(field));
        let missing = match request.layout {
            _ if !has_unit => Some("code"),
            OfficialLayout::Long if !has("votes") => Some("votes"),
            OfficialLayout::Long if !has("candidate") && !has("party") => Some("candidate"),
            OfficialLayout::Wide | OfficialLayout::Transposed if self.votes.is_empty() => Some("votes"),
            _ => None,
        };
        missing.map_or(Ok(()), |field| Err(Fault::from(FaultCode::MissingColumn).about(field)))
    }

    fn column(&self, field: &str) -> Option<usize> {
        self.by_field.get(field).copied()
    }
}

impl<'a> TableReader<'a> {
    fn new(
        purpose: &'a Purpose<'a>,
        request: &'a OfficialImportRequest,
        header: Header,
        file_rows: Vec<u32>,
        must_be_full: bool,
    ) -> Result<Self, Fault> {
        Ok(Self {
            columns: Columns::of(request, &header, purpose.contest)?,
            regions: Regions::new(purpose.election),
            purpose,
            request,
            header,
            file_rows,
            must_be_full,
            above: Default::default(),
            found: BTreeMap::new(),
            reading: Reading::default(),
        })
    }

    fn row(&mut self, row: &Row) {
        if row.is_empty() {
            return;
        }
        self.reading.rows += 1;
        if is_left_out(row) {
            self.reading.left_out += 1;
            return;
        }
        if self.must_be_full && row.cells.len() < self.header.names.len() {
            return self.reading.fault(Problem::from(FaultCode::ShortRow).in_row(row.number));
        }
        match self.unit(row) {
            Ok(unit) => self.figures(row, unit),
            Err(fault) => self.reading.fault(fault),
        }
    }

    fn at(&self, row: &Row, column: usize, problem: Problem) -> Fault {
        let fault = problem.at(row.number, column, &self.header.names[column], row.get(column));
        // In a turned table the row is a column of the file.
        let Some(file_row) = self.file_rows.get(column) else { return fault };
        let letters = column_letters(row.number.saturating_sub(1) as usize);
        Fault { row: Some(*file_row), column: Some(letters.into()), ..fault }
    }

    /// The station or region of a row, which must be within reach and vote in the contest.
    fn unit(&mut self, row: &Row) -> Result<(Rung, Unit), Fault> {
        let (unit, column) = self.named_unit(row)?;
        let region = unit.region();
        if self.purpose.region.is_some_and(|reach| !reach.contains(region)) {
            return Err(self.at(row, column, FaultCode::OutsideRegion.into()));
        }
        let is_voted = match &unit {
            Unit::Station(station) => self.purpose.contest.covers(station.desa()),
            Unit::Region(region) => self.purpose.contest.touches(region),
        };
        if !is_voted {
            return Err(self.at(row, column, FaultCode::NotVotedThere.into()));
        }
        let own = unit.own_rung();
        let rung = if own == Rung::Station { own } else { self.request.rung.unwrap_or(own) };
        if rung < own {
            return Err(self.at(row, column, FaultCode::WrongLevel.into()));
        }
        Ok((rung, unit))
    }

    /// The station or region, and the column in which it is named.
    fn named_unit(&mut self, row: &Row) -> Result<(Unit, usize), Fault> {
        self.fill_merged(row);
        let station = self.columns.column("station").filter(|column| !row.get(*column).is_empty());
        if let Some(column) = self.columns.column("code").filter(|column| !row.get(*column).is_empty()) {
            let unit = self.unit_of_code(row.get(column), station.map(|column| row.get(column)));
            return Ok((unit.map_err(|problem| self.at(row, column, problem))?, column));
        }
        let (region, column) = self.named_region(row)?;
        let Some(at) = station else { return Ok((Unit::Region(region), column)) };
        let station = self.regions.station_of(&region, row.get(at));
        Ok((Unit::Station(station.map_err(|problem| self.at(row, at, problem))?), at))
    }

    fn unit_of_code(&self, code: &Cell, station: Option<&Cell>) -> Result<Unit, Problem> {
        match (self.regions.by_code(code), station) {
            (Ok(desa), Some(number)) if desa.level() == RegionLevel::Desa => {
                self.regions.station_of(&desa, number).map(Unit::Station)
            }
            (Ok(region), _) => Ok(Unit::Region(region)),
            (Err(problem), _) if problem.code == FaultCode::NotARegionCode => {
                self.regions.station(code).map(Unit::Station)
            }
            (Err(problem), _) => Err(problem),
        }
    }

    /// Takes over from the row above what a merged cell leaves empty, above the lowest level that is filled.
    fn fill_merged(&mut self, row: &Row) {
        let own = LEVELS.map(|(field, _)| self.columns.column(field).map_or(&Cell::Empty, |at| row.get(at)));
        let highest = own.iter().position(|cell| !cell.is_empty());
        for (level, cell) in own.into_iter().enumerate() {
            let is_below = highest.is_some_and(|highest| level > highest);
            if !cell.is_empty() || is_below {
                self.above[level] = cell.clone();
            }
        }
    }

    /// The region of the columns of levels, or the one in which all rows are.
    fn named_region(&mut self, row: &Row) -> Result<(RegionCode, usize), Fault> {
        let filled: Vec<(usize, RegionLevel, &Cell)> = LEVELS
            .iter()
            .zip(&self.above)
            .filter(|(_, cell)| !cell.is_empty())
            .filter_map(|((field, level), cell)| Some((self.columns.column(field)?, *level, cell)))
            .collect();
        let Some((column, level, lowest)) = filled.last().copied() else {
            let column = self.columns.column("station").or(self.columns.column("code")).unwrap_or(0);
            let within = self.request.within.clone();
            return Ok((within.ok_or_else(|| self.at(row, column, FaultCode::Blank.into()))?, column));
        };
        if let Ok(code) = self.regions.by_code_of(lowest, level) {
            return Ok((code, column));
        }
        let texts: Vec<String> = filled.iter().map(|(_, _, cell)| cell.text().into_owned()).collect();
        let found = match self.found.get(&texts) {
            Some(found) => found.clone(),
            None => {
                let names = filled.iter().zip(&texts).map(|((_, level, _), text)| (*level, text.as_str()));
                let found = self.region_of(&filled, &names.collect::<Vec<_>>());
                self.found.insert(texts, found.clone());
                found
            }
        };
        found.map(|region| (region, column)).map_err(|problem| self.at(row, column, problem))
    }

    fn region_of(
        &self,
        filled: &[(usize, RegionLevel, &Cell)],
        names: &[(RegionLevel, &str)],
    ) -> Result<RegionCode, Problem> {
        let cells: Vec<&Cell> = filled.iter().map(|(_, _, cell)| *cell).collect();
        let are_numbers = cells.iter().all(|cell| cell.text().bytes().all(|byte| byte.is_ascii_digit()));
        if are_numbers && filled.first().is_some_and(|(_, level, _)| *level == RegionLevel::Provinsi) {
            return self.regions.by_parts(&cells);
        }
        self.regions.by_names_in(self.request.within.as_ref(), names)
    }

    fn figures(&mut self, row: &Row, key: (Rung, Unit)) {
        let read = match self.request.layout {
            OfficialLayout::Long => self.one_choice(row, &key.1),
            OfficialLayout::Wide | OfficialLayout::Transposed => self.all_choices(row, &key.1),
        };
        let figures = match read {
            Ok(figures) => figures,
            Err(faults) => return faults.into_iter().for_each(|fault| self.reading.fault(fault)),
        };
        let Some(before) = self.reading.stated.get_mut(&key) else {
            self.reading.stated.insert(key, Stated { row: row.number, figures });
            return;
        };
        let is_new = |choice: &Choice| !before.figures.votes.contains_key(choice);
        if self.request.layout == OfficialLayout::Long && figures.votes.keys().all(is_new) {
            before.figures.votes.extend(figures.votes);
            return;
        }
        let problem = Problem::with(FaultCode::Twice, before.row.to_string());
        self.reading.fault(problem.in_row(row.number).about(&key.1.to_string()));
    }

    fn all_choices(&self, row: &Row, unit: &Unit) -> Result<OfficialFigures, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut read = |column: usize| match self.figure_at(row, column, unit) {
            Ok(figure) => figure,
            Err(fault) => {
                faults.push(fault);
                None
            }
        };
        let votes = self.columns.votes.iter();
        let votes = votes.filter_map(|(choice, column)| Some((*choice, read(*column)?))).collect();
        let valid = self.columns.column("valid").and_then(&mut read);
        let invalid = self.columns.column("invalid").and_then(&mut read);
        if faults.is_empty() { Ok(OfficialFigures { votes, valid, invalid }) } else { Err(faults) }
    }

    fn one_choice(&self, row: &Row, unit: &Unit) -> Result<OfficialFigures, Vec<Fault>> {
        let number = |field: &str| match self.columns.column(field) {
            Some(column) => self.figure_at(row, column, unit).map(|number| number.unwrap_or(0)),
            None => Ok(0),
        };
        let read = || {
            let (party, candidate) = (number("party")?, number("candidate")?);
            let column = self.columns.column("votes").unwrap_or(0);
            let at = self.columns.column("candidate").unwrap_or(column);
            let choice = self.choice_of(party, candidate).ok_or(FaultCode::UnknownChoice);
            let choice = choice.map_err(|code| self.at(row, at, code.into()))?;
            let votes = self.figure_at(row, column, unit)?.map(|votes| (choice, votes));
            Ok(OfficialFigures { votes: votes.into_iter().collect(), ..OfficialFigures::default() })
        };
        read().map_err(|fault| vec![fault])
    }

    /// A row with a party and no candidate has the party's own votes.
    fn choice_of(&self, party: u32, candidate: u32) -> Option<Choice> {
        let (party, candidate) = (u16::try_from(party).ok()?, u16::try_from(candidate).ok()?);
        let choice = match (self.purpose.contest.lists.is_empty(), candidate) {
            (true, number) => Choice::Candidate(number),
            (false, 0) => Choice::PartyItself(party),
            (false, number) => Choice::ListCandidate(party, number),
        };
        choices::choices(self.purpose.contest).contains(&choice).then_some(choice)
    }

    fn figure_at(&self, row: &Row, column: usize, unit: &Unit) -> Result<Option<u32>, Fault> {
        let max = match unit {
            Unit::Station(_) => STATION_FIGURE_MAX,
            Unit::Region(_) => REGION_FIGURE_MAX,
        };
        let number = figure(row.get(column), max).map_err(|problem| self.at(row, column, problem))?;
        Ok(number.and_then(|number| u32::try_from(number).ok()))
    }
}

/// Whether a row has sums, which are never added to what they are sums of, or the numbers of the columns.
fn is_left_out(row: &Row) -> bool {
    let first = row.cells.iter().find(|cell| !cell.is_empty()).map(|cell| normal(&cell.text()));
    first.is_some_and(|text| SUMS.contains(&text.as_str())) || has_column_numbers(row)
}

/// Forms number their columns below the header: 1 2 3 …, or (1) (2) (3) ….
fn has_column_numbers(row: &Row) -> bool {
    const COLUMNS_MIN: usize = 4;
    let number = |cell: &Cell| cell.text().trim_matches(['(', ')']).parse::<usize>().ok();
    row.cells.len() >= COLUMNS_MIN
        && row.cells.iter().enumerate().all(|(column, cell)| number(cell) == Some(column + 1))
}
