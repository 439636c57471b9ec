//! The subject of a statement.

use std::fmt;
use std::str::FromStr;

use crate::cbor::DecodeError;

/// The real count, or a drill. It is part of the signed subject, so a statement of one is never valid in the
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// The real count.
    Real,
    /// A drill.
    Drill,
}

impl Namespace {
    fn word(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Drill => "drill",
        }
    }
}

/// The subject of a statement (CWT `sub`): `urn:saksi:real:ELECTION:STATION`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The real count or a drill.
    pub namespace: Namespace,
    /// The election's id.
    pub election: String,
    /// The station's id.
    pub station: String,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "urn:saksi:{}:{}:{}", self.namespace.word(), self.election, self.station)
    }
}

impl FromStr for Subject {
    type Err = DecodeError;
    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let mut parts = text.split(':');
        let mut next = || parts.next().filter(|part| !part.is_empty()).ok_or("a subject with a part missing");
        if (next()?, next()?) != ("urn", "saksi") {
            return Err("a subject that is not ours");
        }
        let namespace = match next()? {
            "real" => Namespace::Real,
            "drill" => Namespace::Drill,
            _ => return Err("a subject of an unknown namespace"),
        };
        let subject = Self { namespace, election: next()?.to_owned(), station: next()?.to_owned() };
        if parts.next().is_some() { Err("a subject with a part too many") } else { Ok(subject) }
    }
}
