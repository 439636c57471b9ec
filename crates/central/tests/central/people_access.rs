//! Who may see people: every route, every role, and nothing of the region next door.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use central::store::Actor;
use central::view::{AssignmentId, PersonId, PersonView, Role};
use central::{Audience, Endpoint, Reach, RouteInfo, routes};
use protocol::ProblemCode;
use serde_json::{Value, json};
use tally::StationId;

use crate::people::{DESA, OTHER_DESA, add, assign, person};
use crate::post::Post;

/// People for the routes that name one.
pub(crate) struct SomePeople {
    endpoint: Endpoint,
    person: PersonId,
    duplicate: PersonId,
    change: String,
    import: String,
    dropped: String,
}

impl SomePeople {
    pub(crate) async fn of(post: &Post) -> Self {
        let cookie = post.user("perekrut", Role::Coordinator, None).await;
        let known = add(post, &cookie, person("Orang Pertama", DESA)).await;
        let duplicate = add(post, &cookie, person("Orang Kedua", DESA)).await;
        assign(post, &cookie, &known, &post.station(0)).await;
        let edit = json!({ "people": [known.person.person], "organisation": "Satu" });
        let change: Value = post.post_json("/api/people/edits", &cookie, edit).await.json();
        let file = format!("Nama,Kode Desa\nOrang Ketiga,{DESA}\n");
        let editor = central::Editor { actor: Actor::Operator, region: Some(DESA.parse().unwrap()) };
        let upload = || {
            let bytes = file.clone().into_bytes();
            post.endpoint.upload_people(&editor, "orang.csv", bytes).unwrap().import.to_string()
        };
        Self {
            import: upload(),
            dropped: upload(),
            endpoint: post.endpoint.clone(),
            person: known.person.person,
            duplicate: duplicate.person.person,
            change: change["change"].as_str().unwrap().to_owned(),
        }
    }

    /// The present assignment of the person or, when all have ended, the last one.
    fn assignment(&self) -> AssignmentId {
        let store = self.endpoint.store();
        let of = |is_ended| store.assignments_of_people(&[self.person], is_ended).unwrap().remove(0);
        of(false).into_iter().chain(of(true)).next().unwrap().new.assignment
    }

    /// A station of the desa at which the person is not assigned.
    fn free_station(&self) -> StationId {
        let present = self.endpoint.store().assignments_of_people(&[self.person], false).unwrap().remove(0);
        let used: BTreeSet<StationId> = present.into_iter().map(|one| one.new.station).collect();
        let mut stations = self.endpoint.election().stations();
        stations.find(|station| station.desa().as_str() == DESA && !used.contains(station)).unwrap()
    }

    /// The path with these people in it.
    pub(crate) fn path(&self, path: &str) -> String {
        path.replace("{person}", &self.person.to_string())
            .replace("{assignment}", &self.assignment().to_string())
            .replace("{change}", &self.change)
            .replace("/people/imports/{import}/discard", &format!("/people/imports/{}/discard", self.dropped))
            .replace("/people/imports/{import}", &format!("/people/imports/{}", self.import))
    }

    /// What a route about people wants to read.
    pub(crate) fn body(&self, path: &str) -> Option<Value> {
        let revision = self.endpoint.store().person(self.person).unwrap().unwrap().revision;
        let details = json!({
            "name": "Orang Pertama", "position": "witness_inside", "availability": "available", "desa": DESA,
            "organisation": "Satu", "revision": revision, "keep_duplicate": true,
        });
        Some(match path {
            "/api/people" | "/api/people/{person}" | "/api/people/similar" => details,
            "/api/people/settings" => json!({ "fields": ["segment"], "erase_from": null }),
            "/api/people/imports/{import}/check" | "/api/people/imports/{import}/store" => json!({
                "columns": ["name", "desa"], "position": "volunteer", "duplicates": "skip",
            }),
            "/api/people/of-devices" => json!({ "devices": [] }),
            "/api/people/edits" => json!({ "people": [self.person], "field": "segment" }),
            "/api/people/{person}/assignments" => json!({ "station": self.free_station() }),
            "/api/people/{person}/merge" => json!({ "duplicate": self.duplicate }),
            "/api/assignments/invitations" => json!({ "assignments": [self.assignment()] }),
            "/api/assignments/{assignment}" => json!({ "trained": true }),
            "/api/assignments/{assignment}/move" => json!({ "station": self.free_station() }),
            _ if path.starts_with("/api/people") || path.starts_with("/api/staffing") => json!({}),
            "/api/assignments/{assignment}/end" => json!({}),
            _ => return None,
        })
    }

    /// Whether the body of this route names people or stations, whose region is checked behind the guard.
    pub(crate) fn names_region(method: &Method, path: &str) -> bool {
        let named = ["/api/people", "/api/people/edits", "/api/people/changes/{change}/undo"];
        if path.starts_with("/api/people/imports/") {
            return true;
        }
        *method == Method::POST && (named.contains(&path) || path == "/api/assignments/invitations")
    }
}

fn is_about_people(route: &RouteInfo) -> bool {
    ["/api/people", "/api/assignments", "/api/staffing"].iter().any(|part| route.path.starts_with(part))
        || route.path == "/api/stations/{station}/people"
}

