//! An enrolment that others may carry: the code of the invitation stays on the phone.
//!
//! A code makes a signing key, the *invitation key*. Endpoint and hall know its public half only. The phone
//! signs its own public key with it, so that one who carries the enrolment, or reads it on the way, can enrol
//! no other device.

use evidence::letters::meant;
use evidence::{DeviceKey, to_hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::normal_invitation;

/// A device's enrolment without the code of its invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedEnrolment {
    /// The device's Ed25519 public key, in hex.
    pub public_key: String,
    /// The device's signature over [`CarriedEnrolment::message`], in hex: proof that it holds the key.
    pub proof: String,
    /// The invitation. `None` for a device that has none at hand; a hall takes it as a guest.
    #[serde(default)]
    pub invitation: Option<InvitationProof>,
}

/// Proof that a device knows the code of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationProof {
    /// The public half of the invitation key, in hex.
    pub key: String,
    /// The invitation key's signature over [`CarriedEnrolment::message`], in hex.
    pub proof: String,
}

impl CarriedEnrolment {
    /// The enrolment of the device with this key, with the invitation of this code.
    pub fn sign(device: &DeviceKey, code: Option<&str>) -> Self {
        let invitation = code.map(invitation_key);
        let public_key = device.public().to_hex();
        let named = invitation.as_ref().map(|key| key.public().to_hex());
        let message = message(&public_key, named.as_deref());
        let proof = |key: DeviceKey| to_hex(&key.sign_message(&message));
        Self {
            proof: to_hex(&device.sign_message(&message)),
            invitation: named.zip(invitation.map(proof)).map(|(key, proof)| InvitationProof { key, proof }),
            public_key,
        }
    }

    /// The message that both keys sign: a fixed context, the device's public key, and the invitation key, so
    /// that neither signature fits together with another one.
    pub fn message(&self) -> Vec<u8> {
        message(&self.public_key, self.invitation.as_ref().map(|invitation| invitation.key.as_str()))
    }
}

/// The signing key that a code makes. A code has 80 random bits, so nobody finds it from the public half.
pub fn invitation_key(code: &str) -> DeviceKey {
    let code: String = normal_invitation(code).chars().map(meant).collect();
    let seed = Sha256::new().chain_update(b"saksi-invitation-key-v1\0").chain_update(code).finalize();
    DeviceKey::from_seed(seed.into())
}

fn message(public_key: &str, invitation_key: Option<&str>) -> Vec<u8> {
    let keys = format!("{public_key}\0{}", invitation_key.unwrap_or_default());
    [b"saksi-enrol-carried-v1\0", keys.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_makes_the_same_key_however_it_is_typed_and_another_code_another_one() {
        let key = |code| invitation_key(code).public().to_hex();
        assert_eq!(key("ABCD-EFGH-JKMN-PQR0"), key(" abcd efgh jkmn pqro"));
        assert_ne!(key("ABCD-EFGH-JKMN-PQR0"), key("ABCD-EFGH-JKMN-PQR2"));
    }

    #[test]
    fn the_code_is_not_in_a_carried_enrolment() {
        let device = DeviceKey::from_seed([3; 32]);
        let carried = CarriedEnrolment::sign(&device, Some("ABCD-EFGH-JKMN-PQRS"));
        let written = format!("{carried:?}").to_uppercase();
        assert!(!written.contains("ABCDEFGH") && !written.contains("ABCD-EFGH"), "{written}");
    }
}
