//! COSE_Sign1 (RFC 9052 §4.2) as statements and rotations use it: one kind of protected header with CWT
//! claims (RFC 9597), nothing unprotected, a payload, an Ed25519 signature.

use coset::cbor::value::Value;
use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};

use crate::cbor::{self, DecodeError, Reader};

/// The tag of a COSE_Sign1.
pub(crate) const TAG: u64 = 18;
/// EdDSA in the registry of COSE algorithms.
pub(crate) const EDDSA: i64 = -8;
/// CWT claims in a COSE header.
pub(crate) const CWT_CLAIMS: i64 = 15;
/// Maximum length of a text in a header, in bytes.
pub(crate) const HEADER_TEXT_BYTES_MAX: usize = 200;

/// The protected header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) content_type: &'a str,
    pub(crate) key_id: &'a [u8],
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) issued_at_s: i64,
}

impl<'a> Head<'a> {
    fn read(protected: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(protected);
        let mut fields = reader.map()?;
        if fields.required(1)?.signed()? != EDDSA {
            return Err("another algorithm than EdDSA");
        }
        let content_type = fields.required(3)?.text(HEADER_TEXT_BYTES_MAX)?;
        let key_id = fields.required(4)?.bytes(64)?;
        let mut claims = fields.required(CWT_CLAIMS)?.map()?;
        let issuer = claims.required(1)?.text(HEADER_TEXT_BYTES_MAX)?;
        let subject = claims.required(2)?.text(HEADER_TEXT_BYTES_MAX)?;
        let issued_at_s = claims.required(6)?.signed()?;
        claims.end()?;
        fields.end()?;
        reader.end()?;
        Ok(Self { content_type, key_id, issuer, subject, issued_at_s })
    }
}

/// The parts of a COSE_Sign1. Its signature is not verified.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope<'a> {
    protected: &'a [u8],
    pub(crate) payload: &'a [u8],
    pub(crate) signature: &'a [u8; 64],
}

impl<'a> Envelope<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.tag(TAG)?;
        reader.array_of(4)?;
        let protected = reader.bytes(usize::MAX)?;
        reader.map()?.end().map_err(|_| "something in the unprotected header")?;
        let payload = reader.bytes(usize::MAX)?;
        let signature = signature(&mut reader)?;
        reader.end()?;
        Ok(Self { protected, payload, signature })
    }

    pub(crate) fn head(&self) -> Result<Head<'a>, DecodeError> {
        Head::read(self.protected)
    }

    /// The bytes that are signed, with the external data of their context.
    pub(crate) fn signed(&self, external: &[u8]) -> Vec<u8> {
        cbor::sig_structure(self.protected, external, self.payload)
    }
}

/// The signature at the end of an envelope.
pub(crate) fn signature<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8; 64], DecodeError> {
    reader.bytes(64)?.try_into().map_err(|_| "a signature that is not 64 bytes long")
}

/// Signs a payload under a header, with external data.
pub(crate) fn seal(
    head: Head<'_>,
    payload: Vec<u8>,
    external: &[u8],
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<Vec<u8>, DecodeError> {
    let claims = cbor::map([
        (1, Value::from(head.issuer)),
        (2, Value::from(head.subject)),
        (6, Value::from(head.issued_at_s)),
    ]);
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(head.content_type.to_owned())
        .key_id(head.key_id.to_vec())
        .value(CWT_CLAIMS, claims)
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .create_signature(external, |message| sign(message).to_vec())
        .build()
        .to_tagged_vec()
        .map_err(|_| "it cannot be encoded")
}
