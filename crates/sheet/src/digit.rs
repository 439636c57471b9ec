//! Reads what is handwritten in a digit box, by a small network: `assets/digit-boxes.onnx`, whose card is
//! beside it, and which `training/` makes.

use std::sync::{Arc, LazyLock};

use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value, op_registry};

use crate::gray::Gray;
use crate::plane::{Homography, Point, Rect};

/// What is in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoxSign {
    Digit(u8),
    /// A × through a box that is not used.
    Crossed,
    /// A – in a box that is not used.
    Dashed,
    Empty,
}

/// The reading of one box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxReading {
    /// `None` for a sign that nobody can read: two over each other, a blot, half a cross.
    pub sign: Option<BoxSign>,
    /// 0 to 1.
    pub certainty: f32,
}

impl BoxReading {
    /// The sign, if it is certain enough to be spoken of.
    pub fn sure(&self) -> Option<BoxSign> {
        self.sign.filter(|_| self.certainty >= SURE)
    }
}

/// Minimum certainty of a box that is spoken of. Of the real boxes that were kept aside from training, none
/// was read wrongly from 0.5 on; the rest is room for hands and cameras that the training has not seen.
pub const SURE: f32 = 0.95;

/// Side of the picture that the network sees.
const SIDE: usize = 32;
/// How much more than the box is seen, on each side: its frame, as in the boxes of the training.
const MARGIN_SHARE: f64 = 0.1;
/// How the box is looked at: how much smaller, and moved by which share of it. A reading that changes when
/// the frame is a little off was a guess.
const LOOKS: [(f64, f64, f64); 3] = [(1.0, 0.0, 0.0), (0.94, 0.02, -0.02), (1.06, -0.02, 0.02)];
/// The signs that the network tells apart: ten digits, ×, –, empty, and what nobody can read.
const CLASSES: usize = 14;

static NETWORK: LazyLock<Network> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "part of the program; a test runs it")]
    Network::load().expect("the embedded network is one")
});

/// A box, as the network sees it: ink from 0 to about 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoxPicture(Vec<f32>);

impl BoxPicture {
    /// The box `area`, whose points `map` brings into the picture.
    pub(crate) fn cut(gray: &Gray, map: &Homography, area: &Rect) -> Self {
        let (across, down) = map.scale_at(area.middle());
        let seen_px = (area.width * across).max(area.height * down) * (1.0 + 2.0 * MARGIN_SHARE);
        // Several samples for each of its pixels, as many as the picture has.
        let fine = ((seen_px / SIDE as f64).round() as usize).clamp(1, 4);
        let sample = |column: usize, row: usize| {
            let share = |i: usize| (i as f64 + 0.5) / (SIDE * fine) as f64;
            let at = |from: f64, length: f64, share: f64| {
                from - length * MARGIN_SHARE + length * (1.0 + 2.0 * MARGIN_SHARE) * share
            };
            let mm = Point::new(at(area.x, area.width, share(column)), at(area.y, area.height, share(row)));
            gray.at(map.apply(mm))
        };
        let mut seen = vec![0.0f32; SIDE * SIDE];
        for row in 0..SIDE * fine {
            for column in 0..SIDE * fine {
                seen[row / fine * SIDE + column / fine] += sample(column, row);
            }
        }
        let samples = (fine * fine) as f32 * 255.0;
        for pixel in &mut seen {
            *pixel /= samples;
        }
        Self(normal(seen))
    }
}

/// Ink from 0 to about 1, whatever the light: the same as `normal` in `training/train.py`.
fn normal(mut seen: Vec<f32>) -> Vec<f32> {
    let at = |values: &[f32], share: usize| {
        let mut ordered = values.to_vec();
        ordered.sort_by(f32::total_cmp);
        ordered[ordered.len() * share / 100]
    };
    let paper = at(&seen, 75).max(1.0 / 255.0);
    for pixel in &mut seen {
        *pixel = (paper - *pixel) / paper;
    }
    let most = at(&seen, 97).max(0.1);
    for pixel in &mut seen {
        *pixel = (*pixel / most).clamp(-0.5, 1.5);
    }
    seen
}

