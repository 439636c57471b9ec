//! No text of the console and of the app is cut off, no word of usual length is broken, and no text lies over
//! another: in narrow and in wide windows, with the longest values that may come, in both languages.
//!
//! The console talks to answers from `data/longest-console.json` instead of to an endpoint: a nation's log,
//! 25 contests, the longest names. The app talks to the scenes `long` of `ui/dev/shell.ts` instead of to the
//! shell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use saksi_tests::Browser;
use saksi_tests::data::root;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// From a cheap phone to a large screen, in CSS pixels.
const WIDTHS: [u32; 5] = [320, 420, 768, 1280, 1920];
const HEIGHT: u32 = 900;
/// Addresses of the console's screens. Those that the navigation names are walked as well.
const CONSOLE: [&str; 6] = [
    "#/wilayah",
    "#/tps",
    "#/tps?flagged=true&missing_photos=true&standing=conflicting&sort=flags",
    "#/tps/71.09.07.2011-904",
    "#/saksi",
    "#/tidak-ada",
];

/// Scenes and addresses of the app's screens. A sealed tally has other screens than a draft.
const APP: [(&str, &str); 9] = [
    ("long", "#/"),
    ("long", "#/bukti"),
    ("long", "#/bantuan"),
    ("long", "#/tps/52.71.05.1001-001/catatan"),
    ("long", "#/tps/52.71.05.1001-001/ppwp/bukti"),
    ("long_draft", "#/"),
    ("long_draft", "#/tps/52.71.05.1001-001/ppwp/isian"),
    ("long_draft", "#/tps/52.71.05.1001-001/ppwp/foto"),
    ("long_draft", "#/tps/52.71.05.1001-001/ppwp/periksa"),
];

/// Finds texts that a box hides, texts beside the page, broken words, and texts that lie over another. What
/// can be scrolled to is not cut.
const CUT_TEXTS: &str = r"
const found = [];
const name = (element) => element.tagName.toLowerCase() + [...element.classList]
    .filter((each) => !each.startsWith('svelte-')).map((each) => '.' + each).join('');
const report = (how, element, text) => {
    const path = [element.parentElement?.parentElement, element.parentElement, element].filter(Boolean);
    found.push(`${how}: ${text.trim().slice(0, 60)} (${path.map(name).join(' > ')})`);
};
const width = document.documentElement.clientWidth;
// A width is rounded.
if (document.documentElement.scrollWidth > width + 1) {
    report('the page is too wide', document.body, String(document.documentElement.scrollWidth));
}
const lineBoxes = [];
// What scrolls or sticks may lie over the rest.
const layerOf = (element) => {
    for (let box = element; box !== null; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (/fixed|sticky/.test(style.position) || /auto|scroll/.test(style.overflowX + style.overflowY)) return box;
    }
    return null;
};
const hides = (overflow) => overflow === 'hidden' || overflow === 'clip';
const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll';
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement;
    const isShown = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (text.data.trim() === '' || !isShown || element.closest('.sr, svg, option') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const lines = [...range.getClientRects()].filter((line) => line.width > 0 && line.height > 0);
    if (lines.length === 0) continue;
    const layer = layerOf(element);
    lines.forEach((line) => lineBoxes.push({ element, layer, line, text: text.data }));
    // A word of usual length is not broken; a hash or a long name without spaces may be.
    for (const word of text.data.matchAll(/(?<!\S)[^\s\/-]{2,14}(?!\S)/gu)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const tops = [...range.getClientRects()].filter((part) => part.width > 0).map((part) => Math.round(part.top));
        if (new Set(tops).size > 1) report('broken word', element, word[0]);
    }
    const [left, right] = [Math.min(...lines.map((each) => each.left)), Math.max(...lines.map((each) => each.right))];
    const [top, bottom] = [Math.min(...lines.map((each) => each.top)), Math.max(...lines.map((each) => each.bottom))];
    let [scrollsX, scrollsY, isCut] = [false, false, false];
    for (let box = element; box !== null && box !== document.documentElement && !isCut; box = box.parentElement) {
        const [style, edge] = [getComputedStyle(box), box.getBoundingClientRect()];
        const cutX = !scrollsX && hides(style.overflowX) && (right > edge.right + 1 || left < edge.left - 1);
        // A line's box is a little higher than its letters.
        const cutY = !scrollsY && hides(style.overflowY) && (bottom > edge.bottom + 3 || top < edge.top - 3);
        isCut = cutX || cutY;
        scrollsX ||= scrolls(style.overflowX);
        scrollsY ||= scrolls(style.overflowY);
    }
    if (isCut) report('cut', element, text.data);
    else if (!scrollsX && (right > width + 1 || left < -1)) report('beside the page', element, text.data);
}
lineBoxes.forEach((one, index) => {
    for (const other of lineBoxes.slice(index + 1)) {
        if (one.element === other.element || one.layer !== other.layer) continue;
        const across = Math.min(one.line.right, other.line.right) - Math.max(one.line.left, other.line.left);
        const down = Math.min(one.line.bottom, other.line.bottom) - Math.max(one.line.top, other.line.top);
        if (across > 2 && down > 6) report(`over ${other.text.trim()}`, one.element, one.text);
    }
});
return found;
";

