//! The builds that `run` and `test` share: what one of them compiled, the other does not compile again.

use std::process::Command;

use crate::workspace::cargo;

/// Packages of the programs that `run` starts. The last has no program: it makes Cargo choose the same
/// features of dependencies with and without the app (see its `Cargo.toml`).
const PROGRAMS: [&str; 3] = ["saksi-central", "saksi-tests", "saksi-build-features"];

/// Builds the programs that `run` starts.
pub(crate) fn programs(with_app: bool) -> Command {
    let mut command = cargo(&["build", "--locked", "--lib", "--bins"]);
    for package in PROGRAMS.into_iter().chain(with_app.then_some("saksi-app")) {
        command.args(["--package", package]);
    }
    command
}

/// Builds all programs, tests and examples.
pub(crate) fn everything() -> Command {
    cargo(&["build", "--locked", "--workspace", "--all-targets"])
}

/// Builds the programs that are packaged, and nothing that would add features to them. With `dev`, the ones
/// that `run` and `test` have built, for trying the packages.
pub(crate) fn shipped(profile: &str) -> Command {
    let mut command = match profile {
        "dev" => programs(true),
        _ => cargo(&["build", "--locked", "--bins", "--package", "saksi-app", "--package", "saksi-central"]),
    };
    command.args(["--package", "saksi-verify", "--profile", profile]);
    command
}

/// Builds an example of the tests for a measurement.
pub(crate) fn optimised_example(name: &str) -> Command {
    cargo(&["build", "--locked", "--release", "--package", "saksi-tests", "--example", name])
}
