//! The sheets on paper: the PDF is rendered by PDFium, photographed by the camera of the practice sheets,
//! recognised, and read back to the truth. PDFium comes in a package of PyPI, into a virtual environment in
//! the target folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use practice::{PagesError, PaperSize, PracticeSheet, SheetPages, TrapKind};
use sheet::draw::{Distortion, Drawing, Shape, Shot, mark_as_practice, photograph, print_page};
use sheet::{CONFIDENT, Gray, PageMatch, look};
use tally::{Field, Paper};

use crate::{papers, trainees};

/// Pixels of a leaf's width: as many as its photo has.
const LEAF_PX: f64 = 1_200.0;

const RENDERER: &str = "pypdfium2==5.15.2";

/// Writes each leaf: width and height in points and in pixels, as text in one line, then the pixels in grey.
const SCRIPT: &str = r#"
import sys
import pypdfium2

file = pypdfium2.PdfDocument(sys.argv[1])
out = sys.stdout.buffer
for page in file:
    points = page.get_size()
    bitmap = page.render(scale=float(sys.argv[2]) / points[0], grayscale=True)
    rows, stride = bytes(bitmap.buffer), bitmap.stride
    out.write(f"{points[0]} {points[1]} {bitmap.width} {bitmap.height}\n".encode())
    for row in range(bitmap.height):
        out.write(rows[row * stride:row * stride + bitmap.width])
"#;

/// The leaves of a file in grey, with their size in millimetres.
fn rendered(pdf: &[u8]) -> Vec<(Gray, [f64; 2])> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheets.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output =
        Command::new(python()).args(["-c", SCRIPT]).arg(&file).arg(LEAF_PX.to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut leaves, mut rest) = (Vec::new(), &output.stdout[..]);
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let sizes = std::str::from_utf8(&rest[..end]).unwrap();
        let sizes: Vec<f64> = sizes.split(' ').map(|size| size.parse().unwrap()).collect();
        let (width, height) = (sizes[2] as usize, sizes[3] as usize);
        let pixels = &rest[end + 1..end + 1 + width * height];
        let gray = Gray::new(width, height, pixels.to_vec()).unwrap();
        leaves.push((gray, [sizes[0], sizes[1]].map(|points| points * 25.4 / 72.0)));
        rest = &rest[end + 1 + width * height..];
    }
    leaves
}

/// The interpreter of a virtual environment with the renderer, which is made when it is not there. Tests run
/// at the same time: each makes its own, and the first one that is whole stays.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let environment = target.join("pdfium-venv");
    let inside = |environment: &Path| {
        environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
    };
    if !inside(&environment).exists() {
        let mine = target.join(format!("pdfium-venv-{}", std::process::id()));
        let system = if cfg!(windows) { "python" } else { "python3" };
        run(Command::new(system).args(["-m", "venv"]).arg(&mine));
        run(Command::new(inside(&mine)).args(["-m", "pip", "install", "--quiet", RENDERER]));
        if std::fs::rename(&mine, &environment).is_err() {
            std::fs::remove_dir_all(&mine).unwrap();
        }
    }
    inside(&environment)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn photo(leaf: &Gray, mm: [f64; 2], seed: u64) -> Vec<u8> {
    // The paper's waves are smaller on a smaller sheet.
    let shot = Shot { wave_mm: 0.2, ..Distortion::Plain.shot(seed) };
    let gray = photograph(leaf, mm, &shot).unwrap();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 80)
        .write_image(gray.pixels(), gray.width() as u32, gray.height() as u32, ExtendedColorType::L8)
        .unwrap();
    jpeg
}

/// The presidential paper, whose votes have bubbles.
fn presidential() -> Paper {
    papers::all().remove(0).1
}

fn sheets(paper: &Paper, traps: &[TrapKind]) -> Vec<PracticeSheet> {
    vec![trainees::sheet(paper, 4, traps)]
}

#[test]
fn a_printed_sheet_is_recognised_and_read_back_to_the_truth() {
    let paper = presidential();
    let pages = SheetPages::of(&paper).unwrap();
    let sheets = sheets(&paper, &[TrapKind::CrossedBoxes]);
    let leaves = rendered(&pages.pdf(&sheets, PaperSize::A3).unwrap());
    assert_eq!(leaves.len(), 3);
    let mut read: BTreeMap<String, String> = BTreeMap::new();
    for (page, (leaf, mm)) in (1..).zip(leaves) {
        let seen = look(&photo(&leaf, mm, u64::from(page)), pages.form(), page).unwrap();
        assert_eq!(seen.page, PageMatch::Expected, "page {page}");
        assert!(seen.quality.is_good(), "page {page}: {:?}", seen.quality);
        for reading in &seen.readings {
            assert!(reading.digits.iter().all(|digit| digit.confidence >= CONFIDENT), "{}", reading.field);
            let digits = reading.digits.iter().filter_map(|digit| digit.digit);
            read.insert(reading.field.clone(), digits.map(|digit| digit.to_string()).collect());
        }
    }
    let truth = |field: &Field| sheets[0].says().number(&field.code).map(|number| number.to_string());
    for field in paper.fields() {
        let read = read.get(&field.code.to_string());
        // The votes have bubbles; of handwriting alone a reading may be silent.
        assert!(read.is_some() || field.candidate().is_none(), "{} is not read", field.code);
        assert!(read.is_none() || read == truth(field).as_ref(), "{}: {read:?}", field.code);
    }
}

