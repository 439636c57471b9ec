//! How much of a file is read.

/// The bounds of one file. Whatever is above them is refused, and nothing of the file is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all parts of an XLSX together, unpacked.
    pub unpacked_bytes: u64,
    /// Rows, the header included.
    pub rows: u32,
    /// Columns of a row.
    pub columns: u32,
    /// Characters of a cell.
    pub cell_chars: usize,
    /// Bytes of the text of all cells together. An XLSX names a long text once and shows it in many cells.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            unpacked_bytes: 512 << 20,
            rows: 200_000,
            columns: 2_000,
            cell_chars: 2_000,
            text_bytes: 256 << 20,
        }
    }
}

impl Limits {
    /// The usual bounds with another number of rows.
    pub fn with_rows(rows: u32) -> Self {
        Self { rows, ..Self::default() }
    }
}
