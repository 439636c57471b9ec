//! Drills: alone and in a class, from the first figure to the result, and never in the real count.

use std::sync::Arc;

use device::sync::send_due;
use device::view::{Failure, FailureCode, Level};
use device::{Device, Elections, LifeState, TallyKey};
use evidence::bundle::{Item, Reader};
use evidence::{Body, Namespace, Unverified};
use practice::{
    Event, Exercise, FirstStep, Happening, Judged, PracticeSheet, Scenario, SheetNumber, SlipKind, TrapKind,
    When,
};
use protocol::{DrillStage, DrillState, EndpointInfo};
use tally::{ContestKind, Figure};

use crate::world::{Endpoint, World, assignment, demo_election};

const MINUTE_MS: i64 = 60_000;

/// A phone on which somebody practises.
struct Phone {
    world: World,
    elections: Option<Elections>,
    folder: tempfile::TempDir,
    /// Nobody may ask it: who practises alone has no endpoint.
    nobody: Endpoint,
}

impl Phone {
    fn new() -> Self {
        let (world, folder) = (World::joined(), tempfile::tempdir().unwrap());
        let elections = Elections::open(folder.path(), world.platform()).unwrap();
        Self { world, elections: Some(elections), folder, nobody: Endpoint::default() }
    }

    fn elections(&self) -> &Elections {
        self.elections.as_ref().unwrap()
    }

    fn device(&self) -> Arc<Device> {
        self.elections().current().unwrap()
    }

    /// The app is killed and opened again.
    fn restart(&mut self) {
        self.elections = None;
        self.elections = Some(Elections::open(self.folder.path(), self.world.platform()).unwrap());
    }

    fn practise(&self, scenario: &Scenario) {
        self.elections().practise_scenario(scenario.to_json().as_bytes()).unwrap();
    }

    fn key(&self) -> TallyKey {
        let sheet = self.elections().app().unwrap().drill.unwrap().sheet.unwrap();
        TallyKey::of_round(&sheet.station, &sheet.contest, sheet.round)
    }

    /// What is right, as the sheet that is open says.
    fn sheet(&self, scenario: &Scenario, copy: u16) -> PracticeSheet {
        let exercise = self.elections().app().unwrap().drill.unwrap().sheet.unwrap().exercise;
        let paper = self.device().paper(&self.key()).unwrap();
        PracticeSheet::of(scenario, SheetNumber { exercise, copy }, &paper).unwrap()
    }

    /// Types the sheet, a second each figure; the fields in `but` differently.
    fn type_sheet(&self, sheet: &PracticeSheet, but: &[(&str, Figure)]) {
        let (device, key) = (self.device(), self.key());
        for field in device.paper(&key).unwrap().fields() {
            let Some(figure) = sheet.expected().0.get(&field.code).copied() else { continue };
            let wrong = but.iter().find(|(code, _)| field.code.as_str() == *code).map(|(_, figure)| *figure);
            self.world.pass_ms(1_000);
            device.set_figure(&key, &field.code, Some(wrong.unwrap_or(figure))).unwrap();
        }
    }

    fn confirm_all(&self) {
        let (device, key) = (self.device(), self.key());
        for finding in device.tally(&key).unwrap().findings {
            device.acknowledge(&key, &finding.finding.key, true).unwrap();
        }
        for reading in device.tally(&key).unwrap().readings {
            device.acknowledge(&key, &reading.key, true).unwrap();
        }
    }

    async fn send(&self) {
        send_due(&self.device(), &self.nobody).await.unwrap();
    }
}

fn scenario(traps: &[TrapKind]) -> Scenario {
    let exercise = Exercise {
        traps: traps.iter().map(|trap| (*trap, 1)).collect(),
        ..Scenario::of_kinds(Level::FirstSteps, 7, &[ContestKind::Ppwp]).exercises[0].clone()
    };
    Scenario {
        exercises: vec![exercise.clone(), exercise],
        ..Scenario::of_kinds(Level::Sums, 7, &[ContestKind::Ppwp])
    }
}

fn code(error: &device::DeviceError) -> FailureCode {
    Failure::from(error).code
}

