//! Writes a bundle, one item at a time.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::{BUNDLE_BYTES_MAX, BundleError, END, ITEMS_MAX, Item, Kind, name};
use crate::cbor;
use crate::statement::Namespace;

/// Writes a bundle item by item, with one item in memory at a time.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    namespace: Namespace,
    digest: Sha256,
    last: Option<(Kind, [u8; 32])>,
    items: u64,
    bytes: u64,
}

impl<W: Write> Writer<W> {
    /// Starts a bundle of the real count.
    pub fn new(out: W) -> Result<Self, BundleError> {
        Self::of(Namespace::Real, out)
    }

    /// Starts a bundle of a namespace.
    pub fn of(namespace: Namespace, out: W) -> Result<Self, BundleError> {
        let mut writer = Self { out, namespace, digest: Sha256::new(), last: None, items: 0, bytes: 0 };
        writer.push(name(namespace))?;
        Ok(writer)
    }

    /// Adds an item. Items must be sorted by [`Item::order`] and unique, and statements of the namespace.
    pub fn add(&mut self, item: &Item) -> Result<(), BundleError> {
        let order = item.order();
        let position = self.items + 1;
        if self.last.is_some_and(|last| last >= order) {
            return Err(BundleError::Item { position, reason: "it is a duplicate, or out of order" });
        }
        if item.namespace().is_some_and(|found| found != self.namespace) {
            let reason = "a statement of another namespace than the bundle's";
            return Err(BundleError::Item { position, reason });
        }
        let content = item.content();
        if content.len() > item.kind().bytes_max() {
            return Err(BundleError::Item { position, reason: "it exceeds the maximum length of its kind" });
        }
        if position > ITEMS_MAX || self.bytes + content.len() as u64 > BUNDLE_BYTES_MAX - 1024 {
            return Err(BundleError::TooLarge);
        }
        self.push(&head(item.kind().number(), content.len()))?;
        self.push(&content)?;
        self.last = Some(order);
        self.items = position;
        Ok(())
    }

    /// Ends the bundle.
    pub fn finish(mut self) -> Result<W, BundleError> {
        let end = end(self.items, &self.digest);
        self.out.write_all(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.out.write_all(bytes)?)
    }
}

/// Writes a bundle of items in any order. Duplicates are written once. It is of the statements' namespace,
/// and of the real count without any.
pub fn write<W: Write>(items: Vec<Item>, out: W) -> Result<W, BundleError> {
    let namespace = items.iter().find_map(Item::namespace).unwrap_or(Namespace::Real);
    write_of(namespace, items, out)
}

/// The same for a namespace.
pub fn write_of<W: Write>(namespace: Namespace, mut items: Vec<Item>, out: W) -> Result<W, BundleError> {
    items.sort_by_cached_key(Item::order);
    items.dedup();
    let mut writer = Writer::of(namespace, out)?;
    items.iter().try_for_each(|item| writer.add(item))?;
    writer.finish()
}

/// The bytes before the content of an item: an array of two, the kind, and the length of the byte string.
fn head(kind: u8, length: usize) -> Vec<u8> {
    let mut head = vec![0x82, kind];
    cbor::push_head(&mut head, 2, length as u64);
    head
}

/// The last item: the number of items and the hash of all bytes before it.
pub(super) fn end(items: u64, digest: &Sha256) -> Vec<u8> {
    let mut content = vec![0x82];
    cbor::push_head(&mut content, 0, items);
    cbor::push_bytes(&mut content, &digest.clone().finalize());
    let mut end = head(END, content.len());
    end.extend(content);
    end
}
