//! A minimal HTTP/1.1 client for load generators, with nothing between the test and the socket.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use evidence::DeviceKey;
use protocol::{DEVICE_HEADER, PROOF_HEADER, ProofDetail, UPLOAD_OFFSET, request_proof_message};
use socket2::{Domain, Socket};

use crate::eventually::WATCHDOG;

/// Timeout of a connection. A listener whose queue is full answers nothing.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// One connection that stays open. It does no more than a load generator needs: load and endpoint share the
/// machine.
#[derive(Debug)]
pub struct HttpConnection {
    stream: BufReader<TcpStream>,
    host: String,
    request: Vec<u8>,
}

/// A response.
#[derive(Debug, Default)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// `Set-Cookie`, if it came.
    pub cookie: Option<String>,
    /// `Retry-After` in seconds, if it came.
    pub retry_after_s: Option<u64>,
    /// `Upload-Offset`, if it came.
    pub upload_offset: Option<usize>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpConnection {
    /// Opens a connection to `http://host:port`.
    ///
    /// # Errors
    /// When nothing listens there.
    pub fn open(url: &str) -> Result<Self> {
        Self::open_from(url, Ipv4Addr::LOCALHOST)
    }

    /// The same from one of this machine's addresses; all of 127.0.0.0/8 are.
    ///
    /// # Errors
    /// When nothing listens there.
    pub fn open_from(url: &str, own: Ipv4Addr) -> Result<Self> {
        let stream = connect_from(url, own, None)?;
        let host = host_of(url).to_owned();
        stream.set_read_timeout(Some(WATCHDOG))?;
        Ok(Self { stream: BufReader::new(stream), host, request: Vec::new() })
    }

    /// Limits the time that a read waits for bytes; the watchdog's by default.
    ///
    /// # Errors
    /// When the time is zero.
    pub fn set_timeout(&self, timeout: Duration) -> Result<()> {
        Ok(self.stream.get_ref().set_read_timeout(Some(timeout))?)
    }

    /// Sends one request with the proof that the device with this key sends it.
    ///
    /// # Errors
    /// When the connection breaks, or the response is not HTTP.
    pub fn exchange_as(
        &mut self,
        key: &DeviceKey,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpReply> {
        self.send_as(key, method, path, headers, body)?;
        self.receive(method)
    }

    /// Sends one request and reads its response.
    ///
    /// # Errors
    /// When the connection breaks, or the response is not HTTP.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpReply> {
        self.send(method, path, headers, body)?;
        self.receive(method)
    }

    /// Sends one request with the proof of a device, and does not wait for its response.
    ///
    /// # Errors
    /// When the connection breaks, or a piece has no offset.
    pub fn send_as(
        &mut self,
        key: &DeviceKey,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<()> {
        let offset = || headers.iter().find(|(name, _)| *name == UPLOAD_OFFSET)?.1.parse().ok();
        let detail = match method {
            "POST" | "PUT" => ProofDetail::Body(body),
            "PATCH" => ProofDetail::Offset(offset().context("a piece without an offset")?),
            _ => ProofDetail::Nothing,
        };
        let proof = key.sign_message(&request_proof_message(method, path, detail));
        let proof = evidence::to_hex(&proof);
        let device = key.public().device_id().to_string();
        let proven = [headers, &[(DEVICE_HEADER, &device), (PROOF_HEADER, &proof)]].concat();
        self.send(method, path, &proven, body)
    }

    /// Sends one request, and does not wait for its response.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<()> {
        self.request.clear();
        write!(
            self.request,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
            self.host,
            body.len()
        )?;
        for (name, value) in headers {
            write!(self.request, "{name}: {value}\r\n")?;
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.stream.get_mut().write_all(&self.request)?;
        Ok(())
    }

    /// Reads the response to a request with this method.
    fn receive(&mut self, method: &str) -> Result<HttpReply> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.context("the response has no status")?;
        let mut reply = HttpReply { status, ..HttpReply::default() };
        let mut length = 0;
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the response ends in its headers");
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().context("reading a length")?,
                "set-cookie" => reply.cookie = value.split(';').next().map(str::to_owned),
                "upload-offset" => reply.upload_offset = value.parse().ok(),
                "retry-after" => reply.retry_after_s = value.parse().ok(),
                _ => {}
            }
        }
        if method != "HEAD" {
            reply.body.resize(length, 0);
            self.stream.read_exact(&mut reply.body)?;
        }
        Ok(reply)
    }
}

fn host_of(url: &str) -> &str {
    url.trim_start_matches("http://").trim_end_matches('/')
}

/// A bare connection from one of this machine's addresses, if wanted with a small buffer for what arrives.
///
/// # Errors
/// When nothing listens there.
pub fn connect_from(url: &str, own: Ipv4Addr, receive_buffer: Option<usize>) -> Result<TcpStream> {
    let host = host_of(url);
    let to: SocketAddr = host.parse().with_context(|| format!("reading the address {host}"))?;
    let socket = Socket::new(Domain::IPV4, socket2::Type::STREAM, None)?;
    if let Some(bytes) = receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(&SocketAddr::from((own, 0)).into())?;
    socket.connect_timeout(&to.into(), CONNECT_TIMEOUT).with_context(|| format!("connecting to {host}"))?;
    let stream: TcpStream = socket.into();
    stream.set_nodelay(true)?;
    Ok(stream)
}
