//! Reads an invitation as people paste it, and checks the endpoint's log against it.

use std::net::{IpAddr, Ipv6Addr};

use evidence::{LogPublicKey, Rotation};
use protocol::invitation::{HALL_PATH, LINK_FINGERPRINT_LETTERS};
use protocol::{InvitationFragment, InvitationFragmentError, normal_invitation};
use reqwest::Url;

use crate::error::DeviceError;
use crate::model::KnownLog;
use crate::store::Joining;

/// An invitation: the endpoint's address, a code, and the start of the fingerprint of the log's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The endpoint's base address.
    pub endpoint: String,
    pub fragment: InvitationFragment,
}

/// Maximum length of a text that is searched for an invitation, in bytes. A whole chat is below it.
const TEXT_BYTES_MAX: usize = 64 * 1024;
const SCHEMES: [&str; 2] = ["https://", "http://"];

impl Invitation {
    /// Finds the link in a text. Chat apps put marks, brackets, quotes and invisible characters around it,
    /// and people forward it with a longer message.
    ///
    /// Only https is accepted, so that nobody on the way reads the code. Two exceptions: this computer
    /// itself, for tests, and a training hall's network without a name in the DNS. The latter needs a link
    /// with the log's fingerprint.
    pub fn parse(text: &str) -> Result<Self, DeviceError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(DeviceError::InvitationUnreadable("it is too long"));
        }
        let text = without_invisible(text);
        let lower = text.to_ascii_lowercase();
        let mut reason = None;
        let starts = lower.match_indices("http").map(|(at, _)| at);
        for at in starts.filter(|at| SCHEMES.iter().any(|scheme| lower[*at..].starts_with(scheme))) {
            match Self::read(&text[at..]) {
                Ok(invitation) => return Ok(invitation),
                // A message may have other links, without a code.
                Err(error) if reason.is_none() || link(&text[at..]).is_some() => reason = Some(error),
                Err(_) => {}
            }
        }
        let no_link =
            DeviceError::InvitationUnreadable("it contains no address that begins with https:// or http://");
        Err(reason.unwrap_or(no_link))
    }

    /// The invitation that waits for the endpoint; `None` for a guest of a hall, who has none.
    pub(crate) fn that_waits(joining: &Joining) -> Option<Self> {
        let fragment = joining.fragment.clone()?;
        Some(Self { endpoint: joining.endpoint.clone(), fragment })
    }

    /// Reads the link at the start of a text.
    fn read(text: &str) -> Result<Self, DeviceError> {
        let unreadable = DeviceError::InvitationUnreadable;
        let missing = unreadable("the code after # is missing");
        let (address, fragment) = link(text).ok_or(missing)?;
        let mut address = Url::parse(address).map_err(|_| unreadable("the address has no host"))?;
        if !address.username().is_empty() || address.password().is_some() {
            return Err(unreadable("the address contains a user name"));
        }
        address.set_query(None);
        let fragment = InvitationFragment::parse(fragment).map_err(|error| match error {
            InvitationFragmentError::CodeUnfit => unreadable("the code after # is too short or too long"),
            InvitationFragmentError::CodeMistyped => unreadable("a letter of the code after # is wrong"),
            InvitationFragmentError::FingerprintIncomplete => unreadable("the end of the link is missing"),
        })?;
        if !is_allowed(&address, fragment.log_fingerprint.is_some()) {
            return Err(DeviceError::AddressInsecure(address.host_str().unwrap_or_default().to_owned()));
        }
        Ok(Self { endpoint: address.as_str().trim_end_matches('/').to_owned(), fragment })
    }

    /// The log that the device pins, if the endpoint's log is the one that the link names. A link that was
    /// printed before a rotation names an earlier key, which the rotations continue. `None` if the log is
    /// another one.
    pub(crate) fn log(&self, current: LogPublicKey, rotations: &[Rotation]) -> Option<KnownLog> {
        // A link of an earlier version names no log.
        if self.fragment.names_log(current).unwrap_or(true) {
            return Some(KnownLog::pinned(current));
        }
        let named = |rotation: &Rotation| self.fragment.names_log(rotation.old) == Some(true);
        let since = &rotations[rotations.iter().position(named)?..];
        KnownLog::of(since.first()?.old, since.to_vec()).filter(|log| log.current() == current)
    }
}

