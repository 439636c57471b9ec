//! Stations as a range of ids.

use tally::{RegionCode, StationId};

/// Comes after every character of a station's id.
const LAST: char = '~';

/// The stations whose ids are at least `from` and less than `until`.
///
/// The codes of regions have a fixed width, and a station's id begins with the code of its desa. The stations
/// of a region are therefore one range, in which an index finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationRange {
    pub(super) from: String,
    pub(super) until: String,
}

impl StationRange {
    /// The stations of a region; `None` is the whole election.
    pub fn of_region(region: Option<&RegionCode>) -> Self {
        let code = region.map_or("", RegionCode::as_str);
        Self { from: code.to_owned(), until: format!("{code}{LAST}") }
    }

    /// Ranges that together contain every station once, each with those of about a provinsi.
    pub fn parts() -> impl Iterator<Item = Self> {
        const TENS: u8 = 10;
        let code = |number: u8| format!("{}{}", number / TENS, number % TENS);
        let until = move |number: u8| if number < 99 { code(number + 1) } else { LAST.to_string() };
        (0..=99).map(move |number| Self {
            from: if number == 0 { String::new() } else { code(number) },
            until: until(number),
        })
    }

    /// The stations from `first` to `last`, both included.
    pub fn between(first: &StationId, last: &StationId) -> Self {
        Self { from: first.to_string(), until: format!("{last}{LAST}") }
    }

    /// One station.
    pub fn of_station(station: &StationId) -> Self {
        Self::between(station, station)
    }

    /// The stations of this range whose ids begin with `text`.
    #[must_use]
    pub fn beginning_with(self, text: &str) -> Self {
        Self { from: self.from.max(text.to_owned()), until: self.until.min(format!("{text}{LAST}")) }
    }

    /// The stations of this range that come after `station`.
    #[must_use]
    pub fn after(self, station: &StationId) -> Self {
        // No id is longer by the lowest character only, so that this is the next possible id.
        let next = format!("{station}\u{1}");
        Self { from: self.from.max(next), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(range: &StationRange, id: &str) -> bool {
        range.from.as_str() <= id && id < range.until.as_str()
    }

    #[test]
    fn a_region_has_its_stations_and_no_others() {
        let region: RegionCode = "52.71".parse().unwrap();
        let range = StationRange::of_region(Some(&region));
        assert!(has(&range, "52.71.01.1001-001") && has(&range, "52.71.99.9999-999"));
        assert!(!has(&range, "52.70.99.9999-999") && !has(&range, "52.72.01.1001-001"));
        assert!(has(&StationRange::of_region(None), "11.01.01.2001-001"));
    }

    #[test]
    fn a_page_begins_after_the_last_station_of_the_page_before() {
        let [first, second] = ["52.71.01.1001-001", "52.71.01.1001-002"].map(|id| id.parse().unwrap());
        assert!(has(&StationRange::of_station(&first), "52.71.01.1001-001"));
        assert!(!has(&StationRange::of_station(&first), "52.71.01.1001-002"));
        let rest = StationRange::between(&first, &second).after(&first);
        assert!(!has(&rest, "52.71.01.1001-001") && has(&rest, "52.71.01.1001-002"));
    }
}
