//! Fingerprints that are read out: over a telephone, on a blackboard, in a newspaper.

use sha2::{Digest, Sha256};

use super::checkpoint::Checkpoint;
use super::key::LogPublicKey;
use crate::letters::{self, ALPHABET};

/// Number of letters: 160 bits, too many to search for a second input with the same fingerprint.
const LETTERS: usize = 32;

impl Checkpoint {
    /// The size and eight groups of four letters over size and root: `1024 7Q2M-…`. It carries no signature.
    /// Someone who wrote it down can compare it with a checkpoint later ([`Checkpoint::is_spoken_as`]).
    pub fn spoken(&self) -> String {
        format!("{} {}", self.size, grouped(&self.letters()))
    }

    /// Whether `heard` is the fingerprint of this checkpoint. Capitals, spaces and dashes do not matter, and
    /// O, I and L are read as 0, 1 and 1.
    pub fn is_spoken_as(&self, heard: &str) -> bool {
        let heard = heard.trim();
        let Some((size, letters)) = heard.split_once(char::is_whitespace) else { return false };
        size.parse() == Ok(self.size) && normal(letters) == self.letters()
    }

    fn letters(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"saksi checkpoint\n")
            .chain_update(self.size.to_be_bytes())
            .chain_update(self.root)
            .finalize();
        letters(&digest.into())
    }
}

impl LogPublicKey {
    /// The fingerprint of the key: eight groups of four letters, to be compared by voice.
    pub fn spoken(self) -> String {
        grouped(&self.letters())
    }

    /// Whether `heard` is the fingerprint of this key. Capitals, spaces and dashes do not matter, and O, I
    /// and L are read as 0, 1 and 1.
    pub fn is_spoken_as(self, heard: &str) -> bool {
        normal(heard) == self.letters()
    }

    /// Whether a text has the form of a key's fingerprint, with dashes or spaces between its groups.
    pub fn is_spoken(text: &str) -> bool {
        let letters = normal(text);
        letters.len() == LETTERS
            && letters.bytes().all(|letter| ALPHABET.contains(&letter))
            && text.trim().contains(['-', ' '])
    }

    fn letters(self) -> String {
        letters(
            &Sha256::new().chain_update(b"saksi log key\n").chain_update(self.to_bytes()).finalize().into(),
        )
    }
}

/// The first 160 bits of a digest, five for each letter.
fn letters(digest: &[u8; 32]) -> String {
    let bit = |at: usize| usize::from(digest[at / 8] >> (7 - at % 8) & 1);
    (0..LETTERS)
        .map(|letter| (0..5).fold(0, |value, at| value << 1 | bit(letter * 5 + at)))
        .map(|value| char::from(ALPHABET[value]))
        .collect()
}

fn grouped(letters: &str) -> String {
    let groups: Vec<&str> = (0..LETTERS).step_by(4).filter_map(|at| letters.get(at..at + 4)).collect();
    groups.join("-")
}

fn normal(heard: &str) -> String {
    heard.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').map(letters::meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogKey;

    #[test]
    fn a_keys_fingerprint_is_recognised_as_people_write_it_and_no_other_is() {
        let (key, other) = (LogKey::from_seed([5; 32]).public(), LogKey::from_seed([6; 32]).public());
        let spoken = key.spoken();
        assert_eq!((spoken.len(), spoken.split('-').count()), (39, 8));
        for heard in [spoken.clone(), spoken.to_lowercase(), spoken.replace('-', " ")] {
            assert!(
                LogPublicKey::is_spoken(&heard) && key.is_spoken_as(&heard) && !other.is_spoken_as(&heard)
            );
        }
        for wrong in [key.to_hex(), key.id().to_string(), "log.key".to_owned(), spoken[5..].to_owned()] {
            assert!(!LogPublicKey::is_spoken(&wrong), "{wrong}");
        }
    }
}
