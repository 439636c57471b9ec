//! The votes of a region's sums as they are stored: `{"L5.7": [verified, corroborated, provisional]}`. Sums
//! of lists have hundreds of them, and are written after each tally.
//!
//! Earlier versions stored an object in place of each array, which is still read.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serializer};
use tally::Choice;

use super::count::Votes;

pub(super) fn serialize<S: Serializer>(
    votes: &BTreeMap<Choice, Votes>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let arrays = votes.iter().map(|(choice, votes)| (choice, array_of(votes)));
    serializer.collect_map(arrays)
}

fn array_of(votes: &Votes) -> [u64; 3] {
    [votes.verified, votes.corroborated, votes.provisional]
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Choice, Votes>, D::Error> {
    let stored = BTreeMap::<Choice, StoredVotes>::deserialize(deserializer)?;
    Ok(stored.into_iter().map(|(choice, StoredVotes(votes))| (choice, votes)).collect())
}

struct StoredVotes(Votes);

impl<'de> Deserialize<'de> for StoredVotes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StoredVotesVisitor)
    }
}

struct StoredVotesVisitor;

impl<'de> Visitor<'de> for StoredVotesVisitor {
    type Value = StoredVotes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("three numbers, or an object with their names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<StoredVotes, A::Error> {
        let mut next = || {
            numbers.next_element::<u64>()?.ok_or_else(|| serde::de::Error::custom("fewer than three numbers"))
        };
        let (verified, corroborated, provisional) = (next()?, next()?, next()?);
        Ok(StoredVotes(Votes { verified, corroborated, provisional }))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<StoredVotes, A::Error> {
        Votes::deserialize(MapAccessDeserializer::new(object)).map(StoredVotes)
    }
}

#[cfg(test)]
mod tests {
    use tally::Choice;

    use super::super::count::{RegionTotal, Votes};

    #[test]
    fn votes_are_stored_as_arrays_and_objects_of_earlier_versions_are_read() {
        let coverage = r#""coverage":{"stations":0,"verified":0,"corroborated":0,"provisional":1,"conflicting":0,
            "missing":0,"flagged":0,"photographed":0},
            "invalid":{"verified":0,"corroborated":0,"provisional":4},"last_at_ms":9"#;
        let before =
            format!(r#"{{"votes":{{"2":{{"verified":1,"corroborated":2,"provisional":3}}}},{coverage}}}"#);
        let total: RegionTotal = serde_json::from_str(&before).unwrap();
        let votes = Votes { verified: 1, corroborated: 2, provisional: 3 };
        assert_eq!(total.votes[&Choice::Candidate(2)], votes);
        assert_eq!(total.coverage.later_round, 0);
        let now = serde_json::to_string(&total).unwrap();
        assert!(now.contains(r#""votes":{"2":[1,2,3]}"#), "{now}");
        assert_eq!(serde_json::from_str::<RegionTotal>(&now).unwrap(), total);
        for wrong in ["[1,2]", "[1,2,-3]", "7", r#"{"verified":1}"#] {
            let text = format!(r#"{{"votes":{{"2":{wrong}}},{coverage}}}"#);
            assert!(serde_json::from_str::<RegionTotal>(&text).is_err(), "{wrong} was read");
        }
    }
}
