//! The boxes of a figure.

use super::RIGHT;
use super::draft::rounded_rect;
use crate::plane::Rect;

/// The boxes of one figure: their side, and from one to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boxes {
    pub(super) side: f64,
    step: f64,
    digits: u8,
}

/// From the edge of a column with votes to its boxes.
const VOTES_MARGIN: f64 = 5.0;
/// The same in tables about people.
const COUNT_MARGIN: f64 = 5.5;

impl Boxes {
    /// Those of votes and of results.
    pub(super) fn of_votes(digits: u8) -> Self {
        Self { side: 20.0, step: 23.5, digits }
    }

    /// Those of tables about people, which have up to three figures in a row: more than three digits are
    /// smaller.
    pub(super) fn of_people(digits: u8) -> Self {
        if digits <= 3 {
            Self { side: 18.0, step: 23.0, digits }
        } else {
            Self { side: 15.0, step: 17.5, digits }
        }
    }

    /// The same with a side of at most `side`.
    pub(super) fn at_most(self, side: f64) -> Self {
        Self { side: self.side.min(side), ..self }
    }

    /// From the left side of the first box to the right side of the last.
    fn width(&self) -> f64 {
        self.side + self.step * f64::from(self.digits.saturating_sub(1))
    }

    /// The width of a column of tables about people.
    pub(super) fn column_width(&self) -> f64 {
        self.width() + 2.0 * COUNT_MARGIN
    }

    /// The left edge of the column with votes.
    pub(super) fn votes_left(&self) -> f64 {
        RIGHT - self.width() - 2.0 * VOTES_MARGIN
    }

    /// The boxes of a figure with `digits` digits in a column of tables about people that ends at `right`.
    pub(super) fn in_column(self, digits: u8, right: f64, top: f64) -> Vec<Rect> {
        Self { digits, ..self }.before(right - COUNT_MARGIN, top)
    }

    /// The boxes of a figure with `digits` digits in the column with votes.
    pub(super) fn in_votes(self, digits: u8, top: f64) -> Vec<Rect> {
        Self { digits, ..self }.before(RIGHT - VOTES_MARGIN, top)
    }

    /// The boxes, the last of which ends at `right`.
    fn before(self, right: f64, top: f64) -> Vec<Rect> {
        let first = right - self.width();
        (0..self.digits)
            .map(|digit| {
                let x = first + self.step * f64::from(digit);
                rounded_rect(Rect { x, y: top, width: self.side, height: self.side })
            })
            .collect()
    }
}
