//! A device's chain: each statement has the device's next sequence number and the hash of the one before.
//!
//! What is missing shows as a gap, what was said twice as a fork. Neither makes a statement wrong: gaps are asked for,
//! both sides of a fork are kept.

use std::collections::BTreeMap;

use crate::id::{DeviceId, StatementId};
use crate::statement::Claims;

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainDefect {
    /// Statements that are not there.
    #[error("device {device}: statements {from} to {to} are missing")]
    Gap {
        /// Whose chain.
        device: DeviceId,
        /// The first missing sequence number.
        from: u64,
        /// The last missing one.
        to: u64,
    },
    /// Two statements with one sequence number.
    #[error("device {device}: statement {sequence} is there twice, as {one} and as {other}")]
    Fork {
        /// Whose chain.
        device: DeviceId,
        /// The sequence number.
        sequence: u64,
        /// One.
        one: StatementId,
        /// The other.
        other: StatementId,
    },
    /// A statement that continues one that is not the one before it.
    #[error("device {device}: statement {sequence} ({statement}) does not continue the one before it")]
    Broken {
        /// Whose chain.
        device: DeviceId,
        /// The sequence number.
        sequence: u64,
        /// The statement.
        statement: StatementId,
    },
}

/// The chains of any number of devices, from statements in any order. A statement that is added twice counts once.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    of: BTreeMap<DeviceId, BTreeMap<u64, BTreeMap<StatementId, Option<StatementId>>>>,
}

impl Chains {
    /// Adds a statement.
    pub fn add(&mut self, id: StatementId, claims: &Claims) {
        let of_sequence = self.of.entry(claims.device).or_default().entry(claims.sequence).or_default();
        of_sequence.insert(id, claims.previous);
    }

    /// How many devices have a chain.
    pub fn devices(&self) -> usize {
        self.of.len()
    }

    /// Everything that is wrong up to the last statement of each device, in order. That a device said no more than
    /// this, nobody can know from its chain.
    pub fn defects(&self) -> Vec<ChainDefect> {
        let mut defects = Vec::new();
        for (&device, chain) in &self.of {
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
                        // Across a gap, and at the very beginning, there is nothing to hold it against.
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
    use crate::statement::{Namespace, Subject};

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
            chains.add(id(name), &Claims { device: DEVICE, subject, sealed_at_s: 0, sequence, previous });
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
