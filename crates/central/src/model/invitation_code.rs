//! Invitation codes, which can be read out over a bad line, and links with the endpoint's address and the code.

use std::fmt;

use environment::{Environment, RngError};
use protocol::normal_invitation;

/// The alphabet of Crockford's base 32: without I, L, O and U, which look like 1, 0 and V.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Number of letters in a code. 12 letters of 32 make 60 bits, which nobody guesses over a network.
const CODE_LETTERS: usize = 12;

/// An invitation's code in its normal form: 12 capitals and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvitationCode(String);

impl InvitationCode {
    /// A random code.
    pub fn random(environment: &Environment) -> Result<Self, RngError> {
        let bytes: [u8; CODE_LETTERS] = environment.random()?;
        Ok(Self(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()))
    }

    /// Reads what a person typed. Blanks, hyphens and case do not matter; I, L and O count as the digits that they look
    /// like. `None` when it cannot be a code.
    pub fn from_typed(typed: &str) -> Option<Self> {
        let normal: String = normal_invitation(typed)
            .chars()
            .map(|letter| match letter {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = |letter: u8| LETTERS.contains(&letter);
        (normal.len() == CODE_LETTERS && normal.bytes().all(known)).then_some(Self(normal))
    }

    /// The code as it is stored: without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The link that a witness pastes or opens. The code is in the fragment, which a browser never sends.
    pub fn link(&self, public_url: &str) -> String {
        format!("{}/#{self}", public_url.trim_end_matches('/'))
    }
}

impl fmt::Display for InvitationCode {
    /// In groups of four: `ABCD-EFGH-JKMN`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = InvitationCode::random(&Environment::system()).unwrap();
        assert_eq!(code.to_string().len(), 14);
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
    fn a_link_has_the_code_behind_the_hash_sign() {
        let code = InvitationCode::from_typed("ABCD-EFGH-JKMN").unwrap();
        assert_eq!(code.link("https://saksi.example/"), "https://saksi.example/#ABCD-EFGH-JKMN");
    }
}