#[tokio::test]
async fn a_witness_practises_alone_and_learns_which_figure_was_wrong() {
    let phone = Phone::new();
    assert!(phone.elections().app().unwrap().witness.is_none(), "nothing is joined");
    let scenario = scenario(&[TrapKind::WrongSum]);
    phone.practise(&scenario);
    let app = phone.elections().app().unwrap();
    let drill = app.drill.unwrap();
    assert!(app.witness.unwrap().drill && drill.class.is_none());
    assert_eq!(drill.sheet.unwrap().number, "1-01");

    let sheet = phone.sheet(&scenario, 1);
    let right = sheet.expected().0[&"IV.1".parse::<tally::FieldCode>().unwrap()].number().unwrap();
    let wrong = if right % 10 == 3 { right + 5 } else { right - right % 10 + 3 };
    phone.type_sheet(&sheet, &[("IV.1", Figure::Written(wrong))]);
    let (device, key) = (phone.device(), phone.key());
    for page in 1..=3 {
        assert!(device.sheet_page(page).unwrap().starts_with(&[0xff, 0xd8]));
        device.photograph_sheet(page).unwrap();
    }
    let tally = device.tally(&key).unwrap();
    assert!(tally.pages.iter().all(|page| page.photo.as_ref().is_some_and(|photo| photo.drawn)));
    assert!(
        tally.pages.iter().all(|page| page.photo.as_ref().unwrap().seen.as_ref().unwrap().page.is_some())
    );
    phone.confirm_all();
    phone.world.pass_ms(10_000);
    device.seal(&key).unwrap();

    let result = device.drill_result().unwrap();
    assert_eq!((result.right, result.fields), (result.fields - 1, drill_fields(&sheet)));
    let [only] = &result.wrong[..] else { panic!("{:?}", result.wrong) };
    assert_eq!(
        (only.field.as_str(), only.paper, only.typed),
        ("IV.1", Some(Figure::Written(right)), Some(Figure::Written(wrong)),)
    );
    assert_eq!(only.slip, SlipKind::DigitDiffers);
    assert!(result.checks.iter().any(|check| check.judged == Judged::Confirmed), "the sum is wrong on paper");
    assert!(result.photos.missing.is_empty());
    let typing: u32 = result.sections.iter().map(|section| section.seconds).sum();
    assert_eq!(typing + 10, result.seconds, "the first figure begins, the seal ends");
    assert!(result.sections.iter().all(|section| section.seconds > 0));

    phone.send().await;
    assert_eq!(device.tally(&key).unwrap().life.state, LifeState::Receipted);
    let outbox = phone.elections().app().unwrap().witness.unwrap().outbox;
    assert_eq!((outbox.tallies_waiting, outbox.photos_waiting, outbox.proofs_waiting), (0, 0, 0));
    assert_eq!(phone.nobody.call_count(), 0, "nothing left the phone");
}

fn drill_fields(sheet: &PracticeSheet) -> u32 {
    u32::try_from(sheet.expected().0.len()).unwrap()
}

/// What this device has sealed, in order.
fn sealed(device: &Device) -> Vec<Body> {
    let bundle = device.export_bundle().unwrap().bytes;
    let mut statements = Vec::new();
    for item in Reader::of(Namespace::Drill, bundle.as_slice()).unwrap() {
        if let Item::Statement(bytes) = item.unwrap() {
            let statement = Unverified::parse(&bytes).unwrap().in_namespace(Namespace::Drill).unwrap();
            statements.push(statement.unproved().clone());
        }
    }
    statements.sort_by_key(|statement| statement.claims.sequence);
    statements.into_iter().map(|statement| statement.body).collect()
}

#[tokio::test]
async fn the_result_is_sealed_in_the_chain_and_a_second_try_begins_an_empty_sheet() {
    let phone = Phone::new();
    let scenario = scenario(&[]);
    phone.practise(&scenario);
    let key = phone.key();
    phone.type_sheet(&phone.sheet(&scenario, 1), &[("I.A.L", Figure::Illegible)]);
    phone.confirm_all();
    phone.device().seal(&key).unwrap();
    assert_eq!(code(&phone.device().seal(&key).unwrap_err()), FailureCode::AlreadySealed);

    phone.device().begin_exercise(1).unwrap();
    let tally = phone.device().tally(&key).unwrap();
    assert_eq!((tally.life.state, tally.filled), (LifeState::Draft, 0));
    phone.type_sheet(&phone.sheet(&scenario, 1), &[]);
    phone.device().seal(&key).unwrap();
    let result = phone.device().drill_result().unwrap();
    assert_eq!(
        (result.attempt, result.right, result.right_before),
        (2, result.fields, Some(result.fields - 1))
    );

    phone.device().begin_other_sheet(1).unwrap();
    let app = phone.elections().app().unwrap().drill.unwrap();
    assert_eq!(app.sheet.unwrap().number, "1-02");
    assert_ne!(phone.sheet(&scenario, 2).expected(), phone.sheet(&scenario, 1).expected());
    let progress: Vec<_> = app
        .progress
        .iter()
        .map(|past| (past.sheet.as_str(), past.attempt, past.fields - past.right))
        .collect();
    assert_eq!(progress, [("1-01", 2, 0), ("1-01", 1, 1)]);

    let bodies = sealed(&phone.device());
    let [Body::Tally(first), Body::Drill(one), Body::Tally(second), Body::Drill(two)] = &bodies[..] else {
        panic!("{bodies:?}");
    };
    assert!(first.supersedes.is_none() && second.supersedes.is_some(), "one phone has one tally that stands");
    assert_eq!((one.sheet.as_str(), one.wrong.len(), two.wrong.len()), ("1-01", 1, 0));
    assert_eq!(two.graded.as_ref().unwrap().attempt, 2);
    phone.send().await;
    let card = &phone.elections().app().unwrap().elections[0];
    assert_eq!((card.unproved, card.drill), (0, true));
}

