//! The envelope: claims, chain and signature around a [`Body`].

use std::fmt;
use std::str::FromStr;

use coset::cbor::value::Value;
use coset::{
    CborSerializable as _, ContentType, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label,
    TaggedCborSerializable as _, iana,
};

use crate::STATEMENT_BYTES_MAX;
use crate::body::Body;
use crate::cbor::{self, Fault, Fields};
use crate::id::{DeviceId, StatementId};
use crate::key::{DeviceKey, PublicKey};

/// The real count, or practice. It stands in the signed subject, so that neither can pass for the other.
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

/// What a statement is about (CWT `sub`): `urn:saksi:real:ELECTION:STATION`.
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
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
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

/// Who says it, about what, when by their own clock, and after what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The device that signed (CWT `iss`: `urn:saksi:device:HEX`).
    pub device: DeviceId,
    /// What it is about (CWT `sub`).
    pub subject: Subject,
    /// When it was sealed by the device's clock, in seconds since 1970 (CWT `iat`). Device clocks lie: show it,
    /// never order by it.
    pub sealed_at_s: i64,
    /// The device's count of its statements, from 1.
    pub sequence: u64,
    /// The device's statement before this one; `None` for its first.
    pub previous: Option<StatementId>,
}

/// A statement that is ready to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub subject: Subject,
    /// When, by the device's clock, in seconds since 1970.
    pub sealed_at_s: i64,
    /// The device's count of its statements, from 1.
    pub sequence: u64,
    /// The device's statement before this one.
    pub previous: Option<StatementId>,
    /// What it says.
    pub body: Body,
}

/// A sealed statement's bytes, and their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the bytes.
    pub id: StatementId,
    /// The bytes, to be stored and sent as they are.
    pub bytes: Vec<u8>,
}

impl Draft {
    /// Signs the statement. The same draft and key always give the same bytes. The only refusal is a body that is
    /// too long ([`STATEMENT_BYTES_MAX`]).
    pub fn seal(&self, key: &DeviceKey) -> Result<Sealed, StatementError> {
        let header =
            header(self.body.content_type(), key.public().device_id(), &self.subject, self.sealed_at_s);
        let previous = self.previous.map_or(Value::Null, |id| Value::Bytes(id.0.to_vec()));
        let chain = [(1, Value::from(self.sequence)), (2, previous)];
        let payload = cbor::write(&cbor::map(chain.into_iter().chain(self.body.write())));
        let bytes = CoseSign1Builder::new()
            .protected(header)
            .payload(payload)
            .create_signature(&[], |message| key.sign_message(message).to_vec())
            .build()
            .to_tagged_vec()
            .map_err(|_| StatementError::Malformed { part: "envelope", reason: "it cannot be encoded" })?;
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLong { bytes: bytes.len() });
        }
        Ok(Sealed { id: StatementId::of(&bytes), bytes })
    }
}

/// CWT claims in a COSE header (RFC 9597).
const CWT_CLAIMS: i64 = 15;
const ISSUER_PREFIX: &str = "urn:saksi:device:";

fn header(content_type: &str, device: DeviceId, subject: &Subject, sealed_at_s: i64) -> Header {
    let claims = cbor::map([
        (1, Value::from(format!("{ISSUER_PREFIX}{device}"))),
        (2, Value::from(subject.to_string())),
        (6, Value::from(sealed_at_s)),
    ]);
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(content_type.to_owned())
        .key_id(device.0.to_vec())
        .value(CWT_CLAIMS, claims)
        .build()
}

/// Why bytes are not a statement that we take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not the one encoding of a statement.
    #[error("the statement cannot be read: {part}: {reason}")]
    Malformed {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A kind or version that this program does not know; a newer one may.
    #[error("the statement is of an unknown kind or version")]
    Unsupported,
    /// Longer than [`STATEMENT_BYTES_MAX`].
    #[error("the statement has {bytes} bytes; at most {STATEMENT_BYTES_MAX} are taken")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The key is another device's.
    #[error("the statement names device {named}, but the key is that of {key}")]
    OtherDevice {
        /// The device that the statement names.
        named: DeviceId,
        /// The device whose key was given.
        key: DeviceId,
    },
    /// The signature does not hold over these bytes under this key.
    #[error("the signature does not hold")]
    BadSignature,
}

/// A statement whose signature was not looked at yet. It says which key to look for, and gives away nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    statement: Statement,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

