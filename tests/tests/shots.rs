//! Screenshots of the real app and the real console, for the documentation. The tests ignore them;
//! `cargo xtask shots` takes them.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use saksi_tests::data::{demo_election, root};
use saksi_tests::fleet::{Evening, run_evening};
use saksi_tests::sheet::sheet_photo;
use saksi_tests::{Browser, Desktop, Endpoint, Page, practice};

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";

/// The figures of page 1, in the order of the paper.
const FIRST_PAGE: &str = "140 144 284 120 128 248 2 1 3 0 1 1 122 130 252 290 252 1 37 1 1 2";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes screenshots instead of testing; cargo xtask shots runs it"]
async fn pictures_of_the_app_and_the_console() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
    let invitation = endpoint.invite(&[STATION])?.pop().context("an invitation")?;

    pictures_of_the_app(&mut endpoint, &invitation).await?;

    let folder = tempfile::tempdir()?;
    let mut links = endpoint.invite_all()?;
    // The first station already has a witness: the one with the app.
    links.remove(0);
    links.truncate(links.len() * 7 / 10);
    run_evening(&Evening { links, data: folder.path().to_owned(), speed: 20_000.0, seed: 7 }).await?;
    pictures_of_the_console(&endpoint).await
}

#[tokio::test]
#[ignore = "takes screenshots instead of testing; cargo xtask shots runs it"]
async fn pictures_of_practice() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("latihan.json");
    std::fs::write(&file, practice::scenario().to_json())?;
    let app = Desktop::open().await?;
    app.click("[data-action=practice]").await?;
    app.wait_for("[data-level=first_steps]").await?;
    both_themes(&app, "practice-1-levels").await?;
    app.click("[data-level=first_steps]").await?;
    app.wait_for("[data-first-step=join][data-done=true]").await?;
    both_themes(&app, "practice-2-first-steps").await?;
    app.attach("[data-action=open-scenario]", &file).await?;
    app.wait_for("[data-exercise='2']").await?;
    both_themes(&app, "practice-3-sheet").await?;
    app.click("[data-action=see-sheet]").await?;
    app.wait_for_script(
        "const image = document.querySelector('[data-page-image]'); return image && image.naturalWidth > 500",
    )
    .await?;
    both_themes(&app, "practice-4-paper").await?;
    app.click("[data-action=back-to-typing]").await?;
    app.wait_for("[data-screen=entry]").await?;
    let mut figures = practice::right_figures(&practice::scenario(), 1)?;
    for (field, figure) in &mut figures {
        if field == "IV.1" || field == "II.3" {
            *figure = tally::Figure::Written(figure.number().unwrap_or(0) + 1);
        }
    }
    practice::type_figures(&app, &figures[..8]).await?;
    both_themes(&app, "practice-5-entry").await?;
    practice::type_figures(&app, &figures[8..]).await?;
    practice::photograph_pages(&app, 3).await?;
    both_themes(&app, "practice-6-photos").await?;
    app.click("[data-step=check]").await?;
    practice::confirm_everything(&app).await?;
    practice::seal(&app).await?;
    app.wait_for("[data-wrong-field='IV.1']").await?;
    both_themes(&app, "practice-7-result").await?;
    app.evaluate("scrollTo(0, 700); return true").await?;
    both_themes(&app, "practice-8-result-below").await?;
    app.evaluate("scrollTo(0, 1500); return true").await?;
    both_themes(&app, "practice-9-result-end").await?;
    app.evaluate("location.hash = '#/buku'; return true").await?;
    app.wait_for("[data-topic=day]").await?;
    both_themes(&app, "practice-10-handbook").await
}

