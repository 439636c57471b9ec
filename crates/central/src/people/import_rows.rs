//! Reading the rows of a spreadsheet of people: what each cell means, or why it means nothing.

use std::collections::{BTreeMap, HashMap};

use spreadsheet::{Cell, FaultCode, Problem, Regions, Row, Synonyms, column_letters, normal};
use tally::{RegionCode, RegionLevel, StationId};

use super::editor::Editor;
use crate::model::person::{Availability, Participant, Position};
use crate::model::person_details::{
    NAME_CHARS_MAX, NOTE_CHARS_MAX, PersonDetails, WORD_CHARS_MAX, phone_number, words_of,
};
use crate::view::{
    ImportFault, ImportFaultReason, ImportRequest, ParticipantView, PersonColumn, is_invisible,
};

/// Maximum number of faults that are listed.
const FAULTS_MAX: usize = 200;
/// Maximum length of the text of a cell in a fault, in characters.
const SHOWN_CHARS: usize = 100;

/// The headers that people give to columns, the likeliest first.
pub(super) const HEADERS: &[Synonyms] = &[
    Synonyms { field: "name", words: &["nama", "nama lengkap", "nama saksi", "name", "full name"] },
    Synonyms {
        field: "phone",
        words: &[
            "hp",
            "no hp",
            "nomor hp",
            "telepon",
            "no telepon",
            "no telp",
            "wa",
            "no wa",
            "whatsapp",
            "phone",
        ],
    },
    Synonyms {
        field: "organisation",
        words: &["organisasi", "partai", "kelompok", "lembaga", "organisation"],
    },
    Synonyms { field: "field", words: &["bidang", "tugas", "seksi", "divisi", "field"] },
    Synonyms { field: "position", words: &["jabatan", "peran", "posisi", "position", "role"] },
    Synonyms { field: "availability", words: &["kesediaan", "bersedia", "ketersediaan", "availability"] },
    Synonyms {
        field: "nik_last4",
        words: &["4 digit nik", "nik 4 digit", "nik akhir", "nik terakhir", "nik"],
    },
    Synonyms { field: "note", words: &["catatan", "keterangan", "note", "notes"] },
    Synonyms { field: "consent", words: &["persetujuan", "setuju", "consent"] },
    Synonyms {
        field: "desa",
        words: &["desa", "kelurahan", "desa kelurahan", "kode desa", "kel desa", "kode wilayah", "village"],
    },
    Synonyms { field: "kecamatan", words: &["kecamatan", "kec", "distrik", "district"] },
    Synonyms { field: "kabupaten", words: &["kabupaten", "kabupaten kota", "kab kota", "kota", "regency"] },
    Synonyms { field: "station", words: &["tps", "no tps", "nomor tps", "kode tps", "station"] },
    Synonyms { field: "shift", words: &["shift", "giliran", "jam"] },
    Synonyms {
        field: "participant",
        words: &["peserta", "mandat dari", "paslon", "pasangan calon", "participant"],
    },
    Synonyms { field: "letter", words: &["surat mandat", "mandat", "letter"] },
];

/// The words that mean a position. A coordinator's level is in the word.
const POSITIONS: &[(&str, Position)] = &[
    ("saksi", Position::WitnessInside),
    ("saksi dalam", Position::WitnessInside),
    ("saksi tps", Position::WitnessInside),
    ("saksi luar", Position::WitnessOutside),
    ("koordinator desa", Position::CoordinatorDesa),
    ("koordinator kelurahan", Position::CoordinatorDesa),
    ("kordes", Position::CoordinatorDesa),
    ("koordinator kecamatan", Position::CoordinatorKecamatan),
    ("korcam", Position::CoordinatorKecamatan),
    ("koordinator kabupaten", Position::CoordinatorKabupaten),
    ("koordinator kota", Position::CoordinatorKabupaten),
    ("korkab", Position::CoordinatorKabupaten),
    ("korkot", Position::CoordinatorKabupaten),
    ("koordinator provinsi", Position::CoordinatorProvinsi),
    ("korprov", Position::CoordinatorProvinsi),
    ("koordinator nasional", Position::CoordinatorNational),
    ("pelatih", Position::Trainer),
    ("trainer", Position::Trainer),
    ("relawan", Position::Volunteer),
    ("volunteer", Position::Volunteer),
];

