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
/// | `{candidates}` | "ketiga pasangan", "the three pairs": the contest's candidates |
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

macro_rules! checks {
    ($($code:ident $severity:ident {
        rule: $rule_id:literal, $rule_en:literal;
        title: $title_id:literal, $title_en:literal;
        advice: $advice:expr;
        coordinator: $coordinator_id:literal, $coordinator_en:literal;
    })+) => {
        /// A check's code: `F…` for faults, `W…` for warnings; the first digit is the part of the form: 1
        /// voters, users of the vote and the form as a whole, 2 ballots, 3 across the parts, 4 votes.
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
        rule: "Semua pengguna hak pilih = pengguna dari DPT + DPTb + DPK, pada setiap kolom.",
              "All users of the vote = users from the DPT + DPTb + DPK, in every column.";
        title: "{at}: jumlah pengguna hak pilih tidak sama dengan rinciannya",
               "{at}: all users of the vote is not the sum of its rows";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "{at}: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F103 Fault {
        rule: "Semua pemilih = pemilih DPT + DPTb + DPK, pada setiap kolom.",
              "All voters = voters of the DPT + DPTb + DPK, in every column.";
        title: "{at}: jumlah pemilih tidak sama dengan rinciannya",
               "{at}: all voters is not the sum of its rows";
        advice: LOOK_AGAIN;
        coordinator: "{at}: {left_label} = {left}, {right_label} {right}, selisih {difference}.",
                     "{at}: {left_label} = {left}, {right_label} {right}, {difference} apart.";
    }
    F104 Fault {
        rule: "Pengguna hak pilih dari suatu daftar (DPT, DPTb, DPK) ≤ pemilih dalam daftar itu, pada setiap kolom.",
              "Users of the vote from a list (DPT, DPTb, DPK) ≤ voters on that list, in every column.";
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
        rule: "Tidak ada pengguna atau suara yang melebihi surat suara diterima.",
              "No figure of users or votes is above the ballots received.";
        title: "Ada angka yang melebihi surat suara diterima",
               "A figure is above the ballots received";
        advice: LOOK_AGAIN;
        coordinator: "{left_label} {left}, surat suara diterima {right}, lebih {difference}.",
                     "{left_label} {left}, ballots received {right}, {difference} more.";
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
        rule: "Suara sah = jumlah suara semua calon.",
              "Valid votes = the votes of all candidates.";
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
    W101 Warning {
        rule: "Setiap isian sudah diketik, dinyatakan kosong, atau dinyatakan tak terbaca.",
              "Every field was typed, or said to be blank or illegible.";
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
        rule: "Isian jumlah tidak kosong, dan tidak ada isian kosong yang membuat suatu jumlah kurang.",
              "No total is blank, and no blank field leaves a sum short.";
        title: "Kosong di kertas, padahal dibutuhkan: {fields}",
               "Blank on paper though needed: {fields}";
        advice: A_GLANCE;
        coordinator: "Kosong di kertas, padahal dibutuhkan: {fields}. Jumlah yang memuatnya tidak dapat diperiksa.",
                     "Blank on paper though needed: {fields}. Sums with them cannot be checked.";
    }
    W103 Warning {
        rule: "Pemilih DPT dan pengguna hak pilih ≤ batas pemilih satu TPS menurut aturan.",
              "Voters of the DPT and users of the vote ≤ the most voters that the law allows at one TPS.";
        title: "{at}: {left}, di atas batas satu TPS ({right})",
               "{at}: {left}, above the limit of one TPS ({right})";
        advice: A_GLANCE;
        coordinator: "{at}: {left}, batas satu TPS {right}, lebih {difference}.",
                     "{at}: {left}, limit of one TPS {right}, {difference} more.";
    }
    W104 Warning {
        rule: "Semua pengguna hak pilih ≤ pemilih DPT + ⌈2 %⌉, sebanyak surat suara yang dikirim.",
              "All users of the vote ≤ voters of the DPT + ⌈2 %⌉, as many as the ballots that are sent.";
        title: "Pengguna hak pilih melebihi DPT ditambah cadangan 2%",
               "More users of the vote than DPT plus the 2% reserve";
        advice: A_GLANCE;
        coordinator: "Pengguna hak pilih {left}, DPT ditambah 2% {right}, lebih {difference}.",
                     "Users of the vote {left}, DPT plus 2% {right}, {difference} more.";
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
    W201 Warning {
        rule: "Surat suara diterima = pemilih DPT + ⌈2 %⌉ (UU 7/2017 pasal 344 ayat 2).",
              "Ballots received = voters of the DPT + ⌈2 %⌉ (Law 7/2017, article 344 paragraph 2).";
        title: "Surat suara diterima tidak sama dengan DPT ditambah cadangan 2%",
               "Ballots received is not DPT plus the 2% reserve";
        advice: A_GLANCE;
        coordinator: "Surat suara diterima {left}, DPT ditambah 2% {right}, selisih {difference}.",
                     "Ballots received {left}, DPT plus 2% {right}, {difference} apart.";
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
        rule: "Suara sah tidak semuanya untuk satu calon, bila ada 30 suara sah atau lebih.",
              "Valid votes are not all for one candidate, where they are 30 or more.";
        title: "Semua suara sah untuk satu calon ({at}): {left}",
               "All valid votes are for one candidate ({at}): {left}";
        advice: A_GLANCE;
        coordinator: "Semua {left} suara sah untuk satu calon ({at}).",
                     "All {left} valid votes are for one candidate ({at}).";
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
