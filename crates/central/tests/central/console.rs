//! Logging in, and who may do what.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use central::view::{InvitationList, NewInvitation, Role, SessionView};
use central::{Audience, Endpoint, Reach, RouteInfo, routes};
use protocol::ProblemCode;
use sha2::{Digest as _, Sha256};

use crate::people_access::SomePeople;
use crate::post::{Answer, PASSWORD, Post, picture, sound_tally};

#[tokio::test]
async fn a_login_lasts_twelve_hours_or_until_logout() {
    let post = Post::new();
    let cookie = post.user("lestari", Role::Coordinator, Some("52.71")).await;
    let session: SessionView = post.get("/api/session", &cookie).await.json();
    assert_eq!((session.user.as_str(), session.role), ("lestari", Role::Coordinator));
    assert_eq!(session.region.unwrap().as_str(), "52.71");
    assert_eq!(session.kinds.len(), 1);

    post.clock.advance(12 * 60 * 60 * 1_000 - 1);
    assert_eq!(post.get("/api/session", &cookie).await.status, StatusCode::OK);
    post.clock.advance(1);
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded);

    let answer = post.log_in("lestari", PASSWORD).await;
    let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(set.contains(attribute), "{attribute} is missing");
    }
    let cookie = set.split(';').next().unwrap();
    assert_eq!(
        post.post_json("/api/logout", cookie, serde_json::json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(post.get("/api/session", cookie).await.code(), ProblemCode::LoginNeeded);
}

#[tokio::test]
async fn the_data_folder_holds_neither_tokens_nor_passwords() {
    let post = Post::new();
    let cookie = post.user("lestari", Role::Admin, None).await;
    let token = cookie.split_once('=').unwrap().1;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(post.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            looked_at += bytes.len();
            for secret in [token, PASSWORD] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "a secret is in {}", path.display());
            }
        }
    }
    assert!(looked_at > 0);
}

/// The addresses with a thing in each that is there: a device's, a station's, a photo's, a statement's.
struct Things {
    device: String,
    station: String,
    photo: String,
    statement: String,
    invitation: String,
    incident: String,
    message: String,
    people: SomePeople,
    endpoint: Endpoint,
}

impl Things {
    async fn of(post: &Post) -> Self {
        let station = post.station(0);
        let mut phone = post.phone_at(1, &station).await;
        let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
        let bytes = picture(1, 10);
        let photo = phone.photo(&station, tally.id, 1, &bytes);
        post.push(&[&tally.bytes, &photo.bytes]).await;
        let hash = crate::post::hash_of(&bytes);
        post.photo_piece(hash, 0, &bytes).await;
        Self {
            device: phone.key.public().device_id().to_string(),
            station: station.to_string(),
            photo: hash.to_string(),
            statement: tally.id.to_string(),
            invitation: post.invite(&station).invitation.to_string(),
            incident: crate::incidents::reported(post, &mut phone, &station).await.to_string(),
            message: crate::messages::sent_by_the_operator(post).to_string(),
            people: SomePeople::of(post).await,
            endpoint: post.endpoint.clone(),
        }
    }

    /// Number of steps that were taken about the incident.
    fn steps(&self) -> u32 {
        let incident = self.endpoint.store().incident(self.incident.parse().unwrap()).unwrap();
        incident.map_or(0, |incident| incident.steps)
    }

    fn request(&self, method: &Method, path: &str, cookie: &str) -> Request<Body> {
        let of_people = self.people.body(path);
        let path = self.people.path(path);
        let path = if path.contains("{import}") && path.contains("/official/") {
            let import = crate::official::at_step_for(&self.endpoint, &path);
            path.replace("{import}", &import.to_string())
        } else {
            path
        };
        let path = path
            .replace("{code}", "52.71.05")
            .replace("{station}", &self.station)
            .replace("{device}", &self.device)
            .replace("{hash}", &self.photo)
            .replace("{id}", &self.statement)
            .replace("{invitation}", &self.invitation)
            .replace("{user}", "somebody")
            .replace("{key}", &self.device)
            .replace("{message}", &self.message)
            .replace("{statement}", &self.incident)
            .replace("{session}", &session_number(cookie).to_string());
        let mut media_type = "application/json";
        let body = if *method == Method::GET {
            Body::empty()
        } else if path == "/api/people/imports" {
            media_type = "application/octet-stream";
            Body::from("Nama,Kode Desa\nOrang Keempat,52.71.05.1001\n")
        } else if path == "/api/imports" {
            media_type = "application/octet-stream";
            Body::from(evidence::bundle::write(Vec::new(), Vec::new()).unwrap())
        } else if path == "/api/official/imports" {
            media_type = "application/octet-stream";
            Body::from("kode,suara_01\n5271051001001,5\n")
        } else if let Some(body) = of_people {
            Body::from(body.to_string())
        } else {
            // What each of them wants to read, in one.
            let wanted = serde_json::json!({
                "stations": [self.station],
                "kept": "12 ABCD",
                "name": "Redaksi",
                "tally": self.statement,
                "statement": "aGFp",
                "contest": "ppwp",
                "key": "00",
                "proof": "00",
                "keeping": "browser",
                "photo": self.photo,
                "page": 1,
                "reason": "buram",
                "user": "somebody",
                "role": "auditor",
                "old": PASSWORD,
                "new": "garam dan laut",
                "password": PASSWORD,
                "code": "000000",
                "text": "Rapat pukul 12.",
                "state": "in_work",
                "note": "Sudah menelepon.",
                "after_steps": self.steps(),
                "region": null,
                "header_row": 1,
                "columns": { "code": "kode", "votes:1": "suara_01" },
                "order": "pause",
            });
            Body::from(wanted.to_string())
        };
        Request::builder()
            .method(method)
            .uri(format!("{path}?contest=ppwp&file=hasil.csv&stations={}", self.station))
            .header("content-type", media_type)
            .header("cookie", cookie)
            .body(body)
            .unwrap()
    }
}

