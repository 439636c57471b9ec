//! Documents for the printer and for a file, as PDF: headings, text, tables whose heads are repeated, and
//! photos, on numbered pages.
//!
//! A [`Document`] is written from top to bottom, and each page leaves as soon as it is full: a document of a
//! thousand photos needs the memory of one. The same calls give the same bytes: there is no clock in it.
//!
//! ```
//! use print::{About, Cell, Column, Document};
//!
//! let about = About {
//!     title: "Berkas TPS 001".into(),
//!     language: "id".into(),
//!     footer: "Saksi".into(),
//!     page_of: |page, pages| format!("Halaman {page} dari {pages}"),
//! };
//! let mut document = Document::new(Vec::new(), about)?;
//! document.title("Berkas TPS 001")?;
//! let mut table = document.table(&[Column::left(3.0), Column::right(1.0)], &["Pasangan calon", "Suara"])?;
//! table.row(&[Cell::text("Pasangan 1"), Cell::strong("123")])?;
//! drop(table);
//! assert!(document.finish()?.starts_with(b"%PDF-1.7"));
//! # Ok::<(), print::PrintError>(())
//! ```
//!
//! Its letters are those of Western Europe (Windows-1252), which Indonesian needs, in the fonts that every
//! reader of PDF has. A letter beyond them is printed as a question mark.
//!
//! Pure but for the receiver that it writes to.

mod document;
mod file;
mod font;
mod picture;
mod table;
mod text;

pub use self::document::{About, Document};
pub use self::file::compressed;
pub use self::font::Font;
pub use self::picture::Jpeg;
pub use self::table::{Cell, Column, Table};

/// Points of PDF in a millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// Why a document was not written.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The receiver did not take it.
    #[error("cannot write the document")]
    Write(#[from] std::io::Error),
    /// The bytes are no picture that a PDF can hold as it is.
    #[error("cannot print the picture: it is not a JPEG in grey or in colours")]
    Picture,
}
