//! Cuts a package to a few stations, so that a phone downloads kilobytes instead of megabytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::contest::Contest;
use crate::election::{Election, Round, StationBlock, StationNumbers};
use crate::form::Form;
use crate::id::{ContestId, PartyNumber, RegionCode, StationId, StationKind};

impl Election {
    /// This package with only `stations`, their regions and contests, and every form and party of those.
    /// Unknown stations are left out. The result does not depend on the built-in forms of the app that reads
    /// it. A district keeps the regions that hold the stations.
    pub fn slice(&self, stations: &[StationId]) -> Self {
        let stations: Vec<&StationId> = stations.iter().filter(|station| self.has_station(station)).collect();
        let regions: BTreeSet<RegionCode> =
            stations.iter().flat_map(|station| station.desa().path()).collect();
        let contests = self.contests_of(&stations, &regions);
        let parties = parties_of(&contests);
        Self {
            format: self.format.clone(),
            id: self.id.clone(),
            version: self.version,
            title: self.title.clone(),
            date: self.date.clone(),
            drill: self.drill,
            station_voters_max: self.station_voters_max,
            voters_max_by_kind: self.voters_max_by_kind.clone(),
            reserve_permille: self.reserve_permille,
            readiness: self.readiness,
            parties: self.parties.iter().filter(|party| parties.contains(&party.number)).cloned().collect(),
            forms: self.forms_of(&contests),
            rounds: self.rounds_at(&stations, &contests),
            contests,
            regions: self.regions.iter().filter(|region| regions.contains(&region.code)).cloned().collect(),
            stations: self.blocks_of(&stations),
            index: Default::default(),
        }
    }

    fn contests_of(&self, stations: &[&StationId], regions: &BTreeSet<RegionCode>) -> Vec<Contest> {
        let voted = self.contests.iter().filter(|contest| {
            stations.is_empty() && contest.district.is_empty()
                || stations.iter().any(|station| contest.covers(station.desa()))
        });
        voted
            .map(|contest| {
                let mut contest = contest.clone();
                contest.district.retain(|region| regions.contains(region));
                contest
            })
            .collect()
    }

    fn forms_of(&self, contests: &[Contest]) -> Vec<Form> {
        let mut forms: Vec<Form> = Vec::new();
        for id in contests.iter().flat_map(Contest::form_ids) {
            if let Some(form) = self.form(id)
                && !forms.contains(form)
            {
                forms.push(form.clone());
            }
        }
        forms
    }

    fn rounds_at(&self, stations: &[&StationId], contests: &[Contest]) -> Vec<Round> {
        let stations: BTreeSet<&StationId> = stations.iter().copied().collect();
        let is_kept = |id: &ContestId| contests.iter().any(|contest| contest.id == *id);
        let cut = |round: &Round| {
            let mut cut = Round { stations: Vec::new(), contests: Vec::new(), ..round.clone() };
            cut.stations =
                round.stations.iter().filter(|station| stations.contains(station)).cloned().collect();
            cut.contests = round.contests.iter().filter(|id| is_kept(id)).cloned().collect();
            // An empty list would say all contests.
            cut.stations.retain(|station| self.contests_of_round(round, station).next().is_some());
            (!cut.stations.is_empty()).then_some(cut)
        };
        self.rounds.iter().filter_map(cut).collect()
    }

    fn blocks_of(&self, stations: &[&StationId]) -> Vec<StationBlock> {
        let mut numbers: BTreeMap<(&RegionCode, StationKind), Vec<u16>> = BTreeMap::new();
        for station in stations {
            numbers.entry((station.desa(), station.kind())).or_default().push(station.number());
        }
        let blocks = self.stations.iter().filter_map(|block| {
            let numbers = StationNumbers::collect(numbers.get(&(&block.desa, block.kind))?.iter().copied());
            Some(StationBlock { desa: block.desa.clone(), kind: block.kind, numbers: numbers.to_string() })
        });
        blocks.collect()
    }
}

/// The parties that the contests name.
fn parties_of(contests: &[Contest]) -> BTreeSet<PartyNumber> {
    let lists = contests.iter().flat_map(|contest| &contest.lists).map(|list| list.party);
    let nominated = contests.iter().flat_map(|contest| &contest.candidates);
    lists.chain(nominated.filter_map(|candidate| candidate.party)).collect()
}
