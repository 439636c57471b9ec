//! A device in a temporary folder, with a clock and random bytes that tests set, and an endpoint that answers
//! as a test scripts it.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use device::sync::{Answer, Call, Sender, Transport, send_due};
use device::view::TallyView;
use device::{Device, Invitation, Keystore, NoKeystore, Platform, TallyKey};
use environment::{Clock, Environment, Rng, RngError};
use evidence::log::{MemoryNodes, Tree, leaf_hash};
use evidence::{
    Checkpoint, DeviceId, DeviceKey, LogKey, PublicKey, Receipt, Rotation, StatementId, Unverified,
};
use protocol::{
    Assignment, ChangedEnrolment, DrillProgress, DrillState, EnrolResponse, InboxItem, InboxResponse,
    LogKeys, Outcome, ReceiptsRequest, ReceiptsResponse,
};
use serde_bytes::ByteBuf;
use tally::{ContestId, Election, Figure, StationId};

pub(crate) const FIRST_MOMENT_MS: i64 = 1_796_821_200_000;

/// A clock that stops until it is set.
pub(crate) struct TestClock(pub AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Random bytes that are the same in every run.
struct TestRng(AtomicU64);

impl Rng for TestRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        for byte in bytes {
            *byte = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).to_le_bytes()[7];
        }
        Ok(())
    }
}

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    rng: Arc<TestRng>,
    pub(crate) endpoint: Endpoint,
    /// The keystore of the device when it is opened the next time.
    pub(crate) keystore: Arc<dyn Keystore>,
    device: Option<Device>,
}

impl World {
    /// A device that has joined the demo election at its first station.
    pub(crate) fn joined() -> Self {
        Self::joined_with(Arc::new(NoKeystore))
    }

    /// A device with a keystore.
    pub(crate) fn joined_with(keystore: Arc<dyn Keystore>) -> Self {
        Self::joined_by(1, keystore)
    }

    /// Another device, whose key depends on `seed`.
    pub(crate) fn joined_as(seed: u64) -> Self {
        Self::joined_by(seed, Arc::new(NoKeystore))
    }

    /// A device that has joined the general election at that station, with its five contests.
    pub(crate) fn joined_general() -> Self {
        Self::joined_in(&tally::load::read(&general_election()).unwrap(), 1, Arc::new(NoKeystore))
    }

    fn joined_by(seed: u64, keystore: Arc<dyn Keystore>) -> Self {
        Self::joined_in(&tally::load::read(&demo_election()).unwrap(), seed, keystore)
    }

