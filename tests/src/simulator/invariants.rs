//! What must hold after every night.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use device::LifeState;
use evidence::bundle::{Item, Reader};
use evidence::{Body, PhotoHash, PublicKey, Receipt, Statement, StatementId, Unverified};

use protocol::Decision;
use sha2::{Digest as _, Sha256};

use super::hub::Hub;
use super::witness::Witness;

/// A photo reaches the endpoint with at most so many times its bytes: pieces that arrive twice count twice, and two
/// devices may have the same one.
const PHOTO_TIMES_MAX: u64 = 4;

/// Looks at one device and at what the endpoint has of it; gives how many statements it sealed.
pub(super) fn hold(hub: &Hub, witness: &Witness) -> Result<usize> {
    let device = witness.device()?;
    let outbox = device.app()?.witness.map(|witness| witness.outbox);
    ensure!(witness.is_quiet()?, "{}: something still waits: {outbox:?}", witness.station);
    let bundle = device.export_bundle().context("everything that was sealed is whole")?;
    let (mut own, mut receipts, mut keys, mut log_key) = (BTreeMap::new(), BTreeMap::new(), None, None);
    for item in Reader::new(bundle.bytes.as_slice())? {
        match item? {
            Item::Statement(bytes) => _ = own.insert(StatementId::of(&bytes), bytes),
            Item::Receipt(bytes) => _ = receipts.insert(Receipt::parse(&bytes)?.statement(), bytes),
            Item::DeviceKey(key) => keys = Some(key),
            Item::LogKey(key) => log_key = Some(key),
            _ => {}
        }
    }
    let key: PublicKey = keys.context("the bundle has the device's key")?;
    let log_key = log_key.context("the bundle has the log's key")?;

    for id in &witness.journal {
        ensure!(own.contains_key(id), "{id} was said to be sealed, and the device no longer has it");
    }
    let endpoint = hub.endpoint();
    let there: BTreeMap<StatementId, Statement> = endpoint
        .store()
        .statements_about(&witness.station)?
        .into_iter()
        .filter(|kept| kept.key == key)
        .map(|kept| {
            ensure!(!kept.forks, "the endpoint sees a fork of an honest device");
            ensure!(!kept.quarantined, "the endpoint keeps an honest device apart");
            ensure!(kept.log_index.is_some(), "a statement is not in the log");
            let statement = Unverified::parse(&kept.bytes)?.verify(&key)?;
            ensure!(own.get(&statement.id) == Some(&kept.bytes), "the endpoint has other bytes");
            Ok((statement.id, statement))
        })
        .collect::<Result<_>>()?;
    for (id, bytes) in &own {
        ensure!(there.contains_key(id), "{id} was sealed and is not at the endpoint");
        let receipt = receipts.get(id).with_context(|| format!("{id} has no receipt"))?;
        Receipt::parse(receipt)?.verify(&log_key, bytes).context("a receipt does not hold")?;
    }
    chain_is_whole(there.values())?;
    photos_are_there(hub, witness, there.values())?;
    originals_are_there(hub, witness, there.values())?;
    let tally = witness.tally()?;
    let verdicts = endpoint.store().verdicts_about(&witness.station)?;
    let last = verdicts.iter().rfind(|given| Some(given.statement.to_string()) == tally.statement);
    let expected = match last.map(|given| given.decision) {
        Some(Decision::Verified) => LifeState::Verified,
        Some(Decision::Disputed) => LifeState::Disputed,
        Some(Decision::Withdrawn) | None => LifeState::Receipted,
    };
    ensure!(
        tally.life.state == LifeState::Draft || tally.life.state == expected,
        "the newest tally is {:?} and should be {expected:?}, as all is proved and every verdict was heard",
        tally.life.state
    );
    Ok(own.len())
}

fn chain_is_whole<'a>(statements: impl Iterator<Item = &'a Statement>) -> Result<()> {
    let mut chain: Vec<&Statement> = statements.collect();
    chain.sort_by_key(|statement| statement.claims.sequence);
    let mut previous = None;
    for (place, statement) in chain.iter().enumerate() {
        ensure!(statement.claims.sequence == place as u64 + 1, "the chain has a gap at {}", place + 1);
        ensure!(
            statement.claims.previous == previous,
            "statement {} does not name the one before it",
            place + 1
        );
        previous = Some(statement.id);
    }
    Ok(())
}

fn photos_are_there<'a>(
    hub: &Hub,
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
        let file = hub.folder().join(format!("endpoint/photos/whole/{:02x}/{hash}", hash.0[0]));
        let arrived = std::fs::read(&file).with_context(|| format!("photo {hash} is not at the endpoint"))?;
        ensure!(arrived == witness.device()?.photo(hash)?, "photo {hash} arrived otherwise than it was sent");
        let sent = hub.photo_bytes(hash);
        ensure!(
            sent <= PHOTO_TIMES_MAX * photo.derivative_bytes,
            "photo {hash} of {} bytes was sent with {sent}: it does not go on where it stopped",
            photo.derivative_bytes
        );
    }
    Ok(())
}

/// Every original that was asked for, and no other, is at the endpoint as the camera wrote it.
fn originals_are_there<'a>(
    hub: &Hub,
    witness: &Witness,
    statements: impl Iterator<Item = &'a Statement>,
) -> Result<()> {
    let endpoint = hub.endpoint();
    let wanted = endpoint.store().originals_wanted_at(&witness.station)?;
    // Two witnesses may have the same picture.
    let mut anywhere = BTreeSet::new();
    for station in endpoint.election().stations() {
        anywhere.extend(endpoint.store().originals_wanted_at(&station)?);
    }
    for statement in statements {
        let Body::Photo(photo) = &statement.body else { continue };
        let hash = photo.original;
        let file = hub.folder().join(format!("endpoint/photos/whole/{:02x}/{hash}", hash.0[0]));
        ensure!(file.exists() || !wanted.contains(&hash), "original {hash} was asked for and is not there");
        ensure!(
            !file.exists() || anywhere.contains(&hash),
            "original {hash} is there, and nobody asked for it"
        );
        if file.exists() {
            let arrived = std::fs::read(&file)?;
            ensure!(
                <[u8; 32]>::from(Sha256::digest(&arrived)) == hash.0,
                "original {hash} arrived otherwise"
            );
        }
    }
    Ok(())
}

/// Each statement stands in the log once, and nothing else does.
pub(super) fn log_is_whole(hub: &Hub, sealed: usize) -> Result<()> {
    let endpoint = hub.endpoint();
    let mut places = BTreeSet::new();
    for station in endpoint.election().stations() {
        for kept in endpoint.store().statements_about(&station)? {
            let place = kept.log_index.context("a statement is not in the log")?;
            ensure!(places.insert(place), "two statements have the place {place} in the log");
        }
    }
    ensure!(places.len() == sealed, "{} statements in the log, {sealed} were sealed", places.len());
    ensure!(places.iter().copied().eq(0..sealed as u64), "the log has holes");
    Ok(())
}
