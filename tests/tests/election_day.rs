//! Election day with the real app, the real endpoint and a real browser. A witness has no signal, and the app
//! is killed in the middle. Then the signal comes back, and a coordinator looks at the tally.

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use saksi_tests::data::{demo_election, page_2_photo};
use saksi_tests::{Browser, Desktop, Endpoint};

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";

/// A C.HASIL-PPWP form as a committee may fill it, in the order of the paper. V.A is wrong by five: a slip of
/// the committee.
const PAPER: &[(&str, &str)] = &[
    ("I.A.L", "140"),
    ("I.A.P", "144"),
    ("I.A.J", "284"),
    ("I.B.1.L", "120"),
    ("I.B.1.P", "128"),
    ("I.B.1.J", "248"),
    ("I.B.2.L", "2"),
    ("I.B.2.P", "1"),
    ("I.B.2.J", "3"),
    ("I.B.3.L", "0"),
    ("I.B.3.P", "1"),
    ("I.B.3.J", "1"),
    ("I.B.4.L", "122"),
    ("I.B.4.P", "130"),
    ("I.B.4.J", "252"),
    ("II.1", "290"),
    ("II.2", "252"),
    ("II.3", "1"),
    ("II.4", "37"),
    ("III.L", "1"),
    ("III.P", "1"),
    ("III.J", "2"),
    ("IV.1", "123"),
    ("IV.2", "97"),
    ("IV.3", "28"),
    ("V.A", "243"),
    ("V.B", "4"),
    ("V.C", "252"),
];

/// Number of figures after which the app is killed: in the middle of the paper.
const KILLED_AFTER: usize = 17;

#[tokio::test]
async fn a_tally_typed_without_a_signal_in_an_app_that_was_killed_reaches_the_coordinator() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
    let invitation = endpoint.invite(&[STATION])?.pop().context("an invitation")?;

    let mut app = Desktop::open().await?;
    app.join(&invitation).await?;
    // From now on there is no signal.
    endpoint.stop()?;

    app.click("[data-action=next-begin]").await?;
    type_fields(&app, &PAPER[..KILLED_AFTER]).await?;
    app.wait_for(".saved[data-saved=true]").await?;
    app.kill()?;
    app.reopen().await?;
    app.wait_for("[data-screen=entry]").await?;
    type_fields(&app, &PAPER[KILLED_AFTER..]).await?;

    attach_photo(&app).await?;
    answer_and_seal(&app).await?;
    app.wait_for("[data-screen=proof] [data-state=sealed]").await?;
    app.click("[data-action=all-figures]").await?;
    for (code, figure) in PAPER {
        app.wait_for_text(&format!("[data-sealed-all='{code}']"), figure).await?;
    }
    app.click("[data-action=back]").await?;
    app.wait_for("[data-waiting-tallies='1'][data-waiting-photos='1']").await?;
    app.wait_for("[data-contest=ppwp][data-state=sealed]").await?;

    // The signal comes back. Nobody touches the phone.
    endpoint.start()?;
    app.wait_for("[data-contest=ppwp][data-state=receipted]").await?;
    app.wait_for("[data-waiting-tallies='0'][data-waiting-photos='0']").await?;

    look_at_the_console(&endpoint).await
}

/// Types the figure of each field as a person does. Enter moves to the next field.
async fn type_fields(app: &Desktop, fields: &[(&str, &str)]) -> Result<()> {
    for (code, figure) in fields {
        let in_focus = format!("return document.activeElement.dataset.field === '{code}'");
        app.wait_for_script(&in_focus).await.with_context(|| format!("the cursor moves to {code}"))?;
        app.type_keys(figure).await?;
        let typed = format!("return document.activeElement.dataset.figure === '{figure}'");
        app.wait_for_script(&typed).await.with_context(|| format!("typing {figure} into {code}"))?;
        app.press(Key::Enter).await?;
    }
    Ok(())
}

async fn attach_photo(app: &Desktop) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = page_2_photo(folder.path())?;
    app.wait_for("[data-screen=photos]").await.context("the photos follow the last figure")?;
    app.attach("input[data-page='2']", &file).await?;
    app.wait_for("#page-2[data-photo-state=unsealed]").await?;
    // The device reads the photo: it is sharp, and two of its figures differ from the typed ones.
    app.wait_for("#page-2 [data-photo-faults='0']").await?;
    app.wait_for("#page-2 [data-reading='IV.1'][data-differs=false]").await?;
    app.wait_for("#page-2 [data-reading='IV.2'][data-differs=true]").await?;
    app.wait_for("#page-2 [data-reading='IV.3'][data-differs=true]").await?;
    Ok(())
}

async fn answer_and_seal(app: &Desktop) -> Result<()> {
    app.click("[data-step=check]").await?;
    app.wait_for("[data-finding='F401'][data-answered=false]").await?;
    while app.count("[data-finding^=F][data-answered=false]").await? > 0 {
        let open = app.count("[data-finding^=F][data-answered=false]").await?;
        app.click("[data-finding^=F][data-answered=false] label").await?;
        app.wait_for_script(&format!(
            "return document.querySelectorAll('[data-finding^=F][data-answered=false]').length < {open}"
        ))
        .await?;
    }
    for open in [2, 1] {
        app.wait_for_script(&format!(
            "return document.querySelectorAll('[data-reading][data-answered=false]').length === {open}"
        ))
        .await?;
        app.click("[data-action=reading-keep]").await?;
    }
    app.click("[data-action=seal]").await?;
    app.click("[data-action=seal-confirm]").await?;
    Ok(())
}

async fn look_at_the_console(endpoint: &Endpoint) -> Result<()> {
    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
    browser.go(&format!("{}/#/tps/{STATION}", endpoint.url()?)).await?;
    browser.wait_for("[data-screen=station]").await?;
    for (code, figure) in PAPER {
        let cell = format!("tr[data-field='{code}'] td[data-figure], [data-field='{code}'][data-figure]");
        let shown = browser.attribute(&cell, "data-figure").await?;
        ensure!(shown.as_deref() == Some(figure), "{code}: the console shows {shown:?} for {figure}");
    }
    browser
        .wait_for(
            "[data-finding='F401'][data-acknowledged=true], [data-finding='F401'] [data-acknowledged=true]",
        )
        .await?;
    browser.click("button[data-page='2']").await?;
    browser.wait_for("[data-photo-page='2'][data-photo-state=arrived], [data-photo-state=arrived] [data-photo-page='2'], [data-photo-state=arrived]").await?;
    // The crop of the photo with the second candidate's figure, and what the device read there.
    browser.wait_for("tr[data-field='IV.2'] [data-read='274']").await?;
    browser.click("tr[data-field='IV.2'] [data-action=field]").await?;
    browser.wait_for("[data-crops='IV.2'] [data-read='274']").await?;
    browser.wait_for_script("return document.querySelector('[data-crops] img').naturalWidth > 60").await?;
    // The browser has loaded the photo itself.
    browser
        .wait_for_script(
            "return [...document.querySelectorAll('[data-photo-state=arrived] img')]\
             .some(img => img.complete && img.naturalWidth > 500)",
        )
        .await?;
    Ok(())
}
