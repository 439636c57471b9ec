//! The invariants that hold after every night.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use device::{Device, LifeState};
use evidence::bundle::{Item, Reader};
use evidence::{Body, LogPublicKey, PhotoHash, PublicKey, Receipt, Statement, StatementId, Unverified};
use protocol::Decision;
use sha2::{Digest as _, Sha256};

use super::network::SimNetwork;
use super::witness::Witness;

/// Maximum number of bytes sent for a photo, as a multiple of its size. Pieces that arrive twice count twice,
/// and two devices may have the same photo.
const PHOTO_TIMES_MAX: u64 = 4;

/// Compares one device with the endpoint. Gives the number of statements that it sealed.
pub(super) fn hold(network: &SimNetwork, witness: &Witness) -> Result<usize> {
    let device = witness.device()?;
    let outbox = device.app()?.witness.map(|witness| witness.outbox);
    ensure!(witness.is_idle()?, "{}: something is still waiting: {outbox:?}", witness.station);
    let exported = Exported::of(device)?;
    for id in &witness.journal {
        let exists = exported.statements.contains_key(id);
        ensure!(exists, "the device reported {id} as sealed and no longer has it");
    }
    let arrived = arrived_statements(network, witness, &exported)?;
    for (id, bytes) in &exported.statements {
        ensure!(arrived.contains_key(id), "{id} was sealed and did not arrive");
        let receipt = exported.receipts.get(id).with_context(|| format!("{id} has no receipt"))?;
        Receipt::parse(receipt)?.verify(&exported.log_key, bytes).context("verifying a receipt")?;
    }
    chain_is_complete(arrived.values())?;
    photos_arrived(network, witness, arrived.values())?;
    requested_originals_arrived(network, witness, arrived.values())?;
    the_last_verdict_arrived(network, witness)?;
    Ok(exported.statements.len())
}

/// The content of a device's bundle.
struct Exported {
    statements: BTreeMap<StatementId, Vec<u8>>,
    receipts: BTreeMap<StatementId, Vec<u8>>,
    key: PublicKey,
    log_key: LogPublicKey,
}

impl Exported {
    fn of(device: &Device) -> Result<Self> {
        let bundle = device.export_bundle().context("exporting everything that was sealed")?;
        let (mut statements, mut receipts, mut key, mut log_key) =
            (BTreeMap::new(), BTreeMap::new(), None, None);
        for item in Reader::new(bundle.bytes.as_slice())? {
            match item? {
                Item::Statement(bytes) => _ = statements.insert(StatementId::of(&bytes), bytes),
                Item::Receipt(bytes) => _ = receipts.insert(Receipt::parse(&bytes)?.statement(), bytes),
                Item::DeviceKey(found) => key = Some(found),
                Item::LogKey(found) => log_key = Some(found),
                _ => {}
            }
        }
        Ok(Self {
            statements,
            receipts,
            key: key.context("the bundle has the device's key")?,
            log_key: log_key.context("the bundle has the log's key")?,
        })
    }
}

/// The device's statements at the endpoint: the same bytes, in the log, and beyond suspicion.
fn arrived_statements(
    network: &SimNetwork,
    witness: &Witness,
    exported: &Exported,
) -> Result<BTreeMap<StatementId, Statement>> {
    let stored = network.endpoint().store().statements_about(&witness.station)?;
    stored
        .into_iter()
        .filter(|stored| stored.key == exported.key)
        .map(|stored| {
            ensure!(!stored.forks, "the endpoint reports a fork of an honest device");
            ensure!(!stored.quarantined, "the endpoint quarantined an honest device");
            ensure!(stored.log_index.is_some(), "a statement is not in the log");
            let statement = Unverified::parse(&stored.bytes)?.verify(&exported.key)?;
            let sealed = exported.statements.get(&statement.id);
            ensure!(sealed == Some(&stored.bytes), "the endpoint has other bytes");
            Ok((statement.id, statement))
        })
        .collect()
}

