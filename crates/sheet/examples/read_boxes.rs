//! Reads pictures of digit boxes in folders named by label, and prints how many were spoken of, wrong and
//! silent: `cargo run --release -p saksi-sheet --example read_boxes -- FOLDER`. Labels are `0` to `9`, `x`,
//! `dash` and `empty`; in a folder with another name every box that is spoken of is wrong.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use sheet::{BoxSign, Picture, read_box};

#[derive(Default)]
struct Count {
    boxes: usize,
    spoken: usize,
    wrong: usize,
    unreadable: usize,
    read_as: BTreeMap<String, usize>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    println!("{:>8} {:>7} {:>7} {:>6} {:>7}", "label", "boxes", "spoken", "wrong", "silent");
    let mut all = Count::default();
    for label in sorted(&folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = label.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let count = read_folder(&label, &name)?;
        print(&name, &count);
        all.boxes += count.boxes;
        all.spoken += count.spoken;
        all.wrong += count.wrong;
        all.unreadable += count.unreadable;
    }
    print("all", &all);
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "spoken of {:.2} % of {} boxes; wrong {:.3} % of those spoken of; {} files are no pictures",
        percent(all.spoken, all.boxes),
        all.boxes,
        percent(all.wrong, all.spoken),
        all.unreadable
    );
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn read_folder(folder: &Path, label: &str) -> Result<Count, Box<dyn Error>> {
    let right = meaning(label);
    let mut count = Count::default();
    for file in sorted(folder)?.into_iter().filter(|path| path.is_file()) {
        let picture = Picture::open(&std::fs::read(&file)?).ok().and_then(|picture| picture.gray());
        let Some(picture) = picture else {
            count.unreadable += 1;
            continue;
        };
        count.boxes += 1;
        if let Some(sign) = read_box(&picture).sure() {
            count.spoken += 1;
            if Some(sign) != right {
                count.wrong += 1;
                *count.read_as.entry(name_of(sign)).or_default() += 1;
            }
        }
    }
    Ok(count)
}

fn meaning(label: &str) -> Option<BoxSign> {
    match label.to_lowercase().as_str() {
        "x" | "×" | "cross" | "crossed" | "silang" => Some(BoxSign::Crossed),
        "-" | "–" | "dash" | "dashed" | "strip" => Some(BoxSign::Dashed),
        "empty" | "blank" | "kosong" => Some(BoxSign::Empty),
        digit => digit.parse().ok().filter(|digit| *digit < 10).map(BoxSign::Digit),
    }
}

fn name_of(sign: BoxSign) -> String {
    match sign {
        BoxSign::Digit(digit) => digit.to_string(),
        BoxSign::Crossed => "x".into(),
        BoxSign::Dashed => "dash".into(),
        BoxSign::Empty => "empty".into(),
    }
}

fn print(label: &str, count: &Count) {
    let silent = count.boxes - count.spoken;
    let read_as: Vec<String> =
        count.read_as.iter().map(|(sign, times)| format!("{sign} {times} times")).collect();
    let wrong = if read_as.is_empty() { String::new() } else { format!("   read as {}", read_as.join(", ")) };
    println!("{label:>8} {:>7} {:>7} {:>6} {silent:>7}{wrong}", count.boxes, count.spoken, count.wrong);
}
