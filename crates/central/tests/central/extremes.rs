//! Whatever a phone signs and the endpoint accepts leaves every page, list, export, count and rebuild
//! working.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use central::Audience;
use central::store::Actor;
use central::view::Role;
use evidence::{
    AttendanceBody, AttendanceEvent, Body as Said, Draft, DrillBody, IncidentBody, IncidentCategory,
    Namespace, PhotoBody, PhotoHash, ReadFigure, SEQUENCE_MAX, Seen, StatementId, Subject, Supersedes,
    TallyBody, VerdictDecision,
};
use protocol::{Outcome, ReceiptsRequest, ReceiptsResponse, limit};
use serde_json::{Value, json};
use tally::StationId;

use crate::post::{Phone, Post, demo_json, demo_subject, hash_of, picture, sound_tally};
use crate::reviewer::Reviewer;

/// Number of stores with their own statements.
const STORES: u64 = 6;
/// Number of statements that each phone signs.
const STATEMENTS: usize = 50;
/// The numbers that JavaScript keeps exactly (`Number.MAX_SAFE_INTEGER`).
const SAFE_MAX: u64 = (1 << 53) - 1;
/// The times that JavaScript knows (ECMA-262, 21.4.1.1).
const TIME_MAX_MS: u64 = 8_640_000_000_000_000;

const STRANGE: [char; 20] = [
    '\0',
    '\u{7}',
    '\u{1b}',
    '\n',
    '\r',
    '\u{202e}',
    '\u{200b}',
    '\u{200d}',
    '\u{feff}',
    '\u{fffd}',
    '\u{10ffff}',
    '\u{301}',
    '😀',
    'ß',
    '<',
    '"',
    '\'',
    '%',
    '{',
    'a',
];

/// Chooses extreme values; the same seed chooses the same ones.
struct Chooser(u64);

impl Chooser {
    /// A number below `bound` (splitmix64).
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// A text of about `bytes` bytes at most: long ones as often as short ones.
    fn text(&mut self, bytes: usize) -> String {
        let length = self.of(&[0, 1, bytes / 2, bytes]);
        let mut text = String::new();
        loop {
            let next = self.of(&STRANGE);
            if text.len() + next.len_utf8() > length {
                return text;
            }
            text.push(next);
        }
    }

    fn ids(&mut self, most: usize) -> Vec<String> {
        (0..self.of(&[0, 1, most])).map(|_| self.text(64)).collect()
    }

    /// A hash that means nothing, or that of a statement that was signed before.
    fn statement(&mut self, known: &[StatementId]) -> StatementId {
        let nobodys = [StatementId([0; 32]), StatementId([0xff; 32])];
        if known.is_empty() || self.below(2) == 0 { self.of(&nobodys) } else { self.of(known) }
    }

    fn body(&mut self, post: &Post, known: &[StatementId], photo: PhotoHash) -> Said {
        match self.below(9) {
            0..3 => Said::Tally(self.tally(post, known)),
            3..5 => Said::Photo(self.photo(known, photo)),
            5 => Said::Attendance(AttendanceBody {
                event: self.of(&[
                    AttendanceEvent::Arrived,
                    AttendanceEvent::Left,
                    AttendanceEvent::NotAdmitted,
                ]),
                package_version: self.of(&[0, 1, u32::MAX]),
            }),
            6..8 => Said::Incident(IncidentBody {
                category: self.of(IncidentCategory::ALL),
                text: self.text(4_000),
                on_the_form: self.of(&[true, false]),
                tally: self.of(&[None, Some(StatementId([0xff; 32])), known.last().copied()]),
            }),
            _ => Said::Drill(self.drill()),
        }
    }

