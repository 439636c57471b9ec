//! Questions between the papers of a station: the same people voted on all of them. They are shown beside
//! what was typed, and never fill a field.

use tally::{Figures, FindingKey, Paper, StationQuestion, compare_papers};

use crate::error::StoreError;
use crate::model::{Enrolment, TallyKey};
use crate::sealed_tally::read_tally;
use crate::store::{Draft, Store, StoredStatement, Write};

/// Reads tallies, in a transaction or outside of one.
pub(crate) trait ReadTallies {
    fn draft_of(&self, tally_key: &TallyKey) -> Result<Option<Draft>, StoreError>;
    /// The sealed tallies, newest first.
    fn tallies_of(&self, tally_key: &TallyKey) -> Result<Vec<StoredStatement>, StoreError>;
}

impl ReadTallies for Store {
    fn draft_of(&self, tally_key: &TallyKey) -> Result<Option<Draft>, StoreError> {
        self.draft(tally_key)
    }

    fn tallies_of(&self, tally_key: &TallyKey) -> Result<Vec<StoredStatement>, StoreError> {
        self.tallies(tally_key)
    }
}

impl ReadTallies for Write<'_> {
    fn draft_of(&self, tally_key: &TallyKey) -> Result<Option<Draft>, StoreError> {
        self.draft(tally_key)
    }

    fn tallies_of(&self, tally_key: &TallyKey) -> Result<Vec<StoredStatement>, StoreError> {
        self.tallies(tally_key)
    }
}

/// The figures of `figures`, typed for `tally_key`, that differ from the station's other papers of the same
/// round.
pub(crate) fn questions(
    store: &impl ReadTallies,
    enrolment: &Enrolment,
    tally_key: &TallyKey,
    figures: &Figures,
) -> Result<Vec<StationQuestion>, StoreError> {
    let mut typed: Vec<(&Paper, Figures)> = Vec::new();
    for (key, paper) in enrolment.papers_of_round(tally_key) {
        if key == *tally_key {
            typed.push((paper, figures.clone()));
        } else if let Some(others) = newest_figures(store, enrolment, paper, &key)? {
            typed.push((paper, others));
        }
    }
    let papers: Vec<(&Paper, &Figures)> = typed.iter().map(|(paper, figures)| (*paper, figures)).collect();
    let mut questions = compare_papers(&papers);
    questions.retain(|question| question.contest == tally_key.contest);
    Ok(questions)
}

/// The keys of questions about `tally_key`.
pub(crate) fn question_keys(
    store: &impl ReadTallies,
    enrolment: &Enrolment,
    tally_key: &TallyKey,
    figures: &Figures,
) -> Result<Vec<FindingKey>, StoreError> {
    let questions = questions(store, enrolment, tally_key, figures)?;
    Ok(questions.into_iter().map(|question| question.finding.key).collect())
}

/// What was typed for `tally_key`: the draft, or what was sealed last.
fn newest_figures(
    store: &impl ReadTallies,
    enrolment: &Enrolment,
    paper: &Paper,
    tally_key: &TallyKey,
) -> Result<Option<Figures>, StoreError> {
    if let Some(draft) = store.draft_of(tally_key)? {
        return Ok(Some(draft.figures));
    }
    let newest = store.tallies_of(tally_key)?.into_iter().next();
    newest.map(|newest| Ok(read_tally(enrolment, paper, &newest)?.figures)).transpose()
}
