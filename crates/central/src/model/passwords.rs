//! Passwords of console users: Argon2id hashes, and random passwords.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use environment::{Environment, RngError};

/// Characters of a random password. Those that look like another one are left out.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A password's hash as a PHC string, which has the salt and the costs in it.
#[derive(Clone)]
pub struct StoredPassword(pub(crate) String);

/// Why a password has no hash.
#[derive(Debug, thiserror::Error)]
pub enum PasswordHashError {
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error("cannot hash the password: {0}")]
    Hash(argon2::password_hash::Error),
}

impl StoredPassword {
    /// Hashes `password` with a new salt.
    pub(crate) fn new(password: &str, environment: &Environment) -> Result<Self, PasswordHashError> {
        let salt: [u8; 16] = environment.random()?;
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(PasswordHashError::Hash)?;
        Ok(Self(hash.to_string()))
    }

    /// Whether `password` is the right one. A stored text that is no hash matches nothing.
    pub(crate) fn matches(&self, password: &str) -> bool {
        PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }
}

/// A password of 16 letters and digits, for a user who did not choose one.
pub(crate) fn random_password(environment: &Environment) -> Result<String, RngError> {
    let bytes: [u8; 16] = environment.random()?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_matches_and_two_hashes_of_it_differ() {
        let environment = Environment::system();
        let stored = StoredPassword::new("garam dan asam", &environment).unwrap();
        assert!(stored.0.starts_with("$argon2id$"));
        assert!(stored.matches("garam dan asam") && !stored.matches("garam dan asem"));
        assert_ne!(stored.0, StoredPassword::new("garam dan asam", &environment).unwrap().0);
        assert!(!StoredPassword(String::from("nonsense")).matches("nonsense"));
    }
}
