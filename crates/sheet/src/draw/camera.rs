//! A simulated photograph of a sheet by a cheap phone.

use super::canvas::Canvas;
use super::rng::SeededRng;
use crate::gray::Gray;
use crate::plane::{Homography, Point};

/// How a photo is taken. Angles in degrees, lengths in pixels of the photo unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// For the background, the grain, and the direction of light.
    pub seed: u64,
    /// Size of the photo.
    pub width_px: usize,
    /// Size of the photo.
    pub height_px: usize,
    /// The camera turned around its line of sight.
    pub roll_deg: f64,
    /// The sheet leaning backwards and sideways.
    pub tilt_deg: [f64; 2],
    /// How much of the photo the sheet fills: from 1 on it is cut off.
    pub fill: f64,
    /// How far the paper's waves shift what is on it, in millimetres.
    pub wave_mm: f64,
    /// Out of focus: the standard deviation of the blur.
    pub blur_px: f64,
    /// Moved while the shutter was open, sideways.
    pub motion_px: f64,
    /// Direction of that movement.
    pub motion_deg: f64,
    /// Brightness of the paper, of 1.
    pub light: f64,
    /// How much darker it is in the shade of the one who takes the photo, of 1.
    pub shadow: f64,
    /// A lamp's reflection: 1 hides everything in its middle.
    pub glare: f64,
    /// Standard deviation of the sensor's noise, in steps of 255.
    pub noise: f64,
}

/// Distortions of a photo, each with its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distortion {
    /// Hardly any: hand-held, up to 4° turned and 8° leaning.
    Plain,
    /// Turned to any side, 0 to 360°.
    Turned,
    /// Seen askew, 15 to 30° in both directions.
    Askew,
    /// Little light: 12 to 30 % of full brightness, with the grain that comes with it.
    Dim,
    /// A shadow's edge across the sheet, 35 to 65 % darker.
    Shadow,
    /// A lamp reflected, 50 to 75 % of what is under it gone.
    Glare,
    /// Slightly out of focus: 1 to 1.8 pixels.
    Soft,
    /// Slightly moved: 2 to 5 pixels.
    Moved,
    /// Grain of 8 to 18 steps.
    Grain,
    /// Paper in waves of up to 3 mm.
    Wavy,
    /// From afar: the sheet fills 55 to 70 % of the photo.
    Far,
    /// Half of everything above together.
    Everything,
}

impl Distortion {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Plain,
        Self::Turned,
        Self::Askew,
        Self::Dim,
        Self::Shadow,
        Self::Glare,
        Self::Soft,
        Self::Moved,
        Self::Grain,
        Self::Wavy,
        Self::Far,
        Self::Everything,
    ];

    /// One shot of this kind, in the size of the picture that is sent.
    pub fn shot(self, seed: u64) -> Shot {
        let mut random = SeededRng::new(seed ^ 0xca3e_7a00);
        let r = &mut random;
        let mut shot = Shot {
            seed,
            width_px: 1_200,
            height_px: 1_600,
            roll_deg: r.between(-4.0, 4.0),
            tilt_deg: [r.between(-8.0, 8.0), r.between(-8.0, 8.0)],
            fill: r.between(0.84, 0.95),
            wave_mm: r.between(0.0, 0.6),
            blur_px: r.between(0.4, 0.8),
            motion_px: 0.0,
            motion_deg: r.between(0.0, 180.0),
            light: r.between(0.7, 0.95),
            shadow: r.between(0.0, 0.15),
            glare: 0.0,
            noise: r.between(1.0, 4.0),
        };
        let lean = |r: &mut SeededRng, low: f64, high: f64| {
            let angle = r.between(low, high);
            if r.random_bool(0.5) { angle } else { -angle }
        };
        match self {
            Self::Plain => {}
            Self::Turned => shot.roll_deg = r.between(0.0, 360.0),
            Self::Askew => shot.tilt_deg = [lean(r, 15.0, 30.0), lean(r, 15.0, 30.0)],
            Self::Dim => {
                shot.light = r.between(0.12, 0.3);
                shot.noise = r.between(3.0, 6.0);
            }
            Self::Shadow => shot.shadow = r.between(0.35, 0.65),
            Self::Glare => shot.glare = r.between(0.5, 0.75),
            Self::Soft => shot.blur_px = r.between(1.0, 1.8),
            Self::Moved => shot.motion_px = r.between(2.0, 5.0),
            Self::Grain => shot.noise = r.between(8.0, 18.0),
            Self::Wavy => shot.wave_mm = r.between(1.0, 3.0),
            Self::Far => shot.fill = r.between(0.55, 0.7),
            Self::Everything => {
                shot.roll_deg = lean(r, 0.0, 30.0);
                shot.tilt_deg = [lean(r, 7.0, 15.0), lean(r, 7.0, 15.0)];
                shot.light = r.between(0.4, 0.6);
                shot.shadow = r.between(0.18, 0.33);
                shot.glare = r.between(0.2, 0.37);
                shot.blur_px = r.between(0.7, 1.2);
                shot.motion_px = r.between(1.0, 2.5);
                shot.noise = r.between(4.0, 9.0);
                shot.wave_mm = r.between(0.5, 1.5);
                shot.fill = r.between(0.75, 0.9);
            }
        }
        shot
    }
}

