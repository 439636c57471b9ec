//! What is put on record beside the figures: with the real app, over a killed app, to the coordinator's screen.

use std::time::Duration;

use anyhow::{Context as _, Result};
use saksi_tests::data::demo_election;
use saksi_tests::{Browser, Desktop, Endpoint};

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";
const ACCOUNT: &str = "Salinan belum diberikan pukul 23.40.";

#[tokio::test]
async fn attendance_and_an_incident_reach_the_coordinator_though_the_app_was_killed_while_writing()
-> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
    let invitation = endpoint.invite(&[STATION])?.pop().context("an invitation")?;
    let mut app = Desktop::open().await?;
    app.join(&invitation).await?;

    app.click("[data-action=record]").await?;
    app.wait_for("[data-attendance=none]").await?;
    app.click("[data-action=attend-arrived]").await?;
    app.click("[data-action=attend-confirm]").await?;
    app.wait_for("[data-attendance=arrived]").await?;

    app.type_into("[data-incident=account]", ACCOUNT).await?;
    app.wait_for("[data-incident-saved=true]").await?;
    app.kill()?;
    app.reopen().await?;
    // It opens where it was killed, or at home if the window had not noted that yet.
    app.wait_for("[data-screen=home], [data-screen=record]").await?;
    if app.count("[data-screen=home]").await? > 0 {
        app.click("[data-action=record]").await?;
    }
    let kept = format!("return document.querySelector('[data-incident=account]').value === '{ACCOUNT}'");
    app.wait_for_script(&kept).await.context("what was written is still there")?;
    app.wait_for_script(
        "const sort = document.querySelector('[data-incident=category]');\
         sort.selectedIndex = 3; sort.dispatchEvent(new Event('change', { bubbles: true })); return true",
    )
    .await?;
    app.click("[data-action=seal-incident]:not([disabled])").await?;
    app.click("[data-action=incident-confirm]").await?;
    let patient = app.with_patience(Duration::from_secs(60));
    patient.wait_for("[data-account=incident][data-state=receipted]").await?;
    patient.wait_for("[data-account=attendance][data-state=receipted]").await?;

    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
    browser.go(&format!("{}/#/tps/{STATION}", endpoint.url()?)).await?;
    browser.wait_for_script(&format!("return document.body.innerText.includes('{ACCOUNT}')")).await?;
    Ok(())
}
