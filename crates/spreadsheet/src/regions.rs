//! Regions and stations as people write them, found in an election package or refused by name.
//!
//! Spreadsheet programs lose zeros, drop full stops and take codes for numbers; people write names in
//! capitals and with "Kab." or "Kota" before them. What is found must be in the election and be the only one.

use std::collections::HashMap;

use tally::{Election, RegionCode, RegionLevel, StationId, StationKind};

use crate::cell::Cell;
use crate::fault::{FaultCode, Problem};
use crate::figure::is_scientific;

/// Digits of a code without full stops, by level, and of a station's number after it.
const DIGITS: [usize; 4] = [2, 4, 6, 10];
const STATION_DIGITS: usize = 13;
/// Regions that a refusal lists.
const LISTED_MAX: usize = 5;

/// The regions of one election, to be found by code or by names.
pub struct Regions<'a> {
    election: &'a Election,
    keys: HashMap<&'a str, Key>,
}

/// A name as it is compared: capitals and digits only.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    full: String,
    base: String,
    kind: Option<Kind>,
}

/// What a name says about its region beside the name proper: two regions may differ in that alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Kabupaten,
    Kota,
    Other,
}

/// Words before a name. Those of a kota and of a kabupaten tell two regions apart.
const BEFORE: [(&str, Kind); 16] = [
    ("KABUPATEN", Kind::Kabupaten),
    ("KAB", Kind::Kabupaten),
    ("KOTAMADYA", Kind::Kota),
    ("KOTA", Kind::Kota),
    ("PROVINSI", Kind::Other),
    ("PROPINSI", Kind::Other),
    ("PROV", Kind::Other),
    ("KECAMATAN", Kind::Other),
    ("KEC", Kind::Other),
    ("DISTRIK", Kind::Other),
    ("KELURAHAN", Kind::Other),
    ("KEL", Kind::Other),
    ("DESA", Kind::Other),
    ("GAMPONG", Kind::Other),
    ("NAGARI", Kind::Other),
    ("KAMPUNG", Kind::Other),
];

impl Key {
    fn of(name: &str) -> Self {
        let upper = name.to_uppercase();
        let mut words: Vec<&str> = upper.split(|letter: char| !letter.is_alphanumeric()).collect();
        words.retain(|word| !matches!(*word, "" | "ADM" | "ADMINISTRASI"));
        let full = words.concat();
        let before = words.first().and_then(|first| BEFORE.iter().find(|(word, _)| word == first));
        match before {
            Some((_, kind)) if words.len() > 1 => Self { full, base: words[1..].concat(), kind: Some(*kind) },
            _ => glued(full),
        }
    }

    /// Whether a written name can mean the region with this key.
    fn is_meant_by(&self, written: &Self) -> bool {
        if self.full == written.full {
            return true;
        }
        let kinds_differ = matches!(
            (self.kind, written.kind),
            (Some(Kind::Kabupaten), Some(Kind::Kota)) | (Some(Kind::Kota), Some(Kind::Kabupaten))
        );
        // A region without "Kota" in its name is not one, when the text says that it is.
        let kota_added = written.kind == Some(Kind::Kota) && self.kind.is_none();
        self.base == written.base && !kinds_differ && !kota_added
    }
}

/// Tables taken from a PDF glue the words: KABUPATENMANOKWARI. Short words are not cut off, because names
/// begin with them.
fn glued(full: String) -> Key {
    let before =
        BEFORE.iter().find(|(word, _)| word.len() > 7 && full.len() > word.len() && full.starts_with(word));
    match before {
        Some((word, kind)) => Key { base: full[word.len()..].to_owned(), kind: Some(*kind), full },
        None => Key { base: full.clone(), full, kind: None },
    }
}

impl<'a> Regions<'a> {
    /// Prepares the names of all regions.
    pub fn new(election: &'a Election) -> Self {
        let keys =
            election.regions.iter().map(|region| (region.code.as_str(), Key::of(&region.name))).collect();
        Self { election, keys }
    }

    /// The region of a code at any level.
    pub fn by_code(&self, cell: &Cell) -> Result<RegionCode, Problem> {
        let code = code_of(&cell.text())?;
        self.existing(code)
    }

    /// The region of a code, which must be of a level.
    pub fn by_code_of(&self, cell: &Cell, level: RegionLevel) -> Result<RegionCode, Problem> {
        let code = self.by_code(cell)?;
        if code.level() == level { Ok(code) } else { Err(FaultCode::WrongLevel.into()) }
    }

