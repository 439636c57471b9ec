//! Stations at which a person should look, and the keys with which coordinators sign.

use serde::{Deserialize, Serialize};

/// What makes a station of a contest one at which a person should look. The rule is in `counting::doubt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// Number of votes that may be wrong.
    pub votes: u32,
    /// Number of deciding figures for which witnesses state different numbers.
    pub conflicts: u32,
    /// Number of faults in the tally that has most.
    pub faults: u32,
    /// Number of figures that a device read with certainty in a photo, and that were typed differently.
    pub misread: u32,
    /// When the newest of the tallies arrived.
    pub since_ms: i64,
}

/// How a browser keeps a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyKeeping {
    /// The browser made it, and no script can read it.
    Browser,
    /// The browser does not know the kind of key: a script of ours signs, with a secret that is sealed under
    /// a key which no script can read.
    Sealed,
}

impl KeyKeeping {
    const ALL: [Self; 2] = [Self::Browser, Self::Sealed];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Sealed => "sealed",
        }
    }
}

impl std::str::FromStr for KeyKeeping {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|keeping| keeping.word() == word);
        known.ok_or_else(|| format!("{word:?} is no way to keep a key"))
    }
}
