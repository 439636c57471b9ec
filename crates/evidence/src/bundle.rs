//! Bundles: one file that carries statements, photos and proofs where there is no network.
//!
//! A bundle is a CBOR sequence (RFC 8742): a name with the version, items, an end. Items stand in one order, by kind
//! and then by the hash of what they hold, so that the same things always give the same bytes and nothing is there
//! twice. The end counts the items and hashes everything before it, so that a damaged or shortened file is seen.
//! There is no compression, there are no paths, and no length is believed before its bytes have come.
//!
//! A bundle proves nothing itself. What it carries is signed or named by its hash, and whoever takes it in verifies
//! that; a carrier can leave things out, and change none.

mod item;
mod reader;
mod writer;

pub use item::{Consistency, Item, Kind};
pub use reader::{Reader, Summary, check};
pub use writer::{Writer, write};

use std::io;

/// Most items of a bundle.
pub const ITEMS_MAX: u64 = 500_000;
/// Longest bundle, in bytes.
pub const BUNDLE_BYTES_MAX: u64 = 4 << 30;
/// Longest photo in a bundle, in bytes.
pub const PHOTO_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The first item: a text that names the format and its version.
const NAME: &[u8] = b"\x6fsaksi-bundle-v1";
/// The kind of the last item.
const END: u8 = 0;

/// Why a bundle is not taken, or not written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file could not be read or written.
    #[error("the bundle could not be read or written: {0}")]
    Io(#[from] io::Error),
    /// It does not begin like a bundle of this version.
    #[error("this is not a bundle of version 1")]
    NotABundle,
    /// It stops in the middle.
    #[error("the bundle is cut short after {items} items")]
    CutShort {
        /// How many whole items there were.
        items: u64,
    },
    /// Something follows the end.
    #[error("something follows the end of the bundle")]
    Trailing,
    /// The hash or the count at the end is of other bytes.
    #[error("the bundle is damaged: its end does not fit what stands before it")]
    Damaged,
    /// There is more in it than a bundle may hold.
    #[error("the bundle is too large: at most {ITEMS_MAX} items and {BUNDLE_BYTES_MAX} bytes are taken")]
    TooLarge,
    /// An item that does not belong there, counted from 1.
    #[error("item {position} of the bundle: {reason}")]
    Item {
        /// Its place.
        position: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
}
