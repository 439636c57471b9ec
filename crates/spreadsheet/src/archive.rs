//! What an XLSX, which is a ZIP of XML parts, unpacks to, before anything interprets it.
//!
//! A small file may unpack to terabytes, and the sizes that it states may be untrue. So each part is unpacked
//! once and counted. XML with entities of its own is refused, and so is a stated number of texts that no
//! bytes stand for: `calamine` reserves memory for that number.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::fault::{Fault, FaultCode, Problem};
use crate::limits::Limits;

const CHUNK: usize = 64 << 10;
/// Parts of a workbook. An ordinary one has about a dozen.
const PARTS_MAX: usize = 2_000;
/// Bytes that are looked at twice, so that a word across two chunks is found.
const OVERLAP: usize = 64;
/// The digits of a number that is still believed.
const COUNT_DIGITS: usize = 7;

/// Refuses an archive that unpacks to more than the limit, or that would harm its reader.
pub(crate) fn examine(bytes: &[u8], limits: &Limits) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::from(FaultCode::Damaged))?;
    if archive.len() > PARTS_MAX {
        return Err(FaultCode::UnknownFormat.into());
    }
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::from(FaultCode::Damaged))?;
        left = examine_part(part, left, limits)?;
    }
    Ok(())
}

/// Unpacks one part and returns how many bytes the others may still have.
fn examine_part(mut part: ZipFile<'_, Cursor<&[u8]>>, mut left: u64, limits: &Limits) -> Result<u64, Fault> {
    let name = part.name().map_err(|_| Fault::from(FaultCode::Damaged))?.to_ascii_lowercase();
    let is_xml = [".xml", ".rels"].iter().any(|end| name.ends_with(end));
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK + OVERLAP);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = part.read(&mut chunk).map_err(|_| Fault::from(FaultCode::Damaged))?;
        if read == 0 {
            return Ok(left);
        }
        left = left
            .checked_sub(read as u64)
            .ok_or_else(|| Problem::above(FaultCode::TooMuchText, limits.unpacked_bytes).anywhere())?;
        window.drain(..window.len().saturating_sub(OVERLAP));
        window.extend_from_slice(&chunk[..read]);
        if is_xml && is_hostile(&window) {
            return Err(FaultCode::Damaged.into());
        }
    }
}

/// Another encoding than UTF-8 would hide from this search, and has zeros or a mark.
fn is_hostile(xml: &[u8]) -> bool {
    xml.contains(&0)
        || xml.starts_with(b"\xff\xfe")
        || xml.starts_with(b"\xfe\xff")
        || found(xml, b"<!DOCTYPE").next().is_some()
        || found(xml, b"<!ENTITY").next().is_some()
        || found(xml, b"uniqueCount").any(|after| digits(after) > COUNT_DIGITS)
        || has_far_place(xml)
}

/// The longest place of a cell, `XFD1048576`.
const PLACE_CHARS: usize = 10;

/// Whether a cell or row says that it is farther away than any can be. The reader's sums would overflow.
fn has_far_place(xml: &[u8]) -> bool {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let attributes = xml.windows(2).enumerate().filter(|(_, two)| two[1] == b'r' && is_space(&two[0]));
    attributes.map(|(at, _)| &xml[at + 2..]).any(|after| {
        let mut after = after.iter().skip_while(|byte| is_space(byte));
        let has_value = after.next() == Some(&b'=');
        let value = after.skip_while(|byte| is_space(byte) || matches!(byte, b'"' | b'\''));
        has_value && value.take_while(|byte| byte.is_ascii_alphanumeric()).count() > PLACE_CHARS
    })
}

/// What follows each place where the word stands.
fn found<'a>(text: &'a [u8], word: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let first = word[0];
    text.iter()
        .enumerate()
        .filter(move |(at, byte)| **byte == first && text[*at..].starts_with(word))
        .map(move |(at, _)| &text[at + word.len()..])
}

fn digits(after: &[u8]) -> usize {
    let value =
        after.iter().skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\''));
    value.take_while(|byte| byte.is_ascii_digit()).count()
}
