//! The papers of all kinds of contests, at home and abroad.

use serde_json::Value;
use tally::{Election, Paper, StationKind};

const PACKAGES: [&str; 3] = [
    include_str!("../../../../assets/elections/demo.json"),
    include_str!("../../../../assets/elections/demo-general.json"),
    include_str!("../../../../assets/elections/demo-pilkada.json"),
];

/// The demo elections.
pub(crate) fn elections() -> Vec<Election> {
    PACKAGES.into_iter().map(|json| Election::from_json(json).unwrap()).collect()
}

/// Each paper with its name.
pub(crate) fn all() -> Vec<(String, Paper)> {
    let mut papers = Vec::new();
    for election in elections() {
        for contest in &election.contests {
            papers.push((contest.form.to_string(), election.paper(&contest.id).unwrap()));
        }
    }
    papers.extend(abroad());
    papers
}

/// The papers for president and parliament at stations abroad and by post.
fn abroad() -> Vec<(String, Paper)> {
    let mut package: Value = serde_json::from_str(PACKAGES[1]).unwrap();
    package["voters_max_by_kind"] = serde_json::json!({"tpsln": 500, "pos": 1_000});
    for (contest, kind) in [(0, "ppwp"), (1, "dpr")] {
        package["contests"][contest]["forms_by_kind"] = serde_json::json!({
            "tpsln": format!("c-hasil-{kind}-ln-2024"), "pos": format!("c-hasil-{kind}-pos-2024"),
        });
    }
    let election = Election::from_json(&package.to_string()).unwrap();
    let mut papers = Vec::new();
    for contest in &election.contests[..2] {
        for kind in [StationKind::Tpsln, StationKind::Pos] {
            let paper = election.paper_of_kind(&contest.id, kind).unwrap();
            papers.push((paper.form().id.to_string(), paper));
        }
    }
    papers
}
