//! Attacks by requests without pause.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use evidence::{AttendanceBody, AttendanceEvent, Body, DeviceKey, PhotoBody, PhotoHash, StatementId};
use image::ImageFormat;
use protocol::{
    CBOR, Outcome, PHOTO_PIECE, PushRequest, PushResponse, ReceiptsRequest, UPLOAD_OFFSET, limit, path,
};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

use super::attacker::Attacker;
use super::phones::SEALED_AT_S;

/// Number of pushes that break off together.
const DROPPED_AT_ONCE: usize = 8;
/// Time after which they break off.
const DROPPED_AFTER: Duration = Duration::from_millis(50);
/// Side of a picture that the endpoint must refuse, in pixels.
const BOMB_SIDE: u32 = 8_000;
/// Side of a picture that it accepts, in pixels.
const LARGE_SIDE: u32 = 2_000;

/// Pictures that are small as files.
pub(super) struct Pictures {
    /// One that must be refused.
    bomb: Vec<u8>,
    /// The largest that is accepted.
    large: Vec<u8>,
}

impl Pictures {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { bomb: blank_picture(BOMB_SIDE)?, large: blank_picture(LARGE_SIDE)? })
    }
}

impl Attacker<'_> {
    /// Every second request carries the proof of a device that never enrolled.
    pub(super) fn strangers_receipts(&mut self) -> Result<()> {
        let mut key_seed = [0xa5; 32];
        let mut is_proven = false;
        while !self.shared.is_over() {
            let statements = (0..limit::RECEIPTS_PER_REQUEST).map(|_| {
                let mut id = [0; 32];
                self.rng.fill(&mut id);
                StatementId(id)
            });
            let request = ReceiptsRequest { statements: statements.collect(), seen_size: 0 };
            let body = protocol::to_cbor(&request)?;
            self.rng.fill(&mut key_seed);
            let key = is_proven.then(|| DeviceKey::from_seed(key_seed));
            is_proven = !is_proven;
            self.request(key.as_ref(), "POST", path::RECEIPTS, &[("content-type", CBOR)], &body);
        }
        Ok(())
    }

    /// Statements in the name of all phones that are known to have enrolled, with wrong signatures.
    pub(super) fn dropped_pushes(&mut self) -> Result<()> {
        let key = Arc::clone(&self.key);
        let attack = self.shared.attack;
        let mut forged = Vec::new();
        for known in attack.honest.iter().chain(&attack.hostile) {
            let mut known = known.clone();
            let mut bytes = known.seal(attack.election.id.as_str(), SEALED_AT_S, attendance())?.bytes;
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            forged.push(ByteBuf::from(bytes));
        }
        while !self.shared.is_over() {
            let statements =
                (0..limit::STATEMENTS_PER_PUSH).map(|_| forged[self.rng.index(forged.len())].clone());
            let body = protocol::to_cbor(&PushRequest { statements: statements.collect() })?;
            let mut open = Vec::new();
            for _ in 0..DROPPED_AT_ONCE {
                let sent = self.open().and_then(|mut connection| {
                    connection.send_as(&key, "POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
                    Ok(connection)
                });
                self.counts.add(if sent.is_ok() { &self.counts.done } else { &self.counts.broken });
                open.extend(sent);
            }
            std::thread::sleep(DROPPED_AFTER);
        }
        Ok(())
    }

    /// In turn a picture that must be refused, and the largest that is accepted. Each is announced before.
    pub(super) fn image_bombs(&mut self) -> Result<()> {
        let Pictures { bomb, large } = &self.shared.pictures;
        let mut number = 0_u32;
        while !self.shared.is_over() {
            // Bytes behind a picture's end make another file of the same picture.
            let mut bytes = if number % 8 == 1 { large.clone() } else { bomb.clone() };
            bytes.extend(number.to_be_bytes());
            bytes.extend(self.own.octets());
            number += 1;
            let hash = PhotoHash(Sha256::digest(&bytes).into());
            if !self.announce(hash, bytes.len() as u64)? {
                std::thread::sleep(DROPPED_AFTER);
                continue;
            }
            let key = Arc::clone(&self.key);
            let headers = [("content-type", PHOTO_PIECE), (UPLOAD_OFFSET, "0")];
            let path = format!("{}/{hash}", path::PHOTOS);
            let reply = self.request(Some(&key), "PATCH", &path, &headers, &bytes);
            if reply.is_some_and(|reply| reply.status == 204)
                && let Ok(mut accepted) = self.shared.accepted_photos.lock()
            {
                accepted.push(hash.to_string());
            }
        }
        Ok(())
    }

    /// Announces a photo of no known tally. Whether the endpoint accepted that.
    fn announce(&mut self, hash: PhotoHash, bytes: u64) -> Result<bool> {
        let body = Body::Photo(PhotoBody {
            tally: StatementId([7; 32]),
            page: 1,
            original: hash,
            original_bytes: bytes,
            derivative: hash,
            derivative_bytes: bytes,
            seen: None,
        });
        self.push_sealed(body)
    }

    /// Statements about the stations of the honest phones.
    pub(super) fn unassigned_statements(&mut self) -> Result<()> {
        while !self.shared.is_over() {
            let honest = &self.shared.attack.honest;
            self.phone.station = honest[self.rng.index(honest.len())].station.clone();
            self.push_sealed(attendance())?;
        }
        Ok(())
    }

    /// Seals a statement of the attacker's phone and pushes it. Whether it was accepted.
    fn push_sealed(&mut self, body: Body) -> Result<bool> {
        let election = self.shared.attack.election.id.as_str();
        let sealed = self.phone.seal(election, SEALED_AT_S, body)?;
        let body = protocol::to_cbor(&PushRequest { statements: vec![ByteBuf::from(sealed.bytes)] })?;
        let key = Arc::clone(&self.key);
        let reply = self.request(Some(&key), "POST", path::STATEMENTS, &[("content-type", CBOR)], &body);
        let Some(reply) = reply.filter(|reply| reply.status == 200) else { return Ok(false) };
        let response: PushResponse = protocol::from_cbor(&reply.body)?;
        Ok(response.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })))
    }

    /// Every fourth login is one of the coordinator.
    pub(super) fn wrong_logins(&mut self) {
        while !self.shared.is_over() {
            let user = match self.rng.below(4) {
                0 => self.shared.attack.user.to_owned(),
                _ => format!("user-{}", self.rng.below(100_000)),
            };
            let body = serde_json::json!({ "user": user, "password": "tebak tebakan" }).to_string();
            let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
            self.request(None, "POST", "/api/login", &headers, body.as_bytes());
        }
    }
}

fn attendance() -> Body {
    Body::Attendance(AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 })
}

/// A PNG of one colour: few bytes, many pixels.
fn blank_picture(side: u32) -> Result<Vec<u8>> {
    let mut png = Cursor::new(Vec::new());
    let picture = image::GrayImage::new(side, side);
    picture.write_to(&mut png, ImageFormat::Png).context("encoding a picture")?;
    Ok(png.into_inner())
}