#[test]
fn auditors_see_no_people_and_trainers_change_none() {
    let mut checked = 0;
    for route in routes().into_iter().filter(is_about_people) {
        let Audience::Roles(roles) = route.audience else { panic!("{} is open", route.path) };
        assert!(!roles.contains(&Role::Auditor), "{}", route.path);
        let is_for_trainers = roles.contains(&Role::Trainer);
        let is_change =
            route.method == Method::POST && (route.reach == Reach::Person || route.path == "/api/people");
        assert!(!(is_for_trainers && is_change), "{} {}", route.method, route.path);
        checked += 1;
    }
    assert!(checked > 20);
}

/// What must not be seen from the other desa.
const SECRETS: [&str; 4] = ["Rahasiawati", "8777666555", "Orgrahasia", "catatanrahasia"];

async fn planted(post: &Post) -> PersonView {
    let admin = post.user("penanam", Role::Admin, None).await;
    let mut secret = person("Siti Rahasiawati", DESA);
    let more = json!({ "phone": "+628777666555", "organisation": "Orgrahasia", "note": "catatanrahasia" });
    secret.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let planted = add(post, &admin, secret).await;
    assign(post, &admin, &planted, &post.station(0)).await;
    planted
}

#[tokio::test]
async fn nothing_of_a_person_next_door_appears_in_any_list_search_or_export() {
    let post = Post::new();
    let secret = planted(&post).await;
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    let trainer = post.user("pelatih", Role::Trainer, Some(OTHER_DESA)).await;
    add(&post, &far, person("Siti Dekat", OTHER_DESA)).await;
    let id = secret.person.person.to_string();
    let lists: Vec<RouteInfo> =
        routes().into_iter().filter(|route| is_about_people(route) && !route.path.contains('{')).collect();
    let queries = [
        "",
        "search=siti",
        "search=rahasiawati",
        "search=6555",
        "search=08777666555",
        "organisation=Orgrahasia",
        "assigned=true",
        "search=52.71.05.1001",
        "search=52.71.05.1001-001",
        "station=52.71.05.1001-001",
        "lack=second_witness",
        "format=csv",
        "format=xlsx",
    ];
    let mut looked_at = 0;
    for route in lists.iter().filter(|route| route.method == Method::GET) {
        for query in queries {
            for cookie in [&far, &trainer] {
                let answer = post.get(&format!("{}?{query}", route.path), cookie).await;
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                // The settings name the organisations of the whole election, and no person.
                let secrets = SECRETS.iter().filter(|_| route.path != "/api/people/settings");
                for secret in secrets.chain([&id.as_str()]) {
                    assert!(!text.contains(secret), "{}?{query} shows {secret}", route.path);
                }
                looked_at += text.len();
            }
        }
        let region = post.get(&format!("{}?region={DESA}", route.path), &far).await;
        let takes_region = ["/api/people", "/api/people/export", "/api/staffing-stations"];
        if takes_region.contains(&route.path) {
            assert_eq!(region.code(), ProblemCode::Forbidden, "{}", route.path);
        }
    }
    assert!(looked_at > 1_000);
    for route in routes().into_iter().filter(|route| is_about_people(route) && route.path.contains('{')) {
        let station = post.station(0).to_string();
        let assignment = secret_assignment(&post, &secret);
        let path = route.path.replace("{person}", &id).replace("{code}", DESA).replace("{station}", &station);
        let path = path.replace("{assignment}", &assignment);
        if path.contains('{') {
            continue;
        }
        let request = Request::builder().method(route.method).uri(&path).header("cookie", &far);
        let request = request.header("content-type", "application/json").body(Body::from("{}")).unwrap();
        assert_eq!(post.send(request).await.code(), ProblemCode::Forbidden, "{path}");
    }
}

fn secret_assignment(post: &Post, secret: &PersonView) -> String {
    let store = post.endpoint.store();
    let found = store.assignments_of_people(&[secret.person.person], false).unwrap().remove(0);
    found[0].new.assignment.to_string()
}

#[tokio::test]
async fn nobody_is_assigned_outside_of_the_users_region() {
    let post = Post::new();
    let secret = planted(&post).await;
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    let near = post.user("dekat", Role::Coordinator, Some(DESA)).await;
    let own = add(&post, &far, person("Siti Dekat", OTHER_DESA)).await;
    let path = format!("/api/people/{}/assignments", own.person.person);
    let outside = post.post_json(&path, &far, json!({ "station": post.station(0) })).await;
    assert_eq!(outside.code(), ProblemCode::Forbidden);
    let outside = post.post_json("/api/people", &far, person("Orang Lain", DESA)).await;
    assert_eq!(outside.code(), ProblemCode::Forbidden);
    let assignment = secret_assignment(&post, &secret);
    let far_station =
        post.endpoint.election().stations().find(|one| one.desa().as_str() == OTHER_DESA).unwrap();
    let path = format!("/api/assignments/{assignment}/move");
    let outside = post.post_json(&path, &near, json!({ "station": far_station })).await;
    assert_eq!(outside.code(), ProblemCode::Forbidden);

    // Who is assigned in a region is seen there, and what they do elsewhere is not.
    let admin = post.user("admin", Role::Admin, None).await;
    let own: PersonView = post.get(&format!("/api/people/{}", own.person.person), &admin).await.json();
    assign(&post, &admin, &own, &post.station(1)).await;
    assign(&post, &admin, &own, &far_station).await;
    let seen: PersonView = post.get(&format!("/api/people/{}", own.person.person), &near).await.json();
    assert_eq!((seen.person.assignments.len(), seen.person.elsewhere), (1, 1));
    let found = post.endpoint.store().audit().unwrap();
    assert!(found.iter().all(
        |row| row.actor != Actor::User(String::from("jauh")).to_string() || row.action != "person.assign"
    ));
}
