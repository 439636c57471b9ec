//! What is known of a witness today.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is known of a witness today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Reported the arrival.
    Present,
    /// Was not admitted.
    NotAdmitted,
    /// Left.
    Left,
    /// Reported nothing.
    Unknown,
}

impl Presence {
    /// All of them, with the words of the store: those of attendance events, and one for no event.
    const WORDS: [(Self, &'static str); 4] = [
        (Self::Present, "arrived"),
        (Self::NotAdmitted, "not_admitted"),
        (Self::Left, "left"),
        (Self::Unknown, "unknown"),
    ];

    /// The word of the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Present => "arrived",
            Self::NotAdmitted => "not_admitted",
            Self::Left => "left",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for Presence {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::WORDS.into_iter().find(|(_, known)| *known == word);
        known.map(|(presence, _)| presence).ok_or_else(|| format!("cannot read {word:?} as a presence"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for (presence, word) in Presence::WORDS {
            assert_eq!((presence.word(), word.parse()), (word, Ok(presence)));
        }
    }
}