#[tokio::test]
async fn no_text_of_the_console_is_cut() -> Result<()> {
    let folder = root().join("ui/dist/console");
    let url = serve(Site { folder, page: "index.html", answers: longest_answers()? }).await?;
    let browser = Browser::open().await?;
    let mut cut = Cut::default();
    browser.go(&format!("{url}/?nobody")).await?;
    browser.wait_for("[data-screen=login]").await?;
    measure(&browser, "login", &mut cut).await?;
    for language in ["id", "en"] {
        browser.go(&format!("{url}/?language")).await?;
        browser.evaluate(&format!("localStorage.setItem('saksi.console.language', '{language}')")).await?;
        browser.go(&format!("{url}/?{language}")).await?;
        for (number, address) in addresses(&browser).await?.iter().enumerate() {
            // Another address before `#` loads the page again.
            browser.go(&format!("{url}/?{language}{number}{address}")).await?;
            measure(&browser, address, &mut cut).await?;
        }
    }
    cut.none()
}

#[tokio::test]
async fn no_text_of_the_app_is_cut() -> Result<()> {
    let folder = app_in_the_browser()?;
    let url = serve(Site { folder, page: "dev/witness.html", answers: Vec::new() }).await?;
    let browser = Browser::open().await?;
    let mut cut = Cut::default();
    for language in ["id", "en"] {
        for (number, (scene, address)) in APP.iter().enumerate() {
            browser.go(&format!("{url}/?scene={scene}&language={language}&number={number}{address}")).await?;
            measure(&browser, address, &mut cut).await?;
        }
    }
    cut.none()
}

/// Builds the app that runs in a browser, and gives its folder. Nothing but this test needs it.
fn app_in_the_browser() -> Result<PathBuf> {
    let ui = root().join("ui");
    let output = Command::new("npx")
        .args(["vite", "build", "--mode", "dev-fake", "--logLevel", "error"])
        .current_dir(&ui)
        .output()
        .context("starting vite")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(ui.join("dist/dev-fake"))
}

/// Otherwise the test above proves nothing.
#[tokio::test]
async fn a_text_that_is_cut_is_found() -> Result<()> {
    let browser = Browser::open().await?;
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
        ("<div style='display:grid;grid-template-columns:20px 20px'><b>Ringkasan</b><b>TPS</b></div>", 1),
        ("<p style='width:30px;overflow-wrap:anywhere'>Urutan</p>", 1),
    ];
    for (html, wanted) in cases {
        browser.go(&format!("data:text/html,<title>t</title>{html}")).await?;
        let found = browser.evaluate(CUT_TEXTS).await?;
        ensure!(found.as_array().is_some_and(|found| found.len() == wanted), "{html}: {found}");
    }
    browser.go("data:text/html,<title>t</title><p style='width:5000px'>Urutan</p>").await?;
    let found = browser.evaluate(CUT_TEXTS).await?.to_string();
    ensure!(found.contains("too wide"), "{found}");
    Ok(())
}

/// The places where a text is cut, with the screens and widths.
#[derive(Default)]
struct Cut(BTreeMap<String, Vec<String>>);

impl Cut {
    fn none(self) -> Result<()> {
        let Self(cut) = self;
        ensure!(cut.is_empty(), "{cut:#?}");
        Ok(())
    }
}

