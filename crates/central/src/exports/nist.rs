//! The results of a contest as an election report of NIST SP 1500-100 version 2 (JSON), with every station.
//!
//! The report is written piece by piece. Only the votes are in memory at once: eight bytes for each choice of
//! each station.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::DateTime;
use serde_json::{Value, json};
use tally::{Choice, Contest, PartyNumber, RegionCode, RegionLevel, StationId};

use super::results::{Scope, StationResult};
use crate::endpoint::Endpoint;
use crate::model::count::{Standing, u32_of};
use crate::official::choices;
use crate::refusal::Refusal;

/// The region that contains all others.
const WHOLE: &str = "region-all";

/// A station's part of the report but for its votes.
struct Unit {
    station: StationId,
    standing: Standing,
    round: u8,
    valid: u32,
    invalid: u32,
}

/// What the report needs of all stations.
struct Results {
    units: Vec<Unit>,
    /// For each choice the station's place in `units`, and the votes.
    votes: BTreeMap<Choice, Vec<(u32, u32)>>,
}

impl Results {
    fn of(endpoint: &Endpoint, contest: &Contest, region: Option<&RegionCode>) -> Result<Self, Refusal> {
        let scope = Scope { contests: vec![contest], region: region.cloned() };
        let mut results = Self { units: Vec::new(), votes: BTreeMap::new() };
        scope.each(endpoint, |result| {
            results.add(result);
            Ok(())
        })?;
        Ok(results)
    }

    fn add(&mut self, result: &StationResult<'_>) {
        let place = u32_of(self.units.len());
        if let Some(count) = result.counted() {
            for choice in choices(result.contest) {
                let votes = count.votes.get(&choice).copied().unwrap_or(0);
                self.votes.entry(choice).or_default().push((place, votes));
            }
        }
        self.units.push(Unit {
            station: result.station.clone(),
            standing: result.count.map_or(Standing::Missing, |count| count.standing),
            round: result.count.map_or(tally::FIRST_ROUND, |count| count.round),
            valid: result.valid().unwrap_or(0),
            invalid: result.counted().map_or(0, |count| count.invalid),
        });
    }
}

impl Unit {
    fn id(&self) -> String {
        format!("station-{}", self.station)
    }

    fn counts(&self) -> bool {
        !matches!(self.standing, Standing::Missing | Standing::Conflicting)
    }
}

/// Writes the report of a contest in a region; `None` is the whole election.
pub(crate) fn write_report(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
    out: impl Write,
) -> Result<(), Refusal> {
    let results = Results::of(endpoint, contest, region)?;
    let report = Report { endpoint, contest, region, results };
    report.write(Json { out, is_first: true }).map_err(|error| Refusal::internal("writing a report", &error))
}

/// JSON that is being written.
struct Json<W> {
    out: W,
    /// Whether the object or list that is open has nothing in it yet.
    is_first: bool,
}

impl<W: Write> Json<W> {
    fn comma(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.write_all(b",")?;
        }
        Ok(())
    }

    fn item(&mut self, value: &Value) -> io::Result<()> {
        self.comma()?;
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }

    /// The members of an object, in an object that is open.
    fn members(&mut self, object: &Value) -> io::Result<()> {
        for (name, value) in object.as_object().into_iter().flatten() {
            self.comma()?;
            serde_json::to_writer(&mut self.out, name)?;
            self.out.write_all(b":")?;
            serde_json::to_writer(&mut self.out, value)?;
        }
        Ok(())
    }

    fn open(&mut self, with: &[u8]) -> io::Result<()> {
        self.is_first = true;
        self.out.write_all(with)
    }

    fn close(&mut self, with: &[u8]) -> io::Result<()> {
        self.is_first = false;
        self.out.write_all(with)
    }

    /// A member that is a list, whose items `write` adds.
    fn list(&mut self, name: &str, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.comma()?;
        serde_json::to_writer(&mut self.out, name)?;
        self.open(b":[")?;
        write(self)?;
        self.close(b"]")
    }

    /// An item that is an object with lists, which `write` adds.
    fn object(&mut self, own: &Value, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.comma()?;
        self.open(b"{")?;
        self.members(own)?;
        write(self)?;
        self.close(b"}")
    }
}

struct Report<'a> {
    endpoint: &'a Endpoint,
    contest: &'a Contest,
    region: Option<&'a RegionCode>,
    results: Results,
}

