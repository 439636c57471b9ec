//! A drill in a trainer's hall: what a phone says of itself, and what the hall tells it to do.
//!
//! A phone joins by the link on the wall, as at any hall: [`crate::EndpointInfo::drill`] is set, and the
//! log to pin is the hall's own, which the link names. It makes a key for the drill alone and enrols with
//! a [`crate::CarriedEnrolment`] without an invitation. The answer has the package of the drill and one
//! station. Then it sends [`DrillProgress`] every few seconds, also while the network is cut, and gets
//! [`DrillState`]. What it seals goes to the hall by the usual push, as statements of the drill.

use evidence::{DeviceId, DeviceKey, PublicKey, to_hex};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::request_proof::signature_of_hex;

/// Maximum length of the code of a section, in bytes.
pub const DRILL_SECTION_BYTES_MAX: usize = 24;

/// What a phone does in an exercise. A later one never comes before an earlier one of the same attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DrillStage {
    /// It waits for an exercise.
    Waiting,
    /// Figures are typed.
    Entering,
    /// The pages are photographed.
    Photographing,
    /// The tally is sealed, and not graded yet.
    Sealed,
    /// The witness sees the result.
    Graded,
}

impl DrillStage {
    /// All stages, in their order.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Entering, Self::Photographing, Self::Sealed, Self::Graded];

    /// Its name on the wire and in databases.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Entering => "entering",
            Self::Photographing => "photographing",
            Self::Sealed => "sealed",
            Self::Graded => "graded",
        }
    }
}

impl std::str::FromStr for DrillStage {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|stage| stage.word() == word);
        known.ok_or_else(|| format!("cannot read {word:?} as a stage of an exercise"))
    }
}

/// `PUT /v1/drill`, JSON: what a phone does now. It may be sent again at any time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillProgress {
    /// The exercise of the scenario, from 1. `None` before the first.
    pub exercise: Option<u8>,
    pub stage: DrillStage,
    /// The code of the section in which the witness types, such as `IV`, of at most
    /// [`DRILL_SECTION_BYTES_MAX`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Whether the witness asks for help.
    pub hand_raised: bool,
    /// The SHA-256, in hex, of the scenario that the phone has. The answer brings another one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Who the witness is in the real election, if they agree that the training is noted for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<KnownAs>,
}

impl DrillProgress {
    /// Whether its texts are as short as they must be, and printable.
    pub fn is_within_bounds(&self) -> bool {
        let section = self.section.as_deref().unwrap_or_default();
        section.len() <= DRILL_SECTION_BYTES_MAX && section.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// What the hall answers: the state of the class. Receiving it twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillState {
    /// The scenario as a file's JSON (`saksi-scenario/1`), if it is another one than the phone has. Its
    /// SHA-256 is the one that [`DrillProgress::scenario`] names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// The number of the copies that this phone types from: sheet `2-07` is exercise 2, copy 7. It never
    /// changes.
    pub copy: u16,
    /// The exercise that is open, from 1. `None` before the first and after the end.
    pub exercise_open: Option<u8>,
    /// Nothing is to be typed now.
    pub paused: bool,
    /// The phone behaves as without a network: it sends nothing but its progress.
    pub network_cut: bool,
}

/// Proof that the phone of a drill is the phone of a witness: a key that the real endpoint knows has
/// signed the id of the drill's device. It is the key of the phone's device in the real election, or the
/// key of its invitation ([`crate::invitation_key`]). It serves for nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAs {
    /// The public half of the known key, in hex.
    pub key: String,
    /// Its signature over [`known_as_message`], in hex.
    pub proof: String,
}

impl KnownAs {
    /// Signs that this key's owner practises with the drill's device.
    pub fn sign(known: &DeviceKey, drill_device: DeviceId) -> Self {
        let proof = to_hex(&known.sign_message(&known_as_message(drill_device)));
        Self { key: known.public().to_hex(), proof }
    }

    /// The known key, if it has signed the id of this device.
    pub fn verified(&self, drill_device: DeviceId) -> Option<PublicKey> {
        let key = PublicKey::from_hex(&self.key).ok()?;
        let proof = signature_of_hex(&self.proof)?;
        key.verify_message(&known_as_message(drill_device), &proof).then_some(key)
    }
}

/// The message that a known key signs for the device of a drill: a fixed context, then the device's id.
pub fn known_as_message(drill_device: DeviceId) -> Vec<u8> {
    [b"saksi-drill-known-as-v1\0".as_slice(), &drill_device.0].concat()
}

/// Maximum number of results in one [`DrillResultsRequest`].
pub const DRILL_RESULTS_MAX: usize = 64;

/// `POST /v1/drill/results`, CBOR: the signed results of a drill, which its hall hands to the real
/// endpoint. That stores them apart from everything that counts. The answer is a [`crate::PushResponse`]
/// with one outcome for each, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillResultsRequest {
    /// At most [`DRILL_RESULTS_MAX`].
    pub results: Vec<CarriedResult>,
}

/// A result as the phone of the drill signed it, with what says whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedResult {
    /// The statement's bytes.
    pub statement: ByteBuf,
    /// The public key of the drill's device, in hex.
    pub public_key: String,
    pub known_as: KnownAs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_device_is_known_by_a_proof() {
        let (real, drill) = (DeviceKey::from_seed([1; 32]), DeviceKey::from_seed([2; 32]));
        let known = KnownAs::sign(&real, drill.public().device_id());
        assert_eq!(known.verified(drill.public().device_id()), Some(real.public()));
        assert_eq!(known.verified(real.public().device_id()), None);
        let forged = KnownAs { key: drill.public().to_hex(), ..known };
        assert_eq!(forged.verified(drill.public().device_id()), None);
    }

    #[test]
    fn a_long_or_unprintable_section_is_out_of_bounds() {
        let of = |section: &str| DrillProgress {
            exercise: Some(1),
            stage: DrillStage::Entering,
            section: Some(section.to_owned()),
            hand_raised: false,
            scenario: None,
            known_as: None,
        };
        assert!(of("IV").is_within_bounds() && of("P12.A").is_within_bounds());
        assert!(!of("IV\u{202e}").is_within_bounds() && !of("I V").is_within_bounds());
        assert!(!of(&"I".repeat(DRILL_SECTION_BYTES_MAX + 1)).is_within_bounds());
    }

    #[test]
    fn stages_are_read_as_they_are_written() {
        for stage in DrillStage::ALL {
            assert_eq!(stage.word().parse(), Ok(stage));
            let written: String = crate::from_cbor(&crate::to_cbor(&stage).unwrap()).unwrap();
            assert_eq!(written, stage.word());
        }
    }
}
