//! Texts that people wrote, as they may be shown.

/// What stands for a character that is not shown.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether a character is not seen and changes what is seen: control characters, and those that change the
/// direction of the text behind them.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text with a mark in place of each such character. A witness signed the text, so it stays as it is in the
/// statement.
pub(crate) fn readable(text: &str) -> String {
    let is_space = |character| matches!(character, '\n' | '\t');
    text.chars()
        .map(
            |character| {
                if is_invisible(character) && !is_space(character) { REPLACEMENT } else { character }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_shows_where_invisible_characters_stand() {
        assert_eq!(readable("Ketua\n\t\"pulang\""), "Ketua\n\t\"pulang\"");
        assert_eq!(readable("a\u{0}b\u{7}c\u{202E}d\u{2066}"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}");
    }
}
