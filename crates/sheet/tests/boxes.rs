//! Real digit boxes, where the machine has them: photographs of boxes on the papers of 2024.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sheet::{BoxSign, Gray, Picture, SURE, read_box};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Share of the boxes of each label that training never saw: the last ones, which are of other stations.
const ASIDE: f64 = 0.25;

/// The files of a tape archive: name and content.
fn files(tar: &[u8]) -> Vec<(String, &[u8])> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_matches(['\0', ' ']).to_owned();
    let (mut files, mut at) = (Vec::new(), 0);
    while tar.len() > at + 512 && tar[at] != 0 {
        let header = &tar[at..at + 512];
        let length = usize::from_str_radix(&text(&header[124..136]), 8).unwrap();
        if header[156] == b'0' {
            files.push((text(&header[..100]), &tar[at + 512..at + 512 + length]));
        }
        at += 512 + length.div_ceil(512) * 512;
    }
    files
}

/// What is written in a box: its folder, but for zeros and crosses, which are mixed there, and for labels
/// that are wrong. `None` for boxes of which a person is not sure.
fn meaning(label: u8, name: &str, sorted: &Value, wrong: &Value) -> Option<BoxSign> {
    let said = wrong.get(name).or(sorted.get(name).filter(|_| label == 0));
    let class = said.map_or(if label == 0 { Some(10) } else { Some(u64::from(label)) }, Value::as_u64)?;
    match class {
        digit @ 0..10 => Some(BoxSign::Digit(digit as u8)),
        10 => Some(BoxSign::Crossed),
        11 => Some(BoxSign::Dashed),
        12 => Some(BoxSign::Empty),
        _ => None,
    }
}

#[derive(Default, Clone, Copy)]
struct Count {
    boxes: usize,
    spoken: usize,
    wrong: usize,
}

#[test]
fn real_boxes_that_training_never_saw_are_read_right_or_not_spoken_of() {
    let path = folder().join("../../../shared/data/digits/digit_boxes_2024.tar");
    let Ok(tar) = std::fs::read(&path) else {
        eprintln!("{} is absent: not looked at", path.display());
        return;
    };
    let list = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder().join("training").join(name)).unwrap()).unwrap()
    };
    let (sorted, wrong) = (list("sorted_zeros.json"), list("wrong_labels.json"));
    let mut by_label: BTreeMap<u8, Vec<(String, &[u8])>> = BTreeMap::new();
    for (name, bytes) in files(&tar) {
        let mut parts = name.trim_end_matches(".jpg").rsplit('/');
        let (name, label) = (parts.next().unwrap().to_owned(), parts.next().unwrap().parse().unwrap());
        by_label.entry(label).or_default().push((name, bytes));
    }
    let mut counts: BTreeMap<BoxSign, Count> = BTreeMap::new();
    for (label, mut boxes) in by_label {
        boxes.sort();
        let kept_aside = (boxes.len() as f64 * (1.0 - ASIDE)).ceil() as usize;
        for (name, bytes) in &boxes[kept_aside..] {
            let Some(written) = meaning(label, name, &sorted, &wrong) else { continue };
            let count = counts.entry(written).or_default();
            count.boxes += 1;
            if let Some(read) = read_box(&gray(bytes)).sure() {
                count.spoken += 1;
                if read != written {
                    count.wrong += 1;
                    eprintln!("{name} is {written:?}, read as {read:?}");
                }
            }
        }
    }
    eprintln!("sure from {SURE}: sign, boxes, spoken of, wrong");
    for (sign, count) in &counts {
        eprintln!("{sign:?} {} {} {}", count.boxes, count.spoken, count.wrong);
    }
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum::<usize>();
    let (boxes, spoken, wrong) = (sum(|c| c.boxes), sum(|c| c.spoken), sum(|c| c.wrong));
    eprintln!("all {boxes} {spoken} {wrong}");
    assert!(spoken * 100 >= boxes * 85 && wrong * 1000 <= spoken, "{boxes} {spoken} {wrong}");
}

fn gray(bytes: &[u8]) -> Gray {
    Picture::open(bytes).unwrap().gray().unwrap()
}

#[test]
fn a_picture_of_nothing_is_an_empty_box_or_none() {
    for (width, height) in [(1, 1), (3, 200), (32, 32), (40, 48)] {
        let blank = Gray::new(width, height, vec![200; width * height]).unwrap();
        assert!(matches!(read_box(&blank).sure(), None | Some(BoxSign::Empty)), "{width} × {height}");
    }
}
