//! What a phone can sign at the edge of what is accepted, in a real browser: extreme times, numbers and
//! texts, among them markup and letters that change the direction of writing. Every screen shows it as text.

use std::net::Ipv4Addr;

use anyhow::{Context as _, Result, ensure};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, Draft, IncidentBody, IncidentCategory, Namespace, PhotoBody,
    PhotoHash, ReadFigure, SEQUENCE_MAX, Seen, StatementId, Subject, Supersedes, TallyBody,
};
use protocol::{CBOR, Outcome, PushRequest, PushResponse, path};
use saksi_tests::data::demo_election;
use saksi_tests::fleet::{SimWitness, enrol_phones, plausible};
use saksi_tests::http::HttpConnection;
use saksi_tests::rng::TestRng;
use saksi_tests::{Browser, Endpoint};
use serde_bytes::ByteBuf;
use tally::Election;

const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";
/// A mark that the page would have if it ran or drew what a phone wrote.
const MARKUP: &str = "<img src=x onerror=\"window.ran=true\"><script>window.ran=true</script>";
const DIRECTIONS: &str = "\u{202e}kanan\u{202c}\u{2066}\u{200b}\u{feff}\0\u{7}\u{1b}[31m";
/// The times of sealing, in seconds.
const TIMES: [i64; 6] = [i64::MIN, -62_135_596_800, 0, 1_796_792_400, 8_640_000_000_001, i64::MAX];
const SEQUENCES: [u64; 4] = [1, 2, SEQUENCE_MAX - 1, SEQUENCE_MAX];

#[tokio::test]
async fn whatever_is_accepted_is_shown_as_text_on_every_screen() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("pemilik", "admin", PASSWORD)?;
    let (election, phones) = enrol_phones(&endpoint.invite(&[STATION, STATION])?, 1)?;
    let accepted = push_extremes(&endpoint.url()?, &election, &phones)?;
    ensure!(accepted > 40, "only {accepted} statements were accepted");

    let browser = Browser::open().await?;
    browser.log_in(&endpoint.url()?, "pemilik", PASSWORD).await?;
    browser
        .evaluate(
            "window.faults = []; const keep = event => faults.push(String(event.message ?? event.reason));\
             addEventListener('error', keep); addEventListener('unhandledrejection', keep); return true",
        )
        .await?;
    for address in addresses(&browser).await? {
        open(&browser, &address).await.with_context(|| format!("opening {address}"))?;
        check(&browser).await.with_context(|| format!("looking at {address}"))?;
    }
    Ok(())
}

/// The screens that the navigation names, then the station and its region.
async fn addresses(browser: &Browser) -> Result<Vec<String>> {
    let links = "return [...document.querySelectorAll('.rail a')].map(link => link.hash)";
    let mut addresses: Vec<String> = serde_json::from_value(browser.evaluate(links).await?)?;
    ensure!(addresses.len() > 3, "the console has no navigation: {addresses:?}");
    addresses.push(format!("#/wilayah/{}", &STATION[..13]));
    addresses.push("#/tps?sort=age".to_owned());
    addresses.push(format!("#/tps/{STATION}"));
    Ok(addresses)
}

/// Opens a screen by its address, without loading the page again.
async fn open(browser: &Browser, address: &str) -> Result<()> {
    browser.evaluate(&format!("location.hash = {address:?}; return true")).await?;
    let ready = format!(
        "return location.hash === {address:?} && document.querySelector('main') !== null \
         && document.querySelector('[aria-busy=true]') === null"
    );
    browser.wait_for_script(&ready).await?;
    Ok(())
}

/// Nothing failed, nothing of the text ran, and no number or time is nonsense.
async fn check(browser: &Browser) -> Result<()> {
    let found = browser
        .evaluate(
            "return { faults, ran: window.ran === true, \
             panels: [...document.querySelectorAll('[data-failure]')].map(panel => panel.textContent), \
             nonsense: document.body.innerText.match(/NaN|undefined|Invalid Date|\\[object/g) ?? [] }",
        )
        .await?;
    ensure!(
        found == serde_json::json!({ "faults": [], "ran": false, "panels": [], "nonsense": [] }),
        "{found}"
    );
    Ok(())
}

/// Pushes every body at every extreme time and sequence number. Gives the number of those that were accepted.
fn push_extremes(url: &str, election: &Election, phones: &[SimWitness]) -> Result<usize> {
    let mut connection = HttpConnection::open_from(url, Ipv4Addr::LOCALHOST)?;
    let mut known = StatementId([0; 32]);
    let mut accepted = 0;
    for phone in phones {
        for sealed_at_s in TIMES {
            for (number, sequence) in SEQUENCES.into_iter().enumerate() {
                for body in bodies(election, known)?.into_iter().skip(number % 2).step_by(2) {
                    let subject = Subject {
                        namespace: Namespace::Real,
                        election: election.id.to_string(),
                        station: phone.station.to_string(),
                    };
                    let previous = (sequence > 1).then_some(known);
                    let sealed = Draft { subject, sealed_at_s, sequence, previous, body }.seal(&phone.key)?;
                    let body = protocol::to_cbor(&PushRequest {
                        statements: vec![ByteBuf::from(sealed.bytes.clone())],
                    })?;
                    let headers = [("content-type", CBOR)];
                    let reply =
                        connection.exchange_as(&phone.key, "POST", path::STATEMENTS, &headers, &body)?;
                    ensure!(reply.status == 200, "the push is answered with {}", reply.status);
                    let response: PushResponse = protocol::from_cbor(&reply.body)?;
                    if let Some(Outcome::Accepted { .. }) = response.outcomes.first() {
                        accepted += 1;
                        known = sealed.id;
                    }
                }
            }
        }
    }
    Ok(accepted)
}

/// One body of each kind, with extreme values in its fields.
fn bodies(election: &Election, known: StatementId) -> Result<Vec<Body>> {
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let mut figures = paper.to_wire(&plausible(&paper, &mut TestRng::new(3)));
    for (place, figure) in figures.iter_mut().enumerate() {
        *figure = [*figure, Some(999), None, Some(-1), *figure][place % 5];
    }
    let text = format!("{MARKUP}{DIRECTIONS}");
    let seen = Seen {
        page: Some(u8::MAX),
        issues: vec![text.chars().take(40).collect()],
        read: vec![ReadFigure {
            field: "IV.1".to_owned(),
            figure: Some(u32::MAX),
            certainty_permille: 1_000,
        }],
    };
    Ok(vec![
        Body::Tally(TallyBody {
            contest: paper.contest().id.to_string(),
            package_version: u32::MAX,
            form: paper.form().id.to_string(),
            figures,
            acknowledged: vec!["<b>".to_owned(); 40],
            supersedes: Some(Supersedes { statement: known, reason: text.clone() }),
            round: tally::FIRST_ROUND,
        }),
        Body::Incident(IncidentBody {
            category: IncidentCategory::ALL[0],
            text: text.repeat(20),
            on_the_form: true,
            tally: Some(known),
        }),
        Body::Photo(PhotoBody {
            tally: known,
            page: u8::MAX,
            original: PhotoHash([0xff; 32]),
            original_bytes: 1,
            derivative: PhotoHash(known.0),
            derivative_bytes: 1,
            seen: Some(seen),
        }),
        Body::Attendance(AttendanceBody { event: AttendanceEvent::NotAdmitted, package_version: u32::MAX }),
    ])
}
