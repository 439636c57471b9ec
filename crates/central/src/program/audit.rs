//! `saksi-central audit`: prints the audit, and checks that no row was changed.

use anyhow::bail;
use clap::{Args, Subcommand};

use super::config::FileSettings;
use super::{DataFolder, print};

/// Number of rows that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Print the rows, newest first: time (milliseconds since 1970, UTC), who, what, and about what.
    List(List),
    /// Check that every row follows the row before, and print the head, the hash of the newest row.
    Check(Check),
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    data: DataFolder,
    /// Only rows that contain this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    search: String,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    data: DataFolder,
    /// A head that was written down earlier, 64 hex digits: check that the audit still has this row.
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
}

impl Audit {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(file),
            Self::Check(check) => check.run(file),
        }
    }
}

impl List {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let mut before = None;
        loop {
            let page = endpoint.store().audit_page(before, &self.search, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some(last.number);
            for row in page {
                print(&format!("{}\t{}\t{}\t{}", row.at_ms, row.actor, row.action, row.subject));
            }
        }
    }
}

impl Check {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let found = endpoint.store().check_audit()?;
        if let Some(number) = found.broken_at {
            bail!("row {number} of the audit was changed, or a row before it is gone");
        }
        if let Some(earlier) = &self.head {
            let rows = endpoint.store().audit()?;
            if !rows.iter().any(|row| row.hash.to_string().eq_ignore_ascii_case(earlier.trim())) {
                bail!("the audit has no row with the hash {earlier}: it was rewritten since then");
            }
        }
        let head = found.head.map_or_else(|| String::from("none"), |head| head.to_string());
        print(&format!("{} rows follow each other; head {head}", found.rows));
        Ok(())
    }
}