    /// A device that has joined `election` at the first station, with all its contests.
    pub(crate) fn joined_in(election: &Election, seed: u64, keystore: Arc<dyn Keystore>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(FIRST_MOMENT_MS)));
        let rng = Arc::new(TestRng(AtomicU64::new(seed.wrapping_mul(0x1234_5678_9abc_def1))));
        let device = Device::open(folder.path(), platform(&clock, &rng, &keystore)).unwrap();
        let invitation = Invitation::parse("http://127.0.0.1:1/#AB2C-9XYZ").unwrap();
        let request = device.enrol_request(&invitation).unwrap();
        let endpoint = Endpoint::default();
        let device_id = PublicKey::from_hex(&request.public_key).unwrap().device_id();
        let response = endpoint.enrolment_of(device_id, election);
        device.enrolled(&invitation, response, &[]).unwrap();
        Self { folder, clock, rng, endpoint, keystore, device: Some(device) }
    }

    pub(crate) fn device(&self) -> &Device {
        self.device.as_ref().unwrap()
    }

    /// The device and its endpoint, for tasks that share them, and the folder that they need.
    pub(crate) fn into_shared(self) -> (Arc<Device>, Arc<Endpoint>, tempfile::TempDir) {
        (Arc::new(self.device.unwrap()), Arc::new(self.endpoint), self.folder)
    }

    /// The app is killed.
    pub(crate) fn close(&mut self) {
        self.device = None;
    }

    /// The platform of the device.
    pub(crate) fn platform(&self) -> Platform {
        platform(&self.clock, &self.rng, &self.keystore)
    }

    /// The app is killed and opened again.
    pub(crate) fn restart(&mut self) {
        self.device = None;
        self.device = Some(Device::open(self.folder.path(), self.platform()).unwrap());
    }

    pub(crate) fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn tally(&self) -> TallyView {
        self.device().tally(&key()).unwrap()
    }

    pub(crate) fn type_figure(&self, field: &str, value: u32) {
        self.set(field, Some(Figure::Written(value)));
    }

    pub(crate) fn set(&self, field: &str, figure: Option<Figure>) {
        self.device().set_figure(&key(), &field.parse().unwrap(), figure).unwrap();
    }

    /// Types numbers of any contest and round.
    pub(crate) fn type_into(&self, tally_key: &TallyKey, figures: &[(&str, u32)]) {
        for (field, value) in figures {
            let figure = Some(Figure::Written(*value));
            self.device().set_figure(tally_key, &field.parse().unwrap(), figure).unwrap();
        }
    }

    /// Types a complete paper without findings.
    pub(crate) fn type_all(&self) {
        for (field, value) in WHOLE_PAPER {
            self.type_figure(field, *value);
        }
    }

    pub(crate) fn seal(&self) {
        self.device().seal(&key()).unwrap();
    }

    /// The bytes of the first statement that was sealed.
    pub(crate) fn endpoint_statement(&self) -> Vec<u8> {
        let bundle = self.device().export_bundle().unwrap().bytes;
        let items = evidence::bundle::Reader::new(bundle.as_slice()).unwrap().map(Result::unwrap);
        let statement = items.filter_map(|item| match item {
            evidence::bundle::Item::Statement(bytes) => Some(bytes),
            _ => None,
        });
        statement.min_by_key(|bytes| bytes.len()).unwrap()
    }

    pub(crate) async fn send(&self) {
        send_due(self.device(), &self.endpoint).await.unwrap();
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        let seed = std::fs::read(self.folder.path().join("device.key")).unwrap();
        DeviceKey::from_seed(seed.try_into().unwrap()).public()
    }
}

fn platform(clock: &Arc<TestClock>, rng: &Arc<TestRng>, keystore: &Arc<dyn Keystore>) -> Platform {
    Platform {
        environment: Environment {
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            rng: Arc::clone(rng) as Arc<dyn Rng>,
        },
        keystore: Arc::clone(keystore),
    }
}

pub(crate) fn demo_election() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections/demo.json")
}

pub(crate) fn general_election() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections/demo-general.json")
}

/// All contests of the first station.
pub(crate) fn assignment(election: &Election) -> Assignment {
    let contests = election.contests_at(&station()).map(|contest| contest.id.clone());
    Assignment { station: station(), contests: contests.collect() }
}

/// The first count of another contest at the first station.
pub(crate) fn key_of(contest: &str) -> TallyKey {
    TallyKey::first(&station(), &contest.parse().unwrap())
}

pub(crate) fn station() -> StationId {
    "52.71.05.1001-001".parse().unwrap()
}

pub(crate) fn contest() -> ContestId {
    "ppwp".parse().unwrap()
}

/// The first count of that contest at that station.
pub(crate) fn key() -> TallyKey {
    TallyKey::first(&station(), &contest())
}

/// A C.HASIL-PPWP in which everything adds up.
pub(crate) const WHOLE_PAPER: &[(&str, u32)] = &[
    ("I.A.L", 140),
    ("I.A.P", 144),
    ("I.A.J", 284),
    ("I.B.1.L", 120),
    ("I.B.1.P", 128),
    ("I.B.1.J", 248),
    ("I.B.2.L", 2),
    ("I.B.2.P", 1),
    ("I.B.2.J", 3),
    ("I.B.3.L", 0),
    ("I.B.3.P", 1),
    ("I.B.3.J", 1),
    ("I.B.4.L", 122),
    ("I.B.4.P", 130),
    ("I.B.4.J", 252),
    ("II.1", 290),
    ("II.2", 252),
    ("II.3", 1),
    ("II.4", 37),
    ("III.L", 1),
    ("III.P", 1),
    ("III.J", 2),
    ("IV.1", 123),
    ("IV.2", 97),
    ("IV.3", 28),
    ("V.A", 248),
    ("V.B", 4),
    ("V.C", 252),
];

