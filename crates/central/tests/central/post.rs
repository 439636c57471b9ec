//! An endpoint to test, phones that talk to it, and users who look at it.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use central::store::{Actor, User};
use central::view::{NewInvitation, Role};
use central::{Endpoint, Settings};
use environment::{Environment, SystemRng};
use evidence::{
    Body as Said, DeviceKey, Draft, Namespace, PhotoBody, PhotoHash, Sealed, StatementId, Subject,
    Supersedes, TallyBody,
};
use protocol::{
    EnrolRequest, EnrolResponse, Outcome, Problem, ProblemCode, ProofDetail, PushRequest, PushResponse,
};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use tally::{Election, Paper, StationId};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const PASSWORD: &str = "garam dan asam";
/// 2026-12-09 13:00 in Mataram.
pub(crate) const NOON_MS: i64 = 1_796_792_400_000;

/// The demo election as JSON, to be changed by a test.
pub(crate) fn demo_json() -> serde_json::Value {
    package_json("demo.json")
}

/// A package of the repository as JSON.
pub(crate) fn package_json(file: &str) -> serde_json::Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections").join(file);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

pub(crate) fn election(json: &serde_json::Value) -> Election {
    Election::from_json(&json.to_string()).unwrap()
}

/// A clock that a test sets.
#[derive(Debug, Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOON_MS)))
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn environment(&self) -> Environment {
        Environment::new(self.clone(), SystemRng)
    }
}

impl environment::Clock for Clock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// An endpoint in a folder of its own.
pub(crate) struct Post {
    pub(crate) endpoint: Endpoint,
    pub(crate) clock: Clock,
    router: Router,
    /// The seed of the device that enrolled last.
    sender: Mutex<Option<[u8; 32]>>,
    pub(crate) folder: TempDir,
}

impl Post {
    /// Looks or reaches into the database behind the endpoint's back.
    pub(crate) fn sql(&self, sql: &str) -> Vec<String> {
        match database_of(self.folder.path()) {
            Some(database) => psql(&database, sql),
            None => sqlite(&self.folder.path().join("central.sqlite"), sql),
        }
    }

    /// Whether the store is on a server, where bytes are written otherwise.
    pub(crate) fn is_on_a_server(&self) -> bool {
        database_of(self.folder.path()).is_some()
    }

    /// Everything that the database holds, as bytes.
    pub(crate) fn dump(&self) -> Vec<(String, Vec<u8>)> {
        if let Some(database) = database_of(self.folder.path()) {
            let done = Command::new("pg_dump").arg(&database).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            return vec![(database, done.stdout)];
        }
        ["central.sqlite", "central.sqlite-wal"]
            .map(|file| (file.to_owned(), std::fs::read(self.folder.path().join(file)).unwrap()))
            .into()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of a refusal, which must look like one in every way.
    pub(crate) fn code(&self) -> ProblemCode {
        assert_eq!(
            self.headers["content-type"],
            Problem::MEDIA_TYPE,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.status, problem.code.status());
        problem.code
    }

    pub(crate) fn offset(&self) -> u64 {
        self.headers["upload-offset"].to_str().unwrap().parse().unwrap()
    }
}

impl Post {
    pub(crate) fn new() -> Self {
        Self::of(&demo_json())
    }

    pub(crate) fn of(package: &serde_json::Value) -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
        let settings = settings(folder.path());
        let endpoint = Endpoint::open(&settings, Some(election(package)), clock.environment()).unwrap();
        Self::around(endpoint, folder, clock)
    }

    /// An endpoint that was opened otherwise.
    pub(crate) fn around(endpoint: Endpoint, folder: TempDir, clock: Clock) -> Self {
        Self { router: central::router(endpoint.clone()), endpoint, clock, sender: Mutex::default(), folder }
    }

    pub(crate) fn paper(&self) -> Paper {
        self.endpoint.election().paper(&"ppwp".parse().unwrap()).unwrap()
    }

    /// The places of the election's stations, in its order.
    pub(crate) fn station(&self, place: usize) -> StationId {
        self.endpoint.election().stations().nth(place).unwrap()
    }

