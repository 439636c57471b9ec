//! All screens of the console and of the app, one after the other, for tests that look at each of them: with
//! the longest values that may come, and with what opens on the screens.
//!
//! The console talks to answers from `tests/data/longest-console.json` instead of to an endpoint: a nation's
//! log, 25 contests, the longest names. The app talks to the scenes `long` of `ui/dev/shell.ts` instead of to
//! the shell. `tests/data/walk.js` opens the screens in a frame and looks at them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Browser;
use crate::data::root;

/// The size of the browser's window, in CSS pixels.
const WINDOW: (u32, u32) = (1920, 900);

/// What runs in the page that holds the screens.
pub const WALK: &str = include_str!("../data/walk.js");

/// A screen, and what is done on it before it is measured.
struct Screen {
    /// The app's scene; of the console, what the endpoint does: `nobody` is logged in, it is `broken`, or the
    /// user has a `duty` first.
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

/// A browser without a key makes one before it decides.
const KEY: Step = Type("[name=signing-password]", "sebuah kata sandi");
const MAKE: Step = Click("[data-action=make-key]");
const REASON: Step = Type("[data-verdict-reason]", "Angka tidak cocok");
const CORRECT: Step = Click("[data-action=correct]");

const PERSON: &str = "#/orang?person=01990000-0000-7000-8000-000000000001";
const IMPORT: &str = "#/impor/01990000-0000-7000-8000-000000000070";
const OFFICIAL: &str = "#/resmi/01990000-0000-7000-8000-000000000090";
const INCIDENT: &str = "#/kejadian?incident=1111111111111111111111111111111111111111111111111111111111111111";

/// The console's screens and what opens on them. Screens that the navigation names are walked as well.
const CONSOLE: [Screen; 63] = [
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
    at("", STATION, &[KEY, MAKE, REASON, Click("[data-action=dispute]")]),
    at("", STATION, &[KEY, MAKE, Click("tr[data-field='IV.1'] [data-action=field]"), CORRECT]),
    at("", "#/antrean", &[KEY, MAKE, REASON]),
    at("broken", "#/antrean", &[]),
    at("broken", STATION, &[]),
    at("", "#/saksi", &[]),
    at("", "#/saksi", &[Click("[data-action=invite]")]),
    at("", "#/saksi", &[Click("[data-action=revoke]")]),
    at("", "#/bukti", &[Type("[data-field=kept]", "beruang gajah"), Click("[data-action=compare]")]),
    at("", "#/akun", &[Click("[data-action=new-password]")]),
    at("", "#/akun", &[Click("[data-action=remove]")]),
    at("", "#/akun", &[Click("[data-action=sessions]")]),
    at("", "#/tidak-ada", &[]),
    at("duty", "", &[]),
    at("", "#/orang", &[]),
    at("broken", "#/orang", &[]),
    at("", "#/orang", &[Click("[data-action=choose-all]"), Click("[data-action=invite-chosen]")]),
    at("", "#/orang?person=new", &[]),
    at("", PERSON, &[]),
    at("", PERSON, &[Click("[data-action=edit-person]")]),
    at("", PERSON, &[Click("[data-action=assign]")]),
    at("", PERSON, &[Click("[data-action=move]")]),
    at("", PERSON, &[Click("[data-action=end]")]),
    at("", PERSON, &[Click("[data-action=erase]")]),
    at("", "#/impor", &[]),
    at("", IMPORT, &[]),
    at("", IMPORT, &[Click("[data-action=check-import]")]),
    at("", "#/surat-mandat", &[Click("[data-action=make-letters]")]),
    at("", "#/kelengkapan/71.09.07?lack=witness", &[]),
    at("", "#/kelengkapan", &[Click("[data-action=set-target]")]),
    at("", "#/kehadiran?silent=true", &[]),
    at(
        "",
        "#/pesan?message=01990000-0000-7000-8000-000000000080",
        &[Click("[data-action=withdraw-message]")],
    ),
    at("", INCIDENT, &[]),
    at("", "#/selisih?shape=swapped&least=10&as_of=12", &[]),
    at("broken", "#/selisih", &[]),
    at("", "#/resmi", &[]),
    at("", OFFICIAL, &[]),
    at("", "#/balai", &[]),
    at("broken", "#/balai", &[]),
    at("", "#/balai/laporan", &[]),
    at("", "#/kesiapan/71.09.07?unready=true", &[]),
    at("broken", "#/kesiapan", &[]),
    at("", "#/pola", &[]),
    at("broken", "#/pola", &[]),
    at("", "#/proyeksi?contest=ppwp", &[]),
    at("", "#/ekspor", &[]),
    at("", "#/ekspor", &[Type("[data-field=name]", "Redaksi"), Click("[data-action=add-token]")]),
    at("", "#/ekspor", &[Click("[data-action=revoke]")]),
    at("", "#/akun-saya", &[]),
    at("", "#/akun-saya", &[Click("[data-action=remove-factor]")]),
    at("", "#/audit?action=invitation.create&from=2029-02-14", &[]),
];

const PRACTICE: &str = "#/latihan";
const HOME: &str = "#/tps/52.71.99.1001-014";
const ENTRY: &str = "#/tps/52.71.05.1001-001/ppwp/isian";
const PARTIES: &str = "#/tps/52.71.05.1001-001/ppwp/partai";
const PHOTOS: &str = "#/tps/52.71.05.1001-001/ppwp/foto";
const CHECK: &str = "#/tps/52.71.05.1001-001/ppwp/periksa";
const PROOF: &str = "#/tps/52.71.05.1001-001/ppwp/bukti";
const RECORD: &str = "#/tps/52.71.05.1001-001/catatan";

/// The app's screens and what opens on them. A sealed tally has other screens than a draft.
const APP: [Screen; 47] = [
    at("join", "#/", &[]),
    at("join", "#/", &[Click("[data-action=join]")]),
    at("join", "#/", &[Type("#invitation", "https://saksi.example/#ABCD"), Click("[data-action=join]")]),
    at("joining", "#/", &[]),
    at("joining", "#/", &[Click("[data-action=join]")]),
    at("hall", HOME, &[]),
    at(
        "hall",
        HOME,
        &[Click("[data-elsewhere] summary"), Type("[name=number]", "999"), Click("[data-action=record-at]")],
    ),
    at("hall", PROOF, &[]),
    at("join", PRACTICE, &[]),
    at("drill", PRACTICE, &[]),
    at("class", PRACTICE, &[]),
    at("drill", "#/latihan/lembar", &[]),
    at("drill", "#/latihan/nilai", &[]),
    at("drill", PHOTOS, &[]),
    at("drill", "#/buku", &[]),
    at("elections", "#/pemilihan", &[]),
    at(
        "elections",
        "#/pemilihan",
        &[Click("[data-leave='2'] summary"), Click("[data-leave='2'] [data-action=leave-election]")],
    ),
    at("elections", "#/pemilihan", &[Click("[data-action=export-package]")]),
    at("long", HOME, &[]),
    at("long", "#/bukti", &[]),
    at("long", "#/pesan", &[]),
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
    at("long_dpr", PARTIES, &[]),
    at("long_dpr", PARTIES, &[Click("[data-party]")]),
    at("long_dpr", ENTRY, &[]),
    at("long_dpr", PHOTOS, &[]),
    at("long_dpr", CHECK, &[]),
    at("dpr_sealed", PROOF, &[]),
    at("questions", CHECK, &[]),
    at("rounds", ENTRY, &[]),
];

/// What a script found on the screens: each finding with the screens on which it is.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<String, Vec<String>>);

impl Findings {
    /// # Errors
    /// When something was found; the message has all of it.
    pub fn none(self) -> Result<()> {
        let Self(found) = self;
        ensure!(found.is_empty(), "{found:#?}");
        Ok(())
    }
}

/// How the screens are visited.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The size of letters that the browser's user chose.
    pub letters_px: u32,
    pub languages: &'a [&'a str],
    /// Runs on each screen and gives an object: what it found, and under which conditions.
    pub script: &'a str,
}

