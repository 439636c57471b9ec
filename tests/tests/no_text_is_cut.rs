//! No text of the console and of the app is cut off, no word of usual length is broken, no text lies over another,
//! and every choice and hint fits its field: in narrow and in wide windows, in type of usual size and twice as
//! large, with the longest values that may come, in both languages.
//!
//! The console talks to answers from `data/longest-console.json` instead of to an endpoint: a nation's log,
//! 25 contests, the longest names. The app talks to the scenes `long` of `ui/dev/shell.ts` instead of to the
//! shell. `data/walk.js` opens the screens in a frame and measures them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use saksi_tests::Browser;
use saksi_tests::browser::USUAL_TYPE_PX;
use saksi_tests::data::root;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// From a cheap phone to a large screen, in CSS pixels.
const WIDTHS: [u32; 5] = [320, 420, 768, 1280, 1920];
const HEIGHT: u32 = 900;
const WALK: &str = include_str!("../data/walk.js");

/// A screen, and what is done on it before it is measured.
struct Screen {
    /// The app's scene; of the console, what the endpoint does: `nobody` is logged in, or it is `broken`.
    scene: &'static str,
    address: &'static str,
    steps: &'static [Step],
}

enum Step {
    Click(&'static str),
    Type(&'static str, &'static str),
}

use Step::{Click, Type};

const fn at(scene: &'static str, address: &'static str, steps: &'static [Step]) -> Screen {
    Screen { scene, address, steps }
}

const STATION: &str = "#/tps/71.09.07.2011-904";

/// The console's screens and what opens on them. Screens that the navigation names are walked as well.
const CONSOLE: [Screen; 21] = [
    at("nobody", "", &[]),
    at(
        "nobody",
        "",
        &[Type("[name=user]", "koordinator"), Type("[name=password]", "salah"), Click("[data-action=login]")],
    ),
    at("", "#/wilayah", &[]),
    at("broken", "#/wilayah", &[]),
    at("", "#/tps", &[]),
    at("", "#/tps?flagged=true&missing_photos=true&standing=conflicting&sort=flags", &[]),
    at("broken", "#/tps", &[]),
    at("", STATION, &[]),
    at("", STATION, &[Click("[data-action=superseded]")]),
    at("", STATION, &[Click("[data-page='1']"), Click("[data-action=magnify]"), Click("[data-action=turn]")]),
    at("", STATION, &[Click("[data-page='1']"), Click("tr[data-field='I.B.4.L'] [data-action=field]")]),
    at("", STATION, &[Click("[data-action=ask-photo]")]),
    at("", STATION, &[Type("[data-verdict-reason]", "Angka tidak cocok"), Click("[data-action=dispute]")]),
    at("broken", STATION, &[]),
    at("", "#/saksi", &[]),
    at("", "#/saksi", &[Click("[data-action=invite]")]),
    at("", "#/saksi", &[Click("[data-action=revoke]")]),
    at("", "#/bukti", &[Type("[data-field=kept]", "beruang gajah"), Click("[data-action=compare]")]),
    at("", "#/akun", &[Click("[data-action=new-password]")]),
    at("", "#/akun", &[Click("[data-action=remove]")]),
    at("", "#/tidak-ada", &[]),
];

const HOME: &str = "#/tps/52.71.99.1001-014";
const ENTRY: &str = "#/tps/52.71.05.1001-001/ppwp/isian";
const PHOTOS: &str = "#/tps/52.71.05.1001-001/ppwp/foto";
const CHECK: &str = "#/tps/52.71.05.1001-001/ppwp/periksa";
const PROOF: &str = "#/tps/52.71.05.1001-001/ppwp/bukti";
const RECORD: &str = "#/tps/52.71.05.1001-001/catatan";

/// The app's screens and what opens on them. A sealed tally has other screens than a draft.
const APP: [Screen; 23] = [
    at("join", "#/", &[]),
    at("join", "#/", &[Click("[data-action=join]")]),
    at("join", "#/", &[Type("#invitation", "https://saksi.example/#ABCD"), Click("[data-action=join]")]),
    at("long", HOME, &[]),
    at("long", "#/bukti", &[]),
    at("long", "#/bantuan", &[]),
    at("long", RECORD, &[]),
    at("long", RECORD, &[Click("[data-action^=attend-]")]),
    at("long", RECORD, &[Click("[data-action=seal-incident]")]),
    at("long", RECORD, &[Click("[data-action=discard-incident]")]),
    at("long", PROOF, &[]),
    at("long", PROOF, &[Click("[data-action=begin-correction]")]),
    at("long", PROOF, &[Click("[data-action=enlarge]")]),
    at("long", PHOTOS, &[]),
    at("long_refused", PROOF, &[]),
    at("long_draft", HOME, &[]),
    at("long_draft", ENTRY, &[]),
    at("long_draft", ENTRY, &[Click("[data-action=abandon-correction]")]),
    at("long_draft", PHOTOS, &[]),
    at("long_draft", PHOTOS, &[Click("[data-action=remove-photo]")]),
    at("long_draft", CHECK, &[]),
    at(
        "long_draft",
        CHECK,
        &[
            Click("[data-action=reading-keep]"),
            Click("[data-action=acknowledge]"),
            Click("[data-action=seal]"),
        ],
    ),
    at("drill", ENTRY, &[]),
];

/// A browser of somebody who reads small letters, and one of somebody who needs large ones, side by side.
#[tokio::test]
async fn no_text_of_the_console_is_cut() -> Result<()> {
    let (usual, large) = tokio::join!(walk_the_console(USUAL_TYPE_PX), walk_the_console(2 * USUAL_TYPE_PX));
    usual.context("in type of usual size")?;
    large.context("in type twice as large")
}

#[tokio::test]
async fn no_text_of_the_app_is_cut() -> Result<()> {
    build_the_app_for_a_browser()?;
    let (usual, large) = tokio::join!(walk_the_app(USUAL_TYPE_PX), walk_the_app(2 * USUAL_TYPE_PX));
    usual.context("in type of usual size")?;
    large.context("in type twice as large")
}

async fn walk_the_console(letters_px: u32) -> Result<()> {
    let folder = root().join("ui/dist/console");
    let mut walk =
        Walk::begin(Site { folder, page: "index.html", answers: longest_answers()? }, letters_px).await?;
    for language in ["id", "en"] {
        let remember = format!("localStorage.setItem('saksi.console.language', '{language}'); return true");
        walk.browser.evaluate(&remember).await?;
        for screen in &CONSOLE {
            walk.visit(&format!("{language}{{}}&{}{}", screen.scene, screen.address), screen.steps).await?;
        }
        for address in walk.other_addresses().await? {
            walk.visit(&format!("{language}{{}}{address}"), &[]).await?;
        }
    }
    walk.cut.none()
}

async fn walk_the_app(letters_px: u32) -> Result<()> {
    let folder = root().join("ui/dist/dev-fake");
    let mut walk =
        Walk::begin(Site { folder, page: "dev/witness.html", answers: Vec::new() }, letters_px).await?;
    for language in ["id", "en"] {
        for Screen { scene, address, steps } in &APP {
            walk.visit(&format!("scene={scene}&language={language}&{{}}{address}"), steps).await?;
        }
    }
    walk.cut.none()
}

/// A browser that goes from screen to screen.
struct Walk {
    browser: Browser,
    /// Number of screens that it has visited.
    visits: usize,
    cut: Cut,
}

impl Walk {
    async fn begin(site: Site, letters_px: u32) -> Result<Self> {
        let url = serve(site).await?;
        let browser = Browser::open_with_type(letters_px).await?;
        browser.resize((WIDTHS[WIDTHS.len() - 1], HEIGHT)).await?;
        browser.go(&format!("{url}/walk")).await?;
        Ok(Self { browser, visits: 0, cut: Cut::default() })
    }

