//! The evidence of a station as one bundle, for a lawyer, a court, or anybody who verifies it without this
//! endpoint.

use std::collections::BTreeSet;
use std::io::Write;

use evidence::bundle::{BundleError, Item, VerdictRecord, Writer};
use evidence::{Body, PhotoHash, Unverified, VerdictDecision};
use protocol::Decision;
use tally::StationId;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::StoredVerdict;

impl Endpoint {
    /// Writes all that was received about a station, with keys, receipts, the newest checkpoint, and the
    /// complete photos. The same state of the endpoint gives the same bytes.
    pub(crate) fn export(&self, station: &StationId, out: impl Write) -> Result<(), Refusal> {
        let mut items = self.log_key_items()?;
        let mut photos: BTreeSet<PhotoHash> = BTreeSet::new();
        let mut statements = Vec::new();
        for stored in self.store().statements_about(station)? {
            let unverified = Unverified::parse(&stored.bytes)
                .map_err(|error| Refusal::internal("reading a stored statement", &error))?;
            statements.push(unverified.id());
            if let Body::Photo(photo) = &unverified.unproved().body {
                photos.insert(photo.derivative);
            }
            items.push(Item::DeviceKey(stored.key));
            items.push(Item::Statement(stored.bytes));
        }
        for verdict in self.store().verdicts_about(station)? {
            items.push(Item::Verdict(verdict_record(verdict)));
        }
        let proofs = self.receipts_of_state(statements)?;
        items.push(Item::Checkpoint(proofs.checkpoint));
        items.extend(proofs.receipts.into_iter().flatten().map(|receipt| Item::Receipt(receipt.into_vec())));
        items.sort_by_cached_key(Item::order);
        items.dedup();
        self.write_bundle(&items, photos, out)
    }

    pub(crate) fn log_key_items(&self) -> Result<Vec<Item>, Refusal> {
        let mut items = Vec::new();
        for known in self.store().log_keys()? {
            items.push(Item::LogKey(known.key));
            items.extend(known.rotation.map(|rotation| Item::Rotation(Box::new(rotation))));
        }
        Ok(items)
    }

    /// Photos come last and in the order of their hashes, so that one of them at a time is in memory.
    pub(crate) fn write_bundle(
        &self,
        items: &[Item],
        photos: BTreeSet<PhotoHash>,
        out: impl Write,
    ) -> Result<(), Refusal> {
        let failed = |error: BundleError| Refusal::internal("writing a bundle", &error);
        let mut bundle = Writer::of(self.package().namespace(), out).map_err(failed)?;
        items.iter().try_for_each(|item| bundle.add(item)).map_err(failed)?;
        for hash in photos {
            if let Some(bytes) = self.photos().read(hash)? {
                bundle.add(&Item::Photo(bytes)).map_err(failed)?;
            }
        }
        bundle.finish().map_err(failed)?;
        Ok(())
    }
}

/// What the endpoint says was decided. What was signed beside it shows whether that is so.
fn verdict_record(verdict: StoredVerdict) -> VerdictRecord {
    VerdictRecord {
        number: verdict.number,
        about: verdict.statement,
        decision: match verdict.decision {
            Decision::Verified => VerdictDecision::Verified,
            Decision::Disputed => VerdictDecision::Disputed,
            Decision::Withdrawn => VerdictDecision::Withdrawn,
        },
        reason: verdict.reason,
        reviewer: verdict.reviewer,
        signed: verdict.signed,
    }
}
