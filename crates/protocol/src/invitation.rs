//! The part of an invitation's link after `#`: the code, and the fingerprint of the log's key.
//!
//! `ABCD-EFGH-JKMN-PQRS.7Q2M-ABCD-EFGH-JKMN-PQRS`. A browser never sends this part to a server. The
//! fingerprint comes over the same way as the code, and not from the endpoint: a device that compares it with
//! the key that the endpoint presents does not join somebody else's endpoint.

use std::fmt;

use evidence::LogPublicKey;
use evidence::letters::{ALPHABET, meant, value_of};

use crate::normal_invitation;

/// Number of random letters of a code: 32 letters of Crockford's base 32 have 5 bits each, which makes 80
/// bits.
pub const CODE_LETTERS: usize = 16;
/// The same with the letter that checks them. Codes of earlier versions have none.
pub const CHECKED_CODE_LETTERS: usize = CODE_LETTERS + 1;
/// Number of letters of a code that an earlier version made.
pub const OLD_CODE_LETTERS: usize = 12;
/// Number of letters of the fingerprint: the first 100 bits of the key's fingerprint for the voice.
pub const LINK_FINGERPRINT_LETTERS: usize = 20;
/// Lengths of codes that can be sent to an endpoint. Endpoints of other versions may make other codes.
const CODE_LENGTHS: std::ops::RangeInclusive<usize> = 8..=40;

/// The code and the fingerprint in a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationFragment {
    /// The code in capitals, without hyphens.
    pub code: String,
    /// The start of the fingerprint of the log's key, in capitals, without hyphens. `None` in a link of an
    /// earlier version, and when somebody typed only the code.
    pub log_fingerprint: Option<String>,
}

/// Why the part after `#` is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationFragmentError {
    #[error("the code after # is too short or too long")]
    CodeUnfit,
    #[error("a letter of the code after # is wrong")]
    CodeMistyped,
    #[error("the fingerprint at the end of the link is incomplete")]
    FingerprintIncomplete,
}

impl InvitationFragment {
    /// Reads the part of a link after `#`. Case, blanks and hyphens do not matter.
    pub fn parse(fragment: &str) -> Result<Self, InvitationFragmentError> {
        let (code, fingerprint) = match fragment.split_once('.') {
            Some((code, fingerprint)) => (code, Some(normal_fingerprint(fingerprint))),
            None => (fragment, None),
        };
        let code = normal_invitation(code);
        if !CODE_LENGTHS.contains(&code.len()) {
            return Err(InvitationFragmentError::CodeUnfit);
        }
        if is_mistyped(&code) {
            return Err(InvitationFragmentError::CodeMistyped);
        }
        // A message ends with a full stop, which is no part of the link.
        let log_fingerprint = fingerprint.filter(|letters| !letters.is_empty());
        if log_fingerprint.as_ref().is_some_and(|letters| letters.len() != LINK_FINGERPRINT_LETTERS) {
            return Err(InvitationFragmentError::FingerprintIncomplete);
        }
        Ok(Self { code, log_fingerprint })
    }

    /// Whether the link was made for a log with this key; `None` if the link has no fingerprint.
    pub fn names_log(&self, key: LogPublicKey) -> Option<bool> {
        self.log_fingerprint.as_ref().map(|named| is_fingerprint_of(named, key))
    }
}

/// The letter that checks a code (Luhn's algorithm modulo 32): a wrong letter is always noticed, and two that
/// changed places nearly always.
pub fn check_letter(code: &str) -> char {
    let values = code.chars().rev().filter_map(value_of);
    let sum: usize =
        values.enumerate().map(|(at, value)| if at % 2 == 0 { doubled(value) } else { value }).sum();
    let check = (LETTERS - sum % LETTERS) % LETTERS;
    ALPHABET.get(check).map_or('0', |letter| char::from(*letter))
}

/// Whether a code in its normal form has a letter that checks it, and that does not fit.
pub fn is_mistyped(code: &str) -> bool {
    if code.chars().count() != CHECKED_CODE_LETTERS {
        return false;
    }
    let read: Option<Vec<usize>> = code.chars().map(value_of).collect();
    let Some((letters, check)) = read.as_ref().and_then(|_| code.split_at_checked(CODE_LETTERS)) else {
        return true;
    };
    check.chars().next().and_then(value_of) != value_of(check_letter(letters))
}

/// Number of letters of the alphabet.
const LETTERS: usize = 32;

fn doubled(value: usize) -> usize {
    2 * value / LETTERS + 2 * value % LETTERS
}

/// In groups of four letters.
impl fmt::Display for InvitationFragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(&self.code))?;
        match &self.log_fingerprint {
            Some(letters) => write!(f, ".{}", grouped(letters)),
            None => Ok(()),
        }
    }
}

