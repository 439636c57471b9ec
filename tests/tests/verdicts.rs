//! A coordinator disputes a tally in the browser and asks for the original of a photo. The witness reads the
//! reason on the phone. The original arrives, and the coordinator verifies the tally.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use saksi_tests::data::{demo_election, root};
use saksi_tests::fleet::plausible;
use saksi_tests::rng::TestRng;
use saksi_tests::sheet::sheet_photo;
use saksi_tests::{Browser, Desktop, Endpoint, Page};
use tally::Figure;

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";
const REASON: &str = "IV.2 di foto terbaca 98, bukan 97";

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_and_a_verification_reach_the_phone_and_the_requested_original_arrives() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
    let invitation = endpoint.invite(&[STATION])?.pop().context("an invitation")?;
    let app = Desktop::open().await?;
    app.join(&invitation).await?;
    app.click("[data-action=next-begin]").await?;
    app.wait_for("[data-screen=entry]").await?;
    let election = tally::load::read(&demo_election())?;
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let figures = plausible(&paper, &mut TestRng::new(4));
    for field in paper.fields() {
        let Some(Figure::Written(number)) = figures.0.get(&field.code) else { continue };
        app.type_keys(&number.to_string()).await?;
        app.press(fantoccini::key::Key::Enter).await?;
        let last = field.code.as_str();
        app.wait_for_script(&format!("return (document.activeElement.dataset.field || '') !== '{last}'"))
            .await?;
    }
    app.wait_for("[data-screen=photos]").await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("page-2.jpg");
    std::fs::write(&file, sheet_photo(2, &[], 3)?)?;
    app.attach("input[data-page='2']", &file).await?;
    app.wait_for("#page-2[data-photo-state=unsealed]").await?;
    app.click("[data-step=check]").await?;
    app.wait_for("[data-action=seal]").await?;
    while app.count("[data-action=reading-keep]").await? > 0 {
        let open = app.count("[data-action=reading-keep]").await?;
        app.click("[data-action=reading-keep]").await?;
        app.wait_for_script(&format!(
            "return document.querySelectorAll('[data-action=reading-keep]').length < {open}"
        ))
        .await?;
    }
    app.click("[data-action=seal]").await?;
    app.click("[data-action=seal-confirm]").await?;
    app.wait_for(".seal[data-state=receipted]").await?;

    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
    browser.go(&format!("{}/#/tps/{STATION}", endpoint.url()?)).await?;
    // A browser makes the key with which it signs once.
    browser.type_into("input[name=signing-password]", PASSWORD).await?;
    browser.click("[data-action=make-key]:not([disabled])").await?;
    browser.wait_for("[data-verdict-of]").await?;
    // A figure of page 2 opens its photo.
    browser.click("tr[data-field='IV.1'] [data-action=field]").await?;
    browser.click("[data-action=ask-original]").await?;
    browser.wait_for("[data-original=waiting]").await?;
    browser.type_into("[data-verdict-reason]", REASON).await?;
    screenshot(&browser, "console-7-verdict").await?;
    browser.click("[data-action=dispute]:not([disabled])").await?;
    browser.wait_for("[data-verdict=disputed]").await?;

    bring_to_front(&app).await?;
    app.wait_for(".seal[data-state=disputed] [data-verdict=disputed]").await?;
    let shows_reason = format!("return document.body.innerText.includes({REASON:?})");
    app.wait_for_script(&shows_reason).await.context("the witness reads the reason")?;
    screenshot(&app, "app-12-disputed").await?;
    app.click("[data-action=back]").await?;
    app.wait_for("[data-screen=home] [data-disputed]").await?;
    screenshot(&app, "app-13-home-disputed").await?;
    // The device sends the original without help.
    browser.wait_for("[data-action=original]").await?;

    browser.click("[data-action=verify]").await?;
    browser.wait_for("[data-verdict=verified]").await?;
    browser.wait_for("[data-given=disputed] + [data-given=verified]").await?;
    screenshot(&browser, "console-8-verified").await?;
    bring_to_front(&app).await?;
    app.wait_for("[data-state=verified]").await?;
    screenshot(&app, "app-14-home-verified").await?;
    Ok(())
}

/// The event that the app gets when a person opens it again.
async fn bring_to_front(app: &Page) -> Result<()> {
    app.evaluate("document.dispatchEvent(new Event('visibilitychange')); return true").await?;
    Ok(())
}

/// A screenshot for the reader of the documentation.
async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}