    /// Sends a request. One for enrolled devices carries the proof of the device that enrolled last, or of a
    /// device that enrols for it.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        if !is_for_devices(&request) || request.headers().contains_key(protocol::DEVICE_HEADER) {
            return self.send_as_is(request).await;
        }
        let key = self.sender().await;
        self.send_as_is(proven(request, &key).await).await
    }

    /// The key of the device that enrolled last; one enrols where none did.
    pub(crate) async fn sender(&self) -> DeviceKey {
        let known = *self.sender.lock().unwrap();
        match known {
            Some(seed) => DeviceKey::from_seed(seed),
            None => Box::pin(self.phone_at(250, &self.station(0))).await.key,
        }
    }

    /// Sends a request without adding anything.
    pub(crate) async fn send_as_is(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// Requests as a browser does, after the counts have followed the statements.
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.endpoint.settle_counts().unwrap();
        self.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_json(&self, path: &str, cookie: &str, body: serde_json::Value) -> Answer {
        let request = Request::post(path)
            .header("cookie", cookie)
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Adds a user and logs them in: their cookie.
    pub(crate) async fn user(&self, name: &str, role: Role, region: Option<&str>) -> String {
        let region = region.map(|code| code.parse().unwrap());
        let user = User { name: name.to_owned(), role, region };
        self.endpoint.add_user(&user, PASSWORD, &Actor::Operator).unwrap();
        let answer = self.log_in(name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
        cookie_of(&answer)
    }

    /// Changes the password of the user of a session: the cookie of the new session.
    pub(crate) async fn choose_password(&self, cookie: &str, old: &str, new: &str) -> String {
        let body = serde_json::json!({ "old": old, "new": new });
        let answer = self.post_json("/api/session/password", cookie, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        cookie_of(&answer)
    }

    pub(crate) async fn log_in(&self, name: &str, password: &str) -> Answer {
        self.post_json("/api/login", "", serde_json::json!({ "user": name, "password": password })).await
    }

    pub(crate) fn invite(&self, station: &StationId) -> NewInvitation {
        self.endpoint.invite(std::slice::from_ref(station), &[], &Actor::Operator).unwrap().remove(0)
    }

    pub(crate) async fn enrol(&self, request: &EnrolRequest) -> Answer {
        let answer = self.post_json("/v1/enrol", "", serde_json::to_value(request).unwrap()).await;
        if answer.status.is_success() {
            *self.sender.lock().unwrap() = LAST_REQUEST.get();
        }
        answer
    }

    /// A phone that is enrolled for a station.
    pub(crate) async fn phone_at(&self, seed: u8, station: &StationId) -> Phone {
        let phone = Phone::new(seed);
        let invitation = self.invite(station);
        let _: EnrolResponse = self.enrol(&phone.asks_with(&invitation.code)).await.json();
        phone
    }

    pub(crate) async fn push(&self, statements: &[&[u8]]) -> Vec<Outcome> {
        let statements = statements.iter().map(|bytes| ByteBuf::from(bytes.to_vec())).collect();
        let body = protocol::to_cbor(&PushRequest { statements }).unwrap();
        let answer = self.send(push_of(body)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let response: PushResponse = protocol::from_cbor(&answer.body).unwrap();
        response.outcomes
    }

    pub(crate) async fn post_bytes(&self, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path).header("content-type", media_type).body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Pushes one statement: its code if it is refused.
    pub(crate) async fn push_one(&self, bytes: &[u8]) -> Result<i64, ProblemCode> {
        match self.push(&[bytes]).await.remove(0) {
            Outcome::Accepted { received_at_ms, .. } => Ok(received_at_ms),
            Outcome::Refused { problem } => Err(problem.code),
        }
    }

    pub(crate) async fn photo_offset(&self, hash: PhotoHash) -> Answer {
        let path = format!("/v1/photos/{hash}");
        self.send(Request::head(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn photo_piece(&self, hash: PhotoHash, offset: u64, piece: &[u8]) -> Answer {
        let request = Request::builder()
            .method(Method::PATCH)
            .uri(format!("/v1/photos/{hash}"))
            .header("content-type", protocol::PHOTO_PIECE)
            .header("upload-offset", offset)
            .body(Body::from(piece.to_vec()))
            .unwrap();
        self.send(request).await
    }
}

/// The cookie that an answer sets.
pub(crate) fn cookie_of(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

pub(crate) fn settings(folder: &Path) -> Settings {
    Settings {
        data: folder.to_owned(),
        public_url: Some(String::from("https://saksi.example")),
        log_key: None,
        invitation_days: central::INVITATION_DAYS,
        left_out_stations: central::package::LeftOutStations::Refused,
        free_space: central::FreeSpaceMarks::NONE,
        require_second_factor: false,
        boundaries: None,
        database: database_of(folder),
        bucket: bucket_of(folder),
        rates: central::Rates::default(),
        behind_proxy: false,
    }
}

/// The server on which the store of this folder lies, where the tests are to run on one: a database of its
/// own on the server that `SAKSI_TEST_POSTGRES` names.
fn database_of(folder: &Path) -> Option<String> {
    let server = std::env::var("SAKSI_TEST_POSTGRES").ok()?;
    let name = database_name(folder);
    let made =
        Command::new("psql").args([&server, "-qc", &format!("CREATE DATABASE {name}")]).output().unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() || said.contains("already exists"), "{said}");
    Some(format!("{}/{name}", server.trim_end_matches('/')))
}

/// The place in a bucket where the photos of this folder lie, where the tests are to run with one.
fn bucket_of(folder: &Path) -> Option<String> {
    let bucket = std::env::var("SAKSI_TEST_BUCKET").ok()?;
    Some(format!("{bucket}/{}", database_name(folder)))
}

/// Names of temporary folders differ in the case of letters, which a server does not see.
fn database_name(folder: &Path) -> String {
    let digits: String =
        folder.as_os_str().as_encoded_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("saksi_{}", digits.get(digits.len().saturating_sub(40)..).unwrap_or_default())
}

fn psql(database: &str, sql: &str) -> Vec<String> {
    let done = Command::new("psql").args([database, "-qAtc", sql]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn sqlite(file: &Path, sql: &str) -> Vec<String> {
    let database = Connection::open(file).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns).map(|column| row.get_ref(column).map(|value| format!("{value:?}"))).collect()
    });
    rows.unwrap().map(|row: rusqlite::Result<Vec<String>>| row.unwrap().join(" ")).collect()
}

thread_local! {
    /// The seed of the device that asked last to enrol.
    static LAST_REQUEST: Cell<Option<[u8; 32]>> = const { Cell::new(None) };
}

fn is_for_devices(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    use protocol::path::{DRILL, DRILL_RESULTS, INBOX, RECEIPTS, STATEMENTS};
    [STATEMENTS, RECEIPTS, INBOX, DRILL, DRILL_RESULTS].contains(&path)
        || path.starts_with(protocol::path::PHOTOS)
}

/// The request with the proof that this device sends it.
pub(crate) async fn proven(request: Request<Body>, key: &DeviceKey) -> Request<Body> {
    let (mut head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let offset =
        head.headers.get(protocol::UPLOAD_OFFSET).and_then(|offset| offset.to_str().ok()?.parse().ok());
    let detail = match head.method {
        Method::POST | Method::PUT => ProofDetail::Body(&body),
        Method::PATCH => ProofDetail::Offset(offset.unwrap_or(0)),
        _ => ProofDetail::Nothing,
    };
    let message = protocol::request_proof_message(head.method.as_str(), head.uri.path(), detail);
    let proof: String = key.sign_message(&message).iter().map(|byte| format!("{byte:02x}")).collect();
    let device = key.public().device_id().to_string();
    head.headers.insert(protocol::DEVICE_HEADER, device.parse().unwrap());
    head.headers.insert(protocol::PROOF_HEADER, proof.parse().unwrap());
    Request::from_parts(head, Body::from(body))
}

/// A request that claims to come from a device, under a proof that does not hold.
pub(crate) fn claimed(mut request: Request<Body>, key: &DeviceKey) -> Request<Body> {
    let headers = request.headers_mut();
    headers.insert(protocol::DEVICE_HEADER, key.public().device_id().to_string().parse().unwrap());
    headers.insert(protocol::PROOF_HEADER, "00".repeat(64).parse().unwrap());
    request
}

pub(crate) fn push_of(body: impl Into<Body>) -> Request<Body> {
    Request::post("/v1/statements").header("content-type", protocol::CBOR).body(body.into()).unwrap()
}

/// A device, with its chain.
pub(crate) struct Phone {
    pub(crate) key: DeviceKey,
    seed: [u8; 32],
    sequence: u64,
    previous: Option<StatementId>,
}

impl Phone {
    pub(crate) fn new(seed: u8) -> Self {
        let seed = [seed; 32];
        Self { key: DeviceKey::from_seed(seed), seed, sequence: 0, previous: None }
    }

    pub(crate) fn asks_with(&self, code: &str) -> EnrolRequest {
        LAST_REQUEST.set(Some(self.seed));
        let proof = self.key.sign_message(&protocol::enrol_proof_message(code));
        EnrolRequest {
            invitation: code.to_owned(),
            public_key: self.key.public().to_hex(),
            proof: proof.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// Seals the next statement of the chain.
    pub(crate) fn seal(&mut self, subject: Subject, body: Said) -> Sealed {
        self.sequence += 1;
        let sealed = self.seal_again(subject, body);
        self.previous = Some(sealed.id);
        sealed
    }

    /// Seals under the sequence number that the last statement has: a fork, if the body is another.
    pub(crate) fn seal_again(&self, subject: Subject, body: Said) -> Sealed {
        let previous = if self.sequence == 1 { None } else { self.previous };
        let draft = Draft { subject, sealed_at_s: NOON_MS / 1_000, sequence: self.sequence, previous, body };
        draft.seal(&self.key).unwrap()
    }

    pub(crate) fn tally(&mut self, station: &StationId, body: TallyBody) -> Sealed {
        self.seal(demo_subject(station), Said::Tally(body))
    }

    pub(crate) fn photo(
        &mut self,
        station: &StationId,
        tally: StatementId,
        page: u8,
        bytes: &[u8],
    ) -> Sealed {
        self.seal(demo_subject(station), Said::Photo(photo_body(tally, page, bytes)))
    }
}

pub(crate) fn demo_subject(station: &StationId) -> Subject {
    Subject {
        namespace: Namespace::Real,
        election: String::from("demo-selaparang"),
        station: station.to_string(),
    }
}

pub(crate) fn photo_body(tally: StatementId, page: u8, bytes: &[u8]) -> PhotoBody {
    let derivative = hash_of(bytes);
    let derivative_bytes = bytes.len() as u64;
    PhotoBody {
        tally,
        page,
        original: PhotoHash([9; 32]),
        original_bytes: 3_000_000,
        derivative,
        derivative_bytes,
        seen: None,
    }
}

pub(crate) fn hash_of(bytes: &[u8]) -> PhotoHash {
    use sha2::{Digest as _, Sha256};
    PhotoHash(Sha256::digest(bytes).into())
}

/// A picture of some noise, so that it has many bytes.
pub(crate) fn picture(seed: u8, side: u32) -> Vec<u8> {
    let mut state = u32::from(seed) + 1;
    let noise = image::GrayImage::from_fn(side, side, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([state.to_be_bytes()[0]])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A tally in which everything adds up: the three candidates' votes, no invalid ones.
pub(crate) fn sound_tally(paper: &Paper, votes: [u32; 3]) -> TallyBody {
    let all: i64 = votes.iter().copied().map(i64::from).sum();
    let figure = |code: &str| match code {
        "IV.1" => i64::from(votes[0]),
        "IV.2" => i64::from(votes[1]),
        "IV.3" => i64::from(votes[2]),
        "I.A.L" | "I.A.J" | "I.B.1.L" | "I.B.1.J" | "I.B.4.L" | "I.B.4.J" | "II.1" | "II.2" | "V.A"
        | "V.C" => all,
        _ => 0,
    };
    TallyBody {
        contest: String::from("ppwp"),
        package_version: 1,
        form: paper.form().id.to_string(),
        figures: paper.fields().iter().map(|field| Some(figure(field.code.as_str()))).collect(),
        acknowledged: Vec::new(),
        supersedes: None,
        round: 1,
    }
}

/// The same, as a correction.
pub(crate) fn correction(paper: &Paper, votes: [u32; 3], of: StatementId, reason: &str) -> TallyBody {
    let supersedes = Some(Supersedes { statement: of, reason: reason.to_owned() });
    TallyBody { supersedes, ..sound_tally(paper, votes) }
}
