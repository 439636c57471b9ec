//! `test`: all tests, the fastest first.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::cost::TEST;
use crate::services::{Services, Use};
use crate::setup::{self, Purpose};
use crate::workspace::{cargo, has_program, npm};
use crate::{build, step, ui};

/// Options of `test`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run only this step; may be given more than once.
    #[arg(long = "only", value_name = "STEP")]
    only: Vec<String>,
    /// Run the simulated nights and the drawn sheets with all their seeds, which takes an hour.
    #[arg(long)]
    soak: bool,
    /// Send over bad lines, made by the kernel (`tc netem`) where it and the user's rights allow. It takes
    /// some minutes.
    #[arg(long)]
    netem: bool,
    /// Check the Android app as far as that can be done without Google's tools: for both processors, its
    /// manifest, its resources and its Kotlin.
    #[arg(long)]
    android: bool,
    /// List the steps and stop.
    #[arg(long)]
    list: bool,
}

/// One step, and the software that it needs.
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
    Build,
    /// The builds of `run` must find everything built.
    SharedBuild,
    /// Tests with a PostgreSQL server and a bucket instead of a file and a folder.
    Services(&'static [&'static str]),
    Deny,
}

/// The app's shell contains the built screens, so that they are built before anything that compiles it.
/// `build` has the same targets and features as `tests`, `doctests` and `cargo xtask run`, which then compile
/// nothing. `clippy` shares with it build scripts and macros.
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
    Step {
        name: DENY,
        shows: "licences, sources and known vulnerabilities of dependencies",
        needs: &[],
        how: How::Deny,
    },
    Step {
        name: "build",
        shows: "all programs and tests build",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::Build,
    },
    Step {
        name: "shared",
        shows: "`cargo xtask run` finds everything built",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::SharedBuild,
    },
    Step {
        name: "doctests",
        shows: "the examples in the documentation run",
        needs: &[Purpose::Build, Purpose::App, Purpose::Screens],
        how: How::Cargo(&["test", "--locked", "--workspace", "--doc"]),
    },
    Step {
        name: "tests",
        shows: "all Rust tests, with the app on a virtual display and the console in a browser",
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
            "package(saksi-central) | binary(election_day) | binary(replicas)",
        ]),
    },
];

/// The name of the step that `--only` installs cargo-deny for.
const DENY: &str = "deny";

/// The result of a step.
enum Outcome {
    Passed,
    Skipped(&'static str),
}

/// Runs the chosen steps, and prints the duration of each.
///
/// # Errors
/// When a step is unknown, software is missing and cannot be installed, the disk is too full, or a step
/// fails.
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
    if options.android {
        return crate::android::test();
    }
    let steps = chosen(&options.only)?;
    if options.only.is_empty() {
        TEST.announce()?;
    }
    let started = Instant::now();
    set_up(&steps, options)?;
    let mut rows = vec![("set up", started.elapsed(), Outcome::Passed)];
    let mut summary = Vec::new();
    for step in steps {
        let started = Instant::now();
        match step.execute(&mut summary) {
            Ok(outcome) => rows.push((step.name, started.elapsed(), outcome)),
            Err(error) => {
                table(&rows);
                println!("  ✗ {:10} {:>7.1} s", step.name, started.elapsed().as_secs_f64());
                return Err(error);
            }
        }
    }
    table(&rows);
    println!("    {:10} {:>7.1} s\n", "total", started.elapsed().as_secs_f64());
    for line in summary {
        println!("{line}");
    }
    Ok(())
}

/// Installs what the steps need.
fn set_up(steps: &[&Step], options: &Options) -> Result<()> {
    let mut needs: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    // cargo-deny takes minutes to build. It is installed only if the step is named.
    if options.only.iter().any(|name| name == DENY) {
        needs.push(Purpose::Deny);
    }
    setup::set_up(&needs)?;
    if needs.contains(&Purpose::Screens) {
        ui::install()?;
    }
    Ok(())
}

