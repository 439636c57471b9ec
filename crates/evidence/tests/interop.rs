//! What strangers' tools say of our statements, receipts and proofs: the package `scitt-cose` of PyPI, which
//! shares no code with us, takes them, and refuses them when one byte has changed; and they are what the
//! schema in the docs says, by the validator `pycddl`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::path::{Path, PathBuf};
use std::process::Command;

use evidence::log::{MemoryNodes, Tree, leaf_hash};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, DeviceKey, Draft, LogKey, Namespace, Receipt, Subject, Unverified,
};

const PACKAGES: [&str; 2] = ["scitt-cose==0.5.0", "pycddl==0.6.4"];

/// Prints one line for each question, `yes` or `no`. A question: its kind, and its arguments in hex.
const SCRIPT: &str = r#"
import re
import sys
import cbor2
import pycddl
from scitt_cose import CoseError, parse_signed_statement, verify_consistency, verify_receipt

def statement(message, pem):
    try:
        return parse_signed_statement(message, public_key_pem=pem)["signature_verified"] is True
    except CoseError:
        return False

def receipt(receipt, leaf, pem):
    return verify_receipt(receipt, leaf_entry_hex=leaf.hex(), log_public_key_pem=pem).ok

def consistency(old, new, proof):
    size = lambda tree: int.from_bytes(tree[:8], "big")
    nodes = [proof[at:at + 32].hex() for at in range(0, len(proof), 32)]
    return verify_consistency(old[8:].hex(), new[8:].hex(), size(old), size(new), nodes)

# pycddl does not look into byte strings that stand in arrays (".cbor"), so each part is held against its rule alone.
rules = re.search(r"```cddl\n(.*?)```", open(sys.argv[1], encoding="utf-8").read(), re.S).group(1)
rules = re.sub(r"\.cbor [a-z-]+", "", rules)

def holds(rule, part):
    try:
        pycddl.Schema(f"root = {rule}\n{rules}").validate_cbor(part)
        return True
    except pycddl.ValidationError:
        return False

def described(rule, message):
    rule = rule.decode()
    protected, unprotected, payload, _ = cbor2.loads(message).value
    body = ("statement-body", payload) if payload else ("inclusion", unprotected[396][-1][0])
    return holds(rule, message) and holds(f"{rule}-header", protected) and holds(*body)

def part(rule, message):
    return holds(rule.decode(), cbor2.loads(message).value[2])

for line in sys.stdin:
    kind, *arguments = line.split(" ")
    answer = globals()[kind](*(bytes.fromhex(argument) for argument in arguments))
    print("yes" if answer else "no")
"#;