/// Reads the boxes `areas`, whose points `map` brings into the picture.
pub(crate) fn read_boxes(gray: &Gray, map: &Homography, areas: &[Rect]) -> Vec<BoxReading> {
    let mut readings = NETWORK.read(areas, |area| BoxPicture::cut(gray, map, area));
    for (size, right, down) in LOOKS.into_iter().skip(1) {
        // Only what seems sure is worth a second look.
        let again: Vec<usize> = (0..areas.len()).filter(|i| readings[*i].sure().is_some()).collect();
        let moved: Vec<Rect> = again.iter().map(|i| moved(&areas[*i], size, right, down)).collect();
        let second = NETWORK.read(&moved, |area| BoxPicture::cut(gray, map, area));
        for (index, second) in again.into_iter().zip(second) {
            let first = &mut readings[index];
            let same = first.sign == second.sign;
            first.certainty = if same { first.certainty.min(second.certainty) } else { 0.0 };
        }
    }
    readings
}

fn moved(area: &Rect, size: f64, right: f64, down: f64) -> Rect {
    let (width, height) = (area.width * size, area.height * size);
    Rect {
        x: area.x + (area.width - width) / 2.0 + area.width * right,
        y: area.y + (area.height - height) / 2.0 + area.height * down,
        width,
        height,
    }
}

/// Reads a picture of one box and nothing else, its frame at about a tenth from the edge.
pub fn read_box(picture: &Gray) -> BoxReading {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let grown = 1.0 + 2.0 * MARGIN_SHARE;
    let area = Rect {
        x: width * MARGIN_SHARE / grown - 0.5,
        y: height * MARGIN_SHARE / grown - 0.5,
        width: width / grown,
        height: height / grown,
    };
    let unread = BoxReading { sign: None, certainty: 0.0 };
    let reading = read_boxes(picture, &Homography::IDENTITY, &[area]);
    reading.first().copied().unwrap_or(unread)
}

struct Network {
    model: Model,
    /// One thread: a page takes a tenth of a second, and pools of threads take memory on a phone.
    threads: Arc<ThreadPool>,
}

impl Network {
    fn load() -> Result<Self, rten::LoadError> {
        let operators = op_registry!(Conv, DequantizeLinear, Flatten, Gemm, MaxPool, Relu);
        let model = ModelOptions::with_ops(operators)
            .load_static_slice(include_bytes!("../../../assets/digit-boxes.onnx"))?;
        Ok(Self { model, threads: Arc::new(ThreadPool::with_num_threads(1)) })
    }

    /// The readings of boxes at one look; uncertain ones if the network does not run.
    fn read(&self, areas: &[Rect], cut: impl Fn(&Rect) -> BoxPicture) -> Vec<BoxReading> {
        let pictures: Vec<f32> = areas.iter().flat_map(|area| cut(area).0).collect();
        let scores = if areas.is_empty() { None } else { self.scores(areas.len(), pictures) };
        let scores = scores.unwrap_or_else(|| vec![0.0; areas.len() * CLASSES]);
        scores.chunks_exact(CLASSES).map(reading_of).collect()
    }

    fn scores(&self, count: usize, pictures: Vec<f32>) -> Option<Vec<f32>> {
        let input = Value::from_shape([count, 1, SIDE, SIDE], pictures).ok()?;
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let output = self.model.run_one(input.into(), Some(options)).ok()?;
        let (shape, scores) = output.into_shape_vec::<f32, 2>().ok()?;
        (shape == [count, CLASSES]).then_some(scores)
    }
}

/// The class with the highest score, and its share by softmax.
fn reading_of(scores: &[f32]) -> BoxReading {
    let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
    let total: f32 = scores.iter().map(|score| (score - scores[best]).exp()).sum();
    let sign = match best {
        0..10 => Some(BoxSign::Digit(best as u8)),
        10 => Some(BoxSign::Crossed),
        11 => Some(BoxSign::Dashed),
        12 => Some(BoxSign::Empty),
        _ => None,
    };
    BoxReading { sign, certainty: 1.0 / total }
}