#[test]
fn a_kill_in_the_middle_comes_back_to_the_figure_and_the_phone_that_died_lives_again() {
    let mut phone = Phone::new();
    let events = vec![
        Event { exercise: 1, when: When::Start, what: Happening::WrongClock(-190) },
        Event { exercise: 1, when: When::Halfway, what: Happening::PhoneDies },
    ];
    let scenario = Scenario { events, ..scenario(&[]) };
    phone.practise(&scenario);
    let happening = |phone: &Phone| -> Vec<Happening> {
        let drill = phone.elections().app().unwrap().drill.unwrap();
        drill.happening.iter().map(|one| one.what).collect()
    };
    assert_eq!(happening(&phone), [Happening::WrongClock(-190)]);
    let (sheet, key) = (phone.sheet(&scenario, 1), phone.key());
    let (device, paper) = (phone.device(), phone.device().paper(&key).unwrap());
    let half = sheet.expected().0.len().div_ceil(2);
    for field in &paper.fields()[..half] {
        phone.world.pass_ms(1_000);
        device.set_figure(&key, &field.code, sheet.expected().0.get(&field.code).copied()).unwrap();
    }
    assert_eq!(happening(&phone), [Happening::WrongClock(-190), Happening::PhoneDies]);
    drop(device);

    phone.restart();
    assert_eq!(happening(&phone), [Happening::WrongClock(-190)]);
    let tally = phone.device().tally(&key).unwrap();
    assert_eq!(tally.filled as usize, half);
    let typed_ms = crate::world::FIRST_MOMENT_MS + i64::try_from(half).unwrap() * 1_000;
    assert_eq!(tally.saved_at_ms, Some(typed_ms - 190 * MINUTE_MS), "by the wrong clock");
    phone.type_sheet(&sheet, &[]);
    phone.device().seal(&key).unwrap();
    assert_eq!(happening(&phone), []);
    assert!(phone.device().drill_result().unwrap().seconds < 120, "a wrong clock does not change the times");
}

#[tokio::test]
async fn without_a_network_nothing_is_sent_until_the_minutes_are_over() {
    let phone = Phone::new();
    let events = vec![Event { exercise: 1, when: When::AfterSeal, what: Happening::NoNetwork(10) }];
    let scenario = Scenario { events, ..scenario(&[]) };
    phone.practise(&scenario);
    phone.type_sheet(&phone.sheet(&scenario, 1), &[]);
    phone.device().seal(&phone.key()).unwrap();
    phone.send().await;
    assert_eq!(phone.device().tally(&phone.key()).unwrap().life.state, LifeState::Sealed);
    let drill = phone.elections().app().unwrap().drill.unwrap();
    assert!(drill.happening[0].until_ms.is_some());
    phone.world.pass_ms(10 * MINUTE_MS + 1);
    phone.send().await;
    assert_eq!(phone.device().tally(&phone.key()).unwrap().life.state, LifeState::Receipted);
}

#[test]
fn the_first_quarter_of_an_hour_says_what_is_done() {
    let phone = Phone::new();
    phone.elections().practise(Level::FirstSteps).unwrap();
    let done = |phone: &Phone| -> Vec<FirstStep> {
        let steps = phone.elections().app().unwrap().drill.unwrap().steps;
        steps.iter().filter(|step| step.done).map(|step| step.step).collect()
    };
    assert_eq!(done(&phone), [FirstStep::Join]);
    let key = phone.key();
    phone.device().set_figure(&key, &"I.A.L".parse().unwrap(), Some(Figure::Written(9))).unwrap();
    assert_eq!(done(&phone), [FirstStep::Join, FirstStep::TypeFigures]);
}

