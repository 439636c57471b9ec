//! A grade as the result that a device signs.

use evidence::{CheckAnswer, DrillBody, Graded, GradedSection, SlipRecord};

use super::{Grade, Judged, count};
use crate::scenario::SheetNumber;

/// Maximum numbers of what a signed result lists, so that it stays below the length of a statement. The
/// counts of its sections are complete all the same.
const WRONG_MAX: usize = 200;
const SLIPS_MAX: usize = 60;
const ANSWERS_MAX: usize = 60;
const SECTIONS_MAX: usize = 60;

impl Grade {
    /// The result of this exercise in a drill, to be signed.
    pub fn result(&self, drill: &str, number: SheetNumber) -> DrillBody {
        let of_paper = |judged| matches!(judged, Judged::Confirmed | Judged::MendedNotConfirmed);
        let faults = self.checks.iter().filter(|check| of_paper(check.judged));
        let noticed = self.checks.iter().filter(|check| check.judged == Judged::Confirmed);
        let wrong = self.wrong.iter().filter(|wrong| wrong.paper.is_some());
        DrillBody {
            drill: drill.to_owned(),
            sheet: number.to_string(),
            fields: self.fields,
            wrong: wrong.take(WRONG_MAX).map(|wrong| wrong.field.to_string()).collect(),
            faults: count(faults.count()),
            faults_noticed: count(noticed.count()),
            duration_s: self.seconds,
            graded: Some(self.graded()),
        }
    }

    fn graded(&self) -> Graded {
        let slip = |slip: &crate::slip::Slip| SlipRecord {
            kind: slip.kind.word().to_owned(),
            field: slip.fields.first().map(ToString::to_string).unwrap_or_default(),
            fields: count(slip.fields.len()),
        };
        let answer = |check: &super::JudgedCheck| CheckAnswer {
            finding: check.finding.0.clone(),
            judged: check.judged.word().to_owned(),
        };
        let section = |section: &super::SectionGrade| GradedSection {
            section: section.section.to_string(),
            fields: section.fields,
            right: section.right,
            seconds: section.seconds,
        };
        Graded {
            slips: self.slips.iter().take(SLIPS_MAX).map(slip).collect(),
            answers: self.checks.iter().take(ANSWERS_MAX).map(answer).collect(),
            pages: [self.photos.pages, self.photos.photographed, count(self.photos.poor.len())],
            sections: self.sections.iter().take(SECTIONS_MAX).map(section).collect(),
            attempt: self.attempt,
        }
    }
}
