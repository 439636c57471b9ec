//! The real app alone, without an endpoint and without an election, runs a whole drill.

use anyhow::Result;
use saksi_tests::Desktop;
use saksi_tests::practice::{
    confirm_everything, photograph_pages, right_figures, scenario, seal, type_figures,
};
use tally::Figure;

/// Pages of the president's paper.
const PAGES: u8 = 3;

#[tokio::test]
async fn the_app_alone_runs_a_whole_drill_and_the_second_try_is_better() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("latihan.json");
    std::fs::write(&file, scenario().to_json())?;
    let mut app = Desktop::open().await?;
    app.click("[data-action=practice]").await?;
    app.wait_for("[data-level=first_steps]").await?;
    app.attach("[data-action=open-scenario]", &file).await?;
    app.wait_for(".drill [data-sheet='1-01']").await?;
    app.click("[data-action=see-sheet]").await?;
    app.wait_for_script(
        "const image = document.querySelector('[data-page-image]'); return image && image.naturalWidth > 500",
    )
    .await?;
    app.click("[data-action=back-to-typing]").await?;
    app.wait_for("[data-screen=entry]").await?;

    let right = right_figures(&scenario(), 1)?;
    let mut typed = right.clone();
    let wrong = typed.iter_mut().find(|(field, _)| field == "IV.1").expect("the first pair's votes");
    wrong.1 = Figure::Written(
        wrong.1.number().map_or(3, |votes| if votes % 10 == 3 { votes + 5 } else { votes - votes % 10 + 3 }),
    );
    let half = typed.len() / 2;
    type_figures(&app, &typed[..half]).await?;
    app.wait_for(".saved[data-saved=true]").await?;
    app.kill()?;
    app.reopen().await?;
    // It opens where it was killed, or on the practice screen if that was not stored yet.
    app.wait_for(".drill[data-screen=entry], .drill [data-action=practice-type]").await?;
    if app.count("[data-screen=entry]").await? == 0 {
        app.click("[data-action=practice-type]").await?;
        app.wait_for("[data-screen=entry]").await?;
    }
    // The first open figure has the focus.
    type_figures(&app, &typed[half..]).await?;
    photograph_pages(&app, PAGES).await?;
    app.click("[data-step=check]").await?;
    confirm_everything(&app).await?;
    seal(&app).await?;
    let fields = right.len();
    app.wait_for(&format!("[data-right='{}'][data-fields='{fields}']", fields - 1)).await?;
    app.wait_for("[data-wrong-field='IV.1'][data-slip=digit_differs]").await?;
    app.wait_for("[data-judged=confirmed]").await?;

    app.click("[data-action=again]").await?;
    app.wait_for("[data-sheet='1-01'][data-sealed=false]").await?;
    app.wait_for("[data-progress='1']").await?;
    app.click("[data-action=practice-type]").await?;
    app.wait_for("[data-screen=entry]").await?;
    type_figures(&app, &right).await?;
    photograph_pages(&app, PAGES).await?;
    app.click("[data-step=check]").await?;
    confirm_everything(&app).await?;
    seal(&app).await?;
    app.wait_for(&format!("[data-right='{fields}'] [data-right-before='{}']", fields - 1)).await?;
    app.wait_for("[data-all-right]").await?;

    app.click("[data-action=see-proof]").await?;
    app.wait_for(".drill[data-screen=proof] [data-state=receipted]").await?;
    app.click("[data-action=back]").await?;
    app.wait_for("[data-progress='2']").await?;
    app.click("[data-action=end-practice]").await?;
    app.wait_for("[data-screen=join]").await?;
    Ok(())
}
