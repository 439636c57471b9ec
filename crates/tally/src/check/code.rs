//! The one table of the checks: each code with its rule, its texts to the witness and its text to the
//! coordinator.

use serde::{Deserialize, Serialize};

use crate::check::Severity;
use crate::text::Localized;

/// A text of the table in both languages. Names in braces stand for what a finding fills in:
///
/// | name | stands for |
/// | --- | --- |
/// | `{at}` | the code of the row or field concerned |
/// | `{fields}` | the codes of all fields concerned |
/// | `{count}` | how many fields that are |
/// | `{left}`, `{right}` | the totals of the two sides |
/// | `{left_label}`, `{right_label}` | what the two sides are |
/// | `{difference}` | how far they are apart |
/// | `{candidates}` | "ketiga pasangan", "the three pairs": whom the contest's votes are for |
/// | `{one}` | "calon" or "partai", "candidate" or "party": one of those |
/// | `{list}` | the heading of the list concerned: its party's number and name |
/// | `{reserve}` | the package's reserve of ballots: "2%" |
/// | `{here}`, `{other}` | the short titles of two contests |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// Bahasa Indonesia.
    pub id: &'static str,
    /// English.
    pub en: &'static str,
}

impl Wording {
    /// The text with its names in braces replaced by `facts`.
    pub(super) fn fill(self, facts: &[(&str, Localized)]) -> Localized {
        let mut text = Localized::new(self.id, self.en);
        for (name, fact) in facts {
            let name = format!("{{{name}}}");
            text.id = text.id.replace(&name, &fact.id);
            text.en = text.en.replace(&name, &fact.en);
        }
        text
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The check.
    pub code: CheckCode,
    /// Fault or warning.
    pub severity: Severity,
    /// What it looks for.
    pub rule: Wording,
    /// One line for the witness.
    pub title: Wording,
    /// What the witness should do.
    pub advice: Wording,
    /// One line for the coordinator.
    pub for_coordinator: Wording,
}

/// For a fault: look again, then either mend a slip of the finger or leave it and say so.
const LOOK_AGAIN: Wording = Wording {
    id: "Lihat lagi kertasnya. Kalau salah ketik, perbaiki. Kalau kertasnya memang begitu, biarkan dan nyatakan.",
    en: "Look at the paper again. If it was mistyped, mend it. If the paper does say so, leave it and confirm.",
};

/// For a warning: a glance is enough.
const A_GLANCE: Wording = Wording {
    id: "Cukup dicek dengan kertasnya, tidak perlu dijawab.",
    en: "A glance at the paper is enough; there is nothing to answer.",
};

/// For papers of one station that differ: one of both is mistyped or miswritten, or something explains it.
const COMPARE_PAPERS: Wording = Wording {
    id: "Bandingkan kedua kertasnya. Kalau salah ketik, perbaiki. Kalau kertasnya memang begitu, biarkan.",
    en: "Compare both papers. If one was mistyped, mend it. If the papers do say so, leave it.",
};

macro_rules! checks {
    ($($code:ident $severity:ident {
        rule: $rule_id:literal, $rule_en:literal;
        title: $title_id:literal, $title_en:literal;
        advice: $advice:expr;
        coordinator: $coordinator_id:literal, $coordinator_en:literal;
    })+) => {
        /// A check's code: `F…` for faults, `W…` for warnings; the first digit is the part of the form: 1
        /// voters, users of the vote and the form as a whole, 2 ballots, 3 across the parts, 4 votes, 5
        /// across the papers of one station.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum CheckCode {
            $(#[doc = $rule_en] $code,)+
        }

        impl CheckCode {
            /// All checks, faults first.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The code as people see it, for instance `F401`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)+ }
            }

            /// Its row in the table.
            pub fn rule(self) -> &'static Rule {
                match self { $(Self::$code => const { &Rule {
                    code: CheckCode::$code,
                    severity: Severity::$severity,
                    rule: Wording { id: $rule_id, en: $rule_en },
                    title: Wording { id: $title_id, en: $title_en },
                    advice: $advice,
                    for_coordinator: Wording { id: $coordinator_id, en: $coordinator_en },
                } },)+ }
            }
        }
    };
}

