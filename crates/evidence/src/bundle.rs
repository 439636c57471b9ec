//! Bundles: one file with statements, photos and proofs, for places without a network.
//!
//! A bundle is a CBOR sequence (RFC 8742): a name with the version, items, an end. Items are sorted by kind,
//! then by the hash of their content. So the same items always give the same bytes, and no item is there
//! twice. The end has the number of items and the hash of all bytes before it, which detects damaged and
//! truncated files. There is no compression, there are no paths, and memory is allocated only for bytes that
//! have arrived.
//!
//! A bundle is of the real count or of a drill. Its name says which, and it has statements of that namespace
//! only. So a program of the real count refuses a drill's bundle at its first bytes.
//!
//! A bundle proves nothing by itself. Its items are signed or named by their hashes, and the receiver
//! verifies that. A carrier can omit items and cannot change any.

mod item;
mod reader;
mod verdict;
mod writer;

pub use item::{Consistency, Item, Kind};
pub use reader::{Reader, Summary, check, check_of};
pub use verdict::VerdictRecord;
pub use writer::{Writer, write, write_of};

use std::io;

use crate::statement::{Namespace, OtherNamespace};

/// Maximum number of items of a bundle.
pub const ITEMS_MAX: u64 = 500_000;
/// Maximum length of a bundle, in bytes.
pub const BUNDLE_BYTES_MAX: u64 = 4 << 30;
/// Maximum length of a photo in a bundle, in bytes.
pub const PHOTO_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The first item: a text that names the format, its version, and a drill.
fn name(namespace: Namespace) -> &'static [u8] {
    match namespace {
        Namespace::Real => b"\x6fsaksi-bundle-v1",
        Namespace::Drill => b"\x75saksi-drill-bundle-v1",
    }
}

/// The kind of the last item.
const END: u8 = 0;

/// Why a bundle cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file could not be read or written.
    #[error("cannot read or write the bundle")]
    Io(#[from] io::Error),
    /// It does not begin like a bundle of this version.
    #[error("cannot read the file as a bundle of version 1")]
    NotABundle,
    /// It is of a drill where the real count reads, or the reverse.
    #[error(transparent)]
    OtherNamespace(#[from] OtherNamespace),
    /// It stops in the middle.
    #[error("cannot read the bundle: it is cut short after {items} items")]
    CutShort {
        /// Number of complete items.
        items: u64,
    },
    /// Something follows the end.
    #[error("cannot read the bundle: something follows its end")]
    Trailing,
    /// The hash or the count at the end does not match the bytes before it.
    #[error("cannot read the bundle: it is damaged, its end does not match the bytes before it")]
    Damaged,
    /// It exceeds [`ITEMS_MAX`] or [`BUNDLE_BYTES_MAX`].
    #[error("cannot use the bundle: it has more than {ITEMS_MAX} items or {BUNDLE_BYTES_MAX} bytes")]
    TooLarge,
    /// An item is wrong.
    #[error("cannot use item {position} of the bundle: {reason}")]
    Item {
        /// Its number, from 1.
        position: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
}