    /// Opens the address in the query, does the steps, and measures what is shown. `{}` stands for a number that
    /// makes the frame load anew.
    async fn visit(&mut self, query: &str, steps: &[Step]) -> Result<()> {
        self.visits += 1;
        let address = format!("/?{}", query.replace("{}", &self.visits.to_string()));
        let what = format!("{address} after {} steps", steps.len());
        self.browser.evaluate(&format!("open({})", json!(address))).await?;
        self.browser
            .wait_for_script("return isReady()")
            .await
            .with_context(|| format!("opening {address}"))?;
        let failures = "return shown().document.querySelectorAll('[data-failure]').length > 0";
        let failed = self.browser.evaluate(failures).await? == json!(true);
        ensure!(failed == address.contains("&broken"), "{address} shows a failure: {failed}");
        for step in steps {
            let act = match step {
                Click(css) => format!("return click({})", json!(css)),
                Type(css, text) => format!("return type({}, {})", json!(css), json!(text)),
            };
            self.browser.wait_for_script(&act).await.with_context(|| format!("acting on {address}"))?;
        }
        let measured = self.browser.evaluate(&format!("return measure({})", json!(WIDTHS))).await?;
        let measured: BTreeMap<String, Vec<u32>> = serde_json::from_value(measured)?;
        for (place, widths) in measured {
            self.cut.0.entry(place).or_default().push(format!("{what}, {widths:?}"));
        }
        Ok(())
    }

