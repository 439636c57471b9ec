//! How long a photo takes, and how much memory, beside libvips doing the same in the same run; then what
//! looking at it costs, and how far its derivative can shrink before the second reading is lost. `cargo xtask
//! bench sheet`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::error::Error;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use sheet::draw::{BoxMark, Distortion, FilledField, Shot, blank_page, fill_page};
use sheet::{DERIVATIVE_EDGE_PX, FormGeometry, PageGeometry, ingest, ingest_and_look, layout, look};

#[path = "../tests/papers/mod.rs"]
mod papers;

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 7;
const PAGE: u8 = 2;
const COPY_PAGE: u8 = 1;
const VOTES: [u32; 3] = [123, 274, 32];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        // The measured program: ingests one photo in its own process, as a phone does.
        Some("once") => {
            let photo = arguments.next().ok_or("which photo?")?;
            let intake = ingest(&std::fs::read(photo)?)?;
            println!("{} {}", intake.derivative.bytes.len(), peak_kib()?);
            Ok(())
        }
        // The same, and everything after it: page, quality, handwriting.
        Some("looked") => {
            let photo = arguments.next().ok_or("which photo?")?;
            ingest_and_look(&std::fs::read(photo)?, copy()?, COPY_PAGE)?;
            println!("{}", peak_kib()?);
            Ok(())
        }
        Some(other) => Err(format!("{other} is not known").into()),
        None => measure(),
    }
}

fn measure() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("saksi-bench-sheet-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let drawn = folder.join("sheet.jpg");
    std::fs::write(&drawn, drawn_photo()?)?;
    let mut photos = vec![("drawn sheet, 3,000 × 4,000", drawn)];
    let real =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/photos/pilpres-2024-hal2.jpg");
    if real.is_file() {
        photos.push(("a phone's photo, 3,024 × 4,032", real));
    }
    println!(
        "A photo of 12 megapixels to the picture that is sent (long edge {DERIVATIVE_EDGE_PX}), one core, a process each:"
    );
    for (name, photo) in &photos {
        intake(name, photo, &folder)?;
    }
    println!("\nLooking at the picture that is sent: page, quality, second reading:");
    for (name, photo) in &photos {
        looking(name, &std::fs::read(photo)?, form()?, PAGE)?;
    }
    copy_of_witnesses(&folder)?;
    println!("\nThe same page of our own drawing, alone and among 26, and an unknown page:");
    among_many()?;
    println!("\nThe smallest JPEG of it in which all three figures are still read for certain:");
    for (name, photo) in &photos {
        smallest(name, photo)?;
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

fn intake(name: &str, photo: &Path, folder: &Path) -> Outcome<()> {
    let program = std::env::current_exe()?;
    let (mut ours, mut said) = (Vec::new(), String::new());
    let mut theirs = Vec::new();
    let vips = vipsthumbnail();
    for _ in 0..ROUNDS {
        let (took, output) = timed(pinned(&program).arg("once").arg(photo))?;
        ours.push(took);
        said = output;
        if vips {
            let thumbnail = folder.join("thumbnail.jpg");
            let size = format!("{DERIVATIVE_EDGE_PX}x{DERIVATIVE_EDGE_PX}>");
            let mut command = pinned(Path::new("vipsthumbnail"));
            command.env("VIPS_CONCURRENCY", "1").arg(photo).args(["--size", &size, "-o"]);
            command.arg(format!("{}[Q=72,strip]", thumbnail.display()));
            theirs.push(timed(&mut command)?.0);
        }
    }
    let (bytes, kib) = said.trim().split_once(' ').ok_or("the measured program said nothing")?;
    let (bytes, peak): (usize, u64) = (bytes.parse()?, kib.parse()?);
    let ours = median(ours);
    print!(
        "  {name:<32}{:>7.0} ms, both hashes included, peak {:>5.1} MiB, {:>4} KB",
        ms(ours),
        peak as f64 / 1024.0,
        bytes / 1000
    );
    if vips {
        let theirs = median(theirs);
        println!("; vipsthumbnail {:.0} ms: ratio {:.2} (goal 0.60)", ms(theirs), ms(ours) / ms(theirs));
    } else {
        println!("; vipsthumbnail is not installed, so there is no ratio");
    }
    Ok(())
}

fn looking(name: &str, photo: &[u8], form: &FormGeometry, page: u8) -> Outcome<()> {
    let derivative = ingest(photo)?.derivative.bytes;
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        look(&derivative, form, page)?;
        took.push(begun.elapsed());
    }
    println!("  {name:<32}{:>7.0} ms (goal 350)", ms(median(took)));
    Ok(())
}

/// The copy that witnesses hold: no tag, and handwriting in the boxes of 22 figures.
fn copy_of_witnesses(folder: &Path) -> Outcome<()> {
    let form = copy()?;
    let photo = photo_of(form, form.page(COPY_PAGE).ok_or("page 1")?)?;
    looking("a copy without a tag, handwritten", &photo, form, COPY_PAGE)?;
    let path = folder.join("copy.jpg");
    std::fs::write(&path, photo)?;
    let peak: u64 = timed(pinned(&std::env::current_exe()?).arg("looked").arg(path))?.1.trim().parse()?;
    let weights = include_bytes!("../../../assets/digit-boxes.onnx").len();
    println!(
        "  the whole photo of it: peak {:.1} MiB (goal 96); the network has {} KB",
        peak as f64 / 1024.0,
        weights / 1000
    );
    Ok(())
}

/// Finding a page must not take longer the more pages there are.
fn among_many() -> Outcome<()> {
    let own = papers::all().into_iter().find(|(name, _)| *name == "dprd-prov").ok_or("the paper")?.1;
    let many = layout::drawing(&own)?;
    let page = many.page(12).ok_or("page 12")?;
    let photo = photo_of(&many, page)?;
    let alone = FormGeometry { pages: vec![page.clone()], ..many.clone() };
    let others = FormGeometry {
        pages: many.pages.iter().filter(|other| other.number != page.number).cloned().collect(),
        ..many.clone()
    };
    looking("alone", &photo, &alone, page.number)?;
    looking("among 26", &photo, &many, page.number)?;
    looking("unknown, 25 others", &photo, &others, page.number)
}

fn smallest(name: &str, photo: &Path) -> Outcome<()> {
    let form = form()?;
    let sent = ingest(&std::fs::read(photo)?)?.derivative.bytes;
    let picture = image::load_from_memory(&sent)?.into_rgb8();
    let mut least = None;
    for quality in (5..=70).rev().step_by(5) {
        let mut jpeg = Cursor::new(Vec::new());
        JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(&picture)?;
        let jpeg = jpeg.into_inner();
        let read = look(&jpeg, form, PAGE)?.readings;
        let whole = read.len() == VOTES.len()
            && read.iter().zip(VOTES).all(|(one, votes)| one.is_confident() && one.value == Some(votes));
        if !whole {
            break;
        }
        least = Some((jpeg.len(), quality));
    }
    match least {
        Some((bytes, quality)) => {
            println!(
                "  {name:<32}{:>7} KB at quality {quality} (goal 120 KB; sent: {} KB)",
                bytes / 1000,
                sent.len() / 1000
            );
        }
        None => println!("  {name:<32}    not even at quality 70"),
    }
    Ok(())
}

fn form() -> Outcome<&'static FormGeometry> {
    Ok(FormGeometry::known("c-hasil-ppwp-2024").ok_or("the form's geometry")?)
}