checks! {
    F101 Fault {
        rule: "Jumlah (J) = laki-laki (L) + perempuan (P), pada setiap baris.",
              "Both (J) = men (L) + women (P), in every row.";
        title: "{at}: jumlah tidak sama dengan laki-laki ditambah perempuan",
               "{at}: the sum is not men plus women";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "{at}: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F102 Fault {
        rule: "Semua pengguna hak pilih = pengguna dari DPT + pindah memilih + tidak terdaftar, pada setiap kolom.",
              "All users of the vote = users from the DPT + who moved + who are on no list, in every column.";
        title: "{at}: jumlah pengguna hak pilih tidak sama dengan rinciannya",
               "{at}: all users of the vote is not the sum of its rows";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "{at}: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F103 Fault {
        rule: "Semua pemilih = pemilih DPT + pindah memilih + tidak terdaftar, pada setiap kolom.",
              "All voters = voters of the DPT + who moved + who are on no list, in every column.";
        title: "{at}: jumlah pemilih tidak sama dengan rinciannya",
               "{at}: all voters is not the sum of its rows";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "{at}: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F104 Fault {
        rule: "Pengguna hak pilih dari suatu daftar (DPT, pindah memilih, tidak terdaftar) ≤ pemilih dalam daftar itu, pada \
               setiap kolom.",
              "Users of the vote from a list (DPT, moved, unlisted) ≤ voters on that list, in every column.";
        title: "{at}: pengguna lebih banyak daripada pemilih dalam daftarnya",
               "{at}: more users than voters on their list";
        advice: LOOK_AGAIN;
        coordinator: "{at}: pengguna {left}, pemilih dalam daftar {right} ({right_label}), lebih {difference}.",
                     "{at}: {left} users, {right} voters on the list ({right_label}), {difference} more.";
    }
    F105 Fault {
        rule: "Pemilih disabilitas yang menggunakan hak pilih ≤ semua pengguna hak pilih, pada setiap kolom.",
              "Voters with a disability who used their vote ≤ all users of the vote, in every column.";
        title: "{at}: pengguna disabilitas lebih banyak daripada semua pengguna",
               "{at}: more users with a disability than users";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} {left}, {right_label} {right}, lebih {difference}.",
                     "{at}: {left_label} {left}, {right_label} {right}, {difference} more.";
    }
    F106 Fault {
        rule: "Pemilih disabilitas yang menggunakan hak pilih ≤ pemilih disabilitas terdaftar, pada setiap kolom.",
              "Voters with a disability who used their vote ≤ registered voters with a disability, in every column.";
        title: "{at}: pengguna disabilitas lebih banyak daripada yang terdaftar",
               "{at}: more users with a disability than registered";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} {left}, {right_label} {right}, lebih {difference}.",
                     "{at}: {left_label} {left}, {right_label} {right}, {difference} more.";
    }
    F201 Fault {
        rule: "Surat suara diterima = digunakan + dikembalikan + tidak digunakan.",
              "Ballots received = used + returned + unused.";
        title: "Surat suara diterima tidak sama dengan rinciannya",
               "Ballots received is not the sum of what became of them";
        advice: LOOK_AGAIN;
        coordinator: "Surat suara: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "Ballots: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F202 Fault {
        rule: "Tidak ada pengguna atau suara, juga suara partai dan calonnya, yang melebihi surat suara diterima.",
              "No figure of users or votes, those of parties and their candidates included, is above the ballots received.";
        title: "Ada angka yang melebihi surat suara diterima",
               "A figure is above the ballots received";
        advice: LOOK_AGAIN;
        coordinator: "{left_label} {left}, surat suara diterima {right}, lebih {difference}.",
                     "{left_label} {left}, ballots received {right}, {difference} more.";
    }
    F203 Fault {
        rule: "Surat suara tidak digunakan = jumlah rinciannya, pada formulir yang merincinya (pos).",
              "Ballots not used = the sum of their kinds, on a form that has them (votes by post).";
        title: "Surat suara tidak digunakan tidak sama dengan rinciannya",
               "Ballots not used is not the sum of its rows";
        advice: LOOK_AGAIN;
        coordinator: "Surat suara tidak digunakan: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "Ballots not used: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F301 Fault {
        rule: "Semua pengguna hak pilih = surat suara digunakan. Tidak disebut bila sudah jelas dari F302.",
              "All users of the vote = ballots used. Left out where it follows from F302.";
        title: "Pengguna hak pilih tidak sama dengan surat suara digunakan",
               "Users of the vote and ballots used differ";
        advice: LOOK_AGAIN;
        coordinator: "{left_label} {left}, {right_label} {right}, selisih {difference}.",
                     "{left_label} {left}, {right_label} {right}, {difference} apart.";
    }
    F302 Fault {
        rule: "Semua pengguna hak pilih = suara sah + tidak sah (V.C; bila V.C tak bertulisan, V.A + V.B).",
              "All users of the vote = valid + invalid votes (V.C; where V.C has no figure, V.A + V.B).";
        title: "Pengguna hak pilih tidak sama dengan semua suara",
               "Users of the vote and all votes differ";
        advice: LOOK_AGAIN;
        coordinator: "{left_label} {left}, {right_label} {right}, selisih {difference}.",
                     "{left_label} {left}, {right_label} {right}, {difference} apart.";
    }
    F303 Fault {
        rule: "Surat suara digunakan = semua suara. Hanya bila jumlah pengguna hak pilih tidak ada.",
              "Ballots used = all votes. Only where there is no figure of all users of the vote.";
        title: "Surat suara digunakan tidak sama dengan semua suara",
               "Ballots used and all votes differ";
        advice: LOOK_AGAIN;
        coordinator: "{left_label} {left}, {right_label} {right}, selisih {difference}.",
                     "{left_label} {left}, {right_label} {right}, {difference} apart.";
    }
    F401 Fault {
        rule: "Suara sah = jumlah suara semua calon; pada surat suara partai, jumlah B semua partai.",
              "Valid votes = the votes of all candidates; on a paper of lists, of all parties' B.";
        title: "Suara sah tidak sama dengan jumlah suara {candidates}",
               "Valid votes is not the sum of {candidates}";
        advice: LOOK_AGAIN;
        coordinator: "Suara sah: {left_label} {left}, {right_label} {right}, selisih {difference}.",
                     "Valid votes: {left_label} {left}, {right_label} {right}, {difference} apart.";
    }
    F402 Fault {
        rule: "Semua suara = suara sah + suara tidak sah.",
              "All votes = valid votes + invalid votes.";
        title: "Semua suara tidak sama dengan suara sah ditambah tidak sah",
               "All votes is not valid plus invalid";
        advice: LOOK_AGAIN;
        coordinator: "Semua suara: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "All votes: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F403 Fault {
        rule: "Jumlah suara partai dan calonnya (B) = suara partai (A.1) + suara semua calonnya (A.2), pada setiap partai.",
              "Votes of a party and its candidates (B) = the party's own (A.1) + all its candidates' (A.2), in every list.";
        title: "{list}: B tidak sama dengan suara partai ditambah suara calon",
               "{list}: B is not the party's own votes plus its candidates'";
        advice: LOOK_AGAIN;
        coordinator: "{list}: {left_label} {left}, {right_label} {right}, selisih {difference}.",
                     "{list}: {left_label} {left}, {right_label} {right}, {difference} apart.";
    }
    W101 Warning {
        rule: "Setiap isian yang diminta sudah diketik, dinyatakan kosong, atau dinyatakan tak terbaca.",
              "Every field that is asked for was typed, or said to be blank or illegible.";
        title: "{count} isian belum diketik",
               "Not typed yet: {count}";
        advice: Wording {
            id: "Lengkapi kalau kertasnya ada. Kotak kosong ditandai kosong; yang tak jelas ditandai tak terbaca.",
            en: "Complete them while the paper is there. Mark empty boxes as blank, unclear ones as illegible.",
        };
        coordinator: "{count} isian tidak diketik saksi: {fields}.",
                     "Not typed by the witness: {count} ({fields}).";
    }
    W102 Warning {
        rule: "Isian jumlah tidak kosong (B hanya bila ada rinciannya), dan tidak ada isian kosong yang membuat suatu jumlah \
               kurang.",
              "No total is blank (B only where its list has votes), and no blank field leaves a sum short.";
        title: "Kosong di kertas, padahal dibutuhkan: {fields}",
               "Blank on paper though needed: {fields}";
        advice: A_GLANCE;
        coordinator: "Kosong di kertas, padahal dibutuhkan: {fields}. Jumlah yang memuatnya tidak dapat diperiksa.",
                     "Blank on paper though needed: {fields}. Sums with them cannot be checked.";
    }
    W103 Warning {
        rule: "Pemilih DPT dan pengguna hak pilih ≤ batas pemilih TPS, KSK, atau pos menurut paket pemilu.",
              "Voters of the DPT and users of the vote ≤ the most that the package allows at a station of this kind.";
        title: "{at}: {left}, di atas batas pemilih menurut aturan ({right})",
               "{at}: {left}, above the legal limit of voters ({right})";
        advice: A_GLANCE;
        coordinator: "{at}: {left}, batas menurut aturan {right}, lebih {difference}.",
                     "{at}: {left}, legal limit {right}, {difference} more.";
    }
    W104 Warning {
        rule: "Semua pengguna hak pilih ≤ pemilih DPT + cadangan (2 % atau 2,5 % menurut paket, dibulatkan ke atas), \
               sebanyak surat suara yang dikirim.",
              "All users of the vote ≤ voters of the DPT + the reserve (2 % or 2.5 % as the package says, rounded up), as \
               many as the ballots that are sent.";
        title: "Pengguna hak pilih melebihi DPT ditambah cadangan {reserve}",
               "More users of the vote than DPT plus the {reserve} reserve";
        advice: A_GLANCE;
        coordinator: "Pengguna hak pilih {left}, DPT ditambah {reserve} {right}, lebih {difference}.",
                     "Users of the vote {left}, DPT plus {reserve} {right}, {difference} more.";
    }
    W105 Warning {
        rule: "Setiap isian terbaca.",
              "Every field is legible.";
        title: "Tak terbaca: {fields}",
               "Illegible: {fields}";
        advice: Wording {
            id: "Kalau bisa, minta KPPS menunjukkan angkanya, dan foto bagian itu dari dekat.",
            en: "If you can, ask the KPPS to show the figure, and photograph that part from near.",
        };
        coordinator: "Dinyatakan tak terbaca oleh saksi: {fields}. Lihat fotonya.",
                     "Said to be illegible by the witness: {fields}. See the photo.";
    }
    W106 Warning {
        rule: "Tidak semua angka yang tertulis 0. Kertas seperti itu bukan hasil hitung.",
              "Not every written figure is 0. Such a paper is not the result of a count.";
        title: "Semua angka yang diketik 0",
               "Every figure typed is 0";
        advice: Wording {
            id: "Apakah kertasnya memang berisi angka 0? Kotak yang kosong atau disilang ditandai kosong, bukan 0.",
            en: "Does the paper really say 0? Boxes that are empty or crossed are marked as blank, not 0.",
        };
        coordinator: "Semua angka 0: bukan hasil hitung. Lihat fotonya, atau minta saksi mengirim hasil yang benar.",
                     "Every figure is 0: not the result of a count. See the photo, or ask the witness for the real one.";
    }
    W201 Warning {
        rule: "Surat suara diterima = pemilih DPT + cadangan menurut paket, dibulatkan ke atas: 2 % pada pemilu (UU 7/2017 \
               pasal 344 ayat 2), 2,5 % pada pilkada (UU 1/2015 pasal 80).",
              "Ballots received = voters of the DPT + the package's reserve, rounded up: 2 % in a general election (Law \
               7/2017, article 344 paragraph 2), 2.5 % in a Pilkada (Law 1/2015, article 80).";
        title: "Surat suara diterima tidak sama dengan DPT ditambah cadangan {reserve}",
               "Ballots received is not DPT plus the {reserve} reserve";
        advice: A_GLANCE;
        coordinator: "Surat suara diterima {left}, DPT ditambah {reserve} {right}, selisih {difference}.",
                     "Ballots received {left}, DPT plus {reserve} {right}, {difference} apart.";
    }
    W202 Warning {
        rule: "Surat suara dikembalikan ≤ 10, atau ≤ 5 % dari yang diterima.",
              "Ballots returned ≤ 10, or ≤ 5 % of those received.";
        title: "Surat suara dikembalikan banyak: {left} dari {right}",
               "Many ballots returned: {left} of {right}";
        advice: Wording {
            id: "Cek apakah baris dikembalikan dan tidak digunakan tertukar saat mengetik. Tidak perlu dijawab.",
            en: "See whether returned and unused were swapped while typing. There is nothing to answer.",
        };
        coordinator: "Surat suara dikembalikan {left} dari {right} yang diterima.",
                     "Ballots returned: {left} of {right} received.";
    }
    W301 Warning {
        rule: "Tidak semua pemilih DPT hadir, bila pemilihnya 50 atau lebih.",
              "Not every voter of the DPT came, where they are 50 or more.";
        title: "Semua pemilih DPT tercatat hadir: {left}",
               "Every voter of the DPT is recorded as present: {left}";
        advice: Wording {
            id: "Cek apakah angka DPT terketik di baris pengguna. Tidak perlu dijawab.",
            en: "See whether the DPT's figure was typed in the row of users. There is nothing to answer.",
        };
        coordinator: "Kehadiran 100%: {left_label} dan {right_label} sama-sama {left}.",
                     "Turnout 100%: {left_label} and {right_label} are both {left}.";
    }
    W401 Warning {
        rule: "Suara tidak sah ≤ 10, atau ≤ 15 % dari semua suara.",
              "Invalid votes ≤ 10, or ≤ 15 % of all votes.";
        title: "Suara tidak sah banyak: {left} dari {right}",
               "Many invalid votes: {left} of {right}";
        advice: A_GLANCE;
        coordinator: "Suara tidak sah {left} dari {right} suara.",
                     "Invalid votes: {left} of {right}.";
    }
    W402 Warning {
        rule: "Suara sah tidak semuanya untuk satu calon atau satu partai, bila ada 30 suara sah atau lebih.",
              "Valid votes are not all for one candidate or one party, where they are 30 or more.";
        title: "Semua suara sah untuk satu {one} ({at}): {left}",
               "All valid votes are for one {one} ({at}): {left}";
        advice: A_GLANCE;
        coordinator: "Semua {left} suara sah untuk satu {one} ({at}).",
                     "All {left} valid votes are for one {one} ({at}).";
    }
    W501 Warning {
        rule: "Pemilih DPT sama pada semua surat suara satu TPS.",
              "Voters of the DPT are the same on all papers of a station.";
        title: "{at}: DPT {left} di sini, {right} di kertas {other}",
               "{at}: DPT {left} here, {right} on the paper {other}";
        advice: COMPARE_PAPERS;
        coordinator: "DPT {left} di kertas {here}, {right} di kertas {other}, selisih {difference}.",
                     "DPT {left} on the paper {here}, {right} on the paper {other}, {difference} apart.";
    }
    W502 Warning {
        rule: "Pengguna hak pilih dari DPT sama pada semua surat suara satu TPS: mereka menerima semuanya.",
              "Users of the vote from the DPT are the same on all papers of a station: they receive all of them.";
        title: "{at}: pengguna dari DPT {left} di sini, {right} di kertas {other}",
               "{at}: {left} users from the DPT here, {right} on the paper {other}";
        advice: COMPARE_PAPERS;
        coordinator: "Pengguna dari DPT {left} di kertas {here}, {right} di kertas {other}, selisih {difference}.",
                     "Users from the DPT: {left} on the paper {here}, {right} on the paper {other}, {difference} apart.";
    }
    W503 Warning {
        rule: "Pengguna hak pilih yang tidak terdaftar (datang dengan KTP-el) sama pada semua surat suara satu TPS.",
              "Users of the vote who are on no list (they came with an e-KTP) are the same on all papers of a station.";
        title: "{at}: pengguna tidak terdaftar {left} di sini, {right} di kertas {other}",
               "{at}: {left} users on no list here, {right} on the paper {other}";
        advice: COMPARE_PAPERS;
        coordinator: "Pengguna tidak terdaftar {left} di kertas {here}, {right} di kertas {other}, selisih {difference}.",
                     "Users on no list: {left} on the paper {here}, {right} on the paper {other}, {difference} apart.";
    }
    W504 Warning {
        rule: "Surat suara diterima sama pada semua surat suara satu TPS.",
              "Ballots received are the same on all papers of a station.";
        title: "{at}: surat suara diterima {left} di sini, {right} di kertas {other}",
               "{at}: {left} ballots received here, {right} on the paper {other}";
        advice: COMPARE_PAPERS;
        coordinator: "Surat suara diterima {left} di kertas {here}, {right} di kertas {other}, selisih {difference}.",
                     "Ballots received: {left} on the paper {here}, {right} on the paper {other}, {difference} apart.";
    }
    W505 Warning {
        rule: "Semua pengguna hak pilih sama pada dua surat suara satu TPS yang pemilih pindahannya sama banyak. Tidak disebut \
               bila sudah jelas dari W502 atau W503.",
              "All users of the vote are the same on two papers of a station with as many users who moved. Left out where \
               it follows from W502 or W503.";
        title: "{at}: pengguna hak pilih {left} di sini, {right} di kertas {other}",
               "{at}: {left} users of the vote here, {right} on the paper {other}";
        advice: COMPARE_PAPERS;
        coordinator: "Pengguna hak pilih {left} di kertas {here}, {right} di kertas {other}, selisih {difference}; pemilih \
                      pindahannya sama banyak.",
                     "Users of the vote: {left} on the paper {here}, {right} on the paper {other}, {difference} apart, with \
                      as many who moved.";
    }
    W506 Warning {
        rule: "Pemilih pindahan pada surat suara lain ≤ pada surat suara presiden (pilkada: gubernur). Siapa yang pindah memilih \
               tidak menerima surat suara daerah yang bukan daerahnya, jadi jumlahnya boleh lebih kecil.",
              "Users who moved on any other paper ≤ on the president's (in a Pilkada: the governor's). Who moved receives \
               no ballot of a district that is not theirs, so the figure may be smaller.";
        title: "{at}: pemilih pindahan {left} di sini, hanya {right} di kertas {other}",
               "{at}: {left} users who moved here, only {right} on the paper {other}";
        advice: Wording {
            id: "Pemilih pindahan boleh lebih sedikit di sini daripada di sana, tetapi tidak lebih banyak. Bandingkan kedua \
                 kertasnya; tidak perlu dijawab.",
            en: "Those who moved may be fewer here than there, but not more. Compare both papers; there is nothing to answer.",
        };
        coordinator: "Pemilih pindahan {left} di kertas {here}, hanya {right} di kertas {other}.",
                     "Users who moved: {left} on the paper {here}, only {right} on the paper {other}.";
    }
}

impl std::fmt::Display for CheckCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl CheckCode {
    /// Fault or warning.
    pub fn severity(self) -> Severity {
        self.rule().severity
    }
}
