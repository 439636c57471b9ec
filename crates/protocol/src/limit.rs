//! The limits that the device, the endpoint and the screens share.
//!
//! `cargo xtask generate` writes them to `ui/src/shared/generated/limits.ts` ([`ALL`]).

/// One limit, as the generator of the TypeScript constants needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Name of the constant.
    pub name: &'static str,
    /// Lines of its documentation, each with a leading space.
    pub docs: &'static [&'static str],
    /// The value.
    pub value: u64,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $value:expr;)*) => {
        $($(#[doc = $doc])+ pub const $name: $type = $value;)*

        /// All limits, in the order of this file.
        pub const ALL: &[Limit] =
            &[$(Limit { name: stringify!($name), docs: &[$($doc),+], value: $name as u64 },)*];
    };
}

limits! {
    /// Maximum length of a statement, in bytes. The tally of the largest contest is far below it.
    STATEMENT_BYTES: usize = evidence::STATEMENT_BYTES_MAX;
    /// Maximum number of statements in one push.
    STATEMENTS_PER_PUSH: usize = 64;
    /// Maximum length of the body of a push, in bytes.
    PUSH_BYTES: usize = 256 * 1024;
    /// Maximum length of a photo derivative, in bytes.
    PHOTO_BYTES: u64 = 4 * 1024 * 1024;
    /// Maximum length of the original of a photo, in bytes.
    ORIGINAL_BYTES: u64 = 64 * 1024 * 1024;
    /// Maximum number of pixels of a photo derivative. The device makes derivatives of at most 1600 × 1600.
    PHOTO_PIXELS_MAX: u64 = 4_000_000;
    /// Maximum number of pixels of the original of a photo: 108 megapixels, those of the largest common phone
    /// sensor.
    ORIGINAL_PIXELS_MAX: u64 = 108_000_000;
    /// Maximum length of a photo piece in one `PATCH` request, in bytes.
    PHOTO_PIECE_BYTES: usize = 512 * 1024;
    /// Minimum length of a photo piece in one `PATCH` request, in bytes. The last piece may be shorter.
    PHOTO_PIECE_BYTES_MIN: usize = 4 * 1024;
    /// Maximum sequence number in the chain of a device.
    SEQUENCE_MAX: u64 = evidence::SEQUENCE_MAX;
    /// Maximum number of receipts in one request.
    RECEIPTS_PER_REQUEST: usize = 64;
    /// Maximum number of inbox items in one response.
    INBOX_ITEMS: usize = 50;
    /// Maximum length of a bundle, or of a picture of a QR code, that the console uploads, in bytes. The
    /// command line accepts longer ones.
    IMPORT_BYTES: usize = 64 * 1024 * 1024;
    /// Maximum length of the body of an enrolment or of a console request, in bytes.
    JSON_BYTES: usize = 64 * 1024;
    /// Maximum length of the reason of a correction, in characters.
    CORRECTION_REASON_CHARS: usize = 500;
    /// Maximum length of the reason of a correction, in bytes of UTF-8.
    CORRECTION_REASON_BYTES: usize = evidence::CORRECTION_REASON_BYTES_MAX;
    /// Maximum length of the description of an incident, in characters. Four bytes a character fit into
    /// `INCIDENT_TEXT_BYTES`.
    INCIDENT_TEXT_CHARS: usize = 1_000;
    /// Maximum length of the description of an incident, in bytes of UTF-8.
    INCIDENT_TEXT_BYTES: usize = evidence::INCIDENT_TEXT_BYTES_MAX;
    /// Maximum length of the reason of a verdict, in characters.
    VERDICT_REASON_CHARS: usize = 200;
    /// Maximum length of the reason of a request for another photo, in characters.
    PHOTO_REQUEST_REASON_CHARS: usize = 200;
    /// Maximum length of the reason of a revocation, in characters.
    REVOCATION_REASON_CHARS: usize = 200;
    /// Maximum length of a message to witnesses, in characters.
    MESSAGE_CHARS: usize = 1_000;
    /// Maximum number of messages that one request for the inbox reports as read.
    MESSAGES_READ: usize = 50;
    /// Maximum length of a note about an incident, in characters.
    INCIDENT_NOTE_CHARS: usize = 500;
    /// Maximum length of a search text, in characters.
    SEARCH_CHARS: usize = 100;
    /// Minimum length of a password, in characters.
    PASSWORD_CHARS_MIN: usize = 8;
    /// Maximum length of a password, in bytes of UTF-8.
    PASSWORD_BYTES: usize = 1_024;
}

// A witness may not be able to seal what the screen accepted.
const _: () = assert!(INCIDENT_TEXT_CHARS * 4 <= INCIDENT_TEXT_BYTES);
const _: () = assert!(STATEMENT_BYTES <= PUSH_BYTES);
