//! One practice sheet: what the paper says, how it is written, and what to expect of the witness.

mod traps;
mod writing;

use std::collections::BTreeSet;

use evidence::IncidentCategory;
use serde::Serialize;
use sheet::draw::{Distortion, FilledField, Shot};
use tally::{FieldCode, Figure, Figures, Localized, Paper};

use crate::scenario::{Scenario, SheetNumber};
use crate::trap::TrapKind;
use crate::truth::truth;
use traps::Traps;

/// A trap on a sheet, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Trapped {
    pub trap: TrapKind,
    /// The fields, in the paper's order. None for a page, and for an objection.
    pub fields: Vec<FieldCode>,
    /// The page of a photo, or the page that is missing.
    pub page: Option<u8>,
}

/// What the witness has to object to, and the category under which it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Objection {
    pub category: IncidentCategory,
    /// What the trainer reads out, or the app shows.
    pub story: Localized,
}

/// A filled sheet. The same scenario, number and paper give the same sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeSheet {
    number: SheetNumber,
    seed: u64,
    says: Figures,
    expected: Figures,
    trapped: Vec<Trapped>,
    missing_pages: BTreeSet<u8>,
    dark_pages: BTreeSet<u8>,
    objection: Option<Objection>,
    written: Vec<FilledField>,
}

impl PracticeSheet {
    /// The sheet with this number. `None` if the scenario has no such exercise. `paper` is that of a contest
    /// of the exercise's kind, at a station of its kind.
    pub fn of(scenario: &Scenario, number: SheetNumber, paper: &Paper) -> Option<Self> {
        let exercise = scenario.exercise(number.exercise)?;
        let seed = scenario.sheet_seed(number);
        let says = truth(paper, scenario.people_seed(number.copy), seed);
        let traps = Traps::set(paper, says, &exercise.traps, seed);
        let expected = expected(paper, &traps);
        let written = writing::written(paper, &traps, seed);
        let Traps { says, trapped, missing_pages, dark_pages, objection, .. } = traps;
        Some(Self { number, seed, says, expected, trapped, missing_pages, dark_pages, objection, written })
    }

    /// Its number in the drill.
    pub fn number(&self) -> SheetNumber {
        self.number
    }

    /// What the paper says in all its fields, also in those that are on a missing page or not asked for.
    pub fn says(&self) -> &Figures {
        &self.says
    }

    /// What the witness should type.
    pub fn expected(&self) -> &Figures {
        &self.expected
    }

    /// The traps in the order of [`TrapKind`].
    pub fn trapped(&self) -> &[Trapped] {
        &self.trapped
    }

    /// The pages that the witness is not given.
    pub fn missing_pages(&self) -> &BTreeSet<u8> {
        &self.missing_pages
    }

    /// What to object to.
    pub fn objection(&self) -> Option<&Objection> {
        self.objection.as_ref()
    }

    /// How the figures are written.
    pub fn written(&self) -> &[FilledField] {
        &self.written
    }

    /// The seed of the handwriting on a page.
    pub(crate) fn hand_seed(&self) -> u64 {
        self.seed
    }

    /// How a photo of a page is taken where the app takes it itself. The first photo of a page that is
    /// trapped is too dark, and the next one is not.
    pub fn shot(&self, page: u8, take: u32) -> Shot {
        let seed = crate::seed::mixed(self.seed, &[u64::from(page), u64::from(take)]);
        let plain = Distortion::Plain.shot(seed);
        if take == 0 && self.dark_pages.contains(&page) {
            Shot { light: 0.07, noise: 7.0, ..plain }
        } else {
            plain
        }
    }
}

/// The figures that are asked for, on pages that are there.
fn expected(paper: &Paper, traps: &Traps) -> Figures {
    let asked =
        paper.fields().iter().filter(|field| field.asked && !traps.missing_pages.contains(&field.page));
    let figure = |field: &tally::Field| -> Option<(FieldCode, Figure)> {
        Some((field.code.clone(), *traps.says.0.get(&field.code)?))
    };
    Figures(asked.filter_map(figure).collect())
}
