//! Makes the paper of a contest from its form.

use std::collections::BTreeMap;

use super::{Field, PAGES_MAX, Paper, PaperError, PaperPage, PaperRow, PaperRules, PaperSection};
use crate::contest::{Candidate, Choice, Contest, Party, PartyList};
use crate::form::{Form, Page, PageRepeat, Quantity, Row, Section};
use crate::id::{FieldCode, PartyNumber};
use crate::text::Localized;

impl Paper {
    /// Lists the pages, sections and fields of `form` for `contest`.
    pub(crate) fn new(
        form: &Form,
        contest: &Contest,
        parties: &[Party],
        rules: PaperRules,
    ) -> Result<Self, PaperError> {
        let mut builder =
            Builder { contest, parties, pages: pages(form, contest, parties)?, fields: Vec::new() };
        let sections = builder.sections(form)?;
        let Builder { pages, fields, .. } = builder;
        let positions = fields.iter().enumerate().map(|(index, field)| (field.code.clone(), index)).collect();
        let (form, contest) = (form.clone(), contest.clone());
        Ok(Self { form, contest, pages: pages.all, sections, fields, positions, rules })
    }
}

impl Paper {
    /// Whether [`Paper::new`] makes a paper of both. It is much quicker: only the longest codes are made.
    pub(crate) fn fits(form: &Form, contest: &Contest) -> Result<(), PaperError> {
        let pages: usize = form.pages.iter().map(|page| copies_of(page, contest).len()).sum();
        if pages > PAGES_MAX {
            return Err(PaperError::TooManyPages);
        }
        let listed = contest.lists.iter().flat_map(|list| &list.candidates);
        let listed = listed.map(|candidate| candidate.number).max().unwrap_or_default();
        let own = contest.candidates.iter().map(|candidate| candidate.number).max().unwrap_or_default();
        let party = contest.lists.iter().map(|list| list.party).max().unwrap_or_default();
        for section in &form.sections {
            let list = if section.each_list { format!(".{party}") } else { String::new() };
            let candidate = if section.each_list { listed } else { own };
            for row in &section.rows {
                let part = match row.counts {
                    Quantity::CandidateVotes => format!(".{candidate}"),
                    _ if row.columns.is_empty() => String::new(),
                    _ => ".J".to_owned(),
                };
                FieldCode::try_from(format!("{}{list}{part}", row.code))?;
            }
        }
        Ok(())
    }
}

struct Builder<'a> {
    contest: &'a Contest,
    parties: &'a [Party],
    pages: Pages,
    fields: Vec<Field>,
}

impl Builder<'_> {
    fn sections(&mut self, form: &Form) -> Result<Vec<PaperSection>, PaperError> {
        let mut sections = Vec::new();
        for section in &form.sections {
            if section.each_list {
                for list in &self.contest.lists {
                    sections.push(self.section(section, Some(list))?);
                }
            } else {
                sections.push(self.section(section, None)?);
            }
        }
        Ok(sections)
    }

    fn section(&mut self, section: &Section, list: Option<&PartyList>) -> Result<PaperSection, PaperError> {
        let party = list.map(|list| list.party);
        let place = SectionPlace {
            code: match party {
                Some(party) => section.code.child(party)?,
                None => section.code.clone(),
            },
            page: self.pages.of(section.page, party, 0),
            form_page: section.page,
            list,
        };
        let mut rows = Vec::new();
        for row in &section.rows {
            self.add_row(section, row, &place, &mut rows)?;
        }
        let title = party.map_or_else(|| section.title.clone(), |party| party_title(self.parties, party));
        Ok(PaperSection { code: place.code, title, page: place.page, party, rows })
    }

    /// One row of the form: a row on paper, or one for each candidate.
    fn add_row(
        &mut self,
        section: &Section,
        row: &Row,
        place: &SectionPlace<'_>,
        rows: &mut Vec<PaperRow>,
    ) -> Result<(), PaperError> {
        let code = place.code_of(section, row)?;
        if row.counts == Quantity::CandidateVotes {
            let candidates = place.list.map_or(&self.contest.candidates, |list| &list.candidates);
            for (index, candidate) in candidates.iter().enumerate() {
                let field = self.candidate_field(row, &code, place, index, candidate)?;
                let heading = row.heading.clone().filter(|_| index == 0);
                rows.push(self.push_row(field.row.clone(), heading, vec![field]));
            }
            return Ok(());
        }
        let fields = if row.columns.is_empty() {
            vec![self.field(row, &code, place, code.clone())]
        } else {
            let columns = row.columns.iter();
            let field = |&column: &crate::form::Column| {
                let field = self.field(row, &code, place, code.child(column.letter())?);
                Ok(Field { column: Some(column), ..field })
            };
            columns.map(field).collect::<Result<_, PaperError>>()?
        };
        rows.push(self.push_row(code, row.heading.clone(), fields));
        Ok(())
    }

    fn push_row(&mut self, code: FieldCode, heading: Option<Localized>, fields: Vec<Field>) -> PaperRow {
        let first = self.fields.len();
        self.fields.extend(fields);
        PaperRow { code, heading, fields: first..self.fields.len() }
    }

    fn field(&self, row: &Row, row_code: &FieldCode, place: &SectionPlace<'_>, code: FieldCode) -> Field {
        let choice = place.list.and_then(|list| match row.counts {
            Quantity::PartyVotes => Some(Choice::PartyItself(list.party)),
            Quantity::ListVotes => Some(Choice::List(list.party)),
            _ => None,
        });
        Field {
            code,
            row: row_code.clone(),
            section: place.code.clone(),
            page: place.page,
            counts: row.counts,
            column: None,
            choice,
            label: row.label.clone(),
            digits: row.digits,
            asked: self.is_asked(choice),
        }
    }

    fn candidate_field(
        &self,
        row: &Row,
        row_code: &FieldCode,
        place: &SectionPlace<'_>,
        index: usize,
        candidate: &Candidate,
    ) -> Result<Field, PaperError> {
        let code = row_code.child(candidate.number)?;
        let party = place.list.map(|list| list.party);
        let choice = match party {
            Some(party) => Choice::ListCandidate(party, candidate.number),
            None => Choice::Candidate(candidate.number),
        };
        Ok(Field {
            // Each candidate has a row of their own on paper, although the form describes all of them in one.
            page: self.pages.of(place.form_page, party, index),
            choice: Some(choice),
            label: candidate.label(),
            asked: self.is_asked(Some(choice)),
            ..self.field(row, &code, place, code.clone())
        })
    }

    fn is_asked(&self, choice: Option<Choice>) -> bool {
        match choice {
            Some(Choice::PartyItself(party) | Choice::ListCandidate(party, _)) => {
                self.contest.asked.list_in_full(party)
            }
            _ => true,
        }
    }
}

