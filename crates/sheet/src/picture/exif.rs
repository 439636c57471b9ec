//! Reads two fields of a photo's EXIF: orientation and time. Nothing else is kept, for privacy.

/// What was found; nothing is said about what else is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Exif {
    pub(crate) orientation: Orientation,
    /// `YYYY:MM:DD HH:MM:SS`, by the phone's clock.
    pub(crate) taken: Option<[u8; 19]>,
}

/// How the stored pixels are to be shown (Exif 3.0, tag 0x0112, less one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Orientation(u8);

impl Orientation {
    /// Whether width and height are swapped.
    pub(crate) fn swaps(self) -> bool {
        self.0 >= 4
    }

    /// Whether the stored picture is mirrored left to right, and then how often it is turned a quarter
    /// clockwise.
    pub(crate) fn mirror_and_turns(self) -> (bool, u8) {
        match self.0 {
            1 => (true, 0),
            2 => (false, 2),
            3 => (true, 2),
            4 => (true, 3),
            5 => (false, 1),
            6 => (true, 1),
            7 => (false, 3),
            _ => (false, 0),
        }
    }
}

const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const TAKEN: u16 = 0x9003;
/// Entries that are looked at in one directory.
const ENTRIES_MAX: usize = 512;

impl Exif {
    /// Reads a TIFF structure. What is damaged is as good as absent.
    pub(crate) fn read(tiff: &[u8]) -> Self {
        let Some(tiff) = Tiff::of(tiff) else { return Self::default() };
        let first = tiff.entries(tiff.number32(4));
        let value = |entries: &[Entry], tag: u16| entries.iter().find(|e| e.tag == tag).copied();
        let orientation = value(&first, ORIENTATION)
            .and_then(|entry| tiff.number16(entry.at))
            .filter(|orientation| (1..=8).contains(orientation))
            .map_or(Orientation::default(), |orientation| Orientation(orientation as u8 - 1));
        let taken = value(&first, EXIF_DIRECTORY)
            .map(|entry| tiff.entries(tiff.number32(entry.at)))
            .and_then(|entries| value(&entries, TAKEN))
            .and_then(|entry| tiff.number32(entry.at))
            .and_then(|at| tiff.bytes.get(at as usize..(at as usize).checked_add(19)?))
            .and_then(|time| <[u8; 19]>::try_from(time).ok())
            .filter(is_time);
        Self { orientation, taken }
    }
}

/// Whether it has the form of a time, so that no other text passes as one.
fn is_time(time: &[u8; 19]) -> bool {
    time.iter().zip(b"0000:00:00 00:00:00").all(|(seen, like)| match like {
        b'0' => seen.is_ascii_digit(),
        _ => seen == like,
    })
}

/// The body of an APP1 segment with the time of the photo and nothing else.
pub(crate) fn time_only(taken: &[u8; 19]) -> Vec<u8> {
    let mut body = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    let mut directory = |tag: u16, kind: u16, count: u32, value: u32| {
        body.extend(1u16.to_be_bytes());
        body.extend(tag.to_be_bytes());
        body.extend(kind.to_be_bytes());
        body.extend(count.to_be_bytes());
        body.extend(value.to_be_bytes());
        body.extend(0u32.to_be_bytes());
    };
    // A directory of one entry is 18 bytes: the first at 8, the second at 26, the text at 44.
    directory(EXIF_DIRECTORY, 4, 1, 26);
    directory(TAKEN, 2, 20, 44);
    body.extend(taken);
    body.push(0);
    body
}

#[derive(Clone, Copy)]
struct Entry {
    tag: u16,
    /// The offset of its value, or of the pointer to its value.
    at: usize,
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"II*\0" => Some(Self { bytes, little: true }),
            b"MM\0*" => Some(Self { bytes, little: false }),
            _ => None,
        }
    }

    fn number16(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn number32(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn entries(&self, directory: Option<u32>) -> Vec<Entry> {
        let Some(start) = directory.map(|at| at as usize) else { return Vec::new() };
        let count = usize::from(self.number16(start).unwrap_or(0)).min(ENTRIES_MAX);
        (0..count)
            .map_while(|i| {
                let at = start.checked_add(2 + 12 * i)?;
                Some(Entry { tag: self.number16(at)?, at: at + 8 })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_is_written_is_the_time_that_is_read() {
        let taken = *b"2024:02:14 23:59:07";
        let body = time_only(&taken);
        assert_eq!(Exif::read(&body[6..]), Exif { taken: Some(taken), orientation: Orientation(0) });
        for length in 0..body.len() {
            let cut = Exif::read(&body[6.min(length)..length]);
            assert!(cut.taken.is_none() || length >= body.len() - 1);
        }
    }

    #[test]
    fn what_is_no_time_does_not_travel_as_one() {
        let body = time_only(b"Jl. Melati 7, Monjo");
        assert_eq!(Exif::read(&body[6..]).taken, None);
    }
}
