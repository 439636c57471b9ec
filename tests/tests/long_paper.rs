//! A DPR paper of 18 parties with 8 candidates each, in the real app: typed on a keyboard, killed in the
//! middle, photographed in 20 pages in any order, sealed without a signal, and seen in the console by party.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use fantoccini::Locator;
use fantoccini::key::Key;
use saksi_tests::data::election_of_18_parties;
use saksi_tests::sheet::PaperPhotos;
use saksi_tests::{Browser, Desktop, Endpoint};
use tally::{Figure, Figures, Paper};

const STATION: &str = "52.71.05.1001-001";
const CONTEST: &str = "dpr-ntb-2";
const PASSWORD: &str = "sebuah kata sandi panjang";
const PARTIES: u16 = 18;

/// The figures about voters and ballots, in the order of the paper.
const PEOPLE: &[(&str, u32)] = &[
    ("I.A.L", 140),
    ("I.A.P", 144),
    ("I.A.J", 284),
    ("I.B.1.L", 120),
    ("I.B.1.P", 128),
    ("I.B.1.J", 248),
    ("I.B.2.L", 2),
    ("I.B.2.P", 1),
    ("I.B.2.J", 3),
    ("I.B.3.L", 0),
    ("I.B.3.P", 1),
    ("I.B.3.J", 1),
    ("I.B.4.L", 122),
    ("I.B.4.P", 130),
    ("I.B.4.J", 252),
    ("II.1", 290),
    ("II.2", 252),
    ("II.3", 1),
    ("II.4", 37),
    ("III.L", 1),
    ("III.P", 1),
    ("III.J", 2),
];
const VOTES: &[(&str, u32)] = &[("V.A", 248), ("V.B", 4), ("V.C", 252)];
/// The party whose sum the committee got wrong: ten too many.
const WRONG_ON_PAPER: u16 = 5;
/// The party at which the witness makes a slip, and sees it on the map.
const MISTYPED: u16 = 9;
/// The party after which the app is killed.
const KILLED_AFTER: u16 = 11;
/// Parties without a vote: everything is crossed.
const EMPTY: [u16; 3] = [4, 10, 16];

/// The party's own votes and those of its first two candidates. All parties together have 248.
fn votes(party: u16) -> [u32; 3] {
    match u32::from(party) {
        _ if EMPTY.contains(&party) => [0; 3],
        18 => [3, 73, 2],
        number => [1 + number % 5, 4 + number * 3 % 8, number % 4],
    }
}

/// The sum that the committee wrote.
fn stated(party: u16) -> u32 {
    votes(party).iter().sum::<u32>() + if party == WRONG_ON_PAPER { 10 } else { 0 }
}

/// What is written on the paper. Crossed boxes are blank.
fn on_paper(paper: &Paper) -> Figures {
    let mut figures = Figures::default();
    for field in paper.fields() {
        let known = PEOPLE.iter().chain(VOTES).find(|(code, _)| *code == field.code.as_str());
        let figure = match (known, field.party()) {
            (Some((_, number)), _) => Figure::Written(*number),
            (None, Some(party)) => {
                let [itself, first, second] = votes(party);
                match field.candidate() {
                    _ if EMPTY.contains(&party) => Figure::Blank,
                    None if field.counts == tally::Quantity::ListVotes => Figure::Written(stated(party)),
                    None => Figure::Written(itself),
                    Some(1) => Figure::Written(first),
                    Some(2) if second > 0 => Figure::Written(second),
                    Some(_) => Figure::Blank,
                }
            }
            (None, None) => Figure::Blank,
        };
        figures.0.insert(field.code.clone(), figure);
    }
    figures
}

