//! Photos: their upload in pieces, their storage, and the check that they are pictures.

pub(crate) mod picture;
pub(crate) mod storage;
pub(crate) mod upload;
