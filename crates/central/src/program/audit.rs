//! `saksi-central audit`: prints the audit, and checks that no row was changed.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use central::store::AuditFilter;
use clap::{Args, Subcommand};

use super::config::FileSettings;
use super::{DataFolder, print};

/// Number of rows that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Print the rows, newest first: time (milliseconds since 1970, UTC), who, what, and about what.
    List(List),
    /// Check that every row follows the row before and that the states in the log hold, and print the head,
    /// the hash of the newest row.
    Check(Check),
    /// Write all states of the audit that are in the log into a bundle, which saksi-verify checks.
    Export(Export),
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

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    data: DataFolder,
    /// The file to write.
    file: PathBuf,
}

impl Audit {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(file),
            Self::Check(check) => check.run(file),
            Self::Export(export) => export.run(file),
        }
    }
}

impl List {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let mut filter = AuditFilter { text: self.search.clone(), ..AuditFilter::default() };
        loop {
            let page = endpoint.store().audit_page(&filter, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            filter.before = Some(last.number);
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
        if let Some(statement) = found.contradicted_by {
            bail!("the audit was rewritten: it is not what statement {statement} in the log states");
        }
        if let Some(earlier) = &self.head {
            let rows = endpoint.store().audit()?;
            if !rows.iter().any(|row| row.hash.to_string().eq_ignore_ascii_case(earlier.trim())) {
                bail!("the audit has no row with the hash {earlier}: it was rewritten since then");
            }
        }
        let head = found.head.map_or_else(|| String::from("none"), |head| head.to_string());
        let (rows, states) = (found.rows, found.states);
        print(&format!("{rows} rows follow each other; head {head}; {states} states in the log hold"));
        Ok(())
    }
}

impl Export {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        // What happened since the last state is stated first.
        endpoint.state_audit()?;
        endpoint.sequence()?;
        let about = || format!("cannot write {}", self.file.display());
        let out = File::create(&self.file).with_context(about)?;
        endpoint.export_audit_states(out).with_context(about)
    }
}
