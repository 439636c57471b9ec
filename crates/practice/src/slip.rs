//! Slips: what can go wrong between a paper and what was typed from it.

use serde::Serialize;
use tally::FieldCode;

use crate::worded::worded;

worded! {
    /// The kinds of slips. Where several explain the same figures, the one that explains more of them comes
    /// first, then the one that is earlier here.
    SlipKind {
        /// A row was skipped: its figures and those after it are those of the next row.
        RowSkipped "row_skipped" {
            "Satu baris terlewat", "A row was skipped";
            "Sesudahnya setiap angka naik satu baris.", "Every figure after it moved up by one row.";
        }
        /// A row was typed twice, or left empty: the figures after it are those of the row before.
        RowShifted "row_shifted" {
            "Bergeser satu baris", "Shifted by a row";
            "Sesudahnya setiap angka turun satu baris.", "Every figure after it moved down by one row.";
        }
        /// Two lists were typed on each other's sheets.
        ListsSwapped "lists_swapped" {
            "Dua partai tertukar", "Two parties were swapped";
            "Lembar satu partai diisi dengan angka partai lain.",
            "One party's sheet has the figures of the other.";
        }
        /// Two rows were typed in each other's place.
        RowsSwapped "rows_swapped" {
            "Dua baris tertukar", "Two rows were swapped";
            "Angka dua calon atau dua baris saling bertukar tempat.",
            "The figures of two candidates or rows are in each other's place.";
        }
        /// Men and women were typed in each other's column.
        ColumnsSwapped "columns_swapped" {
            "Kolom L dan P tertukar", "Columns L and P were swapped";
            "Laki-laki diisi di kolom perempuan, dan sebaliknya.",
            "Men are in the column of women, and the reverse.";
        }
        /// The sum was worked out, and is not what the paper says.
        OwnSum "own_sum" {
            "Jumlah dihitung sendiri", "The sum was worked out";
            "Yang diisi bukan angka di kertas, melainkan hasil penjumlahan sendiri.",
            "What was typed is not on the paper; it is a sum of one's own.";
        }
        /// Nothing was typed.
        NotTyped "not_typed" {
            "Belum diisi", "Not typed";
            "Kotak ini tertinggal.", "This field was left out.";
        }
        /// A figure was typed for a page that was not there.
        NoSuchPage "no_such_page" {
            "Diisi tanpa kertas", "Typed without the paper";
            "Halaman ini tidak ada, jadi angkanya tidak mungkin terbaca.",
            "This page was not there, so its figure cannot have been read.";
        }
        /// Blank on the paper, typed as zero.
        ZeroForBlank "zero_for_blank" {
            "Kosong diisi nol", "Zero for a blank";
            "Kotak yang kosong atau dicoret bukan nol.", "A field that is empty or crossed is not zero.";
        }
        /// Zero on the paper, typed as blank.
        BlankForZero "blank_for_zero" {
            "Nol diisi kosong", "A blank for zero";
            "Kertas menulis nol; isilah nol.", "The paper says zero; type zero.";
        }
        /// A number on the paper, typed as blank.
        LeftBlank "left_blank" {
            "Angka dianggap kosong", "A figure was taken for a blank";
            "Di kertas ada angkanya.", "There is a figure on the paper.";
        }
        /// Blank on the paper, typed as a number.
        PutIntoBlank "put_into_blank" {
            "Kotak kosong diisi angka", "A figure in a blank field";
            "Di kertas kotak ini kosong; angkanya milik baris lain.",
            "The field is blank on the paper; the figure belongs elsewhere.";
        }
        /// A readable figure, called illegible.
        CalledIllegible "called_illegible" {
            "Dinyatakan tidak terbaca", "Called illegible";
            "Angka ini masih terbaca dari tulisan hurufnya atau bulatannya.",
            "This figure can be read from the words or bubbles beside it.";
        }
        /// An illegible figure, typed as something.
        Guessed "guessed" {
            "Ditebak", "Guessed";
            "Angka ini tidak terbaca; nyatakan begitu.", "This figure cannot be read; say so.";
        }
        /// Two digits in each other's place.
        DigitsSwapped "digits_swapped" {
            "Angka tertukar tempat", "Digits were swapped";
            "Dua angka bertukar tempat, misalnya 27 menjadi 72.",
            "Two digits are in each other's place, as 72 for 27.";
        }
        /// One digit is another.
        DigitDiffers "digit_differs" {
            "Satu angka keliru", "A digit differs";
            "Satu angka terbaca sebagai angka lain.", "One digit was taken for another.";
        }
        /// A digit is missing.
        DigitDropped "digit_dropped" {
            "Satu angka hilang", "A digit was dropped";
            "Jumlah angkanya kurang satu.", "There is one digit too few.";
        }
        /// A digit too many.
        DigitAdded "digit_added" {
            "Satu angka berlebih", "A digit was added";
            "Jumlah angkanya lebih satu.", "There is one digit too many.";
        }
        /// The figure of the row above or below.
        OtherRow "other_row" {
            "Angka dari baris lain", "The figure of another row";
            "Yang diisi adalah angka baris di atas atau di bawahnya.",
            "What was typed is the figure of the row above or below.";
        }
        /// None of these.
        OtherNumber "other_number" {
            "Angka lain", "Another number";
            "Cocokkan lagi dengan kertasnya.", "Compare it with the paper again.";
        }
    }
}

/// Two digits of a slip: the one on the paper, and the one that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DigitPair {
    pub paper: u8,
    pub typed: u8,
}

/// One slip, and the fields that are wrong because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Slip {
    pub kind: SlipKind,
    /// In the paper's order. At least one.
    pub fields: Vec<FieldCode>,
    /// Of [`SlipKind::DigitDiffers`].
    pub digits: Option<DigitPair>,
}
