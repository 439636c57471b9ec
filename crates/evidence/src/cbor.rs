//! A subset of deterministic CBOR (RFC 8949 §4.2.1): integers, byte and text strings, null, arrays, and maps
//! with ascending integer keys. The reader refuses everything else.
//!
//! Writing uses the values of `coset`. Reading uses a cursor of our own: no crate refuses every
//! non-deterministic form while it borrows. The cursor accepts exactly the encoding that the writer produces,
//! and allocates nothing.

mod reader;

pub(crate) use reader::{Fields, Reader};

use coset::cbor::value::Value;

/// Why bytes cannot be decoded: another form of CBOR, or another shape. Errors of callers add the position.
pub(crate) type DecodeError = &'static str;

/// Writes one item. Maps must already be in order.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    // Writing into a Vec cannot fail, and encoding a Value has no other error.
    let _ = coset::cbor::ser::into_writer(value, &mut bytes);
    bytes
}

/// A map with its keys in the given order, which must be that of their encodings.
pub(crate) fn map(entries: impl IntoIterator<Item = (i64, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

/// Appends a byte string (RFC 8949 §3.1).
pub(crate) fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_head(out, 2, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a major type with its argument, in the shortest form.
pub(crate) fn push_head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let major = major << 5;
    let be = argument.to_be_bytes();
    match argument {
        0..24 => out.push(major | be[7]),
        24..0x100 => out.extend_from_slice(&[major | 24, be[7]]),
        0x100..0x1_0000 => out.extend_from_slice(&[major | 25, be[6], be[7]]),
        0x1_0000..0x1_0000_0000 => out.extend_from_slice(&[major | 26, be[4], be[5], be[6], be[7]]),
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&be);
        }
    }
}

/// The signed bytes of a COSE_Sign1: the Sig_structure of RFC 9052 §4.4.
pub(crate) fn sig_structure(protected: &[u8], external: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(protected.len() + external.len() + payload.len() + 24);
    bytes.extend_from_slice(b"\x84\x6aSignature1");
    push_bytes(&mut bytes, protected);
    push_bytes(&mut bytes, external);
    push_bytes(&mut bytes, payload);
    bytes
}
