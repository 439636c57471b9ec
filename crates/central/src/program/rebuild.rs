//! `saksi-central rebuild`: derives what counting reads again from the statements.

use std::fmt::Write as _;

use central::Endpoint;
use central::store::Rebuilt;
use clap::Args;

use super::config::FileSettings;
use super::serve::lock;
use super::{DataFolder, print};

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataFolder,
}

impl Rebuild {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let _lock = lock(&self.data.settings(file).data)?;
        print(&rebuild(&self.data.open(file)?)?);
        Ok(())
    }
}

/// Maximum number of statements without a place that are named.
const NAMED_MAX: usize = 20;

/// Rebuilds, and says what was read.
pub(super) fn rebuild(endpoint: &Endpoint) -> anyhow::Result<String> {
    let Rebuilt { statements, unplaced } = endpoint.rebuild()?;
    let mut report = format!("rebuilt from {statements} statements; every signature holds");
    if unplaced > 0 {
        let _ = write!(
            report,
            "\n{unplaced} of them are kept and not counted, because the present package or program has no \
             place for them:"
        );
        for statement in endpoint.store().unplaced(NAMED_MAX)? {
            let _ = write!(report, "\n  {} {} {}", statement.station, statement.id, statement.reason);
        }
    }
    Ok(report)
}
