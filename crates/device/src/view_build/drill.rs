//! Builds the views of a drill.

use practice::{FirstStep, Grade, Happening, Level, Scenario, Slip};
use tally::words::in_words;
use tally::{Figure, Localized, Paper};

use super::count;
use crate::Device;
use crate::attempt::{grade_of, lasting};
use crate::drill::known_as;
use crate::error::{DeviceError, StoreError};
use crate::life::LifeState;
use crate::model::{Enrolment, StoredAttempt, scenario_of};
use crate::store::{PastAttempt, Store};
use crate::view::{
    ClassView, DrillResultView, DrillView, ExerciseView, FirstStepView, HappeningView, JudgedCheckView,
    ProgressView, SectionResultView, SheetPageView, SheetView, WrongFigureView,
};

const MINUTE_MS: i64 = 60_000;

impl Device {
    /// The drill of this device; `None` in the real count.
    pub(super) fn drill_view(&self, store: &Store) -> Result<Option<DrillView>, DeviceError> {
        let (Some(drill), Ok(enrolment)) = (store.drill()?, self.enrolment()) else { return Ok(None) };
        let scenario = drill.scenario.as_deref().map(scenario_of).transpose()?;
        let past = store.past_attempts()?;
        let newest = store.newest_attempt()?;
        let now_ms = self.true_now_ms();
        let (mut sheet, mut happening, mut steps) = (None, Vec::new(), Vec::new());
        if let Some(attempt) = &newest
            && let Ok(paper) = enrolment.paper(&attempt.tally_key)
        {
            sheet = Some(sheet_view(store, attempt, paper)?);
            happening = lasting(store, attempt, now_ms)?.into_iter().map(happening_view).collect();
            if scenario.as_ref().is_some_and(|scenario| scenario.level == Level::FirstSteps) {
                steps = first_steps(store, attempt, paper)?;
            }
        }
        Ok(Some(DrillView {
            exercises: scenario.iter().flat_map(|scenario| exercises(&enrolment, scenario, &past)).collect(),
            sheet,
            class: drill.log_seed.is_none().then_some(ClassView {
                is_known: known_as(store)?.is_some(),
                paused: drill.paused,
                network_cut: drill.network_cut,
                hand_raised: drill.hand_raised,
                exercise_open: drill.exercise_open,
            }),
            happening,
            steps,
            progress: past.iter().filter_map(|past| progress_view(&enrolment, past)).collect(),
            level: scenario.as_ref().map(|scenario| scenario.level),
            title: scenario.map(|scenario| scenario.title).unwrap_or_default(),
        }))
    }

    /// The result of the sheet that was sealed last.
    pub fn drill_result(&self) -> Result<DrillResultView, DeviceError> {
        let enrolment = self.enrolment()?;
        let store = self.store();
        let attempt = store.newest_sealed_attempt()?.ok_or(DeviceError::NoDrill)?;
        let paper = enrolment.paper(&attempt.tally_key)?;
        let grade = grade_of(&attempt, paper)?.ok_or(DeviceError::NoDrill)?;
        let before = store.past_attempts()?.into_iter().find(|past| {
            past.id < attempt.id && past.exercise == attempt.exercise && past.scenario == attempt.scenario
        });
        let scenario = scenario_of(&attempt.scenario)?;
        let next = attempt.exercise.saturating_add(1);
        Ok(DrillResultView {
            exercise: attempt.exercise,
            sheet: attempt.sheet_number().to_string(),
            level: scenario.level,
            attempt: attempt.number,
            station: attempt.tally_key.station.clone(),
            contest: attempt.tally_key.contest.clone(),
            round: attempt.tally_key.round,
            title: paper.contest().short_title.clone(),
            minutes: scenario.exercise(attempt.exercise).map_or(0, |exercise| exercise.minutes),
            seconds: grade.seconds,
            fields: grade.fields,
            right: grade.right,
            right_before: before.map(|before| before.right),
            wrong: wrong_figures(paper, &grade),
            sections: sections(paper, &grade),
            checks: checks(&attempt, paper, &grade)?,
            photos: grade.photos,
            objecting: grade.objecting,
            look_for: grade.look_for,
            next_exercise: scenario.exercise(next).map(|_| next),
        })
    }
}

