//! An evening of practice: thirty phones in a trainer's hall, with planned slips, through the real endpoint.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

#[expect(dead_code, reason = "the sheets of these tests come from the hall's scenario")]
#[path = "../../crates/practice/tests/practice/trainees.rs"]
mod trainees;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use central::store::{Actor, User};
use central::view::{DrillOrder, DrillReportView, DrillView, Role};
use practice::{Exercise, Level, PracticeSheet, Scenario, SlipKind, TrapKind};
use protocol::{DrillStage, DrillState, KnownAs, invitation_key};
use saksi_tests::data::root;
use saksi_tests::drill_phone::DrillPhone;
use saksi_tests::hall::Hall;
use saksi_tests::http::{HttpConnection, HttpReply};
use saksi_tests::in_process::InProcessEndpoint;
use serde_json::{Value, json};
use tally::{ContestKind, Election, Figures, Paper};

const PHONES: u8 = 30;
/// Phones of which the endpoint will know whose they are.
const KNOWN: u8 = 5;
const SEEDS: u32 = 10;

fn package(name: &str) -> Election {
    tally::load::read(&root().join("assets/elections").join(name)).unwrap()
}

/// The traps that slips may need, each in an exercise of its own after two exercises without any.
const TRAPS: [TrapKind; 4] =
    [TrapKind::WrongSum, TrapKind::MissingPage, TrapKind::Illegible, TrapKind::CrossedBoxes];

fn scenario(kind: ContestKind, seed: u32) -> Scenario {
    let base = Scenario::of_kinds(Level::FirstSteps, seed, &[kind]);
    let plain = Exercise { traps: BTreeMap::new(), ..base.exercises[0].clone() };
    let trapped = TRAPS.map(|trap| Exercise { traps: [(trap, 1)].into(), ..plain.clone() });
    let exercises = [plain.clone(), plain].into_iter().chain(trapped).collect();
    Scenario { id: "kelas".into(), exercises, ..base }
}

/// The exercise in which a slip can be made.
fn exercise_for(kind: SlipKind) -> u8 {
    let needed = trainees::traps_for(kind).first();
    let trapped = (3..).zip(TRAPS).find(|(_, trap)| Some(trap) == needed);
    trapped.map_or(2, |(number, _)| number)
}

/// A trainer who is logged in to the hall's console.
struct Trainer(String);

impl Trainer {
    const PASSWORD: &str = "sebuah kata sandi panjang";

    fn log_in(hall: &Hall) -> Result<Self> {
        let user = User { name: "pelatih".to_owned(), role: Role::Trainer, region: None };
        if hall.endpoint.store().users()?.is_empty() {
            hall.endpoint.add_user(&user, Self::PASSWORD, &Actor::Operator)?;
        }
        let body = json!({ "user": user.name, "password": Self::PASSWORD });
        let reply = Self(String::new()).exchange(hall, "POST", "/api/login", &body)?;
        Ok(Self(reply.cookie.context("a session")?))
    }

