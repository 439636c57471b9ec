//! Scripted trainees: each types a sheet with planned slips, and nothing else goes wrong.

use std::collections::{BTreeMap, BTreeSet};

use practice::{
    Attempt, Exercise, Level, PracticeSheet, Scenario, SealedPhoto, SheetNumber, SlipKind, TrapKind,
};
use sheet::draw::SeededRng;
use tally::{Column, Field, FieldCode, Figure, Figures, Paper, PaperRow, PaperSection, Quantity};

/// A slip that was made on purpose: its kind, and the fields that it made wrong.
pub(crate) type Planned = (SlipKind, BTreeSet<FieldCode>);

/// A sheet of a seed with traps, as copy 1 of the only exercise.
pub(crate) fn sheet(paper: &Paper, seed: u32, traps: &[TrapKind]) -> PracticeSheet {
    let base = Scenario::of_kinds(Level::FirstSteps, seed, &[paper.contest().kind]);
    let traps: BTreeMap<TrapKind, u8> = traps.iter().map(|trap| (*trap, 1)).collect();
    let exercises = vec![Exercise { traps, ..base.exercises[0].clone() }];
    let number = SheetNumber { exercise: 1, copy: 1 };
    PracticeSheet::of(&Scenario { exercises, ..base }, number, paper).unwrap()
}

/// The traps without which a slip cannot be made.
pub(crate) fn traps_for(kind: SlipKind) -> &'static [TrapKind] {
    match kind {
        SlipKind::OwnSum => &[TrapKind::WrongSum],
        SlipKind::NoSuchPage => &[TrapKind::MissingPage],
        SlipKind::Guessed => &[TrapKind::Illegible],
        SlipKind::ZeroForBlank | SlipKind::PutIntoBlank => &[TrapKind::CrossedBoxes],
        _ => &[],
    }
}

/// A trainee who types everything right, confirms what the checks find, and photographs every page.
pub(crate) fn perfect(paper: &Paper, sheet: &PracticeSheet) -> Attempt {
    let figures = sheet.expected().clone();
    let pages = paper.pages().iter().map(|page| page.number);
    let pages = pages.filter(|page| !sheet.missing_pages().contains(page));
    Attempt {
        number: 1,
        acknowledged: paper.check(&figures).faults().map(|fault| fault.key.clone()).collect(),
        figures,
        photos: pages.map(|page| SealedPhoto { page, issues: Vec::new() }).collect(),
        times: Vec::new(),
        seconds: 400,
        incidents: sheet.objection().map(|asked| asked.category).into_iter().collect(),
    }
}

/// Makes a slip. `None` if this sheet has no place for one that is not also another kind of slip. Sections in
/// `taken` stay as they are.
pub(crate) fn slip(
    kind: SlipKind,
    paper: &Paper,
    sheet: &PracticeSheet,
    figures: &mut Figures,
    taken: &mut BTreeSet<FieldCode>,
    seed: u32,
) -> Option<Planned> {
    let before = figures.clone();
    let mut hand = Hand { paper, sheet, figures, taken, random: SeededRng::new(u64::from(seed) * 31 + 5) };
    hand.slip(kind)?;
    let differs = |field: &&Field| before.0.get(&field.code) != figures.0.get(&field.code);
    let wrong: BTreeSet<FieldCode> =
        paper.fields().iter().filter(differs).map(|field| field.code.clone()).collect();
    let sections = paper.fields().iter().filter(|field| wrong.contains(&field.code));
    taken.extend(sections.map(|field| field.section.clone()));
    assert!(!wrong.is_empty(), "{kind:?} changed nothing");
    Some((kind, wrong))
}

struct Hand<'a> {
    paper: &'a Paper,
    sheet: &'a PracticeSheet,
    figures: &'a mut Figures,
    taken: &'a BTreeSet<FieldCode>,
    random: SeededRng,
}

