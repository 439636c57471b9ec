//! What is asked of every reader, whatever bytes it is given. The fuzz targets and an ordinary test ask the
//! same.

use evidence::bundle::{self, BundleError, Item};
use evidence::{DeviceKey, Draft, Receipt, Statement, Unverified, UnverifiedCheckpoint, qr};

/// A statement that is read is the one that is written from what was read: there is no second encoding.
pub(crate) fn statement(bytes: &[u8]) {
    let Ok(unverified) = Unverified::parse(bytes) else { return };
    let Statement { claims, body, .. } = unverified.unproved().clone();
    let draft = Draft {
        subject: claims.subject,
        sealed_at_s: claims.sealed_at.signed_s(),
        sequence: claims.sequence,
        previous: claims.previous,
        body,
    };
    let key = DeviceKey::from_seed([1; 32]);
    let sealed = draft.seal(&key).expect("what was read can be sealed");
    // Another device signs here, so its name and its signature differ, and nothing else does.
    let (ours, theirs) = (key.public().device_id(), claims.device);
    let renamed = replaced(&sealed.bytes, &ours.0, &theirs.0);
    let renamed = replaced(&renamed, ours.to_string().as_bytes(), theirs.to_string().as_bytes());
    let signed = bytes.len() - 64;
    assert_eq!(renamed[..signed], bytes[..signed]);
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = bytes.to_vec();
    if let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
        replaced[at..at + to.len()].copy_from_slice(to);
    }
    replaced
}

/// A receipt that is read proves nothing about other bytes.
pub(crate) fn receipt(bytes: &[u8]) {
    let Ok(receipt) = Receipt::parse(bytes) else { return };
    let key = evidence::LogKey::from_seed([1; 32]).public();
    assert!(receipt.verify(&key, bytes).is_err());
}

/// A checkpoint that is read keeps its text.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(checkpoint) = UnverifiedCheckpoint::parse(text) else { return };
    assert_eq!(checkpoint.unproved().note(), text);
    assert!(checkpoint.unproved().is_spoken_as(&checkpoint.unproved().spoken()));
}

/// A bundle that is read to its end is the one that is written from what was read.
pub(crate) fn bundle(bytes: &[u8]) {
    let Ok(reader) = bundle::Reader::new(bytes) else { return };
    let namespace = reader.namespace();
    let Ok(items) = reader.collect::<Result<Vec<Item>, BundleError>>() else { return };
    let written = bundle::write_of(namespace, items, Vec::new());
    assert_eq!(written.expect("what was read can be written"), bytes);
}

/// A code that is read is the one that is written from what was read.
pub(crate) fn code(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(statement) = qr::statement(text) else { return };
    assert_eq!(qr::text(&statement).as_deref(), Ok(text));
}
