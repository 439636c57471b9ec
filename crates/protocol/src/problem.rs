//! Refusals: `application/problem+json` (RFC 9457) with a closed set of codes.

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $code:ident = $status:literal $permanence:ident $title:literal,)*) => {
        /// Every reason for which the endpoint refuses something. The snake-case name is on the wire, and is the
        /// key of the translated text in the screens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode {
            $($(#[$doc])* $code,)*
        }

        impl ProblemCode {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$code => $status,)* }
            }

            /// Whether sending the same bytes again can never succeed.
            pub fn is_permanent(self) -> bool {
                match self { $(Self::$code => problem_codes!(@$permanence),)* }
            }

            /// A short English title, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }
        }
    };
    (@permanent) => { true };
    (@passing) => { false };
}

problem_codes! {
    /// The request is not of the shape that the address takes.
    RequestMalformed = 400 permanent "The request cannot be read",
    /// The bytes are not a well-formed statement in deterministic encoding.
    StatementMalformed = 422 permanent "The statement cannot be read",
    /// The statement's version or kind is not one this endpoint knows. A newer endpoint may know it.
    StatementUnsupported = 422 passing "The statement is of an unknown kind or version",
    /// The signature does not fit the bytes and the device's key.
    SignatureInvalid = 422 permanent "The signature does not hold",
    /// No such device has enrolled here.
    DeviceUnknown = 403 passing "The device is not enrolled here",
    /// The statement is for another election, or a drill's statement came to the real count or the reverse.
    ElectionWrong = 422 permanent "The statement belongs to another election",
    /// The election has no such station.
    StationUnknown = 422 permanent "The election has no such station",
    /// The election has no such contest.
    ContestUnknown = 422 permanent "The election has no such contest",
    /// The figures do not fit the contest's form.
    FiguresUnfit = 422 permanent "The figures do not fit the form",
    /// More bytes than the address takes.
    BodyTooLong = 413 permanent "The body is too long",
    /// More statements in one request than allowed.
    BatchTooLong = 413 permanent "Too many statements in one request",
    /// No accepted photo statement names this photo yet.
    PhotoUnknown = 404 passing "No statement names this photo yet",
    /// The bytes are not a picture that the endpoint reads.
    PhotoNotAnImage = 422 permanent "The photo is not an image",
    /// The bytes do not hash to the name under which they were sent.
    PhotoHashMismatch = 422 passing "The photo's bytes do not match its hash",
    /// The piece does not start where the endpoint's copy ends. Ask for the offset and go on from there.
    PhotoOffsetWrong = 409 passing "The piece does not continue the photo",
    /// The invitation is not known, mistyped or withdrawn.
    InvitationUnknown = 404 permanent "The invitation is not known",
    /// The invitation was used by another device.
    InvitationUsed = 409 permanent "The invitation was used by another device",
    /// The device did not prove that it holds the key.
    ProofInvalid = 422 permanent "The proof of the key does not hold",
    /// The file is no whole bundle, and no picture of a tally's code.
    ImportUnreadable = 422 permanent "The file cannot be taken in",
    /// User name and password do not fit.
    LoginFailed = 401 permanent "User name and password do not fit",
    /// The address needs a login.
    LoginNeeded = 401 passing "A login is needed",
    /// The role or region of the user does not reach so far.
    Forbidden = 403 permanent "Not allowed for this user",
    /// Nothing is at this address.
    NotFound = 404 permanent "Nothing is here",
    /// Too many requests; try again later.
    TooManyRequests = 429 passing "Too many requests",
    /// The endpoint has more to do than it can; nothing was done. Try again later.
    Busy = 503 passing "The endpoint has too much to do",
    /// The endpoint has a fault of its own; try again later.
    Internal = 500 passing "The endpoint has a fault",
}

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// `urn:saksi:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// [`ProblemCode::title`].
    pub title: String,
    /// [`ProblemCode::status`].
    pub status: u16,
    /// The code itself.
    pub code: ProblemCode,
    /// What exactly was wrong here, in English, without people's data.
    pub detail: String,
}

impl Problem {
    /// The media type of a refusal.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A refusal with its particulars.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let name = format!("{code:?}");
        let mut kind = String::from("urn:saksi:problem");
        for (place, letter) in name.chars().enumerate() {
            if letter.is_ascii_uppercase() {
                kind.push(if place == 0 { ':' } else { '_' });
            }
            kind.push(letter.to_ascii_lowercase());
        }
        Self { kind, title: code.title().to_owned(), status: code.status(), code, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problems_type_ends_with_its_code_as_on_the_wire() {
        let problem = Problem::new(ProblemCode::PhotoNotAnImage, "a text file");
        assert_eq!(problem.kind, "urn:saksi:problem:photo_not_an_image");
        assert_eq!(problem.status, 422);
    }
}
