//! The text encoding of a package's file: UTF-8, or UTF-16 as some editors on Windows write it.

use super::mistakes::{Mistake, PackageError};

/// The text in `bytes`, without a byte order mark. UTF-16 needs the mark.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, PackageError> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// `text` without a byte order mark at its start.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn utf8(bytes: Vec<u8>) -> Result<String, PackageError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        refused(format!("byte {at} is not UTF-8; save the file as UTF-8 and try again"))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, PackageError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok()
        .filter(|_| rest.is_empty())
        .ok_or_else(|| refused("the file is damaged UTF-16; save it as UTF-8 and try again".to_owned()))
}

fn refused(reason: String) -> PackageError {
    PackageError::of(Mistake::new("", reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn utf_8_and_utf_16_in_both_byte_orders_give_the_same_text() {
        let text = "{\"nama\": \"Désa 🗳\"}";
        for bytes in [
            text.as_bytes().to_vec(),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
            format!("\u{feff}{text}").into_bytes(),
        ] {
            assert_eq!(without_mark(&decode(bytes).unwrap()), text);
        }
    }

    #[test]
    fn bytes_in_no_encoding_are_refused_with_advice() {
        for (bytes, said) in [
            (vec![b'{', 0xe9, b'}'], "byte 1 is not UTF-8; save the file as UTF-8 and try again"),
            (vec![0xff, 0xfe, b'{'], "the file is damaged UTF-16; save it as UTF-8 and try again"),
            (vec![0xfe, 0xff, 0xd8, 0x00], "the file is damaged UTF-16; save it as UTF-8 and try again"),
        ] {
            assert_eq!(decode(bytes).unwrap_err().to_string(), said);
        }
    }
}
