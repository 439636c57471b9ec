//! What to look for next.

use std::collections::BTreeMap;

use super::{Judged, JudgedCheck, Objecting, PhotoGrade};
use crate::slip::{Slip, SlipKind};
use crate::worded::worded;

/// Maximum number of lessons after one exercise. More would not be remembered.
const LESSONS_MAX: usize = 3;

worded! {
    /// What to look for in the next exercise. Where two are needed as often, the earlier one comes first.
    Lesson {
        /// The paper is right even when it is wrong.
        PaperIsRight "paper_is_right" {
            "Kertas selalu benar", "The paper is always right";
            "Ketik persis seperti di kertas, juga jumlah yang keliru, lalu nyatakan.",
            "Type exactly what the paper says, wrong sums too, then confirm.";
        }
        /// Look again before confirming.
        LookAgain "look_again" {
            "Lihat kertas sebelum menyatakan", "Look before you confirm";
            "Temuan biasanya berasal dari salah ketik: periksa dulu setiap angka yang disebut.",
            "A finding mostly comes from a slip of the finger: first check each figure that it names.";
        }
        /// Keep the row.
        KeepTheRow "keep_the_row" {
            "Jaga barisnya", "Keep the row";
            "Letakkan jari atau penggaris di baris yang sedang dibaca, dan cocokkan nomornya.",
            "Keep a finger or ruler on the row that you read, and compare its number.";
        }
        /// Digit by digit.
        DigitByDigit "digit_by_digit" {
            "Baca angka satu per satu", "Read digit by digit";
            "Bacakan setiap angka dengan suara, lalu cocokkan dengan tulisan hurufnya.",
            "Read each digit aloud, then compare it with the number in words.";
        }
        /// Blank is not zero.
        BlankIsNotZero "blank_is_not_zero" {
            "Kosong bukan nol", "Blank is not zero";
            "Kotak kosong atau dicoret ditandai kosong; nol hanya kalau tertulis nol.",
            "Mark an empty or crossed field as blank; type zero only where zero is written.";
        }
        /// Nothing is guessed.
        DoNotGuess "do_not_guess" {
            "Jangan menebak", "Do not guess";
            "Yang tidak terbaca dinyatakan tidak terbaca; yang tidak ada dibiarkan.",
            "Say that a figure is illegible; leave open what is not there.";
        }
        /// All fields.
        Finish "finish" {
            "Isi sampai selesai", "Fill in everything";
            "Sebelum menyegel, lihat daftar kotak yang belum diisi.",
            "Before you seal, look at the list of fields that are not typed.";
        }
        /// All pages.
        AllPages "all_pages" {
            "Foto semua halaman", "Photograph all pages";
            "Hitung halamannya sebelum menyegel.", "Count the pages before you seal.";
        }
        /// Light and a steady hand.
        GoodPhotos "good_photos" {
            "Foto yang terang dan tajam", "Bright and sharp photos";
            "Cari cahaya, tahan HP dengan dua tangan, keempat sudut masuk.",
            "Find light, hold the phone with both hands, with all four corners in the picture.";
        }
        /// Objections are recorded.
        Object "object" {
            "Catat keberatan", "Record objections";
            "Keberatan dicatat di aplikasi pada golongannya, dan diminta ditulis di formulir.",
            "Record an objection in the app in its category, and ask for it to be written on the form.";
        }
    }
}

pub(super) fn look_for(
    slips: &[Slip],
    checks: &[JudgedCheck],
    photos: &PhotoGrade,
    objecting: Objecting,
) -> Vec<Lesson> {
    let of_objection = matches!(objecting, Objecting::Missed | Objecting::OtherCategory);
    let lessons = slips
        .iter()
        .map(|slip| of_slip(slip.kind))
        .chain(checks.iter().filter_map(|check| of_check(check.judged)))
        .chain(photos.missing.iter().map(|_| Lesson::AllPages))
        .chain(photos.poor.iter().map(|_| Lesson::GoodPhotos))
        .chain(of_objection.then_some(Lesson::Object));
    let mut counts: BTreeMap<Lesson, usize> = BTreeMap::new();
    for lesson in lessons {
        *counts.entry(lesson).or_default() += 1;
    }
    let mut counts: Vec<(Lesson, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(lesson, count)| (std::cmp::Reverse(*count), *lesson));
    counts.into_iter().map(|(lesson, _)| lesson).take(LESSONS_MAX).collect()
}

fn of_slip(kind: SlipKind) -> Lesson {
    use SlipKind as K;
    match kind {
        K::RowSkipped
        | K::RowShifted
        | K::ListsSwapped
        | K::RowsSwapped
        | K::ColumnsSwapped
        | K::OtherRow
        | K::PutIntoBlank => Lesson::KeepTheRow,
        K::OwnSum => Lesson::PaperIsRight,
        K::NotTyped => Lesson::Finish,
        K::ZeroForBlank | K::BlankForZero | K::LeftBlank => Lesson::BlankIsNotZero,
        K::NoSuchPage | K::Guessed => Lesson::DoNotGuess,
        K::CalledIllegible
        | K::DigitsSwapped
        | K::DigitDiffers
        | K::DigitDropped
        | K::DigitAdded
        | K::OtherNumber => Lesson::DigitByDigit,
    }
}

fn of_check(judged: Judged) -> Option<Lesson> {
    match judged {
        Judged::Confirmed => None,
        Judged::MendedNotConfirmed => Some(Lesson::PaperIsRight),
        Judged::ConfirmedNotMended | Judged::NotAnswered => Some(Lesson::LookAgain),
    }
}
