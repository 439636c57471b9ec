//! Photos: their upload in pieces, and the check that they are pictures.

pub(crate) mod picture;
pub(crate) mod upload;
