//! Software that a task needs on the machine: listed first, then installed.

mod apt_lock;
mod cargo_tools;
mod debian;
mod node;

use anyhow::Result;

/// A purpose for which software must be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compile Rust with the C that some crates bring.
    Build,
    /// Compile the app, which shows its screens in the system's web view.
    App,
    /// Build the screens.
    Screens,
    /// Run the Rust tests.
    Nextest,
    /// Check licences, sources and known vulnerabilities of dependencies.
    Deny,
    /// Run a PostgreSQL server and an S3-compatible store.
    Services,
    /// Make Debian packages.
    Packages,
    /// Make a clean Debian to try packages in.
    CleanRoot,
    /// Check manifest and resources of the Android app.
    Android,
    /// Operate the app and the console as a person does.
    Drivers,
}

/// Installs what is missing for `purposes`.
///
/// # Errors
/// When something is missing that cannot be installed from here; the message lists what is needed.
pub(crate) fn set_up(purposes: &[Purpose]) -> Result<()> {
    debian::set_up(purposes)?;
    if purposes.contains(&Purpose::Screens) {
        node::check()?;
    }
    if purposes.contains(&Purpose::Nextest) {
        cargo_tools::set_up("cargo-nextest")?;
    }
    if purposes.contains(&Purpose::Deny) {
        cargo_tools::set_up("cargo-deny")?;
    }
    Ok(())
}
