//! Election day with the real app, the real endpoint and a real browser. A witness has no signal, and the app
//! is killed in the middle. Then the signal comes back, and a coordinator looks at the tally.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use device::sync::send_due;
use device::{LifeState, TallyKey};
use evidence::{Body, Unverified};
use fantoccini::key::Key;
use saksi_tests::data::{demo_election, general_election, page_2_photo};
use saksi_tests::fleet::plausible;
use saksi_tests::in_process::{InProcessEndpoint, Witness};
use saksi_tests::rng::TestRng;
use saksi_tests::sheet::PaperPhotos;
use saksi_tests::{Browser, Desktop, Endpoint};
use tally::StationId;

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

/// The first witness of a general election works through all five papers, in the order of counting: types,
/// photographs, seals. Then the device sends, and everything is proved.
#[tokio::test]
async fn all_papers_of_a_general_election_are_sealed_sent_and_proved() -> Result<()> {
    let election = tally::load::read(&general_election())?;
    let station: StationId = STATION.parse()?;
    let contests: Vec<String> =
        election.contests_at(&station).map(|contest| contest.id.to_string()).collect();
    let endpoint = InProcessEndpoint::start(election).await?;
    let witness = endpoint.witness(&station).await?;
    let app = witness.device.app()?.witness.context("the device has joined")?;
    let cards = &app.stations.first().context("the station")?.tallies;
    assert_eq!(cards.iter().map(|card| card.contest.to_string()).collect::<Vec<_>>(), contests);

    for card in cards {
        count_and_seal(&witness, &TallyKey::first(&station, &card.contest))?;
    }
    let proved = |witness: &Witness| -> Result<bool> {
        let witness = witness.device.app()?.witness.context("the device has joined")?;
        let outbox = &witness.outbox;
        let cards = witness.stations.iter().flat_map(|station| &station.tallies);
        let all = cards.map(|card| card.life.state).all(|state| state == LifeState::Receipted);
        Ok(all && outbox.photos_waiting == 0 && outbox.proofs_waiting == 0)
    };
    saksi_tests::eventually::eventually_async("every paper is proved", async || {
        witness.advance_ms(60_000);
        send_due(&witness.device, &witness.transport).await?;
        Ok(proved(&witness)?.then_some(()))
    })
    .await?;

    let mut stored: BTreeMap<String, usize> = BTreeMap::new();
    let bundle = witness.device.export_bundle()?.bytes;
    for item in evidence::bundle::Reader::new(bundle.as_slice())? {
        if let evidence::bundle::Item::Statement(bytes) = item?
            && let Body::Tally(tally) = &Unverified::parse(&bytes)?.unproved().body
        {
            assert!(bytes.len() <= 1_200, "{}: {} bytes", tally.contest, bytes.len());
            *stored.entry(tally.contest.clone()).or_default() += 1;
        }
    }
    assert_eq!(stored, contests.into_iter().map(|contest| (contest, 1)).collect());
    endpoint.stop().await
}

/// Types a paper on which everything is right, adds photos of three pages in the wrong order, and seals.
fn count_and_seal(witness: &Witness, tally_key: &TallyKey) -> Result<()> {
    let device = &witness.device;
    let paper = device.paper(tally_key)?;
    let figures = plausible(&paper, &mut TestRng::new(5));
    for (field, figure) in &figures.0 {
        device.set_figure(tally_key, field, Some(*figure))?;
    }
    let sheets = PaperPhotos::new(&paper)?;
    let photos: Vec<Vec<u8>> =
        [3, 1, 2].map(|page| sheets.photo(page, &figures, page.into())).into_iter().collect::<Result<_>>()?;
    let photos: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let failed = device.add_photos(tally_key, &photos)?;
    ensure!(failed.is_empty(), "{failed:?}");
    let tally = device.tally(tally_key)?;
    let pages: Vec<u8> =
        tally.pages.iter().filter(|page| page.photo.is_some()).map(|page| page.page).collect();
    ensure!(pages == [1, 2, 3] && tally.unassigned_photos.is_empty(), "{}: {pages:?}", tally_key.contest);
    ensure!(tally.questions.is_empty() && tally.open_faults == 0, "{:?}", tally.findings);
    for reading in tally.readings.iter().filter(|reading| reading.is_open()) {
        device.acknowledge(tally_key, &reading.key, true)?;
    }
    Ok(device.seal(tally_key)?)
}
