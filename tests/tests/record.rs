//! Attendance and incident reports: from the real app, which is killed once, to the coordinator's screen.

use anyhow::{Context as _, Result};
use saksi_tests::data::demo_election;
use saksi_tests::{Browser, Desktop, Endpoint};

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";
const ACCOUNT: &str = "Salinan belum diberikan pukul 23.40.";

#[tokio::test]
async fn attendance_and_an_incident_reach_the_coordinator_after_the_app_was_killed_while_writing()
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
    // It opens on the screen where it was killed, or on the home screen if that was not stored yet.
    app.wait_for("[data-screen=home], [data-screen=record]").await?;
    if app.count("[data-screen=home]").await? > 0 {
        app.click("[data-action=record]").await?;
    }
    let restored = format!("return document.querySelector('[data-incident=account]').value === '{ACCOUNT}'");
    app.wait_for_script(&restored).await.context("the text of the incident is still there")?;
    app.wait_for_script(
        "const category = document.querySelector('[data-incident=category]');\
         category.selectedIndex = 3; category.dispatchEvent(new Event('change', { bubbles: true })); return true",
    )
    .await?;
    app.click("[data-action=seal-incident]:not([disabled])").await?;
    app.click("[data-action=incident-confirm]").await?;
    app.wait_for("[data-account=incident][data-state=receipted]").await?;
    app.wait_for("[data-account=attendance][data-state=receipted]").await?;

    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
    browser.go(&format!("{}/#/tps/{STATION}", endpoint.url()?)).await?;
    browser.wait_for_script(&format!("return document.body.innerText.includes('{ACCOUNT}')")).await?;
    Ok(())
}
