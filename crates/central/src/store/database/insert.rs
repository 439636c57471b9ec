//! Tables that get many rows in one statement.

/// A table, and the columns of the rows that are inserted into it together.
#[derive(Debug)]
pub(in crate::store) struct Insert<const N: usize> {
    pub(in crate::store) table: &'static str,
    /// Names and PostgreSQL types.
    pub(in crate::store) columns: [(&'static str, &'static str); N],
    pub(in crate::store) on_conflict: OnConflict,
}

/// What happens to a row whose key exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum OnConflict {
    /// The stored row stays. The first column must identify a row.
    Keep,
    /// The transaction fails.
    Fail,
    /// This clause after `ON CONFLICT` updates the stored row. The new rows must have different keys.
    Update(&'static str),
}

impl<const N: usize> Insert<N> {
    /// The statement up to the rows: `INSERT INTO table (column, …)`.
    pub(super) fn head(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        format!("INSERT INTO {} ({})", self.table, names.join(", "))
    }

    /// The statement after the rows.
    pub(super) fn tail(&self) -> String {
        match self.on_conflict {
            OnConflict::Keep => String::from("ON CONFLICT DO NOTHING"),
            OnConflict::Fail => String::new(),
            OnConflict::Update(clause) => format!("ON CONFLICT {clause}"),
        }
    }
}
