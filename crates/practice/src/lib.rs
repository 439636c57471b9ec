//! Practice: scenarios from a seed, the sheets of a scenario to show and to print, the grading of what a
//! witness sealed, and the report of a class.
//!
//! | module | holds |
//! | --- | --- |
//! | `scenario` | what a trainer composes and shares: exercises with traps, and events, as a file |
//! | `package` | the package of a drill, made from that of an election |
//! | `truth` | plausible figures of a paper |
//! | `practice_sheet` | one sheet: what it says, how it is written, what to expect of the witness |
//! | `pages` | its pages as drawings |
//! | `pdf` | pages as a file for the printer |
//! | `explain` | which slips explain the figures that are wrong |
//! | `grade` | figures, checks, photos and times of one exercise |
//! | `report` | a class: accuracy by field and person, the check that was misunderstood most, who is ready |
//! | `first_run` | the steps of the first quarter of an hour |
//! | `texts` | all texts by their keys |
//!
//! Invariants:
//! - Pure: no I/O, no clock. What is drawn or decided at random depends on a seed only, and the same seed
//!   gives the same scenario, sheet and file for ever.
//! - A scenario and a result come from others, so their numbers and lists are bounded where they are read.
//! - The same figures are always explained by the same slips.

mod explain;
mod first_run;
mod grade;
mod package;
mod pages;
mod pdf;
mod practice_sheet;
mod report;
mod scenario;
mod seed;
mod slip;
mod texts;
mod trap;
mod truth;
mod worded;

pub use explain::explain;
pub use first_run::FirstStep;
pub use grade::{
    Attempt, Grade, Judged, JudgedCheck, Lesson, Objecting, PhotoGrade, PoorPhoto, SealedPhoto, SectionGrade,
    SectionTime, WrongFigure, grade,
};
pub use package::{drill_id, drill_package};
pub use pages::{PagesError, SheetPages};
pub use pdf::PaperSize;
pub use practice_sheet::{Objection, PracticeSheet, Trapped};
pub use report::{
    CheckMisjudged, ClassReport, FieldAccuracy, NotReady, PERSONS_MAX, PersonReport, SlipCount,
    TakenExercise, class_report,
};
pub use scenario::{
    Event, Exercise, Happening, Level, SCENARIO_BYTES_MAX, SCENARIO_FORMAT, Scenario, ScenarioError,
    SheetNumber, When,
};
pub use slip::{DigitPair, Slip, SlipKind};
pub use texts::texts;
pub use trap::TrapKind;
