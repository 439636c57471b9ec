//! What programs of others read: `/open/v1/…`. Fields are added; none is renamed or removed in this version.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::region::{RegionRow, RegionView, VoteRow};
use crate::model::count::{Coverage, Votes};

/// `GET /open/v1/election`: what is voted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenElection {
    pub id: String,
    /// Version of the election package.
    pub version: u32,
    pub title: String,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this is a drill, whose results are practice.
    pub is_test: bool,
    pub contests: Vec<OpenContest>,
}

/// A contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenContest {
    pub id: String,
    /// `ppwp`, `dpr`, `dpd`, `dprd_provinsi`, `dprd_kabkota`, `gubernur`, `bupati`, `walikota`.
    pub kind: String,
    pub title: String,
    /// The codes of the regions in which it is voted; empty for everywhere.
    pub district: Vec<String>,
    /// For whom votes are counted, in the order of the ballot.
    pub choices: Vec<OpenChoice>,
}

/// For whom votes are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenChoice {
    /// `7` is a candidate or pair, `L5` a list as a whole, `L5.0` the party itself, `L5.7` a candidate on it.
    pub choice: String,
    pub name: String,
}

/// `GET /open/v1/results`: the sums of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenResults {
    pub contest: String,
    /// The region's code; `null` is the whole election.
    pub region: Option<String>,
    /// Time of these sums, in milliseconds since 1970.
    pub at_ms: i64,
    /// Always false: these are the witnesses' results, and not the official ones.
    pub official: bool,
    pub stations: OpenStations,
    pub votes: Vec<OpenVotes>,
    pub invalid: OpenSum,
    /// The regions directly below.
    pub regions: Vec<OpenRegion>,
}

/// Numbers of stations by the standing of their tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenStations {
    pub all: u32,
    /// A coordinator verified it.
    pub verified: u32,
    /// Independent witnesses agree.
    pub corroborated: u32,
    /// Of one witness.
    pub provisional: u32,
    /// Witnesses disagree. It is in no sum.
    pub conflicting: u32,
    /// Nothing has arrived. Missing is not zero.
    pub missing: u32,
}

/// The votes of one choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenVotes {
    pub choice: String,
    pub name: String,
    #[serde(flatten)]
    pub sum: OpenSum,
}

/// Votes by the standing of the tallies that they come from. All of them is the sum of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenSum {
    pub verified: u64,
    pub corroborated: u64,
    pub provisional: u64,
}

/// A region below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenRegion {
    pub code: String,
    pub name: String,
    pub stations: OpenStations,
}

/// `GET /open/v1/stations`: stations in the order of their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenStationList {
    pub stations: Vec<OpenStation>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<String>,
}

/// One station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenStation {
    pub station: String,
    /// `verified`, `corroborated`, `provisional`, `conflicting` or `missing`.
    pub standing: String,
    /// 1 is the first count; later ones are re-votes and recounts.
    pub round: u8,
    /// The votes that count, by choice; `null` if none do.
    pub votes: Option<BTreeMap<String, u32>>,
    /// The invalid votes that count.
    pub invalid: Option<u32>,
    /// Time of the latest arrival, in milliseconds since 1970.
    pub last_at_ms: Option<i64>,
}

impl From<Coverage> for OpenStations {
    fn from(of: Coverage) -> Self {
        let Coverage { stations: all, verified, corroborated, provisional, conflicting, missing, .. } = of;
        Self { all, verified, corroborated, provisional, conflicting, missing }
    }
}

impl From<Votes> for OpenSum {
    fn from(Votes { verified, corroborated, provisional }: Votes) -> Self {
        Self { verified, corroborated, provisional }
    }
}

impl From<RegionRow> for OpenRegion {
    fn from(RegionRow { region, coverage, .. }: RegionRow) -> Self {
        Self { code: region.code.to_string(), name: region.name, stations: coverage.into() }
    }
}

impl From<RegionView> for OpenResults {
    fn from(view: RegionView) -> Self {
        Self {
            contest: view.contest.map(|contest| contest.to_string()).unwrap_or_default(),
            region: view.path.last().map(|region| region.code.to_string()),
            at_ms: view.at_ms,
            official: false,
            stations: view.coverage.into(),
            votes: view.votes.into_iter().flat_map(votes).collect(),
            invalid: view.invalid.into(),
            regions: view.children.into_iter().map(OpenRegion::from).collect(),
        }
    }
}

/// A row, with the candidates of a list after the list.
fn votes(row: VoteRow) -> Vec<OpenVotes> {
    let own = OpenVotes { choice: row.choice.to_string(), name: row.label, sum: row.votes.into() };
    let candidates = row.candidates.into_iter().flat_map(votes);
    std::iter::once(own).chain(candidates).collect()
}