impl<'a> Hand<'a> {
    fn slip(&mut self, kind: SlipKind) -> Option<()> {
        use SlipKind as K;
        match kind {
            K::RowSkipped => self.shift(1),
            K::RowShifted => self.shift(-1),
            K::ListsSwapped => self.lists_swapped(),
            K::RowsSwapped => self.rows_swapped(),
            K::ColumnsSwapped => self.columns_swapped(),
            K::OwnSum => self.own_sum(),
            K::NotTyped => {
                let section = self.section(|section| section.rows.len() > 2)?;
                let last = &section.rows[section.rows.len() - 2..];
                self.fields(last).into_iter().for_each(|field| _ = self.figures.0.remove(&field.code));
                Some(())
            }
            K::NoSuchPage => {
                let page = *self.sheet.missing_pages().first()?;
                let field = self.paper.fields().iter().find(|field| field.page == page && field.asked)?;
                self.set(field, Figure::Written(7))
            }
            K::ZeroForBlank => self.everywhere(Figure::Blank, Figure::Written(0)),
            K::BlankForZero => self.everywhere(Figure::Written(0), Figure::Blank),
            K::LeftBlank => self.one(|number, _| (number > 0).then_some(Figure::Blank)),
            K::CalledIllegible => self.one(|_, _| Some(Figure::Illegible)),
            K::PutIntoBlank => {
                let field = self.field(|hand, field| hand.says(field) == Some(Figure::Blank))?;
                let number = (3..).find(|number| !self.beside(field).contains(number))?;
                self.set(field, Figure::Written(number))
            }
            K::Guessed => {
                // In the place of a sum, 3 may be the sum of what was typed: that is another slip.
                let is_open = |field: &&Field| self.says(field) == Some(Figure::Illegible) && !is_sum(field);
                let field = self.paper.fields().iter().find(is_open)?;
                self.set(field, Figure::Written(3))
            }
            K::DigitsSwapped => self.number(|digits| swapped(digits)),
            K::DigitDiffers => self.number(|digits| {
                let last = digits.pop()?;
                digits.push(if last == b'3' { b'8' } else { b'3' });
                Some(())
            }),
            K::DigitDropped => self.number(|digits| digits.pop().filter(|_| !digits.is_empty()).map(|_| ())),
            K::DigitAdded => self.number(|digits| {
                digits.push(b'4');
                Some(())
            }),
            K::OtherRow => self.other_row(),
            K::OtherNumber => self.number(|digits| {
                let [.., a, b] = &mut digits[..] else { return None };
                let new = [if *a == b'5' { b'6' } else { b'5' }, if *b == b'1' { b'2' } else { b'1' }];
                let same_digits = [*a, *b] == [new[1], new[0]];
                (*a, *b) = (new[0], new[1]);
                (!same_digits).then_some(())
            }),
        }
    }

    fn says(&self, field: &Field) -> Option<Figure> {
        self.sheet.expected().0.get(&field.code).copied()
    }

    fn number_of(&self, field: &Field) -> Option<u32> {
        self.says(field).and_then(Figure::number)
    }

    fn set(&mut self, field: &Field, figure: Figure) -> Option<()> {
        self.figures.0.insert(field.code.clone(), figure);
        Some(())
    }

