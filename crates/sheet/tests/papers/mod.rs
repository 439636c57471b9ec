//! The papers of a general election, a local one and of voting abroad, described for drawing. Names are
//! invented.

use sheet::layout::{Column, Counts, Figure, Page, Paper, Row, Section};

/// A paper's name for choosing it, and its description.
pub(crate) fn all() -> Vec<(&'static str, Paper)> {
    vec![
        (
            "dpr",
            list_paper("c-hasil-dpr-2024", "C.HASIL-DPR", "DEWAN PERWAKILAN RAKYAT", 1_110, &[18, 10, 3]),
        ),
        (
            "dprd-prov",
            list_paper("c-hasil-dprd-prov-2024", "C.HASIL-DPRD PROV", "DPRD PROVINSI", 1_170, &[24, 14, 3]),
        ),
        (
            "dprd-kabko",
            list_paper(
                "c-hasil-dprd-kabko-2024",
                "C.HASIL-DPRD KAB/KO",
                "DPRD KABUPATEN/KOTA",
                1_220,
                &[24, 12, 3],
            ),
        ),
        ("dpd", dpd()),
        ("kwk-gubernur", pairs("c-hasil-kwk-gubernur-2024", "C.HASIL-KWK-GUBERNUR", 1_270, 4, 3)),
        (
            "kwk-bupati-walikota",
            pairs("c-hasil-kwk-bupati-walikota-2024", "C.HASIL-KWK-BUPATI/WALIKOTA", 1_280, 2, 3),
        ),
        ("ppwp-ln", pairs("c-hasil-ppwp-ln-2024", "C.HASIL-PPWP LN", 1_290, 3, 5)),
        ("ppwp-pos", by_post(pairs("c-hasil-ppwp-pos-2024", "C.HASIL-PPWP POS", 1_295, 3, 5))),
        (
            "dpr-ln",
            list_paper("c-hasil-dpr-ln-2024", "C.HASIL-DPR LN", "DPR, DKI JAKARTA II", 1_300, &[18, 8, 5]),
        ),
        (
            "dpr-pos",
            by_post(list_paper(
                "c-hasil-dpr-pos-2024",
                "C.HASIL-DPR POS",
                "DPR, DKI JAKARTA II",
                1_350,
                &[18, 8, 5],
            )),
        ),
    ]
}

fn figure(code: &str, digits: u8) -> Figure {
    Figure { code: code.into(), column: None, digits }
}

fn row(code: &str, label: &str, counts: Counts, digits: u8) -> Row {
    Row {
        code: code.into(),
        heading: None,
        number: None,
        label: vec![label.into()],
        counts,
        figures: vec![figure(code, digits)],
    }
}

fn people(code: &str, label: &str, digits: u8) -> Row {
    let columns = [(Column::Men, 'L'), (Column::Women, 'P'), (Column::Both, 'J')];
    let figures = columns
        .map(|(column, letter)| Figure { code: format!("{code}.{letter}"), column: Some(column), digits })
        .to_vec();
    Row { figures, ..row(code, label, Counts::People, digits) }
}

fn headed(row: Row, heading: &str) -> Row {
    Row { heading: Some(heading.into()), ..row }
}

fn section(code: &str, title: &str, rows: Vec<Row>) -> Section {
    Section { code: code.into(), title: title.into(), rows }
}

fn first_page(tag: u16, digits: u8) -> Page {
    let list = if digits == 3 { "" } else { " Luar Negeri" };
    let voters = vec![
        headed(
            people("I.A", &format!("Jumlah Pemilih dalam Daftar Pemilih Tetap{list} (DPT)"), digits),
            "A. Data pemilih",
        ),
        headed(
            people(
                "I.B.1",
                &format!("Jumlah pengguna hak pilih dalam Daftar Pemilih Tetap{list} (DPT)"),
                digits,
            ),
            "B. Pengguna hak pilih",
        ),
        people(
            "I.B.2",
            &format!("Jumlah pengguna hak pilih dalam Daftar Pemilih Tambahan{list} (DPTb)"),
            digits,
        ),
        people(
            "I.B.3",
            &format!("Jumlah pengguna hak pilih dalam Daftar Pemilih Khusus{list} (DPK)"),
            digits,
        ),
        Row { counts: Counts::Sum, ..people("I.B.4", "Jumlah Pengguna Hak Pilih (B.1 + B.2 + B.3)", digits) },
    ];
    let ballots = [
        ("II.1", "Jumlah surat suara yang diterima, termasuk surat suara cadangan 2% dari DPT"),
        ("II.2", "Jumlah surat suara yang digunakan"),
        ("II.3", "Jumlah surat suara yang dikembalikan oleh pemilih (karena rusak atau keliru coblos)"),
        (
            "II.4",
            "Jumlah surat suara yang tidak digunakan/tidak terpakai, termasuk sisa surat suara cadangan",
        ),
    ];
    let ballots = ballots.map(|(code, label)| row(code, label, Counts::People, digits)).to_vec();
    let disabled = people("III", "Jumlah seluruh Pemilih disabilitas yang menggunakan hak pilih", digits);
    let sections = vec![
        section("I", "Data pemilih dan pengguna hak pilih", voters),
        section("II", "Data penggunaan surat suara", ballots),
        section("III", "Data pemilih disabilitas", vec![disabled]),
    ];
    Page { number: 1, tag, party: None, sections }
}

