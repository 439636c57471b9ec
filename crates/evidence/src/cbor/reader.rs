//! A cursor over deterministic CBOR that borrows from its input.

use super::DecodeError;

/// Reads item after item from a byte string.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const NULL: u8 = 0xf6;

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Refuses bytes after the last item.
    pub(crate) fn end(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err("followed by further bytes") }
    }

    pub(crate) fn tag(&mut self, wanted: u64) -> Result<(), DecodeError> {
        if self.head(TAG, "not the tag that belongs here")? == wanted {
            Ok(())
        } else {
            Err("not the tag that belongs here")
        }
    }

    pub(crate) fn unsigned(&mut self) -> Result<u64, DecodeError> {
        self.head(UNSIGNED, "not a natural number")
    }

    /// A natural number of a narrower type.
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, DecodeError> {
        T::try_from(self.unsigned()?).map_err(|_| "a number that is too large")
    }

    pub(crate) fn signed(&mut self) -> Result<i64, DecodeError> {
        let (major, argument) = self.any_head()?;
        let magnitude = i64::try_from(argument).map_err(|_| "a number that is too large")?;
        match major {
            UNSIGNED => Ok(magnitude),
            NEGATIVE => Ok(-1 - magnitude),
            _ => Err("not an integer"),
        }
    }

    /// Reads a null if one is next.
    pub(crate) fn null(&mut self) -> bool {
        match self.rest {
            [NULL, rest @ ..] => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub(crate) fn bytes(&mut self, longest: usize) -> Result<&'a [u8], DecodeError> {
        let length = self.head(BYTES, "not a byte string")?;
        self.split_off(length, longest, "a byte string that is too long")
    }

    pub(crate) fn hash(&mut self) -> Result<[u8; 32], DecodeError> {
        self.bytes(usize::MAX)?.try_into().map_err(|_| "a hash that is not 32 bytes long")
    }

    pub(crate) fn text(&mut self, longest_bytes: usize) -> Result<&'a str, DecodeError> {
        let length = self.head(TEXT, "not a text")?;
        let bytes = self.split_off(length, longest_bytes, "a text that is too long")?;
        std::str::from_utf8(bytes).map_err(|_| "a text that is not UTF-8")
    }

    /// Reads the head of an array, and returns its number of items.
    pub(crate) fn array(&mut self, most: usize) -> Result<usize, DecodeError> {
        let length = self.head(ARRAY, "not a list")?;
        // An item has at least one byte. So a false length is detected before memory is allocated for it.
        match usize::try_from(length) {
            Ok(length) if length > most => Err("a list that is too long"),
            Ok(length) if length <= self.rest.len() => Ok(length),
            _ => Err("a list that is cut short"),
        }
    }

    /// Reads the head of an array with exactly `length` items.
    pub(crate) fn array_of(&mut self, length: usize) -> Result<(), DecodeError> {
        if self.array(usize::MAX)? == length { Ok(()) } else { Err("a list of another length") }
    }

    /// Reads the head of a map, whose fields are read key by key.
    pub(crate) fn map(&mut self) -> Result<Fields<'_, 'a>, DecodeError> {
        let left = self.head(MAP, "not a map")?;
        Ok(Fields { reader: self, left })
    }

    fn split_off(
        &mut self,
        length: u64,
        longest: usize,
        too_long: DecodeError,
    ) -> Result<&'a [u8], DecodeError> {
        let length = usize::try_from(length).map_err(|_| too_long)?;
        if length > longest {
            return Err(too_long);
        }
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or("cut short")?;
        self.rest = rest;
        Ok(bytes)
    }

    fn head(&mut self, wanted: u8, otherwise: DecodeError) -> Result<u64, DecodeError> {
        match self.any_head()? {
            (major, argument) if major == wanted => Ok(argument),
            _ => Err(otherwise),
        }
    }

    /// The major type and its argument. Only the shortest form is accepted.
    fn any_head(&mut self) -> Result<(u8, u64), DecodeError> {
        let (&first, rest) = self.rest.split_first().ok_or("cut short")?;
        let (bytes, smallest) = match first & 0x1f {
            value @ 0..24 => {
                self.rest = rest;
                return Ok((first >> 5, u64::from(value)));
            }
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err("an indefinite length or a reserved form"),
        };
        let (argument, rest) = rest.split_at_checked(bytes).ok_or("cut short")?;
        let argument = argument.iter().fold(0, |sum: u64, &byte| sum << 8 | u64::from(byte));
        if argument < smallest {
            return Err("a number or length that is longer than it needs to be");
        }
        self.rest = rest;
        Ok((first >> 5, argument))
    }
}

