//! The package of a drill: an election's own contests and stations under another id, marked as practice.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tally::{ContestId, Election, PackageError, StationId, election};

use crate::scenario::Scenario;

/// What is appended to the election's id.
const SUFFIX: &str = "-latihan";

/// The package with which these stations practise a scenario. It has the rounds that the scenario's re-votes
/// need, and no others.
///
/// # Errors
/// When the result is no package, for instance because the election's id leaves no room for the suffix, or no
/// station is known.
pub fn drill_package(
    election: &Election,
    scenario: &Scenario,
    stations: &[StationId],
) -> Result<Election, PackageError> {
    let slice = election.slice(stations);
    // A package is JSON by its nature; an empty object is refused by name.
    let mut package = serde_json::to_value(&slice).unwrap_or_else(|_| json!({}));
    package["format"] = json!(election::FORMAT);
    package["id"] = json!(drill_id(election));
    package["drill"] = json!(true);
    package["title"] = json!({
        "id": format!("Latihan: {}", election.title.id),
        "en": format!("Practice: {}", election.title.en),
    });
    package["rounds"] = rounds(&slice, scenario, stations);
    Election::from_json(&package.to_string())
}

/// The id of an election's drills.
pub fn drill_id(election: &Election) -> String {
    format!("{}{SUFFIX}", election.id)
}

/// The later rounds, each of one contest.
fn rounds(slice: &Election, scenario: &Scenario, stations: &[StationId]) -> Value {
    let mut numbers: BTreeSet<(&ContestId, u8)> = BTreeSet::new();
    for exercise in &scenario.exercises {
        let contests = slice.contests.iter().filter(|contest| contest.kind == exercise.kind);
        for contest in contests {
            // A round has all rounds before it.
            numbers.extend((2..=exercise.round).map(|number| (&contest.id, number)));
        }
    }
    let round = |(contest, number): (&ContestId, u8)| {
        let voting: Vec<&StationId> =
            stations.iter().filter(|station| slice.is_voted_at(contest, station)).collect();
        let reason = json!({"id": "Latihan pemungutan suara ulang", "en": "A re-vote for practice"});
        (!voting.is_empty()).then(|| {
            json!({
                "number": number, "kind": "psu", "date": slice.date, "reason": reason, "stations": voting,
                "contests": [contest],
            })
        })
    };
    numbers.into_iter().filter_map(round).collect()
}
