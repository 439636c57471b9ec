//! The figures on a sheet, with typical mistakes.

use super::rng::SeededRng;

/// The mark in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxMark {
    /// Nothing.
    Empty,
    /// A digit.
    Digit(u8),
    /// A cross, as in `X32`.
    Cross,
    /// A dash.
    Dash,
    /// A digit written over another.
    Overwritten(u8, u8),
    /// A digit in a shaky hand, with little ink.
    Unclear(u8),
    /// Ink under which nothing can be read.
    Blot,
}

/// The mark on a bubble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BubbleMark {
    /// Blackened.
    Black(u8),
    /// Blackened, then crossed out with another pen stroke: the correction that the form does not provide
    /// for.
    Crossed(u8),
}

/// A figure as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledField {
    /// The field's code.
    pub code: String,
    /// The mark in each box, from the left.
    pub boxes: Vec<BoxMark>,
    /// The marks on the bubbles under each box.
    pub bubbles: Vec<Vec<BubbleMark>>,
    /// The number in words, where the form asks for it.
    pub words: Option<String>,
    /// Votes tallied by strokes, where the form has a grid.
    pub strokes: Option<u32>,
}

/// A mistake made on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// The bubble of another digit is blackened.
    WrongBubble,
    /// One bubble was forgotten.
    ForgottenBubble,
    /// A second bubble is blackened in the same column.
    SecondBubble,
    /// A wrong bubble is crossed out beside the right one.
    CrossedBubble,
    /// A digit is written over another.
    Overwritten,
}

impl FilledField {
    /// `value` written as it should be, in `boxes` boxes, its leading boxes marked with `leading`. A value
    /// with more digits than boxes keeps its last ones, as an overflowing row of boxes would.
    pub fn number(code: &str, value: u32, boxes: usize, leading: BoxMark) -> Self {
        let digits = format!("{value}");
        let digits: Vec<u8> = digits.bytes().map(|b| b - b'0').collect();
        let digits = &digits[digits.len().saturating_sub(boxes)..];
        let empty = boxes - digits.len();
        Self {
            code: code.into(),
            boxes: std::iter::repeat_n(leading, empty)
                .chain(digits.iter().map(|d| BoxMark::Digit(*d)))
                .collect(),
            bubbles: std::iter::repeat_n(Vec::new(), empty)
                .chain(digits.iter().map(|d| vec![BubbleMark::Black(*d)]))
                .collect(),
            words: None,
            strokes: None,
        }
    }

    /// A field in which nothing is written.
    pub fn blank(code: &str, boxes: usize) -> Self {
        Self {
            code: code.into(),
            boxes: vec![BoxMark::Empty; boxes],
            bubbles: vec![Vec::new(); boxes],
            words: None,
            strokes: None,
        }
    }

    /// Adds the number in words.
    pub fn in_words(mut self, words: &str) -> Self {
        self.words = Some(words.into());
        self
    }

    /// Adds the strokes of that many votes.
    pub fn tallied(mut self, votes: u32) -> Self {
        self.strokes = Some(votes);
        self
    }

    /// The same with a mistake in a column that has a digit, if it has one.
    pub fn with(mut self, mistake: Mistake, random: &mut SeededRng) -> Self {
        let written: Vec<(usize, u8)> = self
            .boxes
            .iter()
            .enumerate()
            .filter_map(|(column, mark)| match mark {
                BoxMark::Digit(digit) => Some((column, *digit)),
                _ => None,
            })
            .collect();
        let Some((column, digit)) = written.get(random.below(written.len())).copied() else { return self };
        let other = (digit + 1 + random.below(9) as u8) % 10;
        match mistake {
            Mistake::WrongBubble => self.bubbles[column] = vec![BubbleMark::Black(other)],
            Mistake::ForgottenBubble => self.bubbles[column].clear(),
            Mistake::SecondBubble => self.bubbles[column].push(BubbleMark::Black(other)),
            Mistake::CrossedBubble => self.bubbles[column].push(BubbleMark::Crossed(other)),
            Mistake::Overwritten => self.boxes[column] = BoxMark::Overwritten(other, digit),
        }
        self
    }
}
