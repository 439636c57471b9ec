//! Drills: the class of a hall, what it refuses and what refuses it, and what the real endpoint keeps of it.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use central::view::{DrillReportView, DrillView, ReadinessView, Role, UnreadyStations};
use central::{Endpoint, drills};
use evidence::bundle::{self, Item};
use evidence::{Body as Said, DeviceKey, Namespace, Subject};
use practice::{Attempt, Level, PracticeSheet, Scenario, SealedPhoto, SheetNumber, grade};
use protocol::{
    CarriedEnrolment, CarriedResult, DrillProgress, DrillResultsRequest, DrillStage, DrillState,
    EndpointInfo, EnrolResponse, KnownAs, Outcome, ProblemCode, PushResponse,
};
use serde_json::json;
use tally::{ContestKind, Readiness, StationId};
use tempfile::TempDir;

use crate::people::{add, assign, person};
use crate::post::{
    Answer, Clock, NOON_MS, Phone, Post, demo_json, election, picture, proven, settings, sound_tally,
};

const DRILL_ELECTION: &str = "demo-selaparang-latihan";

fn scenario() -> Scenario {
    Scenario::of_kinds(Level::FirstSteps, 7, &[ContestKind::Ppwp])
}

/// The hall of a drill of the demo election.
fn hall() -> Post {
    hall_in(TempDir::new().unwrap(), Clock::new())
}

fn hall_in(folder: TempDir, clock: Clock) -> Post {
    let settings = settings(folder.path());
    let package = drills::prepare(&settings, &scenario(), &election(&demo_json()), None).unwrap();
    let endpoint = Endpoint::open(&settings, Some(package), clock.environment()).unwrap();
    Post::around(endpoint, folder, clock)
}

/// Joins the class as a phone does that has no invitation.
async fn join(hall: &Post, phone: &Phone) -> EnrolResponse {
    let carried = serde_json::to_value(CarriedEnrolment::sign(&phone.key, None)).unwrap();
    hall.post_json("/v1/enrol/carried", "", carried).await.json()
}

fn progress(stage: DrillStage) -> DrillProgress {
    let exercise = (stage != DrillStage::Waiting).then_some(1);
    let section = (stage == DrillStage::Entering).then(|| "IV".to_owned());
    DrillProgress { exercise, stage, section, hand_raised: false, scenario: None, known_as: None }
}

async fn say(hall: &Post, key: &DeviceKey, said: &DrillProgress) -> Answer {
    let request = Request::put("/v1/drill").header("content-type", "application/json");
    let request = request.body(Body::from(serde_json::to_vec(said).unwrap())).unwrap();
    hall.send_as_is(proven(request, key).await).await
}

fn drill_subject(station: &StationId) -> Subject {
    Subject { namespace: Namespace::Drill, election: DRILL_ELECTION.to_owned(), station: station.to_string() }
}

/// The result of somebody who types everything right, or makes the first figure wrong.
fn result(post: &Post, number: SheetNumber, attempt: u32, is_right: bool) -> Said {
    let paper = post.paper();
    let sheet = PracticeSheet::of(&scenario(), number, &paper).unwrap();
    let mut figures = sheet.expected().clone();
    if !is_right {
        let first = figures.0.keys().next().unwrap().clone();
        figures.0.remove(&first);
    }
    let photos = paper.pages().iter().map(|page| SealedPhoto { page: page.number, issues: Vec::new() });
    let tried = Attempt {
        number: attempt,
        acknowledged: paper.check(&figures).faults().map(|fault| fault.key.clone()).collect(),
        figures,
        photos: photos.collect(),
        seconds: 240,
        ..Attempt::default()
    };
    Said::Drill(grade(&paper, &sheet, &tried).result(&scenario().id, number))
}

async fn push_as(post: &Post, key: &DeviceKey, bytes: &[u8]) -> Result<(), ProblemCode> {
    let request = crate::post::push_of(
        protocol::to_cbor(&protocol::PushRequest {
            statements: vec![serde_bytes::ByteBuf::from(bytes.to_vec())],
        })
        .unwrap(),
    );
    let answer = post.send_as_is(proven(request, key).await).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let response: PushResponse = protocol::from_cbor(&answer.body).unwrap();
    match response.outcomes.into_iter().next().unwrap() {
        Outcome::Accepted { .. } => Ok(()),
        Outcome::Refused { problem } => Err(problem.code),
    }
}