    /// The region of a code in parts, from the provinsi down, each a number whose zeros may be lost, or the
    /// whole code as far as its column.
    pub fn by_parts(&self, parts: &[&Cell]) -> Result<RegionCode, Problem> {
        let mut code = String::new();
        for (index, part) in parts.iter().take(4).enumerate() {
            let text = part.text();
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let width = if index == 3 { 4 } else { 2 };
            if digits.len() == DIGITS[index] && index > 0 {
                code = code_of(&digits)?.to_string();
            } else if (1..=width).contains(&digits.len())
                && digits.len() == text.trim_start_matches('\'').len()
            {
                code = format!("{code}{}{digits:0>width$}", if index == 0 { "" } else { "." });
            } else {
                return Err(Problem::with(FaultCode::NotARegionCode, text));
            }
        }
        self.existing(code.parse().map_err(|_| FaultCode::NotARegionCode)?)
    }

    fn existing(&self, code: RegionCode) -> Result<RegionCode, Problem> {
        if self.election.region(&code).is_some() {
            Ok(code)
        } else {
            Err(Problem::with(FaultCode::UnknownRegion, code.to_string()))
        }
    }

    /// The region of names, from the highest that is given down. A level may be left out if the names below
    /// are the only ones of their kind.
    pub fn by_names(&self, names: &[(RegionLevel, &str)]) -> Result<RegionCode, Problem> {
        self.by_names_in(None, names)
    }

    /// Like [`Self::by_names`], among the regions below `within`.
    pub fn by_names_in(
        &self,
        within: Option<&RegionCode>,
        names: &[(RegionLevel, &str)],
    ) -> Result<RegionCode, Problem> {
        let mut found: Option<Vec<RegionCode>> = None;
        for (level, name) in names.iter().filter(|(_, name)| !name.trim().is_empty()) {
            let written = Key::of(name);
            let among = match &found {
                None => self.of_level_in(*level, within),
                Some(above) => above.iter().flat_map(|region| self.below(region, *level)).collect(),
            };
            let hits = self.meant(among, &written);
            if hits.is_empty() {
                return Err(Problem::with(FaultCode::UnknownRegion, *name));
            }
            found = Some(hits);
        }
        self.only(found.ok_or(FaultCode::Blank)?)
    }

    /// A name that is the same letter by letter is meant rather than one that only has the same base.
    fn meant(&self, among: Vec<&'a RegionCode>, written: &Key) -> Vec<RegionCode> {
        let key = |code: &RegionCode| self.keys.get(code.as_str());
        let hits: Vec<RegionCode> = among
            .into_iter()
            .filter(|code| key(code).is_some_and(|key| key.is_meant_by(written)))
            .cloned()
            .collect();
        let exact: Vec<RegionCode> = hits
            .iter()
            .filter(|code| key(code).is_some_and(|key| key.full == written.full))
            .cloned()
            .collect();
        if exact.is_empty() { hits } else { exact }
    }

    fn of_level_in(&self, level: RegionLevel, within: Option<&RegionCode>) -> Vec<&'a RegionCode> {
        let codes = self.election.regions.iter().map(|region| &region.code);
        let is_inside = |code: &RegionCode| within.is_none_or(|within| within.contains(code));
        codes.filter(|code| code.level() == level && is_inside(code)).collect()
    }

    fn below(&self, above: &RegionCode, level: RegionLevel) -> Vec<&'a RegionCode> {
        let mut level_now: Vec<&'a RegionCode> =
            self.election.children(Some(above)).map(|region| &region.code).collect();
        while level_now.first().is_some_and(|code| code.level() < level) {
            level_now = level_now
                .into_iter()
                .flat_map(|code| self.election.children(Some(code)))
                .map(|r| &r.code)
                .collect();
        }
        level_now.retain(|code| code.level() == level);
        level_now
    }

    fn only(&self, mut found: Vec<RegionCode>) -> Result<RegionCode, Problem> {
        if found.len() > 1 {
            let named = found.iter().take(LISTED_MAX).map(|code| format!("{code} {}", self.name(code)));
            return Err(Problem::with(FaultCode::AmbiguousRegion, named.collect::<Vec<_>>().join(", ")));
        }
        found.pop().ok_or_else(|| FaultCode::UnknownRegion.into())
    }

    fn name(&self, code: &RegionCode) -> &str {
        self.election.region(code).map_or("", |region| &region.name)
    }

    /// The station of a code with its number in one cell: `5271011001014`, `52.71.01.1001-014`,
    /// `52.71.01.1001.14`.
    pub fn station(&self, cell: &Cell) -> Result<StationId, Problem> {
        let text = cell.text();
        let text = text.trim_start_matches('\'').trim();
        let (desa, number) = if text.len() == STATION_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            text.split_at(DIGITS[3])
        } else {
            split_station(text).ok_or_else(|| Problem::with(FaultCode::NotARegionCode, text))?
        };
        self.station_of(&self.existing(code_of(desa)?)?, &Cell::of(number))
    }

    /// The station of a desa with a number, which may be written "TPS 1", "001" or "TPS-001".
    pub fn station_of(&self, desa: &RegionCode, number: &Cell) -> Result<StationId, Problem> {
        let (kind, number) = station_number(number)?;
        let station = StationId::of_kind(desa.clone(), kind, number).map_err(|_| FaultCode::WrongLevel)?;
        if self.election.has_station(&station) {
            Ok(station)
        } else {
            Err(Problem::with(FaultCode::UnknownStation, station.to_string()))
        }
    }
}

