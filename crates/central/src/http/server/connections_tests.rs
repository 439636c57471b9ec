//! Hostile clients at a listener with short limits.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;

use super::*;

/// Longest time that a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(10);
/// More bytes than the sockets of both ends keep.
const LARGE: usize = 32 * 1024 * 1024;
static LARGE_BYTES: [u8; LARGE] = [7; LARGE];

fn hurried() -> ConnectionLimits {
    let pace = Pace { grace: Duration::from_millis(150), least_rate: 100_000_000, ..Pace::REQUEST };
    ConnectionLimits { requests: pace, answers: pace, ..ConnectionLimits::default() }
}

/// A listener that serves until its handle is dropped.
struct Listening {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn listen(limits: ConnectionLimits) -> Listening {
    let router = Router::new()
        .route("/small", get(|| async { "ok" }))
        .route("/large", get(|| async { Bytes::from_static(&LARGE_BYTES) }))
        .route("/body", post(whole_body));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        serve(listener, router, None, limits, stop).await
    });
    Listening { address, _stop: stop }
}

async fn whole_body(request: Request) -> StatusCode {
    match request.into_body().collect().await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    }
}

impl Listening {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn small(&self) -> String {
        let mut stream = self.connect().await;
        stream.write_all(b"GET /small HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        read_to_end(&mut stream).await
    }
}

/// What the server sends until it closes the connection.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A closed connection may end with an error.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("it closes");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits until the server has closed the connection, without reading from it.
async fn closed(stream: &TcpStream) {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        // A write to a connection that the other end has closed fails.
        if stream.writable().await.is_err() || matches!(stream.try_write(&[0]), Err(error) if is_gone(&error))
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the connection is still open");
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_answered_with_408() {
    let listening = listen(hurried()).await;
    let mut stream = listening.connect().await;
    stream.write_all(b"POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n").await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let dribble = async {
        while writer.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = [0; 12];
    tokio::select! {
        read = tokio::time::timeout(PATIENCE, reader.read_exact(&mut answer)) => drop(read.unwrap().unwrap()),
        () = dribble => {}
    }
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_closes_its_connection() {
    let listening = listen(hurried()).await;
    let mut stream = listening.connect().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    closed(&stream).await;
}

#[tokio::test]
async fn http2_requests_without_a_window_close_their_connection() {
    let listening = listen(hurried()).await;
    for path in [&b"/large"[..], b"/small"] {
        let mut stream = listening.connect().await;
        stream.write_all(&http2_requests(path, 8)).await.unwrap();
        read_to_end(&mut stream).await;
    }
}

/// The start of an HTTP/2 connection that grants no window, with some requests.
fn http2_requests(path: &[u8], count: u32) -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // SETTINGS: INITIAL_WINDOW_SIZE (4) = 0.
    bytes.extend([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
    for request in 0..count {
        // `:method GET`, `:scheme http`, and the literals `:path` and `:authority a`.
        let mut headers = vec![0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap()];
        headers.extend(path);
        headers.extend([0x01, 1, b'a']);
        bytes.extend([0, 0, u8::try_from(headers.len()).unwrap(), 1, 5]);
        bytes.extend((2 * request + 1).to_be_bytes());
        bytes.extend(headers);
    }
    bytes
}

#[tokio::test]
async fn an_answer_that_is_read_arrives_whole() {
    let listening = listen(ConnectionLimits::default()).await;
    let mut stream = listening.connect().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.contains(&format!("content-length: {LARGE}\r\n")));
    assert!(answer.ends_with('\u{7}') && answer.len() > LARGE);
}

#[tokio::test]
async fn when_all_slots_are_held_by_unfinished_bodies_another_client_is_still_answered() {
    let limits = ConnectionLimits { all: 20, of_one_address: 20, ..ConnectionLimits::default() };
    let listening = listen(limits).await;
    let mut open = Vec::new();
    for _ in 0..25 {
        let mut stream = listening.connect().await;
        stream.write_all(b"POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nx").await.unwrap();
        open.push(stream);
    }
    assert!(listening.small().await.starts_with("HTTP/1.1 200"));
    assert_eq!(read_to_end(&mut open[0]).await, "", "the idlest made room");
}

#[tokio::test]
async fn a_connection_without_a_request_closes() {
    let limits = ConnectionLimits { idle_timeout: Duration::from_millis(100), ..ConnectionLimits::default() };
    let listening = listen(limits).await;
    let mut stream = listening.connect().await;
    // The preface of HTTP/2, and then nothing: the timeout of HTTP/1 headers does not see it.
    stream.write_all(&http2_requests(b"/small", 0)).await.unwrap();
    read_to_end(&mut stream).await;
}
