//! The time zone of a region, in which documents name times. Screens have the same table in
//! `ui/src/shared/zone.ts`.

use chrono::{DateTime, FixedOffset};
use tally::RegionCode;

/// A time zone with the name that people say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone {
    name: &'static str,
    hours: i32,
}

impl Zone {
    /// The zone of a region's province (Keputusan Presiden 41/1987); UTC abroad.
    pub(crate) fn of(region: &RegionCode) -> Self {
        let province = region.as_str().get(..2).unwrap_or_default();
        let (name, hours) = match province {
            "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "21" => ("WIB", 7),
            "31" | "32" | "33" | "34" | "35" | "36" | "61" | "62" => ("WIB", 7),
            "51" | "52" | "53" | "63" | "64" | "65" => ("WITA", 8),
            "71" | "72" | "73" | "74" | "75" | "76" => ("WITA", 8),
            "81" | "82" | "91" | "92" | "93" | "94" | "95" | "96" => ("WIT", 9),
            _ => ("UTC", 0),
        };
        Self { name, hours }
    }

    /// Day and time: `14-02-2024 20.41.07 WITA`.
    pub(crate) fn time(self, at_ms: i64) -> String {
        let offset = FixedOffset::east_opt(self.hours * 3_600);
        let time = offset.and_then(|offset| {
            DateTime::from_timestamp_millis(at_ms).map(|time| time.with_timezone(&offset))
        });
        time.map_or_else(String::new, |time| format!("{} {}", time.format("%d-%m-%Y %H.%M.%S"), self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_region() {
        let at = |code: &str| Zone::of(&code.parse().unwrap()).time(1_707_914_467_000);
        assert_eq!(at("32.01"), "14-02-2024 19.41.07 WIB");
        assert_eq!(at("52.71.01.1001"), "14-02-2024 20.41.07 WITA");
        assert_eq!(at("94"), "14-02-2024 21.41.07 WIT");
        assert_eq!(at("99"), "14-02-2024 12.41.07 UTC");
        assert_eq!(Zone::of(&"52".parse().unwrap()).time(i64::MAX), "");
    }
}