/// Runs the script on all screens of the console.
///
/// # Errors
/// When a screen does not open.
pub async fn walk_the_console(visit: Visit<'_>) -> Result<Findings> {
    let folder = root().join("ui/dist/console");
    let site = Site { folder, page: "index.html", answers: longest_answers()? };
    let mut walk = Walk::begin(site, visit).await?;
    for language in visit.languages {
        let remember = format!("localStorage.setItem('saksi.console.language', '{language}'); return true");
        walk.browser.evaluate(&remember).await?;
        for screen in &CONSOLE {
            walk.look_at(&format!("{language}{{}}&{}{}", screen.scene, screen.address), screen.steps).await?;
        }
        for address in walk.other_addresses().await? {
            walk.look_at(&format!("{language}{{}}{address}"), &[]).await?;
        }
    }
    Ok(walk.findings)
}

/// Runs the script on all screens of the app, which [`build_the_app_for_a_browser`] has built.
///
/// # Errors
/// When a screen does not open.
pub async fn walk_the_app(visit: Visit<'_>) -> Result<Findings> {
    let folder = root().join("ui/dist/dev-fake");
    let mut walk = Walk::begin(Site { folder, page: "dev/witness.html", answers: Vec::new() }, visit).await?;
    for language in visit.languages {
        for Screen { scene, address, steps } in &APP {
            walk.look_at(&format!("scene={scene}&language={language}&{{}}{address}"), steps).await?;
        }
    }
    Ok(walk.findings)
}

