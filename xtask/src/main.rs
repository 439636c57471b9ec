//! The project's chores, as `cargo xtask`: run the demo, run every test, bring generated files up to date.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks by printing")]

mod bench;
mod generate;
mod netem;
mod run;
mod services;
mod setup;
mod shots;
mod stamp;
mod step;
mod test;
mod ui;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The project's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Set up, build, start an endpoint with the demo election, and open the app as a demo witness.
    Run(run::Options),
    /// Set up, and run every test there is, formatting and lints included.
    Test(test::Options),
    /// Write anew what is generated: types for the screens, schemas, tables.
    Generate,
    /// Drive the app and the console through the demo and take pictures of both.
    Shots,
    /// Measure, optimised, and print figures with their ratios to a bare limit of the same run.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match carry_out(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(chore: Chore) -> Result<()> {
    match chore {
        Chore::Run(options) => run::run(&options),
        Chore::Test(options) => test::test(&options),
        Chore::Generate => generate::generate(),
        Chore::Shots => shots::shots(),
        Chore::Bench(options) => bench::bench(&options),
    }
}