    fn exchange(&self, hall: &Hall, method: &str, path: &str, body: &Value) -> Result<HttpReply> {
        let headers = [
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
            ("cookie", self.0.as_str()),
        ];
        let body = if method == "GET" { Vec::new() } else { serde_json::to_vec(body)? };
        let reply = HttpConnection::open(&hall.url)?.exchange(method, path, &headers, &body)?;
        ensure!(reply.status == 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        Ok(reply)
    }

    fn order(&self, hall: &Hall, order: &DrillOrder) -> Result<()> {
        self.exchange(hall, "POST", "/api/drill", &serde_json::to_value(order)?).map(|_| ())
    }

    fn class(&self, hall: &Hall) -> Result<DrillView> {
        Ok(serde_json::from_slice(&self.exchange(hall, "GET", "/api/drill", &Value::Null)?.body)?)
    }

    fn report(&self, hall: &Hall) -> Result<DrillReportView> {
        let reply = self.exchange(hall, "GET", "/api/drill/report", &Value::Null)?;
        Ok(serde_json::from_slice(&reply.body)?)
    }
}

/// Types what the sheet says.
fn as_it_stands(_: &Paper, _: &PracticeSheet, _: &mut Figures) {}

/// The slip that a phone is to make in the first exercise; the first ten make none.
fn plan_of(copy: u16) -> Option<SlipKind> {
    SlipKind::ALL.get(usize::from(copy).checked_sub(11)?).copied()
}

/// An evening on one kind of paper. The laptop is shut and opened again in the middle.
async fn evening(package: &str, kind: ContestKind, seed: u32) -> Result<()> {
    let (election, scenario) = (self::package(package), scenario(kind, seed));
    let folder = tempfile::tempdir()?;
    let mut hall = Hall::open_drill(&scenario, &election, None, folder).await?;
    let mut phones: Vec<DrillPhone> =
        (0..PHONES).map(|number| DrillPhone::join(&hall.url, number)).collect::<Result<_>>()?;
    let copies: Vec<u16> = phones.iter().map(|phone| phone.copy).collect();
    assert_eq!(copies, (1..=PHONES.into()).collect::<Vec<u16>>());
    let mut planned: BTreeMap<SlipKind, u32> = BTreeMap::new();
    for (index, phone) in phones.iter_mut().enumerate() {
        if index == usize::from(PHONES) / 2 {
            let folder = hall.close().await?;
            hall = Hall::open_drill(&scenario, &election, None, folder).await?;
        }
        let plan = plan_of(phone.copy);
        let mut made = None;
        let exercise = plan.map_or(2, exercise_for);
        phone.take(&hall.url, exercise, |paper, sheet, figures| {
            let seed = u32::from(sheet.number().copy);
            made =
                plan.and_then(|kind| trainees::slip(kind, paper, sheet, figures, &mut BTreeSet::new(), seed));
        })?;
        if let Some((kind, _)) = made {
            *planned.entry(kind).or_default() += 1;
        }
        phone.take(&hall.url, 1, as_it_stands)?;
    }
    hall.endpoint.sequence()?;
    let report = Trainer::log_in(&hall)?.report(&hall)?.report;
    let slips: BTreeMap<SlipKind, u32> = report.slips.iter().map(|slip| (slip.kind, slip.persons)).collect();
    assert_eq!(slips, planned, "{kind:?} {seed}");
    assert!(planned.len() >= 6, "{kind:?} {seed}: {planned:?}");
    assert_eq!((report.persons.len(), report.left_out), (usize::from(PHONES), 0));
    let perfect = report.persons.iter().filter(|person| person.accuracy_permille == 1_000);
    assert!(perfect.filter(|person| person.misjudged == 0).count() >= 10);
    hall.close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_class_names_exactly_the_planned_slips_of_every_kind_of_paper() -> Result<()> {
    use ContestKind as K;
    let papers = [
        ("demo.json", K::Ppwp),
        ("demo-general.json", K::Dpr),
        ("demo-general.json", K::Dpd),
        ("demo-general.json", K::DprdProvinsi),
        ("demo-general.json", K::DprdKabkota),
        ("demo-pilkada.json", K::Gubernur),
        ("demo-pilkada.json", K::Walikota),
    ];
    for (seed, (package, kind)) in (1..=SEEDS).zip(papers.iter().cycle()) {
        evening(package, *kind, seed).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_trainer_orders_reaches_every_phone_and_the_hall_answers_them_quickly() -> Result<()> {
    let (election, scenario) = (package("demo.json"), scenario(ContestKind::Ppwp, 3));
    let hall = Hall::open_drill(&scenario, &election, None, tempfile::tempdir()?).await?;
    let phones: Vec<DrillPhone> =
        (0..PHONES).map(|number| DrillPhone::join(&hall.url, number)).collect::<Result<_>>()?;
    let trainer = Trainer::log_in(&hall)?;
    let all = |stage, exercise| -> Result<Vec<(DrillState, Duration)>> {
        std::thread::scope(|scope| {
            let speaking: Vec<_> =
                phones.iter().map(|phone| scope.spawn(|| phone.say(&hall.url, stage, exercise))).collect();
            speaking.into_iter().map(|one| one.join().unwrap()).collect()
        })
    };
    use DrillOrder as O;
    for (order, expected) in [
        (O::Open { exercise: 1 }, (Some(1), false, false)),
        (O::Pause, (Some(1), true, false)),
        (O::CutNetwork, (Some(1), true, true)),
        (O::Resume, (Some(1), false, true)),
        (O::RestoreNetwork, (Some(1), false, false)),
        (O::End, (None, false, false)),
    ] {
        trainer.order(&hall, &order)?;
        for (state, _) in all(DrillStage::Entering, 1)? {
            assert_eq!((state.exercise_open, state.paused, state.network_cut), expected, "{order:?}");
        }
    }
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..20 {
        let stage = if round % 2 == 0 { DrillStage::Entering } else { DrillStage::Photographing };
        times.extend(all(stage, 1)?.into_iter().map(|(_, took)| took));
    }
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100];
    println!("thirty phones that all changed and spoke at once, {} answers: p99 {p99:?}", times.len());
    hall.close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn results_go_to_the_endpoint_once_and_those_of_nobody_stay_in_the_hall() -> Result<()> {
    let election = package("demo.json");
    let real = InProcessEndpoint::start(election.clone()).await?;
    let stations: Vec<_> = election.stations().collect();
    let mut invitations = Vec::new();
    for number in 0..KNOWN {
        invitations.push(real.invite(&stations[usize::from(number)])?);
    }
    let file = real.endpoint.hall_file(None, &Actor::Operator)?;
    let scenario = scenario(ContestKind::Ppwp, 5);
    let hall = Hall::open_drill(&scenario, file.election(), Some(&file), tempfile::tempdir()?).await?;
    for number in 0..PHONES {
        let mut phone = DrillPhone::join(&hall.url, number)?;
        if let Some(link) = invitations.get(usize::from(number)) {
            // The invitation vouches, and is not used up.
            let fragment = link.split_once('#').context("a fragment")?.1;
            let code = protocol::InvitationFragment::parse(fragment)?.code;
            phone.known_as = Some(KnownAs::sign(&invitation_key(&code), phone.key.public().device_id()));
        }
        for exercise in 1..=2 {
            phone.say(&hall.url, DrillStage::Entering, exercise)?;
            phone.take(&hall.url, exercise, as_it_stands)?;
        }
    }
    hall.endpoint.sequence()?;
    let trainer = Trainer::log_in(&hall)?;
    let handing = trainer.class(&hall)?.handing_on.context("a hall that hands on")?;
    assert_eq!((handing.waiting, handing.handed), (u32::from(KNOWN) * 2, 0));
    assert_eq!(handing.unknown, u32::from(PHONES - KNOWN) * 2);
    let done = hall.endpoint.hand_over(Some(&real.url)).await?;
    assert_eq!((done.statements, done.refused, done.later), (u32::from(KNOWN) * 2, 0, 0));
    let again = hall.endpoint.hand_over(Some(&real.url)).await?;
    assert_eq!(again, central::hall::HandedOver::default(), "nothing is handed on twice");
    assert_eq!(real.endpoint.store().statement_count()?, 0, "nothing of a drill is in the count");
    let handing = trainer.class(&hall)?.handing_on.context("a hall that hands on")?;
    assert_eq!((handing.waiting, handing.handed), (0, u32::from(KNOWN) * 2));

    // An invitation that vouched for practice still lets its witness in on the day.
    let witness = saksi_tests::in_process::Witness::new()?;
    witness.device.join(&invitations[0], &witness.transport).await?;
    hall.close().await?;
    real.stop().await
}