/// The words that mean yes and no.
const YES: &[&str] = &["ya", "y", "yes", "1", "sudah", "ada", "x", "v", "✓", "true", "setuju", "bersedia"];
const NO: &[&str] = &["tidak", "t", "no", "n", "0", "belum", "-", "false"];

/// A row that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PersonDraft {
    pub(super) row: u32,
    pub(super) details: PersonDetails,
    pub(super) station: Option<StationId>,
    pub(super) shift: String,
    pub(super) participant: Option<Participant>,
    pub(super) letter: bool,
}

/// What was read of a spreadsheet.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) drafts: Vec<PersonDraft>,
    /// The first of them.
    pub(super) faults: Vec<ImportFault>,
    pub(super) faults_total: u32,
}

/// What rows are read with.
pub(super) struct RowReader<'a> {
    regions: Regions<'a>,
    participants: Vec<ParticipantView>,
    editor: &'a Editor,
    request: &'a ImportRequest,
    headers: &'a [String],
    /// The index of each column that means something.
    columns: BTreeMap<PersonColumn, usize>,
    now_ms: i64,
    /// Desa that were found by their names before.
    known_desas: HashMap<[String; 3], Result<RegionCode, ImportFaultReason>>,
    reading: Reading,
}

/// A fault of one cell, before its position is known.
type CellResult<T> = Result<T, (PersonColumn, ImportFaultReason)>;

impl<'a> RowReader<'a> {
    pub(super) fn new(
        election: &'a tally::Election,
        participants: Vec<ParticipantView>,
        editor: &'a Editor,
        request: &'a ImportRequest,
        headers: &'a [String],
        now_ms: i64,
    ) -> Self {
        let named = request.columns.iter().enumerate().rev();
        let columns = named.filter_map(|(index, column)| column.map(|column| (column, index))).collect();
        Self {
            regions: Regions::new(election),
            participants,
            editor,
            request,
            headers,
            columns,
            now_ms,
            known_desas: HashMap::new(),
            reading: Reading::default(),
        }
    }

    /// Reads a row below the header.
    pub(super) fn read(&mut self, row: &Row) {
        if row.is_empty() {
            return;
        }
        match self.draft(row) {
            Ok(draft) => self.reading.drafts.push(draft),
            Err((column, reason)) => self.fault(row, Some(column), reason),
        }
    }

    /// Notes a row that cannot be read.
    pub(super) fn fault(&mut self, row: &Row, column: Option<PersonColumn>, reason: ImportFaultReason) {
        self.reading.faults_total += 1;
        if self.reading.faults.len() >= FAULTS_MAX {
            return;
        }
        let index = column.and_then(|column| self.columns.get(&column)).copied();
        let text = index.map(|index| row.get(index).text().chars().take(SHOWN_CHARS).collect::<String>());
        // A whole NIK is not repeated, wherever it stands.
        let is_hidden = reason == ImportFaultReason::NikUnfit;
        self.reading.faults.push(ImportFault {
            row: row.number,
            column: index.and_then(|index| self.headers.get(index)).cloned().unwrap_or_default(),
            letters: index.map(column_letters).unwrap_or_default(),
            text: text.filter(|_| !is_hidden).unwrap_or_default(),
            reason,
        });
    }

    pub(super) fn finish(self) -> Reading {
        self.reading
    }

