//! The first quarter of an hour with the app: what to do, step by step.

use crate::worded::worded;

worded! {
    /// The steps in order. A step is done when the app has seen what it asks for.
    FirstStep {
        /// The drill was joined, or practice alone was chosen.
        Join "join" {
            "Mulai latihan", "Start practising";
            "Pindai kode pelatih, atau pilih Latihan sendiri. Bingkai ungu berarti latihan: tidak ada yang dihitung.",
            "Scan the trainer's code, or choose to practise alone. The purple frame means practice: nothing counts.";
        }
        /// The first figure was typed.
        TypeFigures "type_figures" {
            "Ketik angka seperti di kertas", "Type the figures as on the paper";
            "Satu kotak demi satu kotak, dari atas ke bawah. Setiap ketikan langsung tersimpan.",
            "Field by field, from above to below. Every keystroke is saved at once.";
        }
        /// A field was marked as blank.
        MarkBlank "mark_blank" {
            "Tandai kotak kosong", "Mark a blank field";
            "Kotak yang dicoret atau kosong ditandai kosong, bukan nol.",
            "A field that is crossed or empty is marked as blank, not as zero.";
        }
        /// A finding was answered.
        AnswerFinding "answer_finding" {
            "Jawab temuan", "Answer a finding";
            "Lihat lagi kertasnya: perbaiki kalau salah ketik, nyatakan kalau kertasnya memang begitu.",
            "Look at the paper again: mend a slip, or confirm that the paper says so.";
        }
        /// Every page has a photo.
        Photograph "photograph" {
            "Foto setiap halaman", "Photograph every page";
            "Keempat sudut masuk, tulisan terbaca. Aplikasi memberi tahu kalau foto perlu diulang.",
            "All four corners in the picture, the writing legible. The app says when to take it again.";
        }
        /// The tally was sealed.
        Seal "seal" {
            "Segel", "Seal";
            "Sesudah disegel, isinya tidak berubah lagi; pembetulan menjadi catatan baru.",
            "After the seal it does not change any more; a correction is a new record.";
        }
        /// The state was seen that says that it arrived.
        SeeArrival "see_arrival" {
            "Lihat tanda terkirim", "See that it arrived";
            "Disegel: aman di HP. Diterima: sampai di pusat. Terkirim dan terbukti: HP ini sudah memeriksa buktinya.",
            "Sealed: safe on the phone. Accepted: it arrived. Sent and proved: this phone has checked the proof.";
        }
    }
}
