//! The second reading of handwriting: the digits in the boxes of a figure.
//!
//! A figure is read only where every box of it is. What is before its first digit is crossed, dashed or
//! empty.

use crate::digit::{BoxReading, BoxSign, SURE, read_boxes};
use crate::geometry::{FieldGeometry, FormGeometry};
use crate::gray::Gray;
use crate::page::PageView;
use crate::plane::Rect;
use crate::reading::{CONFIDENT, DigitReading, ReadBy, Reading};
use crate::register::Registered;

/// Minimum resolution, in pixels for the narrower side of a box.
const BOX_PX_MIN: f64 = 16.0;

/// Reads the boxes of all figures on the page that `view` shows.
pub(crate) fn read_written(gray: &Gray, form: &FormGeometry, view: &PageView) -> Vec<Reading> {
    let fields = form.page(view.page).map_or(&[][..], |page| &page.fields);
    if !view.is_in_position() || fields.is_empty() {
        return Vec::new();
    }
    let (mut areas, mut placed) = (Vec::new(), Vec::new());
    for field in fields {
        let place = Registered::of(gray, view, field);
        placed.push(place.is_some());
        let (right, down) = place.map_or((0.0, 0.0), |place| (place.shift.x, place.shift.y));
        areas.extend(field.boxes.iter().map(|area| moved(area, right, down)));
    }
    let large = |area: &Rect| {
        let (across, down) = view.map.scale_at(area.middle());
        (area.width * across).min(area.height * down) >= BOX_PX_MIN && inside(gray, view, area)
    };
    let signs = read_boxes(gray, &view.map, &areas);
    let mut signs = signs.into_iter().zip(&areas);
    let mut readings = Vec::new();
    for (field, placed) in fields.iter().zip(placed) {
        let boxes: Vec<(BoxReading, &Rect)> = signs.by_ref().take(field.boxes.len()).collect();
        let seen = placed && boxes.iter().all(|(_, area)| large(area));
        let signs: Vec<BoxReading> = boxes.into_iter().map(|(reading, _)| reading).collect();
        readings.push(reading_of(field, &signs, seen));
    }
    readings
}

fn moved(area: &Rect, right: f64, down: f64) -> Rect {
    Rect { x: area.x + right, y: area.y + down, ..*area }
}

fn inside(gray: &Gray, view: &PageView, area: &Rect) -> bool {
    area.corners().into_iter().all(|corner| gray.holds(view.map.apply(corner), 1.0))
}

fn reading_of(field: &FieldGeometry, signs: &[BoxReading], seen: bool) -> Reading {
    let digits: Vec<DigitReading> = signs
        .iter()
        .map(|read| DigitReading {
            digit: match read.sign {
                Some(BoxSign::Digit(digit)) => Some(digit),
                _ => None,
            },
            confidence: if seen { confidence(read) } else { 0.0 },
        })
        .collect();
    let value = value_of(signs);
    let weakest = digits.iter().map(|digit| digit.confidence).fold(1.0, f32::min);
    // Boxes that make no figure, such as 7××, are not understood, however clear each of them is.
    let confidence = if value.is_some() { weakest } else { 0.0 };
    Reading { field: field.code.clone(), digits, value, confidence, by: ReadBy::Handwriting }
}

/// The certainty of a box on the scale of readings: [`SURE`] is [`CONFIDENT`].
fn confidence(read: &BoxReading) -> f32 {
    match read.sure() {
        Some(_) => CONFIDENT + (1.0 - CONFIDENT) * (read.certainty - SURE) / (1.0 - SURE),
        None => (CONFIDENT * 0.99).min(CONFIDENT * read.certainty),
    }
}

/// Unused boxes, then digits to the end.
fn value_of(signs: &[BoxReading]) -> Option<u32> {
    let is_digit = |read: &&BoxReading| matches!(read.sign, Some(BoxSign::Digit(_)));
    let unused = signs.iter().take_while(|read| !is_digit(read)).count();
    let (before, written) = signs.split_at(unused);
    if written.is_empty() || before.iter().any(|read| read.sign.is_none()) {
        return None;
    }
    written.iter().try_fold(0u32, |value, read| match read.sign {
        Some(BoxSign::Digit(digit)) => Some(value * 10 + u32::from(digit)),
        _ => None,
    })
}

/// What was read in both ways, and whether they contradict each other: the figures of both are certain, and
/// differ. Then neither is shown.
pub(crate) fn combined(bubbles: Vec<Reading>, written: Vec<Reading>) -> (Vec<Reading>, bool) {
    let mut differ = false;
    let mut readings = bubbles;
    for written in written {
        let Some(bubbles) = readings.iter_mut().find(|bubbles| bubbles.field == written.field) else {
            // Of handwriting that cannot be read there is nothing to say.
            readings.extend(written.is_confident().then_some(written));
            continue;
        };
        let both = bubbles.is_confident() && written.is_confident();
        if both && bubbles.value.is_some() && bubbles.value != written.value {
            differ = true;
            bubbles.confidence = 0.0;
        } else if written.is_confident() && (!bubbles.is_confident() || bubbles.value.is_none()) {
            // Bubbles that nobody filled say nothing.
            *bubbles = written;
        }
    }
    (readings, differ)
}
