//! People and their devices: users of the console and their sessions, invitations, and assignments of
//! devices.

pub(crate) mod devices;
pub(crate) mod editor;
pub(crate) mod import_rows;
pub(crate) mod invitations;
pub(crate) mod person_assignments;
pub(crate) mod person_export;
pub(crate) mod person_import;
pub(crate) mod person_privacy;
pub(crate) mod person_rows;
pub(crate) mod persons;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod staffing;
pub(crate) mod users;
