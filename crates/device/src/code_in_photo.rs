//! The text of a QR code in a photo: an invitation on its slip, or the link on a hall's wall. The camera is
//! another app, so that a code is photographed and not scanned live, and the app needs no camera of its own.

use sheet::Picture;

use crate::error::DeviceError;

/// The text of the first code that can be read; `None` if there is none.
///
/// # Errors
/// When the bytes are no picture.
pub fn code_in_photo(photo: &[u8]) -> Result<Option<String>, DeviceError> {
    // The smaller copy: a code that fills some of the photo is sharp enough in it, and memory is bounded.
    let smaller = sheet::ingest(photo)?.derivative;
    let Some(gray) = Picture::open(&smaller.bytes)?.gray() else { return Ok(None) };
    let width = gray.width();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, gray.height(), |x, y| {
        gray.pixels().get(y * width + x).copied().unwrap_or(u8::MAX)
    });
    let texts = prepared.detect_grids().into_iter().filter_map(|grid| grid.decode().ok());
    Ok(texts.map(|(_, text)| text).next())
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, ImageFormat, Luma};

    use super::*;

    fn jpeg(picture: &GrayImage) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    /// A code on a slip that fills a part of the photo.
    fn slip(text: &str) -> GrayImage {
        let code = qrcode::QrCode::new(text).unwrap();
        let (side, module_px) = (code.width() as u32, 12);
        GrayImage::from_fn(1600, 1200, |x, y| {
            let (column, row) = (x.wrapping_sub(500) / module_px, y.wrapping_sub(300) / module_px);
            let is_dark = x >= 500 && y >= 300 && column < side && row < side;
            let is_dark = is_dark && code[(column as usize, row as usize)] == qrcode::Color::Dark;
            Luma([if is_dark { 30 } else { 225 }])
        })
    }

    #[test]
    fn an_invitation_is_read_from_a_photo_of_its_slip() {
        let link = "https://saksi.example/#ABCD-EFGH-JKMN-PQRST.7Q2M-4XKP";
        assert_eq!(code_in_photo(&jpeg(&slip(link))).unwrap().as_deref(), Some(link));
    }

    #[test]
    fn a_photo_without_a_code_has_none_and_other_bytes_are_an_error() {
        let empty = GrayImage::from_pixel(800, 600, Luma([200]));
        assert_eq!(code_in_photo(&jpeg(&empty)).unwrap(), None);
        assert!(code_in_photo(b"no picture").is_err());
    }
}
