//! A person who practises in the real app: types what the sheet says, photographs and seals it.

use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use practice::{Exercise, Level, PracticeSheet, Scenario, SheetNumber, TrapKind};
use tally::{ContestKind, Election, Figure, Paper};

use crate::page::Page;

/// The election with which the app practises that has joined none.
const EXAMPLE: &str = include_str!("../../assets/elections/demo-general.json");

/// A scenario for the president's paper, with a sum that is wrong on it, twice.
pub fn scenario() -> Scenario {
    let base = Scenario::of_kinds(Level::Sums, 11, &[ContestKind::Ppwp]);
    let traps = [(TrapKind::WrongSum, 1)].into();
    let exercise = Exercise { traps, ..base.exercises[0].clone() };
    Scenario { title: "Latihan malam Minggu".into(), exercises: vec![exercise.clone(), exercise], ..base }
}

/// What is right on a copy of the scenario's first sheet, in the order in which it is typed.
///
/// # Errors
/// When the example has no such paper.
pub fn right_figures(scenario: &Scenario, copy: u16) -> Result<Vec<(String, Figure)>> {
    let (paper, sheet) = sheet(scenario, copy)?;
    let asked = paper.fields().iter().filter(|field| field.asked);
    let figures = asked.filter_map(|field| {
        let figure = sheet.expected().0.get(&field.code)?;
        Some((field.code.to_string(), *figure))
    });
    Ok(figures.collect())
}

fn sheet(scenario: &Scenario, copy: u16) -> Result<(Paper, PracticeSheet)> {
    let election = Election::from_json(EXAMPLE).context("reading the example")?;
    let station = election.stations().next().context("a station of the example")?;
    let contest = election.contests_at(&station).find(|contest| contest.kind == ContestKind::Ppwp);
    let contest = contest.context("a president's contest in the example")?;
    let paper = election.paper_of_kind(&contest.id, station.kind()).context("its paper")?;
    let number = SheetNumber { exercise: 1, copy };
    let sheet = PracticeSheet::of(scenario, number, &paper).context("the sheet")?;
    Ok((paper, sheet))
}

/// Types figures one after the other, from the field that has the focus.
///
/// # Errors
/// When the app does not go on to the next field.
pub async fn type_figures(app: &Page, figures: &[(String, Figure)]) -> Result<()> {
    for (field, figure) in figures {
        app.wait_for_script(&format!("return document.activeElement.dataset.field === '{field}'"))
            .await
            .with_context(|| format!("the focus comes to {field}"))?;
        let number = figure.number().with_context(|| format!("{field} has no number"))?;
        app.type_keys(&number.to_string()).await?;
        app.press(Key::Enter).await?;
    }
    Ok(())
}

/// Photographs every page of the sheet that the app has drawn.
///
/// # Errors
/// When a photo does not appear.
pub async fn photograph_pages(app: &Page, pages: u8) -> Result<()> {
    app.wait_for("[data-screen=photos]").await?;
    for page in 1..=pages {
        app.click(&format!("[data-draw-page='{page}']")).await?;
        app.wait_for(&format!("#page-{page}[data-photo-state=unsealed] [data-drawn]")).await?;
    }
    Ok(())
}

/// Says of every finding, and of every figure that the app reads otherwise, that the paper says so.
///
/// # Errors
/// When an answer is not taken.
pub async fn confirm_everything(app: &Page) -> Result<()> {
    app.wait_for("[data-screen=check]").await?;
    for open in ["[data-finding^=F][data-answered=false] label", "[data-action=reading-keep]"] {
        while app.count(open).await? > 0 {
            let before = app.count(open).await?;
            app.click(open).await?;
            app.wait_for_script(&format!("return document.querySelectorAll('{open}').length < {before}"))
                .await?;
        }
    }
    Ok(())
}

/// Seals, and waits for the result.
///
/// # Errors
/// When it does not appear.
pub async fn seal(app: &Page) -> Result<()> {
    app.click("[data-action=seal]").await?;
    app.click("[data-action=seal-confirm]").await?;
    app.wait_for("[data-screen=result] [data-fields]").await?;
    Ok(())
}
