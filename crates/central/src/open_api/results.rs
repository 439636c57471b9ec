//! The election and its results in the shape that stays.

use tally::{Contest, RegionCode, StationId};

use crate::endpoint::Endpoint;
use crate::official::choices;
use crate::refusal::Refusal;
use crate::store::StationRange;
use crate::view::{OpenChoice, OpenContest, OpenElection, OpenStation, OpenStationList};

/// Stations on a page.
const STATIONS_MAX: usize = 500;

pub(crate) fn open_election(endpoint: &Endpoint) -> OpenElection {
    let election = endpoint.election();
    let contest = |contest: &Contest| OpenContest {
        id: contest.id.to_string(),
        kind: contest.kind.word().to_owned(),
        title: contest.title.id.clone(),
        district: contest.district.iter().map(RegionCode::to_string).collect(),
        choices: choices(contest)
            .into_iter()
            .map(|choice| OpenChoice {
                choice: choice.to_string(),
                name: endpoint.package().choice_name(contest, choice),
            })
            .collect(),
    };
    OpenElection {
        id: election.id.to_string(),
        version: election.version,
        title: election.title.id.clone(),
        date: election.date.clone(),
        is_test: election.drill,
        contests: election.contests.iter().map(contest).collect(),
    }
}

/// A page of the stations of a region that vote in a contest, after a station.
pub(crate) fn open_stations(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
    after: Option<&StationId>,
) -> Result<OpenStationList, Refusal> {
    let desas = endpoint.package().desas_in(region).iter();
    let desas = desas.filter(|desa| contest.covers(desa) && after.is_none_or(|after| *desa >= after.desa()));
    let stations = desas.flat_map(|desa| {
        let mut stations: Vec<StationId> = endpoint.election().stations_of(desa).collect();
        stations.sort();
        stations
    });
    let mut page: Vec<StationId> =
        stations.filter(|station| after.is_none_or(|after| station > after)).take(STATIONS_MAX + 1).collect();
    let more = page.len() > STATIONS_MAX;
    page.truncate(STATIONS_MAX);
    let counts = match (page.first(), page.last()) {
        (Some(first), Some(last)) => {
            endpoint.store().station_counts(&contest.id, &StationRange::between(first, last))?
        }
        _ => std::collections::BTreeMap::new(),
    };
    let row = |station: &StationId| {
        let count = counts.get(station);
        let counted = count.filter(|count| count.counts());
        OpenStation {
            station: station.to_string(),
            standing: count.map_or("missing", |count| count.standing.word()).to_owned(),
            round: count.map_or(tally::FIRST_ROUND, |count| count.round),
            votes: counted.map(|count| {
                count.votes.iter().map(|(choice, votes)| (choice.to_string(), *votes)).collect()
            }),
            invalid: counted.map(|count| count.invalid),
            last_at_ms: count.and_then(|count| count.last_at_ms),
        }
    };
    Ok(OpenStationList {
        next: page.last().filter(|_| more).map(StationId::to_string),
        stations: page.iter().map(row).collect(),
    })
}
