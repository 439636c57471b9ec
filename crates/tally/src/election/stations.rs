//! The TPS numbers of one desa as the package writes them: `1-26,901`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Maximum TPS number.
const NUMBER_MAX: u16 = 999;

/// TPS numbers of one desa, as ascending ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StationNumbers(Vec<RangeInclusive<u16>>);

/// Why a text is not a list of TPS numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StationNumbersError {
    /// A part is neither a number nor a range.
    #[error(
        "{part:?} is neither a TPS number (1 to 999) nor a range such as 1-26; write them as in \"1-26,901\""
    )]
    NotANumber {
        /// The part.
        part: String,
    },
    /// A range ends before it starts.
    #[error("the range {part} ends before it starts; write the smaller number first")]
    Backwards {
        /// The range.
        part: String,
    },
    /// A number is in the list twice.
    #[error("TPS {number} is listed twice; keep it once")]
    Twice {
        /// The number.
        number: u16,
    },
    /// The list does not ascend.
    #[error("TPS {number} stands after TPS {after}; write the numbers in ascending order")]
    NotAscending {
        /// The number that is out of order.
        number: u16,
        /// The one before it.
        after: u16,
    },
}

impl StationNumbers {
    /// A list of `numbers`. Their order does not matter; duplicates count once.
    pub fn collect(numbers: impl IntoIterator<Item = u16>) -> Self {
        let mut numbers: Vec<u16> =
            numbers.into_iter().filter(|number| (1..=NUMBER_MAX).contains(number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut ranges: Vec<RangeInclusive<u16>> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some(last) if *last.end() + 1 == number => *last = *last.start()..=number,
                _ => ranges.push(number..=number),
            }
        }
        Self(ranges)
    }

    /// All numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(Clone::clone)
    }

    /// Whether `number` is one of them.
    pub fn contains(&self, number: u16) -> bool {
        self.0.iter().any(|range| range.contains(&number))
    }

    /// Number of TPS.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|range| u32::from(range.end() - range.start()) + 1).sum()
    }
}

impl FromStr for StationNumbers {
    type Err = StationNumbersError;

    fn from_str(text: &str) -> Result<Self, StationNumbersError> {
        let mut ranges: Vec<RangeInclusive<u16>> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let number = |text: &str| {
                let digits = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
                let number = if digits { text.parse().ok() } else { None };
                number
                    .filter(|number| *number > 0)
                    .ok_or_else(|| StationNumbersError::NotANumber { part: part.to_owned() })
            };
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return Err(StationNumbersError::Backwards { part: part.to_owned() });
            }
            if let Some(before) = ranges.last() {
                let after = *before.end();
                if ranges.iter().any(|range| range.contains(&first)) {
                    return Err(StationNumbersError::Twice { number: first });
                }
                if first < after {
                    return Err(StationNumbersError::NotAscending { number: first, after });
                }
            }
            ranges.push(first..=last);
        }
        Ok(Self(ranges))
    }
}

impl fmt::Display for StationNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match (range.start(), range.end()) {
                (first, last) if first == last => write!(f, "{comma}{first}")?,
                (first, last) => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_written_the_same() {
        for text in ["1", "1-26,901", "3,5,7-9", "1-999"] {
            let numbers: StationNumbers = text.parse().unwrap();
            assert_eq!(numbers.to_string(), text);
            assert_eq!(numbers.count() as usize, numbers.iter().count());
            assert_eq!(StationNumbers::collect(numbers.iter()), numbers);
        }
        let numbers: StationNumbers = "1-26,901".parse().unwrap();
        assert_eq!(numbers.count(), 27);
        assert!(
            numbers.contains(26) && numbers.contains(901) && !numbers.contains(27) && !numbers.contains(0)
        );
    }

    #[test]
    fn a_wrong_list_says_what_is_wrong() {
        for (text, said) in [
            (
                "",
                "\"\" is neither a TPS number (1 to 999) nor a range such as 1-26; write them as in \"1-26,901\"",
            ),
            ("1-5,5", "TPS 5 is listed twice; keep it once"),
            ("1-5,2-9", "TPS 2 is listed twice; keep it once"),
            ("7,3", "TPS 3 stands after TPS 7; write the numbers in ascending order"),
            ("3,1-9", "TPS 1 stands after TPS 3; write the numbers in ascending order"),
            ("9-3", "the range 9-3 ends before it starts; write the smaller number first"),
        ] {
            assert_eq!(text.parse::<StationNumbers>().unwrap_err().to_string(), said);
        }
        for text in ["0", "1000", "1-", "-1", "+1", "1--3", "1,,2", "satu", "1-2-3", "99999999999"] {
            assert!(
                matches!(text.parse::<StationNumbers>(), Err(StationNumbersError::NotANumber { .. })),
                "{text:?}"
            );
        }
    }
}
