//! Grades one exercise: the figures, the answers to the checks, the photos, the objection, the time.

mod lesson;
mod result;

use std::collections::{BTreeMap, BTreeSet};

use evidence::IncidentCategory;
use serde::{Deserialize, Serialize};
use tally::{CheckCode, FieldCode, Figure, Figures, Finding, FindingKey, Paper};

pub use lesson::Lesson;

use crate::explain::explain;
use crate::practice_sheet::PracticeSheet;
use crate::slip::Slip;
use crate::worded::worded;

/// What a witness sealed, and how long it took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// How often the witness has tried this sheet, from 1.
    pub number: u32,
    pub figures: Figures,
    /// The findings that were confirmed: "the paper says so".
    pub acknowledged: Vec<FindingKey>,
    pub photos: Vec<SealedPhoto>,
    pub times: Vec<SectionTime>,
    /// From the first figure to the seal.
    pub seconds: u32,
    /// The categories of the incidents that were recorded.
    pub incidents: Vec<IncidentCategory>,
}

/// A photo that was sealed with the tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPhoto {
    pub page: u8,
    /// What is wrong with it, by the codes of `sheet::PhotoIssue`. Empty for a good photo.
    pub issues: Vec<String>,
}

/// The time that was spent in one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionTime {
    pub section: FieldCode,
    pub seconds: u32,
}

/// The result of one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Grade {
    pub attempt: u32,
    /// Figures that were to be typed.
    pub fields: u32,
    /// Those of them that are right.
    pub right: u32,
    /// The figures that are wrong, in the paper's order.
    pub wrong: Vec<WrongFigure>,
    /// The slips that explain them.
    pub slips: Vec<Slip>,
    /// The findings that the paper or the typed figures have, and how they were answered.
    pub checks: Vec<JudgedCheck>,
    pub photos: PhotoGrade,
    pub objecting: Objecting,
    pub sections: Vec<SectionGrade>,
    pub seconds: u32,
    /// What to look for next, at most three.
    pub look_for: Vec<Lesson>,
}

/// A figure that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WrongFigure {
    pub field: FieldCode,
    /// What the paper says. Nothing on a page that is not there.
    pub paper: Option<Figure>,
    pub typed: Option<Figure>,
    /// The index of its slip in [`Grade::slips`].
    pub slip: u32,
}

/// A finding, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JudgedCheck {
    pub finding: FindingKey,
    pub code: CheckCode,
    pub judged: Judged,
}

worded! {
    /// How a finding was answered.
    Judged {
        /// The paper says so, and the witness confirmed it.
        Confirmed "confirmed" {
            "Benar dinyatakan", "Rightly confirmed";
            "Kertasnya memang begitu, dan sudah dinyatakan.", "The paper says so, and this was confirmed.";
        }
        /// The witness confirmed what they had mistyped.
        ConfirmedNotMended "confirmed_not_mended" {
            "Dinyatakan, padahal salah ketik", "Confirmed, though mistyped";
            "Kertasnya cocok; yang keliru adalah yang diketik. Lihat lagi kertasnya sebelum menyatakan.",
            "The paper adds up; what was typed does not. Look at the paper again before confirming.";
        }
        /// The paper says so, and the witness changed a figure until it added up.
        MendedNotConfirmed "mended_not_confirmed" {
            "Dicocokkan, padahal kertasnya begitu", "Mended, though the paper says so";
            "Kertasnya memang tidak cocok. Biarkan, lalu nyatakan.",
            "The paper does not add up. Leave it so, and confirm.";
        }
        /// A finding without an answer.
        NotAnswered "not_answered" {
            "Belum dijawab", "Not answered";
            "Temuan ini belum dijawab.", "This finding has no answer.";
        }
    }
}

worded! {
    /// Whether an objection was put on record.
    Objecting {
        /// There was nothing to object to, and nothing was recorded.
        NotAsked "not_asked" {
            "Tidak ada keberatan", "No objection";
            "Tidak ada yang perlu dicatat.", "There was nothing to record.";
        }
        /// It was recorded in its category.
        Recorded "recorded" {
            "Keberatan tercatat", "The objection is on record"; "Tercatat pada golongan yang tepat.",
            "It is recorded in the right category.";
        }
        /// It was recorded in another category.
        OtherCategory "other_category" {
            "Golongan keberatan lain", "Another category"; "Keberatan tercatat, tetapi golongannya lain.",
            "The objection is recorded, in another category.";
        }
        /// It was not recorded.
        Missed "missed" {
            "Keberatan tidak dicatat", "The objection is not on record";
            "Keberatan yang tidak dicatat tidak dapat dipakai nanti.",
            "An objection that is not on record cannot be used later.";
        }
    }
}

/// The photos of an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoGrade {
    /// Pages that were there to be photographed.
    pub pages: u32,
    /// Those of them that were.
    pub photographed: u32,
    /// Those that were not.
    pub missing: Vec<u8>,
    /// Photographed pages of which no photo is good.
    pub poor: Vec<PoorPhoto>,
}

/// A page of which no photo is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PoorPhoto {
    pub page: u8,
    /// The issues of its newest photo.
    pub issues: Vec<String>,
}

/// One section of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SectionGrade {
    pub section: FieldCode,
    pub fields: u32,
    pub right: u32,
    pub seconds: u32,
}

