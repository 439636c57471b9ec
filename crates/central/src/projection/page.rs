//! The page of a projection: what the sample says, apart from the running sum.

use std::collections::BTreeMap;

use tally::{Choice, Contest, RegionCode, StationId};

use super::draw::{level_of, stratum_of};
use super::estimate::{Observed, Stratum, project};
use crate::counting::region::region_total;
use crate::endpoint::Endpoint;
use crate::model::count::{RegionTotal, StationCount, Votes, u32_of};
use crate::official::choices;
use crate::refusal::Refusal;
use crate::view::{ProjectionView, SampleView, ShareView, StratumView};

/// Builds the page of a contest.
pub(crate) fn projection_view(endpoint: &Endpoint, contest: &Contest) -> Result<ProjectionView, Refusal> {
    let Some(sample) = endpoint.store().sample(&contest.id)? else {
        return Ok(empty(contest));
    };
    let level = level_of(&sample.level);
    let counts = endpoint.store().sample_counts(&contest.id)?;
    let mut strata: BTreeMap<RegionCode, (StratumView, Stratum)> = BTreeMap::new();
    for station in &sample.stations {
        let code = stratum_of(station.desa(), level);
        let (view, stratum) =
            strata.entry(code.clone()).or_insert_with(|| stratum_at(endpoint, contest, code));
        view.drawn += 1;
        if let Some(observed) = observed(&counts, station) {
            view.arrived += 1;
            stratum.observed.push(observed);
        }
    }
    let whole = whole_choices(contest);
    let known: Vec<Stratum> = strata.values().map(|(_, stratum)| stratum.clone()).collect();
    let projection = project(&known, &whole);
    let total = counted(endpoint, contest)?;
    let share = |(choice, share)| ShareView {
        name: endpoint.package().choice_name(contest, choice),
        counted_share: counted_share(&total, &whole, choice),
        choice,
        share,
    };
    let (shares, margin) = projection.map(|found| (found.shares, found.margin)).unwrap_or_default();
    Ok(ProjectionView {
        contest: contest.id.clone(),
        arrived: strata.values().map(|(view, _)| view.arrived).sum(),
        shares: shares.into_iter().map(share).collect(),
        margin,
        strata: strata.into_values().map(|(view, _)| view).collect(),
        sample: Some(SampleView {
            level,
            drawn_at_ms: sample.drawn_at_ms,
            stations: u32_of(sample.stations.len()),
            seed: sample.seed,
        }),
    })
}

fn empty(contest: &Contest) -> ProjectionView {
    ProjectionView {
        contest: contest.id.clone(),
        sample: None,
        arrived: 0,
        shares: Vec::new(),
        margin: None,
        strata: Vec::new(),
    }
}

fn stratum_at(endpoint: &Endpoint, contest: &Contest, code: RegionCode) -> (StratumView, Stratum) {
    let stations = endpoint.package().stations_voting(contest, Some(&code));
    let view = StratumView { region: endpoint.package().named(code), stations, drawn: 0, arrived: 0 };
    (view, Stratum { stations, observed: Vec::new() })
}

/// Candidates, or lists as a whole: what the valid votes are divided among.
fn whole_choices(contest: &Contest) -> Vec<Choice> {
    let all = choices(contest).into_iter();
    all.filter(|choice| matches!(choice, Choice::Candidate(_) | Choice::List(_))).collect()
}

fn observed(counts: &BTreeMap<StationId, StationCount>, station: &StationId) -> Option<Observed> {
    let count = counts.get(station).filter(|count| count.counts())?;
    let whole = |choice: &Choice| matches!(choice, Choice::Candidate(_) | Choice::List(_));
    let votes: BTreeMap<Choice, u32> = count
        .votes
        .iter()
        .filter(|(choice, _)| whole(choice))
        .map(|(choice, votes)| (*choice, *votes))
        .collect();
    Some(Observed { valid: votes.values().sum(), votes })
}

fn counted(endpoint: &Endpoint, contest: &Contest) -> Result<RegionTotal, Refusal> {
    Ok(region_total(endpoint, contest, None)?)
}

fn counted_share(total: &RegionTotal, whole: &[Choice], choice: Choice) -> Option<f64> {
    let all = |votes: &Votes| votes.verified + votes.corroborated + votes.provisional;
    let of = |choice: &Choice| total.votes.get(choice).map_or(0, all);
    let valid: u64 = whole.iter().map(of).sum();
    (valid > 0).then(|| of(&choice) as f64 / valid as f64)
}