/// A statement whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// SHA-256 of its bytes.
    pub id: StatementId,
    /// Who, about what, when, after what.
    pub claims: Claims,
    /// What it says.
    pub body: Body,
}

impl Unverified {
    /// Reads a statement strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLong { bytes: bytes.len() });
        }
        let malformed = |part| move |reason| StatementError::Malformed { part, reason };

        let envelope = read_envelope(bytes).map_err(malformed("envelope"))?;
        let claimed = read_header(&envelope).map_err(malformed("protected header"))?;
        let payload = envelope.payload.as_deref().unwrap_or_default();
        let mut fields = cbor::read(payload).and_then(Fields::of).map_err(malformed("payload"))?;
        let (sequence, previous) = read_chain(&mut fields).map_err(malformed("chain"))?;
        let body = Body::read(&claimed.content_type, &mut fields)
            .ok_or(StatementError::Unsupported)?
            .map_err(malformed("body"))?;
        fields.end().map_err(malformed("body"))?;

        let Claimed { device, subject, sealed_at_s, .. } = claimed;
        Ok(Self {
            statement: Statement {
                id: StatementId::of(bytes),
                claims: Claims { device, subject, sealed_at_s, sequence, previous },
                body,
            },
            signed: envelope.tbs_data(&[]),
            signature: envelope.signature,
        })
    }

    /// The device that the statement says it is from.
    pub fn device(&self) -> DeviceId {
        self.statement.claims.device
    }

    /// The statement's name.
    pub fn id(&self) -> StatementId {
        self.statement.id
    }

    /// The statement, if `key` is the named device's and the signature holds.
    pub fn verify(self, key: &PublicKey) -> Result<Statement, StatementError> {
        let (named, of_key) = (self.device(), key.device_id());
        if named != of_key {
            return Err(StatementError::OtherDevice { named, key: of_key });
        }
        if key.verify_message(&self.signed, &self.signature) {
            Ok(self.statement)
        } else {
            Err(StatementError::BadSignature)
        }
    }
}

fn read_envelope(bytes: &[u8]) -> Result<CoseSign1, Fault> {
    cbor::read(bytes)?;
    let envelope =
        CoseSign1::from_tagged_slice(bytes).map_err(|_| "not a tagged COSE_Sign1 of four fitting parts")?;
    if !envelope.unprotected.is_empty() {
        return Err("something in the unprotected header");
    }
    if envelope.payload.is_none() {
        return Err("no payload");
    }
    Ok(envelope)
}

/// What the protected header claims.
struct Claimed {
    content_type: String,
    device: DeviceId,
    subject: Subject,
    sealed_at_s: i64,
}

fn read_header(envelope: &CoseSign1) -> Result<Claimed, Fault> {
    let found = &envelope.protected.header;
    let Some(ContentType::Text(content_type)) = &found.content_type else {
        return Err("no content type");
    };
    let claims = found.rest.iter().find(|(label, _)| *label == Label::Int(CWT_CLAIMS));
    let (_, claims) = claims.ok_or("no CWT claims")?;
    let mut claims = Fields::of(claims.clone())?;
    let device: DeviceId = cbor::text(claims.required(1)?, 100)?
        .strip_prefix(ISSUER_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("an issuer that is not a device")?;
    let subject: Subject = cbor::text(claims.required(2)?, 200)?.parse()?;
    let sealed_at_s = cbor::signed(&claims.required(6)?)?;
    // What we would have written with these claims is all that may stand there: no other algorithm or key id, no
    // further parameter, no other encoding.
    let ours = header(content_type, device, &subject, sealed_at_s);
    if envelope.protected.original_data.as_deref() != ours.to_vec().ok().as_deref() {
        return Err("another algorithm, key id or parameter than belongs here");
    }
    Ok(Claimed { content_type: content_type.clone(), device, subject, sealed_at_s })
}

fn read_chain(fields: &mut Fields) -> Result<(u64, Option<StatementId>), Fault> {
    let sequence = cbor::unsigned(&fields.required(1)?)?;
    let previous = match fields.required(2)? {
        Value::Null => None,
        hash => Some(StatementId(cbor::hash(hash)?)),
    };
    match (sequence, previous) {
        (0, _) => Err("a sequence that starts below 1"),
        (1, Some(_)) => Err("a first statement with one before it"),
        (2.., None) => Err("a later statement with none before it"),
        chain => Ok(chain),
    }
}
