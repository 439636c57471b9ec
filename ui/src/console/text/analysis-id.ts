// The console's texts about projections, patterns, exports and dossiers, in Bahasa Indonesia.
import type { PatternKind } from "../../shared/generated/console";

export const analysisId = {
  "rail.analysis": "Analisis",
  "analysis.tabs": "Halaman analisis",
  "analysis.tab.projection": "Proyeksi",
  "analysis.tab.patterns": "Pola",
  "analysis.tab.exports": "Ekspor",

  "projection.title": "Proyeksi dari sampel TPS",
  "projection.no_sample": "Sampel belum diundi",
  "projection.no_sample_note": "Sampel diundi dengan perintah ini sebelum hari pemungutan suara.",
  "projection.arrived": "{arrived} dari {drawn} TPS sampel sudah masuk",
  "projection.drawn":
    "Diundi {moment} dengan kunci undian “{seed}”. Dengan kunci dan paket pemilu ini siapa pun mendapat TPS yang sama.",
  "projection.note":
    "Rentang memuat angka sebenarnya pada 95 dari 100 sampel, bila TPS yang belum masuk tidak berbeda dari yang sudah. Ini bukan hasil resmi, dan bukan jumlah suara yang masuk.",
  "projection.shares": "Perkiraan bagian suara",
  "projection.margin": "Jarak pertama dan kedua {margin} ({low} sampai {high})",
  "projection.choice": "Pilihan",
  "projection.share": "Perkiraan",
  "projection.interval": "Rentang 95%",
  "projection.counted": "Suara masuk",
  "projection.too_few": "Terlalu sedikit TPS sampel",
  "projection.too_few_note": "Perkiraan tampil setelah beberapa TPS sampel masuk.",
  "projection.strata": "Sampel per wilayah",
  "projection.region": "Wilayah",
  "projection.stations": "TPS",
  "projection.drawn_here": "Sampel",
  "projection.arrived_here": "Masuk",

  "patterns.title": "Pola yang perlu dilihat",
  "patterns.title_in": "Pola di {name}",
  "patterns.proves_nothing":
    "Pola tidak membuktikan apa pun. Setiap pola punya penjelasan biasa; buka TPS-nya dan lihat fotonya.",
  "patterns.examined": "{examined} dari {stations} TPS diperiksa",
  "patterns.too_large": "Pilih wilayah yang lebih kecil",
  "patterns.too_large_note": "{count, number} TPS terlalu banyak untuk diperiksa sekaligus.",
  "patterns.count": "{count, plural, =0 {tidak ada} other {# temuan}}",
  "patterns.show": "{count, plural, other {# temuan}}",
  "patterns.more": "dan {count, number} lagi",
  "patterns.below": "Wilayah di bawahnya",

  "pattern.same_figures": "Angka yang sama di dua TPS",
  "pattern.same_figures.may_mean":
    "Bisa jadi satu hasil tercatat untuk dua TPS, atau saksi salah memilih TPS. Angka kecil kadang memang sama.",
  "pattern.same_figures.row": "{first} isian sama di {count, number} TPS",
  "pattern.same_photo": "Foto yang sama di dua TPS",
  "pattern.same_photo.may_mean":
    "Bisa jadi foto dilampirkan ke TPS yang salah. Salah satunya bukan foto TPS itu.",
  "pattern.same_photo.row": "satu foto di {count, number} TPS",
  "pattern.page_of_another": "Halaman TPS lain",
  "pattern.page_of_another.may_mean":
    "Angka yang terbaca di foto sama dengan TPS lain di desa itu, bukan dengan TPS-nya. Bisa jadi saksi memotret kertas TPS sebelah.",
  "pattern.page_of_another.row": "{first} angka terbaca sama dengan TPS lain",
  "pattern.one_device": "Satu HP di beberapa TPS",
  "pattern.one_device.may_mean":
    "Bisa jadi satu saksi memang bertugas di beberapa TPS, atau HP dipinjam. Periksa penugasannya.",
  "pattern.one_device.row": "hasil {count, number} TPS dari satu HP",
  "pattern.sum_grew": "Jumlah resmi bertambah",
  "pattern.sum_grew.may_mean":
    "Jumlah suara resmi naik dari impor sebelumnya. Bisa jadi pembetulan yang sah; bandingkan dengan foto.",
  "pattern.sum_grew.row": "dari {first} menjadi {second}",
  "pattern.full_turnout": "Semua pemilih DPT datang",
  "pattern.full_turnout.may_mean":
    "Jarang terjadi, tetapi mungkin di TPS kecil atau TPS khusus. Bisa juga kolom yang sama disalin dua kali.",
  "pattern.full_turnout.row": "{first} pengguna dari {second} pemilih",
  "pattern.no_invalid": "Tanpa satu pun suara tidak sah",
  "pattern.no_invalid.may_mean":
    "Di TPS besar hampir selalu ada suara tidak sah. Bisa jadi kolomnya kosong di kertas atau tidak tercatat.",
  "pattern.no_invalid.row": "{first} suara sah",

  "digits.title": "Angka terakhir",
  "digits.may_mean":
    "Pada bilangan seratus ke atas, setiap angka terakhir muncul kira-kira sama sering. Ketimpangan bisa kebetulan, terutama bila banyak wilayah dilihat.",
  "digits.too_few": "Bilangan seratus ke atas masih terlalu sedikit untuk dihitung.",
  "digits.choice": "Pilihan",
  "digits.all": "Semua",
  "digits.probability": "Peluang kebetulan",

  "exports.title": "Ekspor",
  "exports.results": "Hasil setiap TPS: {contest}",
  "exports.everywhere": "Seluruh wilayah pemilihan",
  "exports.of_region": "Wilayah {region}",
  "exports.csv": "CSV",
  "exports.csv_note": "Satu baris per TPS, untuk tabel dan program.",
  "exports.xlsx": "Excel",
  "exports.xlsx_note": "Sama dengan CSV, dengan lembar nama pilihan.",
  "exports.nist": "NIST SP 1500-100",
  "exports.nist_note": "JSON baku untuk pertukaran hasil pemilu, versi 2.",
  "exports.note": "TPS yang belum masuk ditulis kosong, bukan nol. Setiap ekspor tercatat di audit.",

  "tokens.title": "Akses program lain",
  "tokens.note":
    "Dengan kunci ini program redaksi atau mitra membaca hasil, tanpa data orang dan tanpa mengubah apa pun.",
  "tokens.description": "Uraian semua alamat (JSON)",
  "tokens.name": "Dipakai oleh",
  "tokens.add": "Buat kunci",
  "tokens.once": "Salin sekarang: kunci ini tidak ditampilkan lagi.",
  "tokens.made": "Dibuat",
  "tokens.used": "Terakhir dipakai",
  "tokens.revoke": "Cabut",
  "tokens.revoke_confirm": "Cabut kunci {name}",
  "tokens.revoked": "dicabut",
  "tokens.none": "Belum ada kunci.",

  "dossier.make": "Buat berkas bukti",
  "dossier.make_several": "Buat berkas bukti {count, number} TPS",
  "dossier.names": "Sertakan nama saksi",
  "dossier.note": "PDF dan file bukti dalam satu ZIP, untuk pengawas atau sidang.",

  "receiving.begins": "Menyiapkan…",
  "receiving.bytes": "{size} diterima",
  "receiving.rows": "{rows} dari {of} TPS, {size}",
  "receiving.done": "{name} sudah diunduh",
} as const satisfies Record<string, string> & Record<`pattern.${PatternKind}`, string>;