fn exercises(enrolment: &Enrolment, scenario: &Scenario, past: &[PastAttempt]) -> Vec<ExerciseView> {
    let file = scenario.to_json();
    let done = |number| past.iter().any(|past| past.scenario == file && past.exercise == number);
    let view = |(number, exercise): (u8, &practice::Exercise)| {
        let tally_key = enrolment.tally_of_exercise(exercise).ok()?;
        Some(ExerciseView {
            number,
            title: enrolment.election.contest(&tally_key.contest)?.short_title.clone(),
            round: exercise.round,
            minutes: exercise.minutes,
            done: done(number),
        })
    };
    (1..).zip(&scenario.exercises).filter_map(view).collect()
}

fn sheet_view(store: &Store, attempt: &StoredAttempt, paper: &Paper) -> Result<SheetView, StoreError> {
    let sheet = attempt.sheet(paper)?;
    let scenario = scenario_of(&attempt.scenario)?;
    let tally_key = &attempt.tally_key;
    let draft = store.draft(tally_key)?;
    let photos = store.photos(tally_key)?;
    let is_there = |page: u8| !sheet.missing_pages().contains(&page);
    let pages = paper.pages().iter().map(|page| SheetPageView {
        page: page.number,
        title: page.title.clone(),
        is_there: is_there(page.number),
    });
    let photographed = |page: &&tally::PaperPage| photos.iter().any(|photo| photo.page == page.number);
    let sealed = attempt.sealed.as_ref();
    let figures = sealed.map(|sealed| &sealed.figures).or(draft.as_ref().map(|draft| &draft.figures));
    Ok(SheetView {
        exercise: attempt.exercise,
        number: attempt.sheet_number().to_string(),
        attempt: attempt.number,
        station: tally_key.station.clone(),
        contest: tally_key.contest.clone(),
        round: tally_key.round,
        title: paper.contest().short_title.clone(),
        minutes: scenario.exercise(attempt.exercise).map_or(0, |exercise| exercise.minutes),
        story: sheet.objection().map(|objection| objection.story.clone()),
        filled: count(figures.map_or(0, |figures| figures.0.len())),
        fields: count(sheet.expected().0.len()),
        photographed: count(paper.pages().iter().filter(photographed).count()),
        pages: pages.collect(),
        sealed: sealed.is_some(),
    })
}

fn happening_view(lasting: crate::attempt::Lasting) -> HappeningView {
    let until_ms = match lasting.what {
        Happening::NoNetwork(minutes) => Some(lasting.at_ms + i64::from(minutes) * MINUTE_MS),
        Happening::PhoneDies | Happening::WrongClock(_) => None,
    };
    HappeningView { what: lasting.what, until_ms }
}