fn copy() -> Outcome<&'static FormGeometry> {
    Ok(FormGeometry::known("c-hasil-salinan-ppwp-2024").ok_or("the copy's geometry")?)
}

fn drawn_photo() -> Outcome<Vec<u8>> {
    let form = form()?;
    photo_of(form, form.page(PAGE).ok_or("page 2")?)
}

fn photo_of(form: &FormGeometry, page: &PageGeometry) -> Outcome<Vec<u8>> {
    let filled: Vec<FilledField> = page
        .fields
        .iter()
        .zip(VOTES.into_iter().cycle())
        .map(|(field, votes)| {
            FilledField::number(&field.code, votes, field.boxes.len(), BoxMark::Cross).tallied(votes)
        })
        .collect();
    let shot = Shot { width_px: 3_000, height_px: 4_000, ..Distortion::Plain.shot(1) };
    let drawn = fill_page(&blank_page(form, page, 4_050.0 / form.paper_mm[1]), page, &filled, 1);
    let rgb = drawn.photographed(form.paper_mm, &shot).ok_or("the sheet is out of sight")?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 92).write_image(&rgb, 3_000, 4_000, ExtendedColorType::Rgb8)?;
    Ok(jpeg)
}

fn vipsthumbnail() -> bool {
    Command::new("vipsthumbnail").arg("--version").output().is_ok()
}

/// A command on one core, where the machine can do that.
fn pinned(program: &Path) -> Command {
    if Command::new("taskset").arg("--version").output().is_ok() {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn timed(command: &mut Command) -> Outcome<(Duration, String)> {
    let begun = Instant::now();
    let output = command.output()?;
    let took = begun.elapsed();
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok((took, String::from_utf8(output.stdout)?))
}

/// Peak memory of this process, in KiB.
fn peak_kib() -> Outcome<u64> {
    let status = std::fs::read_to_string(PathBuf::from("/proc/self/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