    fn fields(&self, rows: &[PaperRow]) -> Vec<&'a Field> {
        rows.iter().flat_map(|row| self.paper.fields_of(row)).collect()
    }

    fn free(&self, section: &FieldCode) -> bool {
        !self.taken.contains(section)
    }

    /// A section that fits, where all figures are there.
    fn section(&mut self, fits: impl Fn(&PaperSection) -> bool) -> Option<&'a PaperSection> {
        let paper: &'a Paper = self.paper;
        let there = |section: &&PaperSection| {
            self.free(&section.code) && self.fields(&section.rows).iter().all(|f| self.says(f).is_some())
        };
        let fit: Vec<&'a PaperSection> =
            paper.sections().iter().filter(there).filter(|section| fits(section)).collect();
        fit.get(self.random.below(fit.len())).copied()
    }

    /// A field that fits and is no sum.
    fn field(&mut self, fits: impl Fn(&Self, &Field) -> bool) -> Option<&'a Field> {
        let paper: &'a Paper = self.paper;
        let fit: Vec<&'a Field> = paper
            .fields()
            .iter()
            .filter(|field| self.free(&field.section) && !is_sum(field) && fits(self, field))
            .collect();
        fit.get(self.random.below(fit.len())).copied()
    }

    /// One number becomes another figure.
    fn one(&mut self, other: impl Fn(u32, &Field) -> Option<Figure>) -> Option<()> {
        let changed =
            |hand: &Self, field: &Field| hand.number_of(field).and_then(|number| other(number, field));
        let field = self.field(|hand, field| changed(hand, field).is_some())?;
        let figure = changed(self, field)?;
        self.set(field, figure)
    }

    /// One number of two or three digits becomes another number that no neighbour has.
    fn number(&mut self, change: impl Fn(&mut Vec<u8>) -> Option<()>) -> Option<()> {
        let changed = |hand: &Self, field: &Field| {
            let number = hand.number_of(field).filter(|number| (10..1_000).contains(number))?;
            let mut digits = number.to_string().into_bytes();
            change(&mut digits)?;
            let other: u32 = String::from_utf8(digits.clone()).ok()?.parse().ok()?;
            let fits = other != number && other.to_string().len() == digits.len() && field.holds(other);
            (fits && !hand.beside(field).contains(&other)).then_some(other)
        };
        let field = self.field(|hand, field| changed(hand, field).is_some())?;
        let other = changed(self, field)?;
        self.set(field, Figure::Written(other))
    }

    /// The numbers of the rows above and below.
    fn beside(&self, field: &Field) -> Vec<u32> {
        let like = |other: &&Field| other.section == field.section && other.column == field.column;
        let column: Vec<&Field> = self.paper.fields().iter().filter(like).collect();
        let at = column.iter().position(|other| other.code == field.code).unwrap();
        let near = column.iter().enumerate().filter(|(other, _)| other.abs_diff(at) == 1);
        near.filter_map(|(_, other)| self.number_of(other)).collect()
    }

    /// All figures of a section that are `from` become `to`.
    fn everywhere(&mut self, from: Figure, to: Figure) -> Option<()> {
        let (paper, sheet) = (self.paper, self.sheet);
        let is_from = move |field: &Field| sheet.expected().0.get(&field.code) == Some(&from);
        let of = move |section: &PaperSection| -> Vec<&'a Field> {
            section.rows.iter().flat_map(|row| paper.fields_of(row)).filter(|field| is_from(field)).collect()
        };
        let section = self.section(|section| !of(section).is_empty())?;
        for field in of(section) {
            self.set(field, to);
        }
        Some(())
    }

    /// Skips a row (1) or types one twice (-1), to the end of the rows of its kind; the one left over stays
    /// open.
    fn shift(&mut self, by: isize) -> Option<()> {
        let section = self.section(|section| section.rows.len() > 2)?;
        let kind = |row: &PaperRow| {
            let fields = self.paper.fields_of(row);
            (fields.len(), fields[0].counts == Quantity::ListVotes)
        };
        let rows: Vec<&PaperRow> =
            section.rows.iter().filter(|row| kind(row) == kind(&section.rows[0])).collect();
        let last = rows.len().checked_sub(1).filter(|last| *last > 1)?;
        let first = self.random.below(last - 1);
        let pairs: Vec<(usize, usize)> = match by {
            1 => (first..last).map(|at| (at, at + 1)).collect(),
            _ => (first + 1..=last).map(|at| (at, at - 1)).collect(),
        };
        let telling = |(at, from): &(usize, usize)| {
            let values = |row: &PaperRow| -> Vec<Option<Figure>> {
                self.paper.fields_of(row).iter().map(|field| self.says(field)).collect()
            };
            let number = |figure: &Option<Figure>| figure.and_then(Figure::number).is_some_and(|n| n > 0);
            values(rows[*at]) != values(rows[*from]) && values(rows[*from]).iter().any(number)
        };
        if pairs.iter().filter(|pair| telling(pair)).count() < 2 {
            return None;
        }
        for (at, from) in pairs {
            for (here, there) in self.paper.fields_of(rows[at]).iter().zip(self.paper.fields_of(rows[from])) {
                let figure = self.says(there)?;
                self.set(here, figure);
            }
        }
        if by > 0 {
            for field in self.paper.fields_of(rows[last]) {
                self.figures.0.remove(&field.code);
            }
        }
        Some(())
    }

    fn exchange(&mut self, one: &PaperRow, other: &PaperRow) -> Option<()> {
        for (here, there) in self.paper.fields_of(one).iter().zip(self.paper.fields_of(other)) {
            let (a, b) = (self.says(here)?, self.says(there)?);
            self.set(here, b);
            self.set(there, a);
        }
        Some(())
    }

    fn rows_swapped(&mut self) -> Option<()> {
        let votes = |hand: &Self, section: &PaperSection| -> Vec<PaperRow> {
            let is_votes = |row: &&PaperRow| {
                let field = &hand.paper.fields_of(row)[0];
                field.counts == Quantity::CandidateVotes && hand.number_of(field).is_some_and(|n| n > 0)
            };
            section.rows.iter().filter(is_votes).cloned().collect()
        };
        let (paper, sheet) = (self.paper, self.sheet);
        let number = |row: &PaperRow| sheet.expected().number(&paper.fields_of(row)[0].code);
        let pair = |rows: &[PaperRow]| -> Option<(PaperRow, PaperRow)> {
            let other = rows.iter().rev().find(|row| number(row) != number(&rows[0]))?;
            Some((rows[0].clone(), other.clone()))
        };
        let sections: Vec<&PaperSection> =
            paper.sections().iter().filter(|section| self.free(&section.code)).collect();
        let pairs = sections.into_iter().filter_map(|section| pair(&votes(self, section)));
        let pairs: Vec<(PaperRow, PaperRow)> = pairs.collect();
        let (one, other) = pairs.get(self.random.below(pairs.len()))?;
        self.exchange(one, other)
    }

    fn columns_swapped(&mut self) -> Option<()> {
        let columns = |row: &PaperRow| {
            let column = |wanted| self.paper.fields_of(row).iter().find(|field| field.column == Some(wanted));
            let (men, women) = column(Column::L).zip(column(Column::P))?;
            (self.says(men)? != self.says(women)?).then_some((men, women))
        };
        let sections = self.paper.sections().iter().filter(|section| self.free(&section.code));
        let rows: Vec<(&Field, &Field)> =
            sections.take(1).flat_map(|section| &section.rows).filter_map(columns).collect();
        rows.first()?;
        for (men, women) in rows {
            let (l, p) = (self.says(men)?, self.says(women)?);
            self.set(men, p);
            self.set(women, l);
        }
        Some(())
    }

    fn lists_swapped(&mut self) -> Option<()> {
        let numbers = |section: &PaperSection| {
            self.fields(&section.rows).iter().filter(|field| self.number_of(field).is_some()).count()
        };
        let is_list = |section: &&PaperSection| {
            section.party.is_some() && self.free(&section.code) && numbers(section) > 3
        };
        let lists: Vec<&PaperSection> = self.paper.sections().iter().filter(is_list).collect();
        let [one, other, ..] = &lists[..] else { return None };
        let parts = one.rows.len().min(other.rows.len()) - 1;
        for at in 0..parts {
            self.exchange(&one.rows[at], &other.rows[at])?;
        }
        self.exchange(one.rows.last()?, other.rows.last()?)
    }

    /// The sum that would be right instead of the one on the paper.
    fn own_sum(&mut self) -> Option<()> {
        let trapped = self.sheet.trapped().iter().find(|trapped| trapped.trap == TrapKind::WrongSum)?;
        let seed_of_clean = trapped.fields.first()?;
        let field = self.paper.field(seed_of_clean)?;
        let report = self.paper.check(self.sheet.expected());
        let sums = report.faults().filter_map(|fault| fault.comparison.as_ref()).find(|comparison| {
            comparison.right.terms.iter().any(|term| term.field == field.code)
                && comparison.left.terms.len() > 1
        })?;
        self.set(field, Figure::Written(sums.left.total))
    }

    fn other_row(&mut self) -> Option<()> {
        let unlike = |a: u32, b: u32| {
            let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
            let sorted = |digits: &[u8]| {
                let mut digits = digits.to_vec();
                digits.sort_unstable();
                digits
            };
            a.len() == b.len()
                && a.iter().zip(&b).filter(|(a, b)| a != b).count() > 1
                && sorted(&a) != sorted(&b)
        };
        let other = |hand: &Self, field: &Field| {
            let number = hand.number_of(field)?;
            hand.beside(field).into_iter().find(|other| unlike(number, *other))
        };
        let field = self.field(|hand, field| other(hand, field).is_some())?;
        let other = other(self, field)?;
        self.set(field, Figure::Written(other))
    }
}

/// Swaps the last two digits.
fn swapped(digits: &mut [u8]) -> Option<()> {
    let last = digits.len().checked_sub(1).filter(|last| *last > 0)?;
    digits.swap(last - 1, last);
    Some(())
}

/// Whether the figure is worked out from others.
fn is_sum(field: &Field) -> bool {
    use Quantity as Q;
    matches!(field.counts, Q::UsersAll | Q::VotersAll | Q::BallotsReceived | Q::BallotsUnused)
        || matches!(field.counts, Q::ListVotes | Q::ValidVotes | Q::AllVotes)
        || field.column == Some(Column::J)
}
