//! The traps that a sheet can have.

use crate::worded::worded;

worded! {
    /// What makes a sheet harder than a clean one.
    TrapKind {
        /// A sum on the paper is wrong. The witness types it as it stands, and confirms the finding.
        WrongSum "wrong_sum" {
            "Jumlah di kertas keliru", "A sum on the paper is wrong";
            "Tulis seperti di kertas, lalu nyatakan bahwa kertasnya memang begitu.",
            "Type what the paper says, then confirm that it says so.";
        }
        /// A digit was written over another, and a bubble crossed out.
        Correction "correction" {
            "Angka dibetulkan petugas", "A figure was corrected by the officers";
            "Yang berlaku adalah angka terakhir; cocokkan dengan tulisan hurufnya.",
            "The last digit counts; compare it with the number in words.";
        }
        /// Empty boxes are crossed, and zeros are not written.
        CrossedBoxes "crossed_boxes" {
            "Kotak dicoret", "Boxes are crossed";
            "Kotak yang dicoret seluruhnya adalah kosong, bukan nol.",
            "A field whose boxes are all crossed is blank, not zero.";
        }
        /// A digit is hard to read; the words beside it say what it is.
        UnclearDigit "unclear_digit" {
            "Angka sulit dibaca", "A digit is hard to read";
            "Cocokkan dengan tulisan hurufnya.", "Compare it with the number in words.";
        }
        /// A figure cannot be read at all, and is not written in words.
        Illegible "illegible" {
            "Angka tidak terbaca", "A figure cannot be read";
            "Nyatakan tidak terbaca, jangan menebak.", "Say that it is illegible; do not guess.";
        }
        /// A page is not among those that the witness is given.
        MissingPage "missing_page" {
            "Satu halaman tidak ada", "A page is missing";
            "Isi hanya yang tertulis; halaman yang tidak ada dibiarkan.",
            "Type only what is there; leave the missing page open.";
        }
        /// The light is bad for one photo.
        DarkPhoto "dark_photo" {
            "Foto gelap", "A dark photo";
            "Foto diulang dengan cahaya yang cukup.", "The photo is taken again with enough light.";
        }
        /// Something happens that the witness objects to.
        Objection "objection" {
            "Keberatan yang harus dicatat", "An objection to put on record";
            "Catat keberatan di aplikasi, dan minta ditulis di formulir.",
            "Record the objection in the app, and ask for it to be written on the form.";
        }
    }
}
