//! A coordinator with a browser, which makes a key and signs what the coordinator decides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use central::view::{ReviewKeyView, Role};
use evidence::{
    Body, CorrectionBody, DeviceKey, Draft, Namespace, Sealed, StatementId, Subject, VerdictBody,
    VerdictDecision,
};
use serde_json::json;
use tally::StationId;

use crate::post::{Answer, NOON_MS, PASSWORD, Post, demo_subject};

pub(crate) struct Reviewer {
    pub(crate) key: DeviceKey,
    pub(crate) cookie: String,
    sequence: u64,
    previous: Option<StatementId>,
}

impl Reviewer {
    /// A new user, whose browser has an enrolled key.
    pub(crate) async fn new(post: &Post, name: &str, region: Option<&str>) -> Self {
        let cookie = post.user(name, Role::Coordinator, region).await;
        Self::with_cookie(post, name, cookie).await
    }

    /// The browser of a user who is logged in.
    pub(crate) async fn with_cookie(post: &Post, name: &str, cookie: String) -> Self {
        let mut seed = [9; 32];
        for (at, byte) in seed.iter_mut().zip(name.bytes()) {
            *at = byte;
        }
        let key = DeviceKey::from_seed(seed);
        let answer = enrol(post, name, &cookie, &key, &key).await;
        let _: ReviewKeyView = answer.json();
        Self { key, cookie, sequence: 0, previous: None }
    }

    pub(crate) fn seal(&mut self, subject: Subject, body: Body) -> Sealed {
        let sealed = self.seal_at(subject, body, self.sequence + 1, self.previous);
        (self.sequence, self.previous) = (self.sequence + 1, Some(sealed.id));
        sealed
    }

    /// Seals at any place of the chain, and does not remember it.
    pub(crate) fn seal_at(
        &self,
        subject: Subject,
        body: Body,
        sequence: u64,
        previous: Option<StatementId>,
    ) -> Sealed {
        let draft = Draft { subject, sealed_at_s: NOON_MS / 1_000, sequence, previous, body };
        draft.seal(&self.key).unwrap()
    }

    pub(crate) async fn send(&self, post: &Post, station: &StationId, bytes: &[u8]) -> Answer {
        let body = json!({ "statement": STANDARD.encode(bytes) });
        post.post_json(&format!("/api/stations/{station}/verdicts"), &self.cookie, body).await
    }

    /// Signs and sends. What was refused is not in the chain.
    pub(crate) async fn decide(
        &mut self,
        post: &Post,
        station: &StationId,
        about: StatementId,
        decision: VerdictDecision,
        reason: &str,
    ) -> Answer {
        let body = Body::Verdict(VerdictBody { statement: about, decision, reason: reason.to_owned() });
        self.sign(post, station, body).await.1
    }

    pub(crate) async fn correct(
        &mut self,
        post: &Post,
        station: &StationId,
        correction: CorrectionBody,
    ) -> (Sealed, Answer) {
        self.sign(post, station, Body::Correction(correction)).await
    }

    async fn sign(&mut self, post: &Post, station: &StationId, body: Body) -> (Sealed, Answer) {
        let before = (self.sequence, self.previous);
        let namespace = if post.endpoint.election().drill { Namespace::Drill } else { Namespace::Real };
        let sealed = self.seal(Subject { namespace, ..demo_subject(station) }, body);
        let answer = self.send(post, station, &sealed.bytes).await;
        if !answer.status.is_success() {
            (self.sequence, self.previous) = before;
        }
        (sealed, answer)
    }
}

/// Enrols a key for a user, with a proof that `signing` signed.
pub(crate) async fn enrol(
    post: &Post,
    user: &str,
    cookie: &str,
    key: &DeviceKey,
    signing: &DeviceKey,
) -> Answer {
    let election = post.endpoint.election().id.as_str();
    let mut message = format!("saksi-review-key-v1\0{election}\0{user}\0").into_bytes();
    message.extend_from_slice(&key.public().to_bytes());
    let proof = evidence::to_hex(&signing.sign_message(&message));
    let body = json!({
        "password": PASSWORD, "key": key.public().to_hex(), "proof": proof, "keeping": "browser",
    });
    post.post_json("/api/review-keys", cookie, body).await
}
