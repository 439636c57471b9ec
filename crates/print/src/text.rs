//! Text in the letters of the fonts, broken into lines.

use crate::font::Font;

/// A text in Windows-1252. What it has no letter for becomes a question mark.
pub(crate) fn encoded(text: &str) -> Vec<u8> {
    text.chars().map(letter).collect()
}

/// The letters of Windows-1252 from 0x80 on that are not those of Latin-1; `\0` where it has none.
const ABOVE_ASCII: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn letter(of: char) -> u8 {
    match of {
        '\n' => b'\n',
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(u32::from(of)).unwrap_or(b'?'),
        // The fonts have no minus, and no narrow spaces.
        '−' => 0x96,
        '\u{2007}' | '\u{2009}' | '\u{202f}' => 0xa0,
        _ if of.is_control() || of.is_whitespace() => b' ',
        _ => {
            let index = ABOVE_ASCII.iter().position(|other| *other == of);
            index.and_then(|index| u8::try_from(index + 0x80).ok()).unwrap_or(b'?')
        }
    }
}

/// Its lines in a width, both in points. A word that is wider is broken.
pub(crate) fn lines(text: &str, font: Font, size: f32, width: f32) -> Vec<Vec<u8>> {
    let most = (width / size * 1000.0) as u32;
    encoded(text).split(|letter| *letter == b'\n').flat_map(|line| wrapped(line, font, most)).collect()
}

fn wrapped(text: &[u8], font: Font, most: u32) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let (mut line, mut width) = (Vec::new(), 0);
    let space = font.width(b" ");
    let words = text.split(|letter| *letter == b' ').filter(|word| !word.is_empty());
    for piece in words.flat_map(|word| pieces(word, font, most)) {
        let wide = font.width(piece);
        if line.is_empty() {
            width = wide;
        } else if width + space + wide > most {
            lines.push(std::mem::take(&mut line));
            width = wide;
        } else {
            line.push(b' ');
            width += space + wide;
        }
        line.extend_from_slice(piece);
    }
    lines.push(line);
    lines
}

/// A word, in parts that fit a line.
fn pieces(mut word: &[u8], font: Font, most: u32) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while word.len() > 1 && font.width(word) > most {
        let fits = (1..word.len()).take_while(|length| font.width(&word[..*length]) <= most).last();
        let (piece, rest) = word.split_at(fits.unwrap_or(1));
        pieces.push(piece);
        word = rest;
    }
    pieces.push(word);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Vec<u8>]) -> Vec<&str> {
        lines.iter().map(|line| std::str::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn letters_are_those_of_windows_1252_and_others_are_question_marks() {
        assert_eq!(encoded("Nuña – “5 €” −1"), b"Nu\xf1a \x96 \x935 \x80\x94 \x961");
        assert_eq!(encoded("ā\t中"), b"? ?");
    }

    #[test]
    fn text_is_broken_between_words_and_at_line_ends() {
        let found = lines("satu dua tiga\nempat", Font::Mono, 10.0, 60.0);
        assert_eq!(texts(&found), ["satu dua", "tiga", "empat"]);
    }

    #[test]
    fn a_word_that_is_wider_than_the_line_is_broken() {
        let found = lines("x 0123456789abcdef", Font::Mono, 10.0, 30.0);
        assert_eq!(texts(&found), ["x", "01234", "56789", "abcde", "f"]);
    }

    #[test]
    fn a_width_of_nothing_still_ends() {
        assert_eq!(lines("abc", Font::Regular, 10.0, 0.0).len(), 3);
    }
}