/// Takes the photo of a sheet: one brightness plane of it, drawn at any resolution, `paper_mm` large. For a
/// photo in colour, each of its channels is photographed. None for sizes of nothing, or a sheet seen from its
/// edge.
pub fn photograph(sheet: &Gray, paper_mm: [f64; 2], shot: &Shot) -> Option<Gray> {
    let map = pose(paper_mm, shot)?;
    let back = map.inverse()?;
    let mut random = SeededRng::new(shot.seed);
    let mut plane = exposed(sheet, paper_mm, shot, &back, &mut random);
    let (width, height) = (shot.width_px, shot.height_px);
    if shot.motion_px > 0.5 {
        plane = moved(&plane, width, height, shot.motion_px, shot.motion_deg);
    }
    if shot.blur_px > 0.2 {
        plane = blurred(&plane, width, height, shot.blur_px);
    }
    let pixels = plane
        .into_iter()
        .map(|value| (f64::from(value) + random.about(shot.noise)).round().clamp(0.0, 255.0) as u8)
        .collect();
    Gray::new(width, height, pixels)
}

impl Shot {
    /// Where a point of the sheet (in millimetres) is in the photo. None for a sheet seen from its edge.
    pub fn position(&self, paper_mm: [f64; 2], at: Point) -> Option<Point> {
        let map = pose(paper_mm, self)?;
        let mut random = SeededRng::new(self.seed);
        // As in the photo, where the ground is made before the waves.
        Ground::new(&mut random, self.width_px, self.height_px);
        Some(map.apply(Waves::new(&mut random, self.wave_mm).over(at)))
    }
}

impl Canvas {
    /// The photo of a drawn sheet in colour: RGB, row by row.
    pub fn photographed(&self, paper_mm: [f64; 2], shot: &Shot) -> Option<Vec<u8>> {
        // Lamps in a village hall are warm.
        let tints = [1.0, 0.97, 0.9];
        let mut rgb = vec![0; shot.width_px * shot.height_px * 3];
        for (channel, tint) in tints.into_iter().enumerate() {
            let lit = Shot { light: shot.light * tint, ..shot.clone() };
            let plane = photograph(&self.channel(channel)?, paper_mm, &lit)?;
            for (pixel, value) in rgb.chunks_exact_mut(3).zip(plane.pixels()) {
                pixel[channel] = *value;
            }
        }
        Some(rgb)
    }
}

/// Where the sheet's millimetres come to lie in the photo.
fn pose(paper_mm: [f64; 2], shot: &Shot) -> Option<Homography> {
    let [width, height] = paper_mm;
    // Held so that the sheet's long side is about as far away as a phone's lens needs.
    let distance = 1.35 * width.max(height);
    let [lean, turn] = shot.tilt_deg.map(f64::to_radians);
    let roll = shot.roll_deg.to_radians();
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| Point::new(x, y));
    let seen = corners.map(|corner| {
        let (x, y) = (corner.x - width / 2.0, corner.y - height / 2.0);
        let (x, z) = (x * turn.cos(), x * turn.sin());
        let (y, z) = (y * lean.cos() - z * lean.sin(), y * lean.sin() + z * lean.cos());
        let depth = (distance + z).max(distance * 0.2);
        let (x, y) = (x / depth, y / depth);
        Point::new(x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos())
    });
    let range = |of: fn(&Point) -> f64| {
        seen.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
    };
    let ((left, right), (top, bottom)) = (range(|p| p.x), range(|p| p.y));
    let (across, down) = (shot.width_px as f64, shot.height_px as f64);
    let focal = shot.fill * (across / (right - left)).min(down / (bottom - top));
    let mut random = SeededRng::new(shot.seed ^ 0x9053);
    let mut position = |size: f64, low: f64, high: f64| {
        let slack = size - (high - low) * focal;
        slack / 2.0 + random.between(-0.35, 0.35) * slack.abs() - low * focal
    };
    let (x0, y0) = (position(across, left, right), position(down, top, bottom));
    let pairs: Vec<_> =
        corners.into_iter().zip(seen.map(|p| Point::new(p.x * focal + x0, p.y * focal + y0))).collect();
    Homography::fit(&pairs)
}

