//! Incidents that a witness reports: *kejadian khusus* (something out of the ordinary) and *keberatan saksi*
//! (an objection).

use coset::cbor::value::Value;
use serde::{Deserialize, Serialize};

use crate::cbor::{DecodeError, Fields};
use crate::id::StatementId;

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.incident.v1+cbor";

/// Maximum length of the description of an incident, in bytes of UTF-8.
pub const INCIDENT_TEXT_BYTES_MAX: usize = 4_000;

/// An incident that the witness reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentBody {
    pub category: IncidentCategory,
    /// Description. It must not name people.
    pub text: String,
    /// Whether the station's officers wrote it into their form for incidents and objections.
    pub on_the_form: bool,
    /// The tally that it is about.
    pub tally: Option<StatementId>,
}

macro_rules! categories {
    ($($(#[$doc:meta])* $category:ident = $number:literal,)*) => {
        /// The categories of incidents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum IncidentCategory {
            $($(#[$doc])* $category,)*
        }

        impl IncidentCategory {
            /// All categories, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$category,)*];

            /// The number in the statement.
            pub fn number(self) -> u64 {
                match self { $(Self::$category => $number,)* }
            }
        }
    };
}

categories! {
    /// *Keberatan saksi*: the witness objects to the count or to how it was done.
    Objection = 1,
    /// Figures on the paper were changed, or differ from what was called out.
    FiguresChanged = 2,
    /// The copy of the result form was not given to the witness.
    CopyWithheld = 3,
    /// The witness was prevented from seeing the vote or the count.
    WitnessHindered = 4,
    /// The station opened late, closed early, or moved.
    TimeOrPlace = 5,
    /// Ballots, ink or forms were missing, too few, or those of another district.
    Material = 6,
    /// Ballots that were already marked, or ballot boxes that were not sealed.
    BallotTampering = 7,
    /// People voted without being entitled to, or twice, or were prevented from voting.
    VoterRights = 8,
    /// Money or goods for votes.
    Inducement = 9,
    /// Threats or pressure.
    Intimidation = 10,
    /// Officials who did not stay neutral.
    Neutrality = 11,
    /// Violence.
    Violence = 12,
    /// A disaster, the weather, or no electricity.
    Disaster = 13,
    /// Anything else.
    Other = 99,
}

impl IncidentBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        let mut fields = vec![
            (10, Value::from(self.category.number())),
            (11, Value::from(self.text.as_str())),
            (12, Value::from(u8::from(self.on_the_form))),
        ];
        if let Some(tally) = &self.tally {
            fields.push((13, Value::Bytes(tally.0.to_vec())));
        }
        fields
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let number = fields.required(10)?.unsigned()?;
        let category = IncidentCategory::ALL
            .iter()
            .copied()
            .find(|category| category.number() == number)
            .ok_or("an unknown category of incident")?;
        let text = fields.required(11)?.text(INCIDENT_TEXT_BYTES_MAX)?.to_owned();
        if text.is_empty() {
            return Err("an incident without a description");
        }
        let on_the_form = match fields.required(12)?.unsigned()? {
            0 => false,
            1 => true,
            _ => return Err("neither yes nor no"),
        };
        let tally = fields.optional(13)?.map(|tally| tally.hash().map(StatementId)).transpose()?;
        Ok(Self { category, text, on_the_form, tally })
    }
}
