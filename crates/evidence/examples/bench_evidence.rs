//! Benchmark of evidence against the bare signature: `cargo run --release --example bench_evidence`.
//!
//! Each line is the best of several interleaved rounds, so that other load affects all lines equally.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, Signer as _, SigningKey};
use evidence::log::{MemoryNodes, Tree, consistency_holds, leaf_hash};
use evidence::{
    Body, DeviceKey, Draft, LogKey, Namespace, Receipt, StatementId, Subject, TallyBody, Unverified,
};

const ROUNDS: usize = 15;
const TIMES: u32 = 400;
const LOG_SIZE: u64 = 1 << 17;

fn draft() -> Draft {
    Draft {
        subject: Subject {
            namespace: Namespace::Real,
            election: "pilpres-2029-putaran-kedua".into(),
            station: "52.71.05.1001-901".into(),
        },
        sealed_at_s: 1_796_821_200,
        sequence: 2,
        previous: Some(StatementId([7; 32])),
        body: Body::Tally(TallyBody {
            contest: "ppwp".into(),
            package_version: 3,
            form: "c-hasil-ppwp-2024".into(),
            figures: (0..30).map(|figure| Some(figure * 9)).collect(),
            acknowledged: vec!["F101@I.B.1".into(), "F301".into()],
            supersedes: None,
            round: 1,
        }),
    }
}

struct Line<'a> {
    name: &'static str,
    /// The index of the line to compare with.
    against: Option<usize>,
    run: Box<dyn FnMut() + 'a>,
    best: Duration,
}

impl<'a> Line<'a> {
    fn new(name: &'static str, against: Option<usize>, run: Box<dyn FnMut() + 'a>) -> Self {
        Self { name, against, run, best: Duration::MAX }
    }
}

fn main() {
    let seed = [42; 32];
    let (device, log) = (DeviceKey::from_seed(seed), LogKey::from_seed([5; 32]));
    let (bare, draft) = (SigningKey::from_bytes(&seed), draft());
    let sealed = draft.seal(&device).unwrap();
    let public = device.public();
    // As many bytes as the statement's signature covers, give or take the envelope's few.
    let message = sealed.bytes[..sealed.bytes.len() - 64].to_vec();
    let signature = Signature::from_bytes(&device.sign_message(&message));
    let verifying = bare.verifying_key();

    let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
    let mut append = |entry: &[u8]| {
        nodes.extend(tree.append(leaf_hash(entry)));
    };
    (0..LOG_SIZE / 2).for_each(|number| append(&number.to_be_bytes()));
    append(&sealed.bytes);
    (LOG_SIZE / 2 + 1..LOG_SIZE + 1).for_each(|number| append(&number.to_be_bytes()));
    let (size, index) = (tree.size(), LOG_SIZE / 2);
    let root = |size| Tree::read(&nodes, size).unwrap().root();
    let inclusion = Tree::inclusion_proof(&nodes, index, size).unwrap();
    let consistency = Tree::consistency_proof(&nodes, index + 12_345, size).unwrap();
    let (old_root, new_root) = (root(index + 12_345), root(size));
    let receipt = Receipt::issue(&log, &sealed.bytes, index, size, &inclusion, 1_796_821_200).unwrap();
    let log_public = log.public();
    let mut growing = Tree::read(&nodes, size).unwrap();

    let mut lines = [
        Line::new("ed25519-dalek sign", None, Box::new(|| _ = black_box(bare.sign(black_box(&message))))),
        Line::new(
            "ed25519-dalek verify_strict",
            None,
            Box::new(|| verifying.verify_strict(black_box(&message), &signature).unwrap()),
        ),
        Line::new("statement: seal", Some(0), Box::new(|| drop(black_box(draft.seal(&device).unwrap())))),
        Line::new(
            "statement: parse",
            Some(1),
            Box::new(|| drop(black_box(Unverified::parse(black_box(&sealed.bytes)).unwrap()))),
        ),
        Line::new(
            "statement: parse and verify",
            Some(1),
            Box::new(|| {
                let unverified = Unverified::parse(black_box(&sealed.bytes)).unwrap();
                black_box(unverified.verify(&public).unwrap());
            }),
        ),
        Line::new("log: append", None, Box::new(|| drop(black_box(growing.append(leaf_hash(&message)))))),
        Line::new(
            "log: inclusion proof",
            None,
            Box::new(|| drop(black_box(Tree::inclusion_proof(&nodes, black_box(index), size).unwrap()))),
        ),
        Line::new(
            "log: consistency proof",
            None,
            Box::new(|| {
                drop(black_box(Tree::consistency_proof(&nodes, black_box(index + 12_345), size).unwrap()));
            }),
        ),
        Line::new(
            "log: verify consistency",
            None,
            Box::new(|| {
                let old = (index + 12_345, old_root);
                assert!(consistency_holds(black_box(old), (size, new_root), &consistency));
            }),
        ),
        Line::new(
            "receipt: issue",
            Some(0),
            Box::new(|| {
                let issued = Receipt::issue(&log, black_box(&sealed.bytes), index, size, &inclusion, 1);
                black_box(issued.unwrap());
            }),
        ),
        Line::new(
            "receipt: parse and verify",
            Some(1),
            Box::new(|| {
                let parsed = Receipt::parse(black_box(&receipt)).unwrap();
                black_box(parsed.verify(&log_public, &sealed.bytes).unwrap());
            }),
        ),
    ];

    for _ in 0..ROUNDS {
        for line in &mut lines {
            let start = Instant::now();
            (0..TIMES).for_each(|_| (line.run)());
            line.best = line.best.min(start.elapsed());
        }
    }
    println!(
        "A tally of {} bytes, a log of {size} statements, a receipt of {} bytes.\n",
        sealed.bytes.len(),
        receipt.len()
    );
    println!("{:<30}{:>12}{:>12}{:>16}", "", "µs", "per second", "ratio to bare");
    let per_run: Vec<f64> = lines.iter().map(|line| line.best.as_secs_f64() / f64::from(TIMES)).collect();
    for (line, seconds) in lines.iter().zip(&per_run) {
        let ratio = line.against.map_or_else(String::new, |bare| format!("{:.3}", seconds / per_run[bare]));
        println!("{:<30}{:>12.2}{:>12.0}{:>16}", line.name, seconds * 1e6, 1.0 / seconds, ratio);
    }
}
