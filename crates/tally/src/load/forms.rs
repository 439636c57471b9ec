//! Checks the forms of a package.

use std::collections::{HashMap, HashSet};

use super::bounds::{count, localized, text};
use super::contests::{CANDIDATES_MAX, LISTS_MAX};
use super::mistakes::Mistakes;
use crate::contest::Contest;
use crate::election::Election;
use crate::form::{Column, Form, Page, PageRepeat, Quantity, Row, Section, builtin_forms};
use crate::id::{FieldCode, FormId, StationKind};
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
        forms_of(election, contest, &format!("contests[{index}]"), found);
    }
}

/// The forms that a contest names exist and fit it.
fn forms_of(election: &Election, contest: &Contest, path: &str, found: &mut Mistakes) {
    form_of(election, contest, &contest.form, &format!("{path}.form"), found);
    for (kind, id) in &contest.forms_by_kind {
        let path = format!("{path}.forms_by_kind.{}", kind.word());
        if *kind == StationKind::Tps {
            found.add(path.as_str(), "the form of a TPS stands in form; write it there");
        }
        form_of(election, contest, id, &path, found);
    }
}

fn form_of(election: &Election, contest: &Contest, id: &FormId, path: &str, found: &mut Mistakes) {
    let Some(form) = election.form(id) else {
        let forms = election.forms.iter().chain(builtin_forms());
        let known: Vec<&str> = forms.map(|form| form.id.as_str()).collect();
        let reason =
            format!("no form {:?}; use one of {}, or add it to forms", id.as_str(), known.join(", "));
        return found.add(path, reason);
    };
    let named = form.id.as_str();
    let rows = |each_list: bool| {
        let sections = form.sections.iter().filter(move |section| section.each_list == each_list);
        sections.flat_map(|section| &section.rows)
    };
    if rows(true).next().is_some() && contest.lists.is_empty() {
        found.add(path, format!("the form {named:?} has a part for each list, and the contest has no lists"));
    } else if rows(true).next().is_none() && !contest.lists.is_empty() {
        found.add(
            path,
            format!("the form {named:?} has no part for each list; write the form of a contest of lists"),
        );
    } else if !contest.candidates.is_empty() && rows(false).all(|row| row.counts != Quantity::CandidateVotes)
    {
        found.add(path, format!("the form {named:?} has no row of candidates; write one that has it"));
    } else if let Err(error) = Paper::fits(form, contest) {
        found.add(path, format!("the form {named:?} does not fit: {error}; shorten its codes or its pages"));
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
        place(form, section, &path, found);
        if !codes.insert(&section.code) {
            found.add(
                format!("{path}.code"),
                format!("the section {} is there twice; give each its own code", section.code),
            );
        }
        count(&format!("{path}.rows"), section.rows.len(), 1, ROWS_MAX, "row", found);
        for (nth, row) in section.rows.iter().enumerate() {
            rows.examine(section, row, format!("{path}.rows[{nth}]"), found);
        }
    }
}

/// The page of a section exists and has room for it.
fn place(form: &Form, section: &Section, path: &str, found: &mut Mistakes) {
    let Some(page) = form.pages.iter().find(|page| page.number == section.page) else {
        let reason = format!("the form has no page {}; correct the number or add the page", section.page);
        return found.add(format!("{path}.page"), reason);
    };
    match page.repeat {
        Some(PageRepeat::EachList) if !section.each_list => found.add(
            format!("{path}.page"),
            format!("page {} is there once for each list, and this section is not", page.number),
        ),
        Some(PageRepeat::Candidates(_)) if section.each_list => found.add(
            format!("{path}.page"),
            format!("page {} repeats for candidates who are on no list", page.number),
        ),
        _ => {}
    }
    let inner = |other: &&Section| {
        other.code.as_str().strip_prefix(section.code.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    if section.each_list
        && let Some(other) = form.sections.iter().find(inner)
    {
        let reason =
            format!("the parties' numbers follow {}; give {} another code", section.code, other.code);
        found.add(format!("{path}.code"), reason);
    }
}

/// What the rows before have used. A code and a quantity are unique in the whole form.
#[derive(Default)]
struct Rows<'a> {
    codes: HashMap<&'a FieldCode, bool>,
    quantities: HashMap<Quantity, String>,
}

impl<'a> Rows<'a> {
    fn examine(&mut self, section: &'a Section, row: &'a Row, path: String, found: &mut Mistakes) {
        examine_row(section, row, &path, found);
        let has_parts = !row.columns.is_empty() || row.counts == Quantity::CandidateVotes;
        let below = |upper: &FieldCode, lower: &FieldCode| {
            lower.as_str().strip_prefix(upper.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let clash = self.codes.iter().find(|(other, other_has_parts)| {
            **other_has_parts && below(other, &row.code) || has_parts && below(&row.code, other)
        });
        if let Some((other, _)) = clash {
            found.add(
                format!("{path}.code"),
                format!(
                    "{} and {other} can make the same code for a column or candidate; change one",
                    row.code
                ),
            );
        }
        if self.codes.insert(&row.code, has_parts).is_some() {
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
    for (nth, page) in form.pages.iter().enumerate() {
        let path = format!("{path}.pages[{nth}]");
        localized(&format!("{path}.title"), &page.title, found);
        if usize::from(page.number) != nth + 1 {
            found.add(format!("{path}.number"), format!("pages count 1, 2, 3; this one is page {}", nth + 1));
        }
        if page.repeat == Some(PageRepeat::Candidates(0)) {
            found.add(format!("{path}.repeat"), "0 candidates on a page; write how many it has room for");
        }
        let before = form.pages.iter().take(nth);
        if let Some((tag, other)) = before.filter_map(|other| same_tag(page, other)).next() {
            found.add(
                format!("{path}.tag"),
                format!("tag {tag} is on two pages; each page has its own{other}"),
            );
        }
    }
}

/// The first tag that both pages have, and why, where it is a copy's.
fn same_tag(page: &Page, before: &Page) -> Option<(u16, &'static str)> {
    let first = page.tag?.max(before.tag?);
    let last = page.tag?.saturating_add(copies_max(page)).min(before.tag?.saturating_add(copies_max(before)));
    let repeats = page.repeat.is_some() || before.repeat.is_some();
    let why = if repeats { ", and so has each copy of a repeated page" } else { "" };
    (first <= last).then_some((first, why))
}

/// Maximum number of copies of a page beside the first.
fn copies_max(page: &Page) -> u16 {
    match page.repeat {
        None => 0,
        Some(PageRepeat::EachList) => LISTS_MAX - 1,
        Some(PageRepeat::Candidates(on_a_page)) => CANDIDATES_MAX.div_ceil(on_a_page.max(1).into()) - 1,
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
    if is_of_a_list(row.counts) && !section.each_list {
        found.add(
            format!("{path}.counts"),
            "only a section that is there for each list has votes of a party; set each_list",
        );
    }
    let columns_fit = match row.counts {
        Quantity::CandidateVotes | Quantity::PartyVotes | Quantity::ListVotes => row.columns.is_empty(),
        _ => row.columns.is_empty() || row.columns == [Column::L, Column::P, Column::J],
    };
    if !columns_fit {
        found.add(
            format!("{path}.columns"),
            "a row has no columns or exactly L, P, J, and one of votes has none; correct the list",
        );
    }
}

fn is_of_a_list(counts: Quantity) -> bool {
    matches!(counts, Quantity::PartyVotes | Quantity::ListVotes)
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
