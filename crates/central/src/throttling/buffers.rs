//! Memory for bodies of requests that are not complete yet, and for answers that are not read yet. All
//! networks share it.
//!
//! A network may hold as much as is still free. So many greedy networks leave something for one that comes
//! later, however many they are: n of them leave one part of n + 1.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::network;

/// The memory that all networks share.
#[derive(Debug, Clone)]
pub(crate) struct Buffers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    all_bytes: usize,
    in_use: Mutex<InUse>,
}

#[derive(Debug, Default)]
struct InUse {
    bytes: usize,
    by_network: HashMap<Option<IpAddr>, usize>,
}

impl Buffers {
    pub(crate) fn new(all_bytes: usize) -> Self {
        Self(Arc::new(Shared { all_bytes, in_use: Mutex::default() }))
    }

    /// The part of the network of this address.
    pub(crate) fn of(&self, address: Option<IpAddr>) -> NetworkBuffers {
        NetworkBuffers { shared: Arc::clone(&self.0), network: network(address) }
    }
}

/// The part of one network.
#[derive(Debug, Clone)]
pub(crate) struct NetworkBuffers {
    shared: Arc<Shared>,
    network: Option<IpAddr>,
}

impl NetworkBuffers {
    /// A buffer of no bytes yet.
    pub(crate) fn buffer(&self) -> HeldBytes {
        HeldBytes { part: self.clone(), bytes: 0 }
    }
}

/// Bytes that one request or answer holds, until it is dropped.
#[derive(Debug)]
pub(crate) struct HeldBytes {
    part: NetworkBuffers,
    bytes: usize,
}

impl HeldBytes {
    /// Holds `bytes` more. `false` when its network may not hold that much.
    pub(crate) fn grow(&mut self, bytes: usize) -> bool {
        let NetworkBuffers { shared, network } = &self.part;
        let mut held = shared.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let all = held.bytes.saturating_add(bytes);
        let of_network = held.by_network.get(network).copied().unwrap_or(0).saturating_add(bytes);
        if all > shared.all_bytes || of_network > shared.all_bytes - all {
            return false;
        }
        held.bytes = all;
        held.by_network.insert(*network, of_network);
        self.bytes += bytes;
        true
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        let NetworkBuffers { shared, network } = &self.part;
        let mut held = shared.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        held.bytes -= self.bytes;
        let rest = held.by_network.get(network).copied().unwrap_or(0).saturating_sub(self.bytes);
        if rest == 0 {
            held.by_network.remove(network);
        } else {
            held.by_network.insert(*network, rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    /// The bytes that a network gets, byte by byte.
    fn fill(buffer: &mut HeldBytes) -> usize {
        std::iter::repeat(1).take_while(|&byte| buffer.grow(byte)).count()
    }

    fn address(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(Ipv4Addr::from_bits(number)))
    }

    #[test]
    fn one_network_gets_half_and_the_next_one_half_of_the_rest() {
        let buffers = Buffers::new(1_000);
        let mut greedy = buffers.of(address(1)).buffer();
        assert_eq!(fill(&mut greedy), 500);
        let mut second = buffers.of(address(1)).buffer();
        assert!(!second.grow(1), "another request of the same network");
        let mut later = buffers.of(address(2)).buffer();
        assert_eq!(fill(&mut later), 250);
        drop(greedy);
        assert!(second.grow(300));
    }

    #[test]
    fn many_greedy_networks_that_grow_together_leave_as_much_for_one_that_comes_later() {
        let buffers = Buffers::new(65_000);
        let mut greedy: Vec<HeldBytes> = (0..64).map(|number| buffers.of(address(number)).buffer()).collect();
        while greedy.iter_mut().map(|buffer| usize::from(buffer.grow(10))).sum::<usize>() > 0 {}
        let mut later = buffers.of(address(1_000)).buffer();
        assert!(later.grow(400), "a part of 65");
    }

    #[test]
    fn what_was_held_is_free_again() {
        let buffers = Buffers::new(100);
        for _ in 0..10 {
            assert!(buffers.of(address(1)).buffer().grow(50));
        }
        assert!(buffers.0.in_use.lock().unwrap().by_network.is_empty());
    }
}