impl Report<'_> {
    fn write<W: Write>(&self, mut json: Json<W>) -> io::Result<()> {
        let own = self.head();
        json.object(&own, |json| {
            json.list("GpUnit", |json| self.write_units(json))?;
            json.list("Party", |json| self.parties().iter().try_for_each(|party| json.item(party)))?;
            json.list("Election", |json| self.write_election(json))
        })?;
        json.out.flush()
    }

    fn head(&self) -> Value {
        let election = self.endpoint.election();
        let all_count = self.results.units.iter().all(Unit::counts);
        let now = DateTime::from_timestamp_millis(self.endpoint.now_ms()).unwrap_or_default();
        json!({
            "@type": "ElectionResults.ElectionReport",
            "Format": "precinct-level",
            "GeneratedDate": now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "VendorApplicationId": concat!("saksi-central/", env!("CARGO_PKG_VERSION")),
            "Issuer": "Saksi",
            "IssuerAbbreviation": "SAKSI",
            "IsTest": election.drill,
            "Notes": "Results as witnesses recorded them. They are not the official results.",
            "SequenceStart": 1,
            "SequenceEnd": 1,
            "Status": if all_count { "unofficial-complete" } else { "unofficial-partial" },
        })
    }

    fn write_units<W: Write>(&self, json: &mut Json<W>) -> io::Result<()> {
        let package = self.endpoint.package();
        let mut regions: BTreeMap<RegionCode, Vec<String>> = BTreeMap::new();
        for unit in &self.results.units {
            regions.entry(unit.station.desa().clone()).or_default().push(unit.id());
        }
        let desas: Vec<RegionCode> = regions.keys().cloned().collect();
        for code in desas.iter().flat_map(|desa| desa.path().into_iter().skip(1)) {
            let parts = code.parent().map(|parent| regions.entry(parent).or_default());
            let id = region_id(&code);
            if let Some(parts) = parts.filter(|parts| parts.last() != Some(&id)) {
                parts.push(id);
            }
        }
        let top = regions.keys().filter(|code| code.level() == RegionLevel::Provinsi).map(region_id);
        let top: Vec<String> = top.collect();
        json.item(&json!({
            "@type": "ElectionResults.ReportingUnit", "@id": WHOLE, "Type": "country",
            "Name": text(&self.endpoint.election().title.id), "ComposingGpUnitIds": top,
        }))?;
        for (code, parts) in &regions {
            let (kind, other) = kind_of(code.level());
            let mut unit = json!({
                "@type": "ElectionResults.ReportingUnit", "@id": region_id(code), "Type": kind,
                "Name": text(&package.region_name(code)), "ComposingGpUnitIds": parts,
                "ExternalIdentifier": [identifier("Kemendagri", code.as_str())],
            });
            if let (Some(other), Some(unit)) = (other, unit.as_object_mut()) {
                unit.insert("OtherType".into(), other.into());
            }
            json.item(&unit)?;
        }
        self.results.units.iter().try_for_each(|unit| json.item(&station_unit(unit)))
    }

    fn parties(&self) -> Vec<Value> {
        let parties = self.endpoint.election().parties.iter();
        let party = |party: &tally::Party| {
            json!({
                "@type": "ElectionResults.Party", "@id": party_id(party.number), "Name": text(&party.name),
            })
        };
        parties.map(party).collect()
    }

    fn write_election<W: Write>(&self, json: &mut Json<W>) -> io::Result<()> {
        let election = self.endpoint.election();
        let own = json!({
            "@type": "ElectionResults.Election", "Type": "general", "ElectionScopeId": WHOLE,
            "Name": text(&election.title.id), "StartDate": election.date, "EndDate": election.date,
        });
        json.object(&own, |json| {
            json.list("Candidate", |json| self.candidates().iter().try_for_each(|one| json.item(one)))?;
            json.list("BallotCounts", |json| self.write_ballots(json))?;
            json.list("Contest", |json| self.write_contests(json))
        })
    }

    fn candidates(&self) -> Vec<Value> {
        let candidate = |choice: Choice| {
            let candidate = self.contest.candidate(choice)?;
            let mut value = json!({
                "@type": "ElectionResults.Candidate", "@id": candidate_id(choice),
                "BallotName": text(&candidate.names.join(" / ")),
            });
            if let (Some(party), Some(value)) = (choice.party().or(candidate.party), value.as_object_mut()) {
                value.insert("PartyId".into(), party_id(party).into());
            }
            Some(value)
        };
        choices(self.contest).into_iter().filter_map(candidate).collect()
    }

    /// The valid and invalid votes: a ballot is one of the two.
    fn write_ballots<W: Write>(&self, json: &mut Json<W>) -> io::Result<()> {
        for unit in self.results.units.iter().filter(|unit| unit.counts()) {
            json.item(&json!({
                "@type": "ElectionResults.BallotCounts", "Type": "total", "GpUnitId": unit.id(),
                "Round": unit.round, "BallotsCast": u64::from(unit.valid) + u64::from(unit.invalid),
                "BallotsRejected": unit.invalid,
            }))?;
        }
        Ok(())
    }

    /// A contest of candidates. Of lists two: the lists as a whole, and the candidates on them, because a
    /// vote for a candidate is one for the list too.
    fn write_contests<W: Write>(&self, json: &mut Json<W>) -> io::Result<()> {
        let all = choices(self.contest);
        let lists: Vec<Choice> =
            all.iter().copied().filter(|choice| matches!(choice, Choice::List(_))).collect();
        let district = self.region.map_or_else(|| WHOLE.to_owned(), region_id);
        let mut own = json!({
            "@type": "ElectionResults.CandidateContest", "@id": format!("contest-{}", self.contest.id),
            "Name": self.contest.title.id, "ElectionDistrictId": district, "VotesAllowed": 1,
            "VoteVariation": if lists.is_empty() { "plurality" } else { "proportional" },
        });
        if let (Some(seats), Some(own)) = (self.contest.seats, own.as_object_mut()) {
            own.insert("NumberElected".into(), seats.into());
        }
        if !lists.is_empty() {
            let own = json!({
                "@type": "ElectionResults.PartyContest", "@id": format!("contest-{}-lists", self.contest.id),
                "Name": self.contest.title.id, "ElectionDistrictId": district,
                "VoteVariation": "proportional",
            });
            json.object(&own, |json| self.write_selections(&lists, json))?;
        }
        let candidates: Vec<Choice> =
            all.into_iter().filter(|choice| self.contest.candidate(*choice).is_some()).collect();
        json.object(&own, |json| self.write_selections(&candidates, json))
    }

    fn write_selections<W: Write>(&self, choices: &[Choice], json: &mut Json<W>) -> io::Result<()> {
        json.list("ContestSelection", |json| {
            for (order, choice) in (1u32..).zip(choices) {
                let own = match choice {
                    Choice::List(party) => json!({
                        "@type": "ElectionResults.PartySelection", "PartyIds": [party_id(*party)],
                        "@id": format!("selection-{choice}"), "SequenceOrder": order,
                    }),
                    _ => json!({
                        "@type": "ElectionResults.CandidateSelection",
                        "CandidateIds": [candidate_id(*choice)],
                        "@id": format!("selection-{choice}"), "SequenceOrder": order,
                    }),
                };
                json.object(&own, |json| json.list("VoteCounts", |json| self.write_votes(*choice, json)))?;
            }
            Ok(())
        })
    }

    fn write_votes<W: Write>(&self, choice: Choice, json: &mut Json<W>) -> io::Result<()> {
        for (place, votes) in self.results.votes.get(&choice).into_iter().flatten() {
            let unit = usize::try_from(*place).ok().and_then(|place| self.results.units.get(place));
            if let Some(unit) = unit {
                json.item(&json!({
                    "@type": "ElectionResults.VoteCounts", "Type": "total", "GpUnitId": unit.id(),
                    "Round": unit.round, "Count": votes,
                }))?;
            }
        }
        Ok(())
    }
}

