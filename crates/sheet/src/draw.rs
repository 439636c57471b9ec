//! Practice sheets: the pages of a form, drawn from its geometry and filled in by an invented hand, then photographed.
//!
//! Everything follows from its seed: the same seed draws the same sheet, pixel by pixel, on every machine.

mod camera;
mod canvas;
mod filling;
mod hand;
mod letters;
mod rng;
mod sheet;

pub use camera::{Distortion, Shot, photograph};
pub use canvas::{Canvas, Ink};
pub use filling::{BoxMark, BubbleMark, FilledField, Mistake};
pub use rng::SeededRng;
pub use sheet::{blank_page, fill_page};
