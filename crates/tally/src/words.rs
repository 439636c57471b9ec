//! Numbers in words, as the form asks for them beside the digit boxes ("terbilang").

use crate::text::{Language, Localized};

const DIGITS_ID: [&str; 12] = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
];

const SMALL_EN: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS_EN: [&str; 10] =
    ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number in words in both languages.
pub fn in_words(number: u32) -> Localized {
    Localized::new(terbilang(number), spelled(number))
}

/// A number in words in one language.
pub fn in_words_of(number: u32, language: Language) -> String {
    match language {
        Language::Id => terbilang(number),
        Language::En => spelled(number),
    }
}

/// A number in Indonesian words.
///
/// ```
/// use tally::words::terbilang;
/// assert_eq!(terbilang(0), "nol");
/// assert_eq!(terbilang(111), "seratus sebelas");
/// assert_eq!(terbilang(1_019), "seribu sembilan belas");
/// assert_eq!(terbilang(1_001_000), "satu juta seribu");
/// ```
pub fn terbilang(number: u32) -> String {
    let mut words = Vec::new();
    if number == 0 {
        words.push(DIGITS_ID[0]);
    }
    speak_id(number, &mut words);
    words.join(" ")
}

/// Adds the words of `number`; none for zero, which is silent inside a larger number.
fn speak_id(number: u32, words: &mut Vec<&'static str>) {
    // Above eleven a number is spoken as "how many" of its greatest unit, then the rest. One hundred and one
    // thousand shrink to "seratus" and "seribu"; one million does not.
    let (units, unit, one) = match number {
        0 => return,
        1..=11 => return words.push(DIGITS_ID[number as usize]),
        12..=19 => {
            speak_id(number - 10, words);
            return words.push("belas");
        }
        20..=99 => (10, "puluh", None),
        100..=999 => (100, "ratus", Some("seratus")),
        1_000..=999_999 => (1_000, "ribu", Some("seribu")),
        1_000_000..=999_999_999 => (1_000_000, "juta", None),
        1_000_000_000.. => (1_000_000_000, "miliar", None),
    };
    match one {
        Some(one) if number / units == 1 => words.push(one),
        _ => {
            speak_id(number / units, words);
            words.push(unit);
        }
    }
    speak_id(number % units, words);
}

/// A number in English words.
///
/// ```
/// use tally::words::spelled;
/// assert_eq!(spelled(0), "zero");
/// assert_eq!(spelled(123), "one hundred twenty-three");
/// assert_eq!(spelled(40_001), "forty thousand one");
/// ```
pub fn spelled(number: u32) -> String {
    let mut words = Vec::new();
    if number == 0 {
        words.push(SMALL_EN[0].to_owned());
    }
    speak_en(number, &mut words);
    words.join(" ")
}

fn speak_en(number: u32, words: &mut Vec<String>) {
    let (units, unit) = match number {
        0 => return,
        1..=19 => return words.push(SMALL_EN[number as usize].to_owned()),
        20..=99 => {
            let tens = TENS_EN[(number / 10) as usize];
            return words.push(match number % 10 {
                0 => tens.to_owned(),
                one => format!("{tens}-{}", SMALL_EN[one as usize]),
            });
        }
        100..=999 => (100, "hundred"),
        1_000..=999_999 => (1_000, "thousand"),
        1_000_000..=999_999_999 => (1_000_000, "million"),
        1_000_000_000.. => (1_000_000_000, "billion"),
    };
    speak_en(number / units, words);
    words.push(unit.to_owned());
    speak_en(number % units, words);
}