#[tokio::test]
async fn a_phone_joins_a_class_without_an_invitation_and_gets_its_copies() {
    let hall = hall();
    let info: EndpointInfo =
        hall.send_as_is(Request::get("/v1/endpoint").body(Body::empty()).unwrap()).await.json();
    assert!(info.drill && info.hall.is_none() && info.election == DRILL_ELECTION);
    let mut copies = Vec::new();
    let mut stations = BTreeSet::new();
    for seed in 1..=3 {
        let phone = Phone::new(seed);
        let joined = join(&hall, &phone).await;
        assert_eq!(joined.log_key, info.log_key, "a drill's log is its own");
        assert_eq!(joined.election.id.as_str(), DRILL_ELECTION);
        let [place] = joined.assignments.as_slice() else { panic!("{:?}", joined.assignments) };
        stations.insert(place.station.clone());
        let state: DrillState = say(&hall, &phone.key, &progress(DrillStage::Waiting)).await.json();
        assert_eq!((state.exercise_open, state.paused, state.network_cut), (None, false, false));
        let sent = Scenario::from_json(&state.scenario.unwrap()).unwrap();
        assert_eq!(sent, scenario());
        copies.push(state.copy);
        assert_eq!(join(&hall, &phone).await.assignments, joined.assignments, "joining again is the same");
    }
    assert_eq!((copies, stations.len()), (vec![1, 2, 3], 3), "each has its own copies and station");
    // A seed that signs for a real log signs for a drill's log under another key.
    let seed: [u8; 32] = std::fs::read(hall.folder.path().join("log.key")).unwrap().try_into().unwrap();
    let real = evidence::LogKey::from_seed(seed).public().to_hex();
    assert_ne!(info.log_key, real);
}

#[tokio::test]
async fn what_a_phone_says_is_bounded_and_only_a_proven_phone_says_it() {
    let hall = hall();
    let phone = Phone::new(1);
    join(&hall, &phone).await;
    let said = progress(DrillStage::Entering);
    let wrong = [
        DrillProgress { section: Some("I".repeat(200)), ..said.clone() },
        DrillProgress { exercise: Some(200), ..said.clone() },
    ];
    for said in wrong {
        assert_eq!(say(&hall, &phone.key, &said).await.code(), ProblemCode::RequestMalformed);
    }
    let stolen = KnownAs::sign(&DeviceKey::from_seed([8; 32]), Phone::new(2).key.public().device_id());
    let said = DrillProgress { known_as: Some(stolen), ..said };
    assert_eq!(say(&hall, &phone.key, &said).await.code(), ProblemCode::ProofInvalid);
    let stranger = say(&hall, &Phone::new(9).key, &progress(DrillStage::Waiting)).await;
    assert_eq!(stranger.code(), ProblemCode::DeviceUnknown);
    let real = Post::new();
    let phone = real.phone_at(1, &real.station(0)).await;
    let answer = say(&real, &phone.key, &progress(DrillStage::Waiting)).await;
    assert_eq!(answer.code(), ProblemCode::NotFound, "no class is served at the real endpoint");
}

async fn order(hall: &Post, cookie: &str, order: serde_json::Value) -> DrillView {
    hall.post_json("/api/drill", cookie, order).await.json()
}

