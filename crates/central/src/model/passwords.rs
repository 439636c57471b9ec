//! Passwords of console users: Argon2id hashes within a fixed memory, and random passwords.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use environment::{Environment, RngError};

use crate::blocking::Permits;

/// Characters of a random password. Those that look like another one are left out.
pub(super) const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A password's hash as a PHC string, which has the salt and the costs in it.
#[derive(Clone)]
pub struct StoredPassword(pub(crate) String);

/// Why a password has no hash.
#[derive(Debug, thiserror::Error)]
pub enum PasswordHashError {
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error("cannot hash the password: {0}")]
    Hash(argon2::Error),
    #[error("cannot write the hash of the password: {0}")]
    Text(argon2::password_hash::Error),
}

/// Hashes passwords, a fixed number at the same time, each in a memory that is used again.
///
/// A hash needs 19 MiB. Without this, the allocator of each thread that ever hashed would keep as much, and a
/// flood of wrong logins would cost gigabytes.
#[derive(Debug)]
pub(crate) struct PasswordHashing {
    permits: Permits,
    memories: Mutex<Memories>,
}

#[derive(Debug, Default)]
struct Memories {
    free: Vec<Vec<Block>>,
    /// Number of memories that were made.
    made: usize,
}

impl PasswordHashing {
    /// Hashes at most `at_once` passwords at the same time.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { permits: Permits::new(at_once), memories: Mutex::default() }
    }

    /// Hashes `password` with a new salt.
    pub(crate) fn hash(
        &self,
        password: &str,
        environment: &Environment,
    ) -> Result<StoredPassword, PasswordHashError> {
        let salt: [u8; 16] = environment.random()?;
        let mut bytes = [0; Params::DEFAULT_OUTPUT_LEN];
        self.fill(&Params::DEFAULT, password, &salt, &mut bytes).map_err(PasswordHashError::Hash)?;
        let text = phc(&salt, &bytes).map_err(PasswordHashError::Text)?;
        Ok(StoredPassword(text))
    }

    /// Whether `password` is the right one. A stored text that is no hash of this kind matches nothing.
    pub(crate) fn matches(&self, stored: &StoredPassword, password: &str) -> bool {
        let Some((params, salt, expected)) = parts(&stored.0) else { return false };
        let mut bytes = [0; Params::DEFAULT_OUTPUT_LEN];
        let is_hashed = self.fill(&params, password, &salt, &mut bytes).is_ok();
        // The comparison of outputs takes the same time wherever they differ.
        is_hashed && Output::new(&bytes).is_ok_and(|found| found == expected)
    }

    fn fill(
        &self,
        params: &Params,
        password: &str,
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), argon2::Error> {
        let _permit = self.permits.acquire();
        let mut memory = self.take();
        memory.resize(params.block_count(), Block::new());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory);
        self.memories.lock().unwrap_or_else(PoisonError::into_inner).free.push(memory);
        done
    }

    fn take(&self) -> Vec<Block> {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        memories.free.pop().unwrap_or_else(|| {
            memories.made += 1;
            Vec::new()
        })
    }

    /// Number of memories that were made so far.
    #[cfg(test)]
    fn made(&self) -> usize {
        self.memories.lock().unwrap_or_else(PoisonError::into_inner).made
    }
}

fn phc(salt: &[u8], bytes: &[u8]) -> Result<String, argon2::password_hash::Error> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&Params::DEFAULT)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(bytes)?),
    };
    Ok(hash.to_string())
}

/// Costs, salt and output of a stored hash. Costs above ours are refused: they would need more memory.
fn parts(stored: &str) -> Option<(Params, Vec<u8>, Output)> {
    let hash = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let is_ours = hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into())
        && params.block_count() <= Params::DEFAULT.block_count();
    let (salt, output) = (hash.salt?, hash.hash?);
    is_ours.then(|| (params, salt.as_ref().to_vec(), output))
}

/// A password of 16 letters and digits, for a user who did not choose one.
pub(crate) fn random_password(environment: &Environment) -> Result<String, RngError> {
    let bytes: [u8; 16] = environment.random()?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher as _;

    use super::*;

    #[test]
    fn only_the_right_password_matches_and_two_hashes_of_it_differ() {
        let (environment, hashing) = (Environment::system(), PasswordHashing::new(1));
        let stored = hashing.hash("garam dan asam", &environment).unwrap();
        assert!(stored.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored.0);
        assert!(hashing.matches(&stored, "garam dan asam") && !hashing.matches(&stored, "garam dan asem"));
        assert_ne!(stored.0, hashing.hash("garam dan asam", &environment).unwrap().0);
        assert!(!hashing.matches(&StoredPassword(String::from("nonsense")), "nonsense"));
    }

    #[test]
    fn a_hash_of_an_earlier_version_still_matches_and_one_with_higher_costs_is_refused() {
        let hashing = PasswordHashing::new(1);
        let of = |params| {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            StoredPassword(argon2.hash_password_with_salt(b"garam", &[7; 16]).unwrap().to_string())
        };
        assert!(hashing.matches(&of(Params::DEFAULT), "garam"));
        let twice = Params::new(2 * Params::DEFAULT_M_COST, 1, 1, None).unwrap();
        assert!(!hashing.matches(&of(twice), "garam"));
    }

    #[test]
    fn a_flood_of_wrong_passwords_from_many_threads_uses_a_fixed_number_of_memories() {
        let (environment, hashing) = (Environment::system(), PasswordHashing::new(2));
        let stored = hashing.hash("garam dan asam", &environment).unwrap();
        std::thread::scope(|scope| {
            for guess in 0..24 {
                let (hashing, stored) = (&hashing, &stored);
                scope.spawn(move || assert!(!hashing.matches(stored, &format!("guess {guess}"))));
            }
        });
        assert!(hashing.made() <= 2, "{} memories of 19 MiB", hashing.made());
        assert!(hashing.matches(&stored, "garam dan asam"), "a used memory does not change a hash");
    }
}