/// The light that reaches the sensor.
fn exposed(
    sheet: &Gray,
    paper_mm: [f64; 2],
    shot: &Shot,
    back: &Homography,
    random: &mut SeededRng,
) -> Vec<f32> {
    let (width, height) = (shot.width_px, shot.height_px);
    let scale = (sheet.width() as f64 / paper_mm[0], sheet.height() as f64 / paper_mm[1]);
    let ground = Ground::new(random, width, height);
    let waves = Waves::new(random, shot.wave_mm);
    let shade_turn = random.between(0.0, std::f64::consts::TAU);
    let (shade_x, shade_y) = (shade_turn.cos(), shade_turn.sin());
    let shade_at = random.between(-0.3, 0.3);
    let shade_soft = random.between(0.01, 0.12);
    let lamp = (random.between(0.2, 0.8), random.between(0.15, 0.85), random.between(0.06, 0.14));
    let mut plane = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let mm = back.apply(Point::new(x as f64, y as f64));
            let on_paper = mm.x >= 0.0 && mm.y >= 0.0 && mm.x <= paper_mm[0] && mm.y <= paper_mm[1];
            let mut value = if on_paper {
                let at = waves.under(mm);
                sheet.at(Point::new(at.x * scale.0 - 0.5, at.y * scale.1 - 0.5))
            } else {
                ground.at(x, y)
            };
            let (u, v) = (x as f64 / width as f64 - 0.5, y as f64 / height as f64 - 0.5);
            let depth = ((u * shade_x + v * shade_y - shade_at) / shade_soft).clamp(-1.0, 1.0);
            let shade = shot.shadow * (0.5 + 0.5 * depth);
            value *= (shot.light * (1.0 - shade) * (1.0 - 0.35 * (u * u + v * v))) as f32;
            if shot.glare > 0.0 {
                let (dx, dy) = (u + 0.5 - lamp.0, (v + 0.5 - lamp.1) * height as f64 / width as f64);
                let veil = shot.glare * (-(dx * dx + dy * dy) / (2.0 * lamp.2 * lamp.2)).exp();
                value += (veil as f32) * (255.0 - value);
            }
            plane.push(value);
        }
    }
    plane
}

/// Waves in the paper, which move what is on it sideways.
struct Waves {
    /// Turns in a millimetre, the turn at the corner, and how far each wave moves.
    all: Vec<(f64, f64, f64)>,
    flat: bool,
}

impl Waves {
    fn new(random: &mut SeededRng, wave_mm: f64) -> Self {
        let wave = |_| {
            let length = random.between(250.0, 700.0);
            let turn = random.between(0.0, std::f64::consts::TAU);
            (std::f64::consts::TAU / length, turn, wave_mm * random.between(0.3, 0.5))
        };
        Self { all: (0..3).map(wave).collect(), flat: wave_mm <= 0.05 }
    }

    /// The point of the flat sheet that is seen at `mm` of the paper's outline.
    fn under(&self, mm: Point) -> Point {
        if self.flat {
            return mm;
        }
        self.all.iter().enumerate().fold(mm, |at, (i, (turns, start, far))| {
            let (along, across) = if i % 2 == 0 { (mm.y, mm.x) } else { (mm.x, mm.y) };
            let shift = far * (turns * along + start + across * turns * 0.4).sin();
            if i % 2 == 0 { at.plus(shift * 0.5, shift) } else { at.plus(shift, shift * 0.5) }
        })
    }

    /// Where of the paper's outline a point of the flat sheet is seen. The waves are much longer than what
    /// they move, so a few steps find it.
    fn over(&self, at: Point) -> Point {
        (0..8).fold(at, |mm, _| {
            let under = self.under(mm);
            mm.plus(at.x - under.x, at.y - under.y)
        })
    }
}