#[test]
fn strangers_tools_take_our_statements_receipts_and_proofs_and_refuse_changed_ones() {
    let device = DeviceKey::from_seed([42; 32]);
    let log = LogKey::from_seed([5; 32]);
    let device_pem = device.public().to_pem().into_bytes();
    let log_pem = log.public().to_pem().into_bytes();

    let fresh = attendance(&device);
    let mut questions: Vec<(String, bool)> = Vec::new();
    let mut ask = |kind: &str, arguments: &[&[u8]], wanted| {
        let arguments: Vec<String> = arguments.iter().map(|bytes| hex(bytes)).collect();
        questions.push((format!("{kind} {}", arguments.join(" ")), wanted));
    };

    let golden = [
        include_str!("golden/tally-v1.hex"),
        include_str!("golden/tally-v2.hex"),
        include_str!("golden/photo-v1.hex"),
        include_str!("golden/photo-v2.hex"),
        include_str!("golden/attendance-v1.hex"),
        include_str!("golden/incident-v1.hex"),
        include_str!("golden/drill-result-v1.hex"),
    ];
    for statement in golden.map(unhex).iter().chain([&fresh]) {
        assert!(Unverified::parse(statement).unwrap().verify(&device.public()).is_ok());
        ask("statement", &[statement, &device_pem], true);
        ask("statement", &[&changed(statement), &device_pem], false);
        ask("statement", &[statement, &log_pem], false);
        ask("described", &[b"statement", statement], true);
        ask("described", &[b"receipt", statement], false);
    }
    let bodies: [&[u8]; 7] =
        [b"tally", b"tally-round", b"photo", b"photo-seen", b"attendance", b"incident", b"drill-result"];
    for (index, statement) in golden.map(unhex).iter().enumerate() {
        for (other, rule) in bodies.into_iter().enumerate() {
            ask("part", &[rule, statement], index == other);
        }
    }

    // What a drill signed is described like the rest. A tool that knows nothing of drills finds that the
    // signature does not hold.
    let drills = [include_str!("golden/drill-tally-v1.hex"), include_str!("golden/drill-result-v2.hex")];
    for (statement, body) in drills.map(unhex).iter().zip([&b"tally"[..], b"drill-graded"]) {
        assert!(Unverified::parse(statement).unwrap().verify(&device.public()).is_ok());
        ask("statement", &[statement, &device_pem], false);
        ask("described", &[b"statement", statement], true);
        for rule in bodies.into_iter().chain([&b"drill-graded"[..]]) {
            ask("part", &[rule, statement], rule == body);
        }
    }

    let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
    let mut roots = vec![tree.root()];
    for number in 0..20_u8 {
        let entry = if number == 11 { fresh.clone() } else { vec![number; 40] };
        nodes.extend(tree.append(leaf_hash(&entry)));
        roots.push(tree.root());
    }
    let proof = Tree::inclusion_proof(&nodes, 11, 20).unwrap();
    let receipt = Receipt::issue(&log, &fresh, 11, 20, &proof, 1_796_821_200).unwrap();
    ask("receipt", &[&receipt, &fresh, &log_pem], true);
    ask("described", &[b"receipt", &receipt], true);
    ask("described", &[b"statement", &receipt], false);
    ask("receipt", &[&changed(&receipt), &fresh, &log_pem], false);
    ask("receipt", &[&receipt, &changed(&fresh), &log_pem], false);
    ask("receipt", &[&receipt, &fresh, &device_pem], false);

    let state = |size: usize| [&(size as u64).to_be_bytes()[..], &roots[size]].concat();
    for (old, new) in [(1, 20), (7, 20), (8, 13), (16, 20), (19, 20)] {
        let proof = Tree::consistency_proof(&nodes, old as u64, new as u64).unwrap().concat();
        ask("consistency", &[&state(old), &state(new), &proof], true);
        ask("consistency", &[&state(old), &state(new), &changed(&proof)], false);
    }

    let asked: String = questions.iter().map(|(question, _)| format!("{question}\n")).collect();
    let answers = answers(&asked);
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), questions.len());
    for ((question, wanted), answer) in questions.iter().zip(answers) {
        assert_eq!(answer, if *wanted { "yes" } else { "no" }, "{question}");
    }
}

fn attendance(key: &DeviceKey) -> Vec<u8> {
    let subject =
        Subject { namespace: Namespace::Real, election: "demo".into(), station: "52.71.01.1001-1".into() };
    let body = Body::Attendance(AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 });
    let draft = Draft { subject, sealed_at_s: 1_796_800_000, sequence: 1, previous: None, body };
    draft.seal(key).unwrap().bytes
}

/// With the byte changed that has two thirds of the others before it.
fn changed(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[bytes.len() * 2 / 3] ^= 1;
    changed
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let text = text.trim();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn answers(questions: &str) -> String {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut python = Command::new(python_with_the_packages())
        .args(["-c", SCRIPT])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence.md"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");
    String::from_utf8(output.stdout).unwrap()
}

/// The interpreter of a virtual environment in the target folder, which is made when it is not there.
fn python_with_the_packages() -> PathBuf {
    let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/scitt-venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let ready = |python: &Path| {
        Command::new(python)
            .args(["-c", "import scitt_cose, pycddl"])
            .output()
            .is_ok_and(|run| run.status.success())
    };
    if !ready(&python) {
        let system = if cfg!(windows) { "python" } else { "python3" };
        run(Command::new(system).args(["-m", "venv"]).arg(&environment));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
    }
    python
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
