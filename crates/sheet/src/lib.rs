//! Photos of paper: taking a picture in, the smaller one that is sent, and a second pair of eyes on what it shows.
//!
//! Pure functions on bytes and pixels: no files, no clock, no other crate of this workspace. Whatever the bytes are,
//! the answer is a picture or a [`PictureError`]; dimensions are looked at before anything is decoded, so that a
//! small file cannot ask for a large memory.

mod crop;
pub mod draw;
mod geometry;
mod gray;
mod ingest;
mod look;
mod mark;
mod page;
mod picture;
mod plane;
mod quality;
mod reading;
mod scale;
mod tag;
mod write;

pub use crop::{Crop, crop, crops, straightened};
pub use geometry::{
    Anchor, Bubbles, CornerMarks, FieldGeometry, FormGeometry, GeometryError, PageGeometry, Print, Stroke,
    StrokeGrid, Text,
};
pub use gray::Gray;
pub use ingest::{DERIVATIVE_BYTES_GOAL, DERIVATIVE_EDGE_PX, Derivative, Ingested, ingest};
pub use look::{Look, look, look_at, ingest_and_look};
pub use page::{PageMatch, PageView, compare, recognize, twice_and_missing};
pub use picture::{
    Colour, DECODE_BYTES_MAX, EDGE_PX_MAX, Picture, PictureError, PictureFormat, PictureInfo, inspect,
};
pub use plane::{Homography, Point, Rect};
pub use quality::{Criterion, Finding, PhotoIssue, Quality, assess};
pub use reading::{CONFIDENT, DigitReading, Reading, read};
pub use tag::{Tag, find as find_tag};
