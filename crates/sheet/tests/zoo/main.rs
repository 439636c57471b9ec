//! Files of every kind: each gives a right result or a clear error, none a panic, and none more memory than
//! is stated.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails right there")]

mod entry;

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use peak_alloc::PeakAlloc;
use sheet::draw::SeededRng;
use sheet::{DECODE_BYTES_MAX, Picture, PictureError, ingest};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What is stated: the pixels that decoding may hold, and for everything else 64 MiB.
const BYTES_ALLOWED: u64 = DECODE_BYTES_MAX + 64 * 1024 * 1024;

fn colours() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| image::Rgb([200 + (x / 4) as u8, 180, 255 - (y * 3) as u8]))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg_of(pixels: &[u8], colour: ColorType, change: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    change(&mut encoder);
    encoder.encode(pixels, 64, 48, colour).unwrap();
    bytes
}

/// How bright the derivative is in its middle, of 255.
fn middle(bytes: &[u8]) -> u8 {
    let derivative = ingest(bytes).unwrap().derivative;
    let gray = Picture::open(&derivative.bytes).unwrap().gray().unwrap();
    gray.pixels()[gray.width() * (gray.height() / 2) + gray.width() / 2]
}

#[test]
fn pictures_of_every_kind_of_pixel_come_out_right() {
    let rgb = DynamicImage::from(colours());
    let plain = middle(&encoded(&rgb, ImageFormat::Png));
    let near = |bytes: &[u8]| assert!(middle(bytes).abs_diff(plain) <= 6, "{} for {plain}", middle(bytes));
    near(&encoded(&rgb, ImageFormat::Jpeg));
    near(&encoded(&DynamicImage::from(rgb.to_rgb16()), ImageFormat::Png));
    near(&encoded(&DynamicImage::from(rgb.to_rgba8()), ImageFormat::Png));
    near(&encoded(&DynamicImage::from(rgb.to_luma8()), ImageFormat::Png));
    near(&encoded(&DynamicImage::from(rgb.to_luma_alpha16()), ImageFormat::Png));
    near(&encoded(&DynamicImage::from(rgb.to_luma8()), ImageFormat::Jpeg));
    near(&jpeg_of(colours().as_raw(), ColorType::Rgb, |encoder| encoder.set_progressive(true)));
}

#[test]
fn cmyk_is_shown_as_it_would_be_printed_or_refused_and_never_turned_into_its_negative() {
    let white: Vec<u8> = vec![0; 64 * 48 * 4];
    for colour in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        match ingest(&jpeg_of(&white, colour, |_| {})) {
            Ok(_) => assert!(middle(&jpeg_of(&white, colour, |_| {})) > 240, "{colour:?}"),
            Err(error) => assert!(matches!(error, PictureError::Damaged(_)), "{colour:?}: {error}"),
        }
    }
}

#[test]
fn a_jpeg_whose_colours_come_one_after_the_other_is_refused_and_not_read_wrongly() {
    let scans = jpeg_of(colours().as_raw(), ColorType::Rgb, |encoder| {
        encoder.set_optimized_huffman_tables(true);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    });
    assert!(matches!(ingest(&scans), Err(PictureError::Damaged(_))));
}

#[test]
fn an_animation_gives_its_first_picture() {
    let still = encoded(&DynamicImage::from(colours()), ImageFormat::Png);
    let mut control = b"acTL".to_vec();
    control.extend([0, 0, 0, 2, 0, 0, 0, 0]);
    let chunk = [&8u32.to_be_bytes()[..], &control, &crc32(&control).to_be_bytes()].concat();
    // Behind the header, which has 8 + 25 bytes.
    let animated = [&still[..33], &chunk, &still[33..]].concat();
    assert_eq!(middle(&animated), middle(&still));
    assert_eq!(ingest(b"RIFF\x24\0\0\0WEBPVP8X"), Err(PictureError::NotAPicture));
}

#[test]
fn a_png_cut_off_anywhere_is_refused_and_a_jpeg_that_breaks_off_before_its_picture() {
    let png = encoded(&DynamicImage::from(colours()), ImageFormat::Png);
    let jpeg = encoded(&DynamicImage::from(colours()), ImageFormat::Jpeg);
    let cuts = (8..png.len() - 2).step_by(7).map(|end| &png[..end]);
    for cut in cuts.chain((3..start_of_scan(&jpeg)).step_by(7).map(|end| &jpeg[..end])) {
        let refusal = ingest(cut).expect_err("nothing can be seen");
        assert!(matches!(refusal, PictureError::Damaged(_)), "cut at {}: {refusal}", cut.len());
    }
}

/// A photo-like picture, so that each row of blocks has data.
fn noisy() -> Vec<u8> {
    let mut rng = TestRng(7);
    let pixels: Vec<u8> = (0..64 * 48 * 3).map(|_| 100 + rng.below(100) as u8).collect();
    jpeg_of(&pixels, ColorType::Rgb, |_| {})
}