#[tokio::test]
async fn a_trainer_leads_the_class_and_everything_is_where_it_was_after_a_restart() {
    let hall = hall();
    let cookie = hall.user("wayan", Role::Trainer, None).await;
    let auditor = hall.user("made", Role::Auditor, None).await;
    let phone = Phone::new(1);
    join(&hall, &phone).await;
    assert_eq!(hall.get("/api/drill", &auditor).await.code(), ProblemCode::Forbidden);
    let none = hall.post_json("/api/drill", &cookie, json!({ "order": "open", "exercise": 9 })).await;
    assert_eq!(none.code(), ProblemCode::NotFound);

    let view = order(&hall, &cookie, json!({ "order": "open", "exercise": 1 })).await;
    assert_eq!((view.exercise_open, view.paused), (Some(1), false));
    order(&hall, &cookie, json!({ "order": "pause" })).await;
    order(&hall, &cookie, json!({ "order": "cut_network" })).await;
    let raised = DrillProgress { hand_raised: true, ..progress(DrillStage::Entering) };
    let state: DrillState = say(&hall, &phone.key, &raised).await.json();
    assert_eq!((state.exercise_open, state.paused, state.network_cut), (Some(1), true, true));
    let view: DrillView = hall.get("/api/drill", &cookie).await.json();
    let seen = &view.phones[0];
    assert_eq!((seen.copy, seen.stage, seen.section.as_deref()), (1, DrillStage::Entering, Some("IV")));
    assert!(seen.connected && seen.hand_raised_at_ms == Some(NOON_MS));
    assert!(view.link.contains("/hall#"));

    // The lid of the laptop closes, and opens again.
    let Post { endpoint, clock, folder, .. } = hall;
    drop(endpoint);
    clock.advance(60_000);
    let hall = hall_in(folder, clock);
    let cookie = crate::post::cookie_of(&hall.log_in("wayan", crate::post::PASSWORD).await);
    let view: DrillView = hall.get("/api/drill", &cookie).await.json();
    assert_eq!((view.exercise_open, view.paused, view.network_cut), (Some(1), true, true));
    assert_eq!((view.phones[0].stage, view.phones[0].connected), (DrillStage::Entering, false));
    assert_eq!(view.phones[0].hand_raised_at_ms, Some(NOON_MS));
    let state: DrillState = say(&hall, &phone.key, &raised).await.json();
    assert_eq!((state.copy, state.network_cut), (1, true));

    let device = phone.key.public().device_id();
    let view = order(&hall, &cookie, json!({ "order": "lower_hand", "device": device.to_string() })).await;
    assert_eq!(view.phones[0].hand_raised_at_ms, None);
    let view = order(&hall, &cookie, json!({ "order": "end" })).await;
    assert!(view.ended_at_ms.is_some() && !view.paused && !view.network_cut);
    let state: DrillState = say(&hall, &phone.key, &progress(DrillStage::Waiting)).await.json();
    assert_eq!(state.exercise_open, None);
    let audit = hall.endpoint.store().audit().unwrap();
    let actions: Vec<&str> = audit.iter().map(|row| row.action.as_str()).collect();
    for action in ["drill.open", "drill.pause", "drill.cut_network", "drill.help", "drill.end"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
}

#[tokio::test]
async fn the_report_of_a_class_is_made_from_signed_results_alone() {
    let hall = hall();
    let cookie = hall.user("wayan", Role::Trainer, None).await;
    for seed in 1..=4 {
        let mut phone = Phone::new(seed);
        let joined = join(&hall, &phone).await;
        let station = joined.assignments[0].station.clone();
        let number = SheetNumber { exercise: 1, copy: u16::from(seed) };
        for attempt in 1..=2 {
            let body = result(&hall, number, attempt, seed > 1 || attempt == 2);
            let sealed = phone.seal(drill_subject(&station), body);
            push_as(&hall, &phone.key, &sealed.bytes).await.unwrap();
        }
    }
    hall.endpoint.sequence().unwrap();
    let report: DrillReportView = hall.get("/api/drill/report", &cookie).await.json();
    assert_eq!(report.report.persons.len(), 4);
    assert!(report.report.persons.iter().all(|person| person.accuracy_permille == 1_000), "the last attempt");
    assert_eq!(report.phones.len(), 4);
    // The threshold of the package wants two exercises.
    assert_eq!((report.report.ready, report.threshold), (0, Readiness::default()));
    assert!(report.words.contains_key("exercises"), "{:?}", report.words);
    let view: DrillView = hall.get("/api/drill", &cookie).await.json();
    assert_eq!((view.so_far.results, view.so_far.accuracy_permille > 980), (8, true));
}

/// Everything by which a statement enters an endpoint, and what each answers to this one.
async fn refusals(
    post: &Post,
    admin: &str,
    phone: &Phone,
    statement: &[u8],
    photo: &[u8],
) -> Vec<(&'static str, String)> {
    let mut refused = Vec::new();
    let pushed = push_as(post, &phone.key, statement).await.unwrap_err();
    refused.push(("push", pushed.to_string()));

    let read = evidence::Unverified::parse(statement).unwrap();
    let items = vec![Item::DeviceKey(phone.key.public()), Item::Statement(statement.to_vec())];
    let mut files = vec![("bundle", bundle::write_of(read.subject().namespace, items, Vec::new()).unwrap())];
    if matches!(read.unproved().body, Said::Tally(_)) {
        let file = post.folder.path().join("kode.png");
        crate::import::picture_of(statement).save(&file).unwrap();
        files.push(("code", std::fs::read(file).unwrap()));
    }
    for (name, bytes) in files {
        let file = post.folder.path().join(name);
        std::fs::write(&file, &bytes).unwrap();
        let error = post.endpoint.import(&file).unwrap_err();
        refused.push((name, central::error_chain(&error)));
        let request = Request::post("/api/imports")
            .header("cookie", admin)
            .header("content-type", "application/octet-stream")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(bytes))
            .unwrap();
        refused.push(("console import", post.send_as_is(request).await.code().to_string()));
    }
    // No accepted statement names the photo.
    let hash = crate::post::hash_of(photo);
    let request = Request::head(format!("/v1/photos/{hash}")).body(Body::empty()).unwrap();
    let answer = post.send_as_is(proven(request, &phone.key).await).await;
    refused.push(("photo", answer.headers["saksi-problem"].to_str().unwrap().to_owned()));
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 0);
    refused
}

