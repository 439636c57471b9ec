//! Ingestion: how a statement or a photo enters the endpoint, by the network or by hand.

pub mod admission;
pub(crate) mod batch;
pub mod import;
pub(crate) mod photos;
