//! `cargo xtask`: run the demo, run all tests, generate files, take pictures, make packages, measure.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program prints")]

mod android;
mod android_app;
mod bench;
mod build;
mod cost;
mod generate;
mod house;
mod netem;
mod package;
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

/// Tasks of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build, start an endpoint with the demo election, and open the app as a demo witness.
    Run(run::Options),
    /// Run all tests, formatting and lints included.
    Test(test::Options),
    /// Write all generated files: types for the screens, schemas, tables.
    Generate,
    /// Take pictures of the app and the console during the demo.
    Shots,
    /// Print the lengths of functions: distribution and the longest ten.
    Lengths,
    /// Build Debian packages, a container image, lists of what is inside, and checksums.
    Package(package::Options),
    /// Build the app for phones, with Google's tools; see docs/android.md.
    Android(android_app::Options),
    /// Measure optimised builds, and print figures with their ratios to a bare limit of the same run.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match execute(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(task: Task) -> Result<()> {
    match task {
        Task::Run(options) => run::run(&options),
        Task::Test(options) => test::test(&options),
        Task::Generate => generate::generate(),
        Task::Shots => shots::shots(),
        Task::Lengths => house::lengths::print(),
        Task::Package(options) => package::package(&options),
        Task::Android(options) => android_app::build(&options),
        Task::Bench(options) => bench::bench(&options),
    }
}
