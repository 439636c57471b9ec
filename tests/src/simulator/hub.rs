//! The endpoint and the network in front of it, which does to each exchange what the seed decides.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use central::store::Actor;
use central::{Endpoint, Outside, Settings};
use device::sync::{Answer, Call, Reads, Transport, WireReply, WireRequest};
use device::view::SyncFault;
use evidence::{Body as Said, PhotoHash, Unverified};
use protocol::{Decision, Outcome, Problem, ProblemCode, PushRequest, PushResponse};
use tally::{Election, StationId};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;
use tower::ServiceExt as _;

use super::Time;
use super::witness::kill;
use crate::data::demo_election;
use crate::fleet::Chance;

static ELECTION: LazyLock<Option<Election>> = LazyLock::new(|| tally::load::read(&demo_election()).ok());

/// Exchanges in one sitting of one device: more are a storm.
const STORM: u32 = 300;

/// What happens to an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes through.
    Through,
    /// The request is lost on its way.
    LostBefore,
    /// The answer is lost on its way.
    LostAfter,
    /// The request arrives twice, and the second answer comes back.
    Twice,
    /// The request arrives later, and its answer finds nobody.
    Late,
    /// The connection breaks off in the middle of the request's body.
    CutShort,
    /// The endpoint asks to be left alone for a while.
    Busy,
    /// A login page answers in the endpoint's place.
    LoginPage,
    /// The endpoint refuses for good, for a reason of its own that will pass.
    WronglyRefused,
    /// The endpoint is killed before it has the request.
    CrashBefore,
    /// The endpoint is killed before its answer is out.
    CrashAfter,
}

/// The endpoint, and everything on its way to it.
pub(crate) struct Hub {
    state: Mutex<State>,
    time: Time,
    folder: TempDir,
}

struct State {
    endpoint: Endpoint,
    router: Router,
    chance: Chance,
    calm: bool,
    late: Vec<WireRequest>,
    told: Told,
    /// Bytes of each photo that reached the endpoint.
    photo_bytes: BTreeMap<PhotoHash, u64>,
    /// Whether the last exchange of this sitting ended in a fault, and how many there were.
    after_fault: bool,
    sitting: u32,
    broken: Option<String>,
}

/// What is told of a night.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) trace: Vec<u8>,
    pub(crate) exchanges: u32,
    pub(crate) troubled: u32,
    pub(crate) kills: u32,
}