/// The addresses to walk: [`CONSOLE`], and those of the navigation.
async fn addresses(browser: &Browser) -> Result<Vec<String>> {
    browser.wait_for(".rail a").await?;
    let links = "return [...document.querySelectorAll('.rail a')].map((link) => link.hash)";
    let links: Vec<String> = serde_json::from_value(browser.evaluate(links).await?)?;
    let fixed: BTreeSet<String> = CONSOLE.iter().map(ToString::to_string).collect();
    Ok(fixed.into_iter().chain(links).collect::<BTreeSet<_>>().into_iter().collect())
}

/// Measures the screen that opens, in all widths.
async fn measure(browser: &Browser, screen: &str, cut: &mut Cut) -> Result<()> {
    let ready = "return document.querySelector('[data-screen]') !== null \
                 && document.querySelector('[aria-busy=true], [data-screen=opening]') === null";
    browser.wait_for_script(ready).await.with_context(|| format!("opening {screen}"))?;
    let broken = browser.count("[data-failure]").await?;
    ensure!(broken == 0, "{screen} cannot show an answer of longest-console.json");
    for width in WIDTHS {
        resize(browser, width).await?;
        let found: Vec<String> = serde_json::from_value(browser.evaluate(CUT_TEXTS).await?)?;
        for place in found {
            cut.0.entry(place).or_default().push(format!("{screen} at {width}"));
        }
    }
    Ok(())
}

/// Gives the page this width. A window is never narrower than its frame, but the page in it is.
async fn resize(browser: &Browser, width: u32) -> Result<()> {
    browser.client().set_window_rect(0, 0, width, HEIGHT).await?;
    let wide = format!("return innerWidth === {width}");
    browser.wait_for_script(&wide).await.with_context(|| format!("resizing the page to {width}"))?;
    Ok(())
}

/// The answers by the first parts of their addresses, the longer addresses first.
type Answers = Vec<(&'static str, Value)>;

/// The longest answers. Each has the shape that the endpoint gives.
fn longest_answers() -> Result<Answers> {
    let file = root().join("tests/data/longest-console.json");
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let longest: Value = serde_json::from_str(&text)?;
    let of = |name: &str| longest[name].clone();
    let _: central::view::SessionView = serde_json::from_value(of("session"))?;
    let _: central::view::RegionView = serde_json::from_value(of("region"))?;
    let _: central::view::StationList = serde_json::from_value(of("stations"))?;
    let _: central::view::StationView = serde_json::from_value(of("station"))?;
    let _: central::view::LogView = serde_json::from_value(of("log"))?;
    let _: central::view::DeviceList = serde_json::from_value(of("devices"))?;
    let _: central::view::InvitationList = serde_json::from_value(of("invitations"))?;
    let _: Vec<central::view::AccountView> = serde_json::from_value(of("accounts"))?;
    let _: central::view::AuditView = serde_json::from_value(of("audit"))?;
    Ok(vec![
        ("/api/session", of("session")),
        ("/api/regions", of("region")),
        ("/api/stations/", of("station")),
        ("/api/stations", of("stations")),
        ("/api/log", of("log")),
        ("/api/devices", of("devices")),
        ("/api/invitations", of("invitations")),
        ("/api/accounts", of("accounts")),
        ("/api/audit", of("audit")),
    ])
}

/// What a browser gets.
struct Site {
    folder: PathBuf,
    /// The file of the page at `/`.
    page: &'static str,
    answers: Answers,
}

/// Serves a site, and gives the address.
async fn serve(site: Site) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("opening a port")?;
    let url = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(answer).with_state(Arc::new(site));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

async fn answer(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if !path.starts_with("/api/") {
        return site.file(path);
    }
    // The page that shows the login says so in its address.
    if headers.get(header::REFERER).is_some_and(|from| from.as_bytes().ends_with(b"?nobody")) {
        return problem(StatusCode::UNAUTHORIZED, "login_needed");
    }
    match site.answers.iter().find(|(prefix, _)| path.starts_with(prefix)) {
        Some((_, value)) => axum::Json(value.clone()).into_response(),
        None => problem(StatusCode::NOT_FOUND, "not_found"),
    }
}

fn problem(status: StatusCode, code: &str) -> Response {
    let problem = json!({
        "type": "about:blank", "title": code, "status": status.as_u16(), "code": code, "detail": code
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

impl Site {
    fn file(&self, path: &str) -> Response {
        let file = self.folder.join(if path == "/" { self.page } else { path.trim_start_matches('/') });
        let media_type = match file.extension().and_then(|extension| extension.to_str()) {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        match std::fs::read(&file) {
            Ok(bytes) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        }
    }
}
