//! The search for stations by a text.

use protocol::{Problem, ProblemCode, limit};
use tally::{RegionCode, StationId};

use super::package::Package;

/// A text that a station's id, or the name of its desa or kecamatan, contains. Case does not matter. The
/// empty text finds every station.
#[derive(Debug, Default)]
pub struct StationSearch {
    lower_case: String,
}

impl StationSearch {
    /// The search for what a person typed.
    pub fn new(typed: Option<&str>) -> Result<Self, Problem> {
        let typed = typed.unwrap_or_default().trim();
        if typed.chars().count() > limit::SEARCH_CHARS {
            let detail = format!("a search text has at most {} characters", limit::SEARCH_CHARS);
            return Err(Problem::new(ProblemCode::RequestMalformed, detail));
        }
        Ok(Self { lower_case: typed.to_lowercase() })
    }

    /// Whether it finds every station.
    pub fn is_empty(&self) -> bool {
        self.lower_case.is_empty()
    }

    /// What was typed, in lower case.
    pub fn text(&self) -> &str {
        &self.lower_case
    }

    /// Whether it finds this station.
    pub fn finds(&self, package: &Package, station: &StationId) -> bool {
        self.finds_all_of(package, station.desa()) || self.finds_id(station)
    }

    /// The stations of a desa that it finds.
    pub fn found_in<'a>(
        &'a self,
        package: &'a Package,
        desa: &'a RegionCode,
    ) -> impl Iterator<Item = StationId> + 'a {
        let all = self.finds_all_of(package, desa);
        package.election.stations_of(desa).filter(move |station| all || self.finds_id(station))
    }

    /// Whether a name of the desa, and so of all its stations, contains the text.
    pub(crate) fn finds_all_of(&self, package: &Package, desa: &RegionCode) -> bool {
        let contains =
            |code: RegionCode| package.region_name(&code).to_lowercase().contains(&self.lower_case);
        self.is_empty() || std::iter::once(desa.clone()).chain(desa.parent()).any(contains)
    }

    fn finds_id(&self, station: &StationId) -> bool {
        station.to_string().contains(&self.lower_case)
    }
}
