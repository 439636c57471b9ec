//! What is stored of a person, and the words by which people are found.

use serde::{Deserialize, Serialize};
use tally::RegionCode;

use super::person::{Availability, Position};

/// Maximum length of a name, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Maximum length of an organisation or a field, in characters.
pub const WORD_CHARS_MAX: usize = 60;
/// Maximum length of a note, in characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// Number of words of a name by which a person is found. No name needs more.
const NAME_WORDS_MAX: usize = 8;
/// Number of the last digits of a telephone number by which a person is found.
const LAST_DIGITS: usize = 4;

/// What is stored of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetails {
    pub name: String,
    /// As [`phone_number`] writes it.
    pub phone: Option<String>,
    pub organisation: Option<String>,
    pub field: Option<String>,
    pub position: Position,
    pub availability: Availability,
    /// Where the person lives.
    pub desa: RegionCode,
    pub nik_last4: Option<String>,
    pub note: Option<String>,
    pub consent_at_ms: Option<i64>,
}

/// A change of one field, as texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChanged {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl PersonDetails {
    /// All fields as texts, by the names of the wire.
    pub fn fields(&self) -> [(&'static str, Option<String>); 10] {
        [
            ("name", Some(self.name.clone())),
            ("phone", self.phone.clone()),
            ("organisation", self.organisation.clone()),
            ("field", self.field.clone()),
            ("position", Some(self.position.word().to_owned())),
            ("availability", Some(self.availability.word().to_owned())),
            ("desa", Some(self.desa.to_string())),
            ("nik_last4", self.nik_last4.clone()),
            ("note", self.note.clone()),
            ("consent", self.consent_at_ms.map(|at_ms| at_ms.to_string())),
        ]
    }

    /// What differs in `after`.
    pub fn changes_to(&self, after: &Self) -> Vec<FieldChanged> {
        let pairs = self.fields().into_iter().zip(after.fields());
        pairs
            .filter(|((_, before), (_, after))| before != after)
            .map(|((field, before), (_, after))| FieldChanged { field: field.to_owned(), before, after })
            .collect()
    }

    /// These details with the changes taken back; `None` where a field is not what the change made of it.
    pub fn without(&self, changes: &[FieldChanged]) -> Option<Self> {
        let now = self.fields();
        let mut restored = self.clone();
        for FieldChanged { field, before, after } in changes {
            let (_, value) = now.iter().find(|(name, _)| name == field)?;
            if value != after {
                return None;
            }
            restored.set(field, before.clone())?;
        }
        Some(restored)
    }

    fn set(&mut self, field: &str, value: Option<String>) -> Option<()> {
        match field {
            "name" => self.name = value?,
            "phone" => self.phone = value,
            "organisation" => self.organisation = value,
            "field" => self.field = value,
            "position" => self.position = value?.parse().ok()?,
            "availability" => self.availability = value?.parse().ok()?,
            "desa" => self.desa = value?.parse().ok()?,
            "nik_last4" => self.nik_last4 = value,
            "note" => self.note = value,
            "consent" => self.consent_at_ms = value.and_then(|at_ms| at_ms.parse().ok()),
            _ => return None,
        }
        Some(())
    }

    /// The words of the name, by which people are ordered and found twice.
    pub fn name_key(&self) -> String {
        words_of(&self.name).join(" ")
    }

    /// The words by which the person is found.
    pub fn search_words(&self) -> Vec<String> {
        let mut words = words_of(&self.name);
        words.truncate(NAME_WORDS_MAX);
        if let Some(digits) = self.phone.as_deref().map(|phone| phone.trim_start_matches('+')) {
            words.push(digits.to_owned());
            words.extend(digits.get(digits.len().saturating_sub(LAST_DIGITS)..).map(str::to_owned));
        }
        words.sort();
        words.dedup();
        words
    }
}

/// The words of a text in lower case. An apostrophe does not part a name: `Ma'ruf`, `Maʼruf` and `Maruf` are
/// one.
pub fn words_of(text: &str) -> Vec<String> {
    let is_joining = |letter: char| matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '`');
    let joined: String = text.chars().filter(|letter| !is_joining(*letter)).collect();
    joined
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The words to look for, the longest first. A telephone number becomes its international digits.
pub fn words_to_find(typed: &str) -> Vec<String> {
    let is_number = typed.chars().all(|letter| letter.is_ascii_digit() || " +-.()".contains(letter));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if is_number && !digits.is_empty() {
        return vec![international(&digits)];
    }
    let mut words = words_of(typed);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(NAME_WORDS_MAX);
    words
}

/// `0812…` as `62812…`.
fn international(digits: &str) -> String {
    match digits.strip_prefix('0') {
        Some(rest) if digits.len() > LAST_DIGITS => format!("62{rest}"),
        _ => digits.to_owned(),
    }
}

/// A telephone number as `+62…`: `0812-3456-7890`, `62 812 3456 7890`, and `8123456789`, from which a
/// spreadsheet took the zero. `None` if it is no number of 8 to 15 digits (ITU-T E.164).
pub fn phone_number(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if !typed.chars().all(|letter| letter.is_ascii_digit() || " +-.()/".contains(letter)) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix('0') {
        Some(rest) => format!("62{rest}"),
        None if !typed.starts_with('+') && digits.starts_with('8') => format!("62{digits}"),
        None => digits,
    };
    (8..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn siti() -> PersonDetails {
        PersonDetails {
            name: String::from("Hj. Siti Ma'rufah, S.Pd."),
            phone: Some(String::from("+6281234567890")),
            organisation: None,
            field: None,
            position: Position::WitnessInside,
            availability: Availability::Unknown,
            desa: "52.71.05.1001".parse().unwrap(),
            nik_last4: None,
            note: None,
            consent_at_ms: None,
        }
    }

    #[test]
    fn a_person_is_found_by_words_and_by_the_number() {
        let words = siti().search_words();
        assert_eq!(words, ["6281234567890", "7890", "hj", "marufah", "pd", "s", "siti"]);
        assert_eq!(words_to_find(" siti  MA'RUFAH "), ["marufah", "siti"]);
        assert_eq!(words_to_find("0812-3456"), ["628123456"]);
        assert_eq!(words_to_find("7890"), ["7890"]);
        assert_eq!(words_to_find("0890"), ["0890"], "the last four digits may begin with a zero");
        assert!(words_to_find("%_' --").is_empty());
    }

    #[test]
    fn telephone_numbers_are_written_in_one_way() {
        for typed in
            ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "(0812) 3456.7890", "81234567890"]
        {
            assert_eq!(phone_number(typed).as_deref(), Some("+6281234567890"), "{typed}");
        }
        assert_eq!(phone_number("+60 12 345 6789").as_deref(), Some("+60123456789"));
        for typed in ["", "tidak ada", "12345", "0812345678901234", "0812x34567"] {
            assert_eq!(phone_number(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_change_is_taken_back_where_nothing_was_changed_since() {
        let before = siti();
        let after = PersonDetails {
            name: String::from("Siti Marufah"),
            position: Position::Trainer,
            consent_at_ms: Some(5),
            ..siti()
        };
        let changes = before.changes_to(&after);
        let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["name", "position", "consent"]);
        assert_eq!(after.without(&changes), Some(before));
        let later = PersonDetails { position: Position::Volunteer, ..after };
        assert_eq!(later.without(&changes), None);
    }
}