fn split_station(text: &str) -> Option<(&str, &str)> {
    text.split_once(['-', '/', ' ']).or_else(|| {
        let (desa, number) = text.rsplit_once('.')?;
        (desa.matches('.').count() == 3).then_some((desa, number))
    })
}

/// A station's number as people write it, with the kind if it is named: "TPS 1", "001", "TPS-001", "KSK 002".
pub fn station_number(cell: &Cell) -> Result<(StationKind, u16), Problem> {
    let text = cell.text().trim_start_matches('\'').to_uppercase();
    let digits_at = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    let (word, digits) = text.split_at(digits_at);
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let kind = match word.as_str() {
        "" | "TPS" | "TPSNO" | "TPSNOMOR" | "NO" => Some(StationKind::Tps),
        other => StationKind::ALL.into_iter().find(|kind| kind.label() == other),
    };
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    let number = digits.parse().ok().filter(|number| (1..=999).contains(number) && digits.len() <= 4);
    kind.zip(number).ok_or_else(|| FaultCode::NotAStationNumber.into())
}

/// A code as spreadsheet programs break it: without full stops, with lost zeros between them, as a number
/// with separated thousands.
fn code_of(text: &str) -> Result<RegionCode, Problem> {
    let text = text.trim_start_matches('\'').trim();
    let wrong = || Problem::with(FaultCode::NotARegionCode, text);
    if is_scientific(text) {
        return Err(FaultCode::Shortened.into());
    }
    let text = text.strip_suffix(".0").filter(|rest| !rest.contains('.') && rest.len() > 2).unwrap_or(text);
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(wrong());
    }
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 1 && parts.iter().skip(1).all(|part| part.len() == 3) {
        return dotted(&parts.concat()).ok_or_else(wrong);
    }
    if parts.len() == 1 { dotted(text).ok_or_else(wrong) } else { padded(&parts).ok_or_else(wrong) }
}

/// The digits of a code with their full stops.
fn dotted(digits: &str) -> Option<RegionCode> {
    DIGITS.contains(&digits.len()).then_some(())?;
    let ends = DIGITS.iter().filter(|end| **end <= digits.len());
    let mut start = 0;
    let parts: Vec<&str> = ends.map(|end| &digits[std::mem::replace(&mut start, *end)..*end]).collect();
    parts.join(".").parse().ok()
}

/// Parts whose leading zeros were lost get them back: no part begins with anything else than its own digits.
/// The last digits of a number with decimals are another matter: 52.7 was 52.70 in a file that a program took
/// for numbers, and 52.07 in one that a person typed. So a part is never padded where it stands alone behind
/// the provinsi.
fn padded(parts: &[&str]) -> Option<RegionCode> {
    let widths = [2, 2, 2, 4];
    let fits =
        parts.len() <= 4 && parts.iter().zip(widths).all(|(part, width)| (1..=width).contains(&part.len()));
    let risky = parts.len() == 2 && parts[1].len() != 2;
    if !fits || risky || parts[0].len() != 2 || (parts.len() == 4 && parts[3].len() != 4) {
        return None;
    }
    let parts: Vec<String> =
        parts.iter().zip(widths).map(|(part, width)| format!("{part:0>width$}")).collect();
    parts.join(".").parse().ok()
}