/// The fields of a map, read in the order of their encodings: 1, 2, …, then −1, −2, …
///
/// Each key must be the next one in the map. So duplicate, unsorted and unknown keys are refused.
#[derive(Debug)]
pub(crate) struct Fields<'r, 'a> {
    reader: &'r mut Reader<'a>,
    left: u64,
}

impl<'a> Fields<'_, 'a> {
    /// Moves to the value of `key`, if the map has the key.
    pub(crate) fn optional(&mut self, key: i64) -> Result<Option<&mut Reader<'a>>, DecodeError> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut ahead = self.reader.clone();
        if ahead.signed().map_err(|_| "a map key that is not a small number")? != key {
            return Ok(None);
        }
        self.left -= 1;
        *self.reader = ahead;
        Ok(Some(self.reader))
    }

    /// Moves to the value of `key`.
    pub(crate) fn required(&mut self, key: i64) -> Result<&mut Reader<'a>, DecodeError> {
        self.optional(key)?.ok_or("a field is missing")
    }

    /// Refuses further fields.
    pub(crate) fn end(self) -> Result<(), DecodeError> {
        if self.left == 0 { Ok(()) } else { Err("a field that does not belong here") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_deterministic_is_refused() {
        let number = |bytes: &'static [u8]| {
            let mut reader = Reader::new(bytes);
            reader.signed().and_then(|_| reader.end())
        };
        assert_eq!(number(&[0x18, 0x18]), Ok(()));
        for (name, bytes) in [
            ("an overlong integer", &[0x18, 0x01][..]),
            ("an integer of two bytes too many", &[0x1a, 0x00, 0x00, 0x01, 0x00]),
            ("a number beyond 63 bits", &[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            ("trailing bytes", &[0x01, 0x01]),
            ("a float", &[0xf9, 0x3c, 0x00]),
            ("a boolean", &[0xf5]),
            ("nothing", &[]),
            ("half a number", &[0x19, 0x01]),
        ] {
            assert!(number(bytes).is_err(), "{name} was read");
        }
        assert!(Reader::new(&[0x9f, 0x01, 0xff]).array(9).is_err(), "an indefinite array");
        assert!(Reader::new(&[0x5f, 0x41, 0x01, 0xff]).bytes(9).is_err(), "an indefinite byte string");
        let too_long = [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
        assert!(Reader::new(&too_long).bytes(usize::MAX).is_err(), "a false length");
        let too_long = [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
        assert!(Reader::new(&too_long).array(usize::MAX).is_err(), "a false length of a list");
        assert!(Reader::new(&[0x62, 0xc3, 0x28]).text(9).is_err(), "a text that is not UTF-8");
    }

    #[test]
    fn numbers_keep_their_sign_to_the_last_bit() {
        for number in [0, 23, 24, 255, 256, 65_535, 65_536, i64::MAX, -1, -24, -25, i64::MIN] {
            let bytes = crate::cbor::write(&coset::cbor::value::Value::from(number));
            assert_eq!(Reader::new(&bytes).signed(), Ok(number));
        }
    }

    #[test]
    fn fields_left_over_missing_doubled_and_disordered_are_refused() {
        fn one_two(bytes: &[u8]) -> Result<(), DecodeError> {
            let mut reader = Reader::new(bytes);
            let mut fields = reader.map()?;
            fields.required(1)?.unsigned()?;
            fields.required(2)?.unsigned()?;
            fields.end()?;
            reader.end()
        }
        assert_eq!(one_two(&[0xa2, 1, 1, 2, 2]), Ok(()));
        for (name, bytes) in [
            ("left over", &[0xa3, 1, 1, 2, 2, 3, 3][..]),
            ("missing", &[0xa1, 1, 1]),
            ("doubled", &[0xa3, 1, 1, 1, 1, 2, 2]),
            ("doubled in place of one", &[0xa2, 1, 1, 1, 2]),
            ("disordered", &[0xa2, 2, 1, 1, 2]),
            ("a text key", &[0xa2, 0x61, 0x61, 1, 2, 2]),
            ("cut short", &[0xa2, 1, 1, 2]),
        ] {
            assert!(one_two(bytes).is_err(), "{name} was read");
        }
    }
}