#[test]
fn practice_has_a_store_and_a_key_of_its_own_and_leads_back_to_the_election() {
    let phone = Phone::new();
    let real = phone.device();
    let invitation = device::Invitation::parse("http://127.0.0.1:1/#AB2C-9XYZ").unwrap();
    let request = real.enrol_request(&invitation).unwrap();
    let id = evidence::PublicKey::from_hex(&request.public_key).unwrap().device_id();
    let election = tally::load::read(&demo_election()).unwrap();
    real.enrolled(&invitation, phone.nobody.enrolment_of(id, &election), &[]).unwrap();
    phone.elections().choose(1).unwrap();

    phone.elections().practise(Level::FirstSteps).unwrap();
    let drill = phone.elections().app().unwrap();
    let practising = drill.witness.unwrap();
    assert!(practising.drill && drill.elections.len() == 2);
    assert_ne!(practising.device, id.to_string());
    assert_eq!(practising.stations[0].station, crate::world::station(), "with the witness's own contests");
    assert!(phone.folder.path().join("elections/2/saksi.db").exists());
    phone.elections().practise(Level::FirstSteps).unwrap();
    assert_eq!(phone.elections().app().unwrap().elections.len(), 2, "the same store again");

    phone.elections().end_practice().unwrap();
    let app = phone.elections().app().unwrap();
    assert_eq!((app.witness.unwrap().device, app.drill.is_none()), (id.to_string(), true));
}

#[test]
fn who_has_joined_nothing_comes_back_to_the_first_screen_after_practice() {
    let phone = Phone::new();
    phone.elections().practise(Level::FirstSteps).unwrap();
    phone.elections().end_practice().unwrap();
    assert!(phone.elections().app().unwrap().witness.is_none());
}

#[test]
fn what_is_of_a_drill_is_refused_by_the_real_store_and_the_reverse() {
    let phone = Phone::new();
    let scenario = scenario(&[]);
    phone.practise(&scenario);
    phone.type_sheet(&phone.sheet(&scenario, 1), &[]);
    phone.device().seal(&phone.key()).unwrap();
    let practised = phone.device().export_bundle().unwrap().bytes;
    let real = &phone.world;
    real.type_all();
    real.seal();
    let counted = real.device().export_bundle().unwrap().bytes;

    let refused = |device: &Device, bundle: &[u8]| {
        let error = device.accept_bundle(bundle).unwrap_err();
        assert_eq!(code(&error), FailureCode::BundleUnreadable);
        assert!(device.app().unwrap().witness.unwrap().carried.is_empty());
    };
    refused(real.device(), &practised);
    refused(&phone.device(), &counted);
    // Put by force into a bundle of the other namespace, a statement is refused by what it is.
    assert!(
        Reader::of(Namespace::Real, practised.as_slice()).is_err()
            && Reader::of(Namespace::Drill, counted.as_slice()).is_err()
    );
    let statement = real.endpoint_statement();
    assert!(Unverified::parse(&statement).unwrap().in_namespace(Namespace::Drill).is_err());
    let code = phone.device().tally_code(&phone.key()).unwrap();
    assert!(code.contains("<svg"), "a code of a drill is drawn like any other");
}

#[test]
fn a_scenario_that_cannot_be_is_refused_with_its_place() {
    let phone = Phone::new();
    let odd = scenario(&[]).to_json().replace("\"minutes\": 15", "\"minutes\": 999");
    let error = phone.elections().practise_scenario(odd.as_bytes()).unwrap_err();
    assert_eq!(code(&error), FailureCode::ScenarioUnreadable);
    assert!(error.to_string().contains("exercise 1"), "{error}");
    let pilkada = Scenario::of_kinds(Level::FirstSteps, 7, &[ContestKind::Gubernur]).to_json();
    let error = phone.elections().practise_scenario(pilkada.as_bytes()).unwrap_err();
    assert_eq!(code(&error), FailureCode::ScenarioUnfit);
    assert!(phone.elections().app().unwrap().witness.is_none(), "nothing was begun");
}

/// A phone in a class, and the hall that leads it.
struct InClass {
    world: World,
    device: Device,
    _folder: tempfile::TempDir,
    hall: Endpoint,
}

