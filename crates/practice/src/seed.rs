//! Seeds for the parts of a scenario, made from its own.

/// A seed for one part of a scenario. Parts that differ in any number have seeds that have nothing to do with
/// each other.
pub(crate) fn mixed(seed: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(scattered(seed), |mixed, part| scattered(mixed ^ scattered(*part)))
}

/// One step of SplitMix64 (Steele, Lea and Flood 2014).
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