/// Builds the app with `ui/dev/shell.ts` in place of its shell. Nothing but these tests needs it.
///
/// # Errors
/// When vite cannot build it.
pub fn build_the_app_for_a_browser() -> Result<()> {
    let output = Command::new("npx")
        .args(["vite", "build", "--mode", "dev-fake", "--logLevel", "error"])
        .current_dir(root().join("ui"))
        .output()
        .context("starting vite")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A browser that goes from screen to screen.
struct Walk<'a> {
    browser: Browser,
    script: &'a str,
    /// Number of screens that it has visited.
    visits: usize,
    findings: Findings,
}

impl<'a> Walk<'a> {
    async fn begin(site: Site, visit: Visit<'a>) -> Result<Self> {
        let url = serve(site).await?;
        let browser = Browser::open_with_type(visit.letters_px).await?;
        browser.resize(WINDOW).await?;
        browser.go(&format!("{url}/walk")).await?;
        let letters = "return parseFloat(getComputedStyle(document.documentElement).fontSize)";
        let letters = browser.evaluate(letters).await?;
        ensure!(letters.as_f64() == Some(f64::from(visit.letters_px)), "the letters have {letters} px");
        Ok(Self { browser, script: visit.script, visits: 0, findings: Findings::default() })
    }

    /// Opens the address in the query, does the steps, and runs the script. `{}` stands for a number that
    /// makes the frame load again.
    async fn look_at(&mut self, query: &str, steps: &[Step]) -> Result<()> {
        self.visits += 1;
        let address = format!("/?{}", query.replace("{}", &self.visits.to_string()));
        self.open(&address).await.with_context(|| format!("opening {address}"))?;
        for step in steps {
            let act = match step {
                Click(css) => format!("return click({})", json!(css)),
                Type(css, text) => format!("return type({}, {})", json!(css), json!(text)),
            };
            self.browser.wait_for_script(&act).await.with_context(|| format!("acting on {address}"))?;
        }
        let found = self.browser.evaluate(self.script).await?;
        let found: BTreeMap<String, Value> = serde_json::from_value(found)?;
        for (finding, when) in found {
            let what = format!("{address} after {} steps, {when}", steps.len());
            self.findings.0.entry(finding).or_default().push(what);
        }
        Ok(())
    }

