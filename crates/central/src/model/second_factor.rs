//! The second factor of a login: codes of an authenticator (TOTP, RFC 6238), and recovery codes.

use environment::{Environment, RngError};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::passwords::LETTERS;

/// Length of a secret: 160 bits, as RFC 4226 recommends.
pub(crate) const SECRET_BYTES: usize = 20;
/// Number of recovery codes of a user.
const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 79 random bits.
const RECOVERY_LETTERS: usize = 16;
/// Maximum length of what somebody types as a code, in bytes.
const TYPED_BYTES_MAX: usize = 64;
/// The name that authenticators show above the user's.
const ISSUER: &str = "Saksi";

/// The secret that the endpoint and an authenticator share.
pub(crate) struct FactorSecret(pub(crate) [u8; SECRET_BYTES]);

/// Why a secret makes no address for an authenticator.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the address for an authenticator: {0}")]
pub struct AddressError(totp_rs::TotpError);

impl FactorSecret {
    pub(crate) fn random(environment: &Environment) -> Result<Self, RngError> {
        environment.random().map(Self)
    }

    /// Six digits every 30 seconds by HMAC-SHA-1: what every authenticator knows. A code holds one step
    /// before and one after its own.
    fn totp(&self, user: &str) -> Result<Totp, AddressError> {
        Builder::new()
            .with_secret(Secret::new_stack(self.0))
            .with_issuer(Some(ISSUER))
            .with_account_name(user)
            .build()
            .map_err(AddressError)
    }

    /// The step whose code `typed` is, near this time.
    pub(crate) fn step_of(&self, user: &str, typed: &str, now_ms: i64) -> Option<i64> {
        let seconds = u64::try_from(now_ms.div_euclid(1_000)).ok()?;
        let digits: String = bounded(typed)?.chars().filter(|letter| !letter.is_whitespace()).collect();
        let step = self.totp(user).ok()?.check(&digits, seconds)?;
        i64::try_from(step).ok()
    }

    /// The address that a QR code shows to an authenticator.
    pub(crate) fn address(&self, user: &str) -> Result<String, AddressError> {
        self.totp(user)?.to_url().map_err(AddressError)
    }

    /// The secret for typing, in groups of four letters.
    pub(crate) fn spelled(&self) -> String {
        let letters: Vec<char> = Secret::new_stack(self.0).to_base32().chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// A code that replaces the authenticator once.
pub(crate) struct RecoveryCode(String);

/// The SHA-256 of a [`RecoveryCode`]. A code has so many random bits that it needs no slow hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecoveryHash(pub(crate) [u8; 32]);

impl RecoveryCode {
    /// New codes for a user.
    pub(crate) fn random_set(environment: &Environment) -> Result<Vec<Self>, RngError> {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
        (0..RECOVERY_CODES)
            .map(|_| {
                let bytes: [u8; RECOVERY_LETTERS] = environment.random()?;
                Ok(Self(bytes.into_iter().map(letter).collect()))
            })
            .collect()
    }

    /// The code in what somebody typed, with or without its hyphens.
    pub(crate) fn from_typed(typed: &str) -> Option<Self> {
        let letters = bounded(typed)?.chars().filter(char::is_ascii_alphanumeric);
        let code: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        (code.len() == RECOVERY_LETTERS).then_some(Self(code))
    }

    pub(crate) fn hash(&self) -> RecoveryHash {
        RecoveryHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The code as it is shown: four groups of four letters.
    pub(crate) fn spelled(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

fn bounded(typed: &str) -> Option<&str> {
    (typed.len() <= TYPED_BYTES_MAX).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the examples in RFC 4226 and RFC 6238.
    const RFC: FactorSecret = FactorSecret(*b"12345678901234567890");

    #[test]
    fn codes_are_those_of_the_standard_and_hold_one_step_around_their_own() {
        // RFC 6238, appendix B: at second 59 the last six digits are 287082.
        assert_eq!(RFC.step_of("rini", "287082", 59_000), Some(1));
        assert_eq!(RFC.step_of("rini", " 287 082 ", 89_000), Some(1));
        assert_eq!(RFC.step_of("rini", "287082", 95_000), None);
        assert_eq!(RFC.step_of("rini", "287083", 59_000), None);
        assert_eq!(RFC.step_of("rini", "", 59_000), None);
        assert_eq!(RFC.step_of("rini", "287082", -1), None);
    }

    #[test]
    fn the_address_names_issuer_user_and_secret() {
        let address = RFC.address("rini.w").unwrap();
        assert!(address.starts_with("otpauth://totp/Saksi:rini.w?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
        assert!(RFC.spelled().starts_with("GEZD GNBV"));
    }

    #[test]
    fn a_recovery_code_is_read_as_it_is_shown() {
        let codes = RecoveryCode::random_set(&Environment::system()).unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in codes {
            let typed = format!(" {} ", code.spelled().to_uppercase());
            assert_eq!(RecoveryCode::from_typed(&typed).unwrap().hash(), code.hash());
        }
        assert!(RecoveryCode::from_typed("123456").is_none());
    }
}