#[tokio::test]
async fn a_paper_of_18_parties_is_typed_killed_photographed_sealed_and_seen_by_party() -> Result<()> {
    ensure!((1..=PARTIES).map(|party| votes(party).iter().sum::<u32>()).sum::<u32>() == 248, "the votes");
    let folder = tempfile::tempdir()?;
    let file = election_of_18_parties(folder.path())?;
    let paper = tally::load::read(&file)?.paper(&CONTEST.parse()?).context("the paper")?;
    let figures = on_paper(&paper);

    let mut endpoint = Endpoint::new(&file)?;
    endpoint.start()?;
    endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
    let invitation = endpoint.invite(&[STATION])?.pop().context("an invitation")?;
    let mut app = Desktop::open().await?;
    app.join(&invitation).await?;
    // From now on there is no signal.
    endpoint.stop()?;

    app.click(&format!("[data-contest='{CONTEST}']")).await?;
    let mut typist = Typist { app: &app, keys: 0 };
    for (code, number) in PEOPLE {
        typist.type_figure(code, *number).await?;
    }
    for party in 1..=KILLED_AFTER {
        typist.type_list(party).await?;
    }
    let keys = typist.keys;
    mend_the_slip(&app).await?;
    app.wait_for(".saved[data-saved=true]").await?;
    app.kill()?;
    app.reopen().await?;
    app.wait_for("[data-screen=entry], [data-screen=parties], [data-screen=home]").await?;
    open_list(&app, KILLED_AFTER + 1).await?;
    let mut typist = Typist { app: &app, keys };
    for party in KILLED_AFTER + 1..=PARTIES {
        typist.type_list(party).await?;
    }
    for (code, number) in VOTES {
        typist.type_figure(code, *number).await?;
    }
    let written = figures.0.values().filter(|figure| figure.number().is_some()).count();
    println!(
        "a DPR paper of 18 parties: {} keys for {written} figures that are not crossed, {:.2} for each",
        typist.keys,
        f64::from(typist.keys) / f64::from(u32::try_from(written)?)
    );

    add_photos(&app, &photos_of(&paper, &figures, folder.path())?).await?;
    answer_and_seal(&app).await?;
    app.wait_for("[data-screen=proof] [data-state=sealed]").await?;
    endpoint.start()?;
    app.wait_for("[data-screen=proof] [data-state=receipted]").await?;
    look_at_the_console(&endpoint, &figures).await
}

/// Somebody at a keyboard.
struct Typist<'a> {
    app: &'a Desktop,
    keys: u32,
}

impl Typist<'_> {
    async fn is_on(&self, field: &str) -> Result<()> {
        let in_focus = format!("return document.activeElement.dataset.field === '{field}'");
        self.app.wait_for_script(&in_focus).await.with_context(|| format!("the cursor moves to {field}"))?;
        Ok(())
    }

    async fn press(&mut self, keys: &str) -> Result<()> {
        self.keys += u32::try_from(keys.chars().count())?;
        self.app.type_keys(keys).await
    }

    /// Types a figure and goes to the next field.
    async fn type_figure(&mut self, field: &str, number: u32) -> Result<()> {
        self.type_only(field, number).await?;
        self.press(&char::from(Key::Enter).to_string()).await
    }

    async fn type_only(&mut self, field: &str, number: u32) -> Result<()> {
        self.is_on(field).await?;
        self.press(&number.to_string()).await?;
        let typed = format!("return document.activeElement.dataset.figure === '{number}'");
        self.app.wait_for_script(&typed).await.with_context(|| format!("typing {number} into {field}"))?;
        Ok(())
    }

    /// A party's list as on its sheet: what is written, then the rest is crossed, then the sum.
    async fn type_list(&mut self, party: u16) -> Result<()> {
        let list = format!("IV.{party}");
        self.is_on(&format!("{list}.A.1")).await?;
        if EMPTY.contains(&party) {
            // In a list that nobody has touched, the sum is crossed too.
            return self.press("r").await;
        }
        let [itself, first, second] = votes(party);
        let slip = u32::from(party == MISTYPED);
        self.type_figure(&format!("{list}.A.1"), itself).await?;
        self.type_figure(&format!("{list}.A.2.1"), first + slip).await?;
        if second > 0 {
            self.type_only(&format!("{list}.A.2.2"), second).await?;
        }
        self.press("r").await?;
        self.type_figure(&format!("{list}.B"), stated(party)).await
    }
}

/// Goes to a party by its number.
async fn open_list(app: &Desktop, party: u16) -> Result<()> {
    if app.count("[data-screen=home]").await? > 0 {
        app.click(&format!("[data-contest='{CONTEST}']")).await?;
        app.wait_for("[data-screen=entry], [data-screen=parties]").await?;
    }
    if app.count("[data-screen=entry]").await? > 0 {
        // The inputs over the boxes are invisible, and one of them has the focus.
        app.wait_for_script("return document.activeElement.dataset.field !== undefined").await?;
        app.type_keys(&format!("/{party}{}", char::from(Key::Enter))).await?;
    } else {
        app.click(&format!("[data-party='{party}']")).await?;
    }
    let there = format!("return document.activeElement.dataset.field === 'IV.{party}.A.1'");
    app.wait_for_script(&there).await.with_context(|| format!("the list of party {party} opens"))?;
    Ok(())
}

