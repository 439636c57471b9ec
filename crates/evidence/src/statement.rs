//! The statement: claims, chain and signature around a [`Body`].

mod context;
mod sealed_at;
mod subject;

pub use sealed_at::SealedAt;
pub use subject::{Namespace, OtherNamespace, Subject};

use context::Context;
use coset::cbor::value::Value;

use crate::STATEMENT_BYTES_MAX;
use crate::body::Body;
use crate::cbor::{self, DecodeError, Fields, Reader};
use crate::envelope::{self, Envelope, Head};
use crate::id::{DeviceId, StatementId};
use crate::key::{DeviceKey, PublicKey};

/// The claims of a statement: device, subject, time, position in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The device that signed (CWT `iss`: `urn:saksi:device:HEX`).
    pub device: DeviceId,
    /// The subject (CWT `sub`).
    pub subject: Subject,
    /// Time of sealing by the device's clock (CWT `iat`).
    pub sealed_at: SealedAt,
    /// Sequence number in the device's chain, from 1 to [`SEQUENCE_MAX`].
    pub sequence: u64,
    /// The device's statement before this one. `None` for its first.
    pub previous: Option<StatementId>,
}

/// A statement before sealing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub subject: Subject,
    /// Time of sealing by the device's clock, in seconds since 1970.
    pub sealed_at_s: i64,
    /// Sequence number in the device's chain, from 1 to [`SEQUENCE_MAX`].
    pub sequence: u64,
    /// The device's statement before this one.
    pub previous: Option<StatementId>,
    pub body: Body,
}

/// The bytes of a sealed statement, and their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the bytes.
    pub id: StatementId,
    /// The bytes. Store and send them unchanged.
    pub bytes: Vec<u8>,
}

impl Draft {
    /// Signs the statement. The same draft and key always give the same bytes. A draft that exceeds a limit
    /// or does not fit its chain is refused, because no reader would accept it.
    pub fn seal(&self, key: &DeviceKey) -> Result<Sealed, StatementError> {
        let device = key.public().device_id();
        let previous = self.previous.map_or(Value::Null, |id| Value::Bytes(id.0.to_vec()));
        let chain = [(1, Value::from(self.sequence)), (2, previous)];
        let payload = cbor::write(&cbor::map(chain.into_iter().chain(self.body.write())));
        let context = Context::of(self.subject.namespace, self.body.content_type());
        let head = Head {
            content_type: &context.content_type,
            key_id: &device.0,
            issuer: &format!("{ISSUER_PREFIX}{device}"),
            subject: &self.subject.to_string(),
            issued_at_s: self.sealed_at_s,
        };
        let bytes = envelope::seal(head, payload, context.data, |message| key.sign_message(message))
            .map_err(|reason| StatementError::Malformed { part: "envelope", reason })?;
        let id = Unverified::parse(&bytes)?.id();
        Ok(Sealed { id, bytes })
    }
}

/// Maximum sequence number of a statement. No device signs so many, and every program can count to it
/// exactly.
pub const SEQUENCE_MAX: u64 = 1 << 32;

const ISSUER_PREFIX: &str = "urn:saksi:device:";

/// Why bytes cannot be used as a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not the one encoding of a statement.
    #[error("cannot read the statement: {part}: {reason}")]
    Malformed { part: &'static str, reason: &'static str },
    /// This program does not know the kind or version. A newer one may.
    #[error("cannot read the statement: its kind or version is unknown")]
    Unsupported,
    /// Longer than [`STATEMENT_BYTES_MAX`].
    #[error("cannot use a statement of {bytes} bytes: the maximum is {STATEMENT_BYTES_MAX}")]
    TooLong { bytes: usize },
    /// The key is another device's.
    #[error("cannot verify the statement: it names device {named}, but the key is that of {key}")]
    OtherDevice {
        /// The device that the statement names.
        named: DeviceId,
        /// The device whose key was given.
        key: DeviceId,
    },
    /// The signature does not hold over these bytes under this key.
    #[error("cannot trust the statement: its signature does not hold")]
    BadSignature,
}

/// A statement whose signature is not verified yet. It names the device whose key is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    statement: Statement,
    signed: Vec<u8>,
    signature: [u8; 64],
}

/// A statement whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// SHA-256 of its bytes.
    pub id: StatementId,
    pub claims: Claims,
    pub body: Body,
}

impl Unverified {
    /// Reads a statement strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLong { bytes: bytes.len() });
        }
        let malformed = |part| move |reason| StatementError::Malformed { part, reason };

        let envelope = Envelope::read(bytes).map_err(malformed("envelope"))?;
        let head = envelope.head().map_err(malformed("protected header"))?;
        let (device, subject) = read_names(&head).map_err(malformed("protected header"))?;
        let mut payload = Reader::new(envelope.payload);
        let mut fields = payload.map().map_err(malformed("payload"))?;
        let (sequence, previous) = read_chain(&mut fields).map_err(malformed("chain"))?;
        let kind = Context::kind(head.content_type);
        let body =
            Body::read(&kind, &mut fields).ok_or(StatementError::Unsupported)?.map_err(malformed("body"))?;
        fields.end().and_then(|()| payload.end()).map_err(malformed("body"))?;
        let context = Context::of(subject.namespace, &kind);
        if matches!(body, Body::Drill(_)) && subject.namespace != Namespace::Drill {
            return Err(malformed("body")("the result of a drill in the real count"));
        }
        if context.content_type != head.content_type {
            return Err(malformed("protected header")(
                "a subject and a content type of different namespaces",
            ));
        }

        let claims =
            Claims { device, subject, sealed_at: SealedAt::new(head.issued_at_s), sequence, previous };
        Ok(Self {
            statement: Statement { id: StatementId::of(bytes), claims, body },
            signed: envelope.signed(context.data),
            signature: *envelope.signature,
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

    /// What the statement is about, as it says.
    pub fn subject(&self) -> &Subject {
        &self.statement.claims.subject
    }

    /// The statement, if it is of this namespace. A reader of one of the two asks for it first.
    pub fn in_namespace(self, namespace: Namespace) -> Result<Self, OtherNamespace> {
        namespace.expect(self.subject().namespace).map(|()| self)
    }

    /// The unverified content. Use it only to show it as such.
    pub fn unproved(&self) -> &Statement {
        &self.statement
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

fn read_names(head: &Head<'_>) -> Result<(DeviceId, Subject), DecodeError> {
    let device: DeviceId = head
        .issuer
        .strip_prefix(ISSUER_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("an issuer that is not a device")?;
    if head.key_id != device.0 {
        return Err("a key id that is not the device's");
    }
    Ok((device, head.subject.parse()?))
}

fn read_chain(fields: &mut Fields<'_, '_>) -> Result<(u64, Option<StatementId>), DecodeError> {
    let sequence = fields.required(1)?.unsigned()?;
    let previous = fields.required(2)?;
    let previous = if previous.null() { None } else { Some(StatementId(previous.hash()?)) };
    match (sequence, previous) {
        (0, _) => Err("a sequence that starts below 1"),
        (over, _) if over > SEQUENCE_MAX => Err("a sequence above the maximum"),
        (1, Some(_)) => Err("a first statement with one before it"),
        (2.., None) => Err("a later statement with none before it"),
        chain => Ok(chain),
    }
}