/// The start of a key's fingerprint, as links contain it: five groups of four letters of
/// [`LogPublicKey::spoken`].
pub fn link_fingerprint(key: LogPublicKey) -> String {
    let letters = normal_invitation(&key.spoken());
    grouped(letters.get(..LINK_FINGERPRINT_LETTERS).unwrap_or(&letters))
}

/// The last part of the path of a hall's link.
pub const HALL_PATH: &str = "/hall";

/// The link to the laptop of a hall: its address, and the start of the fingerprint of its own log's key.
pub fn hall_link(address: &str, key: LogPublicKey) -> String {
    format!("{}{HALL_PATH}#{}", address.trim_end_matches('/'), link_fingerprint(key))
}

/// Whether the letters are the start of this key's fingerprint, as links contain it.
pub fn is_fingerprint_of(typed: &str, key: LogPublicKey) -> bool {
    normal_fingerprint(typed) == normal_fingerprint(&link_fingerprint(key))
}

/// Letters in groups of four with hyphens: `ABCD-EFGH-JKMN`. A single letter at the end joins the last group.
pub fn grouped(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let whole = if letters.len() % 4 == 1 { letters.len() - 1 } else { letters.len() };
    let (fours, rest) = letters.split_at(whole);
    let groups: Vec<String> = fours.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-") + &rest.iter().collect::<String>()
}

/// O, I and L count as the digits that they look like. A letter that is not of the alphabet stays out.
fn normal_fingerprint(typed: &str) -> String {
    normal_invitation(typed).chars().map(meant).filter(|letter| value_of(*letter).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use evidence::LogKey;

    use super::*;

    fn key(seed: u8) -> LogPublicKey {
        LogKey::from_seed([seed; 32]).public()
    }

    #[test]
    fn a_link_names_the_log_whose_key_it_was_made_with_and_no_other() {
        let link = format!("abcd-efgh-jkmn-pqrs.{}", link_fingerprint(key(1)).to_lowercase());
        let fragment = InvitationFragment::parse(&link).unwrap();
        assert_eq!(fragment.code, "ABCDEFGHJKMNPQRS");
        assert_eq!(fragment.names_log(key(1)), Some(true));
        assert_eq!(fragment.names_log(key(2)), Some(false));
        assert_eq!(InvitationFragment::parse(&fragment.to_string()), Ok(fragment));
        assert!(key(1).spoken().starts_with(&link_fingerprint(key(1))));
    }

    #[test]
    fn one_wrong_letter_of_a_checked_code_is_noticed_wherever_it_is() {
        let code = "7Q2MABCDEFGHJKMN";
        let checked = format!("{code}{}", check_letter(code));
        assert!(!is_mistyped(&checked) && !is_mistyped(code) && !is_mistyped(&checked.replace('M', "m")));
        for at in 0..checked.len() {
            for letter in
                ALPHABET.map(char::from).into_iter().filter(|letter| !checked[at..].starts_with(*letter))
            {
                let wrong = format!("{}{letter}{}", &checked[..at], &checked[at + 1..]);
                assert!(is_mistyped(&wrong), "{wrong}");
                let parsed = InvitationFragment::parse(&wrong);
                assert_eq!(parsed, Err(InvitationFragmentError::CodeMistyped));
            }
        }
    }

    #[test]
    fn a_link_of_an_earlier_version_has_no_fingerprint() {
        for link in ["ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN."] {
            let fragment = InvitationFragment::parse(link).unwrap();
            assert_eq!((fragment.code.as_str(), fragment.names_log(key(1))), ("ABCDEFGHJKMN", None));
        }
    }

    #[test]
    fn a_link_that_lost_its_end_is_never_joined_without_the_fingerprint() {
        let link = format!("ABCD-EFGH-JKMN-PQRS.{}", link_fingerprint(key(1)));
        for length in 21..link.len() {
            let cut = InvitationFragment::parse(&link[..length]);
            assert_eq!(cut, Err(InvitationFragmentError::FingerprintIncomplete), "{length}");
        }
        assert_eq!(InvitationFragment::parse("ABC"), Err(InvitationFragmentError::CodeUnfit));
    }

    #[test]
    fn an_app_of_an_earlier_version_still_reads_the_link() {
        // It reads all letters after # as the code, and refuses more than 40.
        let link = format!("ABCD-EFGH-JKMN-PQRS.{}", link_fingerprint(key(1)));
        assert_eq!(normal_invitation(&link).len(), CODE_LETTERS + LINK_FINGERPRINT_LETTERS);
        assert!(CODE_LENGTHS.contains(&normal_invitation(&link).len()));
    }
}
