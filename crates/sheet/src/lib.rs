//! Photos of paper: taking a picture in, and the smaller one that is sent.
//!
//! Pure functions on bytes and pixels: no files, no clock, no other crate of this workspace. Whatever the bytes are,
//! the answer is a picture or a [`PictureError`]; dimensions are looked at before anything is decoded, so that a
//! small file cannot ask for a large memory.

mod intake;
mod picture;

pub use intake::{DERIVATIVE_EDGE_PX, Derivative, Intake, take_in};
pub use picture::{EDGE_PX_MAX, PictureError, PictureFormat, PictureInfo, inspect};
