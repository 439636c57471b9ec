//! `test`: every test there is, in the order in which a mistake shows soonest.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::services::{Outlives, Services};
use crate::setup::{self, Purpose};
use crate::workspace::{cargo, has_program, npm};
use crate::{step, ui};

/// What `test` can be told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run only this step; may be given more than once.
    #[arg(long = "only", value_name = "STEP")]
    only: Vec<String>,
    /// Let the simulated nights and the drawn sheets run through all their seeds. It takes an hour, not minutes.
    #[arg(long)]
    soak: bool,
    /// Send over bad lines, made by the kernel (`tc netem`) where it can and this user may. It takes some minutes.
    #[arg(long)]
    netem: bool,
    /// List the steps and stop.
    #[arg(long)]
    list: bool,
}

/// One step, and what it needs on the machine.
struct Step {
    name: &'static str,
    shows: &'static str,
    needs: &'static [Purpose],
    how: How,
}

enum How {
    Npm(&'static str),
    Cargo(&'static [&'static str]),
    Tests(&'static [&'static str]),
    UiBuild,
    /// Tests with a PostgreSQL server and a bucket in the place of a file and a folder.
    Services(&'static [&'static str]),
    Deny,
}

/// The app's shell takes the built screens in, so they come before anything that compiles it. `build` compiles with the
/// same targets and features as `tests` and `doctests`, so that those find everything built; `clippy` shares with it
/// what it can, build scripts and macros.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        shows: "Rust is formatted",
        needs: &[],
        how: How::Cargo(&["fmt", "--all", "--check", "--", "--color", "never"]),
    },
    Step {
        name: "ui-format",
        shows: "the screens' sources are formatted",
        needs: &[Purpose::Screens],
        how: How::Npm("format:check"),
    },
    Step {
        name: "ui-lint",
        shows: "the screens' sources have no lint",
        needs: &[Purpose::Screens],
        how: How::Npm("lint"),
    },
    Step {
        name: "ui-check",
        shows: "the screens' types hold",
        needs: &[Purpose::Screens],
        how: How::Npm("check"),
    },
    Step {
        name: "ui-test",
        shows: "the screens' own tests",
        needs: &[Purpose::Screens],
        how: How::Npm("test"),
    },
    Step { name: "ui-build", shows: "the screens build", needs: &[Purpose::Screens], how: How::UiBuild },
    Step {
        name: "clippy",
        shows: "Rust has no lint",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::Cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    },
    Step { name: "deny", shows: "licences and sources of what is used", needs: &[], how: How::Deny },
    Step {
        name: "build",
        shows: "all programs and tests build",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::Cargo(&["build", "--locked", "--workspace", "--all-targets"]),
    },
    Step {
        name: "doctests",
        shows: "the examples in the documentation run",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::Cargo(&["test", "--locked", "--workspace", "--doc"]),
    },
    Step {
        name: "tests",
        shows: "all Rust tests, those of the app and the console in a browser too",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens, Purpose::Nextest, Purpose::Drivers],
        how: How::Tests(&["nextest", "run", "--locked", "--workspace"]),
    },
    Step {
        name: "services",
        shows: "the endpoint and an election day, with PostgreSQL and an S3-compatible bucket",
        needs: &[
            Purpose::Build,
            Purpose::App,
            Purpose::Screens,
            Purpose::Nextest,
            Purpose::Drivers,
            Purpose::Services,
        ],
        how: How::Services(&[
            "nextest",
            "run",
            "--locked",
            "--workspace",
            "--filterset",
            "package(saksi-central) | binary(election_day) | binary(copies)",
        ]),
    },
];