impl Hub {
    pub(crate) fn open(seed: u64, time: Time) -> Result<Self> {
        let folder = fast_folder()?;
        let (endpoint, router) = open_endpoint(folder.path().join("endpoint"), seed, &time)?;
        let state = State {
            endpoint,
            router,
            chance: Chance::new(seed ^ 0x0bad_cafe),
            calm: true,
            late: Vec::new(),
            told: Told::default(),
            photo_bytes: BTreeMap::new(),
            after_fault: false,
            sitting: 0,
            broken: None,
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

    pub(crate) fn told(&self) -> Told {
        self.state().told.clone()
    }

    pub(crate) fn photo_bytes(&self, hash: PhotoHash) -> u64 {
        self.state().photo_bytes.get(&hash).copied().unwrap_or(0)
    }

    /// From here on things go wrong.
    pub(crate) fn begin_trouble(&self) {
        self.state().calm = false;
    }

    /// The network heals; what was on its way arrives.
    pub(crate) async fn heal(&self) -> Result<()> {
        self.state().calm = true;
        self.deliver_late().await
    }

    /// An invitation's link for `station`.
    pub(crate) fn invite(&self, station: &StationId) -> Result<String> {
        let endpoint = self.endpoint();
        let mut made = endpoint.invite(std::slice::from_ref(station), &[], &Actor::Operator)?;
        Ok(made.pop().context("no invitation was made")?.link)
    }

    /// The log takes in what arrived.
    pub(crate) fn sequence(&self) -> Result<()> {
        self.endpoint().sequence()?;
        Ok(())
    }

    /// A coordinator decides on a tally of the station, or asks for the original of a photo.
    pub(crate) fn coordinate(&self, chance: &mut Chance, station: &StationId) -> Result<()> {
        let (endpoint, now_ms) = (self.endpoint(), self.time.now_ms());
        let kept = endpoint.store().statements_about(station)?;
        let Some(kept) = kept.get(usize::try_from(chance.below(u32::try_from(kept.len().max(1))?))?) else {
            return Ok(());
        };
        let statement = Unverified::parse(&kept.bytes)?.verify(&kept.key)?;
        let (about, actor) = ((statement.claims.device, station), Actor::Operator);
        match statement.body {
            Said::Photo(photo) => {
                let original = (photo.original, photo.original_bytes);
                endpoint.store().ask_for_original(about, original, &actor, now_ms)?;
            }
            Said::Tally(_) => {
                let decision = Decision::ALL[usize::try_from(chance.below(3))?];
                endpoint.store().decide(about, statement.id, (decision, "periksa"), &actor, now_ms)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The endpoint is killed and comes back over its data.
    pub(crate) fn crash(&self) -> Result<()> {
        let mut state = self.state();
        state.told.kills += 1;
        let seed = u64::from(state.chance.below(u32::MAX));
        let (endpoint, router) = open_endpoint(self.folder.path().join("endpoint"), seed, &self.time)?;
        (state.endpoint, state.router) = (endpoint, router);
        Ok(())
    }

    /// What was late arrives, in another order.
    pub(crate) async fn deliver_late(&self) -> Result<()> {
        let mut late = std::mem::take(&mut self.state().late);
        late.reverse();
        for request in late {
            self.deliver(&request).await?;
        }
        Ok(())
    }

    /// A device begins to send: what is remembered of its last sitting is forgotten.
    pub(crate) fn begin_sitting(&self) {
        let mut state = self.state();
        (state.after_fault, state.sitting) = (false, 0);
    }

    /// What went wrong that never should, if something did.
    pub(crate) fn broken(&self) -> Result<()> {
        match self.state().broken.take() {
            Some(broken) => Err(anyhow!(broken)),
            None => Ok(()),
        }
    }

    fn fate(&self, request: &WireRequest) -> Fate {
        let mut state = self.state();
        state.sitting += 1;
        if state.sitting > STORM {
            state.broken.get_or_insert_with(|| format!("a storm: over {STORM} exchanges in one sitting"));
        }
        if state.after_fault {
            state.broken.get_or_insert_with(|| "tried again at once after a fault".into());
        }
        state.told.exchanges += 1;
        let fate = if state.calm || state.broken.is_some() {
            Fate::Through
        } else {
            match state.chance.below(18) {
                0 | 1 => Fate::LostBefore,
                2 | 3 => Fate::LostAfter,
                4 => Fate::Twice,
                5 => Fate::Late,
                6 if !request.body.is_empty() => Fate::CutShort,
                7 => Fate::Busy,
                8 => Fate::LoginPage,
                9 => Fate::WronglyRefused,
                10 => Fate::CrashBefore,
                11 => Fate::CrashAfter,
                _ => Fate::Through,
            }
        };
        state.told.troubled += u32::from(fate != Fate::Through);
        state.told.trace.push(fate as u8);
        state.told.trace.extend_from_slice(&request.body);
        fate
    }

    async fn suffer(&self, request: WireRequest) -> Result<Answer> {
        let fault = |fault| Ok(Answer::Fault(fault));
        match self.fate(&request) {
            Fate::Through => Ok(self.deliver(&request).await?.answer(request.reads)),
            Fate::LostBefore => fault(SyncFault::Unreachable),
            Fate::LostAfter => {
                self.deliver(&request).await?;
                fault(SyncFault::Interrupted)
            }
            Fate::Twice => {
                self.deliver(&request).await?;
                Ok(self.deliver(&request).await?.answer(request.reads))
            }
            Fate::Late => {
                self.state().late.push(request);
                fault(SyncFault::Interrupted)
            }
            Fate::CutShort => {
                self.deliver_cut_short(&request).await?;
                fault(SyncFault::Interrupted)
            }
            Fate::Busy => Ok(refusal(ProblemCode::TooManyRequests, Some("30")).answer(request.reads)),
            Fate::LoginPage => {
                let page =
                    WireReply { status: 200, content_type: Some("text/html".into()), ..WireReply::default() };
                Ok(page.answer(request.reads))
            }
            Fate::WronglyRefused => Ok(self.refuse_wrongly(&request).await?.answer(request.reads)),
            Fate::CrashBefore => {
                self.crash()?;
                fault(SyncFault::Unreachable)
            }
            Fate::CrashAfter => {
                self.deliver(&request).await?;
                self.crash()?;
                fault(SyncFault::Interrupted)
            }
        }
    }

    /// An endpoint that was set up with the wrong package refuses for good, until somebody sees it: all of a push, or its
    /// last statements.
    async fn refuse_wrongly(&self, request: &WireRequest) -> Result<WireReply> {
        if request.reads != Reads::Outcomes {
            return Ok(refusal(ProblemCode::Internal, None));
        }
        let mut push: PushRequest = protocol::from_cbor(&request.body)?;
        let count = push.statements.len();
        let taken = usize::try_from(self.state().chance.below(u32::try_from(count)?))?;
        push.statements.truncate(taken);
        let taken_in = WireRequest { body: protocol::to_cbor(&push)?, ..request.clone() };
        let mut response: PushResponse = match taken {
            0 => PushResponse { outcomes: Vec::new(), missing: Vec::new() },
            _ => protocol::from_cbor(&self.deliver(&taken_in).await?.body)?,
        };
        let problem = || Problem::new(ProblemCode::ElectionWrong, "set up wrongly");
        response.outcomes.resize_with(count, || Outcome::Refused { problem: problem() });
        let body = protocol::to_cbor(&response)?;
        Ok(WireReply { status: 200, content_type: Some(protocol::CBOR.into()), body, ..WireReply::default() })
    }

    async fn deliver(&self, request: &WireRequest) -> Result<WireReply> {
        self.note_photo(request);
        let reply = self.call(request, Body::from(request.body.clone())).await?;
        let mut state = self.state();
        state.told.trace.extend_from_slice(&reply.status.to_be_bytes());
        state.told.trace.extend_from_slice(&reply.body);
        Ok(reply)
    }

    async fn deliver_cut_short(&self, request: &WireRequest) -> Result<()> {
        let length = u32::try_from(request.body.len())?;
        let kept = usize::try_from(self.state().chance.below(length))?;
        let begin = std::io::Cursor::new(request.body[..kept].to_vec());
        let body = Body::from_stream(ReaderStream::new(begin.chain(HungUp)));
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
        let head = WireReply {
            status: parts.status.as_u16(),
            content_type: header("content-type"),
            upload_offset: header(protocol::UPLOAD_OFFSET),
            retry_after: header("retry-after"),
            body: Vec::new(),
        };
        let body = axum::body::to_bytes(body, usize::MAX).await?.to_vec();
        Ok(WireReply { body, ..head })
    }

    /// Asks something outside of the schedule, for a device that joins.
    pub(crate) async fn ask(&self, path: &str, json: Vec<u8>) -> Result<Vec<u8>> {
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

impl Transport for Hub {
    async fn exchange(&self, _: &str, call: Call) -> Answer {
        let answer = match WireRequest::of(call) {
            Ok(request) => self.suffer(request).await,
            Err(fault) => Ok(Answer::Fault(fault)),
        };
        let mut state = self.state();
        match answer {
            Ok(answer) => {
                state.after_fault = matches!(answer, Answer::Fault(_));
                if state.broken.is_some() {
                    // What is broken may never stop by itself.
                    drop(state);
                    kill();
                }
                answer
            }
            Err(error) => {
                state.broken.get_or_insert(format!("{error:#}"));
                Answer::Fault(SyncFault::Interrupted)
            }
        }
    }
}

/// The other side hung up.
struct HungUp;

impl tokio::io::AsyncRead for HungUp {
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
        body: serde_json::to_vec(&Problem::new(code, "in the simulation")).unwrap_or_default(),
        ..WireReply::default()
    }
}

fn open_endpoint(data: PathBuf, seed: u64, time: &Time) -> Result<(Endpoint, Router)> {
    let chance = Mutex::new(Chance::new(seed ^ 0x00e0_d901));
    let clock = time.clone();
    let outside = Outside::new(
        move || clock.now_ms(),
        move |bytes| {
            let mut chance = chance.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.iter_mut().for_each(|byte| *byte = u8::try_from(chance.below(256)).unwrap_or_default());
            Ok(())
        },
    );
    let election = ELECTION.clone().context("the demo election")?;
    let settings = Settings {
        data,
        public_url: Some("http://endpoint.example".into()),
        log_key: None,
        database: None,
        bucket: None,
        rates: central::Rates { requests_of_address: NonZeroU32::MAX, statements_of_device: NonZeroU32::MAX },
        behind_proxy: false,
    };
    let endpoint = Endpoint::open(&settings, Some(election), outside)?;
    let router = central::router(endpoint.clone());
    Ok((endpoint, router))
}

/// A folder in memory where there is one: what is simulated is a crash of programs, and not of disks.
pub(super) fn fast_folder() -> Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.context("making a folder")
}
