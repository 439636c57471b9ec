//! Deterministic CBOR (RFC 8949 §4.2.1) of a narrow kind: integers, byte and text strings, null, arrays, and maps
//! with ascending integer keys. Anything else is refused on the way in.

use coset::cbor::value::{Integer, Value};

/// Deepest nesting that is read. Ours is four deep.
const DEPTH_MAX: usize = 8;

/// Why bytes are not our kind of CBOR, or not of the wanted shape.
pub(crate) type Fault = &'static str;

/// Reads one item, with nothing behind it, in the only encoding that we would have written.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Fault> {
    let value: Value = coset::cbor::de::from_reader_with_recursion_limit(bytes, DEPTH_MAX)
        .map_err(|_| "not well-formed CBOR")?;
    refuse_strange(&value)?;
    // Overlong integers, indefinite lengths and trailing bytes all show as a difference here.
    if write(&value) != bytes {
        return Err("not in deterministic encoding, or followed by further bytes");
    }
    Ok(value)
}

/// Writes one item. Maps must already be in order.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    // Writing into a Vec cannot fail, and a Value has no other way to fail.
    let _ = coset::cbor::ser::into_writer(value, &mut bytes);
    bytes
}

fn refuse_strange(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Integer(_) | Value::Bytes(_) | Value::Text(_) | Value::Null => Ok(()),
        Value::Array(items) => items.iter().try_for_each(refuse_strange),
        Value::Map(entries) => {
            let mut before: Option<u64> = None;
            for (key, item) in entries {
                let key = key
                    .as_integer()
                    .and_then(|key| u64::try_from(key).ok())
                    .ok_or("a map key that is not a small number")?;
                if before.is_some_and(|before| before >= key) {
                    return Err("map keys doubled or out of order");
                }
                before = Some(key);
                refuse_strange(item)?;
            }
            Ok(())
        }
        Value::Tag(18, inner) => refuse_strange(inner),
        _ => Err("a float, a boolean or a tag that does not belong here"),
    }
}

/// A map that is taken apart key by key; what is left over at the end is refused.
pub(crate) struct Fields {
    entries: std::vec::IntoIter<(Value, Value)>,
    ahead: Option<(Value, Value)>,
}

impl Fields {
    pub(crate) fn of(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Map(entries) => {
                let mut entries = entries.into_iter();
                let ahead = entries.next();
                Ok(Self { entries, ahead })
            }
            _ => Err("not a map"),
        }
    }

    /// The value under `key`, if it is there. Keys must be asked for in ascending order.
    pub(crate) fn optional(&mut self, key: u64) -> Option<Value> {
        if self.ahead.as_ref().is_some_and(|(found, _)| *found == Value::from(key)) {
            let value = self.ahead.take().map(|(_, value)| value);
            self.ahead = self.entries.next();
            value
        } else {
            None
        }
    }

    /// The value under `key`.
    pub(crate) fn required(&mut self, key: u64) -> Result<Value, Fault> {
        self.optional(key).ok_or("a field is missing")
    }

    /// Refuses fields that nobody asked for.
    pub(crate) fn end(self) -> Result<(), Fault> {
        if self.ahead.is_none() { Ok(()) } else { Err("a field that does not belong here") }
    }
}

pub(crate) fn text(value: Value, longest_bytes: usize) -> Result<String, Fault> {
    match value {
        Value::Text(text) if text.len() <= longest_bytes => Ok(text),
        Value::Text(_) => Err("a text that is too long"),
        _ => Err("not a text"),
    }
}

pub(crate) fn hash(value: Value) -> Result<[u8; 32], Fault> {
    match value {
        Value::Bytes(bytes) => bytes.try_into().map_err(|_| "a hash that is not 32 bytes long"),
        _ => Err("not a hash"),
    }
}

pub(crate) fn unsigned(value: &Value) -> Result<u64, Fault> {
    value.as_integer().and_then(|integer: Integer| integer.try_into().ok()).ok_or("not a natural number")
}

pub(crate) fn signed(value: &Value) -> Result<i64, Fault> {
    value.as_integer().and_then(|integer: Integer| integer.try_into().ok()).ok_or("not an integer")
}

pub(crate) fn array(value: Value, most: usize) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(items) if items.len() <= most => Ok(items),
        Value::Array(_) => Err("a list that is too long"),
        _ => Err("not a list"),
    }
}

pub(crate) fn pair(value: Value) -> Result<(Value, Value), Fault> {
    let [first, second]: [Value; 2] = array(value, 2)?.try_into().map_err(|_| "not a pair")?;
    Ok((first, second))
}

/// A map in the order in which its keys are given, which must be ascending.
pub(crate) fn map(entries: impl IntoIterator<Item = (u64, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_deterministic_is_refused() {
        for (name, bytes) in [
            ("an overlong integer", &[0x18, 0x01][..]),
            ("an indefinite array", &[0x9f, 0x01, 0xff]),
            ("trailing bytes", &[0x01, 0x01]),
            ("doubled keys", &[0xa2, 0x01, 0x01, 0x01, 0x02]),
            ("keys out of order", &[0xa2, 0x02, 0x01, 0x01, 0x02]),
            ("a float", &[0xf9, 0x3c, 0x00]),
            ("a boolean", &[0xf5]),
            ("a text key", &[0xa1, 0x61, 0x61, 0x01]),
            ("nothing", &[]),
            ("a length that lies", &[0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]),
            ("a list length that lies", &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]),
            ("deep nesting", &[0x81; 64]),
        ] {
            assert!(read(bytes).is_err(), "{name} was read");
        }
        assert_eq!(read(&[0xa1, 0x01, 0x02]), Ok(map([(1, Value::from(2))])));
    }

    #[test]
    fn fields_left_over_and_fields_missing_are_refused() {
        let three = || map([(1, Value::from(1)), (2, Value::from(2)), (5, Value::from(5))]);
        let mut fields = Fields::of(three()).unwrap();
        assert_eq!(fields.required(1), Ok(Value::from(1)));
        assert_eq!(fields.required(3), Err("a field is missing"));
        assert_eq!(fields.optional(2), Some(Value::from(2)));
        assert!(fields.end().is_err());
    }
}