impl InClass {
    fn new(scenario: &Scenario) -> Self {
        let (world, folder, hall) = (World::joined(), tempfile::tempdir().unwrap(), Endpoint::default());
        let device = Device::open(folder.path(), world.platform()).unwrap();
        let election = tally::load::read(&demo_election()).unwrap();
        let package = practice::drill_package(&election, scenario, &[crate::world::station()]).unwrap();
        let invitation = device::Invitation::parse("http://127.0.0.1:1/#AB2C-9XYZ").unwrap();
        let request = device.enrol_request(&invitation).unwrap();
        let id = evidence::PublicKey::from_hex(&request.public_key).unwrap().device_id();
        let response = hall.enrolment_of(id, &package);
        assert_eq!(response.assignments, [assignment(&package)]);
        let info = EndpointInfo {
            log_key: response.log_key.clone(),
            election: package.id.to_string(),
            version: 1,
            drill: true,
            hall: None,
        };
        device.entered_class("http://127.0.0.1:1", &info, response).unwrap();
        Self { world, device, _folder: folder, hall }
    }

    fn says(&self, state: DrillState) {
        *self.hall.class.lock().unwrap() = Some(state);
        self.world.pass_ms(5_000);
    }

    async fn send(&self) {
        send_due(&self.device, &self.hall).await.unwrap();
    }

    fn reported(&self) -> protocol::DrillProgress {
        self.hall.progress.lock().unwrap().last().unwrap().clone()
    }
}

fn lesson(scenario: &Scenario) -> DrillState {
    DrillState {
        scenario: Some(scenario.to_json()),
        copy: 7,
        exercise_open: None,
        paused: false,
        network_cut: false,
    }
}

#[tokio::test]
async fn in_a_class_the_trainer_opens_the_exercise_and_cuts_the_network() {
    let scenario = scenario(&[]);
    let class = InClass::new(&scenario);
    class.says(lesson(&scenario));
    class.send().await;
    assert_eq!(class.reported().stage, DrillStage::Waiting);
    let drill = class.device.app().unwrap().drill.unwrap();
    assert!(drill.sheet.is_none() && drill.exercises.len() == 2);

    class.says(DrillState { scenario: None, exercise_open: Some(1), ..lesson(&scenario) });
    class.send().await;
    let drill = class.device.app().unwrap().drill.unwrap();
    let sheet = drill.sheet.unwrap();
    assert_eq!((sheet.number.as_str(), drill.class.unwrap().exercise_open), ("1-07", Some(1)));
    let key = TallyKey::of_round(&sheet.station, &sheet.contest, sheet.round);
    let paper = class.device.paper(&key).unwrap();
    let right = PracticeSheet::of(&scenario, SheetNumber { exercise: 1, copy: 7 }, &paper).unwrap();
    for (field, figure) in &right.expected().0 {
        class.device.set_figure(&key, field, Some(*figure)).unwrap();
    }
    class.device.raise_hand(true).unwrap();
    class.says(DrillState {
        scenario: None,
        exercise_open: Some(1),
        paused: true,
        network_cut: true,
        ..lesson(&scenario)
    });
    class.send().await;
    let reported = class.reported();
    assert_eq!(
        (reported.exercise, reported.stage, reported.hand_raised),
        (Some(1), DrillStage::Entering, true)
    );
    assert!(reported.section.is_some() && reported.scenario.is_some());
    class.device.seal(&key).unwrap();
    class.world.pass_ms(5_000);
    class.send().await;
    assert!(class.hall.statement_ids().is_empty(), "the network is cut for everything else");
    assert_eq!(class.reported().stage, DrillStage::Graded);
    let view = class.device.app().unwrap().drill.unwrap().class.unwrap();
    assert!(view.paused && view.network_cut && view.hand_raised);

    class.says(DrillState { scenario: None, exercise_open: Some(1), ..lesson(&scenario) });
    class.send().await;
    assert_eq!(class.hall.statement_ids().len(), 2, "the tally and the result");
    assert_eq!(class.device.tally(&key).unwrap().life.state, LifeState::Receipted);
    assert_eq!(class.device.drill_result().unwrap().sheet, "1-07");

    class.says(DrillState { scenario: None, exercise_open: Some(2), ..lesson(&scenario) });
    class.send().await;
    assert_eq!(class.device.app().unwrap().drill.unwrap().sheet.unwrap().number, "2-07");
    assert_eq!(class.device.tally(&key).unwrap().filled, 0, "another sheet of the same paper");
}