/// Runs 20,000 simulated nights and 2,000 drawn sheets.
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
    fn execute(&self, summary: &mut Vec<String>) -> Result<Outcome> {
        match self.how {
            How::Npm(script) => step::run(self.name, npm(&["run", "--silent", script]))?,
            How::Cargo(arguments) => {
                if self.needs.contains(&Purpose::App) {
                    ui::build()?;
                }
                step::run(self.name, cargo(arguments))?
            }
            How::Build => {
                ui::build()?;
                step::run(self.name, build::everything())?
            }
            How::SharedBuild => return shared_build(self.name),
            How::Tests(arguments) => {
                ui::build()?;
                return run_tests(self.name, tests(arguments), summary);
            }
            How::Services(arguments) => {
                ui::build()?;
                let services = Services::start(Use::Tests)?;
                let mut command = tests(arguments);
                services.set_variables(&mut command);
                return run_tests(self.name, command, summary);
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

fn run_tests(name: &str, command: Command, summary: &mut Vec<String>) -> Result<Outcome> {
    let tail = step::run(name, command)?;
    summary.extend(closing(tail.iter().map(String::as_str)));
    Ok(Outcome::Passed)
}

/// Builds the programs of `run` and fails if anything had to be compiled: then a dependency has other
/// features in the selection of packages of `run`, and each of both tasks costs a build of its own.
fn shared_build(name: &str) -> Result<Outcome> {
    for with_app in [false, true] {
        let output = step::run(name, build::programs(with_app))?;
        let compiled: Vec<_> =
            output.iter().filter_map(|line| line.trim().strip_prefix("Compiling ")).collect();
        ensure!(
            compiled.is_empty(),
            "`cargo xtask run` compiles again what `cargo xtask test` has built: add the missing features to \
             xtask/features/Cargo.toml, beginning with those of the first of {}",
            compiled.join(", ")
        );
    }
    Ok(Outcome::Passed)
}

/// The test runner. It prints the output of failures at the end, and errors without backtraces.
fn tests(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.args(["--failure-output", "final", "--status-level", "pass", "--final-status-level", "fail"]);
    command.env("RUST_LIB_BACKTRACE", "0");
    command
}

/// The summary among the last lines of the test runner.
fn closing<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines.skip_while(|line| !line.trim_start().starts_with("Summary")).map(str::to_owned).collect()
}

/// Checks licences, sources and duplicate crates with cargo-deny. Known vulnerabilities too, if their list is
/// on this machine: it comes over the network, which tests do not use. cargo-audit is asked as well where it
/// is installed.
fn deny(name: &str) -> Result<Outcome> {
    if !has_program("cargo-deny") {
        return Ok(Outcome::Skipped(
            "cargo-deny is not installed; `cargo xtask test --only deny` installs it",
        ));
    }
    let mut arguments = vec!["deny", "--offline", "--workspace", "check", "bans", "licenses", "sources"];
    if has_list("advisory-dbs") {
        arguments.push("advisories");
    }
    step::run(name, cargo(&arguments))?;
    if has_program("cargo-audit") && has_list("advisory-db") {
        step::run("audit", cargo(&["audit", "--no-fetch"]))?;
    }
    Ok(Outcome::Passed)
}

/// Whether a list of known vulnerabilities is in this folder of Cargo's home.
fn has_list(folder: &str) -> bool {
    let home = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    home.is_some_and(|home| home.join(folder).is_dir())
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step has the name {unknown:?}; the steps are {}", known.join(", "));
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect())
}

fn table(rows: &[(&str, Duration, Outcome)]) {
    println!();
    for (name, duration, outcome) in rows {
        match outcome {
            Outcome::Passed => println!("  ✓ {name:10} {:>7.1} s", duration.as_secs_f64()),
            Outcome::Skipped(reason) => println!("  – {name:10} skipped: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_an_error_that_lists_the_steps() {
        let error = chosen(&["fromat".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("fromat") && error.contains("clippy"), "{error}");
    }

    #[test]
    fn steps_run_in_the_order_of_the_table() {
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
