//! The version of Node.js.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Minimum version, from Vite's own requirements.
const VERSION_MIN: (u32, u32) = (20, 19);

/// Fails unless Node.js is recent enough.
///
/// # Errors
/// When it is missing or too old; the message says what to do.
pub(super) fn check() -> Result<()> {
    let output = Command::new("node").arg("--version").output().context("cannot run `node --version`")?;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&printed) {
        Some(version) if version >= VERSION_MIN => Ok(()),
        _ => bail!(
            "Node.js {}.{} or newer is needed to build the screens, and this is {printed:?}: please install a newer one \
             (Debian 13 and Ubuntu 25.10 bring it; on older ones take nodejs.org's own packages)",
            VERSION_MIN.0,
            VERSION_MIN.1
        ),
    }
}

/// Reads `v20.20.2` as (20, 20).
fn version(printed: &str) -> Option<(u32, u32)> {
    let mut parts = printed.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("v20.20.2") >= Some(VERSION_MIN));
        assert!(version("v100.0.0") >= Some(VERSION_MIN));
        assert!(version("v20.9.0") < Some(VERSION_MIN));
        assert!(version("v18.20.4") < Some(VERSION_MIN));
        assert_eq!(version("command not found"), None);
    }
}