/// The map shows two lists that do not add up: the committee's, and the witness's own slip, which is mended.
async fn mend_the_slip(app: &Desktop) -> Result<()> {
    app.type_keys("m").await?;
    app.wait_for("[data-screen=parties]").await?;
    for party in [WRONG_ON_PAPER, MISTYPED] {
        app.wait_for(&format!("[data-party='{party}'][data-party-state=disagrees]")).await?;
    }
    let disagreeing = app.count("[data-party-state=disagrees]").await?;
    ensure!(disagreeing == 2, "{disagreeing} lists do not add up");
    app.click(&format!("[data-party='{MISTYPED}']")).await?;
    // The list opens at one of its fields. The letter leads to the first candidate.
    let list = format!("return document.activeElement.dataset.field?.startsWith('IV.{MISTYPED}.') === true");
    app.wait_for_script(&list).await?;
    app.type_keys("c").await?;
    app.wait_for_script(&format!("return document.activeElement.dataset.field === 'IV.{MISTYPED}.A.2.1'"))
        .await?;
    app.type_keys(&votes(MISTYPED)[1].to_string()).await?;
    app.wait_for("[data-verdict=agrees]").await?;
    open_list(app, KILLED_AFTER + 1).await
}

/// Photos of all pages, each in a file, in an order in which no page is in its place.
fn photos_of(paper: &Paper, figures: &Figures, folder: &Path) -> Result<Vec<PathBuf>> {
    let sheets = PaperPhotos::new(paper)?;
    let pages: Vec<u8> = paper.pages().iter().map(|page| page.number).collect();
    ensure!(pages.len() == 20, "{} pages", pages.len());
    // 7 and 20 have no common divisor: every page once.
    let mixed = (0..pages.len()).map(|index| pages[(index * 7 + 3) % pages.len()]);
    mixed
        .map(|page| {
            let file = folder.join(format!("IMG_{page:04}.jpg"));
            std::fs::write(&file, sheets.photo(page, figures, page.into())?)?;
            Ok(file)
        })
        .collect()
}

/// Chooses all photos at once.
async fn add_photos(app: &Desktop, photos: &[PathBuf]) -> Result<()> {
    app.wait_for("[data-screen=photos]").await.context("the photos follow the last figure")?;
    let paths: Vec<String> = photos.iter().map(|photo| photo.display().to_string()).collect();
    let input = app.client().find(Locator::Css("input[data-action=add-photos]")).await?;
    input.send_keys(&paths.join("\n")).await.context("choosing the photos")?;
    app.wait_for("[data-photographed='20']").await.context("every page is recognised")?;
    ensure!(app.count("[data-unassigned]").await? == 0, "a page was not recognised");
    Ok(())
}

async fn answer_and_seal(app: &Desktop) -> Result<()> {
    app.click("[data-action=photos-done]").await?;
    app.wait_for(&format!("[data-finding='F403@IV.{WRONG_ON_PAPER}'][data-answered=false]")).await?;
    while app.count("[data-finding^=F][data-answered=false]").await? > 0 {
        let open = app.count("[data-finding^=F][data-answered=false]").await?;
        app.click("[data-finding^=F][data-answered=false] label").await?;
        app.wait_for_script(&format!(
            "return document.querySelectorAll('[data-finding^=F][data-answered=false]').length < {open}"
        ))
        .await?;
    }
    app.click("[data-action=seal]").await?;
    app.click("[data-action=seal-confirm]").await
}

/// The figures of the station, and the sums by party.
async fn look_at_the_console(endpoint: &Endpoint, figures: &Figures) -> Result<()> {
    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
    browser.go(&format!("{}/#/tps/{STATION}?contest={CONTEST}", endpoint.url()?)).await?;
    browser.wait_for("[data-screen=station]").await?;
    for party in 1..=PARTIES {
        browser.wait_for(&format!("[data-section='IV.{party}'][data-party='{party}']")).await?;
    }
    browser.wait_for("[data-finding='F403']").await?;
    let unfold =
        "document.querySelectorAll('[data-action=unfold][aria-expanded=false]').forEach(b => b.click());";
    browser
        .wait_for_script(&format!(
            "{unfold} return !document.querySelector('[aria-expanded=false][data-action=unfold]')"
        ))
        .await?;
    let shown = browser
        .evaluate(
            "const shown = {}; for (const row of document.querySelectorAll('tr[data-field]')) {\
             const figure = row.querySelector('[data-figure]'); shown[row.dataset.field] = figure?.dataset.figure; }\
             return shown",
        )
        .await?;
    let shown: BTreeMap<String, Option<String>> = serde_json::from_value(shown)?;
    for (field, figure) in &figures.0 {
        let figure_of = shown.get(field.as_str()).cloned().flatten();
        match figure.number() {
            Some(number) => ensure!(
                figure_of == Some(number.to_string()),
                "{field}: the console shows {figure_of:?} for {number}"
            ),
            None => {
                ensure!(figure_of.is_none_or(|text| text.parse::<u32>().is_err()), "{field} is not blank");
            }
        }
    }
    Ok(())
}
