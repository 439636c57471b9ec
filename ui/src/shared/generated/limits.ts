// Generated from `protocol::limit` by `cargo xtask generate`. Do not edit.

/**
 * Maximum length of a statement, in bytes. The tally of the largest contest is far below it.
 */
export const STATEMENT_BYTES = 16384;

/**
 * Maximum number of statements in one push.
 */
export const STATEMENTS_PER_PUSH = 64;

/**
 * Maximum length of the body of a push, in bytes.
 */
export const PUSH_BYTES = 262144;

/**
 * Maximum length of a photo derivative, in bytes.
 */
export const PHOTO_BYTES = 4194304;

/**
 * Maximum length of the original of a photo, in bytes.
 */
export const ORIGINAL_BYTES = 67108864;

/**
 * Maximum number of pixels of a photo derivative. The device makes derivatives of at most 1600 × 1600.
 */
export const PHOTO_PIXELS_MAX = 4000000;

/**
 * Maximum number of pixels of the original of a photo: 108 megapixels, those of the largest common phone
 * sensor.
 */
export const ORIGINAL_PIXELS_MAX = 108000000;

/**
 * Maximum length of a photo piece in one `PATCH` request, in bytes.
 */
export const PHOTO_PIECE_BYTES = 524288;

/**
 * Minimum length of a photo piece in one `PATCH` request, in bytes. The last piece may be shorter.
 */
export const PHOTO_PIECE_BYTES_MIN = 4096;

/**
 * Maximum sequence number in the chain of a device.
 */
export const SEQUENCE_MAX = 4294967296;

/**
 * Maximum number of receipts in one request.
 */
export const RECEIPTS_PER_REQUEST = 64;

/**
 * Maximum number of inbox items in one response.
 */
export const INBOX_ITEMS = 50;

/**
 * Maximum length of a bundle, or of a picture of a QR code, that the console uploads, in bytes. The
 * command line accepts longer ones.
 */
export const IMPORT_BYTES = 67108864;

/**
 * Maximum length of the body of an enrolment or of a console request, in bytes.
 */
export const JSON_BYTES = 65536;

/**
 * Maximum length of the reason of a correction, in characters.
 */
export const CORRECTION_REASON_CHARS = 500;

/**
 * Maximum length of the reason of a correction, in bytes of UTF-8.
 */
export const CORRECTION_REASON_BYTES = 1000;

/**
 * Maximum length of the description of an incident, in characters. Four bytes a character fit into
 * `INCIDENT_TEXT_BYTES`.
 */
export const INCIDENT_TEXT_CHARS = 1000;

/**
 * Maximum length of the description of an incident, in bytes of UTF-8.
 */
export const INCIDENT_TEXT_BYTES = 4000;

/**
 * Maximum length of the reason of a verdict, in characters.
 */
export const VERDICT_REASON_CHARS = 200;

/**
 * Maximum length of the reason of a request for another photo, in characters.
 */
export const PHOTO_REQUEST_REASON_CHARS = 200;

/**
 * Maximum length of the reason of a revocation, in characters.
 */
export const REVOCATION_REASON_CHARS = 200;

/**
 * Maximum length of a message to witnesses, in characters.
 */
export const MESSAGE_CHARS = 1000;

/**
 * Maximum number of messages that one request for the inbox reports as read.
 */
export const MESSAGES_READ = 50;

/**
 * Maximum length of a note about an incident, in characters.
 */
export const INCIDENT_NOTE_CHARS = 500;

/**
 * Maximum length of a search text, in characters.
 */
export const SEARCH_CHARS = 100;

/**
 * Minimum length of a password, in characters.
 */
export const PASSWORD_CHARS_MIN = 8;

/**
 * Maximum length of a password, in bytes of UTF-8.
 */
export const PASSWORD_BYTES = 1024;
