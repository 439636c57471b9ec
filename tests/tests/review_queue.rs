//! Two coordinators work through the review queue in two browsers, and an auditor sees a verdict that
//! somebody wrote into the database.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use saksi_tests::data::{demo_election, root};
use saksi_tests::fleet::{Evening, run_evening};
use saksi_tests::{Browser, Endpoint, Page, program};
use serde_json::Value;

const PASSWORD: &str = "sebuah kata sandi panjang";
/// Two witnesses at each, who read different figures.
const STATIONS: usize = 4;

/// An endpoint with stations at which two witnesses contradict each other.
async fn contradicted() -> Result<(Endpoint, Vec<String>)> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    for (name, role) in [("rini", "coordinator"), ("budi", "coordinator"), ("auditor", "auditor")] {
        endpoint.add_user(name, role, PASSWORD)?;
    }
    let election = tally::load::read(&demo_election())?;
    let stations: Vec<String> = election.stations().take(STATIONS).map(|one| one.to_string()).collect();
    let twice: Vec<&str> = stations.iter().chain(&stations).map(String::as_str).collect();
    let folder = tempfile::tempdir()?;
    let links = endpoint.invite(&twice)?;
    let data = folder.path().join("phones");
    run_evening(&Evening { links, data, speed: 20_000.0, seed: 7 }).await?;
    Ok((endpoint, stations))
}

/// A coordinator in a browser, at the queue.
struct Reviewer {
    browser: Browser,
}

impl Reviewer {
    async fn at_the_queue(endpoint: &Endpoint, name: &str) -> Result<Self> {
        let browser = Browser::open().await?;
        browser.log_in(&endpoint.url()?, name, PASSWORD).await?;
        browser.go(&format!("{}/#/antrean", endpoint.url()?)).await?;
        browser.click("[data-action=queue-begin]").await?;
        let reviewer = Self { browser };
        reviewer.held().await?;
        Ok(reviewer)
    }

    /// The station that the reviewer has, when it is on the screen.
    async fn held(&self) -> Result<String> {
        let script = "const row = document.querySelector('[data-queue-station][aria-current]');
            const shown = document.querySelector('[data-figures]');
            return row !== null && shown !== null ? row.dataset.queueStation : null";
        let held = self.browser.wait_for_script(script).await?;
        held.as_str().map(str::to_owned).context("a station")
    }

    async fn make_key(&self) -> Result<()> {
        self.browser.type_into("input[name=signing-password]", PASSWORD).await?;
        self.browser.click("[data-action=make-key]:not([disabled])").await?;
        self.browser.wait_for("[data-signing-key]").await?;
        self.leave_fields().await
    }

    /// Keys are meant for the page and not for a field.
    async fn leave_fields(&self) -> Result<()> {
        self.browser.evaluate("document.activeElement.blur(); return true").await?;
        Ok(())
    }

    /// Waits until another station than this is here.
    async fn next_after(&self, before: &str) -> Result<String> {
        let script = format!(
            "const row = document.querySelector('[data-queue-station][aria-current]');
             return row !== null && row.dataset.queueStation !== {before:?} ? row.dataset.queueStation : null"
        );
        let next = self.browser.wait_for_script(&script).await?;
        self.browser.wait_for("[data-figures]").await?;
        next.as_str().map(str::to_owned).context("a station")
    }
}

async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_reviewers_decide_with_the_keyboard_and_never_have_the_same_station() -> Result<()> {
    let (endpoint, _) = contradicted().await?;
    let rini = Reviewer::at_the_queue(&endpoint, "rini").await?;
    let budi = Reviewer::at_the_queue(&endpoint, "budi").await?;
    let (first, second) = (rini.held().await?, budi.held().await?);
    ensure!(first != second, "both have {first}");
    rini.browser.wait_for(&format!("[data-queue-station='{second}'][data-holder=budi]")).await?;
    rini.make_key().await?;
    budi.make_key().await?;
    screenshot(&rini.browser, "console-30-queue").await?;

    // Verified: the next station comes by itself.
    rini.browser.type_keys("v").await?;
    rini.browser.wait_for("[data-done=verified]").await?;
    let third = rini.next_after(&first).await?;
    ensure!(third != second && third != first, "{third} was taken or decided");
    // A dispute needs a reason: the key brings the cursor there.
    rini.browser.type_keys("d").await?;
    rini.browser.type_keys("Turus menyebut angka lain").await?;
    rini.leave_fields().await?;
    rini.browser.type_keys("d").await?;
    rini.browser.wait_for("[data-done=disputed]").await?;
    // Taken back, the station is here again.
    rini.next_after(&third).await?;
    rini.leave_fields().await?;
    rini.browser.type_keys("u").await?;
    rini.browser.wait_gone("[data-done]").await?;
    rini.browser
        .wait_for(&format!("[data-queue-station='{third}'][aria-current]"))
        .await
        .context("the station whose verdict was taken back")?;

    // What budi puts off comes to somebody else; budi gets another one.
    budi.browser.type_keys("j").await?;
    let fourth = budi.next_after(&second).await?;
    ensure!(fourth != third, "rini has {third}");
    correct(&budi, &fourth).await?;
    Ok(())
}