/// Grades what was sealed from a sheet of `paper`.
pub fn grade(paper: &Paper, sheet: &PracticeSheet, attempt: &Attempt) -> Grade {
    let slips = explain(paper, sheet.expected(), &attempt.figures);
    let wrong = wrong_figures(paper, sheet, attempt, &slips);
    let sections = sections(paper, sheet, attempt, &wrong);
    let fields = count(sheet.expected().0.len());
    let among_fields = wrong.iter().filter(|wrong| wrong.paper.is_some()).count();
    let checks = checks(paper, sheet, attempt);
    let photos = photos(paper, sheet, attempt);
    let objecting = objecting(sheet, attempt);
    let look_for = lesson::look_for(&slips, &checks, &photos, objecting);
    Grade {
        attempt: attempt.number,
        fields,
        right: fields - count(among_fields),
        wrong,
        slips,
        checks,
        photos,
        objecting,
        sections,
        seconds: attempt.seconds,
        look_for,
    }
}

fn wrong_figures(
    paper: &Paper,
    sheet: &PracticeSheet,
    attempt: &Attempt,
    slips: &[Slip],
) -> Vec<WrongFigure> {
    let of_slip = |(index, slip): (usize, &Slip)| {
        slip.fields.iter().map(|field| (field.clone(), count(index))).collect::<Vec<_>>()
    };
    let mut fields: Vec<(FieldCode, u32)> = slips.iter().enumerate().flat_map(of_slip).collect();
    fields.sort_by_key(|(field, _)| paper.position(field));
    let wrong = |(field, slip): (FieldCode, u32)| WrongFigure {
        paper: sheet.expected().0.get(&field).copied(),
        typed: attempt.figures.0.get(&field).copied(),
        field,
        slip,
    };
    fields.into_iter().map(wrong).collect()
}

fn sections(
    paper: &Paper,
    sheet: &PracticeSheet,
    attempt: &Attempt,
    wrong: &[WrongFigure],
) -> Vec<SectionGrade> {
    let mut seconds: BTreeMap<&FieldCode, u32> = BTreeMap::new();
    for time in &attempt.times {
        let sum = seconds.entry(&time.section).or_default();
        *sum = sum.saturating_add(time.seconds);
    }
    let wrong: BTreeSet<&FieldCode> = wrong.iter().map(|wrong| &wrong.field).collect();
    let graded = paper.sections().iter().map(|section| {
        let of_section = |field: &&tally::Field| field.section == section.code;
        let asked = paper.fields().iter().filter(of_section);
        let asked: Vec<_> = asked.filter(|field| sheet.expected().0.contains_key(&field.code)).collect();
        let right = asked.iter().filter(|field| !wrong.contains(&field.code)).count();
        SectionGrade {
            section: section.code.clone(),
            fields: count(asked.len()),
            right: count(right),
            seconds: seconds.get(&section.code).copied().unwrap_or(0),
        }
    });
    graded.filter(|section| section.fields > 0).collect()
}

/// The faults of the paper and of what was typed, each once, in the order of their keys.
fn checks(paper: &Paper, sheet: &PracticeSheet, attempt: &Attempt) -> Vec<JudgedCheck> {
    let faults = |figures: &Figures| -> BTreeMap<FindingKey, Finding> {
        paper.check(figures).faults().map(|fault| (fault.key.clone(), fault.clone())).collect()
    };
    let (on_paper, typed) = (faults(sheet.expected()), faults(&attempt.figures));
    let confirmed: BTreeSet<&FindingKey> = attempt.acknowledged.iter().collect();
    let is_typed =
        |finding: &Finding| finding.fields.iter().all(|field| attempt.figures.0.contains_key(field));
    let mut all = typed.clone();
    all.extend(on_paper.clone());
    let judge = |(key, finding): (FindingKey, Finding)| {
        let found = typed.contains_key(&key);
        let judged = match (on_paper.contains_key(&key), confirmed.contains(&key)) {
            (true, true) if found => Judged::Confirmed,
            (true, _) if !found && is_typed(&finding) => Judged::MendedNotConfirmed,
            (false, true) => Judged::ConfirmedNotMended,
            _ => Judged::NotAnswered,
        };
        JudgedCheck { finding: key, code: finding.code, judged }
    };
    all.into_iter().map(judge).collect()
}

fn photos(paper: &Paper, sheet: &PracticeSheet, attempt: &Attempt) -> PhotoGrade {
    let numbers = paper.pages().iter().map(|page| page.number);
    let pages: Vec<u8> = numbers.filter(|page| !sheet.missing_pages().contains(page)).collect();
    let of = |page: u8| attempt.photos.iter().filter(move |photo| photo.page == page);
    let missing: Vec<u8> = pages.iter().copied().filter(|page| of(*page).next().is_none()).collect();
    let poor = |page: &u8| {
        let newest = of(*page).next_back()?;
        let any_good = of(*page).any(|photo| photo.issues.is_empty());
        (!any_good).then(|| PoorPhoto { page: *page, issues: newest.issues.clone() })
    };
    PhotoGrade {
        pages: count(pages.len()),
        photographed: count(pages.len() - missing.len()),
        poor: pages.iter().filter_map(poor).collect(),
        missing,
    }
}

fn objecting(sheet: &PracticeSheet, attempt: &Attempt) -> Objecting {
    match sheet.objection() {
        None => Objecting::NotAsked,
        Some(asked) if attempt.incidents.contains(&asked.category) => Objecting::Recorded,
        Some(_) if attempt.incidents.is_empty() => Objecting::Missed,
        Some(_) => Objecting::OtherCategory,
    }
}

/// Lists here have less than four thousand million items.
fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