fn start_of_scan(jpeg: &[u8]) -> usize {
    jpeg.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap()
}

#[test]
fn a_jpeg_that_breaks_off_in_its_picture_is_taken_and_marked() {
    let whole = noisy();
    assert!(!ingest(&whole).unwrap().cut_off);
    let start = start_of_scan(&whole) + 20;
    for part in [3, 5, 7] {
        let end = start + (whole.len() - start) * part / 10;
        let taken = ingest(&whole[..end]).unwrap();
        assert!(taken.cut_off, "cut at {part} tenths");
        assert_eq!((taken.derivative.width_px, taken.derivative.height_px), (64, 48));
    }
}

#[test]
fn a_jpeg_with_what_phones_add_or_leave_out_is_the_same_picture() {
    let whole = noisy();
    let expected = ingest(&whole).unwrap().derivative;
    let scan = start_of_scan(&whole);
    // Behind the first segment.
    let second = 4 + usize::from(u16::from_be_bytes([whole[4], whole[5]]));
    let with = |at: usize, junk: &[u8]| [&whole[..at], junk, &whole[at..]].concat();
    for (what, bytes) in [
        ("no marker of the end", whole[..whole.len() - 2].to_vec()),
        ("data behind the end", [&whole[..], b"MotionPhoto_Data\0\0\0\x18ftypmp42"].concat()),
        ("a second picture behind the end", [&whole[..], &whole[..]].concat()),
        ("zeros between segments", with(second, &[0; 9])),
        ("a text between segments", with(scan, b"junk of a phone")),
        ("fill bytes before a marker", with(scan, &[0xff, 0xff, 0xff])),
        ("a marker without a segment", with(second, &[0xff, 0x01])),
        ("a segment without a length", with(second, &[0xff, 0xea, 0, 0])),
        ("an unknown segment", with(second, &[0xff, 0xef, 0, 4, 1, 2])),
    ] {
        let taken = ingest(&bytes).unwrap_or_else(|error| unreachable!("{what}: {error}"));
        assert_eq!((taken.derivative == expected, taken.cut_off), (true, false), "{what}");
    }
}

#[test]
fn a_jpeg_that_claims_a_huge_picture_is_refused_before_it_is_decoded() {
    let mut bytes = encoded(&DynamicImage::from(colours()), ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    assert_eq!(ingest(&bytes), Err(PictureError::TooLarge { width_px: 30_000, height_px: 30_000 }));
    assert!(MEMORY.peak_usage() - before < 1024 * 1024);
}

/// The seeds are those of the fuzz target; here they are bent at random, always the same way.
#[test]
fn bent_pictures_are_taken_or_refused_within_the_stated_memory() {
    const BENT_PER_SEED: usize = 120;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/picture");
    let mut rng = TestRng(1);
    let mut seeds = 0;
    for seed in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(seed.unwrap().path()).unwrap();
        seeds += 1;
        measured(&seed);
        for _ in 0..BENT_PER_SEED {
            let mut bent = seed.clone();
            for _ in 0..=rng.below(4) {
                let at = rng.below(bent.len());
                match rng.below(4) {
                    0 => bent[at] ^= 1 << rng.below(8),
                    1 => bent[at] = rng.below(256) as u8,
                    2 => bent.truncate(at.max(1)),
                    _ => bent.extend_from_within(at..(at + 40).min(bent.len())),
                }
            }
            measured(&bent);
        }
    }
    assert!(seeds > 0, "there are no seeds");
}

fn measured(bytes: &[u8]) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    entry::picture(bytes);
    let used = MEMORY.peak_usage().saturating_sub(before);
    assert!(used as u64 <= BYTES_ALLOWED, "{used} bytes of memory for {}", bytes.len());
}

/// A generator (xorshift) that gives the same bytes on every machine.
struct TestRng(u64);

impl TestRng {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn a_geometry_with_any_numbers_is_refused_or_can_be_used() {
    let good = include_str!("../../../../assets/forms/c-hasil-ppwp-2024.geometry.json");
    let picture = encoded(&DynamicImage::from(colours()), ImageFormat::Png);
    let numbers = ["0", "-1", "1e300", "1e-300", "65535", "2320", "255", "600", "0.5", "null"];
    let starts: Vec<usize> = good
        .char_indices()
        .filter(|(at, c)| c.is_ascii_digit() && good[..*at].ends_with(['[', ',', ':', ' ']))
        .map(|(at, _)| at)
        .collect();
    let mut random = SeededRng::new(7);
    entry::geometry(good, &picture);
    for _ in 0..150 {
        let mut text = good.to_owned();
        let start = starts[random.below(starts.len())];
        let end = start + text[start..].find([',', ']', '}']).unwrap();
        text.replace_range(start..end, numbers[random.below(numbers.len())]);
        entry::geometry(&text, &picture);
    }
}