    /// Half of them are tallies as a phone makes them, in which some fields are extreme.
    fn tally(&mut self, post: &Post, known: &[StatementId]) -> TallyBody {
        let mut tally = sound_tally(&post.paper(), [333, 0, 333]);
        for figure in &mut tally.figures {
            let extreme = self.of(&[None, Some(-1), Some(-2), Some(0), Some(1), Some(999)]);
            *figure = self.of(&[*figure, extreme]);
        }
        if self.below(8) == 0 {
            let place = self.below(tally.figures.len());
            tally.figures[place] = self.of(&[Some(i64::MAX), Some(i64::MIN), Some(-3), Some(1_000_000)]);
        }
        let supersedes = Supersedes { statement: self.statement(known), reason: self.text(1_000) };
        TallyBody {
            package_version: self.of(&[0, 1, u32::MAX]),
            acknowledged: self.ids(500),
            supersedes: self.of(&[None, Some(supersedes)]),
            ..tally
        }
    }

    fn photo(&mut self, known: &[StatementId], photo: PhotoHash) -> PhotoBody {
        let read = ReadFigure {
            field: self.text(64),
            figure: self.of(&[None, Some(0), Some(u32::MAX)]),
            certainty_permille: self.of(&[0, 1_000]),
        };
        let seen = Seen {
            page: self.of(&[None, Some(0), Some(u8::MAX)]),
            issues: self.ids(16),
            read: vec![read; self.of(&[0, 1, 500])],
        };
        PhotoBody {
            tally: self.statement(known),
            page: self.of(&[0, 1, 2, u8::MAX]),
            original: self.of(&[PhotoHash([0; 32]), photo]),
            original_bytes: self.of(&[0, 1, limit::ORIGINAL_BYTES, u64::MAX]),
            derivative: self.of(&[PhotoHash([0xff; 32]), photo]),
            derivative_bytes: self.of(&[1, limit::PHOTO_BYTES, u64::MAX]),
            seen: self.of(&[None, Some(seen)]),
        }
    }

    fn drill(&mut self) -> DrillBody {
        DrillBody {
            drill: self.text(64),
            sheet: self.text(64),
            fields: self.of(&[0, 2_000, u32::MAX]),
            wrong: self.ids(200),
            faults: u32::MAX,
            faults_noticed: self.of(&[0, u32::MAX]),
            duration_s: self.of(&[0, u32::MAX]),
            graded: None,
        }
    }

    /// A signed statement; `None` when the body is too long for one.
    fn sealed(&mut self, phone: &Phone, subject: Subject, body: Said) -> Option<(StatementId, Vec<u8>)> {
        let sequence = self.of(&[1, 2, 3, 1_000, SEQUENCE_MAX - 1, SEQUENCE_MAX]);
        let sealed_at_s = self.of(&[
            i64::MIN,
            -62_135_596_800,
            -1,
            0,
            1_796_792_400,
            8_640_000_000_001,
            i64::MAX / 1_000,
            i64::MAX,
        ]);
        let previous = (sequence > 1).then_some(StatementId([7; 32]));
        let sealed = Draft { subject, sealed_at_s, sequence, previous, body }.seal(&phone.key).ok()?;
        Some((sealed.id, sealed.bytes))
    }
}

/// An endpoint with what some phones could make it accept.
struct Store {
    post: Post,
    stations: [StationId; 2],
    phones: Vec<Phone>,
    photo: Vec<u8>,
    accepted: Vec<(StatementId, Vec<u8>)>,
    incidents: Vec<StatementId>,
}

/// The kind of a body, for the count of what was accepted.
fn kind_of(body: &Said) -> &'static str {
    match body {
        Said::Tally(_) => "tally",
        Said::Photo(_) => "photo",
        Said::Attendance(_) => "attendance",
        Said::Incident(_) => "incident",
        Said::Drill(_) => "drill",
        Said::Audit(_) => "audit",
        Said::Verdict(_) => "verdict",
        Said::Correction(_) => "correction",
    }
}

impl Store {
    /// A store of an assigned, an unassigned and a revoked phone, with the kinds that it accepted.
    async fn new(seed: u64, namespace: Namespace) -> (Self, BTreeSet<&'static str>) {
        let mut package = demo_json();
        package["drill"] = (namespace == Namespace::Drill).into();
        let post = Post::of(&package);
        let stations = [post.station(0), post.station(1)];
        // The one that enrolled last sends what this test pushes.
        let revoked = post.phone_at(3, &stations[0]).await;
        let phones =
            vec![post.phone_at(1, &stations[0]).await, revoked, post.phone_at(2, &stations[1]).await];
        let revoked = phones[1].key.public().device_id();
        post.endpoint.revoke_device(revoked, None, &Actor::Operator).unwrap();
        let mut store = Self {
            post,
            stations,
            phones,
            photo: picture(1, 60),
            accepted: Vec::new(),
            incidents: Vec::new(),
        };
        let kinds = store.fill(&mut Chooser(seed), namespace).await;
        (store, kinds)
    }

