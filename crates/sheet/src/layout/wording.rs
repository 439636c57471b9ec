//! Fits words into a width.

use crate::draw::length;

/// Maximum letters of a text; a package could name a candidate at any length.
const LETTERS_MAX: usize = 240;
/// The smallest size, as a share of the wanted one. What does not fit then is cut off.
const SHRUNK_TO: f64 = 0.6;

/// Words in lines.
pub(super) struct Fitted {
    pub(super) size_mm: f64,
    pub(super) lines: Vec<String>,
}

/// The words in at most `lines_max` lines of `width_mm`: at `size_mm` if they fit, else smaller.
pub(super) fn fitted(text: &str, width_mm: f64, size_mm: f64, lines_max: usize) -> Fitted {
    let text: String = text.chars().take(LETTERS_MAX).collect();
    let mut size = size_mm;
    loop {
        let width = width_mm / size;
        let mut lines = wrapped(&text, width);
        let fits = lines.len() <= lines_max && lines.iter().all(|line| length(line) <= width);
        if fits || size <= size_mm * SHRUNK_TO {
            lines.truncate(lines_max);
            for line in &mut lines {
                cut(line, width);
            }
            return Fitted { size_mm: size, lines };
        }
        size *= 0.95;
    }
}

fn wrapped(text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if length(line) + length(" ") + length(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn cut(line: &mut String, width: f64) {
    while length(line) > width && line.pop().is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_then_made_smaller_then_cut() {
        let lines = |text: &str, lines_max| fitted(text, 60.0, 3.0, lines_max);
        assert_eq!(lines("Jumlah surat suara yang digunakan", 2).lines.len(), 2);
        let small = lines("Jumlah surat suara yang digunakan", 1);
        assert!(small.lines.len() == 1 && small.size_mm < 3.0);
        let cut = lines(&"W".repeat(500), 1);
        assert!(cut.lines[0].len() < 100 && length(&cut.lines[0]) * cut.size_mm <= 60.0);
    }
}
