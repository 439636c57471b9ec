//! Paper in pixels: strokes, discs and blobs with soft edges, measured in millimetres.

use super::surface::Surface;
use crate::gray::Gray;
use crate::plane::{Point, Rect};

/// A pen's colour and how well it covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: [u8; 3],
    /// 1 covers all.
    pub cover: f64,
}

impl Ink {
    /// The printing press's black.
    pub const PRINT: Self = Self { rgb: [35, 31, 32], cover: 1.0 };

    pub(crate) fn shade(shade: f64) -> Self {
        let level = (f64::from(Self::PRINT.rgb[0]) * (1.0 - shade) + 255.0 * shade) as u8;
        Self { rgb: [level; 3], cover: 1.0 }
    }
}

/// A drawing in RGB.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    width: usize,
    height: usize,
    pixels_per_mm: f64,
    rgb: Vec<u8>,
}

impl Canvas {
    /// White paper of that size. Sizes are limited to 30 pixels in a millimetre.
    pub fn new(paper_mm: [f64; 2], pixels_per_mm: f64) -> Self {
        let pixels_per_mm = pixels_per_mm.clamp(0.1, 30.0);
        let side = |mm: f64| (mm * pixels_per_mm).round().clamp(1.0, 60_000.0) as usize;
        let (width, height) = (side(paper_mm[0]), side(paper_mm[1]));
        Self { width, height, pixels_per_mm, rgb: vec![252; width * height * 3] }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a millimetre.
    pub fn pixels_per_mm(&self) -> f64 {
        self.pixels_per_mm
    }

    /// The pixels, row by row, three bytes each.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The same drawing in grey.
    pub fn gray(&self) -> Option<Gray> {
        Gray::from_rgb(self.width, self.height, &self.rgb)
    }

    /// One colour (0 red, 1 green, 2 blue) as a picture.
    pub fn channel(&self, channel: usize) -> Option<Gray> {
        let pixels = self.rgb.chunks_exact(3).filter_map(|p| p.get(channel).copied()).collect();
        Gray::new(self.width, self.height, pixels)
    }

    /// Inks what is inside of a shape: `outside` is the distance to its edge, negative within it, in
    /// millimetres.
    fn ink(&mut self, around: Rect, ink: Ink, outside: impl Fn(Point) -> f64) {
        let scale = self.pixels_per_mm;
        let first = |mm: f64| (mm * scale - 1.0).floor().max(0.0) as usize;
        let end = |mm: f64, limit: usize| ((mm * scale + 2.0).ceil().max(0.0) as usize).min(limit);
        for y in first(around.y)..end(around.y + around.height, self.height) {
            for x in first(around.x)..end(around.x + around.width, self.width) {
                let at = Point::new((x as f64 + 0.5) / scale, (y as f64 + 0.5) / scale);
                let cover = (0.5 - outside(at) * scale).clamp(0.0, 1.0) * ink.cover;
                if cover > 0.0 {
                    let start = (y * self.width + x) * 3;
                    for (pixel, colour) in self.rgb[start..start + 3].iter_mut().zip(ink.rgb) {
                        *pixel = (f64::from(*pixel) * (1.0 - cover) + f64::from(colour) * cover) as u8;
                    }
                }
            }
        }
    }
}

impl Surface for Canvas {
    /// A pen thinner than a pixel is drawn as a fainter one of a pixel.
    fn stroke(&mut self, a: Point, b: Point, pen_mm: f64, ink: Ink) {
        let thinnest = 1.0 / self.pixels_per_mm;
        let ink = Ink { cover: ink.cover * (pen_mm / thinnest).min(1.0), ..ink };
        let radius = pen_mm.max(thinnest) / 2.0;
        let around =
            Rect { x: a.x.min(b.x), y: a.y.min(b.y), width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
                .grown(radius);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = (dx * dx + dy * dy).max(1e-12);
        self.ink(around, ink, |p| {
            let share = (((p.x - a.x) * dx + (p.y - a.y) * dy) / length).clamp(0.0, 1.0);
            p.distance(a.towards(b, share)) - radius
        });
    }

    fn block(&mut self, rect: Rect, ink: Ink) {
        let middle = rect.middle();
        self.ink(rect, ink, |p| {
            ((p.x - middle.x).abs() - rect.width / 2.0).max((p.y - middle.y).abs() - rect.height / 2.0)
        });
    }

    fn disc(&mut self, middle: Point, radius: f64, ink: Ink) {
        let around = Rect { x: middle.x, y: middle.y, width: 0.0, height: 0.0 }.grown(radius);
        self.ink(around, ink, |p| p.distance(middle) - radius);
    }

    fn ring(&mut self, middle: Point, radius: f64, pen_mm: f64, ink: Ink) {
        let thinnest = 1.0 / self.pixels_per_mm;
        let ink = Ink { cover: ink.cover * (pen_mm / thinnest).min(1.0), ..ink };
        let half = pen_mm.max(thinnest) / 2.0;
        let around = Rect { x: middle.x, y: middle.y, width: 0.0, height: 0.0 }.grown(radius + half);
        self.ink(around, ink, |p| (p.distance(middle) - radius).abs() - half);
    }
}
