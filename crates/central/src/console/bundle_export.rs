//! A station's evidence as one bundle: for a lawyer, a court, or anybody who checks it without this endpoint.

use std::collections::BTreeSet;
use std::io::Write;

use evidence::bundle::{BundleError, Item, Writer};
use evidence::{Body, PhotoHash, Unverified};
use protocol::ReceiptsRequest;
use tally::StationId;

use crate::endpoint::Inner;
use crate::refusal::Refusal;

impl Inner {
    /// Writes all that was received about a station, with keys, receipts, the newest checkpoint, and the photos that are
    /// here. The same state of the endpoint gives the same bundle but for the receipts' time.
    pub(crate) fn export(&self, station: &StationId, out: impl Write) -> Result<(), Refusal> {
        let mut items = Vec::new();
        for known in self.store.log_keys()? {
            items.push(Item::LogKey(known.key));
            items.extend(known.rotation.map(|rotation| Item::Rotation(Box::new(rotation))));
        }
        let mut photos: BTreeSet<PhotoHash> = BTreeSet::new();
        let mut statements = Vec::new();
        for kept in self.store.statements_about(station)? {
            let unverified = Unverified::parse(&kept.bytes)
                .map_err(|error| Refusal::fault("reading a kept statement", &error))?;
            statements.push(unverified.id());
            if let Body::Photo(photo) = &unverified.unproved().body {
                photos.insert(photo.derivative);
            }
            items.push(Item::DeviceKey(kept.key));
            items.push(Item::Statement(kept.bytes));
        }
        let proved = self.receipts(&ReceiptsRequest { statements, seen_size: 0 })?;
        items.push(Item::Checkpoint(proved.checkpoint));
        items.extend(proved.receipts.into_iter().flatten().map(|receipt| Item::Receipt(receipt.into_vec())));
        items.sort_by_cached_key(Item::order);
        items.dedup();

        let fault = |error: BundleError| Refusal::fault("writing a bundle", &error);
        let mut bundle = Writer::new(out).map_err(fault)?;
        items.iter().try_for_each(|item| bundle.add(item)).map_err(fault)?;
        // Photos stand last and in the order of their names, so that one at a time is enough.
        for hash in photos {
            if let Some(bytes) = self.photos.read(hash)? {
                bundle.add(&Item::Photo(bytes)).map_err(fault)?;
            }
        }
        bundle.finish().map_err(fault)?;
        Ok(())
    }
}
