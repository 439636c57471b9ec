//! Bytes of a text file to text: UTF-8, UTF-16 or Windows-1252.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::fault::{Fault, FaultCode, Problem};

/// The text of a file, and the name of the encoding in which it was.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
}

/// Decodes a text file. Damaged letters are refused, because a wrong name must not be matched with another.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, Fault> {
    let encoding = encoding_of(&bytes)?;
    let text = if encoding == UTF_8 {
        String::from_utf8(without_mark(bytes)).map_err(|_| Fault::from(FaultCode::WrongEncoding))?
    } else {
        encoding.decode(&bytes).0.into_owned()
    };
    let text = without_end_mark(text);
    match text.char_indices().find(|(_, letter)| is_damage(*letter)) {
        Some((at, _)) => Err(Problem::from(FaultCode::WrongEncoding).in_row(row_of(&text, at))),
        None => Ok(Decoded { text, encoding: encoding.name() }),
    }
}

/// Control characters that no text has, those of Windows-1252's gaps among them, and the replacement
/// character.
fn is_damage(letter: char) -> bool {
    letter == '\u{fffd}' || (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
}

fn row_of(text: &str, at: usize) -> u32 {
    let breaks = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}

/// Programs of the time of DOS end a text with the character 26.
fn without_end_mark(mut text: String) -> String {
    while text.ends_with('\u{1a}') {
        text.pop();
    }
    text
}

fn encoding_of(bytes: &[u8]) -> Result<&'static Encoding, Fault> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding);
    }
    if bytes.contains(&0) {
        return utf_16_without_mark(bytes).ok_or_else(|| FaultCode::UnknownFormat.into());
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(UTF_8),
        // The last letter is cut: the file ends too early.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 && has_wide(bytes, &error) => {
            Err(FaultCode::Damaged.into())
        }
        Err(_) => Ok(WINDOWS_1252),
    }
}

/// Whether the text before the cut has letters beyond ASCII, which shows that it is UTF-8.
fn has_wide(bytes: &[u8], cut: &std::str::Utf8Error) -> bool {
    !bytes[..cut.valid_up_to()].is_ascii()
}

/// UTF-16 of mostly Latin letters has a zero in every second byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if odd * 10 > half * 8 && even * 10 < half => Some(UTF_16LE),
        (even, odd) if even * 10 > half * 8 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    }

    #[test]
    fn excel_s_encodings_are_recognised() {
        let text = "desa;suara\nLuwuk é;12\n";
        let windows = WINDOWS_1252.encode(text).0.into_owned();
        let marked = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (marked(b"\xef\xbb\xbf", text.into()), "UTF-8"),
            (marked(b"\xff\xfe", utf_16(text, u16::to_le_bytes)), "UTF-16LE"),
            (marked(b"\xfe\xff", utf_16(text, u16::to_be_bytes)), "UTF-16BE"),
            (utf_16(text, u16::to_le_bytes), "UTF-16LE"),
            (utf_16(text, u16::to_be_bytes), "UTF-16BE"),
            (windows, "windows-1252"),
        ] {
            let decoded = decode(bytes).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, name));
        }
    }

    #[test]
    fn damaged_letters_are_refused_with_their_row() {
        let fault = decode("desa;suara\nLuwu\u{fffd};12\n".into()).unwrap_err();
        assert_eq!((fault.code, fault.row), (FaultCode::WrongEncoding, Some(2)));
        // Japanese in Shift JIS: no Windows-1252 has the byte 0x81.
        let fault = decode(b"desa;suara\n\n\x81\x40;12\n".to_vec()).unwrap_err();
        assert_eq!((fault.code, fault.row), (FaultCode::WrongEncoding, Some(3)));
        assert_eq!(decode(b"\x01\x00\x00\x07abc".to_vec()).unwrap_err().code, FaultCode::UnknownFormat);
        assert_eq!(decode("é;1\né".as_bytes()[..6].to_vec()).unwrap_err().code, FaultCode::Damaged);
    }
}