    async fn fill(&mut self, chooser: &mut Chooser, namespace: Namespace) -> BTreeSet<&'static str> {
        let mut kinds = BTreeSet::new();
        let photo = hash_of(&self.photo);
        for (place, phone) in self.phones.iter().enumerate() {
            for _ in 0..STATEMENTS {
                let known: Vec<StatementId> = self.accepted.iter().map(|(id, _)| *id).collect();
                let body = chooser.body(&self.post, &known, photo);
                let kind = kind_of(&body);
                let subject = Subject { namespace, ..demo_subject(&self.stations[0]) };
                let Some((id, bytes)) = chooser.sealed(phone, subject, body) else { continue };
                if known.contains(&id) {
                    continue;
                }
                if let Outcome::Accepted { .. } = self.post.push(&[&bytes]).await.remove(0) {
                    self.accepted.push((id, bytes));
                    kinds.insert(kind);
                    // What the revoked and the unassigned phone report is no work for coordinators.
                    if kind == "incident" && place == 0 {
                        self.incidents.push(id);
                    }
                }
            }
        }
        self.announce_a_photo(namespace).await;
        kinds
    }

    /// A photo that is there, of a page that no form has.
    async fn announce_a_photo(&mut self, namespace: Namespace) {
        let tally = self.accepted[0].0;
        let body = PhotoBody { page: u8::MAX, ..crate::post::photo_body(tally, 1, &self.photo) };
        let subject = Subject { namespace, ..demo_subject(&self.stations[1]) };
        let draft =
            Draft { subject, sealed_at_s: 0, sequence: 4, previous: Some(tally), body: Said::Photo(body) };
        let sealed = draft.seal(&self.phones[2].key).unwrap();
        self.post.push_one(&sealed.bytes).await.unwrap();
        let piece = self.post.photo_piece(hash_of(&self.photo), 0, &self.photo).await;
        assert_eq!(piece.status, StatusCode::NO_CONTENT);
        self.accepted.push((sealed.id, sealed.bytes));
    }

    /// The addresses of a route, with what stands in this store.
    fn addresses(&self, path: &str) -> Vec<String> {
        let contest = "contest=ppwp";
        let station = &self.stations[0];
        match path {
            "/api/session"
            | "/api/session/sessions"
            | "/api/log"
            | "/api/invitations"
            | "/api/accounts"
            | "/api/audit"
            | "/api/audit/export"
            | "/api/messages"
            | "/api/incidents"
            | "/api/attendance"
            | "/api/people"
            | "/api/people/settings"
            | "/api/people/export"
            | "/api/people/imports"
            | "/api/staffing" => vec![path.to_owned()],
            "/api/accounts/{user}/sessions" => vec!["/api/accounts/admin/sessions".to_owned()],
            "/api/incidents/{statement}" => {
                self.incidents.iter().map(|id| format!("/api/incidents/{id}")).collect()
            }
            // No drill is served here.
            "/api/drill" | "/api/drill/report" | "/api/drill/report.pdf" => Vec::new(),
            "/api/readiness" | "/api/readiness-stations" => vec![path.to_owned()],
            "/api/readiness/{code}" => vec![format!("/api/readiness/{}", &station.to_string()[..8])],
            "/api/staffing-stations" => vec![format!("{path}?lack=witness")],
            "/api/staffing/{code}" => vec![format!("/api/staffing/{}", &station.to_string()[..8])],
            "/api/stations/{station}/people" => vec![format!("/api/stations/{station}/people")],
            // No phone signs messages, official results or what is known of a person.
            _ if ["/api/messages/", "/api/official/", "/api/people/"]
                .iter()
                .any(|one| path.starts_with(one)) =>
            {
                Vec::new()
            }
            "/api/devices" => vec![path.to_owned(), format!("{path}?troubled=true")],
            "/api/regions" | "/api/official/imports" => vec![format!("{path}?{contest}")],
            "/api/boundaries" => vec![path.to_owned()],
            // No contest of this election has seats.
            "/api/seats" => Vec::new(),
            "/api/review-keys" => vec![path.to_owned()],
            "/api/review/queue" => vec![format!("{path}?{contest}")],
            "/api/regions/{code}" => [2, 5, 8, 13]
                .map(|length| format!("/api/regions/{}?{contest}", &station.to_string()[..length]))
                .into(),
            "/api/stations" => self.lists(contest),
            "/api/stations/{station}" => {
                self.stations.iter().map(|station| format!("/api/stations/{station}?{contest}")).collect()
            }
            "/api/exports/results" => {
                ["csv", "xlsx", "nist"].map(|format| format!("{path}?{contest}&format={format}")).into()
            }
            "/api/patterns" | "/api/projection" => vec![format!("{path}?{contest}")],
            "/api/tokens" => vec![path.to_owned()],
            "/api/stations/{station}/dossier" => {
                vec![format!("/api/stations/{station}/dossier?{contest}&names=true")]
            }
            "/api/dossiers" => {
                let stations: Vec<String> = self.stations.iter().map(StationId::to_string).collect();
                vec![format!("{path}?{contest}&stations={}", stations.join(","))]
            }
            "/api/stations/{station}/bundle" => vec![format!("/api/stations/{station}/bundle")],
            "/api/photos/{hash}" => vec![format!("/api/photos/{}", hash_of(&self.photo))],
            "/api/photos/{hash}/crops" => {
                vec![format!("/api/photos/{}/crops?{contest}", hash_of(&self.photo))]
            }
            "/api/statements/{id}" => {
                self.accepted.iter().map(|(id, _)| format!("/api/statements/{id}")).collect()
            }
            _ => panic!("{path}: this test does not know how to call the new route"),
        }
    }

    fn lists(&self, contest: &str) -> Vec<String> {
        let orders = ["code", "age", "flags"].map(|sort| format!("sort={sort}"));
        let standings = ["verified", "corroborated", "provisional", "conflicting", "missing"]
            .map(|one| format!("standing={one}"));
        let others = ["flagged=true", "missing_photos=true", "search=1001"].map(str::to_owned);
        orders
            .into_iter()
            .chain(standings)
            .chain(others)
            .map(|query| format!("/api/stations?{contest}&{query}"))
            .collect()
    }

    async fn every_page_answers(&self, cookie: &str) {
        for route in central::routes() {
            if route.method != Method::GET || !matches!(route.audience, Audience::Roles(_)) {
                continue;
            }
            for address in self.addresses(route.path) {
                let answer = self.post.get(&address, cookie).await;
                assert!(answer.status.is_success(), "{address}: {}", String::from_utf8_lossy(&answer.body));
                if answer.headers["content-type"] == "application/json" {
                    check_numbers(&serde_json::from_slice(&answer.body).unwrap(), &address);
                }
            }
        }
    }

    /// Every tally on the page can be decided, and every photo asked for again.
    async fn coordinators_can_decide(&self, cookie: &str) {
        let station = &self.stations[0];
        let page = self.post.get(&format!("/api/stations/{station}?contest=ppwp"), cookie).await;
        let page: Value = page.json();
        let mut reviewer = Reviewer::new(&self.post, "pemeriksa", None).await;
        for tally in page["tallies"].as_array().unwrap() {
            let tally = tally["statement"].as_str().unwrap();
            let request = json!({ "tally": tally, "page": 1, "reason": "buram" });
            let path = format!("/api/stations/{station}/photo-requests");
            let answer = self.post.post_json(&path, cookie, request).await;
            assert_eq!(answer.status, StatusCode::CREATED, "a photo of {tally}");
            let (about, disputed) = (tally.parse().unwrap(), VerdictDecision::Disputed);
            let answer = reviewer.decide(&self.post, station, about, disputed, "periksa lagi").await;
            assert_eq!(answer.status, StatusCode::CREATED, "a verdict on {tally}");
        }
    }

    async fn phones_get_their_receipts_and_the_same_answer_again(&self) {
        self.post.endpoint.sequence().unwrap();
        for chunk in self.accepted.chunks(limit::RECEIPTS_PER_REQUEST) {
            let statements = chunk.iter().map(|(id, _)| *id).collect();
            let body = protocol::to_cbor(&ReceiptsRequest { statements, seen_size: 0 }).unwrap();
            let answer = self.post.post_bytes("/v1/receipts", protocol::CBOR, body).await;
            let receipts: ReceiptsResponse = protocol::from_cbor(&answer.body).unwrap();
            assert!(receipts.receipts.iter().all(Option::is_some));
        }
        for (_, bytes) in &self.accepted {
            assert!(self.post.push_one(bytes).await.is_ok());
        }
    }

    /// The bundle of the station is taken by another endpoint that knows the phones.
    async fn the_bundle_can_be_imported(&self, cookie: &str, namespace: Namespace) {
        let station = &self.stations[0];
        let bundle = self.post.get(&format!("/api/stations/{station}/bundle"), cookie).await.body;
        let mut package = demo_json();
        package["drill"] = (namespace == Namespace::Drill).into();
        let other = Post::of(&package);
        for (seed, station) in (1..).zip([&self.stations[0], &self.stations[1], &self.stations[0]]) {
            other.phone_at(seed, station).await;
        }
        let request = Request::post("/api/imports")
            .header("cookie", other.user("admin", Role::Admin, None).await)
            .header("content-type", "application/octet-stream")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(bundle))
            .unwrap();
        let imported: Value = other.send(request).await.json();
        // What is above the quota of an unassigned phone there stays out, as it does here.
        let count = imported["accepted"].as_u64().unwrap();
        assert!(count > 0, "{imported}");
        let cookie = other.user("b", Role::Admin, None).await;
        let page = other.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await;
        assert!(page.status.is_success());
    }

    /// What counts is the same after it was made again.
    async fn a_rebuild_changes_nothing(&self, cookie: &str) {
        let shown = self.post.get("/api/regions?contest=ppwp", cookie).await.body;
        let rebuilt = self.post.endpoint.rebuild().unwrap();
        // Those of the phones, and the verdicts on them.
        assert_eq!(rebuilt.statements, self.post.endpoint.store().statement_count().unwrap());
        assert!(rebuilt.statements >= self.accepted.len() as u64);
        assert_eq!(self.post.get("/api/regions?contest=ppwp", cookie).await.body, shown);
    }
}

