//! The official result of a station, by the fields of its paper.

use std::collections::BTreeMap;

use tally::{FieldCode, Paper, Quantity, StationId};

use crate::endpoint::Endpoint;
use crate::model::official::{OfficialFigures, Rung, Unit};
use crate::refusal::Refusal;
use crate::store::StationRange;
use crate::view::OfficialStation;

/// `None` where nothing was published or imported.
pub(super) fn official_station(
    endpoint: &Endpoint,
    paper: &Paper,
    station: &StationId,
) -> Result<Option<OfficialStation>, Refusal> {
    let contest = &paper.contest().id;
    let mut results = endpoint.store().official_results(contest, &StationRange::of_station(station), None)?;
    let found = results.remove(&(Rung::Station, Unit::Station(station.clone())));
    Ok(found.map(|figures| OfficialStation { figures: by_field(paper, &figures) }))
}

fn by_field(paper: &Paper, official: &OfficialFigures) -> BTreeMap<FieldCode, u32> {
    let fields = paper.fields().iter();
    let votes = fields.filter_map(|field| Some((field.code.clone(), *official.votes.get(&field.choice?)?)));
    let mut figures: BTreeMap<FieldCode, u32> = votes.collect();
    let wholes = [(Quantity::ValidVotes, official.valid), (Quantity::InvalidVotes, official.invalid)];
    for (quantity, number) in wholes {
        if let Some((field, number)) = paper.whole(quantity).zip(number) {
            figures.insert(field.code.clone(), number);
        }
    }
    figures
}
