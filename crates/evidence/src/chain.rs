//! A device's chain: each statement has the device's next sequence number and the id of the statement before.
//!
//! A missing statement is a gap, two statements with one sequence number are a fork. Neither makes a
//! statement invalid: the endpoint requests what is missing, and stores both sides of a fork.

use std::collections::BTreeMap;

use crate::id::{DeviceId, StatementId};
use crate::statement::Claims;

/// A defect of a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainDefect {
    /// Statements are missing.
    #[error("device {device}: statements {from} to {to} are missing")]
    Gap { device: DeviceId, from: u64, to: u64 },
    /// Two statements with one sequence number.
    #[error("device {device}: statement {sequence} is there twice, as {one} and as {other}")]
    Fork { device: DeviceId, sequence: u64, one: StatementId, other: StatementId },
    /// A statement names another one than the one before it.
    #[error("device {device}: statement {sequence} ({statement}) does not continue the one before it")]
    Broken { device: DeviceId, sequence: u64, statement: StatementId },
}

/// The chains of any number of devices, from statements in any order. Duplicates count once.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    by_device: BTreeMap<DeviceId, BTreeMap<u64, BTreeMap<StatementId, Option<StatementId>>>>,
}

impl Chains {
    /// Adds a statement.
    pub fn add(&mut self, id: StatementId, claims: &Claims) {
        let of_sequence =
            self.by_device.entry(claims.device).or_default().entry(claims.sequence).or_default();
        of_sequence.insert(id, claims.previous);
    }

    /// Number of devices with a chain.
    pub fn devices(&self) -> usize {
        self.by_device.len()
    }

    /// All defects up to the last statement of each device, in order. A chain cannot show that its end is
    /// missing.
    pub fn defects(&self) -> Vec<ChainDefect> {
        let mut defects = Vec::new();
        for (&device, chain) in &self.by_device {
            let mut expected = 1;
            let mut before: Option<&BTreeMap<StatementId, _>> = None;
            for (&sequence, statements) in chain {
                if sequence > expected {
                    defects.push(ChainDefect::Gap { device, from: expected, to: sequence - 1 });
                    before = None;
                }
                let mut ids = statements.keys();
                if let (Some(&one), Some(&other)) = (ids.next(), ids.next()) {
                    defects.push(ChainDefect::Fork { device, sequence, one, other });
                }
                for (&statement, previous) in statements {
                    let continues = match (before, previous) {
                        (Some(before), Some(previous)) => before.contains_key(previous),
                        // At the beginning and after a gap there is no statement to compare with.
                        (None, _) => true,
                        (Some(_), None) => false,
                    };
                    if !continues {
                        defects.push(ChainDefect::Broken { device, sequence, statement });
                    }
                }
                before = Some(statements);
                expected = sequence.saturating_add(1);
            }
        }
        defects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{Namespace, SealedAt, Subject};

    const DEVICE: DeviceId = DeviceId([1; 16]);

    fn id(number: u8) -> StatementId {
        StatementId([number; 32])
    }

    fn chains(statements: &[(u64, u8, Option<u8>)]) -> Vec<ChainDefect> {
        let mut chains = Chains::default();
        for &(sequence, name, previous) in statements {
            let subject =
                Subject { namespace: Namespace::Real, election: "e".to_owned(), station: "s".to_owned() };
            let previous = previous.map(id);
            chains.add(
                id(name),
                &Claims { device: DEVICE, subject, sealed_at: SealedAt::new(0), sequence, previous },
            );
        }
        chains.defects()
    }

    #[test]
    fn a_whole_chain_in_any_order_has_no_defect() {
        assert_eq!(chains(&[(3, 3, Some(2)), (1, 1, None), (2, 2, Some(1)), (2, 2, Some(1))]), []);
    }

    #[test]
    fn gaps_forks_and_broken_links_are_seen() {
        let (device, sequence) = (DEVICE, 2);
        assert_eq!(
            chains(&[(3, 3, Some(2)), (7, 7, Some(6))]),
            [ChainDefect::Gap { device, from: 1, to: 2 }, ChainDefect::Gap { device, from: 4, to: 6 }]
        );
        assert_eq!(
            chains(&[(1, 1, None), (2, 2, Some(1)), (2, 9, Some(1)), (3, 3, Some(9))]),
            [ChainDefect::Fork { device, sequence, one: id(2), other: id(9) }]
        );
        assert_eq!(
            chains(&[(1, 1, None), (2, 2, Some(8))]),
            [ChainDefect::Broken { device, sequence, statement: id(2) }]
        );
    }
}
