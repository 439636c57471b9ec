//! Synthetic handwriting: one way to write digits, words and strokes, and to fill bubbles.

use super::canvas::Ink;
use super::letters;
use super::rng::SeededRng;
use super::surface::Surface;
use crate::plane::{Point, Rect};

/// A stroke of the pen: points right and down, in hundredths of the digit's box.
type Stroke = &'static [(i16, i16)];
/// One way to write a digit.
type Way = &'static [Stroke];

/// Ways to write each digit.
const DIGITS: [&[Way]; 10] = [
    &[
        &[&[(55, 4), (22, 18), (8, 50), (22, 86), (52, 97), (82, 80), (92, 46), (78, 14), (50, 5)]],
        &[&[(62, 8), (30, 6), (10, 34), (12, 74), (40, 98), (74, 88), (90, 54), (80, 18), (58, 2)]],
    ],
    &[
        &[&[(52, 2), (50, 50), (48, 98)]],
        &[&[(30, 22), (56, 2), (54, 98)]],
        &[&[(24, 26), (54, 3), (52, 96)], &[(26, 97), (78, 96)]],
    ],
    &[
        &[&[(10, 22), (34, 3), (72, 8), (82, 32), (58, 62), (10, 97), (50, 94), (92, 96)]],
        &[&[(12, 26), (46, 2), (84, 22), (66, 58), (26, 88), (12, 92), (30, 80), (58, 90), (94, 94)]],
    ],
    &[
        &[&[(12, 14), (46, 2), (80, 18), (68, 42), (38, 48), (74, 56), (88, 78), (56, 98), (10, 88)]],
        &[&[(14, 6), (82, 5), (46, 42), (82, 56), (84, 82), (50, 98), (12, 86)]],
    ],
    &[
        &[&[(62, 4), (10, 66), (94, 64)], &[(66, 40), (64, 98)]],
        &[&[(18, 5), (14, 56), (82, 54)], &[(76, 8), (70, 98)]],
        &[&[(70, 98), (70, 4), (10, 64), (92, 64)]],
    ],
    &[
        &[&[(84, 5), (22, 6), (16, 46), (52, 38), (86, 60), (74, 90), (40, 98), (10, 86)]],
        &[&[(24, 6), (18, 44), (56, 40), (86, 66), (62, 96), (12, 90)], &[(24, 6), (86, 4)]],
    ],
    &[
        &[&[(74, 4), (34, 30), (12, 66), (28, 94), (64, 96), (84, 72), (62, 52), (24, 62)]],
        &[&[(60, 2), (24, 42), (14, 78), (44, 98), (80, 82), (70, 56), (38, 58), (18, 74)]],
    ],
    &[
        &[&[(8, 8), (50, 7), (92, 5), (60, 46), (40, 98)]],
        &[&[(10, 20), (12, 6), (90, 6), (50, 60), (36, 97)], &[(26, 50), (76, 46)]],
    ],
    &[
        &[&[
            (78, 14),
            (44, 2),
            (20, 20),
            (46, 44),
            (82, 68),
            (70, 94),
            (34, 96),
            (14, 74),
            (48, 46),
            (80, 24),
            (72, 8),
        ]],
        &[&[(50, 48), (18, 26), (48, 2), (82, 22), (50, 48), (14, 74), (46, 98), (86, 78), (50, 48)]],
    ],
    &[
        &[&[(84, 26), (50, 48), (16, 32), (34, 6), (70, 4), (86, 26), (78, 66), (58, 98)]],
        &[&[(82, 14), (44, 3), (14, 28), (42, 50), (80, 30), (84, 12), (82, 56), (80, 98)]],
    ],
];

/// One person's writing.
#[derive(Debug, Clone)]
pub(super) struct Handwriting {
    slant: f64,
    height: f64,
    narrow: f64,
    shake: f64,
    pen_mm: f64,
    ink: Ink,
    tidy: f64,
}

