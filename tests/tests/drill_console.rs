//! The wall of a trainer's hall in the browser, on the real program with thirty phones: orders, raised
//! hands, a restart in the middle, and the report.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use practice::{Level, Scenario};
use protocol::DrillStage;
use saksi_tests::data::{demo_election, root};
use saksi_tests::drill_phone::DrillPhone;
use saksi_tests::{Browser, Endpoint, Page};
use tally::ContestKind;

const PASSWORD: &str = "sebuah kata sandi panjang";
const PHONES: u8 = 30;

/// The phones of the class, and what they do as long as this exists.
struct Class {
    phones: Vec<DrillPhone>,
    url: String,
}

impl Class {
    fn join(url: &str) -> Result<Self> {
        let phones = (0..PHONES).map(|number| DrillPhone::join(url, number)).collect::<Result<_>>()?;
        Ok(Self { phones, url: url.to_owned() })
    }

    /// Each is in another place: some wait, type, photograph, have sealed.
    fn scatter(&mut self) -> Result<()> {
        for (index, phone) in self.phones.iter_mut().enumerate() {
            phone.hand_raised = index % 9 == 2;
            let stage = [DrillStage::Entering, DrillStage::Entering, DrillStage::Photographing][index % 3];
            let stage = if index == 4 { DrillStage::Waiting } else { stage };
            phone.say(&self.url, stage, u8::from(stage != DrillStage::Waiting))?;
        }
        Ok(())
    }

    /// Every phone takes the exercise; every third leaves a figure out.
    fn take(&mut self, exercise: u8) -> Result<()> {
        for (index, phone) in self.phones.iter_mut().enumerate() {
            phone.hand_raised = false;
            phone.take(&self.url, exercise, |_, _, figures| {
                if index % 3 == 0 {
                    figures.0.pop_last();
                }
            })?;
            phone.say(&self.url, DrillStage::Graded, exercise)?;
        }
        Ok(())
    }

    /// What all phones hear.
    fn heard(&self) -> Result<Vec<(Option<u8>, bool, bool)>> {
        let heard = self.phones.iter().map(|phone| {
            let (state, _) = phone.say(&self.url, DrillStage::Entering, 1)?;
            Ok((state.exercise_open, state.paused, state.network_cut))
        });
        heard.collect()
    }
}

async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}

async fn until(page: &Page, script: &str) -> Result<()> {
    page.wait_for_script(&format!("return {script}")).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainer_leads_a_class_from_the_wall_and_reads_its_report() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("malam-minggu.json");
    let base = Scenario::of_kinds(Level::Sums, 7, &[ContestKind::Ppwp]);
    let exercise = base.exercises.first().context("an exercise")?.clone();
    let exercises = vec![exercise.clone(), exercise];
    let scenario = Scenario { title: "Malam Minggu, Karang Melati".to_owned(), exercises, ..base };
    std::fs::write(&file, scenario.to_json())?;
    let mut hall = Endpoint::of_drill(&demo_election(), &file)?;
    hall.start()?;
    hall.add_user("pelatih", "trainer", PASSWORD)?;
    let url = hall.url()?;
    let browser = Browser::open().await?;
    browser.log_in(&url, "pelatih", PASSWORD).await?;
    browser.go(&format!("{url}/#/balai")).await?;
    browser.wait_for("[data-screen=drill] [data-phones='0']").await?;
    let link = browser.attribute("[data-action=copy-link]", "data-link").await?.context("a link")?;
    ensure!(link.starts_with(&format!("{url}/hall#")), "phones join by {link}");
    screenshot(&browser, "console-drill-1-empty").await?;

    let mut class = Class::join(&url)?;
    browser.click("[data-action=open-exercise]:not([disabled])").await?;
    browser.wait_for(&format!("[data-phones='{PHONES}']")).await?;
    class.scatter()?;
    until(&browser, "document.querySelectorAll('[data-action=helped]').length === 4").await?;
    until(&browser, "document.querySelector('[data-phone=\"5\"]').dataset.stage === 'waiting'").await?;
    screenshot(&browser, "console-drill-2-wall").await?;
    browser.click("[data-phone='3'] [data-action=helped]").await?;
    until(&browser, "document.querySelectorAll('[data-action=helped]').length === 3").await?;

    browser.click("[data-action=pause]:not([disabled])").await?;
    browser.wait_for("[data-mark=paused]").await?;
    browser.click("[data-action=cut-network]:not([disabled])").await?;
    browser.wait_for("[data-mark=network-cut]").await?;
    ensure!(class.heard()?.iter().all(|heard| *heard == (Some(1), true, true)), "every phone hears it");
    screenshot(&browser, "console-drill-3-cut").await?;

    // The laptop falls asleep in the middle, and the phones stay where they are.
    hall.kill()?;
    hall.start()?;
    ensure!(class.heard()?.iter().all(|heard| *heard == (Some(1), true, true)), "and after a restart");
    browser.click("[data-action=resume]:not([disabled])").await?;
    browser.click("[data-action=restore-network]:not([disabled])").await?;
    until(&browser, "document.querySelector('[data-mark]:not([data-mark=drill])') === null").await?;
    ensure!(class.heard()?.iter().all(|heard| *heard == (Some(1), false, false)), "the class goes on");

    class.take(1)?;
    until(&browser, "document.querySelectorAll('[data-phone][data-stage=graded]').length === 30").await?;
    until(&browser, "Number(document.querySelector('[data-accuracy]').dataset.accuracy) > 900").await?;
    screenshot(&browser, "console-drill-4-done").await?;
    browser.click("[data-action=open-exercise]:not([disabled])").await?;
    class.take(2)?;
    browser.click("[data-action=drill-report]").await?;
    browser.wait_for("[data-screen=drill-report] [data-slip]").await?;
    until(&browser, "document.querySelectorAll('[data-person]').length === 30").await?;
    until(&browser, "document.querySelectorAll('[data-is-ready=true]').length === 20").await?;
    screenshot(&browser, "console-drill-5-report").await?;
    let script = "const answer = await fetch('/api/drill/report.pdf?language=en');
        return (await answer.text()).slice(0, 5)";
    let pdf = browser.evaluate(&format!("return (async () => {{ {script} }})()")).await?;
    ensure!(pdf == "%PDF-", "the report on paper begins with {pdf}");
    Ok(())
}
