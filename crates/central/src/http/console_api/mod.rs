//! What the console calls, below `/api`, and the files of the console itself.

pub(crate) mod bundle;
pub(crate) mod crops;
pub(crate) mod devices;
pub(crate) mod imports;
pub(crate) mod log;
pub(crate) mod pages;
pub(crate) mod sessions;
pub(crate) mod static_files;