async fn pictures_of_the_app(endpoint: &mut Endpoint, invitation: &str) -> Result<()> {
    let app = Desktop::open_with(&[("SAKSI_INVITATION", invitation)]).await?;
    app.wait_for_value("#invitation", invitation).await?;
    both_themes(&app, "app-1-join").await?;
    app.click("[data-action=join]").await?;
    app.wait_for("[data-screen=home]").await?;
    endpoint.stop()?;
    app.click("[data-action=next-begin]").await?;
    app.wait_for("[data-screen=entry]").await?;
    type_figures(&app, FIRST_PAGE).await?;
    both_themes(&app, "app-2-entry-start").await?;
    type_figures(&app, "123").await?;
    app.type_keys("97").await?;
    app.wait_for(".saved[data-saved=true]").await?;
    both_themes(&app, "app-3-entry").await?;
    app.press(fantoccini::key::Key::Enter).await?;
    type_figures(&app, "28 243 4 247").await?;
    app.wait_for("[data-screen=photos]").await?;
    let folder = tempfile::tempdir()?;
    for page in 1..=2_u8 {
        // Drawn, not real: the screenshots are published.
        let file = folder.path().join(format!("page-{page}.jpg"));
        std::fs::write(&file, sheet_photo(page, &written(), 3)?)?;
        app.attach(&format!("input[data-page='{page}']"), &file).await?;
        app.wait_for(&format!("#page-{page}[data-photo-state=unsealed]")).await?;
    }
    both_themes(&app, "app-4-photos").await?;
    app.click("[data-step=check]").await?;
    app.wait_for("[data-finding='F401']").await?;
    both_themes(&app, "app-5-check").await?;
    while app.count("[data-finding^=F][data-answered=false]").await? > 0 {
        let open = app.count("[data-finding^=F][data-answered=false]").await?;
        app.click("[data-finding^=F][data-answered=false] label").await?;
        app.wait_for_script(&format!(
            "return document.querySelectorAll('[data-finding^=F][data-answered=false]').length < {open}"
        ))
        .await?;
    }
    app.click("[data-action=reading-keep]").await?;
    app.click("[data-action=seal]").await?;
    app.wait_for("[data-action=seal-confirm]").await?;
    both_themes(&app, "app-6-seal").await?;
    app.click("[data-action=seal-confirm]").await?;
    app.wait_for("[data-screen=proof]").await?;
    both_themes(&app, "app-7-proof").await?;
    app.click("[data-action=back]").await?;
    app.wait_for("[data-waiting-tallies='1']").await?;
    both_themes(&app, "app-8-home-waiting").await?;
    endpoint.start()?;
    app.click("[data-action=sync-now]").await?;
    app.wait_for("[data-waiting-tallies='0'][data-waiting-photos='0']").await?;
    both_themes(&app, "app-9-home-arrived").await?;
    app.click("[data-action=record]").await?;
    app.wait_for("[data-attendance]").await?;
    both_themes(&app, "app-11-record").await?;
    app.click("[data-action=back]").await?;
    app.wait_for("[data-screen=home]").await?;
    app.resize((1024, 768)).await?;
    both_themes(&app, "app-10-home-wide").await
}

async fn type_figures(app: &Page, figures: &str) -> Result<()> {
    for figure in figures.split(' ') {
        let before = app.evaluate("return document.activeElement.dataset.field || ''").await?;
        app.type_keys(figure).await?;
        app.press(fantoccini::key::Key::Enter).await?;
        app.wait_for_script(&format!("return (document.activeElement.dataset.field || '') !== {before}"))
            .await?;
    }
    Ok(())
}

async fn pictures_of_the_console(endpoint: &Endpoint) -> Result<()> {
    let browser = Browser::open().await?;
    let url = endpoint.url()?;
    browser.go(&url).await?;
    browser.wait_for("[name=user]").await?;
    both_themes(&browser, "console-1-login").await?;
    browser.type_into("[name=user]", "koordinator").await?;
    browser.type_into("[name=password]", PASSWORD).await?;
    browser.click("[data-action=login]").await?;
    browser.wait_for("[data-screen=region] [data-coverage=arrived]").await?;
    both_themes(&browser, "console-2-region").await?;
    browser.go(&format!("{url}/#/wilayah/52.71.05")).await?;
    browser.wait_for("tr[data-region]").await?;
    both_themes(&browser, "console-3-kecamatan").await?;
    browser.go(&format!("{url}/#/tps")).await?;
    browser.wait_for("tr[data-station]").await?;
    both_themes(&browser, "console-4-stations").await?;
    browser.go(&format!("{url}/#/tps/{STATION}")).await?;
    browser.wait_for("[data-screen=station]").await?;
    browser
        .wait_for_script("return [...document.images].some(img => img.complete && img.naturalWidth > 500)")
        .await?;
    // A selected figure: its crop of the photo beside the typed figure and the reading.
    browser.click("tr[data-field='IV.1'] [data-action=field]").await?;
    browser.wait_for("[data-crops='IV.1'] [data-read]").await?;
    both_themes(&browser, "console-5-station").await?;
    browser.go(&format!("{url}/#/saksi")).await?;
    browser.wait_for("[data-screen=invitations]").await?;
    both_themes(&browser, "console-6-invitations").await?;
    pictures_of_people(&browser, &url).await
}