/// A JPEG of a few pixels; `shade` makes another one.
pub(crate) fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(image::RgbImage::from_fn(400, 300, |x, y| {
        image::Rgb([shade, (x * 7 % 251) as u8, (x * y % 253) as u8])
    }))
    .write_to(&mut bytes, image::ImageFormat::Jpeg)
    .unwrap();
    bytes.into_inner()
}

/// The endpoint's reply to the next exchange. Without one it behaves as a good endpoint.
#[derive(Debug, Clone)]
pub(crate) enum ScriptedReply {
    /// It behaves as a good endpoint.
    Accept,
    /// It stores what the call has, and its answer is lost.
    LoseTheAnswer,
    /// It answers this and stores nothing.
    Answer(Answer),
    /// The transport panics.
    Panic,
}

/// An endpoint in memory.
#[derive(Default)]
pub(crate) struct Endpoint {
    pub(crate) script: Mutex<VecDeque<ScriptedReply>>,
    pub(crate) calls: Mutex<Vec<Call>>,
    pub(crate) statements: Mutex<Vec<Vec<u8>>>,
    pub(crate) photos: Mutex<BTreeMap<evidence::PhotoHash, Vec<u8>>>,
    pub(crate) log: Mutex<Log>,
    pub(crate) inbox: Mutex<Vec<InboxItem>>,
    /// Its clock. Without one its answers have no time.
    pub(crate) clock_ms: Mutex<Option<i64>>,
    /// The changed enrolment in each of its answers to a request for the inbox.
    pub(crate) enrolment: Mutex<Option<ChangedEnrolment>>,
    /// Its answer to an invitation. Without one it cannot be reached for that.
    pub(crate) enrols: Mutex<Option<EnrolResponse>>,
    /// What its trainer says, if it is the hall of a class, and what phones have reported.
    pub(crate) class: Mutex<Option<DrillState>>,
    pub(crate) progress: Mutex<Vec<DrillProgress>>,
    /// Whether the log answers as if it were empty.
    pub(crate) sequencer_sleeps: AtomicBool,
}

/// The endpoint's log.
pub(crate) struct Log {
    pub(crate) key: LogKey,
    pub(crate) rotations: Vec<Rotation>,
    pub(crate) leaves: Vec<Vec<u8>>,
}

impl Default for Log {
    fn default() -> Self {
        Self { key: LogKey::from_seed([3; 32]), rotations: Vec::new(), leaves: Vec::new() }
    }
}

impl Log {
    /// Rotates the log's key.
    pub(crate) fn hand_over_to(&mut self, next: LogKey) {
        self.rotations.push(self.key.hand_over_to(next.public()));
        self.key = next;
    }

    /// The log's answer: receipts, its checkpoint, and the proof that it continues the one that the device
    /// has seen.
    fn receipts(&self, request: &ReceiptsRequest) -> ReceiptsResponse {
        let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
        for leaf in &self.leaves {
            nodes.extend(tree.append(leaf_hash(leaf)));
        }
        let receipt = |id: &StatementId| {
            let index = self.leaves.iter().position(|leaf| StatementId::of(leaf) == *id)? as u64;
            let proof = Tree::inclusion_proof(&nodes, index, tree.size()).unwrap();
            let leaf = &self.leaves[usize::try_from(index).unwrap()];
            Some(ByteBuf::from(Receipt::issue(&self.key, leaf, index, tree.size(), &proof, 5).unwrap()))
        };
        let consistency = Tree::consistency_proof(&nodes, request.seen_size, tree.size()).unwrap();
        ReceiptsResponse {
            receipts: request.statements.iter().map(receipt).collect(),
            checkpoint: Checkpoint::sign(&self.key, tree.size(), tree.root(), 5).note().to_owned(),
            consistency: consistency.iter().map(|hash| ByteBuf::from(hash.to_vec())).collect(),
        }
    }
}

impl Endpoint {
    /// Scripts the next reply that has none yet.
    pub(crate) fn script(&self, reply: ScriptedReply) {
        self.script.lock().unwrap().push_back(reply);
    }

    pub(crate) fn call_count(&self) -> usize {
        self.calls.lock().unwrap().len()
    }

