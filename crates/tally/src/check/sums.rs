//! Sums that grow while the witness types.

use serde::{Deserialize, Serialize};

use crate::figure::Figures;
use crate::form::{Field, Paper, Quantity};
use crate::id::FieldCode;
use crate::text::Localized;

/// A sum to watch while a section is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RunningSum {
    /// What is summed, for instance "IV.1 + IV.2 + IV.3".
    pub label: Localized,
    /// How many of its figures are written.
    pub filled: u32,
    /// How many figures it has.
    pub fields: u32,
    /// The sum of those that are written.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
}

/// What each sum adds up; the first that stands in a section is the section's.
const SUMS: [&[Quantity]; 5] = [
    &[Quantity::CandidateVotes],
    &[Quantity::ValidVotes, Quantity::InvalidVotes],
    &[Quantity::BallotsUsed, Quantity::BallotsSpoiled, Quantity::BallotsUnused],
    &[Quantity::UsersDpt, Quantity::UsersDptb, Quantity::UsersDpk],
    &[Quantity::VotersDpt, Quantity::VotersDptb, Quantity::VotersDpk],
];

/// With more terms than this, a label names the first and the last only.
const TERMS_NAMED_MAX: usize = 4;

impl Paper {
    /// The sum that the paper asks for in `section`, as far as it is typed: the candidates' votes, the ballots, the
    /// users of the vote (both sexes), all votes. `None` where the section has no sum.
    pub fn running_sum(&self, section: &FieldCode, figures: &Figures) -> Option<RunningSum> {
        SUMS.iter().find_map(|quantities| {
            let parts: Vec<&Field> = self
                .fields()
                .iter()
                .filter(|field| field.section == *section && quantities.contains(&field.counts))
                .filter(|field| field.is_whole())
                .collect();
            let written: Vec<u32> = parts.iter().filter_map(|part| figures.number(&part.code)).collect();
            (parts.len() > 1 || quantities.contains(&Quantity::CandidateVotes) && !parts.is_empty()).then(
                || RunningSum {
                    label: label(&parts),
                    filled: u32::try_from(written.len()).unwrap_or(u32::MAX),
                    fields: u32::try_from(parts.len()).unwrap_or(u32::MAX),
                    total: written.iter().map(|&value| u64::from(value)).sum(),
                },
            )
        })
    }
}

fn label(parts: &[&Field]) -> Localized {
    let codes: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
    let text = match codes.as_slice() {
        [first, second, .., last] if codes.len() > TERMS_NAMED_MAX => {
            format!("{first} + {second} + … + {last}")
        }
        _ => codes.join(" + "),
    };
    Localized::new(text.clone(), text)
}