/// A section on the paper.
struct SectionPlace<'a> {
    code: FieldCode,
    page: u8,
    form_page: u8,
    list: Option<&'a PartyList>,
}

impl SectionPlace<'_> {
    /// The code of a row: the section's code on paper in place of the form's.
    fn code_of(&self, section: &Section, row: &Row) -> Result<FieldCode, PaperError> {
        let rest = row.code.as_str().strip_prefix(section.code.as_str()).unwrap_or_default();
        Ok(FieldCode::try_from(format!("{}{rest}", self.code))?)
    }
}

/// "3 Partai Contoh": a list's heading.
fn party_title(parties: &[Party], number: PartyNumber) -> Localized {
    let name = parties.iter().find(|party| party.number == number).map(|party| party.name.as_str());
    let title = name.map_or_else(|| number.to_string(), |name| format!("{number}. {name}"));
    Localized::new(title.clone(), title)
}

/// The pages of the paper, and which of them are copies of each page of the form.
struct Pages {
    all: Vec<PaperPage>,
    copies: BTreeMap<u8, Copies>,
}

struct Copies {
    repeat: Option<PageRepeat>,
    numbers: Vec<u8>,
    parties: Vec<Option<PartyNumber>>,
}

impl Pages {
    /// The number of the page with a party's list, or with the candidate at `index`.
    fn of(&self, form_page: u8, party: Option<PartyNumber>, index: usize) -> u8 {
        let Some(copies) = self.copies.get(&form_page) else { return form_page };
        let copy = match copies.repeat {
            None => 0,
            Some(PageRepeat::EachList) => {
                copies.parties.iter().position(|listed| *listed == party).unwrap_or(0)
            }
            Some(PageRepeat::Candidates(on_a_page)) => index / usize::from(on_a_page.max(1)),
        };
        copies.numbers.get(copy).copied().unwrap_or(form_page)
    }
}

/// Numbers the pages. A form without repeated pages keeps its own numbers.
fn pages(form: &Form, contest: &Contest, parties: &[Party]) -> Result<Pages, PaperError> {
    let repeats = form.pages.iter().any(|page| page.repeat.is_some());
    let mut pages = Pages { all: Vec::new(), copies: BTreeMap::new() };
    for page in &form.pages {
        let listed = copies_of(page, contest);
        let mut numbers = Vec::new();
        for (copy, party) in listed.iter().enumerate() {
            let number = if repeats { next_number(&pages.all)? } else { page.number };
            let copy = u16::try_from(copy).map_err(|_| PaperError::TooManyPages)?;
            pages.all.push(PaperPage {
                number,
                title: party.map_or_else(|| page.title.clone(), |party| party_title(parties, party)),
                tag: page.tag.map(|tag| tag.saturating_add(copy)),
                form_page: page.number,
                party: *party,
            });
            numbers.push(number);
        }
        pages.copies.insert(page.number, Copies { repeat: page.repeat, numbers, parties: listed });
    }
    Ok(pages)
}

fn next_number(pages: &[PaperPage]) -> Result<u8, PaperError> {
    let next = pages.len() + 1;
    u8::try_from(next).ok().filter(|_| next <= PAGES_MAX).ok_or(PaperError::TooManyPages)
}

/// The copies of a page of the form: each with the party whose list is on it, if it has one.
fn copies_of(page: &Page, contest: &Contest) -> Vec<Option<PartyNumber>> {
    match page.repeat {
        None => vec![None],
        Some(PageRepeat::EachList) => contest.lists.iter().map(|list| Some(list.party)).collect(),
        Some(PageRepeat::Candidates(on_a_page)) => {
            let copies = contest.candidates.len().div_ceil(usize::from(on_a_page.max(1))).max(1);
            vec![None; copies]
        }
    }
}
