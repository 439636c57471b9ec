//! What a sheet is drawn on: pixels, or a list of shapes that is printed at any size.

use super::canvas::Ink;
use crate::plane::{Point, Rect};

/// Takes the shapes of a drawing, measured in millimetres of the paper, from below to above.
pub trait Surface {
    /// A straight stroke with round ends.
    fn stroke(&mut self, a: Point, b: Point, pen_mm: f64, ink: Ink);
    /// A rectangle full of ink, with sharp corners.
    fn block(&mut self, rect: Rect, ink: Ink);
    /// A disc.
    fn disc(&mut self, middle: Point, radius: f64, ink: Ink);
    /// A ring.
    fn ring(&mut self, middle: Point, radius: f64, pen_mm: f64, ink: Ink);
}

/// One shape of a drawing, as the method of [`Surface`] with its name draws it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Stroke { a: Point, b: Point, pen_mm: f64, ink: Ink },
    Block { rect: Rect, ink: Ink },
    Disc { middle: Point, radius: f64, ink: Ink },
    Ring { middle: Point, radius: f64, pen_mm: f64, ink: Ink },
}

/// A drawing as a list of shapes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// From below to above.
    pub shapes: Vec<Shape>,
}

impl Surface for Drawing {
    fn stroke(&mut self, a: Point, b: Point, pen_mm: f64, ink: Ink) {
        self.shapes.push(Shape::Stroke { a, b, pen_mm, ink });
    }

    fn block(&mut self, rect: Rect, ink: Ink) {
        self.shapes.push(Shape::Block { rect, ink });
    }

    fn disc(&mut self, middle: Point, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Disc { middle, radius, ink });
    }

    fn ring(&mut self, middle: Point, radius: f64, pen_mm: f64, ink: Ink) {
        self.shapes.push(Shape::Ring { middle, radius, pen_mm, ink });
    }
}
