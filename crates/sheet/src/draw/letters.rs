//! A plain stroke alphabet, drawn for this project: for what is printed on a sheet and for what is written on
//! it.
//!
//! A glyph is its width and its strokes on a grid: two characters a point, right and down, `0`–`9` then
//! `a`–`g`. A capital stands between rows 0 and c, a small letter between 4 and c. A stroke that begins with
//! `~` is bent smoothly.

use crate::plane::Point;

/// Grid units in the height of a capital.
const CAPITAL: f64 = 12.0;
/// Grid units between two letters.
const GAP: f64 = 3.4;
const SPACE: f64 = 7.0;

const GLYPHS: [(char, u8, &str); 79] = [
    ('A', 8, "0c 40 8c|18 78"),
    ('B', 8, "00 0c|~00 50 73 56 06|~06 56 89 5c 0c"),
    ('C', 8, "~82 50 21 06 2b 5c 8a"),
    ('D', 8, "00 0c|~00 40 83 89 4c 0c"),
    ('E', 7, "70 00 0c 7c|06 56"),
    ('F', 7, "70 00 0c|06 56"),
    ('G', 8, "~82 50 21 06 2b 5c 8a|8a 87 57"),
    ('H', 8, "00 0c|80 8c|06 86"),
    ('I', 1, "00 0c"),
    ('J', 5, "~50 59 3c 0a"),
    ('K', 7, "00 0c|70 06 7c"),
    ('L', 6, "00 0c 6c"),
    ('M', 10, "0c 00 59 a0 ac"),
    ('N', 8, "0c 00 8c 80"),
    ('O', 8, "~40 12 06 1a 4c 7a 86 72 40"),
    ('P', 7, "0c 00|~00 50 73 56 06"),
    ('Q', 8, "~40 12 06 1a 4c 7a 86 72 40|59 8c"),
    ('R', 8, "0c 00|~00 50 73 56 06|46 8c"),
    ('S', 7, "~72 40 12 25 67 7a 4c 0a"),
    ('T', 8, "00 80|40 4c"),
    ('U', 8, "~00 08 2b 4c 6b 88 80"),
    ('V', 8, "00 4c 80"),
    ('W', 12, "00 3c 63 9c c0"),
    ('X', 8, "00 8c|80 0c"),
    ('Y', 8, "00 46 80|46 4c"),
    ('Z', 8, "00 80 0c 8c"),
    ('a', 6, "~66 34 06 0a 3c 6a|64 6c"),
    ('b', 6, "00 0c|~06 34 66 6a 3c 0a"),
    ('c', 6, "~65 34 06 0a 3c 6b"),
    ('d', 6, "60 6c|~66 34 06 0a 3c 6a"),
    ('e', 6, "08 68|~68 66 34 06 0a 3c 6b"),
    ('f', 5, "~50 31 24 2c|04 54"),
    ('g', 6, "~66 34 06 0a 3c 6a|~64 6d 3g 0f"),
    ('h', 6, "00 0c|~06 34 66 6c"),
    ('i', 1, "04 0c|01 02"),
    ('j', 2, "~24 2d 0g|21 22"),
    ('k', 5, "00 0c|54 08 5c"),
    ('l', 1, "00 0c"),
    ('m', 8, "04 0c|~06 24 46 4c|~46 64 86 8c"),
    ('n', 6, "04 0c|~06 34 66 6c"),
    ('o', 6, "~34 06 0a 3c 6a 66 34"),
    ('p', 6, "04 0g|~06 34 66 6a 3c 0a"),
    ('q', 6, "64 6g|~66 34 06 0a 3c 6a"),
    ('r', 4, "04 0c|~07 24 45"),
    ('s', 5, "~55 34 06 38 5a 3c 0b"),
    ('t', 5, "~20 2a 3c 5b|04 54"),
    ('u', 6, "~04 0a 3c 6a|64 6c"),
    ('v', 6, "04 3c 64"),
    ('w', 8, "04 2c 46 6c 84"),
    ('x', 6, "04 6c|64 0c"),
    ('y', 6, "04 3c|64 3c 1g"),
    ('z', 6, "04 64 0c 6c"),
    ('0', 6, "~30 12 06 1a 3c 5a 66 52 30"),
    ('1', 4, "13 30 3c"),
    ('2', 6, "~03 30 63 47 0c|0c 6c"),
    ('3', 6, "~01 30 63 35|~35 69 3c 0b"),
    ('4', 6, "4c 40 08 68"),
    ('5', 6, "60 10 05|~05 34 68 3c 0b"),
    ('6', 6, "~50 23 08 3c 69 36 08"),
    ('7', 6, "00 60 2c"),
    ('8', 6, "~35 12 30 52 35 09 3c 69 35"),
    ('9', 6, "~64 36 03 30 64 59 2c"),
    ('.', 1, "0b 0c"),
    (',', 1, "0b 0d"),
    (':', 1, "05 06|0b 0c"),
    (';', 1, "05 06|0b 0d"),
    ('(', 2, "~20 06 2c"),
    (')', 2, "~00 26 0c"),
    ('/', 5, "50 0c"),
    ('*', 6, "14 58|54 18|33 39"),
    ('+', 6, "07 67|34 3a"),
    ('-', 4, "07 47"),
    ('\'', 1, "00 02"),
    ('\u{2013}', 8, "07 87"),
    ('=', 6, "05 65|09 69"),
    ('?', 6, "~02 10 30 53 35 37 38|3b 3c"),
    ('"', 2, "00 02|20 22"),
    ('&', 8, "~8c 44 22 30 52 33 07 1b 3c 69 77"),
    ('%', 8, "80 0c|~10 01 22 30 10|~7a 6b 8c 8a 7a"),
];

