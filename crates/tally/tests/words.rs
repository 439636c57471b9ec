//! Numbers in words can be read back by a reader that knows nothing of how they are made, so no two are
//! alike.

use proptest::prelude::*;
use tally::words::{in_words, spelled, terbilang};

/// Reads Indonesian number words by adding and multiplying as one hears them.
fn heard_id(words: &str) -> Option<u64> {
    let (mut total, mut group, mut last) = (0_u64, 0_u64, 0_u64);
    for word in words.split(' ') {
        match word {
            "nol" => {}
            "belas" => last += 10,
            "puluh" => (group, last) = (group + last * 10, 0),
            "ratus" => (group, last) = (group + last * 100, 0),
            "sepuluh" => last += 10,
            "sebelas" => last += 11,
            "seratus" => group += 100,
            "seribu" => total += 1_000,
            "ribu" => (total, group, last) = (total + (group + last) * 1_000, 0, 0),
            "juta" => (total, group, last) = (total + (group + last) * 1_000_000, 0, 0),
            "miliar" => (total, group, last) = (total + (group + last) * 1_000_000_000, 0, 0),
            one => {
                let digits = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
                last += digits.iter().position(|digit| *digit == one)? as u64 + 1;
            }
        }
    }
    Some(total + group + last)
}

fn heard_en(words: &str) -> Option<u64> {
    const BELOW_TWENTY: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
                                fifteen sixteen seventeen eighteen nineteen";
    const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
    let (mut total, mut group) = (0_u64, 0_u64);
    for word in words.split([' ', '-']) {
        match word {
            "hundred" => group *= 100,
            "thousand" => (total, group) = (total + group * 1_000, 0),
            "million" => (total, group) = (total + group * 1_000_000, 0),
            "billion" => (total, group) = (total + group * 1_000_000_000, 0),
            word => {
                let small = BELOW_TWENTY.split_whitespace().position(|known| known == word);
                let tens =
                    || TENS.split_whitespace().position(|known| known == word).map(|nth| (nth + 2) * 10);
                group += small.or_else(tens)? as u64;
            }
        }
    }
    Some(total + group)
}

fn is_heard_again(number: u32) {
    assert_eq!(heard_id(&terbilang(number)), Some(number.into()), "{}", terbilang(number));
    assert_eq!(heard_en(&spelled(number)), Some(number.into()), "{}", spelled(number));
}

#[test]
fn every_number_up_to_a_hundred_thousand_is_heard_as_itself() {
    (0..=100_000).for_each(is_heard_again);
}

#[test]
fn numbers_spread_over_seven_digits_are_heard_as_themselves() {
    (100_000..=9_999_999).step_by(97).chain([9_999_999, u32::MAX]).for_each(is_heard_again);
}

proptest! {
    #[test]
    fn any_number_is_heard_as_itself(number in 0_u32..=9_999_999) {
        is_heard_again(number);
    }
}

#[test]
fn words_are_those_of_the_language() {
    for (number, id, en) in [
        (0, "nol", "zero"),
        (10, "sepuluh", "ten"),
        (11, "sebelas", "eleven"),
        (12, "dua belas", "twelve"),
        (21, "dua puluh satu", "twenty-one"),
        (100, "seratus", "one hundred"),
        (110, "seratus sepuluh", "one hundred ten"),
        (257, "dua ratus lima puluh tujuh", "two hundred fifty-seven"),
        (1_000, "seribu", "one thousand"),
        (1_100, "seribu seratus", "one thousand one hundred"),
        (2_019, "dua ribu sembilan belas", "two thousand nineteen"),
        (11_000, "sebelas ribu", "eleven thousand"),
        (21_000, "dua puluh satu ribu", "twenty-one thousand"),
        (100_001, "seratus ribu satu", "one hundred thousand one"),
        (101_000, "seratus satu ribu", "one hundred one thousand"),
        (1_000_000, "satu juta", "one million"),
        (1_001_011, "satu juta seribu sebelas", "one million one thousand eleven"),
    ] {
        let words = in_words(number);
        assert_eq!((words.id.as_str(), words.en.as_str()), (id, en));
    }
}
