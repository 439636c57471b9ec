//! The endpoint and the network in front of it. The seed decides the fate of each exchange.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use central::store::{Actor, AuditContext, NewVerdict, Original};
use central::{Endpoint, Settings};
use device::sync::{Answer, Call, Reads, Sender, Transport, WireReply, WireRequest};
use device::view::SyncError;
use environment::{Clock as _, Environment};
use evidence::{Body as Payload, DeviceKey, PhotoHash, Unverified};
use protocol::{Decision, Outcome, Problem, ProblemCode, PushRequest, PushResponse};
use tally::{Election, StationId};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;
use tower::ServiceExt as _;

use super::VirtualTime;
use super::witness::kill;
use crate::data::demo_election;
use crate::rng::{SeededRng, TestRng};

static ELECTION: LazyLock<Option<Election>> = LazyLock::new(|| tally::load::read(&demo_election()).ok());

/// Maximum number of exchanges in one sync of one device. More would be a retry storm.
const EXCHANGES_PER_SYNC_MAX: u32 = 300;

/// What happens to an exchange of request and response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing goes wrong.
    Delivered,
    /// The request is lost.
    RequestLost,
    /// The response is lost.
    ResponseLost,
    /// The request arrives twice, and the second response comes back.
    Twice,
    /// The request arrives later, and nobody receives its response.
    Late,
    /// The connection breaks in the middle of the request's body.
    CutShort,
    /// The endpoint throttles the device.
    Busy,
    /// A captive portal answers with its login page.
    LoginPage,
    /// The endpoint refuses permanently, because of a mistake of its own that will be mended.
    WronglyRefused,
    /// The endpoint is killed before the request arrives.
    CrashBefore,
    /// The endpoint is killed before its response leaves.
    CrashAfter,
}

/// The endpoint, and the network in front of it.
pub(crate) struct SimNetwork {
    state: Mutex<State>,
    time: VirtualTime,
    folder: TempDir,
}

struct State {
    endpoint: Endpoint,
    router: Router,
    rng: TestRng,
    calm: bool,
    late: Vec<WireRequest>,
    report: RunReport,
    /// Bytes of each photo that were sent to the endpoint.
    photo_bytes: BTreeMap<PhotoHash, u64>,
    /// Whether the last exchange of this sync failed.
    after_error: bool,
    /// Number of exchanges of this sync.
    exchanges_of_sync: u32,
    broken_promise: Option<String>,
}

/// What happened on the network in a night.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunReport {
    pub(crate) trace: Vec<u8>,
    pub(crate) exchanges: u32,
    pub(crate) disturbed: u32,
    pub(crate) kills: u32,
}

