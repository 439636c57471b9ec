//! Tokens: made and revoked by administrators, and shown once.

use protocol::{Problem, ProblemCode};
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::model::session_token::SessionToken;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewApiToken as StoredNew, StoredApiToken};
use crate::view::{ApiTokenView, NewApiToken, NewApiTokenRequest, readable};

/// What a token begins with, so that people and programs that look for leaked secrets know it.
const PREFIX: &str = "saksi_";
/// Maximum number of characters of a name.
const NAME_CHARS_MAX: usize = 100;
/// Maximum number of tokens. Each newsroom needs one.
const TOKENS_MAX: usize = 500;

/// The program that sends a request, by its token.
#[derive(Debug, Clone)]
pub(crate) struct OpenReader {
    pub(crate) number: i64,
    pub(crate) name: String,
    /// `None` is the whole election.
    pub(crate) region: Option<RegionCode>,
}

impl OpenReader {
    /// The requested region, if the token reads it; the token's own when none is requested.
    pub(crate) fn region_within(&self, wanted: Option<RegionCode>) -> Result<Option<RegionCode>, Refusal> {
        match (wanted, &self.region) {
            (None, own) => Ok(own.clone()),
            (Some(region), None) => Ok(Some(region)),
            (Some(region), Some(own)) if own.contains(&region) => Ok(Some(region)),
            _ => Err(Problem::new(ProblemCode::Forbidden, "this is outside of the token's region").into()),
        }
    }
}

impl Endpoint {
    pub(crate) fn api_token_views(&self) -> Result<Vec<ApiTokenView>, Refusal> {
        Ok(self.store().api_tokens()?.into_iter().map(view).collect())
    }

    /// Makes a token. It is in no other answer.
    pub(crate) fn add_api_token(
        &self,
        request: &NewApiTokenRequest,
        actor: &Actor,
    ) -> Result<NewApiToken, Refusal> {
        let name = readable(request.name.trim());
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(malformed("say in at most 100 characters who uses the token"));
        }
        if request.region.as_ref().is_some_and(|region| self.package().stations_in(Some(region)) == 0) {
            return Err(malformed("the election has no such region"));
        }
        if self.store().api_tokens()?.iter().filter(|token| token.revoked_at_ms.is_none()).count()
            >= TOKENS_MAX
        {
            return Err(malformed("there are too many tokens; revoke those that nobody uses"));
        }
        let token = SessionToken::random(self.environment())
            .map_err(|error| Refusal::internal("making a token", &error))?;
        let hash = token.hash();
        let new = StoredNew { hash, name: &name, region: request.region.as_ref() };
        self.store().add_api_token(&new, AuditContext { actor, now_ms: self.now_ms() })?;
        Ok(NewApiToken { token: format!("{PREFIX}{}", token.as_str()), number: hash.number() })
    }

    pub(crate) fn revoke_api_token(&self, number: i64, actor: &Actor) -> Result<Vec<ApiTokenView>, Refusal> {
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        if self.store().revoke_api_token(number, audit)? {
            self.api_token_views()
        } else {
            Err(Refusal::not_found())
        }
    }

    /// The program with this token; `None` if the token is not in force.
    pub(crate) fn open_reader(&self, token: &str) -> Result<Option<OpenReader>, Refusal> {
        let Some(token) = token.strip_prefix(PREFIX).and_then(SessionToken::from_text) else {
            return Ok(None);
        };
        let Some(found) = self.store().api_token(token.hash())? else { return Ok(None) };
        self.store().note_use_of_api_token(&found, self.now_ms())?;
        let StoredApiToken { number, name, region, .. } = found;
        Ok(Some(OpenReader { number, name, region }))
    }
}

fn malformed(detail: &str) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

fn view(token: StoredApiToken) -> ApiTokenView {
    let StoredApiToken { number, name, region, made_by, made_at_ms, used_at_ms, revoked_at_ms } = token;
    ApiTokenView { number, name, region, made_by, made_at_ms, used_at_ms, revoked_at_ms }
}