/// A tally, a photo of it and a result of one namespace, from one phone.
fn sealed_of(phone: &mut Phone, post: &Post, subject: &Subject, photo: &[u8]) -> Vec<Vec<u8>> {
    let tally = phone.seal(subject.clone(), Said::Tally(sound_tally(&post.paper(), [1, 2, 3])));
    let photo = crate::post::photo_body(tally.id, 1, photo);
    let named = phone.seal(subject.clone(), Said::Photo(photo));
    vec![tally.bytes, named.bytes]
}

#[tokio::test]
async fn a_drill_and_the_real_count_refuse_each_other_on_every_way_in() {
    let photo = picture(3, 40);
    let real = Post::new();
    let hall = hall();
    // The same key is enrolled at both, which no app does, so that nothing but the namespace refuses.
    let mut phone = real.phone_at(1, &real.station(0)).await;
    join(&hall, &phone).await;
    let station = hall.station(0);
    let mut drilled = sealed_of(&mut phone, &hall, &drill_subject(&station), &photo);
    let number = SheetNumber { exercise: 1, copy: 1 };
    drilled.push(phone.seal(drill_subject(&station), result(&hall, number, 1, true)).bytes);
    // A drill that takes the real election's name is a drill all the same, and the reverse.
    let disguised = Subject { election: "demo-selaparang".to_owned(), ..drill_subject(&station) };
    drilled.extend(sealed_of(&mut phone, &hall, &disguised, &photo));
    let real_subject = crate::post::demo_subject(&real.station(0));
    let mut genuine = sealed_of(&mut phone, &real, &real_subject, &photo);
    let disguised = Subject { election: DRILL_ELECTION.to_owned(), ..real_subject };
    genuine.extend(sealed_of(&mut phone, &real, &disguised, &photo));

    for (post, statements) in [(&real, drilled), (&hall, genuine)] {
        let admin = post.user("admin", Role::Admin, None).await;
        for (index, statement) in statements.iter().enumerate() {
            for (way, refused) in refusals(post, &admin, &phone, statement, &photo).await {
                let expected: &[&str] = match way {
                    "push" => &["election_wrong"],
                    "console import" => &["import_unreadable"],
                    "photo" => &["photo_unknown"],
                    _ => &["it is of a drill", "it is of the real count"],
                };
                assert!(expected.iter().any(|part| refused.contains(part)), "{way} {index}: {refused}");
            }
        }
    }
}

/// A person who is assigned to a station and joined with a phone there.
async fn witness(real: &Post, cookie: &str, name: &str, seed: u8, station: &StationId) -> (Phone, String) {
    let person = add(real, cookie, person(name, crate::people::DESA)).await;
    let assignment = assign(real, cookie, &person, station).await;
    let body = json!({ "assignments": [assignment.assignment] });
    let slips: serde_json::Value = real.post_json("/api/assignments/invitations", cookie, body).await.json();
    let code = slips[0]["invitation"]["code"].as_str().unwrap().to_owned();
    let phone = Phone::new(seed);
    let _: EnrolResponse = real.enrol(&phone.asks_with(&code)).await.json();
    (phone, person.person.person.to_string())
}

