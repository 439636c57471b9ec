//! A grey picture.

use crate::plane::Point;

/// Luminance only, for recognition, quality and reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Gray {
    /// A picture of `width` × `height` pixels, row by row. `None` if there are no pixels or `pixels` has
    /// another length.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        (width > 0 && height > 0 && pixels.len() == width.checked_mul(height)?).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// The luminance of an RGB picture, row by row (ITU-R BT.601, as JPEG has it).
    pub fn from_rgb(width: usize, height: usize, rgb: &[u8]) -> Option<Self> {
        let pixels = rgb
            .chunks_exact(3)
            .map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29 + 128) >> 8) as u8)
            .collect();
        Self::new(width, height, pixels)
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether `point` is inside, `margin` pixels away from the edge.
    pub fn holds(&self, point: Point, margin: f64) -> bool {
        point.x >= margin
            && point.y >= margin
            && point.x <= self.width as f64 - 1.0 - margin
            && point.y <= self.height as f64 - 1.0 - margin
    }

    /// The brightness by bilinear interpolation. Beyond the picture, that of the nearest edge.
    pub fn at(&self, point: Point) -> f32 {
        let x = (point.x as f32).clamp(0.0, (self.width - 1) as f32);
        let y = (point.y as f32).clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let pixel = |x: usize, y: usize| f32::from(self.pixels[y * self.width + x]);
        let above = pixel(left, top) * (1.0 - fx) + pixel(right, top) * fx;
        let below = pixel(left, bottom) * (1.0 - fx) + pixel(right, bottom) * fx;
        above * (1.0 - fy) + below * fy
    }

    /// A box filter: each pixel is the mean of the square that extends `radius` pixels around it.
    pub fn smoothed(&self, radius: usize) -> Self {
        let integral = IntegralImage::of(self);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            for x in 0..self.width {
                pixels.push(integral.mean_around(x, y, radius) as u8);
            }
        }
        Self { width: self.width, height: self.height, pixels }
    }
}

/// The integral image (summed-area table, Crow 1984): sums over all upper left rectangles of a picture. It
/// gives the mean of any rectangle in four look-ups.
pub(crate) struct IntegralImage {
    width: usize,
    height: usize,
    sums: Vec<u32>,
}

impl IntegralImage {
    /// The sums of pictures up to 16 megapixels fit into 32 bits. In larger ones the sums wrap, and their
    /// differences are still right for rectangles of up to 16 megapixels.
    pub(crate) fn of(gray: &Gray) -> Self {
        let stride = gray.width + 1;
        let mut sums = vec![0u32; stride * (gray.height + 1)];
        for (y, row) in gray.pixels.chunks_exact(gray.width).enumerate() {
            let mut line = 0u32;
            for (x, pixel) in row.iter().enumerate() {
                line = line.wrapping_add(u32::from(*pixel));
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1].wrapping_add(line);
            }
        }
        Self { width: gray.width, height: gray.height, sums }
    }

    pub(crate) fn mean_around(&self, x: usize, y: usize, radius: usize) -> u32 {
        let (left, top) = (x.saturating_sub(radius), y.saturating_sub(radius));
        let (right, bottom) = ((x + radius + 1).min(self.width), (y + radius + 1).min(self.height));
        let stride = self.width + 1;
        let sum = self.sums[bottom * stride + right]
            .wrapping_sub(self.sums[top * stride + right])
            .wrapping_sub(self.sums[bottom * stride + left])
            .wrapping_add(self.sums[top * stride + left]);
        sum / ((right - left) * (bottom - top)) as u32
    }
}
