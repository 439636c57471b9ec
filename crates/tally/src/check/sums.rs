//! Running sums while the witness types.

use serde::{Deserialize, Serialize};

use crate::figure::Figures;
use crate::form::Quantity;
use crate::id::FieldCode;
use crate::number::u32_len;
use crate::paper::{Field, Paper};
use crate::text::Localized;

/// The running sum of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RunningSum {
    /// Label, for instance "IV.1 + IV.2 + IV.3".
    pub label: Localized,
    /// Number of its figures that are written.
    pub filled: u32,
    /// Number of its figures.
    pub fields: u32,
    /// The sum of those that are written.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
}

/// The quantities of each sum. The first that applies to a section is used.
const SUMS: [&[Quantity]; 5] = [
    &[Quantity::PartyVotes, Quantity::CandidateVotes],
    &[Quantity::ValidVotes, Quantity::InvalidVotes],
    &[Quantity::BallotsUsed, Quantity::BallotsSpoiled, Quantity::BallotsUnused],
    &[Quantity::UsersDpt, Quantity::UsersMoved, Quantity::UsersUnlisted],
    &[Quantity::VotersDpt, Quantity::VotersMoved, Quantity::VotersUnlisted],
];

/// Maximum number of terms that a label names. Longer sums name the first two and the last.
const TERMS_NAMED_MAX: usize = 4;

impl Paper {
    /// The sum of `section` as far as it is typed: the candidates' votes, the party's own and its candidates'
    /// votes, the ballots, the users of the vote (men and women), or all votes. `None` if the section has no
    /// sum, or if witnesses are not asked for its parts.
    pub fn running_sum(&self, section: &FieldCode, figures: &Figures) -> Option<RunningSum> {
        SUMS.iter().find_map(|quantities| {
            let parts: Vec<&Field> = self
                .fields()
                .iter()
                .filter(|field| field.section == *section && quantities.contains(&field.counts))
                .filter(|field| field.is_whole() && field.asked)
                .collect();
            let enough =
                parts.len() > 1 || quantities.contains(&Quantity::CandidateVotes) && !parts.is_empty();
            enough.then(|| running_sum(&parts, figures))
        })
    }

    /// The sum of the lists' totals as far as they are typed. It should become the valid votes. `None` on a
    /// paper without lists.
    pub fn running_sum_of_lists(&self, figures: &Figures) -> Option<RunningSum> {
        let lists: Vec<&Field> =
            self.fields().iter().filter(|field| field.counts == Quantity::ListVotes).collect();
        (!lists.is_empty()).then(|| running_sum(&lists, figures))
    }
}

fn running_sum(parts: &[&Field], figures: &Figures) -> RunningSum {
    let written: Vec<u32> = parts.iter().filter_map(|part| figures.number(&part.code)).collect();
    RunningSum {
        label: label(parts),
        filled: u32_len(&written),
        fields: u32_len(parts),
        total: written.iter().map(|&value| u64::from(value)).sum(),
    }
}

fn label(parts: &[&Field]) -> Localized {
    let codes: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
    let text = match codes.as_slice() {
        _ if parts.iter().any(|part| part.counts == Quantity::PartyVotes) => "A.1 + A.2".to_owned(),
        [first, second, .., last] if codes.len() > TERMS_NAMED_MAX => {
            format!("{first} + {second} + … + {last}")
        }
        _ => codes.join(" + "),
    };
    Localized::new(text.clone(), text)
}