/// The link to the laptop of a hall: its address, and the start of the fingerprint of its own log's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallLink {
    pub address: String,
    pub fingerprint: String,
}

impl HallLink {
    /// Finds the link in a text. `None` if there is none: then it may be an invitation.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let text = without_invisible(text);
        let lower = text.to_ascii_lowercase();
        let starts: Vec<usize> = lower.match_indices("http").map(|(at, _)| at).collect();
        starts.into_iter().find_map(|at| Self::read(&text[at..]))
    }

    fn read(text: &str) -> Option<Self> {
        let (address, fingerprint) = link(text)?;
        let address = Url::parse(address).ok()?;
        let is_hall = address.path().trim_end_matches('/').ends_with(HALL_PATH);
        let fingerprint = normal_invitation(fingerprint);
        if !is_hall || fingerprint.len() != LINK_FINGERPRINT_LETTERS || !is_allowed(&address, true) {
            return None;
        }
        let base = address.as_str().trim_end_matches('/');
        Some(Self { address: base.strip_suffix(HALL_PATH)?.to_owned(), fingerprint })
    }
}

/// The address and the part after `#` of the link at the start of a text. Some apps write `#` as `%23`.
fn link(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_graphic() || "\"<>`\\^{}|".contains(letter));
    let text = &text[..end.unwrap_or(text.len())];
    let (address, rest) = text.split_once('#').or_else(|| text.split_once("%23"))?;
    let of_code = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    let rest = &rest[..rest.find(|letter| !of_code(letter)).unwrap_or(rest.len())];
    // The end of a sentence, and the next one if no blank separates them.
    let second_stop = rest.match_indices('.').nth(1).map_or(rest.len(), |(at, _)| at);
    Some((address, &rest[..second_stop]))
}

/// The text without characters that nobody sees, and with the hyphens that keyboards and word processors make
/// of `-`.
fn without_invisible(text: &str) -> String {
    let seen = |letter: &char| {
        !matches!(
            *letter,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fe00}'..='\u{fe0f}'
        )
    };
    let hyphen = |letter| match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    };
    text.chars().filter(seen).map(hyphen).collect()
}

/// Whether the app connects to this address.
fn is_allowed(address: &Url, has_fingerprint: bool) -> bool {
    if address.scheme() == "https" {
        return true;
    }
    let host = address.host_str().unwrap_or_default();
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || (has_fingerprint && is_private(ip)),
        Err(_) => host == "localhost",
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

/// Unique local addresses (`fc00::/7`) and link-local ones (`fe80::/10`).
fn is_private_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
}

#[cfg(test)]
mod tests {
    use evidence::LogKey;
    use protocol::link_fingerprint;

    use super::*;

    const LINK: &str = "https://saksi.example/#AB2C-9XYZ-QRST-0123";

    fn key(seed: u8) -> LogKey {
        LogKey::from_seed([seed; 32])
    }