/// People of the demonstration, none of whom exists.
const PEOPLE: &str = "Nama;No HP;Desa;TPS;Peran;Organisasi\n\
    Nurhayati Lestari;0812 3456 4471;Mataram Barat;1;Saksi dalam;Relawan Seruni\n\
    Agus Priyambada;0857 1122 0932;Mataram Barat;1;Saksi dalam;Relawan Seruni\n\
    I Wayan Sudarsana;0819 2233 7710;Mataram Barat;2;Saksi dalam;Relawan Seruni\n\
    Siti Rahmawati;0821 3344 1185;Dasan Agung;1;Saksi dalam;Partai Embun\n\
    Dedi Kurniawan;0813 4455 6029;Dasan Agung;2;Saksi luar;Partai Embun\n\
    Maria Goreti Nahak;0852 5566 3364;Dasan Agung;;Koordinator desa;Partai Embun\n";

async fn pictures_of_people(browser: &Page, url: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("daftar-saksi.csv");
    std::fs::write(&file, PEOPLE)?;
    browser.go(&format!("{url}/#/impor")).await?;
    browser.attach("[data-field=file]", &file).await?;
    browser.click("[data-action=check-import]:not([disabled])").await?;
    browser.wait_for("[data-sound]").await?;
    both_themes(browser, "console-20-import").await?;
    browser.click("[data-action=store-import]").await?;
    browser.click("[data-action=to-people]").await?;
    browser.wait_for("[data-screen=people] tr[data-person]").await?;
    both_themes(browser, "console-21-people").await?;
    browser.go(&format!("{url}/#/kelengkapan/52.71.05?lack=witness")).await?;
    browser.wait_for("[data-lacking-station]").await?;
    both_themes(browser, "console-22-staffing").await?;
    browser.go(&format!("{url}/#/kehadiran")).await?;
    browser.wait_for("[data-witness-device]").await?;
    both_themes(browser, "console-23-attendance").await
}

/// One screenshot in the light theme and one in the dark theme.
async fn both_themes(page: &Page, name: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        // The theme fades in. Endless animations are not waited for.
        let set = format!(
            "document.documentElement.dataset.theme = '{theme}'; \
             const fading = () => document.getAnimations() \
                .filter(each => each.effect.getComputedTiming().iterations !== Infinity) \
                .map(each => each.finished); \
             return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => \
                Promise.allSettled(fading()).then(() => done(true)))))"
        );
        page.evaluate(&set).await?;
        page.screenshot(&pictures().join(format!("{name}-{theme}.png"))).await?;
    }
    page.evaluate("delete document.documentElement.dataset.theme; return true").await?;
    Ok(())
}

fn pictures() -> PathBuf {
    root().join("target/pictures")
}

/// The figures on the photographed sheet: as typed, except the first candidate's votes.
fn written() -> Vec<(String, u32)> {
    let page_1 = [
        ("I.A.L", 140),
        ("I.A.P", 144),
        ("I.A.J", 284),
        ("I.B.4.L", 122),
        ("I.B.4.P", 130),
        ("I.B.4.J", 252),
    ];
    let page_2 = [("IV.1", 128), ("IV.2", 97), ("IV.3", 28)];
    page_1.into_iter().chain(page_2).map(|(code, figure)| (code.to_owned(), figure)).collect()
}