impl Handwriting {
    /// Somebody with their pen.
    pub(super) fn new(random: &mut SeededRng) -> Self {
        let inks = [[28, 30, 42], [24, 36, 110], [40, 44, 70], [20, 20, 24]];
        Self {
            slant: random.about(0.12),
            height: random.between(0.58, 0.78),
            narrow: random.between(0.7, 1.0),
            shake: random.between(0.008, 0.03),
            pen_mm: random.between(0.9, 1.8),
            ink: Ink { rgb: inks[random.below(inks.len())], cover: random.between(0.86, 0.98) },
            tidy: random.between(0.0, 1.0),
        }
    }

    /// The same hand with a pen for smaller boxes.
    pub(super) fn finer(&self, factor: f64) -> Self {
        Self { pen_mm: self.pen_mm * factor, ..self.clone() }
    }

    /// The same hand in a hurry, with a pen that is running dry.
    pub(super) fn shaken(&self) -> Self {
        let ink = Ink { cover: self.ink.cover * 0.55, ..self.ink };
        Self { shake: self.shake * 2.5 + 0.03, pen_mm: self.pen_mm * 0.8, ink, ..self.clone() }
    }

    /// Ink all over a box, under which nothing can be read.
    pub(super) fn blot(&self, canvas: &mut dyn Surface, area: &Rect, random: &mut SeededRng) {
        let radius = area.width.min(area.height) * random.between(0.3, 0.38);
        self.blacken(canvas, area.middle(), radius, random);
    }

    fn path(&self, canvas: &mut dyn Surface, points: &[Point], random: &mut SeededRng) {
        let line = letters::smooth(points, 6);
        let mut pen = self.pen_mm;
        for pair in line.windows(2) {
            pen = (pen + random.about(0.05)).clamp(self.pen_mm * 0.75, self.pen_mm * 1.25);
            canvas.stroke(pair[0], pair[1], pen, self.ink);
        }
    }

    /// A digit in its box.
    pub(super) fn digit(&self, canvas: &mut dyn Surface, area: &Rect, digit: u8, random: &mut SeededRng) {
        let Some(ways) = DIGITS.get(usize::from(digit)) else { return };
        let Some(way) = ways.get(random.below(ways.len())) else { return };
        let height = area.height * self.height * random.between(0.92, 1.06);
        let width = height * 0.68 * self.narrow;
        let middle = area.middle().plus(random.about(area.width * 0.04), random.about(area.height * 0.04));
        for stroke in *way {
            let points: Vec<_> = stroke
                .iter()
                .map(|(x, y)| {
                    let (x, y) = (f64::from(*x) / 100.0 - 0.5, f64::from(*y) / 100.0 - 0.5);
                    middle.plus(
                        (x - y * self.slant) * width + random.about(self.shake * height),
                        y * height + random.about(self.shake * height),
                    )
                })
                .collect();
            self.path(canvas, &points, random);
        }
    }

    /// A cross over a box or bubble.
    pub(super) fn cross(&self, canvas: &mut dyn Surface, area: &Rect, random: &mut SeededRng) {
        let inner = area.grown(-area.width * random.between(0.1, 0.22));
        let [a, b, c, d] = inner.corners();
        let mut shaken = |p: Point| p.plus(random.about(area.width * 0.04), random.about(area.width * 0.04));
        let lines = [[shaken(a), shaken(c)], [shaken(b), shaken(d)]];
        for [from, to] in lines {
            let bent = from.towards(to, 0.5).plus(random.about(0.4), random.about(0.4));
            self.path(canvas, &[from, bent, to], random);
        }
    }

    /// A dash through a box.
    pub(super) fn dash(&self, canvas: &mut dyn Surface, area: &Rect, random: &mut SeededRng) {
        let middle = area.middle();
        let half = area.width * random.between(0.22, 0.36);
        let from = middle.plus(-half, random.about(0.8));
        let to = middle.plus(half, random.about(0.8));
        self.path(canvas, &[from, from.towards(to, 0.5).plus(0.0, random.about(0.4)), to], random);
    }

