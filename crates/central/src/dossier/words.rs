//! The words of the dossier, in Indonesian.

use evidence::{AttendanceEvent, Body, IncidentCategory};
use protocol::Decision;
use tally::{Figure, Localized, Severity};

use crate::model::official::Shape;
use crate::view::{Signature, Standing};

/// What the archive says about itself.
pub(super) const READ_ME: &str = "\
Berkas bukti Saksi
==================

Isi:
  berkas-*.pdf    angka, foto, pemeriksaan, garis waktu, dan sidik jari pernyataan
  saksi-*.saksi   bukti asli setiap TPS: pernyataan yang ditandatangani HP saksi, tanda terima
                  catatan bukti, dan foto
  SHA256SUMS      sidik jari SHA-256 setiap file di atas

Cara memeriksa tanpa mempercayai server:
  1. sha256sum -c SHA256SUMS
  2. saksi-verify saksi-*.saksi

saksi-verify memeriksa setiap tanda tangan, urutan catatan setiap HP, dan tanda terima, lalu
menampilkan sidik jari kunci catatan bukti. Cocokkan sidik jari itu dengan yang dicatat posko
sebelum pemungutan suara.

Berkas ini dibuat dari keadaan catatan bukti yang tertulis di PDF. Keadaan yang sama menghasilkan
berkas yang sama, bita demi bita.
";

pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Verified => "Diverifikasi koordinator",
        Standing::Corroborated => "Dikuatkan: saksi yang berbeda mencatat angka yang sama",
        Standing::Provisional => "Sementara: dari satu saksi",
        Standing::Conflicting => "Bertentangan: saksi mencatat angka yang berbeda; tidak dihitung",
        Standing::Missing => "Belum ada hasil saksi",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Fault => "Kesalahan",
        Severity::Warning => "Peringatan",
    }
}

pub(super) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Verified => "sah",
        Decision::Disputed => "disengketakan",
        Decision::Withdrawn => "putusan dibatalkan",
    }
}

/// Whether a verdict is signed, and by which key.
pub(super) fn signature(signature: Signature, key: Option<&str>) -> String {
    let key = key.and_then(|key| key.get(..8)).unwrap_or_default();
    match signature {
        Signature::Signed => format!("ditandatangani dengan kunci {key}"),
        Signature::Unsigned => "tanpa tanda tangan".into(),
        Signature::Forged => "tanda tangan tidak cocok: catatan ini diubah di basis data".into(),
    }
}

pub(super) fn attendance(event: AttendanceEvent) -> &'static str {
    match event {
        AttendanceEvent::Arrived => "Tiba di TPS",
        AttendanceEvent::Left => "Meninggalkan TPS",
        AttendanceEvent::NotAdmitted => "Di TPS, tetapi tidak diizinkan masuk",
    }
}

pub(super) fn incident(category: IncidentCategory) -> &'static str {
    use IncidentCategory as Of;
    match category {
        Of::Objection => "Keberatan saksi",
        Of::FiguresChanged => "Angka diubah atau berbeda",
        Of::CopyWithheld => "Salinan tidak diberikan",
        Of::WitnessHindered => "Saksi dihalangi",
        Of::TimeOrPlace => "Waktu atau tempat",
        Of::Material => "Surat suara, tinta, atau formulir",
        Of::BallotTampering => "Surat suara atau kotak suara",
        Of::VoterRights => "Hak pilih",
        Of::Inducement => "Uang atau barang",
        Of::Intimidation => "Ancaman atau tekanan",
        Of::Neutrality => "Petugas tidak netral",
        Of::Violence => "Kekerasan",
        Of::Disaster => "Bencana, cuaca, atau listrik",
        Of::Other => "Lain-lain",
    }
}

/// What a difference looks like; never why.
pub(super) fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Swapped => "dua pilihan saling tertukar angkanya",
        Shape::ShiftedRow => "angka bergeser satu baris",
        Shape::CandidateToParty => "suara calon pindah ke partainya",
        Shape::PartyToCandidate => "suara partai pindah ke calonnya",
        Shape::SameSize => "yang satu bertambah sebanyak yang lain berkurang",
        Shape::InvalidToValid => "suara tidak sah menjadi suara sah",
        Shape::ValidToInvalid => "suara sah menjadi suara tidak sah",
        Shape::OneDigit => "satu angka berbeda",
        Shape::OneFigure => "satu bilangan berbeda",
        Shape::Other => "belum jelas",
    }
}

/// The kind of a statement.
pub(super) fn kind(body: &Body) -> String {
    match body {
        Body::Tally(tally) if tally.supersedes.is_some() => format!("Pembetulan hasil {}", tally.contest),
        Body::Tally(tally) => format!("Hasil {}", tally.contest),
        Body::Photo(photo) => format!("Foto halaman {}", photo.page),
        Body::Attendance(_) => "Kehadiran".into(),
        Body::Incident(_) => "Kejadian".into(),
        Body::Drill(_) => "Hasil latihan".into(),
        Body::Audit(_) => "Keadaan audit".into(),
        Body::Verdict(_) => "Putusan".into(),
        Body::Correction(_) => "Pembetulan".into(),
    }
}

pub(super) fn figure(figure: Option<Figure>) -> String {
    match figure {
        None => "–".into(),
        Some(Figure::Written(value)) => Localized::number(u64::from(value)).id,
        Some(Figure::Blank) => "kosong".into(),
        Some(Figure::Illegible) => "tak terbaca".into(),
    }
}

/// A difference, with its sign.
pub(super) fn difference(of: i64) -> String {
    let size = Localized::number(of.unsigned_abs()).id;
    match of {
        0 => size,
        _ if of > 0 => format!("+{size}"),
        _ => format!("−{size}"),
    }
}
