//! Node.js: recent enough to build the screens.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// The oldest version that Vite builds with.
const OLDEST: (u32, u32) = (20, 19);

/// Fails unless Node.js is recent enough.
///
/// # Errors
/// When it is missing or too old; the message says what to do.
pub(super) fn check() -> Result<()> {
    let asked = Command::new("node").arg("--version").output().context("asking Node.js for its version")?;
    let said = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
    match version(&said) {
        Some(version) if version >= OLDEST => Ok(()),
        _ => bail!(
            "Node.js {}.{} or newer is needed to build the screens, and this is {said:?}: please install a newer one \
             (Debian 13 and Ubuntu 25.10 bring it; on older ones take nodejs.org's own packages)",
            OLDEST.0,
            OLDEST.1
        ),
    }
}

/// Reads `v20.20.2` as (20, 20).
fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("v20.20.2") >= Some(OLDEST));
        assert!(version("v100.0.0") >= Some(OLDEST));
        assert!(version("v20.9.0") < Some(OLDEST));
        assert!(version("v18.20.4") < Some(OLDEST));
        assert_eq!(version("command not found"), None);
    }
}
