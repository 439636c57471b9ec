//! How long a package takes to load, and how large the slice of a phone is.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use tally::Election;

/// Prints the figures of the package.
pub(super) fn measure(election: &Election) -> Result<()> {
    let json = election.to_json()?;
    let started = Instant::now();
    let read = Election::from_json(&json)?;
    let lists = read.contests.iter().flat_map(|contest| &contest.lists);
    let candidates: usize = lists.map(|list| list.candidates.len()).sum();
    println!(
        "package: {:.1} MB with {candidates} candidates on lists, read and checked in {:.1} s",
        json.len() as f64 / 1e6,
        started.elapsed().as_secs_f64()
    );
    let stations: Vec<_> = election.stations().step_by(10_007).collect();
    let mut largest = 0;
    for station in stations {
        largest =
            largest.max(gzip_bytes(election.slice(std::slice::from_ref(&station)).to_json()?.as_bytes())?);
    }
    println!("  the largest of some phones' slices: {:.1} KB compressed (goal 60)", largest as f64 / 1e3);
    Ok(())
}

/// The length of what the program `gzip` makes of these bytes.
fn gzip_bytes(bytes: &[u8]) -> Result<usize> {
    let mut gzip = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("gzip")?;
    let mut input = gzip.stdin.take().context("the input of gzip")?;
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = gzip.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("writing to gzip panicked"))??;
    Ok(output.stdout.len())
}
