//! The answers of `saksi-verify`: what holds, what fails and where, what could not be checked and what that
//! needs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use evidence::bundle::{self, Consistency, Item, VerdictRecord};
use evidence::log::{MemoryNodes, Tree, leaf_hash};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, Checkpoint, DeviceKey, Draft, LogKey, Namespace, PhotoBody,
    PhotoHash, Receipt, StatementId, Subject, Supersedes, TallyBody, VerdictBody, VerdictDecision, qr,
};

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 what a camera saw";

/// A log as its endpoint holds it.
#[derive(Default)]
struct Log {
    tree: Tree,
    nodes: MemoryNodes,
    entries: Vec<Vec<u8>>,
}

impl Log {
    fn of(entries: &[Vec<u8>]) -> Self {
        let mut log = Self::default();
        for entry in entries {
            log.nodes.extend(log.tree.append(leaf_hash(entry)));
            log.entries.push(entry.clone());
        }
        log
    }

    fn checkpoint(&self, key: &LogKey, size: u64) -> Checkpoint {
        Checkpoint::sign(key, size, Tree::read(&self.nodes, size).unwrap().root(), 1_796_821_200)
    }

    fn receipt(&self, key: &LogKey, index: u64) -> Vec<u8> {
        let size = self.tree.size();
        let proof = Tree::inclusion_proof(&self.nodes, index, size).unwrap();
        Receipt::issue(key, &self.entries[index as usize], index, size, &proof, 1_796_821_200).unwrap()
    }

    fn consistency(&self, from: u64, to: u64) -> Consistency {
        Consistency { from, to, proof: Tree::consistency_proof(&self.nodes, from, to).unwrap() }
    }
}

/// A folder of evidence: the chain of one device, all of it in a log.
struct World {
    folder: tempfile::TempDir,
    log_key: LogKey,
    chain: Vec<Vec<u8>>,
}

fn device() -> DeviceKey {
    DeviceKey::from_seed([42; 32])
}

/// Arrival, a tally, its photo, a correction, departure.
fn chain() -> Vec<Vec<u8>> {
    let mut chain: Vec<(StatementId, Vec<u8>)> = Vec::new();
    let mut seal = |body: Body| {
        let subject = Subject {
            namespace: Namespace::Real,
            election: "demo".into(),
            station: "52.71.01.1001-1".into(),
        };
        let previous = chain.last().map(|(id, _)| *id);
        let sequence = chain.len() as u64 + 1;
        let sealed =
            Draft { subject, sealed_at_s: 1_796_800_000, sequence, previous, body }.seal(&device()).unwrap();
        chain.push((sealed.id, sealed.bytes));
        sealed.id
    };
    let attendance = |event| Body::Attendance(AttendanceBody { event, package_version: 1 });
    let tally = |figure, supersedes| {
        Body::Tally(TallyBody {
            contest: "ppwp".into(),
            package_version: 1,
            form: "c-hasil-ppwp-2024".into(),
            figures: vec![Some(figure), Some(-1), Some(-2), None],
            acknowledged: vec![],
            supersedes,
            round: 1,
        })
    };
    seal(attendance(AttendanceEvent::Arrived));
    let first = seal(tally(128, None));
    seal(Body::Photo(PhotoBody {
        tally: first,
        page: 2,
        original: PhotoHash([2; 32]),
        original_bytes: 3_000_000,
        derivative: PhotoHash(StatementId::of(PHOTO).0),
        derivative_bytes: PHOTO.len() as u64,
        seen: None,
    }));
    seal(tally(129, Some(Supersedes { statement: first, reason: "salah ketik".into() })));
    seal(attendance(AttendanceEvent::Left));
    chain.into_iter().map(|(_, bytes)| bytes).collect()
}

