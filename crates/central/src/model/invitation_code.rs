//! Invitation codes, which can be read out over a bad line, and links with the endpoint's address and the
//! code.

use std::fmt;

use environment::{Environment, RngError};
use evidence::letters::{ALPHABET, meant};
use evidence::{LogPublicKey, PublicKey};
use protocol::invitation::{
    CHECKED_CODE_LETTERS, CODE_LETTERS, LINK_FINGERPRINT_LETTERS, OLD_CODE_LETTERS, check_letter, grouped,
    is_mistyped,
};
use protocol::{InvitationFragment, link_fingerprint, normal_invitation};
use sha2::{Digest as _, Sha256};

/// Number of letters at the end of a code by which people recognise it. The others make 60 bits, which nobody
/// finds from the hash.
const HINT_LETTERS: usize = 4;
/// Number of letters in the fragment of a link, without hyphens and dot.
const WITH_FINGERPRINT: usize = CHECKED_CODE_LETTERS + LINK_FINGERPRINT_LETTERS;
/// The same of a code that an earlier version made.
const OLD_WITH_FINGERPRINT: usize = CODE_LETTERS + LINK_FINGERPRINT_LETTERS;
/// Begins what is hashed of a code.
const CONTEXT: &[u8] = b"saksi-invitation-v1\0";

/// The SHA-256 of a code, which is all that the store has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeHash(pub(crate) [u8; 32]);

impl CodeHash {
    /// The hash of a code in its normal form.
    pub(crate) fn of(code: &str) -> Self {
        Self(Sha256::new().chain_update(CONTEXT).chain_update(code).finalize().into())
    }
}

/// An invitation's code in its normal form: 16 capitals and digits and one that checks them. A code of an
/// earlier version has 16 or 12 and no check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvitationCode(String);

impl InvitationCode {
    /// A random code.
    pub fn random(environment: &Environment) -> Result<Self, RngError> {
        let bytes: [u8; CODE_LETTERS] = environment.random()?;
        let letters: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        let check = check_letter(&letters);
        Ok(Self(letters + check.encode_utf8(&mut [0; 4])))
    }

    /// Reads what a person typed. Blanks, hyphens and case do not matter; I, L and O count as the digits that
    /// they look like. `None` when it cannot be a code.
    pub fn from_typed(typed: &str) -> Option<Self> {
        let normal: String = normal_invitation(typed).chars().map(meant).collect();
        let known = |letter: u8| ALPHABET.contains(&letter);
        let code = match normal.len() {
            OLD_CODE_LETTERS | CODE_LETTERS | CHECKED_CODE_LETTERS => normal.as_str(),
            // An app of an earlier version sends all that follows the # in a link.
            WITH_FINGERPRINT => normal.get(..CHECKED_CODE_LETTERS)?,
            OLD_WITH_FINGERPRINT => normal.get(..CODE_LETTERS)?,
            _ => return None,
        };
        (code.bytes().all(known) && !is_mistyped(code)).then(|| Self(code.to_owned()))
    }

    /// What the store has of the code.
    pub fn hash(&self) -> CodeHash {
        CodeHash::of(&self.0)
    }

    /// The public half of the key that the code makes: a device proves with it that it knows the code,
    /// without showing it.
    pub fn enrol_key(&self) -> PublicKey {
        protocol::invitation_key(&self.0).public()
    }

    /// The last letters, by which people recognise the code.
    pub fn hint(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(HINT_LETTERS)..).unwrap_or_default()
    }

    /// The link that a witness pastes or opens. Code and fingerprint are in the fragment, which a browser
    /// never sends.
    pub fn link(&self, public_url: &str, log: LogPublicKey) -> String {
        let fragment = InvitationFragment {
            code: self.0.clone(),
            log_fingerprint: Some(normal_invitation(&link_fingerprint(log))),
        };
        format!("{}/#{fragment}", public_url.trim_end_matches('/'))
    }
}

impl fmt::Display for InvitationCode {
    /// In groups of four: `ABCD-EFGH-JKMN-PQRST`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = InvitationCode::random(&Environment::system()).unwrap();
        assert_eq!(code.to_string().len(), 20);
        assert_eq!(InvitationCode::from_typed(&code.to_string()), Some(code.clone()));
        assert_eq!(
            InvitationCode::from_typed(&code.to_string().to_lowercase().replace('-', " ")),
            Some(code)
        );
        let misread = InvitationCode::from_typed("olio-2345-6789").unwrap();
        assert_eq!(misread.to_string(), "0110-2345-6789");
        assert_eq!(InvitationCode::from_typed("ABCD-EFGH"), None);
    }

    #[test]
    fn a_link_has_the_code_and_the_fingerprint_of_the_log_behind_the_hash_sign() {
        let code = InvitationCode::from_typed("ABCD-EFGH-JKMN-PQRS").unwrap();
        let log = evidence::LogKey::from_seed([1; 32]).public();
        let link = code.link("https://saksi.example/", log);
        let fragment = link.strip_prefix("https://saksi.example/#").unwrap();
        let read = InvitationFragment::parse(fragment).unwrap();
        assert_eq!(InvitationCode::from_typed(&read.code), Some(code.clone()));
        assert_eq!(read.names_log(log), Some(true));
        assert_eq!(InvitationCode::from_typed(fragment), Some(code), "an old app sends all of it");
    }

    #[test]
    fn the_hint_of_a_code_does_not_help_to_find_the_rest() {
        let code = InvitationCode::from_typed("ABCD-EFGH-JKMN-PQRS").unwrap();
        assert_eq!(code.hint(), "PQRS");
        const { assert!(CODE_LETTERS - HINT_LETTERS >= 12) };
        assert_ne!(code.hash(), InvitationCode::from_typed("ABCD-EFGH-JKMN-PQRT").unwrap().hash());
    }
}
