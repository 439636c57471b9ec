//! A client of the fleet: a few requests of a phone, repeated until there is an answer.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use evidence::{DeviceKey, PhotoHash, Sealed};
use protocol::{
    CBOR, EnrolRequest, EnrolResponse, InvitationFragment, Outcome, PHOTO_PIECE, PushRequest, PushResponse,
    path,
};
use serde_bytes::ByteBuf;

use super::sim_witness::SimWitness;
use crate::eventually::eventually;
use crate::http::{HttpConnection, HttpReply};

/// Bytes of a photo in one request.
const PIECE_BYTES: usize = 64 * 1024;

/// The endpoint's address and the code in the link of an invitation.
///
/// # Errors
/// When it is no such link.
pub(super) fn invitation_of(link: &str) -> Result<(&str, String)> {
    let (url, fragment) = link.split_once("/#").context("the link of an invitation")?;
    Ok((url, InvitationFragment::parse(fragment)?.code))
}

/// A client that opens a new connection whenever the old one breaks.
#[derive(Debug)]
pub(super) struct ReconnectingClient<'a> {
    url: &'a str,
    own: Ipv4Addr,
    connection: Option<HttpConnection>,
    /// Attempts that were throttled or got no answer.
    pub(super) retries: u64,
}

impl<'a> ReconnectingClient<'a> {
    /// A client of the endpoint at `url`, from one of this machine's addresses.
    pub(super) fn new(url: &'a str, own: Ipv4Addr) -> Self {
        Self { url, own, connection: None, retries: 0 }
    }

    /// Enrols the device with this number.
    pub(super) fn join(&mut self, number: u64, code: &str) -> Result<EnrolResponse> {
        // Only the key counts here; the station comes with the response.
        let witness = SimWitness::new(number, "11.01.01.1001-001".parse()?);
        let proof = witness.key.sign_message(&protocol::enrol_proof_message(code));
        let request = EnrolRequest {
            invitation: code.to_owned(),
            public_key: witness.key.public().to_hex(),
            proof: evidence::to_hex(&proof),
        };
        let json = serde_json::to_vec(&request)?;
        let headers = [("content-type", "application/json")];
        let reply = self.exchange(None, "POST", path::ENROL, &headers, &json)?;
        ensure!(reply.status == 200, "joining was refused: {}", String::from_utf8_lossy(&reply.body));
        Ok(serde_json::from_slice(&reply.body)?)
    }

    /// Tries again until the endpoint answers with something other than "later". With a key, the request is
    /// proven.
    pub(super) fn exchange(
        &mut self,
        key: Option<&DeviceKey>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpReply> {
        eventually(&format!("an answer to {method} {path}"), || {
            let connection = match self.connection.take() {
                Some(connection) => Ok(connection),
                None => HttpConnection::open_from(self.url, self.own),
            };
            let exchanged = connection.and_then(|mut connection| {
                let reply = match key {
                    Some(key) => connection.exchange_as(key, method, path, headers, body),
                    None => connection.exchange(method, path, headers, body),
                };
                Ok((reply?, connection))
            });
            match exchanged {
                Ok((reply, connection)) if !matches!(reply.status, 429 | 503) => {
                    self.connection = Some(connection);
                    Ok(Some(reply))
                }
                _ => {
                    self.retries += 1;
                    // The night passes faster than real time, and so does Retry-After.
                    std::thread::sleep(Duration::from_millis(100));
                    Ok(None)
                }
            }
        })
    }

    pub(super) fn push(&mut self, key: &DeviceKey, statements: &[&Sealed]) -> Result<Vec<Outcome>> {
        let statements = statements.iter().map(|sealed| ByteBuf::from(sealed.bytes.clone())).collect();
        let body = protocol::to_cbor(&PushRequest { statements })?;
        let reply = self.exchange(Some(key), "POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        ensure!(reply.status == 200, "a push was refused: {}", String::from_utf8_lossy(&reply.body));
        let response: PushResponse = protocol::from_cbor(&reply.body)?;
        Ok(response.outcomes)
    }

    /// Two witnesses may have the same picture. Then the second finds it complete.
    pub(super) fn send_photo(&mut self, key: &DeviceKey, hash: PhotoHash, bytes: &[u8]) -> Result<()> {
        let path = format!("{}/{hash}", path::PHOTOS);
        let mut offset = self.upload_offset(key, &path)?;
        while offset < bytes.len() {
            let piece = bytes.get(offset..(offset + PIECE_BYTES).min(bytes.len())).unwrap_or_default();
            let header = offset.to_string();
            let headers = [("content-type", PHOTO_PIECE), (protocol::UPLOAD_OFFSET, header.as_str())];
            self.exchange(Some(key), "PATCH", &path, &headers, piece)?;
            offset = self.upload_offset(key, &path)?;
        }
        Ok(())
    }

    fn upload_offset(&mut self, key: &DeviceKey, path: &str) -> Result<usize> {
        let reply = self.exchange(Some(key), "HEAD", path, &[], &[])?;
        ensure!(reply.status == 200, "the photo is not expected: {}", reply.status);
        reply.upload_offset.context("an offset")
    }
}
