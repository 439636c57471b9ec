//! What a chore needs on the machine, and how it gets there: said first, then installed.

mod debian;
mod nextest;
mod node;

use anyhow::Result;

/// What is to be done, as far as it decides what must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compile Rust with the C that some crates bring.
    Build,
    /// Compile the app, which shows its screens by the system's web view.
    App,
    /// Build the screens.
    Screens,
    /// Run the Rust tests.
    Nextest,
    /// Run a PostgreSQL server and an S3-compatible store.
    Services,
    /// Drive the app and the console as a person would.
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
        nextest::set_up()?;
    }
    Ok(())
}
