//! Refusals: `application/problem+json` (RFC 9457) with a closed set of codes.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $code:ident = $status:literal $duration:ident $title:literal,)*) => {
        /// Every reason for which the endpoint refuses a request. The snake-case name is on the wire. It is
        /// also the key of the translated text on the screens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode {
            $($(#[$doc])* $code,)*
        }

        impl ProblemCode {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// The HTTP status of the response.
            pub fn status(self) -> u16 {
                match self { $(Self::$code => $status,)* }
            }

            /// Whether the same request can succeed later. A request that failed for another reason never
            /// succeeds.
            pub fn is_transient(self) -> bool {
                match self { $(Self::$code => problem_codes!(@$duration),)* }
            }

            /// A short English title, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }
        }
    };
    (@permanent) => { false };
    (@transient) => { true };
}

problem_codes! {
    /// The request does not have the shape that the route expects.
    RequestMalformed = 400 permanent "The request cannot be read",
    /// The body of the request did not arrive within the time limit.
    RequestTimeout = 408 transient "The request took too long to arrive",
    /// The bytes are not a well-formed statement in deterministic encoding.
    StatementMalformed = 422 permanent "The statement cannot be read",
    /// This endpoint does not know the kind or version of the statement. A newer endpoint may know it.
    StatementUnsupported = 422 transient "The statement is of an unknown kind or version",
    /// The signature does not match the bytes and the key of the device.
    SignatureInvalid = 422 permanent "The signature does not hold",
    /// The device is not enrolled here.
    DeviceUnknown = 403 transient "The device is not enrolled here",
    /// The statement is for another election, or a drill's statement came to the real count or the reverse.
    ElectionWrong = 422 permanent "The statement belongs to another election",
    /// The election has no such station.
    StationUnknown = 422 permanent "The election has no such station",
    /// The election has no such contest.
    ContestUnknown = 422 permanent "The election has no such contest",
    /// The election has no such round of the station and contest. A newer version of its package may have it.
    RoundUnknown = 422 transient "The election has no such round of this station",
    /// The figures do not fit the form of the contest.
    FiguresUnfit = 422 permanent "The figures do not fit the form",
    /// The body is longer than the route accepts.
    BodyTooLong = 413 permanent "The body is too long",
    /// The request has more statements than allowed.
    BatchTooLong = 413 permanent "Too many statements in one request",
    /// No accepted photo statement names this photo yet.
    PhotoUnknown = 404 transient "No statement names this photo yet",
    /// The bytes are not a picture that the endpoint can decode.
    PhotoNotAnImage = 422 permanent "The photo is not an image",
    /// The picture has more pixels or bytes than the endpoint accepts.
    PhotoTooLarge = 413 permanent "The photo is too large",
    /// The SHA-256 of the bytes differs from the name of the photo.
    PhotoHashMismatch = 422 transient "The photo's bytes do not match its hash",
    /// The piece does not start at the current offset. The device asks for the offset and continues from
    /// there.
    PhotoOffsetWrong = 409 transient "The piece does not continue the photo",
    /// The invitation is unknown or mistyped.
    InvitationUnknown = 404 permanent "The invitation is not known",
    /// Another device used the invitation.
    InvitationUsed = 409 permanent "The invitation was used by another device",
    /// Nobody used the invitation before it expired.
    InvitationExpired = 410 permanent "The invitation has expired",
    /// A coordinator withdrew the invitation before it was used.
    InvitationWithdrawn = 410 permanent "The invitation was withdrawn",
    /// The device did not prove that it holds the key.
    ProofInvalid = 422 permanent "The proof of the key does not hold",
    /// The file is neither a complete bundle nor a picture of the QR code of a tally.
    ImportUnreadable = 422 permanent "The file cannot be taken in",
    /// Wrong user name or password.
    LoginFailed = 401 permanent "User name and password do not fit",
    /// The route needs a login.
    LoginNeeded = 401 transient "A login is needed",
    /// The role or the region of the user does not allow this.
    Forbidden = 403 permanent "Not allowed for this user",
    /// The account cannot be made or changed so. The detail says why.
    AccountRefused = 422 permanent "The account cannot be changed so",
    /// The account has a second factor: the same login is needed with a code of it.
    SecondFactorNeeded = 401 permanent "A code of the second factor is needed",
    /// The code of the second factor is wrong, or it was used already.
    SecondFactorWrong = 401 permanent "The code of the second factor is wrong",
    /// The user must choose another password first.
    PasswordChangeNeeded = 403 permanent "Another password must be chosen first",
    /// The user must set up a second factor first.
    SecondFactorSetupNeeded = 403 permanent "A second factor must be set up first",
    /// Somebody else worked on the incident meanwhile.
    IncidentChanged = 409 permanent "Somebody else worked on the incident meanwhile",
    /// The message cannot be sent so. The detail says why.
    MessageRefused = 422 permanent "The message cannot be sent so",
    /// The person, the assignment or the target cannot be stored so. The detail says why.
    PersonRefused = 422 permanent "This cannot be stored about people",
    /// Somebody else changed the person meanwhile.
    PersonChanged = 409 permanent "Somebody else changed the person meanwhile",
    /// A person with this telephone number, or with this name in the desa, is stored already.
    PersonDuplicate = 409 permanent "The person is stored already",
    /// The participant has two mandated witnesses at the station.
    MandateFull = 409 permanent "The participant has two witnesses there",
    /// Cells of the spreadsheet are faulty, and nothing of it was stored.
    ImportFaulty = 422 permanent "The spreadsheet has faults",
    /// The import is not at a step that allows this.
    ImportStateWrong = 409 permanent "The import is at another step",
    /// The key that signed is not one of this user, or was revoked.
    ReviewKeyUnknown = 403 permanent "The signing key is not known",
    /// What was signed does not follow what the key signed last: another window signed meanwhile.
    ReviewKeyOutOfPlace = 409 permanent "Another window signed meanwhile",
    /// There is nothing at this address.
    NotFound = 404 permanent "Nothing is here",
    /// The client exceeded its rate limit.
    TooManyRequests = 429 transient "Too many requests",
    /// The device stored as much at the endpoint as its assignment allows. The assignment may be mended
    /// meanwhile.
    QuotaExceeded = 429 transient "The device has reached its quota",
    /// The endpoint cannot store now: its store is full, locked, read-only, hung or gone. The detail says
    /// which.
    StoreUnavailable = 503 transient "The endpoint cannot store anything now",
    /// The endpoint is overloaded and did nothing.
    Busy = 503 transient "The endpoint has too much to do",
    /// The endpoint failed for an internal reason.
    Internal = 500 transient "The endpoint has a fault",
}

/// Writes the name on the wire, such as `photo_unknown`.
impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
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
    pub code: ProblemCode,
    /// What was wrong in this request, in English, without personal data.
    pub detail: String,
}

impl Problem {
    /// The media type of a refusal.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A refusal with the detail of this occurrence.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let kind = format!("urn:saksi:problem:{code}");
        Self { kind, title: code.title().to_owned(), status: code.status(), code, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_a_problem_ends_with_the_name_of_its_code_on_the_wire() {
        let problem = Problem::new(ProblemCode::PhotoNotAnImage, "a text file");
        assert_eq!(problem.kind, "urn:saksi:problem:photo_not_an_image");
        assert_eq!(problem.status, 422);
    }
}