#[test]
fn a_leaf_of_a_party_is_recognised_by_its_page_also_on_small_paper() {
    let paper = papers::all().into_iter().find(|(name, _)| name == "c-hasil-dpr-2024").unwrap().1;
    let pages = SheetPages::of(&paper).unwrap();
    let sheets = sheets(&paper, &[TrapKind::MissingPage, TrapKind::UnclearDigit, TrapKind::Correction]);
    let leaves = rendered(&pages.pdf(&sheets, PaperSize::A4).unwrap());
    let there: Vec<u8> = paper.pages().iter().map(|page| page.number).collect();
    let there: Vec<u8> = there.into_iter().filter(|page| !sheets[0].missing_pages().contains(page)).collect();
    assert_eq!((leaves.len(), there.len()), (paper.pages().len() - 1, paper.pages().len() - 1));
    for (page, (leaf, mm)) in there.iter().zip(&leaves).skip(1).take(2) {
        assert!((mm[0] - 210.0).abs() < 0.5 && (mm[1] - 297.0).abs() < 0.5);
        let seen = look(&photo(leaf, *mm, u64::from(*page)), pages.form(), *page).unwrap();
        assert_eq!(seen.page, PageMatch::Expected, "page {page}");
    }
}

#[test]
fn the_photo_that_the_app_takes_is_dark_once_where_that_is_the_trap() {
    let paper = presidential();
    let pages = SheetPages::of(&paper).unwrap();
    let sheet = trainees::sheet(&paper, 4, &[TrapKind::DarkPhoto]);
    let page = sheet.trapped()[0].page.unwrap();
    let issues = |take| {
        let (width, height, rgb) = pages.photo(&sheet, page, take).unwrap();
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 80)
            .write_image(&rgb, width as u32, height as u32, ExtendedColorType::Rgb8)
            .unwrap();
        look(&jpeg, pages.form(), page)
            .unwrap()
            .quality
            .issues()
            .iter()
            .map(|issue| issue.code())
            .collect::<Vec<_>>()
    };
    assert!(issues(0).contains(&"too_dark"), "{:?}", issues(0));
    assert_eq!(issues(1), Vec::<&str>::new());
}

#[test]
fn the_mark_of_practice_is_on_every_page_and_covers_nothing_of_the_form() {
    for (name, paper) in papers::all() {
        let form = paper_layout::drawing(&paper).unwrap().unwrap();
        let mut mark = Drawing::default();
        mark_as_practice(&mut mark, &form, None);
        mark_as_practice(&mut mark, &form, Some("12-300"));
        assert!(mark.shapes.len() > 200, "{name}: the words are there");
        let frame = form.frame();
        for shape in &mark.shapes {
            let Shape::Stroke { a, b, pen_mm, .. } = shape else { unreachable!("the mark has strokes only") };
            for point in [a, b] {
                // Inside of the corner marks is the form; a little around them is left white.
                let clear = 2.0 + pen_mm / 2.0;
                let outside = point.x < frame.x - clear
                    || point.x > frame.x + frame.width + clear
                    || point.y < frame.y - clear
                    || point.y > frame.y + frame.height + clear;
                assert!(outside, "{name}: {point:?}");
                let [width, height] = form.paper_mm;
                assert!((0.0..=width).contains(&point.x) && (0.0..=height).contains(&point.y), "{name}");
            }
        }
        let mut print = Drawing::default();
        print_page(&mut print, &form, &form.pages[0]);
        assert!(print.shapes.len() > 500, "{name}");
    }
}

#[test]
fn the_same_sheets_give_the_same_file_and_copies_share_the_print() {
    let paper = presidential();
    let pages = SheetPages::of(&paper).unwrap();
    let one = sheets(&paper, &[]);
    let pdf = pages.pdf(&one, PaperSize::A4).unwrap();
    assert_eq!(pdf, pages.pdf(&one, PaperSize::A4).unwrap());
    assert!(pdf.starts_with(b"%PDF-"));
    let ten = pages.pdf(&vec![one[0].clone(); 10], PaperSize::A4).unwrap();
    assert!(ten.len() < pdf.len() * 7, "{} bytes for one sheet, {} for ten", pdf.len(), ten.len());
    let crowd = pages.pdf(&vec![one[0].clone(); 300], PaperSize::A4);
    assert!(matches!(crowd, Err(PagesError::TooMany { pages: 900 })));
}

#[test]
fn a_paper_without_positions_is_not_drawn() {
    let election = papers::elections().remove(0);
    let form = include_str!("../../../../assets/forms/c1-ppwp-2019.json");
    let mut package: serde_json::Value =
        serde_json::from_str(include_str!("../../../../assets/elections/demo.json")).unwrap();
    let mut form: serde_json::Value = serde_json::from_str(form).unwrap();
    form["id"] = "c1-elsewhere".into();
    package["forms"] = serde_json::json!([form]);
    package["contests"][0]["form"] = "c1-elsewhere".into();
    let other = tally::Election::from_json(&package.to_string()).unwrap();
    let paper = other.paper(&election.contests[0].id).unwrap();
    assert!(matches!(SheetPages::of(&paper), Err(PagesError::NoPositions)));
}

#[test]
fn paper_is_as_large_as_its_boxes_need() {
    let sizes: BTreeMap<String, PaperSize> = papers::all()
        .into_iter()
        .map(|(name, paper)| (name, SheetPages::of(&paper).unwrap().paper_size()))
        .collect();
    assert_eq!(sizes["c-hasil-ppwp-2024"], PaperSize::A4);
}
