//! Whatever file is chosen: a picture or a clear refusal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use sheet::{Picture, PictureError, PictureFormat, ingest, inspect};

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_large_photo_is_scaled_and_a_small_one_kept() {
    let large = ingest(&picture(3000, 2000, ImageFormat::Jpeg)).unwrap();
    assert_eq!((large.derivative.width_px, large.derivative.height_px), (1600, 1067));
    let small = ingest(&picture(40, 30, ImageFormat::Png)).unwrap();
    assert_eq!((small.format, small.derivative.width_px), (PictureFormat::Png, 40));
    assert_eq!(inspect(&small.derivative.bytes).unwrap().format, PictureFormat::Jpeg);
    let one = ingest(&picture(1, 1, ImageFormat::Png)).unwrap();
    assert_eq!((one.derivative.width_px, one.derivative.height_px), (1, 1));
}

#[test]
fn the_derivative_reads_back_as_what_was_photographed() {
    // Brightness falls from left to right and from the top down; colours change slowly.
    let image = RgbImage::from_fn(1700, 1300, |x, y| {
        image::Rgb([255 - (x / 10) as u8, 255 - (y / 8) as u8, 128 + (x / 40) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image.clone()).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let derivative = ingest(&bytes.into_inner()).unwrap().derivative;
    let read = Picture::open(&derivative.bytes).unwrap();
    let (seen, size) = (read.gray().unwrap(), (read.width(), read.height()));
    assert_eq!(size, (1600, 1224));
    for (x, y) in (0..1600).step_by(97).flat_map(|x| (0..1224).step_by(53).map(move |y| (x, y))) {
        let [r, g, b] = image.get_pixel(x * 1700 / 1600, y * 1300 / 1224).0.map(f32::from);
        let was = 0.299 * r + 0.587 * g + 0.114 * b;
        let is = f32::from(seen.pixels()[(y * 1600 + x) as usize]);
        assert!((was - is).abs() < 8.0, "at {x}, {y}: {is} for {was}");
    }
}

#[test]
fn the_same_photo_always_has_the_same_derivative() {
    let bytes = picture(1700, 900, ImageFormat::Jpeg);
    assert_eq!(ingest(&bytes), ingest(&bytes));
}

#[test]
fn a_photo_taken_sideways_is_turned_upright_and_loses_its_metadata() {
    let plain = picture(60, 40, ImageFormat::Jpeg);
    // An EXIF segment (TIFF, little endian) with one entry: Orientation (0x0112) = 6, a quarter turn
    // clockwise.
    let exif = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let sideways = [&plain[..2], exif, &plain[2..]].concat();
    let ingested = ingest(&sideways).unwrap();
    assert_eq!((ingested.derivative.width_px, ingested.derivative.height_px), (40, 60));
    assert!(!ingested.derivative.bytes.windows(4).any(|window| window == b"Exif"));
}

#[test]
fn what_is_not_a_picture_is_refused_by_name() {
    assert_eq!(ingest(b""), Err(PictureError::NotAPicture));
    assert_eq!(ingest(b"%PDF-1.7 ..."), Err(PictureError::NotAPicture));
    assert_eq!(ingest(b"GIF89a......"), Err(PictureError::NotAPicture));
    assert_eq!(ingest(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Err(PictureError::Heic));
    let cut = picture(300, 300, ImageFormat::Png);
    assert!(matches!(ingest(&cut[..cut.len() / 2]), Err(PictureError::Damaged(_))));
    assert!(matches!(ingest(&[0xff, 0xd8, 0xff, 0xe0]), Err(PictureError::Damaged(_))));
}

#[test]
fn a_small_file_that_claims_a_huge_picture_is_refused_before_it_is_decoded() {
    // A PNG header of 30,000 × 30,000 pixels with its right checksum, and nothing behind it.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend(30_000u32.to_be_bytes());
    bomb.extend(30_000u32.to_be_bytes());
    bomb.extend([8, 2, 0, 0, 0]);
    let checksum = crc32(&bomb[12..]);
    bomb.extend(checksum.to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    assert_eq!(ingest(&bomb), Err(PictureError::TooLarge { width_px: 30_000, height_px: 30_000 }));
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
fn no_picture_that_is_sent_is_longer_than_the_maximum_however_dense_it_is() {
    let noise = image::RgbImage::from_fn(2_000, 1_500, |x, y| {
        let bits = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503))
            ^ y.wrapping_mul(2_246_822_519);
        image::Rgb([bits as u8, (bits >> 8) as u8, (bits >> 16) as u8])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let derivative = ingest(png.get_ref()).unwrap().derivative;
    assert!(derivative.bytes.len() <= sheet::DERIVATIVE_BYTES_MAX, "{}", derivative.bytes.len());
    assert!(derivative.width_px.max(derivative.height_px) >= 480);
}
