//! The checks, one after the other.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use evidence::{
    Body, ChainDefect, Chains, Checkpoint, LogId, LogPublicKey, PhotoHash, Receipt, Rotation, Statement,
    StatementId, Unverified, UnverifiedCheckpoint,
};

use crate::input::{self, Found, Position, Thing};
use crate::keys::Trust;
use crate::report::{Report, Sort};
use crate::states::States;

/// Checks everything in these files.
pub(crate) fn audit(files: &[PathBuf], mut trust: Trust) -> Report {
    let mut report = Report::default();
    let mut things = Things::default();
    for path in files {
        let at = Position { file: path.clone(), item: None };
        match input::read(path) {
            Ok(found) => {
                report.pass(Sort::Form, at, format!("{} things in it can be read", found.len()));
                found.into_iter().for_each(|found| things.add(found, &mut trust));
            }
            Err(reason) => report.fail(Sort::Form, at, reason),
        }
    }
    let statements = statements(&mut things, &trust, &mut report);
    chains(&statements, trust.partial, &mut report);
    references(&statements, &mut report);
    log(&things, &trust, &mut report);
    photos(&things.photos, &statements, &mut report);
    report
}

/// What was found, by sort.
#[derive(Debug, Default)]
struct Things {
    statements: Vec<(Position, Unverified)>,
    bytes: HashMap<StatementId, Vec<u8>>,
    receipts: Vec<(Position, Receipt)>,
    checkpoints: Vec<(Position, UnverifiedCheckpoint)>,
    consistency: Vec<(Position, evidence::bundle::Consistency)>,
    rotations: Vec<(Position, Rotation)>,
    photos: Vec<(Position, PhotoHash, u64)>,
}

impl Things {
    fn add(&mut self, found: Found, trust: &mut Trust) {
        let Found { at, thing } = found;
        match thing {
            Thing::Statement { parsed, bytes } => {
                self.bytes.insert(parsed.id(), bytes);
                self.statements.push((at, *parsed));
            }
            Thing::Receipt(receipt) => self.receipts.push((at, *receipt)),
            Thing::Checkpoint(checkpoint) => self.checkpoints.push((at, *checkpoint)),
            Thing::Consistency(consistency) => self.consistency.push((at, consistency)),
            Thing::Rotation(rotation) => self.rotations.push((at, *rotation)),
            // A device's name is the hash of its key, so that a key from anywhere can serve to check a signature.
            // Whether the device was a witness's is what the roster says.
            Thing::DeviceKey(key) => {
                trust.devices.insert(key.device_id(), key);
            }
            // A log's key that comes with the evidence vouches for nothing: only the pinned one does.
            Thing::LogKey(_) => {}
            Thing::Photo { hash, bytes } => self.photos.push((at, hash, bytes)),
        }
    }
}

/// Statements with signatures that hold, by name.
type Verified = BTreeMap<StatementId, (Position, Statement)>;

fn statements(things: &mut Things, trust: &Trust, report: &mut Report) -> Verified {
    let mut verified = Verified::new();
    for (at, unverified) in std::mem::take(&mut things.statements) {
        let (id, device) = (unverified.id(), unverified.device());
        if let Some(roster) = &trust.roster {
            if roster.contains(&device) {
                report.pass(Sort::Roster, &at, format!("device {device} is on the roster"));
            } else {
                report.fail(Sort::Roster, &at, format!("device {device} is not on the roster"));
            }
        }
        let Some(key) = trust.devices.get(&device) else {
            report.fail(
                Sort::Signature,
                &at,
                format!("statement {id}: the key of device {device} is not here"),
            );
            continue;
        };
        match unverified.verify(key) {
            Ok(statement) => {
                report.pass(Sort::Signature, &at, format!("statement {id} is signed by device {device}"));
                verified.insert(id, (at, statement));
            }
            Err(error) => report.fail(Sort::Signature, &at, format!("statement {id}: {error}")),
        }
    }
    verified
}

fn chains(statements: &Verified, partial: bool, report: &mut Report) {
    let mut chains = Chains::default();
    for (id, (_, statement)) in statements {
        chains.add(*id, &statement.claims);
    }
    if chains.devices() == 0 {
        return;
    }
    let defects = chains.defects();
    if defects.is_empty() {
        let (statements, devices) = (statements.len(), chains.devices());
        let detail =
            format!("{statements} statements of {devices} devices continue each other from the first on");
        report.pass(Sort::Chain, "all files", detail);
    }
    for defect in defects {
        let at = match &defect {
            ChainDefect::Gap { .. } if partial => {
                report.note(defect.to_string());
                continue;
            }
            ChainDefect::Gap { .. } => "all files".to_owned(),
            ChainDefect::Fork { one, other, .. } => {
                let at = |id| statements.get(id).map(|(at, _)| at.to_string()).unwrap_or_default();
                format!("{} and {}", at(one), at(other))
            }
            ChainDefect::Broken { statement, .. } => {
                statements.get(statement).map(|(at, _)| at.to_string()).unwrap_or_default()
            }
        };
        report.fail(Sort::Chain, at, defect);
    }
}

