// Texts of both programs in Bahasa Indonesia: the source. ICU messages.
import { id as practice } from "../generated/practice";
import type { ProblemCode } from "../generated/witness";

/** Refusals whose text depends on the audience: each program has its own. */
export type OwnProblem = "forbidden";

export const id = {
  ...practice,

  "time.implausible": "waktu tidak masuk akal",
  "time.by_device": "{time} jam HP",

  "broken.title": "Bagian ini tidak bisa ditampilkan",
  "broken.note": "Datanya tetap tersimpan; bagian lain di layar ini tidak terganggu.",
  "broken.retry": "Coba tampilkan lagi",
  "broken.particulars": "Rincian untuk teknisi",

  "problem.request_malformed": "Pusat tidak dapat membaca permintaan ini.",
  "problem.request_timeout": "Kirimannya terlalu lama sampai di pusat.",
  "problem.statement_malformed": "Pusat tidak dapat membaca catatan ini.",
  "problem.statement_unsupported": "Pusat belum mengenal jenis catatan ini.",
  "problem.signature_invalid": "Tanda tangannya tidak cocok dengan isinya.",
  "problem.device_unknown": "HP ini belum terdaftar di pusat.",
  "problem.election_wrong": "Ini milik pemilihan lain, atau latihan terkirim ke hasil sungguhan.",
  "problem.station_unknown": "TPS ini tidak ada dalam daftar di pusat.",
  "problem.contest_unknown": "Jenis pemilihan ini tidak ada dalam daftar di pusat.",
  "problem.round_unknown": "Putaran penghitungan ini belum dikenal di pusat.",
  "problem.figures_unfit": "Angkanya tidak sesuai dengan formulir di pusat.",
  "problem.body_too_long": "Kirimannya lebih besar daripada yang diterima pusat.",
  "problem.batch_too_long": "Terlalu banyak sekaligus.",
  "problem.photo_unknown": "Pusat belum menerima catatan untuk foto ini.",
  "problem.photo_not_an_image": "Berkas ini tidak dapat dibuka sebagai foto.",
  "problem.photo_too_large": "Foto ini terlalu besar untuk pusat.",
  "problem.photo_hash_mismatch": "Isi foto tidak cocok dengan sidik jarinya.",
  "problem.photo_offset_wrong": "Potongan foto tidak menyambung.",
  "problem.invitation_unknown": "Undangan ini tidak dikenal.",
  "problem.invitation_used": "Undangan ini sudah dipakai HP lain.",
  "problem.invitation_expired": "Undangan ini sudah kedaluwarsa.",
  "problem.invitation_withdrawn": "Undangan ini sudah ditarik.",
  "problem.proof_invalid": "HP ini tidak dapat membuktikan kuncinya.",
  "problem.import_unreadable":
    "Berkas ini bukan titipan yang utuh, atau fotonya tidak memuat kode QR yang terbaca.",
  "problem.login_failed": "Nama pengguna dan kata sandi tidak cocok.",
  "problem.login_needed": "Pusat meminta masuk dulu.",
  "problem.account_refused":
    "Akun tidak bisa diubah begitu: periksa nama, wilayah, dan bahwa masih ada admin lain.",
  "problem.second_factor_needed": "Akun ini juga perlu kode dari aplikasi autentikator.",
  "problem.second_factor_wrong": "Kodenya salah atau sudah pernah dipakai.",
  "problem.password_change_needed": "Pilih kata sandi sendiri dulu.",
  "problem.second_factor_setup_needed": "Aktifkan verifikasi dua langkah dulu.",
  "problem.person_refused": "Data ini tidak bisa disimpan.",
  "problem.person_changed": "Orang lain baru saja mengubah data ini.",
  "problem.person_duplicate": "Orang ini sudah tercatat.",
  "problem.mandate_full": "Peserta ini sudah punya dua saksi di TPS itu.",
  "problem.import_faulty": "Ada kesalahan dalam berkas. Tidak ada yang disimpan.",
  "problem.review_key_unknown":
    "Kunci tanda tangan peramban ini tidak dikenal atau sudah dicabut. Buat kunci baru, lalu putuskan lagi.",
  "problem.review_key_out_of_place": "Jendela lain menandatangani lebih dulu. Coba sekali lagi.",
  "problem.import_state_wrong": "Impor ini sudah berada di langkah lain.",
  "problem.incident_changed": "Orang lain baru saja menangani kejadian ini.",
  "problem.message_refused": "Pesan tidak bisa dikirim begitu: periksa isi dan wilayahnya.",
  "problem.not_found": "Pusat tidak mengenal alamat ini.",
  "problem.too_many_requests": "Terlalu banyak permintaan dalam waktu singkat.",
  "problem.quota_exceeded": "HP ini sudah mencapai batas kiriman untuk penugasannya.",
  "problem.store_unavailable": "Pusat sedang tidak dapat menyimpan apa pun.",
  "problem.busy": "Pusat sedang kewalahan.",
  "problem.internal": "Pusat sedang ada gangguan.",
} as const satisfies Readonly<Record<`problem.${Exclude<ProblemCode, OwnProblem>}`, string>> &
  Readonly<Record<string, string>>;

/** The keys of these texts. */
export type SharedKey = keyof typeof id;
