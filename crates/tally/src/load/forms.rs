//! Checks the forms of a package.

use std::collections::{HashMap, HashSet};

use super::bounds::{count, localized, text};
use super::mistakes::Mistakes;
use crate::election::Election;
use crate::form::{Column, Form, Quantity, Row, Section};
use crate::id::{FieldCode, StationKind};
use crate::paper::Paper;

/// Maximum number of forms of a package.
const FORMS_MAX: usize = 40;
/// Maximum number of pages of a form.
const PAGES_MAX: usize = 40;
/// Maximum number of sections of a form.
const SECTIONS_MAX: usize = 40;
/// Maximum number of rows of a section.
const ROWS_MAX: usize = 100;
/// Maximum number of digit boxes: 9,999,999, as on the forms of the provinsi.
const DIGITS_MAX: u8 = 7;

/// Examines the package's own forms, and whether each contest fits the form that it names.
pub(super) fn examine_all(election: &Election, found: &mut Mistakes) {
    count("forms", election.forms.len(), 0, FORMS_MAX, "form", found);
    let mut seen = HashSet::new();
    for (index, form) in election.forms.iter().enumerate() {
        let path = format!("forms[{index}]");
        if !seen.insert(&form.id) {
            found.add(
                format!("{path}.id"),
                format!("the form {:?} is there twice; give each its own id", form.id.as_str()),
            );
        }
        examine(form, &path, found);
    }
    for (index, contest) in election.contests.iter().enumerate() {
        if let Some(form) = election.form(&contest.form)
            && let Err(error) =
                Paper::new(form, contest, &election.parties, election.paper_rules(StationKind::Tps))
        {
            found.add(
                format!("contests[{index}].form"),
                format!(
                    "the form {:?} makes codes that are none: {error}; shorten its codes",
                    form.id.as_str()
                ),
            );
        }
    }
}

pub(super) fn examine(form: &Form, path: &str, found: &mut Mistakes) {
    localized(&format!("{path}.title"), &form.title, found);
    text(&format!("{path}.source"), &form.source, found);
    pages(form, path, found);
    sections(form, path, found);
}

fn sections(form: &Form, path: &str, found: &mut Mistakes) {
    count(&format!("{path}.sections"), form.sections.len(), 1, SECTIONS_MAX, "section", found);
    let mut codes = HashSet::new();
    let mut rows = Rows::default();
    for (nth, section) in form.sections.iter().enumerate() {
        let path = format!("{path}.sections[{nth}]");
        localized(&format!("{path}.title"), &section.title, found);
        if !codes.insert(&section.code) {
            found.add(
                format!("{path}.code"),
                format!("the section {} is there twice; give each its own code", section.code),
            );
        }
        if !form.pages.iter().any(|page| page.number == section.page) {
            found.add(
                format!("{path}.page"),
                format!("the form has no page {}; correct the number or add the page", section.page),
            );
        }
        count(&format!("{path}.rows"), section.rows.len(), 1, ROWS_MAX, "row", found);
        for (nth, row) in section.rows.iter().enumerate() {
            rows.examine(section, row, format!("{path}.rows[{nth}]"), found);
        }
    }
}

/// What the rows before have used. A code and a quantity are unique in the whole form.
#[derive(Default)]
struct Rows<'a> {
    codes: HashSet<&'a FieldCode>,
    quantities: HashMap<Quantity, String>,
}

impl<'a> Rows<'a> {
    fn examine(&mut self, section: &'a Section, row: &'a Row, path: String, found: &mut Mistakes) {
        examine_row(section, row, &path, found);
        if !self.codes.insert(&row.code) {
            found.add(
                format!("{path}.code"),
                format!("the row {} is there twice; give each its own code", row.code),
            );
        }
        if let Some(first) = self.quantities.insert(row.counts, path.clone()) {
            found.add(
                format!("{path}.counts"),
                format!("{first} counts the same; a form says each quantity in one row"),
            );
        }
    }
}

fn pages(form: &Form, path: &str, found: &mut Mistakes) {
    count(&format!("{path}.pages"), form.pages.len(), 1, PAGES_MAX, "page", found);
    let mut tags = HashSet::new();
    for (nth, page) in form.pages.iter().enumerate() {
        let path = format!("{path}.pages[{nth}]");
        localized(&format!("{path}.title"), &page.title, found);
        if usize::from(page.number) != nth + 1 {
            found.add(format!("{path}.number"), format!("pages count 1, 2, 3; this one is page {}", nth + 1));
        }
        if let Some(tag) = page.tag
            && !tags.insert(tag)
        {
            found.add(format!("{path}.tag"), format!("tag {tag} is on two pages; each page has its own"));
        }
    }
}

fn examine_row(section: &Section, row: &Row, path: &str, found: &mut Mistakes) {
    localized(&format!("{path}.label"), &row.label, found);
    if let Some(heading) = &row.heading {
        localized(&format!("{path}.heading"), heading, found);
    }
    // The only row of a section has no code of its own on paper.
    let inside = row
        .code
        .as_str()
        .strip_prefix(section.code.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if !inside {
        found.add(
            format!("{path}.code"),
            format!(
                "{} stands in section {}; start its code with \"{}.\"",
                row.code, section.code, section.code
            ),
        );
    }
    if !(1..=DIGITS_MAX).contains(&row.digits) {
        found.add(format!("{path}.digits"), format!("{} digit boxes; write 1 to {DIGITS_MAX}", row.digits));
    }
    let columns_fit = match row.counts {
        Quantity::CandidateVotes => row.columns.is_empty(),
        _ => row.columns.is_empty() || row.columns == [Column::L, Column::P, Column::J],
    };
    if !columns_fit {
        found.add(
            format!("{path}.columns"),
            "a row has no columns or exactly L, P, J, and one of candidates has none; correct the list",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_the_app_are_consistent() {
        let forms = crate::form::builtin_forms();
        assert_eq!(forms.len(), 12);
        for form in forms {
            let mut found = Mistakes::default();
            examine(form, form.id.as_str(), &mut found);
            assert_eq!(found.into_result(()), Ok(()));
        }
    }
}
