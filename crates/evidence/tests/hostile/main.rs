//! Bytes of people who do not mean well: no reader panics, none reads one thing in two encodings, and none
//! takes more memory than its bound. The seeds are those of the fuzz targets; here they are bent at random,
//! always the same way.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

mod entry;

use std::path::Path;

use evidence::bundle;
use evidence::{Receipt, Unverified, UnverifiedCheckpoint};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

type Reader = fn(&[u8]);

/// Each reader, with what it asks and with what it reads alone.
const READERS: [(&str, Reader, Reader); 5] = [
    ("statement", entry::statement, |bytes| _ = Unverified::parse(bytes)),
    ("receipt", entry::receipt, |bytes| _ = Receipt::parse(bytes)),
    ("checkpoint", entry::checkpoint, |bytes| {
        _ = UnverifiedCheckpoint::parse(&String::from_utf8_lossy(bytes));
    }),
    ("bundle", entry::bundle, |bytes| _ = bundle::check(bytes)),
    ("qr", entry::code, |bytes| _ = evidence::qr::statement(&String::from_utf8_lossy(bytes))),
];

/// The bound: memory grows with the bytes that are there, never with the lengths that they announce.
fn bytes_allowed(input: usize) -> usize {
    64 * 1024 + 32 * input
}

const BENT_PER_SEED: usize = 3_000;

#[test]
fn no_reader_panics_reads_two_encodings_or_takes_more_memory_than_its_bound() {
    for (name, entry, reader) in READERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let mut rng = TestRng(1);
        let mut seeds = 0;
        for seed in std::fs::read_dir(folder).unwrap() {
            let seed = std::fs::read(seed.unwrap().path()).unwrap();
            seeds += 1;
            entry(&seed);
            measure(name, reader, &seed);
            for _ in 0..BENT_PER_SEED {
                let bent = bent(&seed, &mut rng);
                entry(&bent);
                measure(name, reader, &bent);
            }
        }
        assert!(seeds > 0, "there are no seeds for {name}");
    }
}

fn measure(name: &str, reader: Reader, bytes: &[u8]) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    reader(bytes);
    let used = MEMORY.peak_usage().saturating_sub(before);
    assert!(used <= bytes_allowed(bytes.len()), "{name}: {used} bytes of memory for {}", bytes.len());
}

/// A generator (xorshift) that gives the same bytes on every machine.
struct TestRng(u64);

impl TestRng {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// The seed with one to four changes: bits, bytes, cuts, doubled pieces, lengths that lie.
fn bent(seed: &[u8], rng: &mut TestRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=rng.below(4) {
        let at = rng.below(bytes.len());
        match rng.below(6) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << rng.below(8)),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = rng.below(256) as u8),
            2 => bytes.truncate(at),
            3 => {
                let piece: Vec<u8> = bytes.iter().skip(at).take(rng.below(40)).copied().collect();
                bytes.extend(piece);
            }
            4 => bytes.insert(at.min(bytes.len()), rng.below(256) as u8),
            _ => {
                let head = [0x5b, 0x9b, 0xbb, 0x7b][rng.below(4)];
                let lie = [head, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
                bytes.splice(at..(at + 1).min(bytes.len()), lie);
            }
        }
    }
    bytes
}
