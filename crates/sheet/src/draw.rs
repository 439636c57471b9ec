//! Practice sheets: pages of a form, drawn from its geometry, filled with synthetic handwriting, then
//! photographed by a simulated camera.
//!
//! Everything depends on a seed only: the same seed draws the same pixels on every machine.

mod camera;
mod canvas;
mod filling;
mod handwriting;
mod letters;
mod practice;
mod rng;
mod sheet;
mod surface;

pub(crate) use letters::length;

pub use camera::{Distortion, Shot, photograph};
pub use canvas::{Canvas, Ink};
pub use filling::{BoxMark, BubbleMark, FilledField, Mistake};
pub use practice::mark_as_practice;
pub use rng::SeededRng;
pub use sheet::{blank_page, fill_page, print_page, write_page};
pub use surface::{Drawing, Shape, Surface};
