//! Limits on what one client may do: rates of requests and statements, memory
//! for what is not complete, and failed logins, enrolments and signatures.

pub(crate) mod buffers;
pub(crate) mod failed_attempts;
pub(crate) mod failed_logins;
pub(crate) mod rates;

use std::net::IpAddr;

/// The network to which limits apply. An owner of one IPv6 address usually has its whole /64.
pub(crate) fn network(address: Option<IpAddr>) -> Option<IpAddr> {
    match address {
        Some(IpAddr::V6(six)) if six.to_ipv4_mapped().is_none() => {
            Some(IpAddr::V6((six.to_bits() >> 64 << 64).into()))
        }
        other => other,
    }
}
