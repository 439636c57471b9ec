//! The keys with which coordinators sign what they decide: made in a browser, enrolled with a proof, revoked
//! when the browser is lost.

use evidence::{DeviceId, PublicKey};
use protocol::{Problem, ProblemCode, limit};

use super::not_found;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, EnrolReviewKey, NewReviewKey, StoredReviewKey, User};
use crate::view::{ReviewKeyRequest, ReviewKeyView, Role};

/// Maximum number of keys of one user that are not revoked: one for each browser.
const KEYS_OF_A_USER_MAX: u64 = 10;

/// What a key signs to show that the user who enrols it has its secret half. It names the user, so nobody
/// enrols somebody else's key.
fn possession_message(election: &str, user: &str, key: PublicKey) -> Vec<u8> {
    let mut message = format!("saksi-review-key-v1\0{election}\0{user}\0").into_bytes();
    message.extend_from_slice(&key.to_bytes());
    message
}

impl Endpoint {
    /// Enrols a key of a user who has just shown the password.
    pub(crate) fn enrol_review_key(
        &self,
        request: &ReviewKeyRequest,
        user: &User,
    ) -> Result<ReviewKeyView, Refusal> {
        let invalid = |detail: &str| Refusal::from(Problem::new(ProblemCode::ProofInvalid, detail));
        let key = PublicKey::from_hex(&request.key).map_err(|_| invalid("the public key cannot be read"))?;
        let proof = bytes_of(&request.proof).ok_or_else(|| invalid("the signature cannot be read"))?;
        let message = possession_message(self.election().id.as_str(), &user.name, key);
        if !key.verify_message(&message, &proof) {
            return Err(invalid("the key did not sign who enrols it"));
        }
        let actor = Actor::User(user.name.clone());
        let audit = AuditContext { actor: &actor, now_ms: self.now_ms() };
        let new = NewReviewKey { key, account: &user.name, keeping: request.keeping };
        match self.store().enrol_review_key(new, KEYS_OF_A_USER_MAX, audit)? {
            EnrolReviewKey::Enrolled | EnrolReviewKey::Known => {
                let stored = self.store().review_key(key.device_id())?.ok_or_else(not_found)?;
                Ok(review_key_view(&stored))
            }
            EnrolReviewKey::Taken => Err(refused("the key is revoked, or not this user's")),
            EnrolReviewKey::TooMany => Err(refused("revoke the key of a browser that is not used any more")),
        }
    }

    /// All keys, so that anybody can compare whose they are.
    pub(crate) fn review_key_views(&self) -> Result<Vec<ReviewKeyView>, Refusal> {
        Ok(self.store().review_keys()?.iter().map(review_key_view).collect())
    }

    /// Revokes one's own key, or as an admin any. What it signed before stays.
    pub(crate) fn revoke_review_key(
        &self,
        device: DeviceId,
        because: &str,
        user: &User,
    ) -> Result<ReviewKeyView, Refusal> {
        let because = because.trim();
        if because.chars().count() > limit::REVOCATION_REASON_CHARS {
            let detail = format!("a reason has at most {} characters", limit::REVOCATION_REASON_CHARS);
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        let found = self.store().review_key(device)?.ok_or_else(not_found)?;
        let may = found.account == user.name || (user.role == Role::Admin && user.region.is_none());
        if !may {
            return Err(Problem::new(ProblemCode::Forbidden, "the key is another user's").into());
        }
        let actor = Actor::User(user.name.clone());
        let audit = AuditContext { actor: &actor, now_ms: self.now_ms() };
        let because = Some(because).filter(|because| !because.is_empty());
        self.store().revoke_review_key(device, because, audit)?;
        Ok(review_key_view(&self.store().review_key(device)?.ok_or_else(not_found)?))
    }
}

fn review_key_view(stored: &StoredReviewKey) -> ReviewKeyView {
    ReviewKeyView {
        id: stored.key.device_id().to_string(),
        key: stored.key.to_hex(),
        user: stored.account.clone(),
        keeping: stored.keeping,
        enrolled_at_ms: stored.enrolled_at_ms,
        revoked_at_ms: stored.revoked_at_ms,
        sequence: stored.head.map_or(0, |(sequence, _)| sequence),
        head: stored.head.map(|(_, id)| id.to_string()),
    }
}

/// The bytes of a signature in hex.
fn bytes_of(hex: &str) -> Option<[u8; 64]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let bytes: Vec<u8> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect::<Option<_>>()?;
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

fn refused(detail: &str) -> Refusal {
    Problem::new(ProblemCode::AccountRefused, detail).into()
}