fn station_unit(unit: &Unit) -> Value {
    let status = match unit.standing {
        Standing::Verified | Standing::Corroborated | Standing::Provisional => "completed",
        Standing::Conflicting => "in-process",
        Standing::Missing => "not-processed",
    };
    json!({
        "@type": "ElectionResults.ReportingUnit", "@id": unit.id(), "Type": "precinct",
        "Name": text(&unit.station.to_string()), "Number": unit.station.number().to_string(),
        "CountStatus": [{ "@type": "ElectionResults.CountStatus", "Type": "total", "Status": status }],
        "ExternalIdentifier": [identifier("Saksi standing", unit.standing.word())],
    })
}

fn kind_of(level: RegionLevel) -> (&'static str, Option<&'static str>) {
    match level {
        RegionLevel::Provinsi => ("state", None),
        RegionLevel::KabupatenKota => ("county", None),
        RegionLevel::Kecamatan => ("other", Some("kecamatan")),
        RegionLevel::Desa => ("other", Some("desa/kelurahan")),
    }
}

fn region_id(code: &RegionCode) -> String {
    format!("region-{code}")
}

fn party_id(party: PartyNumber) -> String {
    format!("party-{party}")
}

fn candidate_id(choice: Choice) -> String {
    format!("candidate-{choice}")
}

fn identifier(of: &str, value: &str) -> Value {
    json!({ "@type": "ElectionResults.ExternalIdentifier", "Type": "other", "OtherType": of, "Value": value })
}

fn text(of: &str) -> Value {
    let one = json!({ "@type": "ElectionResults.LanguageString", "Language": "id", "Content": of });
    json!({ "@type": "ElectionResults.InternationalizedText", "Text": [one] })
}