/// How a step ended.
enum Outcome {
    Passed,
    Skipped(&'static str),
}

/// Runs the steps that `options` chooses, and shows how long each took.
///
/// # Errors
/// When a step is unknown, something is missing and cannot be installed, or a step fails.
pub(crate) fn test(options: &Options) -> Result<()> {
    if options.list {
        for step in STEPS {
            println!("{:10} {}", step.name, step.shows);
        }
        return Ok(());
    }
    if options.soak {
        return soak();
    }
    if options.netem {
        return crate::netem::run();
    }
    let steps = chosen(&options.only)?;
    let mut needs: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    needs.dedup();
    let started = Instant::now();
    setup::set_up(&needs)?;
    if needs.contains(&Purpose::Screens) {
        ui::install()?;
    }
    let mut rows = vec![("set up", started.elapsed(), Outcome::Passed)];
    let mut summary = Vec::new();
    for step in steps {
        let started = Instant::now();
        match step.carry_out(&mut summary) {
            Ok(outcome) => rows.push((step.name, started.elapsed(), outcome)),
            Err(error) => {
                table(&rows);
                println!("  ✗ {:10} {:>7.1} s", step.name, started.elapsed().as_secs_f64());
                return Err(error);
            }
        }
    }
    table(&rows);
    println!("    {:10} {:>7.1} s\n", "in all", started.elapsed().as_secs_f64());
    for line in summary {
        println!("{line}");
    }
    Ok(())
}

/// Everything that a seed decides, over all its seeds: 20,000 simulated nights and 2,000 drawn sheets.
fn soak() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::Nextest])?;
    let mut command =
        cargo(&["nextest", "run", "--locked", "--release", "--profile", "soak", "--no-capture"]);
    command.args(["--package", "saksi-sheet", "--package", "saksi-tests"]);
    command.args(["--test", "sheets", "--test", "simulation"]);
    command.env("SAKSI_SOAK", "1");
    step::run("soak", command)?;
    Ok(())
}

impl Step {
    fn carry_out(&self, summary: &mut Vec<String>) -> Result<Outcome> {
        match self.how {
            How::Npm(script) => step::run(self.name, npm(&["run", "--silent", script]))?,
            How::Cargo(arguments) => {
                if self.needs.contains(&Purpose::App) {
                    ui::build()?;
                }
                step::run(self.name, cargo(arguments))?
            }
            How::Tests(arguments) => {
                ui::build()?;
                let tail = step::run(self.name, tests(arguments))?;
                summary.extend(closing(tail.iter().map(String::as_str)));
                return Ok(Outcome::Passed);
            }
            How::Services(arguments) => {
                ui::build()?;
                let services = Services::start(Outlives::Crashes)?;
                let mut command = tests(arguments);
                services.tell(&mut command);
                let tail = step::run(self.name, command)?;
                summary.extend(closing(tail.iter().map(String::as_str)));
                return Ok(Outcome::Passed);
            }
            How::UiBuild => {
                ui::build()?;
                return Ok(Outcome::Passed);
            }
            How::Deny => return deny(self.name),
        };
        Ok(Outcome::Passed)
    }
}

/// The failures' output comes at the end, where it is looked for, and without the trace that every error would carry.
fn tests(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.args(["--failure-output", "final", "--status-level", "pass", "--final-status-level", "fail"]);
    command.env("RUST_LIB_BACKTRACE", "0");
    command
}

/// From what the test runner printed last, the lines that sum it up.
fn closing<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines.skip_while(|line| !line.trim_start().starts_with("Summary")).map(str::to_owned).collect()
}

/// Licences, sources and doubled crates by cargo-deny, where it is installed. Known holes too, where it has the list of
/// them: that list comes over the network, which tests do without.
fn deny(name: &str) -> Result<Outcome> {
    if !has_program("cargo-deny") {
        return Ok(Outcome::Skipped("cargo-deny is not installed"));
    }
    let mut arguments = vec!["deny", "--offline", "--workspace", "check", "bans", "licenses", "sources"];
    let home = std::env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    if home.is_some_and(|home| home.join("advisory-dbs").is_dir()) {
        arguments.push("advisories");
    }
    step::run(name, cargo(&arguments))?;
    Ok(Outcome::Passed)
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; there are {}", known.join(", "));
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect())
}

fn table(rows: &[(&str, Duration, Outcome)]) {
    println!();
    for (name, took, outcome) in rows {
        match outcome {
            Outcome::Passed => println!("  ✓ {name:10} {:>7.1} s", took.as_secs_f64()),
            Outcome::Skipped(why) => println!("  – {name:10} skipped: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_named_with_those_that_there_are() {
        let error = chosen(&["fromat".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("fromat") && error.contains("clippy"), "{error}");
    }

    #[test]
    fn steps_run_in_their_own_order_whatever_the_order_asked() {
        let names: Vec<_> =
            chosen(&["tests".into(), "format".into()]).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(names, ["format", "tests"]);
    }

    #[test]
    fn the_closing_lines_begin_at_the_summary() {
        let lines = ["PASS a", "────", "     Summary [ 1.0s] 2 tests run: 2 passed, 0 skipped"];
        assert_eq!(closing(lines.into_iter()), [lines[2]]);
    }
}