    /// Blackens a bubble: to and fro, never quite round.
    pub(super) fn blacken(
        &self,
        canvas: &mut dyn Surface,
        middle: Point,
        radius: f64,
        random: &mut SeededRng,
    ) {
        let untidy = 1.0 - self.tidy;
        let middle = middle.plus(random.about(radius * 0.1), random.about(radius * 0.1));
        let reach = radius * random.between(0.86, 1.0 + 0.25 * untidy);
        let turn = random.between(0.0, std::f64::consts::PI);
        let (sin, cos) = turn.sin_cos();
        let gap = self.pen_mm * (0.62 + 0.2 * untidy);
        let lines = (2.0 * reach / gap).ceil().max(3.0) as i32;
        let mut points = Vec::new();
        for line in 0..=lines {
            let across = -reach + 2.0 * reach * f64::from(line) / f64::from(lines);
            let along = (reach * reach - across * across).max(0.0).sqrt()
                + random.about(radius * 0.08 * (0.4 + untidy));
            let along = if line % 2 == 0 { along } else { -along };
            points.push(middle.plus(along * cos - across * sin, along * sin + across * cos));
        }
        for pair in points.windows(2) {
            canvas.stroke(pair[0], pair[1], self.pen_mm * 1.05, self.ink);
        }
        canvas.disc(
            middle,
            reach * 0.72,
            Ink { cover: self.ink.cover * random.between(0.75, 1.0), ..self.ink },
        );
    }

    /// Words in capitals, in one or two lines that fit into the area.
    pub(super) fn words(&self, canvas: &mut dyn Surface, area: &Rect, text: &str, random: &mut SeededRng) {
        let size = (area.height * 0.32).clamp(3.0, 11.0);
        let per_line = (area.width / size / 0.92).max(4.0) as usize;
        let mut lines = vec![String::new()];
        for word in text.to_uppercase().split_whitespace() {
            let full =
                lines.last().is_some_and(|line| !line.is_empty() && line.len() + word.len() > per_line);
            if full {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(word);
                line.push(' ');
            }
        }
        let mut base = area.y + size * 1.15;
        for line in lines {
            let (letters, length) = letters::line(line.trim());
            let fit = (area.width / (length * size).max(1e-6)).min(1.0);
            let mut drift = 0.0;
            for letter in letters {
                drift += random.about(0.12);
                for stroke in letter.strokes {
                    let points: Vec<_> = stroke
                        .iter()
                        .map(|p| {
                            Point::new(
                                area.x
                                    + (p.x - p.y * -self.slant) * size * fit
                                    + random.about(self.shake * size),
                                base + p.y * size + drift + random.about(self.shake * size),
                            )
                        })
                        .collect();
                    for pair in points.windows(2) {
                        canvas.stroke(pair[0], pair[1], self.pen_mm * 0.75, self.ink);
                    }
                }
            }
            base += size * 1.5;
        }
    }

    /// Votes as strokes: four upright and one across.
    pub(super) fn tally(&self, canvas: &mut dyn Surface, cell: &Rect, votes: u32, random: &mut SeededRng) {
        for vote in 0..votes.min(5) {
            let (from, to) = if vote == 4 {
                (
                    Point::new(cell.x + cell.width * 0.12, cell.y + cell.height * 0.72),
                    Point::new(cell.x + cell.width * 0.88, cell.y + cell.height * 0.3),
                )
            } else {
                let x = cell.x + cell.width * (0.22 + 0.18 * f64::from(vote));
                (Point::new(x, cell.y + cell.height * 0.16), Point::new(x, cell.y + cell.height * 0.84))
            };
            let mut shaken = |p: Point| p.plus(random.about(0.5), random.about(0.6));
            let (from, to) = (shaken(from), shaken(to));
            canvas.stroke(from, to, self.pen_mm * 0.7, self.ink);
        }
    }
}
