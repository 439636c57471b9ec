//! What one device may store at the endpoint, by its assignment to the station that a statement is about.
//!
//! The limits stand far above what a witness needs: a station has some dozen statements and photos in a whole
//! count. They bound the damage of one phone, in any hands. A statement above its quota is refused with
//! [`ProblemCode::QuotaExceeded`](crate::ProblemCode::QuotaExceeded) and stays in the device's outbox: a
//! coordinator may mend the assignment. A carried statement counts for the device that signed it. Originals
//! that a coordinator requested count for nobody.

/// The state of a device's assignment, as the quota sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The device is assigned to the station.
    Assigned,
    /// The device is enrolled and not assigned to the station.
    Unassigned,
    /// The device is revoked.
    Revoked,
}

/// Maximum number of statements of one device about a station that it is assigned to.
pub const ASSIGNED_STATEMENTS: u64 = 500;
/// Maximum sum of the announced lengths of one device's photos of a station that it is assigned to, in bytes.
pub const ASSIGNED_PHOTO_BYTES: u64 = 256 * 1024 * 1024;

/// Maximum number of statements of one device about a station that it is not assigned to. A mistaken
/// assignment must not stop an honest witness.
pub const UNASSIGNED_STATEMENTS_PER_STATION: u64 = 40;
/// Maximum number of statements of one device about all stations that it is not assigned to.
pub const UNASSIGNED_STATEMENTS: u64 = 200;
/// Maximum number of photos of one device of all stations that it is not assigned to.
pub const UNASSIGNED_PHOTOS: u64 = 8;
/// Maximum sum of their announced lengths, in bytes.
pub const UNASSIGNED_PHOTO_BYTES: u64 = 16 * 1024 * 1024;

/// Maximum number of statements of a device after its revocation. Their figures do not count. It has no
/// photos.
pub const REVOKED_STATEMENTS: u64 = 100;

/// Maximum length of all unfinished photos that one device uploads, in bytes, if it is assigned to any
/// station.
pub const ASSIGNED_UNFINISHED_BYTES: u64 = 64 * 1024 * 1024;
/// Maximum length of all unfinished photos that one device uploads, in bytes, if it is assigned to no
/// station.
pub const UNASSIGNED_UNFINISHED_BYTES: u64 = 8 * 1024 * 1024;
/// Time after which an unfinished photo that nobody continued is dropped, in days.
pub const UNFINISHED_DAYS: u64 = 7;

/// `Retry-After` of a statement above its quota, in seconds.
pub const RETRY_AFTER_S: u64 = 3_600;

// A device that is assigned nowhere can still finish one photo.
const _: () = assert!(UNASSIGNED_UNFINISHED_BYTES >= crate::limit::PHOTO_BYTES);
// A device can always upload one original.
const _: () = assert!(ASSIGNED_UNFINISHED_BYTES >= crate::limit::ORIGINAL_BYTES);
