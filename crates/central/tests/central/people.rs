//! People: the list, assignments, mandates, joining, changes, and erasing.

use axum::http::StatusCode;
use central::view::{
    AssignmentView, ChangeKind, ChangeView, InvitationUse, LackingStations, MandateSlip, PeoplePage,
    PersonHistory, PersonView, Role, SimilarPeople, StaffingView, StationPerson,
};
use protocol::{EnrolResponse, ProblemCode};
use serde_json::{Value, json};
use tally::StationId;

use crate::post::{Phone, Post, sound_tally};

pub(crate) const DESA: &str = "52.71.05.1001";
pub(crate) const OTHER_DESA: &str = "52.71.05.1005";

/// What is said of a new person.
pub(crate) fn person(name: &str, desa: &str) -> Value {
    json!({ "name": name, "position": "witness_inside", "availability": "available", "desa": desa })
}

/// The same with some members replaced.
fn with(mut value: Value, more: Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

pub(crate) async fn add(post: &Post, cookie: &str, body: Value) -> PersonView {
    let answer = post.post_json("/api/people", cookie, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

/// The number that a query counts.
pub(crate) fn count(post: &Post, sql: &str) -> u64 {
    let row = post.sql(sql).remove(0);
    row.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

pub(crate) async fn list(post: &Post, cookie: &str, query: &str) -> PeoplePage {
    post.get(&format!("/api/people{query}"), cookie).await.json()
}

fn names(page: &PeoplePage) -> Vec<&str> {
    page.people.iter().map(|row| row.name.as_str()).collect()
}

pub(crate) async fn assign(
    post: &Post,
    cookie: &str,
    of: &PersonView,
    station: &StationId,
) -> AssignmentView {
    let path = format!("/api/people/{}/assignments", of.person.person);
    let view: PersonView = post.post_json(&path, cookie, json!({ "station": station })).await.json();
    view.person.assignments.into_iter().find(|one| one.station == *station).unwrap()
}

#[tokio::test]
async fn people_are_found_by_words_number_station_and_what_they_are() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let siti = with(
        person("Hj. Siti Ma'rufah", DESA),
        json!({ "phone": "0812-3456-7890", "organisation": "Partai A" }),
    );
    let siti = add(&post, &cookie, siti).await;
    add(&post, &cookie, with(person("Sitanggang", DESA), json!({ "position": "trainer" }))).await;
    add(&post, &cookie, with(person("Siti Aminah", OTHER_DESA), json!({ "field": "logistics" }))).await;
    assign(&post, &cookie, &siti, &post.station(0)).await;

    let of = async |query: &str| {
        let page = list(&post, &cookie, query).await;
        let total = usize::try_from(page.total.unwrap()).unwrap();
        assert_eq!((page.people.len(), page.is_more), (total, false), "{query}");
        names(&page).join(", ")
    };
    assert_eq!(of("").await, "Hj. Siti Ma'rufah, Sitanggang, Siti Aminah");
    assert_eq!(of("?search=SIT").await, "Sitanggang, Hj. Siti Ma'rufah, Siti Aminah");
    assert_eq!(of("?search=marufah%20siti").await, "Hj. Siti Ma'rufah");
    assert_eq!(of("?search=0812%203456").await, "Hj. Siti Ma'rufah");
    assert_eq!(of("?search=7890").await, "Hj. Siti Ma'rufah");
    assert_eq!(of(&format!("?search={}", post.station(0))).await, "Hj. Siti Ma'rufah");
    assert_eq!(of(&format!("?search={OTHER_DESA}")).await, "Siti Aminah");
    assert_eq!(of("?position=trainer").await, "Sitanggang");
    assert_eq!(of("?organisation=Partai%20A").await, "Hj. Siti Ma'rufah");
    assert_eq!(of("?field=logistics&search=siti").await, "Siti Aminah");
    assert_eq!(of("?assigned=false").await, "Sitanggang, Siti Aminah");
    assert_eq!(of("?joined=false").await, "Hj. Siti Ma'rufah");
    assert_eq!(of("?trained=true").await, "");
    assert_eq!(of(&format!("?region={OTHER_DESA}")).await, "Siti Aminah");
}

#[tokio::test]
async fn a_search_is_never_read_as_a_command_or_a_pattern() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    add(&post, &cookie, person("O'Brien; DROP TABLE person; --", DESA)).await;
    add(&post, &cookie, person("Budi", DESA)).await;
    for typed in ["'", "%", "_", "' OR '1'='1", "%27%20OR%201=1--", "\\", "*", "budi%25", "b_di"] {
        let typed: String = typed.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let page = list(&post, &cookie, &format!("?search={typed}")).await;
        assert!(page.people.len() <= 1, "{typed} finds {:?}", names(&page));
    }
    assert_eq!(names(&list(&post, &cookie, "?search=drop%20table").await).len(), 1);
    assert_eq!(list(&post, &cookie, "").await.people.len(), 2);
}

#[tokio::test]
async fn a_list_comes_in_pages_without_gaps() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    for number in 0..230 {
        let desa = if number % 2 == 0 { DESA } else { OTHER_DESA };
        add(&post, &cookie, person(&format!("Saksi {number:03} Jaya"), desa)).await;
    }
    for query in ["?assigned=false", "?search=jaya", "?search=saksi"] {
        let (mut seen, mut after) = (std::collections::BTreeSet::new(), None::<String>);
        loop {
            let page = match &after {
                None => list(&post, &cookie, query).await,
                Some(after) => {
                    let after: String = after.bytes().map(|byte| format!("%{byte:02x}")).collect();
                    list(&post, &cookie, &format!("{query}&after={after}")).await
                }
            };
            assert_eq!(page.total, if after.is_none() { Some(230) } else { None }, "{query}");
            for row in page.people {
                assert!(seen.insert(row.person), "{query}: {} is listed twice", row.name);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 230, "{query}");
    }
    assert_eq!(post.get("/api/people?after=x", &cookie).await.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn what_is_stored_of_a_person_is_checked() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let refused = [
        json!({ "name": " - " }),
        json!({ "name": "x".repeat(101) }),
        json!({ "phone": "tidak ada" }),
        json!({ "nik_last4": "5271011234560001" }),
        json!({ "nik_last4": "12a4" }),
        json!({ "note": "x".repeat(501) }),
        json!({ "desa": "11.01.01.2001" }),
        json!({ "desa": "52.71.05" }),
    ];
    for wrong in refused {
        let answer = post.post_json("/api/people", &cookie, with(person("Budi", DESA), wrong.clone())).await;
        assert_eq!(answer.code(), ProblemCode::PersonRefused, "{wrong}");
    }
    let whole = with(person(" Budi  Santoso ", DESA), json!({ "phone": "812 3456 7890", "consent": true }));
    let budi = add(&post, &cookie, whole.clone()).await.person;
    assert_eq!((budi.name.as_str(), budi.phone.as_deref()), ("Budi Santoso", Some("+6281234567890")));
    assert_eq!(budi.consent_at_ms, Some(crate::post::NOON_MS));

    let double = post.post_json("/api/people", &cookie, with(whole, json!({ "name": "Budiman" }))).await;
    assert_eq!(double.code(), ProblemCode::PersonDuplicate, "the same number");
    let double = post.post_json("/api/people", &cookie, person("budi SANTOSO", DESA)).await;
    assert_eq!(double.code(), ProblemCode::PersonDuplicate, "the same name in the desa");
    let asked = json!({ "name": "BUDI Santoso", "desa": DESA });
    let similar: SimilarPeople = post.post_json("/api/people/similar", &cookie, asked.clone()).await.json();
    assert_eq!(similar.people.len(), 1);
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    let similar: SimilarPeople = post.post_json("/api/people/similar", &far, asked).await.json();
    assert_eq!((similar.people.len(), similar.elsewhere), (0, true));
    let kept = with(person("Budi Santoso", DESA), json!({ "keep_duplicate": true }));
    add(&post, &cookie, kept).await;
}

#[tokio::test]
async fn an_edit_of_an_old_revision_is_refused_and_the_history_says_what_changed() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let budi = add(&post, &cookie, person("Budi", DESA)).await;
    let path = format!("/api/people/{}", budi.person.person);
    let edited = with(person("Budi Santoso", DESA), json!({ "revision": budi.person.revision }));
    post.clock.advance(5_000);
    let changed: PersonView = post.post_json(&path, &cookie, edited.clone()).await.json();
    assert_eq!(changed.person.name, "Budi Santoso");
    assert_eq!(post.post_json(&path, &cookie, edited).await.code(), ProblemCode::PersonChanged);
    let history: PersonHistory = post.get(&format!("{path}/history"), &cookie).await.json();
    let [edit, create] = history.changes.as_slice() else { panic!("{history:?}") };
    assert_eq!(
        (edit.kind, create.kind, edit.by.as_str()),
        (ChangeKind::Edit, ChangeKind::Create, "user:rini")
    );
    assert_eq!(edit.fields[0].before.as_deref(), Some("Budi"));
    assert_eq!(edit.fields[0].after.as_deref(), Some("Budi Santoso"));
    assert_eq!(names(&list(&post, &cookie, "?search=santoso").await), ["Budi Santoso"]);
    // The audit says who changed whom, and nothing about the person.
    let audit = post.endpoint.store().audit().unwrap();
    let of_budi: Vec<_> = audit.iter().filter(|row| row.action.starts_with("person.")).collect();
    assert_eq!(of_budi.len(), 2);
    assert!(of_budi.iter().all(|row| !row.subject.contains("Budi")), "{of_budi:?}");
    assert!(of_budi[1].subject.ends_with("name"));
}

#[tokio::test]
async fn a_change_of_many_is_taken_back_where_nobody_changed_more() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let mut people = Vec::new();
    for name in ["Ani", "Budi", "Citra"] {
        let one = with(person(name, DESA), json!({ "organisation": "Lama", "field": "segment" }));
        people.push(add(&post, &cookie, one).await.person);
    }
    let ids: Vec<String> = people.iter().map(|row| row.person.to_string()).collect();
    let body = json!({ "people": ids, "organisation": "Baru", "field": "", "position": "volunteer" });
    let change: ChangeView = post.post_json("/api/people/edits", &cookie, body.clone()).await.json();
    assert_eq!((change.changed, change.left), (3, 0));
    let again: ChangeView = post.post_json("/api/people/edits", &cookie, body).await.json();
    assert_eq!((again.changed, again.left), (0, 3));
    let page = list(&post, &cookie, "?organisation=Baru&position=volunteer").await;
    assert!(page.people.len() == 3 && page.people.iter().all(|row| row.field.is_none()));

    // One of them is changed again; then the first change is taken back, and this later one stays.
    let later = json!({ "people": [ids[1]], "organisation": "Lain" });
    let _: ChangeView = post.post_json("/api/people/edits", &cookie, later).await.json();
    let undo = format!("/api/people/changes/{}/undo", change.change);
    let undone: ChangeView = post.post_json(&undo, &cookie, json!({})).await.json();
    assert_eq!((undone.changed, undone.left), (2, 1));
    assert_eq!(names(&list(&post, &cookie, "?organisation=Lama&field=segment").await), ["Ani", "Citra"]);
    assert_eq!(names(&list(&post, &cookie, "?organisation=Lain").await), ["Budi"]);
    let undone: ChangeView = post.post_json(&undo, &cookie, json!({})).await.json();
    assert_eq!((undone.changed, undone.left), (0, 0), "it is taken back once");
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    assert_eq!(post.post_json(&undo, &far, json!({})).await.code(), ProblemCode::Forbidden);
}

#[tokio::test]
async fn a_participant_has_at_most_two_mandated_witnesses_at_a_station() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let station = post.station(0);
    let mut people = Vec::new();
    for name in ["Ani", "Budi", "Citra", "Dewi"] {
        people.push(add(&post, &cookie, person(name, DESA)).await);
    }
    let mandate = |participant: &str| json!({ "station": station, "participant": participant });
    let to = async |index: usize, body: Value| {
        let path = format!("/api/people/{}/assignments", people[index].person.person);
        post.post_json(&path, &cookie, body).await
    };
    // Two requests at once for the second place: one of them gets it.
    assert_eq!(to(0, mandate("ppwp:1")).await.status, StatusCode::OK);
    let (one, other) = tokio::join!(to(1, mandate("ppwp:1")), to(2, mandate("ppwp:1")));
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    let refused = [one, other].into_iter().find(|answer| !answer.status.is_success()).unwrap();
    assert_eq!(refused.code(), ProblemCode::MandateFull);
    // Another participant, and somebody without a mandate, may be there.
    assert_eq!(to(3, mandate("ppwp:2")).await.status, StatusCode::OK);
    assert_eq!(to(3, mandate("ppwp:2")).await.code(), ProblemCode::PersonRefused, "assigned already");
    for unknown in ["ppwp:9", "party:1"] {
        assert_eq!(to(2, mandate(unknown)).await.code(), ProblemCode::PersonRefused, "{unknown}");
    }
    // An ended mandate leaves its place.
    let first: PersonView =
        post.get(&format!("/api/people/{}", people[0].person.person), &cookie).await.json();
    let end = format!("/api/assignments/{}/end", first.person.assignments[0].assignment);
    assert_eq!(post.post_json(&end, &cookie, json!({})).await.status, StatusCode::OK);
    assert_eq!(to(0, mandate("ppwp:1")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_requests_at_once_never_give_three_mandates() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let station = post.station(1);
    let mut paths = Vec::new();
    for number in 0..8 {
        let one = add(&post, &cookie, person(&format!("Saksi {number}"), DESA)).await;
        paths.push(format!("/api/people/{}/assignments", one.person.person));
    }
    let body = json!({ "station": station, "participant": "ppwp:3" });
    let requests = paths.iter().map(|path| post.post_json(path, &cookie, body.clone()));
    let answers = futures::future::join_all(requests).await;
    let given = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(given, 2);
    let people: Vec<StationPerson> =
        post.get(&format!("/api/stations/{station}/people"), &cookie).await.json();
    assert_eq!(people.len(), 2);
}

#[tokio::test]
async fn an_invited_phone_belongs_to_the_person_and_moves_with_them() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let (from, to) = (post.station(0), post.station(1));
    let siti = with(person("Siti", DESA), json!({ "phone": "081234567890", "nik_last4": "0001" }));
    let siti = add(&post, &cookie, siti).await;
    let assignment = assign(&post, &cookie, &siti, &from).await;
    let invite = async |assignment: &AssignmentView| -> Vec<MandateSlip> {
        let body = json!({ "assignments": [assignment.assignment] });
        post.post_json("/api/assignments/invitations", &cookie, body).await.json()
    };
    let first = invite(&assignment).await.remove(0);
    let slip = invite(&assignment).await.remove(0);
    assert_eq!((slip.name.as_str(), slip.nik_last4.as_deref()), ("Siti", Some("0001")));
    let (mut phone, finder) = (Phone::new(1), Phone::new(2));
    let refused = post.enrol(&finder.asks_with(&first.invitation.code)).await;
    assert_eq!(refused.code(), ProblemCode::InvitationWithdrawn, "inviting again withdraws the first code");
    let _: EnrolResponse = post.enrol(&phone.asks_with(&slip.invitation.code)).await.json();
    let tally = phone.tally(&from, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();

    let device = phone.key.public().device_id();
    let people: Vec<StationPerson> = post.get(&format!("/api/stations/{from}/people"), &cookie).await.json();
    assert_eq!((people[0].name.as_str(), people[0].device.clone()), ("Siti", Some(device.to_string())));
    let body = json!({ "devices": [device.to_string()] });
    let of: Vec<StationPerson> = post.post_json("/api/people/of-devices", &cookie, body.clone()).await.json();
    assert_eq!(of[0].phone.as_deref(), Some("+6281234567890"));
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    let of: Vec<StationPerson> = post.post_json("/api/people/of-devices", &far, body).await.json();
    assert!(of.is_empty());

    // She is sent to another station. Her phone learns it, and what it sent stays.
    let path = format!("/api/assignments/{}/move", assignment.assignment);
    let moved: PersonView = post.post_json(&path, &cookie, json!({ "station": to })).await.json();
    let [now] = moved.person.assignments.as_slice() else { panic!("{moved:?}") };
    assert_eq!((now.station.clone(), now.device.clone()), (to.clone(), Some(device.to_string())));
    assert_eq!(moved.ended.len(), 1);
    let assigned = post.endpoint.store().assignments_of(device).unwrap();
    assert_eq!(assigned.assignments.iter().map(|one| &one.station).collect::<Vec<_>>(), [&to]);
    let tally = phone.tally(&to, sound_tally(&post.paper(), [3, 2, 1]));
    post.push_one(&tally.bytes).await.unwrap();

    // Her phone is lost: it is revoked, and another one joins by a new invitation of the same assignment.
    let path = format!("/api/devices/{device}/revoke");
    assert_eq!(post.post_json(&path, &cookie, json!({})).await.status, StatusCode::OK);
    let joined = async || {
        let view: StaffingView = post.get(&format!("/api/staffing/{DESA}"), &cookie).await.json();
        (view.total.witnesses, view.total.joined)
    };
    assert_eq!(joined().await, (1, 0));
    let slip = invite(now).await.remove(0);
    let _: EnrolResponse = post.enrol(&Phone::new(3).asks_with(&slip.invitation.code)).await.json();
    assert_eq!(joined().await, (1, 1));

    // She is replaced: her successor needs neither her number nor her phone.
    let path = format!("/api/assignments/{}/end", now.assignment);
    let ended: PersonView = post.post_json(&path, &cookie, json!({})).await.json();
    assert!(ended.person.assignments.is_empty() && ended.ended.len() == 2);
    let dewi = add(&post, &cookie, person("Dewi", DESA)).await;
    let assignment = assign(&post, &cookie, &dewi, &to).await;
    let slip = invite(&assignment).await.remove(0);
    let _: EnrolResponse = post.enrol(&Phone::new(4).asks_with(&slip.invitation.code)).await.json();
    let page = list(&post, &cookie, "?joined=true").await;
    assert_eq!(names(&page), ["Dewi"]);
    assert_eq!(page.people[0].assignments[0].invitation.as_ref().unwrap().state, InvitationUse::Used);
}

#[tokio::test]
async fn staffing_follows_every_change_and_names_what_is_missing() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let staffing = async |path: &str| -> StaffingView { post.get(path, &cookie).await.json() };
    let before = staffing("/api/staffing").await.total;
    assert_eq!((before.none, before.one, before.two), (before.stations, 0, 0));
    let (ani, budi) =
        (add(&post, &cookie, person("Ani", DESA)).await, add(&post, &cookie, person("Budi", DESA)).await);
    let coordinator = with(
        person("Pak Koordinator", DESA),
        json!({ "position": "coordinator_desa", "phone": "0811111111" }),
    );
    add(&post, &cookie, coordinator).await;
    let one = assign(&post, &cookie, &ani, &post.station(0)).await;
    assign(&post, &cookie, &budi, &post.station(0)).await;
    assign(&post, &cookie, &budi, &post.station(1)).await;
    let known = format!("/api/assignments/{}", one.assignment);
    for _ in 0..2 {
        let answer = post.post_json(&known, &cookie, json!({ "letter": true, "trained": true })).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let desa = staffing(&format!("/api/staffing/{DESA}")).await.total;
    assert_eq!((desa.stations, desa.none, desa.one, desa.two), (4, 2, 1, 1));
    assert_eq!((desa.witnesses, desa.trained, desa.letters, desa.joined), (3, 1, 1, 0));
    let whole = staffing("/api/staffing").await;
    assert_eq!((whole.total.none, whole.total.witnesses), (before.stations - 2, 3));
    let kecamatan = staffing("/api/staffing/52.71.05").await;
    assert!(kecamatan.rows.is_sorted_by_key(|row| std::cmp::Reverse(row.none)), "problems first");

    let lacking = async |query: &str| -> LackingStations {
        post.get(&format!("/api/staffing-stations?region={DESA}{query}"), &cookie).await.json()
    };
    let ids = |list: &LackingStations| -> Vec<String> {
        list.stations.iter().map(|row| row.station.to_string()).collect()
    };
    let empty = lacking("").await;
    assert_eq!(ids(&empty), [post.station(2).to_string(), post.station(3).to_string()]);
    assert_eq!(empty.contacts[0].phone.as_deref(), Some("+62811111111"));
    assert_eq!(ids(&lacking("&lack=second_witness").await), [post.station(1).to_string()]);
    let untrained = [post.station(0).to_string(), post.station(1).to_string()];
    assert_eq!(ids(&lacking("&lack=trained").await), untrained);
    assert_eq!(ids(&lacking(&format!("&lack=trained&after={}", post.station(0))).await), untrained[1..]);

    let target = json!({ "witnesses": 8, "by_date": "2999-12-01", "participant": "ppwp:1", "votes": 500 });
    let path = format!("/api/staffing/{DESA}/target");
    let set: StaffingView = post.post_json(&path, &cookie, target).await.json();
    let target = set.total.target.unwrap();
    assert_eq!((target.missing, target.votes, target.set_by.as_str()), (5, Some(500), "user:rini"));
    assert!(target.per_day.unwrap() >= 1);
    for wrong in [
        json!({ "by_date": "besok" }),
        json!({ "share_permille": 1001 }),
        json!({ "participant": "party:77" }),
    ] {
        assert_eq!(
            post.post_json(&path, &cookie, wrong.clone()).await.code(),
            ProblemCode::PersonRefused,
            "{wrong}"
        );
    }
    let removed: StaffingView = post.post_json(&path, &cookie, json!({})).await.json();
    assert_eq!(removed.total.target, None);

    let end = format!("/api/assignments/{}/end", one.assignment);
    let _: PersonView = post.post_json(&end, &cookie, json!({})).await.json();
    let desa = staffing(&format!("/api/staffing/{DESA}")).await.total;
    assert_eq!((desa.none, desa.one, desa.two, desa.witnesses, desa.letters), (2, 2, 0, 2, 0));
}

#[tokio::test]
async fn two_people_become_one_and_nothing_of_them_is_lost() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let one = add(&post, &cookie, with(person("Siti R.", DESA), json!({ "phone": "081234567890" }))).await;
    let other = with(
        person("Siti Rahmawati", DESA),
        json!({ "phone": "081999999999", "organisation": "Relawan", "note": "bisa malam" }),
    );
    let other = add(&post, &cookie, other).await;
    assign(&post, &cookie, &one, &post.station(0)).await;
    assign(&post, &cookie, &other, &post.station(0)).await;
    assign(&post, &cookie, &other, &post.station(1)).await;
    let path = format!("/api/people/{}/merge", one.person.person);
    let body = json!({ "duplicate": other.person.person });
    for _ in 0..2 {
        let merged: PersonView = post.post_json(&path, &cookie, body.clone()).await.json();
        let row = merged.person;
        assert_eq!((row.name.as_str(), row.phone.as_deref()), ("Siti R.", Some("+6281234567890")));
        assert_eq!((row.organisation.as_deref(), row.note.as_deref()), (Some("Relawan"), Some("bisa malam")));
        assert_eq!(row.assignments.len(), 2);
    }
    let gone: PersonView = post.get(&format!("/api/people/{}", other.person.person), &cookie).await.json();
    assert_eq!((gone.person.name.as_str(), gone.merged_into), ("", Some(one.person.person)));
    assert_eq!(list(&post, &cookie, "").await.people.len(), 1);
    let staffing: StaffingView = post.get(&format!("/api/staffing/{DESA}"), &cookie).await.json();
    assert_eq!((staffing.total.one, staffing.total.two, staffing.total.witnesses), (2, 0, 2));
    let own = format!("/api/people/{}/merge", one.person.person);
    let itself = json!({ "duplicate": one.person.person });
    assert_eq!(post.post_json(&own, &cookie, itself).await.code(), ProblemCode::PersonRefused);
}

#[tokio::test]
async fn erasing_a_person_leaves_nothing_personal_and_keeps_what_they_sent() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let siti = with(
        person("Sitirahasia Wulan", DESA),
        json!({ "phone": "081277777777", "note": "alergirahasia", "nik_last4": "9876", "organisation": "Orgrahasia" }),
    );
    let siti = add(&post, &cookie, siti).await;
    let assignment = assign(&post, &cookie, &siti, &post.station(0)).await;
    let body = json!({ "assignments": [assignment.assignment] });
    let slips: Vec<MandateSlip> = post.post_json("/api/assignments/invitations", &cookie, body).await.json();
    let mut phone = Phone::new(1);
    let _: EnrolResponse = post.enrol(&phone.asks_with(&slips[0].invitation.code)).await.json();
    let tally = phone.tally(&post.station(0), sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let path = format!("/api/people/{}", siti.person.person);
    let report = post.get(&format!("{path}/report"), &cookie).await;
    let report = String::from_utf8(report.body).unwrap();
    for part in ["Sitirahasia", "+6281277777777", "9876", "alergirahasia", &assignment.assignment.to_string()]
    {
        assert!(report.contains(part), "{part} is not in the report");
    }

    for _ in 0..2 {
        let erased: PersonView = post.post_json(&format!("{path}/erase"), &cookie, json!({})).await.json();
        assert!(erased.person.erased_at_ms.is_some() && erased.person.name.is_empty());
        assert!(erased.person.assignments.is_empty());
    }
    for query in ["", "?search=sitirahasia", "?search=7777", "?search=081277777777"] {
        assert!(list(&post, &cookie, query).await.people.is_empty(), "{query}");
    }
    let texts = "SELECT name || coalesce(phone, '') || coalesce(note, '') || coalesce(nik_last4, '')
        || coalesce(organisation, '') AS text FROM person UNION ALL SELECT fields FROM person_change
        UNION ALL SELECT word FROM person_word UNION ALL SELECT name_key FROM person_place
        UNION ALL SELECT subject FROM audit UNION ALL SELECT hint FROM invitation";
    for part in ["itirahasia", "277777777", "alergi", "Orgrahasia"] {
        let found =
            count(&post, &format!("SELECT count(*) FROM ({texts}) AS texts WHERE text LIKE '%{part}%'"));
        assert_eq!(found, 0, "{part} is still stored");
    }
    assert!(count(&post, &format!("SELECT count(*) FROM ({texts}) AS texts")) > 3);
    assert_eq!(count(&post, "SELECT count(*) FROM person WHERE nik_last4 IS NOT NULL"), 0);
    let statements = post.endpoint.store().statement(tally.id).unwrap();
    assert!(statements.is_some(), "the statement stays");
    let edited = with(person("Kembali", DESA), json!({ "revision": 99 }));
    assert_eq!(post.post_json(&path, &cookie, edited).await.code(), ProblemCode::PersonRefused);
    let actions: Vec<String> =
        post.endpoint.store().audit().unwrap().into_iter().map(|row| row.action).collect();
    assert!(
        actions.contains(&String::from("person.report")) && actions.contains(&String::from("person.erase"))
    );
}

#[tokio::test]
async fn a_day_after_which_nobody_is_stored_can_be_set() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    add(&post, &admin, person("Ani", DESA)).await;
    let settings = json!({ "fields": ["communication", " Logistik  TPS "], "erase_from": "2026-12-11" });
    let set: central::view::PeopleSettings =
        post.post_json("/api/people/settings", &admin, settings).await.json();
    assert_eq!(set.fields, ["communication", "Logistik TPS"]);
    assert_eq!(set.participants.len(), 3);
    assert_eq!(post.endpoint.erase_people_when_due().unwrap(), 0, "the day has not come");
    post.clock.advance(3 * 24 * 60 * 60 * 1_000);
    assert_eq!(post.endpoint.erase_people_when_due().unwrap(), 1);
    let admin = post.user("admin2", Role::Admin, None).await;
    assert!(list(&post, &admin, "").await.people.is_empty());
    let wrong = json!({ "fields": [], "erase_from": "nanti" });
    assert_eq!(
        post.post_json("/api/people/settings", &admin, wrong).await.code(),
        ProblemCode::PersonRefused
    );
}

#[tokio::test]
async fn people_who_were_not_changed_for_long_are_erased_by_the_command() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    add(&post, &cookie, person("Ani", DESA)).await;
    post.clock.advance(40 * 24 * 60 * 60 * 1_000);
    let cookie = post.user("budi", Role::Coordinator, None).await;
    add(&post, &cookie, person("Budi", DESA)).await;
    let operator = central::store::Actor::Operator;
    assert_eq!(post.endpoint.erase_people_before("2027-01-01", &operator).unwrap(), 1);
    assert_eq!(names(&list(&post, &cookie, "").await), ["Budi"]);
    assert!(post.endpoint.erase_people_before("kemarin", &operator).is_err());
}
