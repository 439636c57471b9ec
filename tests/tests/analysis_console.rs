//! What leaves the console, on the real endpoint: a dossier, exports with progress, a token, a projection and
//! patterns.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use saksi_tests::data::{demo_election, root};
use saksi_tests::fleet::{Evening, run_evening};
use saksi_tests::{Browser, Endpoint, Page};

const PASSWORD: &str = "sebuah kata sandi panjang";
/// Stations that send a tally.
const STATIONS: usize = 12;

struct Console {
    endpoint: Endpoint,
    browser: Browser,
    _folder: tempfile::TempDir,
}

impl Console {
    /// The console of an endpoint that has a sample and some tallies.
    async fn open() -> Result<Self> {
        let mut endpoint = Endpoint::new(&demo_election())?;
        endpoint.start()?;
        endpoint.add_user("admin", "admin", PASSWORD)?;
        let draw = ["sample", "draw", "--contest", "ppwp", "--seed", "undian di alun-alun", "--size", "24"];
        let drawn = endpoint.command(&[&draw[..], &["--level", "kecamatan"]].concat()).output()?;
        ensure!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        let folder = tempfile::tempdir()?;
        let mut links = endpoint.invite_all()?;
        links.truncate(STATIONS);
        run_evening(&Evening { links, data: folder.path().join("phones"), speed: 20_000.0, seed: 7 }).await?;
        let browser = Browser::open().await?;
        browser.log_in(&endpoint.url()?, "admin", PASSWORD).await?;
        Ok(Self { endpoint, browser, _folder: folder })
    }

    async fn go(&self, hash: &str) -> Result<()> {
        self.browser.go(&format!("{}/{hash}", self.endpoint.url()?)).await
    }
}

async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn results_leave_as_a_dossier_a_table_and_for_programs() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    console.go("#/tps").await?;
    browser.click("tr[data-station] a").await?;
    browser.click("[data-action=dossier]").await?;
    browser.wait_for("[data-received^='berkas-ppwp-']").await?;
    let digest = browser.text("[data-sha256]").await?;
    ensure!(digest.len() == 64, "the console shows the fingerprint: {digest}");
    screenshot(browser, "console-30-dossier").await?;

    console.go("#/ekspor").await?;
    for format in ["csv", "xlsx", "nist"] {
        browser.click(&format!("[data-action=export-{format}]:not([disabled])")).await?;
        let end = if format == "nist" { "json" } else { format };
        browser.wait_for(&format!("[data-received='hasil-ppwp-semua.{end}']")).await?;
    }
    browser.type_into("[data-form=token] [data-field=name]", "Redaksi").await?;
    browser.click("[data-action=add-token]").await?;
    let token = browser.text("[data-token] .mono").await?;
    screenshot(browser, "console-31-exports").await?;
    let ask = format!("{}/open/v1/results?contest=ppwp", console.endpoint.url()?);
    let read = |token: String| reqwest::Client::new().get(&ask).bearer_auth(token).send();
    let results: serde_json::Value = serde_json::from_slice(&read(token.clone()).await?.bytes().await?)?;
    ensure!(results["stations"]["missing"].as_u64().context("missing")? > 0, "{results}");
    browser.click("[data-token-name=Redaksi] [data-action=revoke]").await?;
    browser.click("[data-token-name=Redaksi] [data-action=revoke-confirm]").await?;
    browser.wait_for("[data-token-name=Redaksi] .is-draft").await?;
    ensure!(read(token).await?.status() == 401, "a revoked token reads nothing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_and_patterns_are_shown_with_what_they_do_not_say() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    console.go("#/proyeksi").await?;
    browser.wait_for("[data-arrived]").await?;
    screenshot(browser, "console-32-projection").await?;
    browser.click("[data-tab=patterns]").await?;
    browser.wait_for("[data-pattern=same_figures]").await?;
    ensure!(browser.count("[data-pattern]").await? == 7, "every kind is named");
    screenshot(browser, "console-33-patterns").await?;
    browser.click("[data-region]").await?;
    browser.wait_for("[data-examined]").await?;
    Ok(())
}
