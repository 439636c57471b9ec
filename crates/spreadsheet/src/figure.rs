//! Whole numbers as people and programs write them.

use crate::cell::Cell;
use crate::fault::{FaultCode, Problem};

/// What stands for "no figure".
const NOTHING: [&str; 7] = ["-", "–", "—", "--", "null", "NULL", "NaN"];

/// The whole number in a cell, at most `max`. An empty cell and a dash have none, which is not 0.
///
/// Understood are `1234`, `1.234`, `1,234`, `1 234`, `15.0`, `1.234,00` and `" 12 "`. Three digits after a
/// separator are thousands, as all numbers here are counts. A number cell with decimals is refused: a
/// spreadsheet program that takes `1.234` for a decimal number has lost what was meant.
pub fn figure(cell: &Cell, max: u64) -> Result<Option<u64>, Problem> {
    let number = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => of_number(*number)?,
        Cell::Text(text) => {
            let text = plain(text);
            if text.is_empty() || NOTHING.contains(&text.as_str()) {
                return Ok(None);
            }
            of_text(&text)?
        }
    };
    if number > max { Err(Problem::above(FaultCode::TooLarge, max)) } else { Ok(Some(number)) }
}

/// The text without the apostrophe that forces text in a spreadsheet, and with one kind of space.
fn plain(text: &str) -> String {
    let text = text.trim().trim_start_matches('\'');
    let one_space = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
    text.trim().chars().map(one_space).collect()
}

fn of_number(number: f64) -> Result<u64, Problem> {
    if number < 0.0 {
        Err(FaultCode::Negative.into())
    } else if !number.is_finite() {
        Err(FaultCode::NotAFigure.into())
    } else if number.fract() != 0.0 {
        Err(FaultCode::Fraction.into())
    } else {
        // Above the range of a u64 the cast stays at its maximum, which is above every limit.
        Ok(number as u64)
    }
}

fn of_text(text: &str) -> Result<u64, Problem> {
    if let Some(rest) = text.strip_prefix(['-', '−']).or_else(|| text.strip_prefix('(')) {
        let rest = rest.trim_end_matches(')').trim();
        return Err(if of_text(rest).is_ok() {
            FaultCode::Negative.into()
        } else {
            FaultCode::NotAFigure.into()
        });
    }
    if is_scientific(text) {
        return Err(FaultCode::Shortened.into());
    }
    let (whole, decimals) = split_decimals(text);
    let digits = grouped(whole).ok_or(FaultCode::NotAFigure)?;
    if decimals.bytes().any(|digit| digit != b'0') {
        return Err(FaultCode::Fraction.into());
    }
    Ok(digits.parse().unwrap_or(u64::MAX))
}

/// Whether a number is written with a power of ten, as programs shorten it.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((before, after)) = text.split_once(['E', 'e']) else { return false };
    let power = after.strip_prefix(['+', '-']).unwrap_or(after);
    let is_number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    !before.is_empty()
        && is_number(before)
        && !power.is_empty()
        && power.bytes().all(|byte| byte.is_ascii_digit())
}

/// The part before the decimals and the decimals: what follows the last full stop or comma, if those are
/// digits and not three, or if a different separator stands before.
fn split_decimals(text: &str) -> (&str, &str) {
    let Some(at) = text.rfind(['.', ',']) else { return (text, "") };
    let (whole, decimals) = (&text[..at], &text[at + 1..]);
    let all_digits = !decimals.is_empty() && decimals.bytes().all(|digit| digit.is_ascii_digit());
    let separator = &text[at..=at];
    let other_before = whole.contains(['.', ',', ' ']) && !whole.contains(separator);
    if all_digits && (decimals.len() != 3 || other_before) && !whole.is_empty() {
        (whole, decimals)
    } else {
        (text, "")
    }
}

/// The digits of a number whose thousands may be separated, always by the same letter.
fn grouped(text: &str) -> Option<String> {
    let separators: Vec<char> = text.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    if !separators.iter().all(|letter| matches!(letter, '.' | ',' | ' ') && *letter == separators[0]) {
        return None;
    }
    let mut groups = text.split(['.', ',', ' ']);
    let first = groups.next().filter(|first| !first.is_empty())?;
    let ok = separators.is_empty() || (first.len() <= 3 && groups.all(|group| group.len() == 3));
    ok.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<u64>, FaultCode> {
        figure(&Cell::of(text), 1_000_000_000).map_err(|problem| problem.code)
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        for (text, number) in [
            ("12", 12),
            (" 12 ", 12),
            ("'012", 12),
            ("1.234", 1234),
            ("1,234", 1234),
            ("1 234", 1234),
            ("1\u{a0}234\u{a0}567", 1_234_567),
            ("15.0", 15),
            ("15,00", 15),
            ("15.000", 15_000),
            ("1.234,00", 1234),
            ("1,234.00", 1234),
            ("1.234.567", 1_234_567),
            ("0", 0),
            ("000", 0),
        ] {
            assert_eq!(read(text), Ok(Some(number)), "{text:?}");
        }
        for nothing in ["", "  ", "-", "–", "null"] {
            assert_eq!(read(nothing), Ok(None), "{nothing:?}");
        }
        assert_eq!(figure(&Cell::Number(15.0), 100), Ok(Some(15)));
    }

    #[test]
    fn what_is_no_count_is_refused_by_its_name() {
        for (text, code) in [
            ("dua belas", FaultCode::NotAFigure),
            ("12a", FaultCode::NotAFigure),
            ("1.2.3", FaultCode::NotAFigure),
            ("1.23.456", FaultCode::NotAFigure),
            ("1,234.567,00", FaultCode::NotAFigure),
            (".5", FaultCode::NotAFigure),
            ("١٢", FaultCode::NotAFigure),
            ("=1+1", FaultCode::NotAFigure),
            ("https://example.org/12.jpg", FaultCode::NotAFigure),
            ("-5", FaultCode::Negative),
            ("−5", FaultCode::Negative),
            ("(5)", FaultCode::Negative),
            ("1.5", FaultCode::Fraction),
            ("1,25", FaultCode::Fraction),
            ("5,201E+12", FaultCode::Shortened),
            ("5.2e9", FaultCode::Shortened),
            ("99999999999999999999999", FaultCode::TooLarge),
        ] {
            assert_eq!(read(text), Err(code), "{text:?}");
        }
        assert_eq!(figure(&Cell::Number(1.234), 10).unwrap_err().code, FaultCode::Fraction);
        assert_eq!(figure(&Cell::Number(-1.0), 10).unwrap_err().code, FaultCode::Negative);
        assert_eq!(figure(&Cell::Number(1e300), 10).unwrap_err(), Problem::above(FaultCode::TooLarge, 10));
    }
}
