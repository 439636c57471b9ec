//! The open connections. When there is no slot for another one, the idlest of them close.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::activity::Activity;
use crate::throttling::network;

/// The part of the connections that close together when all slots are in use: one of 64. Finding the idlest
/// costs a walk over all of them.
const EVICTED_PART: usize = 64;
/// A network with more than this part of all connections is heavy: one of 32. Its connections close first.
const HEAVY_PART: usize = 32;

/// The open connections of a listener.
#[derive(Debug)]
pub(super) struct ConnectionTable {
    all_max: usize,
    network_max: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: HashMap<u64, Entry>,
    networks: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Entry {
    network: IpAddr,
    activity: Arc<Activity>,
}

impl ConnectionTable {
    pub(super) fn new(all_max: usize, network_max: usize) -> Arc<Self> {
        let (all_max, network_max) = (all_max.max(1), network_max.max(1));
        Arc::new(Self { all_max, network_max, open: Mutex::default() })
    }

    /// A slot for one more connection. Idle connections of its network, or of all, close for it when there is
    /// none.
    pub(super) fn slot(self: &Arc<Self>, address: IpAddr, activity: &Arc<Activity>) -> ConnectionSlot {
        let network = network(Some(address)).unwrap_or(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.networks.get(&network).is_some_and(|count| *count >= self.network_max) {
            open.evict(self.network_max, |entry| (entry.network == network).then_some(false));
        }
        if open.connections.len() >= self.all_max {
            let heavy = self.all_max / HEAVY_PART;
            let counts = open.networks.clone();
            let is_light = |entry: &Entry| counts.get(&entry.network).is_none_or(|count| *count <= heavy);
            open.evict(self.all_max, |entry| Some(is_light(entry)));
        }
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, Entry { network, activity: Arc::clone(activity) });
        *open.networks.entry(network).or_default() += 1;
        ConnectionSlot { table: Arc::clone(self), number }
    }
}

impl Open {
    /// Closes the idlest of the connections for which `is_spared` answers. Those that it does not spare come
    /// first.
    fn evict(&mut self, max: usize, is_spared: impl Fn(&Entry) -> Option<bool>) {
        let mut candidates: Vec<(bool, u64, u64)> = self
            .connections
            .iter()
            .filter_map(|(number, entry)| Some((is_spared(entry)?, entry.activity.moved_at_ms(), *number)))
            .collect();
        candidates.sort_unstable();
        for (_, _, number) in candidates.into_iter().take((max / EVICTED_PART).max(1)) {
            if let Some(entry) = self.remove(number) {
                entry.activity.evict();
            }
        }
    }

    fn remove(&mut self, number: u64) -> Option<Entry> {
        let entry = self.connections.remove(&number)?;
        if let Some(count) = self.networks.get_mut(&entry.network) {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(&entry.network);
            }
        }
        Some(entry)
    }
}

/// The slot of one connection. Dropping it frees the slot.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    table: Arc<ConnectionTable>,
    number: u64,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.table.open.lock().unwrap_or_else(PoisonError::into_inner).remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn is_open(table: &ConnectionTable, slot: &ConnectionSlot) -> bool {
        table.open.lock().unwrap().connections.contains_key(&slot.number)
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_share_its_slots() {
        let table = ConnectionTable::new(100, 2);
        let open: Vec<ConnectionSlot> = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
            .map(|text| table.slot(address(text), &Activity::new()))
            .into();
        let is_open: Vec<bool> = open.iter().map(|slot| is_open(&table, slot)).collect();
        assert_eq!(is_open, [false, true, true, true]);
    }

    #[test]
    fn when_all_slots_are_in_use_the_idlest_connection_of_a_heavy_network_closes() {
        let table = ConnectionTable::new(64, 64);
        let idle = table.slot(address("192.0.2.1"), &Activity::new());
        let of_heavy: Vec<ConnectionSlot> =
            (0..63).map(|_| table.slot(address("198.51.100.1"), &Activity::new())).collect();
        let _new = table.slot(address("192.0.2.2"), &Activity::new());
        assert!(is_open(&table, &idle), "its network has one connection only");
        assert!(!is_open(&table, &of_heavy[0]));
        assert!(is_open(&table, &of_heavy[62]));
    }

    #[test]
    fn a_slot_is_freed_once() {
        let table = ConnectionTable::new(1, 1);
        let first = table.slot(address("192.0.2.1"), &Activity::new());
        let second = table.slot(address("192.0.2.1"), &Activity::new());
        drop(first);
        assert!(is_open(&table, &second));
        drop(second);
        assert!(table.open.lock().unwrap().networks.is_empty());
    }
}
