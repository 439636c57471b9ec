//! Packages of people who do not mean well: the loader does not panic, and takes no more memory than its
//! bound. The seeds are those of the fuzz target; here they are bent at random, always the same way.

use std::path::Path;

use peak_alloc::PeakAlloc;
use tally::Election;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The bound: memory grows with the bytes that are there, never with the numbers in them.
fn bytes_allowed(input: usize) -> usize {
    256 * 1024 + 64 * input
}

const BENT_PER_SEED: usize = 2_000;

#[test]
fn no_package_makes_the_loader_panic_or_take_more_memory_than_its_bound() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/package");
    let mut rng = TestRng(1);
    let (mut seeds, mut taken_as_packages) = (0, 0);
    for seed in std::fs::read_dir(corpus).unwrap() {
        let seed = std::fs::read_to_string(seed.unwrap().path()).unwrap();
        seeds += 1;
        // The embedded forms are read with the first package, and are not that package's.
        assert!(Election::from_json(&seed).is_ok());
        for _ in 0..BENT_PER_SEED {
            let bent = bent(&seed, &mut rng);
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let read = Election::from_json(&bent);
            let used = MEMORY.peak_usage().saturating_sub(before);
            assert!(used <= bytes_allowed(bent.len()), "{used} bytes of memory for {}: {bent}", bent.len());
            if let Ok(election) = read {
                taken_as_packages += 1;
                assert_eq!(Election::from_json(&election.to_json().unwrap()).as_ref(), Ok(&election));
            }
        }
    }
    assert!(
        seeds > 0 && taken_as_packages > 0,
        "{seeds} seeds, of which {taken_as_packages} bent ones were packages"
    );
}

/// A generator (xorshift) that gives the same texts on every machine.
struct TestRng(u64);

impl TestRng {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// The seed with one or two changes: letters, cuts, doubled pieces, huge numbers.
fn bent(seed: &str, rng: &mut TestRng) -> String {
    let mut letters: Vec<char> = seed.chars().collect();
    for _ in 0..=rng.below(2) {
        let at = rng.below(letters.len());
        match rng.below(5) {
            0 => letters[at] = char::from(rng.below(128) as u8),
            1 => letters.truncate(at.max(1)),
            2 => {
                let piece: Vec<char> = letters.iter().skip(at).take(rng.below(200)).copied().collect();
                letters.splice(at..at, piece);
            }
            3 => {
                letters.remove(at);
            }
            _ => {
                let digits = letters.iter().enumerate().filter(|(_, letter)| letter.is_ascii_digit());
                let digits: Vec<usize> = digits.map(|(index, _)| index).collect();
                let Some(&index) = digits.get(rng.below(digits.len())) else { continue };
                let number = ["4294967295", "65535", "999999", "0", "18446744073709551616"][rng.below(5)];
                letters.splice(index..=index, number.chars());
            }
        }
    }
    letters.into_iter().collect()
}
