//! Official results in the browser, on the real endpoint: a faulty file, a good one, the differences, and
//! what a second file changes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use saksi_tests::data::{demo_election, root};
use saksi_tests::fleet::{Evening, run_evening};
use saksi_tests::{Browser, Endpoint, Page};
use serde_json::Value;

const PASSWORD: &str = "sebuah kata sandi panjang";
/// Stations that send a tally, and that have an official result.
const STATIONS: usize = 5;

struct Console {
    endpoint: Endpoint,
    browser: Browser,
    folder: tempfile::TempDir,
}

impl Console {
    /// The console of an endpoint that has some tallies.
    async fn open() -> Result<Self> {
        let mut endpoint = Endpoint::new(&demo_election())?;
        endpoint.start()?;
        endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
        let folder = tempfile::tempdir()?;
        let mut links = endpoint.invite_all()?;
        links.truncate(STATIONS);
        let data = folder.path().join("phones");
        run_evening(&Evening { links, data, speed: 20_000.0, seed: 7 }).await?;
        let browser = Browser::open().await?;
        browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
        Ok(Self { endpoint, browser, folder })
    }

    async fn go(&self, hash: &str) -> Result<()> {
        self.browser.go(&format!("{}/{hash}", self.endpoint.url()?)).await
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text)?;
        Ok(file)
    }

    /// Uploads a file in the console and waits for its columns.
    async fn upload(&self, file: &Path) -> Result<()> {
        self.go("#/resmi").await?;
        self.browser.attach("input[data-field=file]", file).await?;
        self.browser.wait_for("[data-import-state=uploaded] [data-column]").await?;
        Ok(())
    }

    /// Checks the uploaded file and waits for what was found.
    async fn check(&self) -> Result<()> {
        self.browser.click("[data-action=check-official]:not([disabled])").await?;
        self.browser.wait_for("[data-import-state=checked] [data-faults]").await?;
        Ok(())
    }

    async fn store(&self) -> Result<()> {
        self.browser.click("[data-action=store-official]:not([disabled])").await?;
        self.browser.wait_for("[data-import-state=stored]").await?;
        Ok(())
    }

    /// The stations with the witnesses' votes, as the endpoint compares them.
    async fn compared(&self) -> Result<Vec<(String, [u64; 3])>> {
        let ask = "return fetch('/api/official/differences?contest=ppwp').then((answer) => answer.json())";
        let view = self.browser.wait_for_script(ask).await?;
        let rows = view["rows"].as_array().context("rows")?;
        let votes = |row: &Value| {
            let of = |number: &str| row["witnessed"][number].as_u64().context("votes of a candidate");
            let station = row["station"].as_str().context("a station")?.to_owned();
            Ok((station, [of("1")?, of("2")?, of("3")?]))
        };
        rows.iter().map(votes).collect()
    }
}

fn table(rows: &[(String, [u64; 3])]) -> String {
    let mut text = String::from("Kode TPS;Suara 01;Suara 02;Suara 03\n");
    for (station, [first, second, third]) in rows {
        let code = station.replace(['.', '-'], "");
        text += &format!("{code};{first};{second};{third}\n");
    }
    text
}

async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_stored_compared_and_followed_by_another() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    console.go("#/selisih").await?;
    browser.click("[data-action=import-official]").await?;
    browser.wait_for("input[data-field=file]").await?;

    // A file that is no table is refused by its name, before anything is kept.
    let pdf = console.file("hasil.pdf", "%PDF-1.7\n")?;
    browser.attach("input[data-field=file]", &pdf).await?;
    browser.wait_for("[data-fault=unknown_format]").await?;

    let stations: Vec<String> = {
        let election = tally::load::read(&demo_election())?;
        election.stations().take(STATIONS).map(|station| station.to_string()).collect()
    };
    let wrong: Vec<(String, [u64; 3])> =
        stations.iter().map(|station| (station.clone(), [999, 998, 997])).collect();
    let faulty = table(&wrong).replace("999", "-5");
    console.upload(&console.file("salah.csv", &faulty)?).await?;
    console.check().await?;
    browser.wait_for("[data-fault=negative][data-row='2']").await?;
    ensure!(browser.count("[data-action=store-official]").await? == 0, "nothing can be stored");
    screenshot(browser, "console-20-official-faults").await?;

    console.upload(&console.file("selasa.csv", &table(&wrong))?).await?;
    console.check().await?;
    browser.wait_for(&format!("[data-count=added][data-value='{STATIONS}']")).await?;
    console.store().await?;
    browser.click("[data-action=to-differences]").await?;
    browser.wait_for(&format!("[data-differing='{STATIONS}']")).await?;

    // On Thursday all but one are as the witnesses wrote them, and that one is swapped.
    let mut thursday = console.compared().await?;
    let (swapped, votes) = thursday.first_mut().context("a station")?;
    votes.swap(0, 1);
    let swapped = swapped.clone();
    console.upload(&console.file("kamis.csv", &table(&thursday))?).await?;
    console.check().await?;
    browser.wait_for(&format!("[data-count=changed][data-value='{STATIONS}']")).await?;
    console.store().await?;
    browser.wait_for(&format!("[data-unit='{swapped}']")).await?;
    screenshot(browser, "console-21-official-changes").await?;

    console.go("#/selisih").await?;
    browser.wait_for("[data-differing='1']").await?;
    browser.wait_for(&format!("tr[data-station='{swapped}'][data-shape=swapped]")).await?;
    browser.wait_for("[data-hop=station] b").await?;
    screenshot(browser, "console-22-differences").await?;
    browser.click("select[data-field=shape] option[value=one_digit]").await?;
    browser.wait_for("[data-total='0']").await?;
    let address = browser.url().await?;
    ensure!(address.contains("shape=one_digit"), "the filter has an address: {address}");
    console.go("#/selisih?as_of=1").await?;
    browser.wait_for(&format!("[data-differing='{STATIONS}']")).await?;
    console.go("#/selisih").await?;
    browser.click(&format!("tr[data-station='{swapped}'] a")).await?;
    browser.wait_for("[data-screen=station]").await?;
    Ok(())
}
