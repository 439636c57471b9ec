//! Photos of paper: ingestion, the derivative that is sent, page recognition, quality, a second reading of
//! the figures.
//!
//! | module | algorithm |
//! | --- | --- |
//! | `gray` | box filter over an integral image (Crow 1984; Viola and Jones 2001) |
//! | `tag` | AprilTag 36h10 (Olson 2011): adaptive threshold, flood fill, convex hull, quadrilateral, word |
//! | `plane` | homography by the direct linear transform with Hartley's normalisation |
//! | `mark` | corner marks: saddle search, normalised correlation with the printed mark, hill climbing |
//! | `quality` | blur from the steepest slope of printed edges |
//! | `table` | pages without a tag: connected lines by flood fill, their corners, confirmed by the boxes |
//! | `reading` | ink of each bubble against the usual print of an empty one |
//! | `digit` | handwriting in a box: a convolutional network of four layers |
//!
//! A paper of which no geometry is known is drawn from a description of it ([`layout`]).
//!
//! Invariants:
//! - Pure functions on bytes and pixels: no files, no clock, no other crate of this workspace.
//! - Any bytes give a picture or a [`PictureError`]. Dimensions are checked before decoding, so a small file
//!   cannot allocate much memory.
//! - A reading has a certainty. Below [`CONFIDENT`] it is not shown.

mod crop;
mod digit;
pub mod draw;
mod geometry;
mod gray;
mod ingest;
pub mod layout;
mod look;
mod mark;
mod page;
mod picture;
mod plane;
mod quality;
mod reading;
mod recognition;
mod register;
mod scale;
mod table;
mod tag;
mod write;
mod written;

pub use crop::{Crop, crop, crops, straightened};
pub use digit::{BoxReading, BoxSign, SURE, read_box};
pub use geometry::{
    Anchor, Bubbles, CornerMarks, FieldGeometry, FormGeometry, GeometryError, PageGeometry, Print, Stroke,
    StrokeGrid, Text,
};
pub use gray::Gray;
pub use ingest::{
    DERIVATIVE_BYTES_GOAL, DERIVATIVE_BYTES_MAX, DERIVATIVE_EDGE_PX, Derivative, Ingested, ingest,
};
pub use look::{Look, ingest_and_look, look, look_at};
pub use page::{PageMatch, PageView, compare, twice_and_missing};
pub use picture::{
    Colour, DECODE_BYTES_MAX, EDGE_PX_MAX, PIXELS_MAX, Picture, PictureError, PictureFormat, PictureInfo,
    inspect,
};
pub use plane::{Homography, Point, Rect};
pub use quality::{Criterion, Finding, PhotoIssue, Quality, assess};
pub use reading::{CONFIDENT, DigitReading, ReadBy, Reading, read};
pub use recognition::recognize;
pub use tag::{Tag, find as find_tag};
