//! Sets traps on a sheet that was clean.

use std::collections::{BTreeMap, BTreeSet};

use evidence::IncidentCategory;
use sheet::draw::SeededRng;
use tally::{Column, Field, FieldCode, Figure, Figures, Localized, Paper, Quantity};

use super::{Objection, Trapped};
use crate::seed::mixed;
use crate::trap::TrapKind;

/// How far wrong sums are off, as often as on real papers of 2019.
const DIFFERENCES: [u32; 12] = [1, 1, 1, 100, 100, 2, 2, 3, 10, 9, 20, 90];
/// Attempts to find a place for one trap.
const ATTEMPTS: usize = 60;

/// A sheet with its traps.
pub(super) struct Traps {
    pub(super) says: Figures,
    pub(super) trapped: Vec<Trapped>,
    pub(super) missing_pages: BTreeSet<u8>,
    pub(super) dark_pages: BTreeSet<u8>,
    pub(super) objection: Option<Objection>,
    /// Fields with a trap, so that no two are in one place.
    taken: BTreeSet<FieldCode>,
}

impl Traps {
    /// Sets `traps` on a paper that says `says`. A trap for which the paper has no room is left out.
    pub(super) fn set(paper: &Paper, says: Figures, traps: &BTreeMap<TrapKind, u8>, seed: u64) -> Self {
        let mut sheet = Self {
            says,
            trapped: Vec::new(),
            missing_pages: BTreeSet::new(),
            dark_pages: BTreeSet::new(),
            objection: None,
            taken: BTreeSet::new(),
        };
        for (trap, times) in traps {
            // A generator for each trap, so that one trap more does not move the others.
            let random = &mut SeededRng::new(mixed(seed, &[4, *trap as u64]));
            for _ in 0..*times {
                let placed = sheet.place(*trap, paper, random);
                sheet.trapped.extend(placed);
            }
        }
        sheet
    }

    fn place(&mut self, trap: TrapKind, paper: &Paper, random: &mut SeededRng) -> Option<Trapped> {
        let (fields, page) = match trap {
            TrapKind::WrongSum => (vec![self.wrong_sum(paper, random)?], None),
            TrapKind::Correction => {
                (vec![self.take(paper, random, &|figure, _| has_digits(figure, 1))?], None)
            }
            TrapKind::CrossedBoxes => (self.crossed(paper), None),
            TrapKind::UnclearDigit => {
                let in_words = |figure, field: &Field| has_digits(figure, 2) && field.decides();
                (vec![self.take(paper, random, &in_words)?], None)
            }
            TrapKind::Illegible => (vec![self.illegible(paper, random)?], None),
            TrapKind::MissingPage => (Vec::new(), Some(self.missing_page(paper, random)?)),
            TrapKind::DarkPhoto => (Vec::new(), Some(self.dark_page(paper, random)?)),
            TrapKind::Objection => {
                self.objection = Some(objection(random));
                (Vec::new(), None)
            }
        };
        Some(Trapped { trap, fields, page })
    }

    /// A field without a trap yet, whose figure fits.
    fn take(
        &mut self,
        paper: &Paper,
        random: &mut SeededRng,
        fits: &dyn Fn(Figure, &Field) -> bool,
    ) -> Option<FieldCode> {
        let free: Vec<&Field> = paper
            .fields()
            .iter()
            .filter(|field| field.asked && !self.taken.contains(&field.code))
            .filter(|field| self.says.0.get(&field.code).is_some_and(|figure| fits(*figure, field)))
            .collect();
        let code = free.get(random.below(free.len()))?.code.clone();
        self.taken.insert(code.clone());
        Some(code)
    }

    /// Makes one sum wrong, so that the checks find one fault more.
    fn wrong_sum(&mut self, paper: &Paper, random: &mut SeededRng) -> Option<FieldCode> {
        let faults = |says: &Figures| paper.check(says).faults().count();
        let before = faults(&self.says);
        for _ in 0..ATTEMPTS {
            let code = self.take(paper, random, &|figure, field| has_digits(figure, 1) && is_sum(field))?;
            let (number, field) = (self.says.number(&code)?, paper.field(&code)?);
            let off = DIFFERENCES[random.below(DIFFERENCES.len())];
            let wrong = if random.random_bool(0.5) { number.checked_sub(off) } else { Some(number + off) };
            if let Some(wrong) = wrong.filter(|wrong| field.holds(*wrong)) {
                self.says.0.insert(code.clone(), Figure::Written(wrong));
                if faults(&self.says) > before {
                    return Some(code);
                }
                self.says.0.insert(code.clone(), Figure::Written(number));
            }
            self.taken.remove(&code);
        }
        None
    }

