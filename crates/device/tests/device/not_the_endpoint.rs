//! Answers that are not the endpoint's are classified, over real connections by the real transport.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use device::sync::{Answer, Call, HttpTransport, Sender, Transport};
use device::view::SyncError;
use evidence::DeviceKey;
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

fn error(answer: Answer) -> SyncError {
    let Answer::Failed(error) = answer else { unreachable!("{answer:?}") };
    error
}

async fn push_to(base: &str) -> SyncError {
    let sender = Sender { endpoint: base, key: &DeviceKey::from_seed([1; 32]) };
    error(HttpTransport::new().unwrap().exchange(sender, Call::Push(vec![vec![1, 2, 3]])).await)
}

/// Answers one request with `reply`, whatever it is.
fn answering(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        stream.write_all(reply.as_bytes()).unwrap();
    });
    address
}

/// Speaks TLS with a certificate that `change` made its own.
fn certified(change: impl FnOnce(&mut CertificateParams)) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    change(&mut parameters);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        // The other side hangs up as soon as it has seen the certificate.
        let _ = connection.complete_io(&mut stream);
    });
    address
}

#[tokio::test]
async fn a_login_page_a_proxy_and_a_broken_connection_are_distinguished() {
    let login =
        answering("HTTP/1.1 302 Found\r\nLocation: http://hotspot.example/\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(push_to(&login).await, SyncError::LoginPage);
    let page = answering("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nlogin");
    assert_eq!(push_to(&page).await, SyncError::LoginPage);
    let gateway =
        answering("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(push_to(&gateway).await, SyncError::Unreachable);
    let broken =
        answering("HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\nContent-Length: 500\r\n\r\n..");
    assert_eq!(push_to(&broken).await, SyncError::Interrupted);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(push_to(&format!("http://{nobody}")).await, SyncError::Unreachable);
}

#[tokio::test]
async fn a_wrong_certificate_is_an_error_and_nothing_is_sent() {
    assert_eq!(push_to(&certified(|_| {})).await, SyncError::CertificateWrong);
}
