//! The positions of everything on the pages of a contest's paper.
//!
//! `tally` knows what is on a paper, `sheet` knows where. This crate describes the one to the other, in one
//! way for the device, the endpoint and the sheets that are drawn for practice: what they photograph, crop
//! and draw must be the same.
//!
//! Invariant: pure, and the same paper always has the same positions.

use sheet::layout::{self, Column, Counts, Figure, Page, Row, Section};
use sheet::{FormGeometry, GeometryError};
use tally::{ContestKind, Field, Form, PaperPage, PaperRow, PaperSection, Quantity};

/// The positions on a paper, without its print: those that its form brings, else the built-in ones, else
/// those of our own drawing. `None` if no page has a mark or tables by which it could be recognised.
///
/// # Errors
/// When the positions that the form brings cannot be used, or the drawing has no room for a page.
pub fn positions(paper: &tally::Paper) -> Result<Option<FormGeometry>, GeometryError> {
    let described = describe(paper);
    match FormGeometry::of(&described.form, paper.form().geometry.as_ref())? {
        Some(known) => Ok(Some(known.without_print())),
        None if described.pages.is_empty() => Ok(None),
        None => layout::positions(&described).map(Some),
    }
}

/// The same with the print, for drawing the paper.
///
/// # Errors
/// As [`positions`].
pub fn drawing(paper: &tally::Paper) -> Result<Option<FormGeometry>, GeometryError> {
    let described = describe(paper);
    match FormGeometry::of(&described.form, paper.form().geometry.as_ref())? {
        Some(known) => Ok(Some(known)),
        None if described.pages.is_empty() => Ok(None),
        None => layout::drawing(&described).map(Some),
    }
}

fn describe(paper: &tally::Paper) -> layout::Paper {
    let contest = paper.contest();
    let pairs = matches!(
        contest.kind,
        ContestKind::Ppwp | ContestKind::Gubernur | ContestKind::Bupati | ContestKind::Walikota
    );
    layout::Paper {
        form: paper.form().id.to_string(),
        model: paper.form().title.id.clone(),
        title: vec![contest.title.id.clone()],
        bubbles: pairs,
        pages: paper.pages().iter().filter_map(|page| describe_page(paper, page)).collect(),
    }
}

/// A page without a tag cannot be recognised.
fn describe_page(paper: &tally::Paper, page: &PaperPage) -> Option<Page> {
    let sections = paper.sections().iter().map(|section| describe_section(paper, page, section));
    Some(Page {
        number: page.number,
        tag: page.tag?,
        party: page.party.map(|number| (number, party_name(number, &page.title.id).to_owned())),
        sections: sections.filter(|section| !section.rows.is_empty()).collect(),
    })
}

/// The name in "3. Partai Contoh".
fn party_name(number: u16, title: &str) -> &str {
    title.strip_prefix(&format!("{number}. ")).unwrap_or(title)
}

/// A section with its rows on one page.
fn describe_section(paper: &tally::Paper, page: &PaperPage, section: &PaperSection) -> Section {
    let on_page =
        |row: &&PaperRow| paper.fields_of(row).first().is_some_and(|field| field.page == page.number);
    Section {
        code: section.code.to_string(),
        title: heading(paper.form(), section),
        rows: section.rows.iter().filter(on_page).map(|row| describe_row(paper, row)).collect(),
    }
}

/// The form's heading, which the sections of all lists share.
fn heading(form: &Form, section: &PaperSection) -> String {
    let of_form = form.sections.iter().find(|known| {
        section
            .code
            .as_str()
            .strip_prefix(known.code.as_str())
            .is_some_and(|rest| rest.is_empty() || known.each_list && rest.starts_with('.'))
    });
    of_form.map_or_else(|| section.title.id.clone(), |known| known.title.id.clone())
}

fn describe_row(paper: &tally::Paper, row: &PaperRow) -> Row {
    let fields = paper.fields_of(row);
    let first = fields.first();
    let candidate = first.and_then(|field| paper.contest().candidate(field.choice?));
    let label = match (candidate, first) {
        (Some(candidate), _) => candidate.names.clone(),
        (None, Some(field)) => vec![field.label.id.clone()],
        (None, None) => Vec::new(),
    };
    Row {
        code: row.code.to_string(),
        heading: row.heading.as_ref().map(|heading| heading.id.clone()),
        number: candidate.map(|candidate| candidate.number),
        label,
        counts: first.map_or(Counts::People, |field| counts(field.counts)),
        figures: fields.iter().map(describe_figure).collect(),
    }
}

fn counts(quantity: Quantity) -> Counts {
    match quantity {
        Quantity::CandidateVotes | Quantity::PartyVotes => Counts::Votes,
        Quantity::InvalidVotes => Counts::InvalidVotes,
        Quantity::UsersAll | Quantity::ListVotes | Quantity::ValidVotes | Quantity::AllVotes => Counts::Sum,
        _ => Counts::People,
    }
}

fn describe_figure(field: &Field) -> Figure {
    let column = field.column.map(|column| match column {
        tally::Column::L => Column::Men,
        tally::Column::P => Column::Women,
        tally::Column::J => Column::Both,
    });
    Figure { code: field.code.to_string(), column, digits: field.digits }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The papers of the demo elections.
    fn papers() -> Vec<tally::Paper> {
        let read = |json: &str| tally::Election::from_json(json).unwrap();
        let elections = [
            read(include_str!("../../../assets/elections/demo.json")),
            read(include_str!("../../../assets/elections/demo-general.json")),
            read(include_str!("../../../assets/elections/demo-pilkada.json")),
        ];
        let papers = elections.iter().flat_map(|election| {
            election.contests.iter().map(|contest| election.paper(&contest.id).unwrap())
        });
        papers.collect()
    }

    #[test]
    fn every_figure_of_every_paper_has_its_boxes_on_its_page() {
        for paper in papers() {
            let form = positions(&paper).unwrap().unwrap();
            for field in paper.fields() {
                let (page, known) = form.field(field.code.as_str()).unwrap();
                assert_eq!(page.number, field.page, "{}", field.code);
                assert_eq!(known.boxes.len(), usize::from(field.digits), "{}", field.code);
            }
            let tags: BTreeSet<u16> = form.pages.iter().filter_map(|page| page.tag).collect();
            assert_eq!(tags.len(), paper.pages().len());
        }
    }

    #[test]
    fn the_pages_of_different_papers_have_different_marks() {
        let mut seen: std::collections::BTreeMap<u16, String> = Default::default();
        for paper in papers() {
            for page in positions(&paper).unwrap().unwrap().pages {
                let form = paper.form().id.to_string();
                let tag = page.tag.unwrap();
                let before = seen.insert(tag, form.clone());
                assert!(before.is_none_or(|before| before == form), "tag {tag} is on two forms");
            }
        }
    }

    #[test]
    fn the_drawing_has_the_same_positions_as_the_recognition() {
        for paper in papers() {
            let (drawn, known) = (drawing(&paper).unwrap().unwrap(), positions(&paper).unwrap().unwrap());
            for (drawn, known) in drawn.pages.iter().zip(&known.pages) {
                assert_eq!(
                    (drawn.number, drawn.tag, &drawn.fields),
                    (known.number, known.tag, &known.fields)
                );
            }
        }
    }
}