impl World {
    fn new() -> Self {
        let world = Self {
            folder: tempfile::tempdir().unwrap(),
            log_key: LogKey::from_seed([5; 32]),
            chain: chain(),
        };
        world.put("log.key", world.log_key.public().to_hex());
        world.put("device.pem", device().public().to_pem());
        world
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn log(&self) -> Log {
        Log::of(&self.chain)
    }

    /// Everything about the chain in one bundle.
    fn items(&self) -> Vec<Item> {
        let log = self.log();
        let mut items: Vec<Item> = self.chain.iter().cloned().map(Item::Statement).collect();
        items.extend((0..5).map(|index| Item::Receipt(log.receipt(&self.log_key, index))));
        items.push(Item::Photo(PHOTO.to_vec()));
        items.push(Item::DeviceKey(device().public()));
        items.push(Item::Checkpoint(log.checkpoint(&self.log_key, 3).note().to_owned()));
        items.push(Item::Checkpoint(log.checkpoint(&self.log_key, 5).note().to_owned()));
        items.push(Item::Consistency(log.consistency(3, 5)));
        items
    }

    fn bundle(&self, name: &str, items: Vec<Item>) -> PathBuf {
        self.put(name, bundle::write(items, Vec::new()).unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_saksi-verify"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// The exit code and what was printed.
    fn verify(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }
}

fn failures(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("FAIL")).collect()
}

/// The checks that could not be made.
fn open_checks(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("?  ")).collect()
}

/// The lines before the details.
fn summary(text: &str) -> &str {
    text.split_once("\nDETAILS\n").unwrap().0
}

#[test]
fn a_whole_bundle_holds() {
    let world = World::new();
    world.bundle("all.saksi", world.items());
    let (code, text) = world.verify(&["all.saksi", "--log-key", "log.key"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("EVERYTHING HOLDS.\n"), "{text}");
    let sorts = [
        "form",
        "signature",
        "chain",
        "reference",
        "log key",
        "receipt",
        "checkpoint",
        "consistency",
        "photo",
    ];
    for sort in sorts {
        assert!(
            text.lines().any(|line| line.starts_with("ok") && line.contains(sort)),
            "no {sort} in\n{text}"
        );
    }
}

#[test]
fn single_files_hold_like_their_bundle_whatever_they_are_called() {
    let world = World::new();
    let log = world.log();
    for (number, statement) in world.chain.iter().enumerate() {
        world.put(&format!("{number}.jpg"), statement);
    }
    world.put("1.jpg", qr::text(&world.chain[1]).unwrap());
    world.put("receipt", log.receipt(&world.log_key, 1));
    world.put("checkpoint.txt", log.checkpoint(&world.log_key, 3).note());
    world.put("newer.txt", log.checkpoint(&world.log_key, 5).note());
    let proof: Vec<String> =
        log.consistency(3, 5).proof.iter().map(|hash| StatementId(*hash).to_string()).collect();
    world.put("proof.json", serde_json::json!({ "from": 3, "to": 5, "proof": proof }).to_string());
    world.put("photo.cbor", PHOTO);
    let mut arguments = vec![
        "0.jpg",
        "1.jpg",
        "2.jpg",
        "3.jpg",
        "4.jpg",
        "receipt",
        "checkpoint.txt",
        "newer.txt",
        "photo.cbor",
    ];
    arguments.extend(["proof.json", "--log-key", "log.key", "--device-key", "device.pem"]);
    let (code, text) = world.verify(&arguments);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_rewritten_log_is_caught_from_two_checkpoints() {
    let world = World::new();
    let before = world.log();
    world.put("before.txt", before.checkpoint(&world.log_key, 5).note());
    // One statement is removed, the tree rebuilt and grown, everything signed with the right key.
    let mut entries = world.chain.clone();
    entries.remove(2);
    entries.extend([vec![1; 50], vec![2; 50], vec![3; 50]]);
    let rewritten = Log::of(&entries);
    world.put("same-size.txt", rewritten.checkpoint(&world.log_key, 5).note());
    world.put("grown.txt", rewritten.checkpoint(&world.log_key, 7).note());
    let items = vec![Item::Consistency(rewritten.consistency(5, 7))];
    world.bundle("best-proof.saksi", items);

    let (code, text) = world.verify(&["before.txt", "same-size.txt", "--log-key", "log.key"]);
    assert_eq!((code, failures(&text).len()), (1, 1), "{text}");
    assert!(text.contains("the log was rewritten: its size of 5 has two roots"), "{text}");
    assert_eq!(text.matches("saksi/log/").count(), 4, "both checkpoints are handed out as proof:\n{text}");

    let (code, text) = world.verify(&["grown.txt", "before.txt", "best-proof.saksi", "--log-key", "log.key"]);
    assert_eq!((code, failures(&text).len()), (1, 1), "{text}");
    assert!(text.contains("the log was rewritten: the proof in best-proof.saksi, item 1"), "{text}");

    let (code, text) = world.verify(&["grown.txt", "before.txt", "--log-key", "log.key"]);
    assert_eq!((code, failures(&text).len(), open_checks(&text).len()), (2, 0, 1), "{text}");
    assert!(text.contains("that the log only grew is not shown"), "{text}");
    assert!(summary(&text).contains("/v1/log/consistency?from=5&to=7, saved as a file"), "{text}");
}

#[test]
fn receipts_that_give_one_index_to_two_statements_prove_a_rewritten_log() {
    let world = World::new();
    let mut entries = world.chain.clone();
    entries.remove(2);
    let rewritten = Log::of(&entries);
    let mut items: Vec<Item> = world.chain.iter().cloned().map(Item::Statement).collect();
    items.push(Item::DeviceKey(device().public()));
    items.push(Item::Receipt(world.log().receipt(&world.log_key, 2)));
    items.push(Item::Receipt(rewritten.receipt(&world.log_key, 2)));
    world.bundle("two.saksi", items);
    let (code, text) = world.verify(&["two.saksi", "--log-key", "log.key"]);
    assert_eq!(code, 1);
    assert!(failures(&text).iter().all(|line| line.contains("index 2 is that of statement")), "{text}");
}

#[test]
fn every_failure_and_every_open_check_is_reported_with_its_position() {
    let world = World::new();
    let statement = |index: usize| Item::Statement(world.chain[index].clone());
    let mut items = vec![statement(0), statement(2), Item::DeviceKey(device().public())];
    items.push(Item::Photo(b"another picture".to_vec()));
    items.push(Item::Receipt(world.log().receipt(&LogKey::from_seed([6; 32]), 0)));
    world.bundle("some.saksi", items);
    let mut bent = world.chain[0].clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    world.put("bent", bent);
    world.put("notes.txt", "Good evening.");
    let (code, text) = world.verify(&["some.saksi", "bent", "notes.txt", "--log-key", "log.key"]);
    assert_eq!(code, 1);
    let has = |lines: &[&str], sort: &str, position: &str| {
        lines.iter().any(|line| line.contains(sort) && line.contains(position))
    };
    let (failures, open) = (failures(&text), open_checks(&text));
    assert!(has(&failures, "form", "notes.txt"), "{text}");
    assert!(has(&failures, "signature", "bent"), "{text}");
    assert!(has(&failures, "receipt", "some.saksi, item 4"), "{text}");
    assert!(has(&open, "chain", "statements 2 to 2 are missing"), "{text}");
    assert!(has(&open, "photo", "some.saksi, item 5"), "{text}");
    assert_eq!((failures.len(), open.len()), (3, 2), "{text}");
    assert!(text.starts_with("SOMETHING FAILS."), "{text}");
}

#[test]
fn a_gap_could_not_be_checked_and_is_no_matter_in_a_selection() {
    let world = World::new();
    world.bundle(
        "one.saksi",
        vec![Item::Statement(world.chain[4].clone()), Item::DeviceKey(device().public())],
    );
    let (code, text) = world.verify(&["one.saksi"]);
    assert_eq!(code, 2, "{text}");
    assert!(summary(&text).contains("statements 1 to 4 of device"), "{text}");
    assert!(summary(&text).contains("--partial"), "{text}");
    let (code, text) = world.verify(&["one.saksi", "--partial"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("statements 1 to 4 are missing"), "{text}");
}

#[test]
fn without_its_key_a_statement_is_not_checked_and_does_not_fail() {
    let world = World::new();
    world.put("arrival", &world.chain[0]);
    let (code, text) = world.verify(&["arrival"]);
    assert_eq!((code, failures(&text).len(), open_checks(&text).len()), (2, 0, 1), "{text}");
    assert!(text.starts_with("NOTHING FAILS, BUT NOT EVERYTHING COULD BE CHECKED.\n"), "{text}");
    let need = format!("- the public key of device {}: --device-key", device().public().device_id());
    assert!(summary(&text).contains(&need), "{text}");
    assert_eq!(world.verify(&["arrival", "--device-key", &device().public().to_hex()]).0, 0);
}

#[test]
fn a_receipt_without_its_statement_is_not_checked() {
    let world = World::new();
    world.put("receipt", world.log().receipt(&world.log_key, 1));
    let (code, text) = world.verify(&["receipt", "--log-key", "log.key"]);
    assert_eq!((code, failures(&text).len()), (2, 0), "{text}");
    let need = format!("- statement {}, which a receipt names.", StatementId::of(&world.chain[1]));
    assert!(summary(&text).contains(&need), "{text}");
}

#[test]
fn a_device_that_is_not_on_the_roster_does_not_count() {
    let world = World::new();
    world.bundle("all.saksi", world.items());
    let other = DeviceKey::from_seed([43; 32]).public().to_hex();
    world.put("others.csv", format!("# key, since\n{other},2029-02-01\n"));
    world.put("ours.csv", format!("{other},x\n{},y\n", device().public().to_hex()));
    let (code, text) = world.verify(&["all.saksi", "--log-key", "log.key", "--roster", "others.csv"]);
    assert_eq!(code, 1);
    assert_eq!(failures(&text).iter().filter(|line| line.contains("not on the roster")).count(), 5, "{text}");
    assert_eq!(world.verify(&["all.saksi", "--log-key", "log.key", "--roster", "ours.csv"]).0, 0);
}

#[test]
fn the_log_is_followed_over_a_change_of_its_key_and_no_further() {
    let world = World::new();
    let new = LogKey::from_seed([8; 32]);
    world.put("checkpoint.txt", world.log().checkpoint(&new, 5).note());
    world.put("rotation.txt", world.log_key.hand_over_to(new.public()).to_hex());
    world.put("forged.txt", LogKey::from_seed([9; 32]).hand_over_to(new.public()).to_hex());
    let verify = |rotation| world.verify(&["checkpoint.txt", rotation, "--log-key", "log.key"]).0;
    assert_eq!(verify("rotation.txt"), 0);
    assert_eq!(verify("forged.txt"), 1);
}

#[test]
fn the_logs_key_is_a_file_or_a_text_in_hex_or_pem() {
    let world = World::new();
    world.bundle("all.saksi", world.items());
    let key = world.log_key.public();
    world.put("log.pem", key.to_pem());
    for given in ["log.key", "log.pem", &key.to_hex(), &key.to_pem()] {
        let (code, text) = world.verify(&["all.saksi", "--log-key", given]);
        assert_eq!(code, 0, "{given}\n{text}");
        assert!(text.contains(&key.spoken()), "the fingerprint is shown:\n{text}");
        assert_eq!(world.verify(&["fingerprint", given]), (0, format!("{}\n", key.spoken())));
    }
}

#[test]
fn a_key_that_comes_with_the_evidence_counts_once_its_fingerprint_was_compared() {
    let world = World::new();
    let mut items = world.items();
    items.push(Item::LogKey(world.log_key.public()));
    world.bundle("all.saksi", items);
    let (code, text) = world.verify(&["all.saksi"]);
    assert_eq!((code, failures(&text).len()), (2, 0), "{text}");
    let spoken = world.log_key.public().spoken();
    assert!(summary(&text).contains(&format!("add --log-key \"{spoken}\"")), "{text}");
    // Anyone can make a log of their own and put its key into the bundle.
    let checked = |text: &str| text.lines().any(|line| line.starts_with("ok") && line.contains("receipt"));
    assert!(!checked(&text), "{text}");

    let (code, text) = world.verify(&["all.saksi", "--log-key", &spoken.to_lowercase().replace('-', " ")]);
    assert!(code == 0 && checked(&text), "{text}");
    let other = LogKey::from_seed([6; 32]).public().spoken();
    let (code, text) = world.verify(&["all.saksi", "--log-key", &other]);
    assert_eq!((code, checked(&text)), (2, false), "{text}");
}

#[test]
fn without_any_key_of_the_log_its_receipts_are_not_checked() {
    let world = World::new();
    world.bundle("all.saksi", world.items());
    let (code, text) = world.verify(&["all.saksi"]);
    assert_eq!((code, failures(&text).len(), open_checks(&text).len()), (2, 0, 7), "{text}");
    assert_eq!(
        summary(&text).matches("the log's public key: --log-key").count(),
        1,
        "each need once:\n{text}"
    );
}

#[test]
fn a_damaged_bundle_is_refused_whole() {
    let world = World::new();
    let mut bytes = bundle::write(world.items(), Vec::new()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    world.put("damaged.saksi", &bytes);
    let (code, text) = world.verify(&["damaged.saksi", "--log-key", "log.key"]);
    assert_eq!((code, failures(&text).len()), (1, 1), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("ok")), "{text}");
    assert!(text.contains("cannot read the bundle: it is damaged"), "{text}");
}

#[test]
fn machines_get_json_with_the_same_answer() {
    let world = World::new();
    world.bundle("all.saksi", world.items());
    let mut bent = world.chain[0].clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    world.put("bent", bent);
    for (arguments, code, outcome) in [
        (vec!["all.saksi", "--json", "--log-key", "log.key"], 0, "holds"),
        (vec!["all.saksi", "bent", "--json", "--log-key", "log.key"], 1, "fails"),
        (vec!["all.saksi", "--json"], 2, "not_checked"),
    ] {
        let (found, text) = world.verify(&arguments);
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((found, answer["outcome"].as_str()), (code, Some(outcome)));
        assert_eq!(answer["holds"], outcome == "holds");
        let checks = answer["checks"].as_array().unwrap();
        assert!(checks.iter().enumerate().all(|(index, check)| check["number"] == index + 1));
        assert_eq!(checks.iter().any(|check| check["outcome"] == "fails"), outcome == "fails");
        assert!(checks.iter().all(|check| (check["outcome"] == "not_checked") == check["needs"].is_string()));
        assert_eq!(answer["needs"].as_array().unwrap().is_empty(), outcome != "not_checked");
        let summary = answer["summary"].as_array().unwrap();
        assert!(summary.iter().any(|line| line["check"] == "signature" && line["question"].is_string()));
    }
}

#[test]
fn wrong_arguments_and_unreadable_files_are_no_answer() {
    let world = World::new();
    world.put("no.key", "hello");
    let statement = world.put("statement", &world.chain[0]);
    let statement = statement.to_str().unwrap();
    for arguments in [
        &[statement, "--log-key", "no.key"][..],
        &[statement, "--log-key", "absent.key"],
        &[statement, "absent"],
        &["show", "absent"],
        &[statement, "--no-such-option"],
        &[],
    ] {
        let output = world.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(world.run(&["--help"]).status.code(), Some(0));
}

#[test]
fn show_prints_a_statement_as_a_person_reads_it() {
    let world = World::new();
    world.put("correction", &world.chain[3]);
    let (code, text) = world.verify(&["show", "correction"]);
    assert_eq!(code, 0);
    for wanted in [
        "Correction of a tally, in the real count",
        "station      52.71.01.1001-1",
        "2026-12-09 07:06:40 UTC (by the device's clock)",
        "because      salah ketik",
        "1  129",
        "2  blank",
        "3  illegible",
        "4  not typed",
        "Nothing of this was checked",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
}

/// The arrival at a station, in a namespace.
fn arrival(namespace: Namespace) -> Vec<u8> {
    let subject = Subject { namespace, election: "demo".into(), station: "52.71.01.1001-1".into() };
    let body = Body::Attendance(AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 });
    let draft = Draft { subject, sealed_at_s: 1_796_800_000, sequence: 1, previous: None, body };
    draft.seal(&device()).unwrap().bytes
}

#[test]
fn a_drills_evidence_fails_as_a_file_a_code_and_a_bundle_and_holds_where_a_drill_is_checked() {
    let world = World::new();
    for (namespace, option) in [(Namespace::Drill, &["--drill"][..]), (Namespace::Real, &[])] {
        let statement = arrival(namespace);
        world.put("statement.cbor", &statement);
        world.put("code.txt", qr::text(&statement).unwrap());
        world.bundle("all.saksi", vec![Item::Statement(statement)]);
        for file in ["statement.cbor", "code.txt", "all.saksi"] {
            let mut arguments = vec![file, "--device-key", "device.pem"];
            let other: &[&str] = if option.is_empty() { &["--drill"] } else { &[] };
            let (code, text) = world.verify(&[&arguments[..], other].concat());
            assert_eq!((code, failures(&text).len()), (1, 1), "{file}:\n{text}");
            assert!(failures(&text)[0].contains("namespace"), "{text}");
            assert!(!text.contains("is signed by"), "nothing of it holds:\n{text}");
            arguments.extend(option);
            let (code, text) = world.verify(&arguments);
            assert_eq!(code, 0, "{file}:\n{text}");
        }
    }
}

/// A coordinator's key.
fn reviewer() -> DeviceKey {
    DeviceKey::from_seed([77; 32])
}

/// What the reviewer decides about the first tally, at another place of their chain than the first.
fn verdict_of(world: &World, decision: VerdictDecision) -> Vec<u8> {
    let body = VerdictBody {
        statement: StatementId::of(&world.chain[1]),
        decision,
        reason: "Turus menyebut 129".into(),
    };
    let subject =
        Subject { namespace: Namespace::Real, election: "demo".into(), station: "52.71.01.1001-1".into() };
    let previous = Some(StatementId([7; 32]));
    let draft =
        Draft { subject, sealed_at_s: 1_796_800_100, sequence: 9, previous, body: Body::Verdict(body) };
    draft.seal(&reviewer()).unwrap().bytes
}

/// What the endpoint says of it.
fn record_of(world: &World, decision: VerdictDecision, signed: Option<StatementId>) -> VerdictRecord {
    VerdictRecord {
        number: 1,
        about: StatementId::of(&world.chain[1]),
        decision,
        reason: "Turus menyebut 129".into(),
        reviewer: "user:koordinator".into(),
        signed,
    }
}

/// A folder of evidence with a signed dispute in the log.
fn decided() -> (World, StatementId) {
    let mut world = World::new();
    let verdict = verdict_of(&world, VerdictDecision::Disputed);
    let signed = StatementId::of(&verdict);
    world.chain.push(verdict);
    (world, signed)
}

/// The bundle of the chain with the dispute, and these records.
fn with_verdicts(world: &World, records: Vec<VerdictRecord>) -> (i32, String) {
    let mut items = world.items();
    items.push(Item::Receipt(world.log().receipt(&world.log_key, 5)));
    items.push(Item::DeviceKey(reviewer().public()));
    items.extend(records.into_iter().map(Item::Verdict));
    world.bundle("decided.saksi", items);
    world.put("reviewers.txt", format!("{} Koordinator kecamatan\n", reviewer().public().to_hex()));
    world.verify(&["decided.saksi", "--log-key", "log.key", "--reviewers", "reviewers.txt"])
}

#[test]
fn a_signed_verdict_holds_and_names_who_decided() {
    let (world, signed) = decided();
    let record = record_of(&world, VerdictDecision::Disputed, Some(signed));
    let (code, text) = with_verdicts(&world, vec![record]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("user:koordinator decided"), "{text}");
    assert!(text.contains("is that of Koordinator kecamatan"), "{text}");
}

#[test]
fn a_verdict_that_the_database_changed_added_or_dropped_is_named() {
    let (world, signed) = decided();
    let honest = record_of(&world, VerdictDecision::Disputed, Some(signed));
    let changed = record_of(&world, VerdictDecision::Verified, Some(signed));
    let again = VerdictRecord { number: 2, ..honest.clone() };
    let invented = VerdictRecord { number: 2, signed: Some(StatementId([9; 32])), ..changed.clone() };
    let of_no_verdict = VerdictRecord { signed: Some(StatementId::of(&world.chain[0])), ..changed.clone() };
    let forged: [(Vec<VerdictRecord>, &str); 4] = [
        (vec![changed], "FORGED: what was signed is"),
        (vec![honest.clone(), again], "FORGED: two verdicts"),
        (vec![honest.clone(), invented], "is not here, or its signature does not hold"),
        (vec![of_no_verdict], "leaves out a signed verdict"),
    ];
    for (records, words) in forged {
        let (code, text) = with_verdicts(&world, records);
        assert_eq!(code, 1, "{text}");
        assert!(failures(&text).iter().any(|line| line.contains(words)), "{words} in {text}");
    }
    let unsigned = VerdictRecord { number: 2, signed: None, ..honest.clone() };
    let (code, text) = with_verdicts(&world, vec![honest, unsigned]);
    assert_eq!(code, 2, "{text}");
    assert!(open_checks(&text).iter().any(|line| line.contains("Nobody signed it")), "{text}");
}

#[test]
fn a_verdict_that_is_not_shown_to_be_in_the_log_is_not_checked() {
    let (world, signed) = decided();
    let mut items = world.items();
    items.push(Item::DeviceKey(reviewer().public()));
    items.push(Item::Verdict(record_of(&world, VerdictDecision::Disputed, Some(signed))));
    world.bundle("unlogged.saksi", items);
    let (code, text) = world.verify(&["unlogged.saksi", "--log-key", "log.key"]);
    assert_eq!(code, 2, "{text}");
    assert!(open_checks(&text)[0].contains("receipt"), "{text}");
}

#[test]
fn a_verdict_of_a_key_that_is_not_on_the_list_fails() {
    let (world, signed) = decided();
    let record = record_of(&world, VerdictDecision::Disputed, Some(signed));
    let _ = with_verdicts(&world, vec![record]);
    world.put("others.txt", format!("{} Orang lain\n", DeviceKey::from_seed([78; 32]).public().to_hex()));
    let (code, text) = world.verify(&["decided.saksi", "--log-key", "log.key", "--reviewers", "others.txt"]);
    assert_eq!(code, 1, "{text}");
    assert!(failures(&text)[0].contains("not on the list of those who may decide"), "{text}");
}
