//! How the figures of a sheet are written by hand.

use sheet::draw::{BoxMark, BubbleMark, FilledField, SeededRng};
use tally::words::terbilang;
use tally::{Field, Figure, Paper};

use super::traps::Traps;
use crate::seed::mixed;
use crate::trap::TrapKind;

/// The habits of the officer who filled in the sheet.
struct Habits {
    /// In empty boxes before a number.
    leading: BoxMark,
    /// In the boxes of a field without a number.
    blank: BoxMark,
}

/// Every field on a page that is there, in the paper's order.
pub(super) fn written(paper: &Paper, traps: &Traps, seed: u64) -> Vec<FilledField> {
    let random = &mut SeededRng::new(mixed(seed, &[5]));
    let crossed = traps.trapped.iter().any(|trapped| trapped.trap == TrapKind::CrossedBoxes);
    let styles = [BoxMark::Empty, BoxMark::Cross, BoxMark::Dash];
    let habits = Habits {
        leading: if crossed { BoxMark::Cross } else { styles[random.below(3)] },
        blank: if crossed { BoxMark::Cross } else { styles[1 + random.below(2)] },
    };
    let there = paper.fields().iter().filter(|field| !traps.missing_pages.contains(&field.page));
    there.map(|field| write(field, traps, &habits, random)).collect()
}

fn write(field: &Field, traps: &Traps, habits: &Habits, random: &mut SeededRng) -> FilledField {
    let boxes = usize::from(field.digits);
    let code = field.code.as_str();
    let blank = |mark| FilledField { boxes: vec![mark; boxes], ..FilledField::blank(code, boxes) };
    match traps.says.0.get(&field.code) {
        None => FilledField::blank(code, boxes),
        Some(Figure::Blank) => blank(habits.blank),
        Some(Figure::Illegible) => blank(BoxMark::Blot),
        Some(Figure::Written(number)) => {
            let clean = FilledField::number(code, *number, boxes, habits.leading)
                .in_words(&terbilang(*number))
                .tallied(*number);
            trapped(clean, field, traps, random)
        }
    }
}

fn trapped(mut filled: FilledField, field: &Field, traps: &Traps, random: &mut SeededRng) -> FilledField {
    let has = |kind| traps.trapped.iter().any(|t| t.trap == kind && t.fields.contains(&field.code));
    let (corrected, unclear) = (has(TrapKind::Correction), has(TrapKind::UnclearDigit));
    if !corrected && !unclear {
        return filled;
    }
    let digits = filled.boxes.iter().enumerate().filter_map(|(column, mark)| match mark {
        BoxMark::Digit(digit) => Some((column, *digit)),
        _ => None,
    });
    let digits: Vec<(usize, u8)> = digits.collect();
    let Some((column, digit)) = digits.get(random.below(digits.len())).copied() else { return filled };
    if unclear {
        filled.boxes[column] = BoxMark::Unclear(digit);
        return filled;
    }
    let first = u8::try_from((usize::from(digit) + 1 + random.below(9)) % 10).unwrap_or(digit);
    filled.boxes[column] = BoxMark::Overwritten(first, digit);
    filled.bubbles[column].push(BubbleMark::Crossed(first));
    filled
}