    /// Rows of which all figures are zero are crossed. Where votes decide, a zero is a figure.
    fn crossed(&mut self, paper: &Paper) -> Vec<FieldCode> {
        let mut crossed = Vec::new();
        for row in paper.sections().iter().flat_map(|section| &section.rows) {
            let fields = paper.fields_of(row);
            let zero = |field: &Field| self.says.0.get(&field.code) == Some(&Figure::Written(0));
            if fields.iter().all(|field| zero(field) && is_part(field)) {
                crossed.extend(fields.iter().map(|field| field.code.clone()));
            }
        }
        for code in &crossed {
            self.says.0.insert(code.clone(), Figure::Blank);
            self.taken.insert(code.clone());
        }
        crossed
    }

    /// Ink over a figure that nothing else states, in a place where no check needs it.
    fn illegible(&mut self, paper: &Paper, random: &mut SeededRng) -> Option<FieldCode> {
        let before: Vec<_> = paper.check(&self.says).faults().map(|fault| fault.key.clone()).collect();
        for _ in 0..ATTEMPTS {
            let code = self.take(paper, random, &|figure, field| {
                has_digits(figure, 1) && field.choice.is_none() && is_part(field)
            })?;
            let number = self.says.0.insert(code.clone(), Figure::Illegible)?;
            if paper.check(&self.says).faults().map(|fault| fault.key.clone()).eq(before.iter().cloned()) {
                return Some(code);
            }
            self.says.0.insert(code.clone(), number);
            self.taken.remove(&code);
        }
        None
    }

    /// A page without a trap on it, if there is one. At least one page stays.
    fn missing_page(&mut self, paper: &Paper, random: &mut SeededRng) -> Option<u8> {
        let left =
            paper.pages().iter().map(|page| page.number).filter(|page| !self.missing_pages.contains(page));
        let left: Vec<u8> = left.collect();
        let trapped = |page: &u8| {
            paper.fields().iter().any(|field| field.page == *page && self.taken.contains(&field.code))
        };
        let free: Vec<u8> = left.iter().copied().filter(|page| !trapped(page)).collect();
        let choice = if free.is_empty() { &left } else { &free };
        let page = *choice.get(random.below(choice.len())).filter(|_| left.len() > 1)?;
        self.missing_pages.insert(page);
        Some(page)
    }

    fn dark_page(&mut self, paper: &Paper, random: &mut SeededRng) -> Option<u8> {
        let pages = paper.pages().iter().map(|page| page.number);
        let there: Vec<u8> = pages
            .filter(|page| !self.missing_pages.contains(page) && !self.dark_pages.contains(page))
            .collect();
        let page = *there.get(random.below(there.len()))?;
        self.dark_pages.insert(page);
        Some(page)
    }
}

/// Whether a number with at least so many digits is written there.
fn has_digits(figure: Figure, least: u32) -> bool {
    figure.number().is_some_and(|number| number.checked_ilog10().map_or(0, |log| log + 1) >= least)
}

/// Whether the figure is a sum that officers add up by hand.
fn is_sum(field: &Field) -> bool {
    use Quantity as Q;
    matches!(field.counts, Q::ListVotes | Q::ValidVotes | Q::AllVotes)
        || field.counts == Q::UsersAll && field.is_whole()
        || field.column == Some(Column::J)
}

/// Whether the figure is a part of a sum, or of none: what may be left out without a contradiction.
fn is_part(field: &Field) -> bool {
    use Quantity as Q;
    matches!(
        field.counts,
        Q::VotersMoved
            | Q::VotersUnlisted
            | Q::UsersMoved
            | Q::UsersUnlisted
            | Q::DisabledVoters
            | Q::DisabledUsers
    ) || field.counts == Q::BallotsSpoiled
}

fn objection(random: &mut SeededRng) -> Objection {
    use IncidentCategory as C;
    let stories = [
        (
            C::Objection,
            "Petugas menghitung ulang suara satu calon tanpa memanggil saksi. Anda berkeberatan.",
            "The officers counted one candidate's votes again without calling the witnesses. You object.",
        ),
        (
            C::FiguresChanged,
            "Angka di papan diganti setelah dibacakan. Anda berkeberatan.",
            "A figure on the board was changed after it was read out. You object.",
        ),
        (
            C::CopyWithheld,
            "Petugas menolak memberikan salinan formulir hasil. Anda berkeberatan.",
            "The officers refuse to hand out the copy of the result form. You object.",
        ),
        (
            C::WitnessHindered,
            "Saksi diminta berdiri di luar saat penghitungan. Anda berkeberatan.",
            "Witnesses have to stand outside during the count. You object.",
        ),
    ];
    let (category, id, en) = stories[random.below(stories.len())];
    Objection { category, story: Localized::new(id, en) }
}
