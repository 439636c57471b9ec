//! Which stations a list shows, in which order, and where a page of it begins.

use serde::{Deserialize, Serialize};
use tally::{IdError, StationId};

use super::count::{Coverage, Standing, StationCount};

/// The key of a station without news in the order of age: before every time.
const NO_NEWS: i64 = i64::MIN;
/// Separates the key and the station in the text of a cursor. No number and no station's id has it.
const SEPARATOR: char = '~';

/// A filter by what is counted of a station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CountFilter {
    pub standing: Option<Standing>,
    /// Only stations whose tally counts and has a fault.
    pub flagged: bool,
    /// Only stations without a complete photo of every page.
    pub missing_photos: bool,
}

impl CountFilter {
    /// Whether it shows every station.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it shows a station with this count. `None` is a station of which nothing is known.
    pub fn admits(&self, count: Option<&StationCount>) -> bool {
        let standing = count.map_or(Standing::Missing, |count| count.standing);
        self.standing.is_none_or(|wanted| wanted == standing)
            && (!self.flagged || count.is_some_and(StationCount::is_flagged))
            && (!self.missing_photos || !count.is_some_and(StationCount::is_photographed))
    }

    /// Whether it may show a station of a region with this coverage.
    pub fn may_admit(&self, coverage: &Coverage) -> bool {
        self.standing.is_none_or(|standing| coverage.of(standing) > 0)
            && (!self.flagged || coverage.flagged > 0)
            && (!self.missing_photos || coverage.photographed < coverage.stations)
    }

    /// Number of stations that it shows of a region with this coverage. `None` for several conditions at
    /// once: coverage does not say how many stations fulfil them all.
    pub fn number(&self, coverage: &Coverage) -> Option<u32> {
        match (self.standing, self.flagged, self.missing_photos) {
            (None, false, false) => Some(coverage.stations),
            (Some(standing), false, false) => Some(coverage.of(standing)),
            (None, true, false) => Some(coverage.flagged),
            (None, false, true) => Some(coverage.stations.saturating_sub(coverage.photographed)),
            _ => None,
        }
    }
}

/// The order of a list of stations. Stations with equal keys are in the order of their ids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StationOrder {
    /// By id.
    #[default]
    Code,
    /// The longest without news first. Stations without any news are before all others.
    Age,
    /// The most faults first.
    Flags,
}

impl StationOrder {
    /// The key of a station in this order. Keys ascend.
    pub fn key(self, count: Option<&StationCount>) -> i64 {
        match self {
            Self::Code => 0,
            Self::Age => count.and_then(|count| count.last_at_ms).unwrap_or(NO_NEWS),
            Self::Flags => count.map_or(0, StationCount::fault_order),
        }
    }

    /// The key of the stations of which nothing is known. The store has an index of the others.
    pub fn key_of_unknown(self) -> i64 {
        self.key(None)
    }
}

/// A station's place in an ordered list: the next page has what comes after it. As text it is opaque to
/// clients.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct StationCursor {
    /// [`StationOrder::key`]. It is part of the cursor because a station's key changes while pages are read.
    pub key: i64,
    pub station: StationId,
}

impl StationCursor {
    /// The cursor of a station with this count.
    pub fn of(order: StationOrder, station: &StationId, count: Option<&StationCount>) -> Self {
        Self { key: order.key(count), station: station.clone() }
    }
}

impl From<StationCursor> for String {
    fn from(StationCursor { key, station }: StationCursor) -> Self {
        if key == 0 { station.to_string() } else { format!("{key}{SEPARATOR}{station}") }
    }
}

/// Why a text is no cursor.
#[derive(Debug, thiserror::Error)]
pub enum CursorError {
    #[error("cannot read the key of the cursor")]
    Key(#[from] std::num::ParseIntError),
    #[error("cannot read the station of the cursor")]
    Station(#[from] IdError),
}

impl TryFrom<String> for StationCursor {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        let (key, station) = text.split_once(SEPARATOR).unwrap_or(("0", &text));
        Ok(Self { key: key.parse()?, station: station.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_text_and_back() {
        for (key, text) in [
            (0, "52.71.05.1001-003"),
            (-2, "-2~52.71.05.1001-003"),
            (1_700_000_000_000, "1700000000000~52.71.05.1001-003"),
            (NO_NEWS, "-9223372036854775808~52.71.05.1001-003"),
        ] {
            let cursor = StationCursor { key, station: "52.71.05.1001-003".parse().unwrap() };
            assert_eq!(String::from(cursor.clone()), text);
            assert_eq!(StationCursor::try_from(text.to_owned()).unwrap(), cursor);
        }
        for wrong in ["", "~", "x~52.71.05.1001-003", "1~", "1~2~52.71.05.1001-003", "52.71"] {
            assert!(StationCursor::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