/// A statement speaks only of statements of its own device, about its own station.
fn references(statements: &Verified, report: &mut Report) {
    for (at, statement) in statements.values() {
        let named = match &statement.body {
            Body::Tally(tally) => tally.supersedes.as_ref().map(|corrected| corrected.statement),
            Body::Photo(photo) => Some(photo.tally),
            Body::Incident(incident) => incident.tally,
            Body::Attendance(_) | Body::Drill(_) => None,
        };
        let Some(id) = named else { continue };
        let Some((_, other)) = statements.get(&id) else {
            report.note(format!("{at}: statement {id}, which it names, is not here"));
            continue;
        };
        let (ours, theirs) = (&statement.claims, &other.claims);
        if !matches!(other.body, Body::Tally(_)) {
            report.fail(Sort::Reference, at, format!("it names statement {id} as a tally, which is none"));
        } else if (ours.device, &ours.subject) != (theirs.device, &theirs.subject) {
            report.fail(
                Sort::Reference,
                at,
                format!("it names statement {id}, of another device or station"),
            );
        } else {
            report.pass(Sort::Reference, at, format!("it names tally {id} of the same device and station"));
        }
    }
}

fn log(things: &Things, trust: &Trust, report: &mut Report) {
    let keys = log_keys(&things.rotations, trust.log, report);
    let missing = |log: LogId| match trust.log {
        None => "the log's key was not given (--log-key)".to_owned(),
        Some(pinned) => {
            format!("log {log} is neither the pinned one ({}) nor one that it led to", pinned.id())
        }
    };
    let mut states = States::default();
    for (at, receipt) in &things.receipts {
        let id = receipt.statement();
        let Some(key) = keys.get(&receipt.log()) else {
            report.fail(Sort::Receipt, at, missing(receipt.log()));
            continue;
        };
        let Some(bytes) = things.bytes.get(&id) else {
            report.fail(Sort::Receipt, at, format!("its statement {id} is not here"));
            continue;
        };
        match receipt.verify(key, bytes) {
            Ok(proved) => {
                let (index, size) = (proved.leaf_index, proved.tree_size);
                report.pass(
                    Sort::Receipt,
                    at,
                    format!("statement {id} is at place {index} of {size} in the log"),
                );
                states.add_receipt(&proved, at);
            }
            Err(error) => report.fail(Sort::Receipt, at, format!("of statement {id}: {error}")),
        }
    }
    for (at, checkpoint) in &things.checkpoints {
        let log = checkpoint.log();
        let Some(key) = keys.get(&log) else {
            report.fail(Sort::Checkpoint, at, missing(log));
            continue;
        };
        match checkpoint.clone().verify(key) {
            Ok(checkpoint) => {
                let Checkpoint { size, .. } = checkpoint;
                let detail = format!("the log holds {size} statements; read out: {}", checkpoint.spoken());
                report.pass(Sort::Checkpoint, at, detail);
                states.add_checkpoint(&checkpoint, at);
            }
            Err(error) => report.fail(Sort::Checkpoint, at, error),
        }
    }
    states.judge(&things.consistency, report);
}

/// The pinned key and those to which it was handed over. Records may come in any order.
fn log_keys(
    rotations: &[(Position, Rotation)],
    pinned: Option<LogPublicKey>,
    report: &mut Report,
) -> BTreeMap<LogId, LogPublicKey> {
    let mut keys: BTreeMap<_, _> = pinned.map(|key| (key.id(), key)).into_iter().collect();
    let mut open: Vec<_> = rotations.iter().collect();
    loop {
        let before = open.len();
        open.retain(|(at, rotation)| {
            let follows = keys.get(&rotation.old.id()) == Some(&rotation.old) && rotation.holds();
            if follows {
                let (old, new) = (rotation.old.id(), rotation.new.id());
                report.pass(Sort::Rotation, at, format!("log {old} handed over to {new}"));
                keys.insert(new, rotation.new);
            }
            !follows
        });
        if open.len() == before {
            break;
        }
    }
    for (at, rotation) in open {
        let (old, new) = (rotation.old.id(), rotation.new.id());
        let why = if rotation.holds() {
            "the pinned key does not lead to it"
        } else {
            "the signature does not hold"
        };
        report.fail(Sort::Rotation, at, format!("from log {old} to {new}: {why}"));
    }
    keys
}

fn photos(photos: &[(Position, PhotoHash, u64)], statements: &Verified, report: &mut Report) {
    let mut named: HashMap<PhotoHash, (u64, StatementId)> = HashMap::new();
    for (id, (_, statement)) in statements {
        if let Body::Photo(photo) = &statement.body {
            named.insert(photo.original, (photo.original_bytes, *id));
            named.insert(photo.derivative, (photo.derivative_bytes, *id));
        }
    }
    for (at, hash, bytes) in photos {
        match named.get(hash) {
            Some((signed, id)) if signed == bytes => {
                report.pass(Sort::Photo, at, format!("it is the photo {hash} of statement {id}"));
            }
            Some((signed, id)) => {
                report.fail(
                    Sort::Photo,
                    at,
                    format!("it has {bytes} bytes, statement {id} speaks of {signed}"),
                );
            }
            None => report.fail(Sort::Photo, at, format!("no statement here that holds names photo {hash}")),
        }
    }
    let here: std::collections::HashSet<_> = photos.iter().map(|(_, hash, _)| hash).collect();
    let absent = statements
        .values()
        .filter(|(_, statement)| match &statement.body {
            Body::Photo(photo) => !here.contains(&photo.original) && !here.contains(&photo.derivative),
            _ => false,
        })
        .count();
    if absent > 0 {
        report.note(format!("{absent} signed photos are not here themselves"));
    }
}