    fn cell<'r>(&self, row: &'r Row, column: PersonColumn) -> &'r Cell {
        self.columns.get(&column).map_or(&Cell::Empty, |index| row.get(*index))
    }

    fn draft(&mut self, row: &Row) -> CellResult<PersonDraft> {
        let (desa, station) = self.place(row)?;
        let name = self.text(row, PersonColumn::Name, NAME_CHARS_MAX)?;
        let name = name.filter(|name| !words_of(name).is_empty());
        let consent = self.yes_or_no(row, PersonColumn::Consent, self.request.consent)?;
        let details = PersonDetails {
            name: name.ok_or((PersonColumn::Name, ImportFaultReason::NameMissing))?,
            phone: self.phone(row)?,
            organisation: self
                .text(row, PersonColumn::Organisation, WORD_CHARS_MAX)?
                .or_else(|| self.request.organisation.clone()),
            field: self.text(row, PersonColumn::Field, WORD_CHARS_MAX)?,
            position: self.position(row)?,
            availability: self.availability(row)?,
            desa,
            nik_last4: self.nik(row)?,
            note: self.text(row, PersonColumn::Note, NOTE_CHARS_MAX)?,
            consent_at_ms: consent.then_some(self.now_ms),
        };
        Ok(PersonDraft {
            row: row.number,
            details,
            // Only who is at a station has a mandate for it.
            participant: if station.is_some() { self.participant(row)? } else { None },
            station,
            shift: self.text(row, PersonColumn::Shift, WORD_CHARS_MAX)?.unwrap_or_default(),
            letter: self.yes_or_no(row, PersonColumn::Letter, false)?,
        })
    }

    fn text(&self, row: &Row, column: PersonColumn, most: usize) -> CellResult<Option<String>> {
        let text = self.cell(row, column).text();
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        if text.chars().count() > most {
            return Err((column, ImportFaultReason::TooLong));
        }
        if text.chars().any(is_invisible) {
            return Err((column, ImportFaultReason::InvisibleCharacter));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn phone(&self, row: &Row) -> CellResult<Option<String>> {
        let typed = self.text(row, PersonColumn::Phone, WORD_CHARS_MAX)?;
        let typed = typed.filter(|typed| typed != "-");
        let unfit = (PersonColumn::Phone, ImportFaultReason::PhoneUnfit);
        typed.map(|typed| phone_number(typed.trim_start_matches('\'')).ok_or(unfit)).transpose()
    }

    fn nik(&self, row: &Row) -> CellResult<Option<String>> {
        let text = self.cell(row, PersonColumn::NikLast4).text().trim_start_matches('\'').to_owned();
        match text.as_str() {
            "" => Ok(None),
            digits if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(text)),
            _ => Err((PersonColumn::NikLast4, ImportFaultReason::NikUnfit)),
        }
    }

    fn position(&self, row: &Row) -> CellResult<Position> {
        let text = normal(&self.cell(row, PersonColumn::Position).text());
        if text.is_empty() {
            return Ok(self.request.position);
        }
        let known = POSITIONS.iter().find(|(word, _)| *word == text).map(|(_, position)| *position);
        let known = known.or_else(|| text.replace(' ', "_").parse().ok());
        known.ok_or((PersonColumn::Position, ImportFaultReason::PositionUnknown))
    }

    fn availability(&self, row: &Row) -> CellResult<Availability> {
        let text = normal(&self.cell(row, PersonColumn::Availability).text());
        match text.as_str() {
            "" => Ok(Availability::Unknown),
            "sebagian" => Ok(Availability::Partly),
            word if YES.contains(&word) => Ok(Availability::Available),
            word if NO.contains(&word) || word == "tidak bersedia" => Ok(Availability::Unavailable),
            word => {
                word.parse().map_err(|_| (PersonColumn::Availability, ImportFaultReason::AvailabilityUnknown))
            }
        }
    }

    fn yes_or_no(&self, row: &Row, column: PersonColumn, otherwise: bool) -> CellResult<bool> {
        let cell = self.cell(row, column).text().to_lowercase();
        match cell.trim() {
            "" => Ok(otherwise),
            word if YES.contains(&word) => Ok(true),
            word if NO.contains(&word) => Ok(false),
            _ => Err((column, ImportFaultReason::YesOrNoUnclear)),
        }
    }

    fn participant(&self, row: &Row) -> CellResult<Option<Participant>> {
        let text = self.cell(row, PersonColumn::Participant).text().into_owned();
        if text.is_empty() {
            return Ok(self.request.participant.clone());
        }
        let named = |one: &&ParticipantView| {
            one.participant.to_string() == text || normal(&one.name) == normal(&text)
        };
        let by_name = self.participants.iter().find(named);
        let number: Option<u16> = text.trim_start_matches("0").parse().ok();
        let by_number = || {
            let mut with = self.participants.iter().filter(|one| Some(number_of(&one.participant)) == number);
            let first = with.next();
            // A number that two participants have is not guessed.
            first.filter(|_| with.next().is_none())
        };
        let found = by_name.or_else(by_number).map(|one| one.participant.clone());
        found.map(Some).ok_or((PersonColumn::Participant, ImportFaultReason::ParticipantUnknown))
    }

    /// Where the person lives, and the station if the row names one. Both must be in the editor's region.
    fn place(&mut self, row: &Row) -> CellResult<(RegionCode, Option<StationId>)> {
        let station = self.cell(row, PersonColumn::Station).clone();
        let whole = self.regions.station(&station).ok();
        let desa = match (&whole, self.cell(row, PersonColumn::Desa).is_empty()) {
            (Some(station), true) => station.desa().clone(),
            _ => self.desa(row)?,
        };
        let station = match whole {
            Some(whole) => Some(whole),
            None if station.is_empty() => None,
            None => {
                let unknown = |_| (PersonColumn::Station, ImportFaultReason::StationUnknown);
                Some(self.regions.station_of(&desa, &station).map_err(unknown)?)
            }
        };
        let station_reached = station.as_ref().is_none_or(|station| self.editor.reaches_station(station));
        if !self.editor.reaches(&desa) || !station_reached {
            return Err((PersonColumn::Desa, ImportFaultReason::OutsideRegion));
        }
        Ok((desa, station))
    }

    fn desa(&mut self, row: &Row) -> CellResult<RegionCode> {
        let cell = self.cell(row, PersonColumn::Desa);
        if cell.is_empty() {
            return Err((PersonColumn::Desa, ImportFaultReason::DesaMissing));
        }
        if cell.text().chars().any(|letter| letter.is_ascii_digit()) {
            let by_code = self.regions.by_code_of(cell, RegionLevel::Desa);
            if let Ok(code) = by_code {
                return Ok(code);
            }
        }
        let text = |column| self.cell(row, column).text().into_owned();
        let names = [PersonColumn::Kabupaten, PersonColumn::Kecamatan, PersonColumn::Desa].map(text);
        let known = self.known_desas.get(&names).cloned();
        let found = known.unwrap_or_else(|| self.named_desa(&names));
        self.known_desas.insert(names, found.clone());
        found.map_err(|reason| (PersonColumn::Desa, reason))
    }

    fn named_desa(
        &self,
        [kabupaten, kecamatan, desa]: &[String; 3],
    ) -> Result<RegionCode, ImportFaultReason> {
        let levels = [RegionLevel::KabupatenKota, RegionLevel::Kecamatan, RegionLevel::Desa];
        let names: Vec<(RegionLevel, &str)> =
            levels.into_iter().zip([kabupaten.as_str(), kecamatan.as_str(), desa.as_str()]).collect();
        self.regions.by_names_in(self.editor.region.as_ref(), &names).map_err(|problem| reason_of(&problem))
    }
}

fn number_of(participant: &Participant) -> u16 {
    match participant {
        Participant::Party(number) | Participant::Candidate(_, number) => *number,
    }
}

fn reason_of(problem: &Problem) -> ImportFaultReason {
    match problem.code {
        FaultCode::AmbiguousRegion => ImportFaultReason::DesaAmbiguous,
        FaultCode::Blank => ImportFaultReason::DesaMissing,
        _ => ImportFaultReason::DesaUnknown,
    }
}
