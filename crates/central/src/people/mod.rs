//! People and their devices: users of the console and their sessions, invitations, and assignments of
//! devices.

pub(crate) mod devices;
pub(crate) mod invitations;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod users;
