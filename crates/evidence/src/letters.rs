//! Letters that people read out, copy and type: Crockford's base 32.

/// The alphabet, without I, L, O and U, which are easily misheard or misread.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A letter as it is meant: capital, and O, I and L are the digits that they look like.
pub fn meant(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// The value of a letter, up to 31. `None` for one that the alphabet does not have.
pub fn value_of(letter: char) -> Option<usize> {
    let letter = meant(letter);
    ALPHABET.iter().position(|known| char::from(*known) == letter)
}
