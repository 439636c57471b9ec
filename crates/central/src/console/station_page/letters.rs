//! Letters for the witnesses of a station.

use std::collections::BTreeMap;

use evidence::DeviceId;

/// A letter for each device at a station, in the order of their first statements, over all contests.
#[derive(Debug, Default)]
pub(super) struct Letters(BTreeMap<DeviceId, usize>);

impl Letters {
    /// Gives the device a letter if it has none.
    pub(super) fn add(&mut self, device: DeviceId) {
        let next = self.0.len();
        self.0.entry(device).or_insert(next);
    }

    /// A … Z, then A2 … Z2, and so on.
    pub(super) fn of(&self, device: DeviceId) -> String {
        let index = self.0.get(&device).copied().unwrap_or(0);
        let letter = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]);
        match index / 26 {
            0 => letter.to_string(),
            round => format!("{letter}{}", round + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_order_of_the_first_statements_and_never_run_out() {
        let mut letters = Letters::default();
        let device = |number: u8| DeviceId([number; 16]);
        for number in (0..30).rev().chain(0..30) {
            letters.add(device(number));
        }
        assert_eq!(letters.of(device(29)), "A");
        assert_eq!(letters.of(device(4)), "Z");
        assert_eq!(letters.of(device(3)), "A2");
    }
}
