//! Bounds of the package's texts and lists.

use super::mistakes::Mistakes;
use crate::text::Localized;

/// Maximum length of a name or title, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// Reports a list at `path` with too few or too many entries.
pub(super) fn count(
    path: &str,
    has: usize,
    at_least: usize,
    at_most: usize,
    thing: &str,
    found: &mut Mistakes,
) {
    if has < at_least {
        found.add(path, format!("there is no {thing}; add at least one"));
    } else if has > at_most {
        found.add(
            path,
            format!("{has} entries, at most {at_most} are allowed; check that none is there twice"),
        );
    }
}

/// Reports a text that is wrong in one of both languages.
pub(super) fn localized(path: &str, both: &Localized, found: &mut Mistakes) {
    text(&format!("{path}.id"), &both.id, found);
    text(&format!("{path}.en"), &both.en, found);
}

/// Reports a text that is empty or too long, or that has characters that do not belong into a name.
pub(super) fn text(path: &str, text: &str, found: &mut Mistakes) {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        found.add(path, "the text is empty; write it");
    } else if chars > TEXT_CHARS_MAX {
        found.add(path, format!("{chars} characters, at most {TEXT_CHARS_MAX} are allowed; shorten it"));
    } else if text.chars().any(char::is_control) {
        found.add(path, "the text has a line break or another control character; write it in one line");
    } else if let Some((index, hidden)) = text.chars().enumerate().find(|(_, letter)| is_hidden(*letter)) {
        found.add(
            path,
            format!(
                "the text has the invisible character U+{:04X} ({}) as character {}; type the text again without it",
                u32::from(hidden),
                hidden_name(hidden),
                index + 1
            ),
        );
    }
}

/// Characters that cannot be seen, or that change the direction of the text after them. With them two names
/// that look the same differ, and one name can look like another (Unicode Technical Report 36, §2.10).
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn hidden_name(letter: char) -> &'static str {
    match letter {
        '\u{200b}'..='\u{200d}' => "it has no width",
        '\u{feff}' => "a byte order mark",
        _ => "it changes the direction of the text",
    }
}
