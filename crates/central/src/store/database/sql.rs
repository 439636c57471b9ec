//! SQL texts, checked while the program is compiled.

/// A statement in the SQL that both databases understand.
///
/// Its parameters are `?1`, `?2`, … as SQLite names them. PostgreSQL names them `$1`, `$2`, …. The macro
/// [`sql!`] writes both texts and refuses a text in which `?` or `$` could mean anything else, such as a
/// literal or an operator for JSON. Use no other way to make a value of this type.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
}

/// Joins constant texts to one [`Sql`].
macro_rules! sql {
    ($($part:expr),+ $(,)?) => {{
        use $crate::store::database::sql;
        const PARTS: &[&str] = &[$($part),+];
        const LENGTH: usize = sql::length(PARTS);
        const SQLITE: [u8; LENGTH] = sql::joined(PARTS);
        const POSTGRES: [u8; LENGTH] = sql::with_postgres_parameters(SQLITE);
        const SQL: sql::Sql = sql::Sql::checked(&SQLITE, &POSTGRES);
        SQL
    }};
}
pub(in crate::store) use sql;

impl Sql {
    /// Called by [`sql!`] in constants only, where a failed assertion ends the compilation.
    pub(in crate::store) const fn checked(sqlite: &'static [u8], postgres: &'static [u8]) -> Self {
        assert!(defect(sqlite).is_none(), "this SQL breaks a rule of database::sql");
        match (std::str::from_utf8(sqlite), std::str::from_utf8(postgres)) {
            (Ok(sqlite), Ok(postgres)) => Self { sqlite, postgres },
            _ => Self { sqlite: "", postgres: "" },
        }
    }

    /// The text with parameters `?1`, `?2`, ….
    pub(super) fn for_sqlite(self) -> &'static str {
        self.sqlite
    }

    /// The text with parameters `$1`, `$2`, ….
    pub(super) fn for_postgres(self) -> &'static str {
        self.postgres
    }

    /// The text with `prefix` before the number of each parameter, for instance `params.p1`.
    pub(super) fn with_parameters_named(self, prefix: &str) -> String {
        self.sqlite.replace('?', prefix)
    }
}

/// The length of the joined text in bytes.
pub(in crate::store) const fn length(parts: &[&str]) -> usize {
    let (mut length, mut part) = (0, 0);
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

/// The joined text. Constants know neither iterators nor strings that grow.
pub(in crate::store) const fn joined<const LENGTH: usize>(parts: &[&str]) -> [u8; LENGTH] {
    let mut text = [0; LENGTH];
    let (mut written, mut part) = (0, 0);
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut byte = 0;
        while byte < bytes.len() {
            text[written] = bytes[byte];
            written += 1;
            byte += 1;
        }
        part += 1;
    }
    text
}

/// The text with `$` for each `?`: a checked text has `?` before the number of a parameter only.
pub(in crate::store) const fn with_postgres_parameters<const LENGTH: usize>(
    mut text: [u8; LENGTH],
) -> [u8; LENGTH] {
    let mut byte = 0;
    while byte < LENGTH {
        if text[byte] == b'?' {
            text[byte] = b'$';
        }
        byte += 1;
    }
    text
}

/// What is wrong with a text, if anything.
const fn defect(text: &[u8]) -> Option<&'static str> {
    let mut quote = None;
    let mut index = 0;
    while index < text.len() {
        let next = if index + 1 < text.len() { text[index + 1] } else { b' ' };
        match (text[index], quote) {
            (b'$', _) => return Some("`$` has a meaning in PostgreSQL only"),
            (b'?', Some(_)) => return Some("`?` stands in a literal or a quoted name"),
            (b'?', None) if !matches!(next, b'1'..=b'9') => return Some("`?` is followed by no number"),
            (b'?', None) if index > 0 && text[index - 1] == b'@' => {
                return Some("`@?` is an operator for JSON");
            }
            (b'-', None) if next == b'-' => return Some("a comment could hide a quote"),
            (b'\'' | b'"', None) => quote = Some(text[index]),
            (mark @ (b'\'' | b'"'), Some(open)) if mark == open => quote = None,
            _ => {}
        }
        index += 1;
    }
    if quote.is_some() { Some("a quote is not closed") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_for_both_databases() {
        const CONDITION: &str = "WHERE id = ?1";
        let sql = sql!("SELECT name FROM \"user\" ", CONDITION, " AND role <> '' AND seen < ?12");
        assert_eq!(sql.for_sqlite(), "SELECT name FROM \"user\" WHERE id = ?1 AND role <> '' AND seen < ?12");
        assert_eq!(
            sql.for_postgres(),
            "SELECT name FROM \"user\" WHERE id = $1 AND role <> '' AND seen < $12"
        );
        let named = sql.with_parameters_named("params.p");
        assert_eq!(
            named,
            "SELECT name FROM \"user\" WHERE id = params.p1 AND role <> '' AND seen < params.p12"
        );
    }

    /// `sql!` asserts in a constant, so that each text of the store has passed this check when the program
    /// compiles.
    #[test]
    fn a_question_mark_is_only_ever_a_parameter() {
        let refused = [
            "SELECT 1 WHERE reason = '?'",
            "SELECT 1 WHERE reason = 'why ?1'",
            "SELECT \"?1\" FROM audit",
            "SELECT 1 WHERE body ? 'photo'",
            "SELECT 1 WHERE body ?| ?1",
            "SELECT 1 WHERE body ?& ?1",
            "SELECT 1 WHERE body @?1",
            "SELECT 1 WHERE id = ?",
            "SELECT 1 WHERE id = ?0",
            "SELECT 1 WHERE id = $1",
            "SELECT 1 -- it's a comment",
            "SELECT 'open",
        ];
        for text in refused {
            assert!(defect(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["SELECT 1", "SELECT 'it''s' WHERE a = ?1", "SELECT '\"' WHERE b - 1 = ?2"] {
            assert_eq!(defect(text.as_bytes()), None, "{text}");
        }
    }
}