/// Checks that a browser can hold every number of an answer, and read every time.
fn check_numbers(value: &Value, place: &str) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| check_numbers(item, place)),
        Value::Object(members) => {
            for (name, member) in members {
                let most = if name.ends_with("_ms") { TIME_MAX_MS } else { SAFE_MAX };
                let number = member.as_i64().map(i64::unsigned_abs).or(member.as_u64());
                assert!(number.is_none_or(|number| number <= most), "{place}: {name} is {member}");
                check_numbers(member, &format!("{place} {name}"));
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn any_accepted_statement_leaves_every_page_list_export_count_and_rebuild_working() {
    let mut accepted = BTreeSet::new();
    for seed in 0..STORES {
        let namespace = if seed % 3 == 2 { Namespace::Drill } else { Namespace::Real };
        let (store, kinds) = Store::new(seed, namespace).await;
        accepted.extend(kinds);
        let cookie = store.post.user("admin", Role::Admin, None).await;
        store.every_page_answers(&cookie).await;
        store.phones_get_their_receipts_and_the_same_answer_again().await;
        store.a_rebuild_changes_nothing(&cookie).await;
        store.coordinators_can_decide(&cookie).await;
        store.every_page_answers(&cookie).await;
        store.the_bundle_can_be_imported(&cookie, namespace).await;
        store.a_rebuild_changes_nothing(&cookie).await;
    }
    assert_eq!(accepted, BTreeSet::from(["attendance", "drill", "incident", "photo", "tally"]));
}
