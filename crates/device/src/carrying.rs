//! Taking other witnesses' bundles along, to where there is a signal.
//!
//! A carrier can leave things out and change none: every statement is signed, every photo named by its hash, and both are
//! verified where they arrive. What can be verified here is: that the file is whole, that its statements are of this
//! election, that those whose key it brings are signed by it, and that its photos are those that they name. Nothing of
//! what a statement says is shown.

use std::collections::BTreeMap;
use std::io::Cursor;

use evidence::bundle::{self, Item, Reader};
use evidence::{Body, DeviceId, Namespace, PhotoHash, PublicKey, Statement, StatementId, Unverified};
use sha2::{Digest as _, Sha256};

use crate::Device;
use crate::enrolment::Enrolment;
use crate::error::DeviceError;
use crate::folder::Picture;
use crate::store::NewCarried;
use crate::view::TakenAlongView;

/// Most that is carried, in bytes: some hundred stations with their photos.
const CARRIED_BYTES_MAX: u64 = 500_000_000;

/// A photo that a statement names.
struct Named {
    statement: StatementId,
    bytes: u64,
}

impl Device {
    /// Takes a bundle of other devices along. A damaged file, or one of another election, is refused as a whole. Taking
    /// the same file again changes nothing.
    pub fn take_along(&self, file: &[u8]) -> Result<TakenAlongView, DeviceError> {
        let enrolment = self.enrolment()?;
        let carried_bytes = self.store().carried_total_bytes()?;
        if carried_bytes.saturating_add(file.len() as u64) > CARRIED_BYTES_MAX {
            return Err(DeviceError::CarriedTooMuch(CARRIED_BYTES_MAX));
        }
        let refuse = |reason: &dyn std::fmt::Display| DeviceError::Bundle(reason.to_string());
        // First all of it is read, so that a damaged bundle leaves nothing behind.
        bundle::check(Cursor::new(file)).map_err(|error| refuse(&error))?;

        let mut keys: BTreeMap<DeviceId, PublicKey> = BTreeMap::new();
        let mut statements: Vec<Statement> = Vec::new();
        let mut bytes_of: Vec<Vec<u8>> = Vec::new();
        let mut named: BTreeMap<PhotoHash, Named> = BTreeMap::new();
        let mut photos: Vec<(PhotoHash, Vec<u8>)> = Vec::new();
        // Keys stand before statements, and statements before photos.
        for item in Reader::new(Cursor::new(file)).map_err(|error| refuse(&error))? {
            match item.map_err(|error| refuse(&error))? {
                Item::DeviceKey(key) => _ = keys.insert(key.device_id(), key),
                Item::Statement(bytes) => {
                    let statement = verified(&bytes, &keys, &enrolment).map_err(|reason| refuse(&reason))?;
                    if let Body::Photo(photo) = &statement.body {
                        let is = Named { statement: statement.id, bytes: photo.derivative_bytes };
                        named.entry(photo.derivative).or_insert(is);
                    }
                    statements.push(statement);
                    bytes_of.push(bytes);
                }
                Item::Photo(bytes) => {
                    let hash = PhotoHash(Sha256::digest(&bytes).into());
                    match named.get(&hash) {
                        Some(named) if named.bytes == bytes.len() as u64 => photos.push((hash, bytes)),
                        _ => return Err(refuse(&"a photo is in it that no record names")),
                    }
                }
                Item::LogKey(_)
                | Item::Rotation(_)
                | Item::Checkpoint(_)
                | Item::Consistency(_)
                | Item::Receipt(_) => {}
            }
        }

        // Files before the rows that name them: a crash in between leaves a file that nobody needs, and nothing worse.
        for (hash, bytes) in &photos {
            self.photos.write(Picture::Derivative, *hash, bytes)?;
        }
        let now_ms = self.now_ms();
        let mut taken = TakenAlongView { records: 0, already_here: 0, photos: 0 };
        self.store().write(|write| {
            for (statement, bytes) in statements.iter().zip(&bytes_of) {
                let Some(&key) = keys.get(&statement.claims.device) else { continue };
                let new =
                    NewCarried { id: statement.id, key, station: &statement.claims.subject.station, bytes };
                if write.carry_statement(&new, now_ms)? {
                    taken.records += 1;
                } else {
                    taken.already_here += 1;
                }
            }
            for (hash, bytes) in &photos {
                if let Some(named) = named.get(hash)
                    && write.carry_photo(*hash, named.statement, bytes.len() as u64)?
                {
                    taken.photos += 1;
                }
            }
            Ok::<_, DeviceError>(())
        })?;
        self.wake();
        Ok(taken)
    }
}

/// The statement, if its key in the bundle verifies it and it is of this device's election.
fn verified(
    bytes: &[u8],
    keys: &BTreeMap<DeviceId, PublicKey>,
    enrolment: &Enrolment,
) -> Result<Statement, String> {
    let unverified = Unverified::parse(bytes).map_err(|error| error.to_string())?;
    let key = keys.get(&unverified.device()).ok_or("the key of a device that signed is not in it")?;
    let statement = unverified.verify(key).map_err(|error| error.to_string())?;
    let subject = &statement.claims.subject;
    let namespace = if enrolment.election.drill { Namespace::Drill } else { Namespace::Real };
    if subject.election != enrolment.election.id.as_str() || subject.namespace != namespace {
        return Err("it is of another election, or of a drill".into());
    }
    if subject.station.parse::<tally::StationId>().is_err() {
        return Err("a record is in it that names no station".into());
    }
    Ok(statement)
}