/// The steps that the sheet asks for, and those that are done.
fn first_steps(
    store: &Store,
    attempt: &StoredAttempt,
    paper: &Paper,
) -> Result<Vec<FirstStepView>, StoreError> {
    let sheet = attempt.sheet(paper)?;
    let draft = store.draft(&attempt.tally_key)?.unwrap_or_default();
    let sealed = attempt.sealed.as_ref();
    let figures = sealed.map_or(&draft.figures, |sealed| &sealed.figures);
    let answered = sealed.map_or(draft.acknowledged.len(), |sealed| sealed.acknowledged.len());
    let photos = store.photos(&attempt.tally_key)?;
    let mut there = paper.pages().iter().filter(|page| !sheet.missing_pages().contains(&page.number));
    let all_pages = there.all(|page| photos.iter().any(|photo| photo.page == page.number));
    let arrived = store.tallies(&attempt.tally_key)?.first().is_some_and(|tally| {
        matches!(tally.state, LifeState::Receipted | LifeState::Verified | LifeState::Disputed)
    });
    let has_blank = |figures: &tally::Figures| figures.0.values().any(|figure| *figure == Figure::Blank);
    let has_fault = |figures: &tally::Figures| paper.check(figures).faults().next().is_some();
    let step = |step: &FirstStep| {
        let done = match step {
            FirstStep::Join => true,
            FirstStep::TypeFigures => !figures.0.is_empty(),
            FirstStep::MarkBlank => has_blank(figures),
            FirstStep::AnswerFinding => answered > 0,
            FirstStep::Photograph => all_pages,
            FirstStep::Seal => sealed.is_some(),
            FirstStep::SeeArrival => arrived,
        };
        // A neat sheet asks for neither.
        let is_asked = match step {
            FirstStep::MarkBlank => done || has_blank(sheet.expected()),
            FirstStep::AnswerFinding => done || has_fault(sheet.expected()) || has_fault(figures),
            _ => true,
        };
        is_asked.then_some(FirstStepView { step: *step, done })
    };
    Ok(FirstStep::ALL.iter().filter_map(step).collect())
}

fn progress_view(enrolment: &Enrolment, past: &PastAttempt) -> Option<ProgressView> {
    let scenario = Scenario::from_json(&past.scenario).ok()?;
    let contest = past.contest.parse().ok().and_then(|id| enrolment.election.contest(&id));
    Some(ProgressView {
        sheet: practice::SheetNumber { exercise: past.exercise, copy: past.copy }.to_string(),
        level: scenario.level,
        attempt: past.number,
        title: contest.map_or_else(
            || Localized::new(&past.contest, &past.contest),
            |contest| contest.short_title.clone(),
        ),
        ended_at_ms: past.ended_at_ms,
        fields: past.fields,
        right: past.right,
        seconds: past.seconds,
    })
}

fn wrong_figures(paper: &Paper, grade: &Grade) -> Vec<WrongFigureView> {
    let view = |wrong: &practice::WrongFigure| {
        let field = paper.field(&wrong.field)?;
        let slip: &Slip = grade.slips.get(usize::try_from(wrong.slip).ok()?)?;
        Some(WrongFigureView {
            field: wrong.field.clone(),
            label: field.label.clone(),
            column: field.column,
            paper: wrong.paper,
            words: match wrong.paper {
                Some(Figure::Written(number)) => in_words(number),
                _ => Localized::new("", ""),
            },
            typed: wrong.typed,
            slip: slip.kind,
        })
    };
    grade.wrong.iter().filter_map(view).collect()
}

fn sections(paper: &Paper, grade: &Grade) -> Vec<SectionResultView> {
    let view = |graded: &practice::SectionGrade| {
        let section = paper.sections().iter().find(|section| section.code == graded.section)?;
        Some(SectionResultView {
            section: graded.section.clone(),
            title: section.title.clone(),
            fields: graded.fields,
            right: graded.right,
            seconds: graded.seconds,
        })
    };
    grade.sections.iter().filter_map(view).collect()
}

/// The findings with their titles, which the paper and what was typed have.
fn checks(attempt: &StoredAttempt, paper: &Paper, grade: &Grade) -> Result<Vec<JudgedCheckView>, StoreError> {
    let sheet = attempt.sheet(paper)?;
    let mut findings = paper.check(sheet.expected()).findings;
    findings.extend(attempt.sealed.iter().flat_map(|sealed| paper.check(&sealed.figures).findings));
    let view = |judged: &practice::JudgedCheck| {
        let finding = findings.iter().find(|finding| finding.key == judged.finding)?;
        let title = finding.title.clone();
        Some(JudgedCheckView { key: judged.finding.0.clone(), title, judged: judged.judged })
    };
    Ok(grade.checks.iter().filter_map(view).collect())
}
