//! The report of a class on paper.

use practice::{ClassReport, PersonReport};
use print::{About, Cell, Column, Document, PrintError};
use tally::{Language, Localized};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::view::DrillReportView;

const PERMILLE: u32 = 1_000;

impl Endpoint {
    /// The report of the class as a PDF. The same results give the same file.
    pub(crate) fn drill_report_pdf(&self, language: Language) -> Result<Vec<u8>, Refusal> {
        let view = self.drill_report()?;
        let place = self.election().title.clone();
        written(&view, &place, language).map_err(|error| Refusal::internal("writing the report", &error))
    }
}

/// The words of one language.
#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn of<'a>(self, id: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Language::Id => id,
            Language::En => en,
        }
    }

    /// A share in thousandths as it is written.
    fn share(self, permille: u32) -> String {
        let (whole, tenth) = (permille / 10, permille % 10);
        format!("{whole}{}{tenth} %", self.of(",", "."))
    }
}

fn written(view: &DrillReportView, place: &Localized, language: Language) -> Result<Vec<u8>, PrintError> {
    let words = Words(language);
    let title = words.of("Laporan kelas latihan", "Report of a practice class");
    let about = About {
        title: format!("{title}: {}", view.title),
        language: words.of("id", "en").to_owned(),
        footer: words.of("LATIHAN: bukan hasil penghitungan", "PRACTICE: no result of a count").to_owned(),
        page_of: match language {
            Language::Id => |page, of| format!("Halaman {page} dari {of}"),
            Language::En => |page, of| format!("Page {page} of {of}"),
        },
    };
    let mut document = Document::new(Vec::new(), about)?;
    document.title(&format!("{title}: {}", view.title))?;
    document.paragraph(place.get(language))?;
    summary(&mut document, view, words)?;
    persons(&mut document, view, words)?;
    slips(&mut document, view, words)?;
    checks(&mut document, view, words)?;
    fields(&mut document, &view.report, words)?;
    document.finish()
}

fn summary(document: &mut Document<Vec<u8>>, view: &DrillReportView, words: Words) -> Result<(), PrintError> {
    let report = &view.report;
    let ready = format!("{} {} {}", report.ready, words.of("dari", "of"), report.persons.len());
    document.facts(&[
        (words.of("Peserta yang siap", "Participants who are ready"), Cell::strong(ready)),
        (words.of("Isian benar", "Figures right"), Cell::strong(words.share(report.accuracy_permille))),
    ])?;
    let threshold = view.threshold;
    document.remark(&format!(
        "{} {}, {} {}.",
        words.of("Siap: paling sedikit soal", "Ready: at least this number of exercises:"),
        threshold.exercises_min,
        words.of(
            "semua temuan dijawab benar, semua halaman terfoto, dan isian benar paling sedikit",
            "every finding answered rightly, every page photographed, and figures right at least",
        ),
        words.share(threshold.accuracy_permille_min.into()),
    ))
}

/// How the trainer calls a person: by the number of their copies.
fn name(view: &DrillReportView, person: &PersonReport, words: Words) -> String {
    let copy = view.phones.iter().find(|phone| phone.person == person.person);
    let called = words.of("Peserta", "Participant");
    copy.map_or_else(|| person.person.clone(), |phone| format!("{called} {:02}", phone.copy))
}

/// The text of a word of the report.
fn text_of<'a>(view: &'a DrillReportView, word: &'a str, words: Words) -> &'a str {
    view.words.get(word).map_or(word, |text| text.get(words.0))
}