impl SimNetwork {
    pub(crate) fn open(seed: u64, time: VirtualTime) -> Result<Self> {
        let folder = fast_folder()?;
        let (endpoint, router) = open_endpoint(folder.path().join("endpoint"), seed, &time)?;
        let state = State {
            endpoint,
            router,
            rng: TestRng::new(seed ^ 0x0bad_cafe),
            calm: true,
            late: Vec::new(),
            report: RunReport::default(),
            photo_bytes: BTreeMap::new(),
            after_error: false,
            exchanges_of_sync: 0,
            broken_promise: None,
        };
        Ok(Self { state: Mutex::new(state), time, folder })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        self.state().endpoint.clone()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    pub(crate) fn report(&self) -> RunReport {
        self.state().report.clone()
    }

    pub(crate) fn photo_bytes(&self, hash: PhotoHash) -> u64 {
        self.state().photo_bytes.get(&hash).copied().unwrap_or(0)
    }

    /// From now on exchanges go wrong.
    pub(crate) fn begin_disturbance(&self) {
        self.state().calm = false;
    }

    /// Nothing goes wrong any more, and late requests arrive.
    pub(crate) async fn heal(&self) -> Result<()> {
        self.state().calm = true;
        self.deliver_late().await
    }

    /// The link of a new invitation for `station`.
    pub(crate) fn invite(&self, station: &StationId) -> Result<String> {
        let endpoint = self.endpoint();
        let mut made = endpoint.invite(std::slice::from_ref(station), &[], &Actor::Operator)?;
        Ok(made.pop().context("no invitation was made")?.link)
    }

    /// Appends the waiting statements to the log.
    pub(crate) fn sequence(&self) -> Result<()> {
        self.endpoint().sequence()?;
        Ok(())
    }

    /// A coordinator gives a verdict on a tally of the station, or asks for the original of a photo.
    pub(crate) fn coordinate(&self, rng: &mut TestRng, station: &StationId) -> Result<()> {
        let (endpoint, now_ms) = (self.endpoint(), self.time.now_ms());
        let stored = endpoint.store().statements_about(station)?;
        let Some(stored) = stored.get(rng.index(stored.len())) else { return Ok(()) };
        let statement = Unverified::parse(&stored.bytes)?.verify(&stored.key)?;
        let device = statement.claims.device;
        let audit = AuditContext { actor: &Actor::Operator, now_ms };
        match statement.body {
            Payload::Photo(photo) => {
                let original = Original { hash: photo.original, bytes: photo.original_bytes };
                endpoint.store().request_original(device, station, original, audit)?;
            }
            Payload::Tally(_) => {
                let decision = Decision::ALL[rng.index(Decision::ALL.len())];
                let verdict = NewVerdict { statement: statement.id, decision, reason: "periksa" };
                endpoint.store().record_verdict(device, station, verdict, audit)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Kills the endpoint and starts it again over its data.
    pub(crate) fn crash(&self) -> Result<()> {
        let mut state = self.state();
        state.report.kills += 1;
        let seed = u64::from(state.rng.below(u32::MAX));
        let (endpoint, router) = open_endpoint(self.folder.path().join("endpoint"), seed, &self.time)?;
        (state.endpoint, state.router) = (endpoint, router);
        Ok(())
    }

    /// Late requests arrive, in reverse order.
    pub(crate) async fn deliver_late(&self) -> Result<()> {
        let mut late = std::mem::take(&mut self.state().late);
        late.reverse();
        for request in late {
            self.deliver(&request).await?;
        }
        Ok(())
    }

    /// A device starts a sync.
    pub(crate) fn begin_sync(&self) {
        let mut state = self.state();
        (state.after_error, state.exchanges_of_sync) = (false, 0);
    }

    /// The first promise that a device broke, as an error.
    pub(crate) fn broken_promise(&self) -> Result<()> {
        match self.state().broken_promise.take() {
            Some(broken) => Err(anyhow!(broken)),
            None => Ok(()),
        }
    }

    fn fate(&self, request: &WireRequest) -> Fate {
        let mut state = self.state();
        state.exchanges_of_sync += 1;
        if state.exchanges_of_sync > EXCHANGES_PER_SYNC_MAX {
            state.broken_promise.get_or_insert_with(|| {
                format!("a retry storm: over {EXCHANGES_PER_SYNC_MAX} exchanges in one sync")
            });
        }
        if state.after_error {
            state.broken_promise.get_or_insert_with(|| "tried again at once after a failed exchange".into());
        }
        state.report.exchanges += 1;
        let fate = if state.calm || state.broken_promise.is_some() {
            Fate::Delivered
        } else {
            match state.rng.below(18) {
                0 | 1 => Fate::RequestLost,
                2 | 3 => Fate::ResponseLost,
                4 => Fate::Twice,
                5 => Fate::Late,
                6 if !request.body.is_empty() => Fate::CutShort,
                7 => Fate::Busy,
                8 => Fate::LoginPage,
                9 => Fate::WronglyRefused,
                10 => Fate::CrashBefore,
                11 => Fate::CrashAfter,
                _ => Fate::Delivered,
            }
        };
        state.report.disturbed += u32::from(fate != Fate::Delivered);
        state.report.trace.push(fate as u8);
        state.report.trace.extend_from_slice(&request.body);
        fate
    }

    async fn exchange_under_fate(&self, request: WireRequest, key: &DeviceKey) -> Result<Answer> {
        let fault = |fault| Ok(Answer::Failed(fault));
        match self.fate(&request) {
            Fate::Delivered => Ok(self.deliver(&request).await?.answer(request.reads)),
            Fate::RequestLost => fault(SyncError::Unreachable),
            Fate::ResponseLost => {
                self.deliver(&request).await?;
                fault(SyncError::Interrupted)
            }
            Fate::Twice => {
                self.deliver(&request).await?;
                Ok(self.deliver(&request).await?.answer(request.reads))
            }
            Fate::Late => {
                self.state().late.push(request);
                fault(SyncError::Interrupted)
            }
            Fate::CutShort => {
                self.deliver_cut_short(&request).await?;
                fault(SyncError::Interrupted)
            }
            Fate::Busy => Ok(refusal(ProblemCode::TooManyRequests, Some("30")).answer(request.reads)),
            Fate::LoginPage => {
                let page =
                    WireReply { status: 200, content_type: Some("text/html".into()), ..WireReply::default() };
                Ok(page.answer(request.reads))
            }
            Fate::WronglyRefused => Ok(self.refuse_wrongly(&request, key).await?.answer(request.reads)),
            Fate::CrashBefore => {
                self.crash()?;
                fault(SyncError::Unreachable)
            }
            Fate::CrashAfter => {
                self.deliver(&request).await?;
                self.crash()?;
                fault(SyncError::Interrupted)
            }
        }
    }

    /// An endpoint with the wrong election package refuses permanently, until an operator notices: a whole
    /// push, or its last statements.
    async fn refuse_wrongly(&self, request: &WireRequest, key: &DeviceKey) -> Result<WireReply> {
        if request.reads != Reads::Outcomes {
            return Ok(refusal(ProblemCode::Internal, None));
        }
        let mut push: PushRequest = protocol::from_cbor(&request.body)?;
        let count = push.statements.len();
        let accepted = usize::try_from(self.state().rng.below(u32::try_from(count)?))?;
        push.statements.truncate(accepted);
        let first_part = WireRequest { body: protocol::to_cbor(&push)?, ..request.clone() };
        let first_part = first_part.proven_by(key);
        let mut response: PushResponse = match accepted {
            0 => PushResponse { outcomes: Vec::new(), missing: Vec::new() },
            _ => protocol::from_cbor(&self.deliver(&first_part).await?.body)?,
        };
        let problem = || Problem::new(ProblemCode::ElectionWrong, "set up with the wrong package");
        response.outcomes.resize_with(count, || Outcome::Refused { problem: problem() });
        let body = protocol::to_cbor(&response)?;
        Ok(WireReply { status: 200, content_type: Some(protocol::CBOR.into()), body, ..WireReply::default() })
    }

    async fn deliver(&self, request: &WireRequest) -> Result<WireReply> {
        self.note_photo(request);
        let reply = self.call(request, Body::from(request.body.clone())).await?;
        let mut state = self.state();
        state.report.trace.extend_from_slice(&reply.status.to_be_bytes());
        state.report.trace.extend_from_slice(&reply.body);
        Ok(reply)
    }

    async fn deliver_cut_short(&self, request: &WireRequest) -> Result<()> {
        let length = u32::try_from(request.body.len())?;
        let arrived = usize::try_from(self.state().rng.below(length))?;
        let start = std::io::Cursor::new(request.body[..arrived].to_vec());
        let body = Body::from_stream(ReaderStream::new(start.chain(ConnectionReset)));
        self.call(request, body).await?;
        Ok(())
    }

    async fn call(&self, request: &WireRequest, body: Body) -> Result<WireReply> {
        let router = self.state().router.clone();
        let mut building = Request::builder().method(request.method).uri(&request.path);
        for (name, value) in &request.headers {
            building = building.header(*name, value);
        }
        let (parts, body) = router.oneshot(building.body(body)?).await?.into_parts();
        let header =
            |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let head = WireReply::new(parts.status.as_u16(), header, Vec::new());
        let body = axum::body::to_bytes(body, usize::MAX).await?.to_vec();
        Ok(WireReply { body, ..head })
    }

    /// Posts JSON outside of the schedule, for a device that joins.
    pub(crate) async fn post_undisturbed(&self, path: &str, json: Vec<u8>) -> Result<Vec<u8>> {
        let request = WireRequest {
            method: "POST",
            path: path.to_owned(),
            headers: vec![("content-type", "application/json".to_owned())],
            body: json,
            reads: Reads::LogKeys,
        };
        let reply = self.call(&request, Body::from(request.body.clone())).await?;
        anyhow::ensure!(reply.status == 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        Ok(reply.body)
    }

    fn note_photo(&self, request: &WireRequest) {
        if request.method == "PATCH"
            && let Some(hash) = request.path.rsplit('/').next().and_then(|hash| hash.parse().ok())
        {
            *self.state().photo_bytes.entry(hash).or_default() += request.body.len() as u64;
        }
    }
}

impl Transport for SimNetwork {
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        let answer = match WireRequest::of(call, sender.key) {
            Ok(request) => self.exchange_under_fate(request, sender.key).await,
            Err(fault) => Ok(Answer::Failed(fault)),
        };
        let mut state = self.state();
        match answer {
            Ok(answer) => {
                state.after_error = matches!(answer, Answer::Failed(_));
                if state.broken_promise.is_some() {
                    // A device with a broken promise may never stop syncing.
                    drop(state);
                    kill();
                }
                answer
            }
            Err(error) => {
                state.broken_promise.get_or_insert(format!("{error:#}"));
                Answer::Failed(SyncError::Interrupted)
            }
        }
    }
}

/// A body that ends with a reset connection.
struct ConnectionReset;

impl tokio::io::AsyncRead for ConnectionReset {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()))
    }
}

fn refusal(code: ProblemCode, retry_after: Option<&str>) -> WireReply {
    WireReply {
        status: 503,
        content_type: Some(Problem::MEDIA_TYPE.into()),
        retry_after: retry_after.map(str::to_owned),
        body: serde_json::to_vec(&Problem::new(code, "in the simulator")).unwrap_or_default(),
        ..WireReply::default()
    }
}

fn open_endpoint(data: PathBuf, seed: u64, time: &VirtualTime) -> Result<(Endpoint, Router)> {
    let environment = Environment::new(time.clone(), SeededRng::new(seed ^ 0x00e0_d901));
    let election = ELECTION.clone().context("the demo election")?;
    let settings = Settings {
        data,
        public_url: Some("https://endpoint.example".into()),
        log_key: None,
        invitation_days: central::INVITATION_DAYS,
        left_out_stations: central::package::LeftOutStations::Refused,
        free_space: central::FreeSpaceMarks::NONE,
        require_second_factor: false,
        boundaries: None,
        database: None,
        bucket: None,
        rates: central::Rates { requests_of_address: NonZeroU32::MAX, statements_of_device: NonZeroU32::MAX },
        behind_proxy: false,
    };
    let endpoint = Endpoint::open(&settings, Some(election), environment)?;
    let router = central::router(endpoint.clone());
    Ok((endpoint, router))
}

/// A folder in memory where the system has one. The simulator crashes programs, not disks.
pub(super) fn fast_folder() -> Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.context("making a folder")
}
