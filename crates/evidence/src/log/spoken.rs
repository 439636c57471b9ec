//! A checkpoint's fingerprint for the voice: over a telephone, on a blackboard, in a newspaper.

use sha2::{Digest, Sha256};

use super::checkpoint::Checkpoint;

/// Crockford's base 32: no I, L, O or U, so that nobody mishears or misreads a letter for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 160 bits: whoever rewrites a log cannot search for two states with one fingerprint.
const LETTERS: usize = 32;

impl Checkpoint {
    /// The size and eight groups of four letters over size and root: `1024 7Q2M-…`. It carries no signature.
    /// Whoever wrote it down can later tell whether a checkpoint is the one they heard
    /// ([`Checkpoint::is_spoken_as`]).
    pub fn spoken(&self) -> String {
        let letters = self.letters();
        let groups: Vec<&str> = (0..LETTERS).step_by(4).filter_map(|at| letters.get(at..at + 4)).collect();
        format!("{} {}", self.size, groups.join("-"))
    }

    /// Whether this is the checkpoint of which someone wrote down the fingerprint. Small letters, spaces and dashes
    /// are of no matter, and O, I and L stand for 0, 1 and 1.
    pub fn is_spoken_as(&self, heard: &str) -> bool {
        let heard = heard.trim();
        let Some((size, letters)) = heard.split_once(char::is_whitespace) else { return false };
        let letters: String = letters
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        size.parse() == Ok(self.size) && letters == self.letters()
    }

    fn letters(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"saksi checkpoint\n")
            .chain_update(self.size.to_be_bytes())
            .chain_update(self.root)
            .finalize();
        let bit = |at: usize| usize::from(digest[at / 8] >> (7 - at % 8) & 1);
        (0..LETTERS)
            .map(|letter| (0..5).fold(0, |value, at| value << 1 | bit(letter * 5 + at)))
            .map(|value| char::from(ALPHABET[value]))
            .collect()
    }
}
