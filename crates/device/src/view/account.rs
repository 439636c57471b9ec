//! What a witness puts on record beside tallies and photos, as the screens are told of it.

use evidence::{AttendanceEvent, IncidentCategory};
use serde::Serialize;

use super::LifeView;

/// What was put on record at one station, and the incident that is being written down.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AccountsView {
    /// The incident that is being written down.
    pub draft: Option<IncidentDraftView>,
    /// Most characters of an account.
    pub account_chars_max: u32,
    /// What was sealed, newest first.
    pub sealed: Vec<AccountView>,
}

/// An incident that is being written down. It is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentDraftView {
    /// Of which sort, once that was chosen.
    pub category: Option<IncidentCategory>,
    /// What happened.
    pub account: String,
    /// Whether the officers wrote it into their form.
    pub on_the_form: bool,
    /// When it was last saved.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub saved_at_ms: i64,
}

/// Something that was sealed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AccountView {
    /// Statement id, hex.
    pub statement: String,
    /// When it was sealed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sealed_at_ms: i64,
    /// How it stands.
    pub life: LifeView,
    /// What it says.
    pub account: Account,
}

/// What such a record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Account {
    /// The witness came, left, or was not let in.
    Attendance {
        /// Which of these.
        event: AttendanceEvent,
    },
    /// *Kejadian khusus* or *keberatan saksi*.
    Incident {
        /// Of which sort.
        category: IncidentCategory,
        /// What happened.
        text: String,
        /// Whether the officers wrote it into their form.
        on_the_form: bool,
    },
}
