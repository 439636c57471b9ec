//! Base 45 (RFC 9285): two bytes as three letters, a last byte alone as two.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for group in bytes.chunks(2) {
        let (mut value, letters) = match group {
            [first, second] => (u16::from_be_bytes([*first, *second]), 3),
            [only] => (u16::from(*only), 2),
            _ => continue,
        };
        for _ in 0..letters {
            text.push(char::from(ALPHABET[usize::from(value % 45)]));
            value /= 45;
        }
    }
    text
}

/// The inverse of [`encode`]. `None` for a text that `encode` never returns.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0_u32;
        for letter in group.iter().rev() {
            let digit = ALPHABET.iter().position(|known| known == letter)?;
            value = value * 45 + u32::try_from(digit).ok()?;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        for (bytes, text) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn what_is_never_written_is_not_read() {
        for (text, why) in [
            ("GGW0", "a letter left over"),
            ("GGX", "65,536"),
            (":::", "more than two bytes hold"),
            ("::", "more than a byte holds"),
            ("bb8", "small letters"),
            ("BB8é", "a letter that is not in the alphabet"),
        ] {
            assert_eq!(decode(text), None, "{why}");
        }
        assert_eq!(decode("FGW"), Some(vec![255, 255]));
    }
}