/// Every receipt is verified and every verdict was delivered, so the newest tally shows its last verdict.
fn the_last_verdict_arrived(network: &SimNetwork, witness: &Witness) -> Result<()> {
    let tally = witness.tally()?;
    let verdicts = network.endpoint().store().verdicts_about(&witness.station)?;
    let last = verdicts.iter().rfind(|verdict| Some(verdict.statement.to_string()) == tally.statement);
    let expected = match last.map(|verdict| verdict.decision) {
        Some(Decision::Verified) => LifeState::Verified,
        Some(Decision::Disputed) => LifeState::Disputed,
        Some(Decision::Withdrawn) | None => LifeState::Receipted,
    };
    let state = tally.life.state;
    let is_draft = state == LifeState::Draft;
    ensure!(is_draft || state == expected, "the newest tally is {state:?} and not {expected:?}");
    Ok(())
}

fn chain_is_complete<'a>(statements: impl Iterator<Item = &'a Statement>) -> Result<()> {
    let mut chain: Vec<&Statement> = statements.collect();
    chain.sort_by_key(|statement| statement.claims.sequence);
    let mut previous = None;
    for (number, statement) in (1..).zip(&chain) {
        ensure!(statement.claims.sequence == number, "the chain has a gap at {number}");
        ensure!(statement.claims.previous == previous, "statement {number} does not name the one before it");
        previous = Some(statement.id);
    }
    Ok(())
}

fn photos_arrived<'a>(
    network: &SimNetwork,
    witness: &Witness,
    statements: impl Iterator<Item = &'a Statement>,
) -> Result<()> {
    let mut seen: BTreeSet<PhotoHash> = BTreeSet::new();
    for statement in statements {
        let Body::Photo(photo) = &statement.body else { continue };
        let hash = photo.derivative;
        if !seen.insert(hash) {
            continue;
        }
        let file = network.folder().join(format!("endpoint/photos/whole/{:02x}/{hash}", hash.0[0]));
        let arrived = std::fs::read(&file).with_context(|| format!("photo {hash} did not arrive"))?;
        ensure!(arrived == witness.device()?.photo(hash)?, "photo {hash} arrived with other bytes");
        let sent = network.photo_bytes(hash);
        ensure!(
            sent <= PHOTO_TIMES_MAX * photo.derivative_bytes,
            "{sent} bytes were sent for photo {hash} of {} bytes: an upload does not continue where it stopped",
            photo.derivative_bytes
        );
    }
    Ok(())
}

/// The endpoint has every requested original as the camera wrote it, and no other original.
fn requested_originals_arrived<'a>(
    network: &SimNetwork,
    witness: &Witness,
    statements: impl Iterator<Item = &'a Statement>,
) -> Result<()> {
    let endpoint = network.endpoint();
    let wanted = endpoint.store().requested_originals(&witness.station)?;
    // Two witnesses may have the same photo.
    let mut anywhere = BTreeSet::new();
    for station in endpoint.election().stations() {
        anywhere.extend(endpoint.store().requested_originals(&station)?);
    }
    for statement in statements {
        let Body::Photo(photo) = &statement.body else { continue };
        let hash = photo.original;
        let file = network.folder().join(format!("endpoint/photos/whole/{:02x}/{hash}", hash.0[0]));
        ensure!(file.exists() || !wanted.contains(&hash), "original {hash} was requested and did not arrive");
        ensure!(
            !file.exists() || anywhere.contains(&hash),
            "original {hash} arrived, and nobody requested it"
        );
        if file.exists() {
            let arrived = std::fs::read(&file)?;
            ensure!(
                <[u8; 32]>::from(Sha256::digest(&arrived)) == hash.0,
                "original {hash} arrived with other bytes"
            );
        }
    }
    Ok(())
}

/// The log holds every statement once, and nothing else.
pub(super) fn log_is_complete(network: &SimNetwork, sealed: usize) -> Result<()> {
    let endpoint = network.endpoint();
    let mut indices = BTreeSet::new();
    for station in endpoint.election().stations() {
        for stored in endpoint.store().statements_about(&station)? {
            let index = stored.log_index.context("a statement is not in the log")?;
            ensure!(indices.insert(index), "two statements have the index {index} in the log");
        }
    }
    ensure!(indices.len() == sealed, "{} statements are in the log, {sealed} were sealed", indices.len());
    ensure!(indices.iter().copied().eq(0..sealed as u64), "the log has holes");
    Ok(())
}