/// One letter of a line: where it begins (in capital heights from the line's beginning) and its strokes.
pub(super) struct Letter {
    pub(super) strokes: Vec<Vec<Point>>,
}

/// The strokes of a line of words, on its base line from 0, 0, a capital being 1 high; and how long the line
/// is. Letters that the alphabet lacks are left out.
pub(super) fn line(text: &str) -> (Vec<Letter>, f64) {
    let mut x = 0.0;
    let mut letters = Vec::new();
    for letter in text.chars() {
        match GLYPHS.iter().find(|(known, ..)| *known == letter) {
            Some((_, width, strokes)) => {
                letters.push(Letter { strokes: strokes.split('|').map(|s| stroke(s, x)).collect() });
                x += f64::from(*width) + GAP;
            }
            None if letter == ' ' => x += SPACE,
            None => {}
        }
    }
    (letters, ((x - GAP).max(0.0)) / CAPITAL)
}

/// How long a line of words is, a capital being 1 high.
pub(crate) fn length(text: &str) -> f64 {
    let step = |letter: char| match GLYPHS.iter().find(|(known, ..)| *known == letter) {
        Some((_, width, _)) => f64::from(*width) + GAP,
        None if letter == ' ' => SPACE,
        None => 0.0,
    };
    (text.chars().map(step).sum::<f64>() - GAP).max(0.0) / CAPITAL
}

fn stroke(points: &str, x: f64) -> Vec<Point> {
    let (bent, points) = points.strip_prefix('~').map_or((false, points), |points| (true, points));
    let at = |c: char| f64::from(c.to_digit(36).unwrap_or(0));
    let points: Vec<Point> = points
        .split(' ')
        .filter_map(|pair| {
            let mut pair = pair.chars();
            Some(Point::new((x + at(pair.next()?)) / CAPITAL, (at(pair.next()?) - CAPITAL) / CAPITAL))
        })
        .collect();
    if bent { smooth(&points, 4) } else { points }
}

/// A smooth line through all points (Catmull and Rom), `steps` pieces between two of them.
pub(super) fn smooth(points: &[Point], steps: usize) -> Vec<Point> {
    let last = points.len().saturating_sub(1);
    let at = |i: usize| points[i.min(last)];
    let mut line = Vec::with_capacity(points.len() * steps + 1);
    for i in 0..last {
        let (before, a, b, after) = (at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2));
        for step in 0..steps {
            let t = step as f64 / steps as f64;
            let bend = |before: f64, a: f64, b: f64, after: f64| {
                a + 0.5
                    * t
                    * (b - before
                        + t * (2.0 * before - 5.0 * a + 4.0 * b - after
                            + t * (3.0 * (a - b) + after - before)))
            };
            line.push(Point::new(bend(before.x, a.x, b.x, after.x), bend(before.y, a.y, b.y, after.y)));
        }
    }
    line.extend(points.last());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_long_as_its_letters_reach() {
        let text = "NAMA DAN TANDA TANGAN \u{2013} 12";
        assert!((length(text) - line(text).1).abs() < 1e-9);
    }

    #[test]
    fn every_glyph_has_strokes_of_two_points_within_its_width() {
        for (letter, width, strokes) in GLYPHS {
            for points in strokes.split('|').map(|s| stroke(s, 0.0)) {
                assert!(points.len() >= 2, "{letter}");
                let widest = points.iter().map(|p| p.x * CAPITAL).fold(0.0, f64::max);
                assert!(widest <= f64::from(width) + 0.8, "{letter} is {widest} wide");
            }
        }
    }
}
