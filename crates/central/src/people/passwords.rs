//! Passwords of console users: Argon2id, and the same work for a user that does not exist.

use std::io;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::environment::Outside;
pub(crate) use crate::model::credentials::StoredPassword;

/// Longest password, in bytes.
pub(crate) const PASSWORD_BYTES_MAX: usize = 1_024;
/// Shortest password, in characters.
pub(crate) const PASSWORD_CHARS_MIN: usize = 8;

impl StoredPassword {
    /// Hashes `password` under a fresh salt.
    pub(crate) fn of(password: &str, outside: &Outside) -> io::Result<Self> {
        let salt: [u8; 16] = outside.random()?;
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(io::Error::other)?;
        Ok(Self(hash.to_string()))
    }

    /// Whether `password` is the one. A stored text that is no hash fits nothing.
    pub(crate) fn fits(&self, password: &str) -> bool {
        PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }
}

/// A password for a person who did not choose one: 16 letters and digits that are not mistaken for each other.
pub(crate) fn draw(outside: &Outside) -> io::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    let bytes: [u8; 16] = outside.random()?;
    let letters = &LETTERS[..31];
    Ok(bytes.iter().map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits_and_two_hashes_of_it_differ() {
        let outside = Outside::of_this_machine();
        let stored = StoredPassword::of("garam dan asam", &outside).unwrap();
        assert!(stored.0.starts_with("$argon2id$"));
        assert!(stored.fits("garam dan asam") && !stored.fits("garam dan asem"));
        assert_ne!(stored.0, StoredPassword::of("garam dan asam", &outside).unwrap().0);
        assert!(!StoredPassword(String::from("nonsense")).fits("nonsense"));
    }
}
