//! Messages of coordinators to the witnesses of a region.

use protocol::{Problem, ProblemCode, limit};
use tally::RegionCode;

use super::not_found;
use crate::endpoint::Endpoint;
use crate::model::person::MessageId;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewMessage, SendingRate, StationRange, StoredMessage, User};
use crate::view::MessageView;

/// Maximum number of messages that one user sends within an hour. Phones read all of them on a slow line.
const MESSAGES_AN_HOUR: u64 = 30;
const HOUR_MS: i64 = 60 * 60 * 1_000;

impl Endpoint {
    /// Sends a message to all witnesses of a region.
    pub(crate) fn send_message(
        &self,
        region: Option<&RegionCode>,
        text: &str,
        sender: &User,
    ) -> Result<MessageView, Refusal> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > limit::MESSAGE_CHARS {
            return Err(refused(format!("a message has 1 to {} characters", limit::MESSAGE_CHARS)));
        }
        if region.is_some_and(|code| self.election().region(code).is_none()) {
            return Err(refused("the election has no such region".to_owned()));
        }
        let id = MessageId::new(self.environment())
            .map_err(|error| Refusal::internal("making a message's id", &error))?;
        let now_ms = self.now_ms();
        let actor = Actor::User(sender.name.clone());
        let rate = SendingRate { most: MESSAGES_AN_HOUR, since_ms: now_ms - HOUR_MS };
        let message = NewMessage { id, region, text, sender: &sender.name };
        if !self.store().send_message(message, rate, AuditContext { actor: &actor, now_ms })? {
            return Err(refused(format!("one user sends at most {MESSAGES_AN_HOUR} messages an hour")));
        }
        let sent = self.store().message(id)?.ok_or_else(not_found)?;
        self.message_view(sent, sender)
    }

    /// Withdraws a message: the witnesses see that it does not hold any more.
    pub(crate) fn withdraw_message(&self, id: MessageId, user: &User) -> Result<MessageView, Refusal> {
        let found = self.store().message(id)?.filter(|message| may_see(message, user));
        let message = found.ok_or_else(not_found)?;
        if !may_withdraw(&message, user) {
            let detail = "its witnesses are not all in the user's region";
            return Err(Problem::new(ProblemCode::Forbidden, detail).into());
        }
        let actor = Actor::User(user.name.clone());
        self.store().withdraw_message(&message, AuditContext { actor: &actor, now_ms: self.now_ms() })?;
        let withdrawn = self.store().message(id)?.ok_or_else(not_found)?;
        self.message_view(withdrawn, user)
    }

    /// A message as a user sees it: of its witnesses, those of the user's region are counted.
    pub(crate) fn message_view(&self, message: StoredMessage, user: &User) -> Result<MessageView, Refusal> {
        let region = message.region.as_ref();
        let devices = self.store().devices_at(&StationRange::of_region(region))?;
        Ok(self.counted_view(message, devices, user))
    }

    /// The same, with the number of devices.
    pub(crate) fn counted_view(&self, message: StoredMessage, devices: u64, user: &User) -> MessageView {
        let name = message.region.as_ref().and_then(|code| self.election().region(code));
        MessageView {
            may_withdraw: message.withdrawn_at_ms.is_none() && may_withdraw(&message, user),
            message: message.id.to_string(),
            name: name.map(|region| region.name.clone()).unwrap_or_default(),
            region: message.region,
            text: message.text,
            by: message.sender,
            at_ms: message.at_ms,
            withdrawn_at_ms: message.withdrawn_at_ms,
            devices,
            read: message.read,
        }
    }
}

/// Whether a user may see a message: it is for their region, for a part of it, or for one that contains it.
pub(crate) fn may_see(message: &StoredMessage, user: &User) -> bool {
    match (&message.region, &user.region) {
        (Some(region), Some(own)) => own.contains(region) || region.contains(own),
        _ => true,
    }
}

/// Whether all witnesses of a message are in the user's region, and the user may coordinate them.
fn may_withdraw(message: &StoredMessage, user: &User) -> bool {
    let reaches = match &message.region {
        Some(region) => user.reaches(region),
        None => user.region.is_none(),
    };
    reaches && user.role.coordinates()
}

fn refused(detail: String) -> Refusal {
    Problem::new(ProblemCode::MessageRefused, detail).into()
}
