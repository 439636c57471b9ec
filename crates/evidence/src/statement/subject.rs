//! The subject of a statement.

use std::fmt;
use std::str::FromStr;

use crate::cbor::DecodeError;

/// The real count, or a drill. It is in the signed subject, in the content type and in the data that are
/// signed beside the statement, so a statement of one is never valid in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// The real count.
    Real,
    /// A drill.
    Drill,
}

impl Namespace {
    /// Both, the real count first.
    pub const ALL: [Self; 2] = [Self::Real, Self::Drill];

    fn word(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Drill => "drill",
        }
    }

    /// Whether `found` is this one, as an error that says which it is.
    pub(crate) fn expect(self, found: Self) -> Result<(), OtherNamespace> {
        if found == self { Ok(()) } else { Err(OtherNamespace { expected: self, found }) }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "the real count",
            Self::Drill => "a drill",
        })
    }
}

/// Something of a drill where the real count reads, or the reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot use it in {expected}: it is of {found}")]
pub struct OtherNamespace {
    /// The reader's.
    pub expected: Namespace,
    /// What it was given.
    pub found: Namespace,
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