    async fn open(&self, address: &str) -> Result<()> {
        self.browser.evaluate(&format!("open({})", json!(address))).await?;
        self.browser.wait_for_script("return isReady()").await?;
        let failures = "return shown().document.querySelectorAll('[data-failure]').length > 0";
        let failed = self.browser.evaluate(failures).await? == json!(true);
        ensure!(failed == address.contains("&broken"), "it shows a failure: {failed}");
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

/// The answers by method and address, the longer addresses first. `*` stands for what names one thing.
type Answers = Vec<(&'static str, Value)>;

/// The name of the answer to each request; the first that fits is taken.
const ANSWERS: [(&str, &str); 50] = [
    ("POST /api/log/compare", "compared"),
    ("POST /api/invitations", "new_invitations"),
    ("GET /api/accounts/*/sessions", "open_sessions"),
    ("POST /api/accounts", "new_password"),
    ("GET /api/photos/*", "crops"),
    ("GET /api/session/sessions", "open_sessions"),
    ("GET /api/session", "session"),
    ("GET /api/regions", "region"),
    ("GET /api/review/queue", "queue"),
    ("POST /api/review/queue/take", "queue"),
    ("GET /api/review-keys", "review_keys"),
    ("POST /api/review-keys", "review_key"),
    ("GET /api/stations/*/people", "station_people"),
    ("GET /api/stations/*", "station"),
    ("GET /api/stations", "stations"),
    ("GET /api/log", "log"),
    ("GET /api/devices", "devices"),
    ("GET /api/invitations", "invitations"),
    ("GET /api/accounts", "accounts"),
    ("GET /api/audit", "audit"),
    ("POST /api/assignments/invitations", "slips"),
    ("POST /api/people/of-devices", "station_people"),
    ("POST /api/people/imports/*/check", "import_check"),
    ("GET /api/people/imports/*", "people_import"),
    ("GET /api/people/imports", "people_imports"),
    ("GET /api/people/settings", "people_settings"),
    ("GET /api/people/*/history", "person_history"),
    ("GET /api/people/*", "person"),
    ("GET /api/people", "people"),
    ("POST /api/drill", "drill"),
    ("GET /api/drill/report", "drill_report"),
    ("GET /api/drill", "drill"),
    ("GET /api/boundaries", "boundaries"),
    ("GET /api/readiness-stations", "unready"),
    ("GET /api/readiness", "readiness"),
    ("GET /api/staffing-stations", "lacking"),
    ("GET /api/staffing", "staffing"),
    ("GET /api/attendance", "attendance"),
    ("GET /api/patterns", "patterns"),
    ("GET /api/projection", "projection"),
    ("POST /api/tokens", "new_token"),
    ("GET /api/tokens", "tokens"),
    ("GET /api/messages/*/readers", "readers"),
    ("GET /api/messages", "messages"),
    ("GET /api/official/imports/*/changes", "official_changes"),
    ("GET /api/official/imports/*", "official_import"),
    ("GET /api/official/imports", "official_imports"),
    ("GET /api/official/differences", "official_differences"),
    ("GET /api/incidents/*", "incident"),
    ("GET /api/incidents", "incidents"),
];

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
    let _: central::view::QueueView = serde_json::from_value(of("queue"))?;
    let _: Vec<central::view::ReviewKeyView> = serde_json::from_value(of("review_keys"))?;
    let _: central::view::LogView = serde_json::from_value(of("log"))?;
    let _: central::view::DeviceList = serde_json::from_value(of("devices"))?;
    let _: central::view::InvitationList = serde_json::from_value(of("invitations"))?;
    let _: Vec<central::view::AccountView> = serde_json::from_value(of("accounts"))?;
    let _: Vec<central::view::OpenSession> = serde_json::from_value(of("open_sessions"))?;
    let _: central::view::AuditView = serde_json::from_value(of("audit"))?;
    let _: central::view::CropsView = serde_json::from_value(of("crops"))?;
    let _: central::view::LogComparison = serde_json::from_value(of("compared"))?;
    let _: Vec<central::view::NewInvitation> = serde_json::from_value(of("new_invitations"))?;
    let _: central::view::NewPassword = serde_json::from_value(of("new_password"))?;
    check_the_shapes_about_people(&longest)?;
    Ok(ANSWERS.into_iter().map(|(asked, name)| (asked, of(name))).collect())
}

fn check_the_shapes_about_people(longest: &Value) -> Result<()> {
    let of = |name: &str| longest[name].clone();
    let _: central::view::PatternsView = serde_json::from_value(of("patterns"))?;
    let _: central::view::ProjectionView = serde_json::from_value(of("projection"))?;
    let _: Vec<central::view::ApiTokenView> = serde_json::from_value(of("tokens"))?;
    let _: central::view::NewApiToken = serde_json::from_value(of("new_token"))?;
    let _: central::view::PeoplePage = serde_json::from_value(of("people"))?;
    let _: central::view::PersonView = serde_json::from_value(of("person"))?;
    let _: central::view::PersonHistory = serde_json::from_value(of("person_history"))?;
    let _: central::view::PeopleSettings = serde_json::from_value(of("people_settings"))?;
    let _: Vec<central::view::MandateSlip> = serde_json::from_value(of("slips"))?;
    let _: Vec<central::view::StationPerson> = serde_json::from_value(of("station_people"))?;
    let _: central::view::PeopleImport = serde_json::from_value(of("people_import"))?;
    let _: central::view::PeopleImports = serde_json::from_value(of("people_imports"))?;
    let _: central::view::ImportCheck = serde_json::from_value(of("import_check"))?;
    let _: central::view::BoundariesView = serde_json::from_value(of("boundaries"))?;
    let _: central::view::DrillView = serde_json::from_value(of("drill"))?;
    let _: central::view::DrillReportView = serde_json::from_value(of("drill_report"))?;
    let _: central::view::ReadinessView = serde_json::from_value(of("readiness"))?;
    let _: central::view::UnreadyStations = serde_json::from_value(of("unready"))?;
    let _: central::view::StaffingView = serde_json::from_value(of("staffing"))?;
    let _: central::view::LackingStations = serde_json::from_value(of("lacking"))?;
    let _: central::view::AttendanceList = serde_json::from_value(of("attendance"))?;
    let _: central::view::MessageList = serde_json::from_value(of("messages"))?;
    let _: central::view::ReaderList = serde_json::from_value(of("readers"))?;
    let _: central::view::IncidentList = serde_json::from_value(of("incidents"))?;
    let _: central::view::IncidentHistory = serde_json::from_value(of("incident"))?;
    let _: central::view::DifferencesView = serde_json::from_value(of("official_differences"))?;
    let _: central::view::OfficialImportView = serde_json::from_value(of("official_import"))?;
    let _: central::view::OfficialImports = serde_json::from_value(of("official_imports"))?;
    let _: central::view::OfficialChanges = serde_json::from_value(of("official_changes"))?;
    Ok(())
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
        let style = format!("<style>iframe {{ border: 0; height: {}px }}</style>", WINDOW.1);
        let page =
            format!("<!doctype html><title>walk</title>{style}<iframe></iframe><script>{WALK}</script>");
        return Html(page).into_response();
    }
    if path == "/axe.js" {
        return file(&root().join("ui/node_modules/axe-core/axe.min.js"));
    }
    if !path.starts_with("/api/") {
        return file(&site.folder.join(if path == "/" { site.page } else { path.trim_start_matches('/') }));
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
    match site.answers.iter().find(|(pattern, _)| is_asked(pattern, &asked)) {
        Some((_, session)) if path == "/api/session" && from.ends_with(b"&duty") => {
            let mut session = session.clone();
            session["duty"] = json!("change_password");
            axum::Json(session).into_response()
        }
        Some((_, value)) => axum::Json(value.clone()).into_response(),
        None => problem(StatusCode::NOT_FOUND, "not_found"),
    }
}

/// Whether a request is one of the pattern.
fn is_asked(pattern: &str, asked: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, after)) => asked.starts_with(before) && asked.ends_with(after),
        None => asked.starts_with(pattern),
    }
}

fn problem(status: StatusCode, code: &str) -> Response {
    let problem = json!({
        "type": "about:blank", "title": code, "status": status.as_u16(), "code": code, "detail": code
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

fn file(file: &Path) -> Response {
    let media_type = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    match std::fs::read(file) {
        Ok(bytes) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
