//! No text of the console and of the app is cut off, no word of usual length is broken, no text lies over
//! another, and every choice and hint fits its field: in narrow and in wide windows, in type of usual size
//! and twice as large, with the longest values that may come, in both languages.

use anyhow::{Context as _, Result, ensure};
use saksi_tests::Browser;
use saksi_tests::browser::USUAL_TYPE_PX;
use saksi_tests::screen_walk::{Visit, WALK, build_the_app_for_a_browser, walk_the_app, walk_the_console};

/// In widths from a cheap phone's to a large screen's, in CSS pixels.
const MEASURE: &str = "return measure([320, 420, 768, 1280, 1920])";

const IN_TYPE_OF_USUAL_SIZE: Visit<'static> =
    Visit { letters_px: USUAL_TYPE_PX, languages: &["id", "en"], script: MEASURE };
const IN_TYPE_TWICE_AS_LARGE: Visit<'static> =
    Visit { letters_px: 2 * USUAL_TYPE_PX, ..IN_TYPE_OF_USUAL_SIZE };

/// Two browsers side by side: of somebody who reads small letters, and of somebody who needs large ones.
#[tokio::test]
async fn no_text_of_the_console_is_cut() -> Result<()> {
    let (usual, large) =
        tokio::join!(walk_the_console(IN_TYPE_OF_USUAL_SIZE), walk_the_console(IN_TYPE_TWICE_AS_LARGE));
    usual?.none().context("in type of usual size")?;
    large?.none().context("in type twice as large")
}

#[tokio::test]
async fn no_text_of_the_app_is_cut() -> Result<()> {
    build_the_app_for_a_browser()?;
    let (usual, large) =
        tokio::join!(walk_the_app(IN_TYPE_OF_USUAL_SIZE), walk_the_app(IN_TYPE_TWICE_AS_LARGE));
    usual?.none().context("in type of usual size")?;
    large?.none().context("in type twice as large")
}

/// Otherwise the tests above prove nothing.
#[tokio::test]
async fn a_text_that_is_cut_is_found() -> Result<()> {
    let browser = Browser::open().await?;
    let find = format!("{WALK}; return cutTexts(window)");
    let cases = [
        ("<p style='width:50px;overflow:hidden;white-space:nowrap'>Urutan 101 dari 101</p>", 1),
        ("<p style='height:10px;overflow:hidden'>Urutan 101<br>dari 101</p>", 2),
        (
            "<div style='overflow:hidden;width:60px'><b style='white-space:nowrap'>Urutan 101 dari</b></div>",
            1,
        ),
        ("<p style='position:absolute;left:-40px'>Urutan 101 dari 101</p>", 1),
        ("<p style='width:50px;overflow:auto;white-space:nowrap'>Urutan 101 dari 101</p>", 0),
        ("<p style='width:60px'>Urutan 101 dari 101</p>", 0),
        ("<p class=mono style='text-transform:uppercase'>kertas-perahu</p>", 1),
        ("<div style='display:grid;grid-template-columns:20px 20px'><b>Ringkasan</b><b>TPS</b></div>", 1),
        ("<p style='width:30px;overflow-wrap:anywhere'>Urutan</p>", 1),
        ("<select style='width:80px'><option>TPS<option>Kabupaten Kepulauan Siau</select>", 1),
        ("<select style='width:200px;appearance:none;white-space:normal'><option>Kepulauan Siau</select>", 0),
        ("<input style='width:60px' placeholder='Cari TPS, desa, kode'>", 1),
        ("<textarea rows=1 style='width:60px' placeholder='Tulis apa yang terjadi di TPS'></textarea>", 1),
        ("<textarea rows=4 style='width:200px' placeholder='Tulis'></textarea>", 0),
    ];
    for (html, wanted) in cases {
        browser.go(&format!("data:text/html,<title>t</title>{html}")).await?;
        let found = browser.evaluate(&find).await?;
        ensure!(found.as_array().is_some_and(|found| found.len() == wanted), "{html}: {found}");
    }
    browser.go("data:text/html,<title>t</title><p style='width:5000px'>Urutan</p>").await?;
    let found = browser.evaluate(&find).await?.to_string();
    ensure!(found.contains("too wide"), "{found}");
    Ok(())
}
