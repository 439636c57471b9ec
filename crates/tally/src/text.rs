//! Text in the two languages of the app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text in Bahasa Indonesia and in English. Both are always there; Indonesian is the one that counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// Bahasa Indonesia.
    #[schemars(length(min = 1, max = 200))]
    pub id: String,
    /// English.
    #[schemars(length(min = 1, max = 200))]
    pub en: String,
}

impl Localized {
    /// Both languages at once, Indonesian first.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        }
    }

    /// One text per language, made by the same rule.
    pub fn each(mut write: impl FnMut(Language) -> String) -> Self {
        Self { id: write(Language::Id), en: write(Language::En) }
    }

    /// A whole number with each language's thousands separators.
    pub fn number(value: u64) -> Self {
        Self::each(|language| number(value, language))
    }
}

/// The languages of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

/// A whole number with its thousands set apart: `11.598` in Indonesian, `11,598` in English.
pub fn number(value: u64, language: Language) -> String {
    let separator = match language {
        Language::Id => '.',
        Language::En => ',',
    };
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_as_each_language_does() {
        for (value, id, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1.000", "1,000"),
            (11_598, "11.598", "11,598"),
            (820_161, "820.161", "820,161"),
            (9_999_999, "9.999.999", "9,999,999"),
        ] {
            assert_eq!(Localized::number(value), Localized::new(id, en));
        }
    }
}
