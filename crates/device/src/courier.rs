//! The courier: accepting bundles of other witnesses, to carry them to a place with a signal.
//!
//! A courier can leave things out and change nothing: every statement is signed, every photo is named by its
//! hash, and the endpoint verifies both. What can be verified here is that the file is complete, that its
//! statements belong to this election and are signed by a key in the file, and that its photos are those that
//! the statements name. What a statement says is not shown.

use std::collections::BTreeMap;
use std::io::Cursor;

use evidence::bundle::{self, Item, Reader};
use evidence::{Body, DeviceId, PhotoHash, PublicKey, Statement, StatementId, Unverified};
use sha2::{Digest as _, Sha256};

use crate::Device;
use crate::error::DeviceError;
use crate::folder::Picture;
use crate::model::Enrolment;
use crate::store::{NewCarried, Write};
use crate::view::CourierReceipt;

/// Maximum size of everything that is carried, in bytes: some hundred stations with their photos.
const CARRIED_BYTES_MAX: u64 = 500_000_000;

impl Device {
    /// Accepts a bundle of other devices. A damaged file, or one of another election, is refused as a whole.
    /// Accepting the same file again changes nothing.
    pub fn accept_bundle(&self, file: &[u8]) -> Result<CourierReceipt, DeviceError> {
        let enrolment = self.enrolment()?;
        let carried_bytes = self.store().carried_total_bytes()?;
        if carried_bytes.saturating_add(file.len() as u64) > CARRIED_BYTES_MAX {
            return Err(DeviceError::CarriedTooMuch(CARRIED_BYTES_MAX));
        }
        // All of it is read first, so that a damaged bundle leaves nothing behind.
        let contents = Contents::read(file, &enrolment)?;
        // Files before the rows that name them: a crash in between leaves a file that nothing uses.
        for photo in &contents.photos {
            self.photos.write(Picture::Derivative, photo.hash, &photo.bytes)?;
        }
        let now_ms = self.now_ms();
        let receipt = self.store().write(|write| contents.store(write, now_ms))?;
        self.wake();
        Ok(receipt)
    }
}

/// The verified contents of a bundle.
#[derive(Default)]
struct Contents {
    keys: BTreeMap<DeviceId, PublicKey>,
    statements: Vec<SignedStatement>,
    /// The photos that the statements name.
    named: BTreeMap<PhotoHash, NamedPhoto>,
    photos: Vec<PhotoBytes>,
}

struct SignedStatement {
    statement: Statement,
    key: PublicKey,
    /// The bytes that were signed.
    bytes: Vec<u8>,
}

struct NamedPhoto {
    statement: StatementId,
    total_bytes: u64,
}

struct PhotoBytes {
    hash: PhotoHash,
    statement: StatementId,
    bytes: Vec<u8>,
}

impl Contents {
    fn read(file: &[u8], enrolment: &Enrolment) -> Result<Self, DeviceError> {
        let unreadable = |error: &dyn std::fmt::Display| DeviceError::Bundle(error.to_string());
        bundle::check_of(enrolment.namespace(), Cursor::new(file)).map_err(|error| unreadable(&error))?;
        let mut contents = Self::default();
        // The format puts keys before statements, and statements before photos.
        for item in
            Reader::of(enrolment.namespace(), Cursor::new(file)).map_err(|error| unreadable(&error))?
        {
            contents
                .add(item.map_err(|error| unreadable(&error))?, enrolment)
                .map_err(DeviceError::Bundle)?;
        }
        Ok(contents)
    }

    fn add(&mut self, item: Item, enrolment: &Enrolment) -> Result<(), String> {
        match item {
            Item::DeviceKey(key) => _ = self.keys.insert(key.device_id(), key),
            Item::Statement(bytes) => self.add_statement(bytes, enrolment)?,
            Item::Photo(bytes) => self.add_photo(bytes)?,
            // The device fetches proofs itself, from the log that it has pinned.
            Item::LogKey(_)
            | Item::Rotation(_)
            | Item::Checkpoint(_)
            | Item::Consistency(_)
            | Item::Receipt(_)
            | Item::Verdict(_) => {}
        }
        Ok(())
    }

    fn add_statement(&mut self, bytes: Vec<u8>, enrolment: &Enrolment) -> Result<(), String> {
        let unverified = Unverified::parse(&bytes).map_err(|error| error.to_string())?;
        let key = *self.keys.get(&unverified.device()).ok_or("the key of a device that signed is missing")?;
        let statement = unverified.verify(&key).map_err(|error| error.to_string())?;
        belongs_to(enrolment, &statement)?;
        if let Body::Photo(photo) = &statement.body {
            let named = NamedPhoto { statement: statement.id, total_bytes: photo.derivative_bytes };
            self.named.entry(photo.derivative).or_insert(named);
        }
        self.statements.push(SignedStatement { statement, key, bytes });
        Ok(())
    }

    fn add_photo(&mut self, bytes: Vec<u8>) -> Result<(), String> {
        let hash = PhotoHash(Sha256::digest(&bytes).into());
        let named = self.named.get(&hash).filter(|named| named.total_bytes == bytes.len() as u64);
        let statement = named.ok_or("no record names one of the photos")?.statement;
        self.photos.push(PhotoBytes { hash, statement, bytes });
        Ok(())
    }

    /// Adds everything to the store that is not there yet.
    fn store(&self, write: &Write<'_>, now_ms: i64) -> Result<CourierReceipt, DeviceError> {
        let mut receipt = CourierReceipt { records: 0, already_here: 0, photos: 0 };
        for SignedStatement { statement, key, bytes } in &self.statements {
            let station = &statement.claims.subject.station;
            let new = NewCarried { id: statement.id, key: *key, station, bytes };
            match write.carry_statement(&new, now_ms)? {
                true => receipt.records += 1,
                false => receipt.already_here += 1,
            }
        }
        for photo in &self.photos {
            receipt.photos +=
                u32::from(write.carry_photo(photo.hash, photo.statement, photo.bytes.len() as u64)?);
        }
        Ok(receipt)
    }
}

fn belongs_to(enrolment: &Enrolment, statement: &Statement) -> Result<(), String> {
    let subject = &statement.claims.subject;
    if subject.election != enrolment.election.id.as_str() || subject.namespace != enrolment.namespace() {
        return Err("a record belongs to another election, or to a drill".into());
    }
    if subject.station.parse::<tally::StationId>().is_err() {
        return Err("a record names no station".into());
    }
    Ok(())
}