/// Corrects the first figure in conflict; the station is verified with the coordinator's figure.
async fn correct(reviewer: &Reviewer, station: &str) -> Result<()> {
    let browser = &reviewer.browser;
    browser.click("[data-action=conflict]").await?;
    reviewer.leave_fields().await?;
    browser.type_keys("c").await?;
    browser.wait_for("[data-correct]").await?;
    browser.replace("[data-correct]", "123").await?;
    browser.type_into("[data-verdict-reason]", "Kotak menyebut 123").await?;
    screenshot(browser, "console-31-correction").await?;
    browser.click("[data-action=save-correction]:not([disabled])").await?;
    browser.wait_for("[data-done=corrected]").await?;
    let ask = format!(
        "return fetch('/api/stations/{station}?contest=ppwp').then((answer) => answer.json())
            .then((view) => view.standing === 'verified' ? view : null)"
    );
    let view = browser.wait_for_script(&ask).await?;
    let tallies = view["tallies"].as_array().context("tallies")?;
    let is_correction = |tally: &&Value| tally["corrected_by"] == "budi";
    let correction = tallies.iter().find(is_correction).context("the correction")?;
    ensure!(correction["verdicts"][0]["signature"] == "signed", "{correction}");
    ensure!(tallies.len() == 3, "the witnesses' tallies stay");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_verdict_is_seen_by_an_auditor_and_by_the_verifier() -> Result<()> {
    let (mut endpoint, _) = contradicted().await?;
    let rini = Reviewer::at_the_queue(&endpoint, "rini").await?;
    let station = rini.held().await?;
    rini.make_key().await?;
    rini.browser.type_keys("v").await?;
    rini.browser.wait_for("[data-done=verified]").await?;

    let auditor = Browser::open().await?;
    auditor.log_in(&endpoint.url()?, "auditor", PASSWORD).await?;
    let page = format!("{}/#/tps/{station}", endpoint.url()?);
    auditor.go(&page).await?;
    auditor.wait_for("[data-given=verified][data-signature=signed]").await?;
    // It is in the log before it is verified.
    let logged = format!(
        "return fetch('/api/stations/{station}?contest=ppwp').then((answer) => answer.json()).then((view) =>
            view.tallies.some((tally) => tally.verdicts.some((verdict) => verdict.log_index !== null)))"
    );
    auditor.wait_for_script(&logged).await?;
    let good = verify(&endpoint, &auditor, &station).await?;
    ensure!(good.contains("user:rini decided"), "{good}");
    ensure!(!good.lines().any(|line| line.starts_with("FAIL")), "{good}");

    endpoint.stop()?;
    let database = rusqlite::Connection::open(endpoint.data().join("central.sqlite"))?;
    database.execute("UPDATE verdict SET decision = 'disputed', reason = 'palsu'", [])?;
    drop(database);
    endpoint.start()?;
    // The session is in the database, and goes on.
    auditor.go(&format!("{}/#/tps/{station}", endpoint.url()?)).await?;
    auditor.wait_for("[data-signature=forged]").await?;
    auditor.wait_for("[data-forged]").await?;
    screenshot(&auditor, "console-32-forged").await?;
    let forged = verify(&endpoint, &auditor, &station).await?;
    ensure!(forged.contains("FORGED: what was signed is"), "{forged}");
    auditor.go(&format!("{}/#/bukti", endpoint.url()?)).await?;
    auditor.wait_for("[data-review-keys='1']").await?;
    Ok(())
}

/// What `saksi-verify` says of the station's bundle, as a user of the console downloads it.
async fn verify(endpoint: &Endpoint, browser: &Page, station: &str) -> Result<String> {
    let script = format!(
        "return fetch('/api/stations/{station}/bundle').then((answer) => answer.arrayBuffer())
            .then((bytes) => Array.from(new Uint8Array(bytes)))"
    );
    let bytes = browser.wait_for_script(&script).await?;
    let numbers = bytes.as_array().context("bytes")?.iter();
    let bytes: Vec<u8> =
        numbers.filter_map(Value::as_u64).filter_map(|byte| u8::try_from(byte).ok()).collect();
    let file = endpoint.data().join("station.saksi");
    std::fs::write(&file, bytes)?;
    let done = Command::new(program::own("saksi-verify")?).arg(&file).arg("--partial").output()?;
    Ok(String::from_utf8(done.stdout)?)
}