    #[test]
    fn an_invitation_is_found_in_whatever_chat_apps_make_of_it() {
        let bold = |mark: &str| format!("{mark}{LINK}{mark}");
        let long = format!("{}\n\n{LINK}\n\n{}", "Bapak/Ibu saksi, ".repeat(60), "terima kasih ".repeat(60));
        for text in [
            LINK.to_owned(),
            bold("*"),
            bold("_"),
            bold("~"),
            bold("`"),
            bold("```"),
            bold("\""),
            bold("'"),
            format!("“{LINK}”"),
            format!("<{LINK}>"),
            format!("({LINK})"),
            format!("[{LINK}]"),
            format!("{{{LINK}}}"),
            format!("[undangan]({LINK})"),
            format!("👉{LINK}👈"),
            format!("*_{LINK}_*!"),
            format!("Undangan:{LINK}, simpan ya."),
            format!("Ini undangan Anda: {LINK}. Simpan ya"),
            format!("Ini undangan Anda: {LINK}.\nSimpan ya"),
            format!("Lihat https://kpu.go.id dan http://contoh.example lalu buka {LINK} ya"),
            format!("\u{feff}\u{200e}{LINK}\u{200b}"),
            LINK.replace('-', "\u{2011}"),
            LINK.replace('-', "-\u{200b}"),
            LINK.replace('#', "%23"),
            LINK.replace("https", "HTTPS"),
            LINK.replace("saksi.example", "Saksi.Example"),
            LINK.replace("/#", "#"),
            LINK.replace("/#", "/?utm_source=wa#"),
            LINK.to_lowercase(),
            format!("[28/11 19.02] Koordinator:\t{LINK}"),
            long,
        ] {
            let invitation =
                Invitation::parse(&text).unwrap_or_else(|error| unreachable!("{text:?}: {error}"));
            assert_eq!(invitation.endpoint, "https://saksi.example", "{text:?}");
            assert_eq!(invitation.fragment.code, "AB2C9XYZQRST0123", "{text:?}");
            assert_eq!(invitation.fragment.log_fingerprint, None, "{text:?}");
        }
        let fingerprint = link_fingerprint(key(1).public());
        for text in [
            format!("*{LINK}.{fingerprint}*"),
            format!("{LINK}.{fingerprint}. Simpan"),
            format!("{LINK}.{fingerprint}.Simpan"),
        ] {
            let invitation =
                Invitation::parse(&text).unwrap_or_else(|error| unreachable!("{text:?}: {error}"));
            assert_eq!(invitation.fragment.names_log(key(1).public()), Some(true), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_is_not_an_invitation_is_refused_with_a_reason() {
        for text in [
            "",
            "AB2C-9XYZ",
            "https://saksi.example/",
            "https://#AB2C9XYZ",
            "https://saksi.example/#A",
            "https://saksi.example/#AB2C-9XYZ-QRST-0123.AB2C",
            "https://saksi.example@evil.example/#AB2C-9XYZ-QRST",
            &"x".repeat(TEXT_BYTES_MAX + 1),
        ] {
            assert!(matches!(Invitation::parse(text), Err(DeviceError::InvitationUnreadable(_))), "{text:?}");
        }
    }

    #[test]
    fn an_address_without_https_is_accepted_on_this_computer_and_with_a_fingerprint_in_a_private_network() {
        let fingerprint = format!("AB2C-9XYZ-QRST-0123.{}", link_fingerprint(key(1).public()));
        let plain = "AB2C-9XYZ-QRST-0123";
        for (address, code, is_accepted) in [
            ("https://saksi.example", plain, true),
            ("http://saksi.example", plain, false),
            ("http://saksi.example", &fingerprint, false),
            ("http://203.0.113.9", &fingerprint, false),
            ("http://127.0.0.1:8080", plain, true),
            ("http://[::1]:8080", plain, true),
            ("http://localhost:8080", plain, true),
            ("http://localhost.example", plain, false),
            ("http://192.168.1.5:8080", plain, false),
            ("http://192.168.1.5:8080", &fingerprint, true),
            ("http://10.0.0.1", &fingerprint, true),
            ("http://172.31.0.1", &fingerprint, true),
            ("http://172.32.0.1", &fingerprint, false),
            ("http://[fd00::1]", &fingerprint, true),
            ("http://[2001:db8::1]", &fingerprint, false),
        ] {
            let parsed = Invitation::parse(&format!("{address}/#{code}"));
            assert_eq!(parsed.is_ok(), is_accepted, "{address} {code}: {parsed:?}");
            assert!(is_accepted || matches!(parsed, Err(DeviceError::AddressInsecure(_))), "{parsed:?}");
        }
    }

    #[test]
    fn the_log_is_the_one_on_the_link_or_its_successor() {
        let link =
            |key: &LogKey| Invitation::parse(&format!("{LINK}.{}", link_fingerprint(key.public()))).unwrap();
        let (one, two) = (key(1), key(2));
        let rotation = one.hand_over_to(two.public());
        let rotations = std::slice::from_ref(&rotation);
        assert_eq!(
            Invitation::parse(LINK).unwrap().log(two.public(), &[]),
            Some(KnownLog::pinned(two.public()))
        );
        assert_eq!(link(&one).log(one.public(), &[]), Some(KnownLog::pinned(one.public())));
        assert_eq!(link(&one).log(two.public(), &[]), None, "no rotation leads there");
        assert_eq!(link(&one).log(two.public(), rotations).unwrap().pinned, one.public());
        assert_eq!(link(&one).log(key(3).public(), rotations), None, "the rotation leads to another key");
    }
}