/// The number of the session of a cookie.
fn session_number(cookie: &str) -> i64 {
    let token = cookie.split_once('=').map_or("", |(_, token)| token);
    let hash = Sha256::digest(token.as_bytes());
    hash[..6].iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Whether a route let the user in, and refused what the request is about: nobody of this test has a second
/// factor or a key, and the account has no session.
fn is_refused_for_its_content(path: &str, answer: &Answer) -> bool {
    match path {
        "/api/session/second-factor/confirm"
        | "/api/session/second-factor/recovery-codes"
        | "/api/session/second-factor/remove"
        | "/api/accounts/{user}/second-factor/reset" => answer.code() == ProblemCode::AccountRefused,
        "/api/accounts/{user}/sessions/{session}/end" => answer.code() == ProblemCode::NotFound,
        "/api/stations/{station}/verdicts" => answer.code() == ProblemCode::StatementMalformed,
        // No drill is served here.
        "/api/drill" | "/api/drill/report" | "/api/drill/report.pdf" => {
            answer.code() == ProblemCode::NotFound
        }
        "/api/review-keys" => answer.code() == ProblemCode::ProofInvalid,
        "/api/review-keys/{key}/revoke" | "/api/tokens/{token}/revoke" => {
            answer.code() == ProblemCode::NotFound
        }
        _ => false,
    }
}

#[tokio::test]
async fn every_route_asks_for_a_login_a_role_and_a_region() {
    let post = Post::new();
    let things = Things::of(&post).await;
    let roles = [Role::Admin, Role::Coordinator, Role::Trainer, Role::Auditor];
    let own_desa = things.station.split('-').next().unwrap();
    let other_desa = "52.71.05.1005";
    assert_ne!(own_desa, other_desa);

    let mut forbidden = 0;
    for (number, route) in routes().into_iter().enumerate() {
        let RouteInfo { method, path, audience, reach, .. } = route;
        let name = format!("{method} {path}");
        let Audience::Roles(allowed) = audience else {
            let is_open = path == "/api/login" || !path.starts_with("/api/");
            assert!(is_open, "{name}: of the console, only the login is open to everybody");
            continue;
        };
        for cookie in ["", "__Host-saksi_session=", &format!("__Host-saksi_session={}", "0".repeat(64))] {
            let answer = post.send(things.request(&method, path, cookie)).await;
            assert_eq!(answer.code(), ProblemCode::LoginNeeded, "{name} without a login");
        }
        for role in roles {
            let cookie = post.user(&format!("u{number}-{role:?}"), role, None).await;
            let answer = post.send(things.request(&method, path, &cookie)).await;
            if allowed.contains(&role) {
                let is_answered = answer.status.is_success() || is_refused_for_its_content(path, &answer);
                assert!(is_answered, "{name} as {role:?}: {}", answer.status);
            } else {
                forbidden += 1;
                assert_eq!(answer.code(), ProblemCode::Forbidden, "{name} as {role:?}");
            }
        }
        let cookie = post.user(&format!("far{number}"), Role::Coordinator, Some(other_desa)).await;
        let answer = post.send(things.request(&method, path, &cookie)).await;
        // These are about regions that the request names in its body, or by a contest.
        let names_region = ["/api/seats", "/api/projection", "/api/dossiers"].contains(&path)
            || (method == Method::POST && path == "/api/messages")
            || path == "/api/messages/{message}/withdraw"
            || (method == Method::POST && path == "/api/invitations")
            || SomePeople::names_region(&method, path)
            // What counts is for everybody; the rest of an import is for those who reach its region.
            || (path.starts_with("/api/official/imports/{import}") && !path.ends_with("/changes"));
        if reach != Reach::Cut || names_region {
            assert_eq!(answer.code(), ProblemCode::Forbidden, "{name} from another region");
        } else {
            let is_answered = answer.status.is_success() || is_refused_for_its_content(path, &answer);
            assert!(is_answered, "{name}: {}", answer.status);
        }
    }
    assert!(forbidden > 0);
}

#[tokio::test]
async fn what_a_user_sees_ends_at_their_region() {
    let post = Post::new();
    let things = Things::of(&post).await;
    let own = things.station.split('-').next().unwrap();
    let near = post.user("near", Role::Coordinator, Some(own)).await;
    let list: central::view::StationList = post.get("/api/stations?contest=ppwp", &near).await.json();
    assert!(list.total > 0 && list.stations.iter().all(|row| row.station.desa().as_str() == own));
    let asked = post.get("/api/stations?contest=ppwp&region=52.71", &near).await;
    assert_eq!(asked.code(), ProblemCode::Forbidden);
    let region: central::view::RegionView = post.get("/api/regions?contest=ppwp", &near).await.json();
    assert_eq!(region.path.last().unwrap().code.as_str(), own);
    let far = post.user("far", Role::Coordinator, Some("52.71.05.1005")).await;
    let list: InvitationList = post.get("/api/invitations", &far).await.json();
    assert!(list.invitations.is_empty());
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let body = serde_json::json!({ "stations": [post.station(0)] }).to_string();
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        for path in ["/api/invitations", "/api/login", "/api/logout"] {
            let request = Request::post(path)
                .header("cookie", &cookie)
                .header("content-type", "application/json")
                .header("host", "saksi.example")
                .header(header, value)
                .body(Body::from(body.clone()))
                .unwrap();
            assert_eq!(post.send(request).await.code(), ProblemCode::Forbidden, "{path} with {header}");
        }
    }
    let list: InvitationList = post.get("/api/invitations", &cookie).await.json();
    assert!(list.invitations.is_empty());
    assert_eq!(post.get("/api/session", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn invitations_are_made_listed_and_audited() {
    let post = Post::new();
    let cookie = post.user("pelatih", Role::Trainer, None).await;
    let stations = [post.station(0), post.station(1)];
    let made = post.post_json("/api/invitations", &cookie, serde_json::json!({ "stations": stations })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made: Vec<NewInvitation> = made.json();
    assert_eq!(made.len(), 2);

    let phone = crate::post::Phone::new(1);
    post.clock.advance(1_000);
    post.enrol(&phone.asks_with(&made[0].code)).await;
    let listed = post.get("/api/invitations", &cookie).await.json::<InvitationList>().invitations;
    assert_eq!(listed.len(), 2);
    let used = listed.iter().find(|invitation| invitation.invitation == made[0].invitation).unwrap();
    assert_eq!(used.contests.len(), 1);
    assert_eq!(used.device, Some(phone.key.public().device_id().to_string()));
    assert_eq!(used.used_at_ms, Some(crate::post::NOON_MS + 1_000));

    let audit = post.endpoint.store().audit().unwrap();
    let by_trainer: Vec<_> = audit.iter().filter(|entry| entry.actor == "user:pelatih").collect();
    let actions: Vec<&str> = by_trainer.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["session.open", "invitation.create"]);
    assert!(stations.iter().all(|station| by_trainer[1].subject.contains(&station.to_string())));
    let codes_in_audit =
        audit.iter().any(|entry| made.iter().any(|invitation| entry.subject.contains(&invitation.code)));
    assert!(!codes_in_audit);

    let unknown = serde_json::json!({ "stations": ["11.01.01.2001-001"] });
    let refused = post.post_json("/api/invitations", &cookie, unknown).await;
    assert_eq!(refused.code(), ProblemCode::StationUnknown);
    let none = post.post_json("/api/invitations", &cookie, serde_json::json!({ "stations": [] })).await;
    assert_eq!(none.code(), ProblemCode::RequestMalformed);
    let contest = serde_json::json!({ "stations": stations, "contests": ["dpd"] });
    let refused = post.post_json("/api/invitations", &cookie, contest).await;
    assert_eq!(refused.code(), ProblemCode::ContestUnknown);
}

#[tokio::test]
async fn every_answer_to_a_browser_carries_the_headers_that_keep_it_from_being_tricked() {
    let post = Post::new();
    for path in ["/", "/tps/52.71", "/api/session"] {
        let answer = post.get(path, "").await;
        for header in
            ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"]
        {
            assert!(answer.headers.contains_key(header), "{header} is missing at {path}");
        }
    }
    let page = post.get("/", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
}