    /// The addresses of the navigation that [`CONSOLE`] does not have.
    async fn other_addresses(&self) -> Result<BTreeSet<String>> {
        let links = "return [...shown().document.querySelectorAll('.rail a')].map((link) => link.hash)";
        let links: BTreeSet<String> = serde_json::from_value(self.browser.evaluate(links).await?)?;
        ensure!(links.len() > 3, "the console has no navigation: {links:?}");
        Ok(links.into_iter().filter(|link| !CONSOLE.iter().any(|screen| screen.address == link)).collect())
    }
}

/// Builds the app with `ui/dev/shell.ts` in place of its shell. Nothing but these tests needs it.
fn build_the_app_for_a_browser() -> Result<()> {
    let output = Command::new("npx")
        .args(["vite", "build", "--mode", "dev-fake", "--logLevel", "error"])
        .current_dir(root().join("ui"))
        .output()
        .context("starting vite")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
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

/// The answers by method and the first part of the address, the longer addresses first.
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
    let _: central::view::CropsView = serde_json::from_value(of("crops"))?;
    let _: central::view::LogComparison = serde_json::from_value(of("compared"))?;
    let _: Vec<central::view::NewInvitation> = serde_json::from_value(of("new_invitations"))?;
    let _: central::view::NewPassword = serde_json::from_value(of("new_password"))?;
    Ok(vec![
        ("POST /api/log/compare", of("compared")),
        ("POST /api/invitations", of("new_invitations")),
        ("POST /api/accounts", of("new_password")),
        ("GET /api/photos/", of("crops")),
        ("GET /api/session", of("session")),
        ("GET /api/regions", of("region")),
        ("GET /api/stations/", of("station")),
        ("GET /api/stations", of("stations")),
        ("GET /api/log", of("log")),
        ("GET /api/devices", of("devices")),
        ("GET /api/invitations", of("invitations")),
        ("GET /api/accounts", of("accounts")),
        ("GET /api/audit", of("audit")),
    ])
}

/// A photo of a page.
const PHOTO: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='1800'>\
    <path fill='#efe9dc' d='M0 0h1200v1800H0z'/></svg>";

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

async fn answer(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/walk" {
        let style = format!("<style>iframe {{ border: 0; height: {HEIGHT}px }}</style>");
        let page =
            format!("<!doctype html><title>walk</title>{style}<iframe></iframe><script>{WALK}</script>");
        return Html(page).into_response();
    }
    if !path.starts_with("/api/") {
        return site.file(path);
    }
    // The page says in its address what the endpoint does.
    let from = headers.get(header::REFERER).map(|from| from.as_bytes()).unwrap_or_default();
    if from.ends_with(b"&nobody") {
        return problem(StatusCode::UNAUTHORIZED, "login_needed");
    }
    if from.ends_with(b"&broken") && path != "/api/session" {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "store_unavailable");
    }
    if path.starts_with("/api/photos/") && !path.ends_with("/crops") {
        return ([(header::CONTENT_TYPE, "image/svg+xml")], PHOTO).into_response();
    }
    let asked = format!("{method} {path}");
    match site.answers.iter().find(|(prefix, _)| asked.starts_with(prefix)) {
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