/// The background: a table or a wall with some dark and light things.
struct Ground {
    tone: f32,
    things: Vec<([usize; 4], f32)>,
    grain: Vec<f32>,
    columns: usize,
}

const GRAIN_PX: usize = 40;

impl Ground {
    fn new(random: &mut SeededRng, width: usize, height: usize) -> Self {
        let columns = width / GRAIN_PX + 2;
        let rows = height / GRAIN_PX + 2;
        let things = (0..random.below(8))
            .map(|_| {
                let (x, y) = (random.below(width), random.below(height));
                let (w, h) = (10 + random.below(160), 10 + random.below(160));
                ([x, y, x + w, y + h], random.between(0.0, 220.0) as f32)
            })
            .collect();
        Self {
            tone: random.between(25.0, 150.0) as f32,
            things,
            grain: (0..columns * rows).map(|_| random.about(14.0) as f32).collect(),
            columns,
        }
    }

    fn at(&self, x: usize, y: usize) -> f32 {
        let thing = self.things.iter().rev().find(|([left, top, right, bottom], _)| {
            (*left..*right).contains(&x) && (*top..*bottom).contains(&y)
        });
        let tone = thing.map_or(self.tone, |(_, tone)| *tone);
        let (column, row) = (x / GRAIN_PX, y / GRAIN_PX);
        let (fx, fy) = ((x % GRAIN_PX) as f32 / GRAIN_PX as f32, (y % GRAIN_PX) as f32 / GRAIN_PX as f32);
        let at = |c: usize, r: usize| self.grain.get(r * self.columns + c).copied().unwrap_or(0.0);
        let above = at(column, row) * (1.0 - fx) + at(column + 1, row) * fx;
        let below = at(column, row + 1) * (1.0 - fx) + at(column + 1, row + 1) * fx;
        (tone + above * (1.0 - fy) + below * fy).max(4.0)
    }
}

/// Gaussian blur, rows then columns.
fn blurred(plane: &[f32], width: usize, height: usize, deviation: f64) -> Vec<f32> {
    let radius = (deviation * 2.6).ceil() as usize;
    let weights: Vec<f32> = (0..=2 * radius)
        .map(|i| {
            let d = i as f64 - radius as f64;
            (-d * d / (2.0 * deviation * deviation)).exp() as f32
        })
        .collect();
    let sum: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.iter().map(|w| w / sum).collect();
    let mut across = Vec::with_capacity(plane.len());
    let mut padded = Vec::with_capacity(width + 2 * radius);
    for row in plane.chunks_exact(width) {
        padded.clear();
        padded.extend(std::iter::repeat_n(row[0], radius));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(row[width - 1], radius));
        across.extend(
            padded
                .windows(weights.len())
                .map(|near| near.iter().zip(&weights).map(|(v, w)| v * w).sum::<f32>()),
        );
    }
    let mut down = vec![0.0f32; plane.len()];
    for y in 0..height {
        let out = &mut down[y * width..(y + 1) * width];
        for (i, weight) in weights.iter().enumerate() {
            let from = (y + i).saturating_sub(radius).min(height - 1);
            for (sum, value) in out.iter_mut().zip(&across[from * width..(from + 1) * width]) {
                *sum += value * weight;
            }
        }
    }
    down
}

/// The mean along a short straight way.
fn moved(plane: &[f32], width: usize, height: usize, length: f64, direction_deg: f64) -> Vec<f32> {
    let (sin, cos) = direction_deg.to_radians().sin_cos();
    let steps = (length * 1.5).ceil().max(2.0) as usize;
    let offsets: Vec<(isize, isize)> = (0..steps)
        .map(|i| {
            let along = (i as f64 / (steps - 1) as f64 - 0.5) * length;
            ((along * cos).round() as isize, (along * sin).round() as isize)
        })
        .collect();
    let share = 1.0 / steps as f32;
    let mut result = vec![0.0; plane.len()];
    for y in 0..height as isize {
        for x in 0..width as isize {
            let mut sum = 0.0;
            for (dx, dy) in &offsets {
                let (x, y) = ((x + dx).clamp(0, width as isize - 1), (y + dy).clamp(0, height as isize - 1));
                sum += plane[y as usize * width + x as usize];
            }
            result[y as usize * width + x as usize] = sum * share;
        }
    }
    result
}