fn last_page(number: u8, tag: u16, digits: u8) -> Page {
    let rows = vec![
        row("V.A", "Jumlah seluruh suara sah (jumlah IV)", Counts::Sum, digits),
        row("V.B", "Jumlah suara tidak sah", Counts::InvalidVotes, digits),
        row("V.C", "Jumlah seluruh suara sah dan suara tidak sah (V.A + V.B)", Counts::Sum, digits),
    ];
    Page {
        number,
        tag,
        party: None,
        sections: vec![section("V", "Data suara sah dan suara tidak sah", rows)],
    }
}

/// A paper with a page for each of so many parties with so many candidates each.
pub(crate) fn list_paper(
    form: &str,
    model: &str,
    office: &str,
    tag: u16,
    [parties, candidates, digits]: &[u8; 3],
) -> Paper {
    let mut pages = vec![first_page(tag, *digits)];
    for party in 1..=*parties {
        pages.push(list_page(party, *candidates, tag + 9 + u16::from(party), *digits));
    }
    pages.push(last_page(parties + 2, tag + 1, *digits));
    let title = vec![office.into(), "Daerah pemilihan Nusa Tenggara Barat II".into()];
    Paper { form: form.into(), model: model.into(), title, bubbles: false, pages }
}

const PARTIES: [&str; 6] = [
    "Partai Mawar Nusantara",
    "Partai Gerakan Matahari Indonesia Raya Bersatu",
    "Partai Bahari",
    "Partai Kebangkitan Petani dan Nelayan",
    "Partai Padi",
    "Partai Persatuan Cendrawasih",
];
const PEOPLE: [&str; 7] = [
    "H. Lalu Wirasakti Praja, S.H., M.H.",
    "Ni Made Ratnasari",
    "Ir. Baiq Sukmawati Ningrum",
    "Muhammad Zainuddin",
    "Dr. (H.C.) Siti Nurhaliza Wulandari, S.Pd., M.Pd.",
    "Andi",
    "Abdul Kadir Jailani Al-Masyhur bin Thamrin, S.E.",
];

fn person(index: u8) -> String {
    PEOPLE[usize::from(index) % PEOPLE.len()].into()
}

fn list_page(party: u8, candidates: u8, tag: u16, digits: u8) -> Page {
    let code = format!("IV.{party}");
    let mut rows = vec![headed(
        row(&format!("{code}.A.1"), "Suara partai politik", Counts::Votes, digits),
        "A.1. Suara partai",
    )];
    for number in 1..=candidates {
        let mut candidate =
            row(&format!("{code}.A.2.{number}"), &person(party + number), Counts::Votes, digits);
        candidate.number = Some(u16::from(number));
        candidate.heading = (number == 1).then(|| "A.2. Suara calon".into());
        rows.push(candidate);
    }
    rows.push(row(
        &format!("{code}.B"),
        "Jumlah suara sah partai politik dan calon (A.1 + A.2)",
        Counts::Sum,
        digits,
    ));
    let name = PARTIES[usize::from(party) % PARTIES.len()].into();
    let title = "Data rincian perolehan suara partai politik dan calon";
    Page {
        number: party + 1,
        tag,
        party: Some((u16::from(party), name)),
        sections: vec![section(&code, title, rows)],
    }
}

/// 54 candidates, ten on a page.
fn dpd() -> Paper {
    let mut pages = vec![first_page(1_160, 3)];
    for page in 0..6 {
        let rows = (page * 10 + 1..=(page * 10 + 10).min(54)).map(|number| {
            let candidate = row(&format!("IV.{number}"), &person(number), Counts::Votes, 3);
            Row { number: Some(u16::from(number)), ..candidate }
        });
        let sections = vec![section("IV", "Data rincian perolehan suara calon anggota DPD", rows.collect())];
        pages.push(Page { number: page + 2, tag: 1_162 + u16::from(page), party: None, sections });
    }
    pages.push(last_page(8, 1_161, 3));
    let title = vec!["Dewan Perwakilan Daerah".into(), "Provinsi Nusa Tenggara Barat".into()];
    Paper { form: "c-hasil-dpd-2024".into(), model: "C.HASIL-DPD".into(), title, bubbles: false, pages }
}

/// A paper of pairs, with bubbles.
pub(crate) fn pairs(form: &str, model: &str, tag: u16, pairs: u8, digits: u8) -> Paper {
    let rows = (1..=pairs).map(|number| Row {
        number: Some(u16::from(number)),
        label: vec![person(number), person(number + 3)],
        ..row(&format!("IV.{number}"), "", Counts::Votes, digits)
    });
    let votes = section("IV", "Data rincian perolehan suara pasangan calon", rows.collect());
    let pages = vec![
        first_page(tag, digits),
        Page { number: 2, tag: tag + 1, party: None, sections: vec![votes] },
        last_page(3, tag + 2, digits),
    ];
    let title = vec!["Gubernur dan Wakil Gubernur".into(), "Nusa Tenggara Barat".into()];
    Paper { form: form.into(), model: model.into(), title, bubbles: true, pages }
}

/// The same with the rows for ballots sent by post.
fn by_post(mut paper: Paper) -> Paper {
    let digits = 5;
    for (code, label) in [
        ("II.4.A", "Surat suara yang tidak dikembalikan oleh pemilih"),
        ("II.4.B", "Surat suara yang kembali ke PPLN karena tidak sampai (return to sender)"),
        ("II.4.C", "Surat suara yang tidak terpakai"),
    ] {
        paper.pages[0].sections[1].rows.push(row(code, label, Counts::People, digits));
    }
    paper
}