    /// The stored statements, verified.
    pub(crate) fn verified(&self, key: &PublicKey) -> Vec<evidence::Statement> {
        let statements = self.statements.lock().unwrap();
        statements.iter().map(|bytes| Unverified::parse(bytes).unwrap().verify(key).unwrap()).collect()
    }

    /// The ids of all stored statements.
    pub(crate) fn statement_ids(&self) -> Vec<StatementId> {
        self.statements.lock().unwrap().iter().map(|bytes| StatementId::of(bytes)).collect()
    }

    /// The answer to an invitation to the first station of `election`.
    pub(crate) fn enrolment_of(&self, device: DeviceId, election: &Election) -> EnrolResponse {
        EnrolResponse {
            log_key: self.log.lock().unwrap().key.public().to_hex(),
            device,
            assignments: vec![assignment(election)],
            election: election.slice(&[station()]),
            assignments_revision: 0,
        }
    }

    fn accept(&self, call: Call) -> Answer {
        match call {
            Call::Enrol(_) => match self.enrols.lock().unwrap().clone() {
                Some(response) => Answer::Enrolled(Box::new(response)),
                None => Answer::Failed(device::view::SyncError::Unreachable),
            },
            Call::TellProgress(progress) => {
                self.progress.lock().unwrap().push(progress);
                match self.class.lock().unwrap().clone() {
                    Some(state) => Answer::Class(state),
                    None => Answer::Failed(device::view::SyncError::Unreachable),
                }
            }
            Call::Push(pushed) => {
                let mut statements = self.statements.lock().unwrap();
                let outcomes = pushed.into_iter().map(|bytes| {
                    let id: StatementId = Unverified::parse(&bytes).unwrap().id();
                    if !statements.contains(&bytes) {
                        self.log.lock().unwrap().leaves.push(bytes.clone());
                        statements.push(bytes);
                    }
                    Outcome::Accepted { id, received_at_ms: 77 }
                });
                Answer::Pushed { outcomes: outcomes.collect(), missing: Vec::new() }
            }
            Call::FetchReceipts(request) if self.sequencer_sleeps.load(Ordering::SeqCst) => {
                Answer::Receipts(Log::default().receipts(&request))
            }
            Call::FetchReceipts(request) => Answer::Receipts(self.log.lock().unwrap().receipts(&request)),
            Call::FetchInbox(request) => {
                let inbox = self.inbox.lock().unwrap();
                let items = inbox.iter().filter(|item| item.cursor > request.after).cloned();
                let enrolment = self.enrolment.lock().unwrap().clone();
                Answer::Inbox(InboxResponse {
                    items: items.collect(),
                    at_ms: *self.clock_ms.lock().unwrap(),
                    enrolment,
                })
            }
            Call::FetchLogKeys => {
                let log = self.log.lock().unwrap();
                let rotations = log.rotations.iter().map(Rotation::to_hex).collect();
                Answer::LogKeys(LogKeys { current: log.key.public().to_hex(), rotations })
            }
            Call::AskOffset(hash) => {
                let stored = self.photos.lock().unwrap().get(&hash).map_or(0, Vec::len);
                Answer::Stored { received_bytes: stored as u64 }
            }
            Call::SendPiece { hash, offset_bytes, piece } => {
                let mut photos = self.photos.lock().unwrap();
                let photo = photos.entry(hash).or_default();
                assert_eq!(photo.len() as u64, offset_bytes, "a piece that does not continue the photo");
                photo.extend(piece);
                Answer::Stored { received_bytes: photo.len() as u64 }
            }
        }
    }
}

impl Transport for Endpoint {
    async fn exchange(&self, _: Sender<'_>, call: Call) -> Answer {
        self.calls.lock().unwrap().push(call.clone());
        let reply = self.script.lock().unwrap().pop_front();
        match reply {
            Some(ScriptedReply::Panic) => unreachable!("a panic of the test"),
            Some(ScriptedReply::Answer(answer)) => answer,
            Some(ScriptedReply::LoseTheAnswer) => {
                self.accept(call);
                Answer::Failed(device::view::SyncError::Interrupted)
            }
            None | Some(ScriptedReply::Accept) => self.accept(call),
        }
    }
}