fn persons(document: &mut Document<Vec<u8>>, view: &DrillReportView, words: Words) -> Result<(), PrintError> {
    document.heading(words.of("Peserta", "Participants"))?;
    let columns = [
        Column::left(1.6),
        Column::right(0.7),
        Column::right(1.0),
        Column::right(0.9),
        Column::right(0.9),
        Column::right(0.8),
        Column::left(3.0),
    ];
    let head = [
        words.of("Peserta", "Participant"),
        words.of("Soal", "Exercises"),
        words.of("Benar", "Right"),
        words.of("Waktu", "Time"),
        words.of("Temuan keliru", "Findings wrong"),
        words.of("Foto kurang", "Photos lacking"),
        words.of("Keadaan", "State"),
    ];
    let mut table = document.table(&columns, &head)?;
    for person in &view.report.persons {
        let reasons: Vec<&str> =
            person.not_ready.iter().map(|reason| text_of(view, reason.word(), words)).collect();
        let state = if person.ready { words.of("Siap", "Ready").to_owned() } else { reasons.join("; ") };
        table.row(&[
            Cell::strong(name(view, person, words)),
            Cell::text(person.exercises.to_string()),
            Cell::text(words.share(person.accuracy_permille.min(PERMILLE))),
            Cell::text(format!("{}.{:02}", person.median_seconds / 60, person.median_seconds % 60)),
            Cell::text(person.misjudged.to_string()),
            Cell::text(person.pages_lacking.to_string()),
            Cell::text(state),
        ])?;
    }
    Ok(())
}

fn slips(document: &mut Document<Vec<u8>>, view: &DrillReportView, words: Words) -> Result<(), PrintError> {
    document.heading(words.of("Jenis kekeliruan", "Kinds of slips"))?;
    if view.report.slips.is_empty() {
        return document.paragraph(words.of("Tidak ada isian yang keliru.", "No figure was wrong."));
    }
    let head = [words.of("Kekeliruan", "Slip"), words.of("Orang", "People"), words.of("Kali", "Times")];
    let mut table = document.table(&[Column::left(5.0), Column::right(1.0), Column::right(1.0)], &head)?;
    for slip in &view.report.slips {
        table.row(&[
            Cell::text(text_of(view, slip.kind.word(), words)),
            Cell::text(slip.persons.to_string()),
            Cell::text(slip.times.to_string()),
        ])?;
    }
    Ok(())
}

fn checks(document: &mut Document<Vec<u8>>, view: &DrillReportView, words: Words) -> Result<(), PrintError> {
    document.heading(words.of("Temuan yang disalahpahami", "Findings that were misunderstood"))?;
    if view.report.checks.is_empty() {
        let none = words.of("Tidak ada temuan yang dijawab keliru.", "No finding was answered wrongly.");
        return document.paragraph(none);
    }
    let head = [
        words.of("Temuan", "Finding"),
        words.of("Dinyatakan, padahal salah ketik", "Confirmed, though mistyped"),
        words.of("Diubah, padahal kertasnya begitu", "Changed, though the paper says so"),
        words.of("Tidak dijawab", "Not answered"),
    ];
    let columns = [Column::left(4.0), Column::right(1.6), Column::right(1.6), Column::right(1.0)];
    let mut table = document.table(&columns, &head)?;
    for check in &view.report.checks {
        table.row(&[
            Cell::text(format!("{} ({})", text_of(view, check.code.as_str(), words), check.code)),
            Cell::text(check.confirmed_not_mended.to_string()),
            Cell::text(check.mended_not_confirmed.to_string()),
            Cell::text(check.not_answered.to_string()),
        ])?;
    }
    Ok(())
}

fn fields(document: &mut Document<Vec<u8>>, report: &ClassReport, words: Words) -> Result<(), PrintError> {
    if report.fields.is_empty() {
        return Ok(());
    }
    document.heading(words.of("Isian yang paling sering keliru", "Figures that were wrong most often"))?;
    let head = [words.of("Soal", "Exercise"), words.of("Isian", "Figure"), words.of("Keliru", "Wrong")];
    let mut table = document.table(&[Column::left(1.0), Column::left(3.0), Column::right(1.5)], &head)?;
    for field in &report.fields {
        table.row(&[
            Cell::text(field.exercise.to_string()),
            Cell::text(field.field.to_string()),
            Cell::text(format!("{} {} {}", field.wrong, words.of("dari", "of"), field.taken)),
        ])?;
    }
    Ok(())
}