fn carried(phone: &Phone, bytes: Vec<u8>, known: &DeviceKey) -> CarriedResult {
    let known_as = KnownAs::sign(known, phone.key.public().device_id());
    CarriedResult {
        statement: serde_bytes::ByteBuf::from(bytes),
        public_key: phone.key.public().to_hex(),
        known_as,
    }
}

async fn hand_on(real: &Post, results: Vec<CarriedResult>) -> Vec<Result<(), ProblemCode>> {
    let body = protocol::to_cbor(&DrillResultsRequest { results }).unwrap();
    let answer = real.post_bytes("/v1/drill/results", protocol::CBOR, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let response: PushResponse = protocol::from_cbor(&answer.body).unwrap();
    let code = |outcome| match outcome {
        Outcome::Accepted { .. } => Ok(()),
        Outcome::Refused { problem } => Err(problem.code),
    };
    response.outcomes.into_iter().map(code).collect()
}

#[tokio::test]
async fn results_that_a_hall_hands_on_mark_people_as_trained_and_count_nowhere() {
    let real = Post::new();
    let cookie = real.user("rini", Role::Coordinator, None).await;
    let (station, other) = (real.station(0), real.station(1));
    let (own, ani) = witness(&real, &cookie, "Ani", 1, &station).await;
    let (weak, _) = witness(&real, &cookie, "Budi", 2, &other).await;
    let mut good = Phone::new(21);
    let mut poor = Phone::new(22);
    let mut results = Vec::new();
    for exercise in 1..=2 {
        // The first steps have one exercise; the second is of another evening's file with two.
        let number = SheetNumber { exercise: 1, copy: 1 };
        let right = |post: &Post, is_right| match result(post, number, 1, is_right) {
            Said::Drill(mut body) => {
                body.sheet = format!("{exercise}-01");
                Said::Drill(body)
            }
            other => other,
        };
        let sealed = good.seal(drill_subject(&station), right(&real, true));
        results.push(carried(&good, sealed.bytes, &own.key));
        let sealed = poor.seal(drill_subject(&other), right(&real, false));
        results.push(carried(&poor, sealed.bytes, &weak.key));
    }
    assert_eq!(hand_on(&real, results.clone()).await, [Ok(()); 4]);
    assert_eq!(hand_on(&real, results).await, [Ok(()); 4], "the same again is the same");
    assert_eq!(real.endpoint.store().statement_count().unwrap(), 0, "nothing of it is a statement here");
    assert_eq!(real.endpoint.store().logged_from(0, 10).unwrap(), [], "and nothing of it is in the log");

    let view: ReadinessView = real.get("/api/readiness", &cookie).await.json();
    let total = &view.total;
    assert_eq!((total.staffed, total.unready, total.witnesses), (2, 1, 2));
    assert_eq!((total.trained, total.ready, total.median_seconds), (2, 1, Some(240)));
    assert_eq!(total.last_at_ms, Some(NOON_MS));
    assert_eq!(view.rows.len(), 1);
    let desa: ReadinessView = real.get("/api/readiness/52.71.05", &cookie).await.json();
    assert!(desa.rows.iter().any(|row| row.unready == 1), "{:?}", desa.rows);
    let unready: UnreadyStations = real.get("/api/readiness-stations", &cookie).await.json();
    assert_eq!(unready.stations.iter().map(|one| &one.station).collect::<Vec<_>>(), [&other]);
    let trained = crate::people::list(&real, &cookie, "?trained=true").await;
    assert_eq!(trained.people.len(), 2);
    let audit = real.endpoint.store().audit().unwrap();
    assert!(audit.iter().any(|row| row.action == "drill.result" && row.subject == ani));

    // Erasing takes the training along.
    let erased = real.post_json(&format!("/api/people/{ani}/erase"), &cookie, json!({})).await;
    assert!(erased.status.is_success(), "{}", String::from_utf8_lossy(&erased.body));
    assert_eq!(crate::people::count(&real, "SELECT count(*) FROM person_training"), 1);
    assert_eq!(crate::people::count(&real, "SELECT count(*) FROM drill_result WHERE person IS NULL"), 2);
}

#[tokio::test]
async fn results_that_are_forged_or_nobodys_are_refused_one_by_one() {
    let real = Post::new();
    let cookie = real.user("rini", Role::Coordinator, None).await;
    let station = real.station(0);
    let (own, _) = witness(&real, &cookie, "Ani", 1, &station).await;
    let number = SheetNumber { exercise: 1, copy: 1 };
    let mut phone = Phone::new(21);
    let good = phone.seal(drill_subject(&station), result(&real, number, 1, true));
    let stranger = DeviceKey::from_seed([77; 32]);
    let elsewhere = Subject { election: "lain-latihan".to_owned(), ..drill_subject(&station) };
    let other = phone.seal(elsewhere, result(&real, number, 1, true));
    let tally = phone.seal(drill_subject(&station), Said::Tally(sound_tally(&real.paper(), [1, 2, 3])));
    let real_tally = phone.tally(&station, sound_tally(&real.paper(), [1, 2, 3]));
    let mut bent = good.bytes.clone();
    *bent.last_mut().unwrap() ^= 1;
    let vouched_for_another = CarriedResult {
        known_as: KnownAs::sign(&own.key, own.key.public().device_id()),
        ..carried(&phone, good.bytes.clone(), &own.key)
    };
    let results = vec![
        carried(&phone, good.bytes.clone(), &own.key),
        carried(&phone, good.bytes.clone(), &stranger),
        carried(&phone, bent, &own.key),
        carried(&phone, other.bytes, &own.key),
        carried(&phone, tally.bytes, &own.key),
        carried(&phone, real_tally.bytes, &own.key),
        carried(&phone, vec![1, 2, 3], &own.key),
        vouched_for_another,
    ];
    let refused = [
        Ok(()),
        Ok(()), // it is stored already
        Err(ProblemCode::SignatureInvalid),
        Err(ProblemCode::ElectionWrong),
        Err(ProblemCode::StatementUnsupported),
        Err(ProblemCode::ElectionWrong),
        Err(ProblemCode::StatementMalformed),
        Err(ProblemCode::ProofInvalid),
    ];
    assert_eq!(hand_on(&real, results).await, refused);
    let second = phone.seal(drill_subject(&station), result(&real, number, 2, true));
    assert_eq!(
        hand_on(&real, vec![carried(&phone, second.bytes, &stranger)]).await,
        [Err(ProblemCode::DeviceUnknown)]
    );
    let hall = hall();
    let body = protocol::to_cbor(&DrillResultsRequest { results: Vec::new() }).unwrap();
    join(&hall, &phone).await;
    let request = Request::post("/v1/drill/results").header("content-type", protocol::CBOR);
    let request = proven(request.body(Body::from(body)).unwrap(), &phone.key).await;
    assert_eq!(hall.send_as_is(request).await.code(), ProblemCode::ElectionWrong);
}

#[test]
fn a_folder_of_an_endpoint_never_becomes_a_drills_and_a_drill_keeps_its_scenario() {
    let real = Post::new();
    let settings_of = |post: &Post| settings(post.folder.path());
    let demo = election(&demo_json());
    let error = drills::prepare(&settings_of(&real), &scenario(), &demo, None).unwrap_err();
    assert!(matches!(error, drills::DrillError::NotADrill), "{error}");
    let hall = hall();
    let other = Scenario { seed: 8, ..scenario() };
    let error = drills::prepare(&settings_of(&hall), &other, &demo, None).unwrap_err();
    assert!(matches!(error, drills::DrillError::OtherScenario), "{error}");
    let folder = TempDir::new().unwrap();
    let error = drills::prepare(&settings(folder.path()), &scenario(), hall.endpoint.election(), None);
    assert!(matches!(error.unwrap_err(), drills::DrillError::AlreadyPractice));
    let regents = Scenario::of_kinds(Level::FirstSteps, 7, &[ContestKind::Bupati]);
    let error = drills::prepare(&settings(folder.path()), &regents, &demo, None).unwrap_err();
    assert!(matches!(error, drills::DrillError::NoStation(_)), "{error}");
}
