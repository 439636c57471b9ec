//! `test --netem`: a device and the endpoint over a bad line, made by the kernel where it can.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use crate::setup::{self, Purpose};
use crate::step;
use crate::workspace::cargo;

/// A test, and the settings of its line.
const LINES: [(&str, &[&str]); 3] = [
    ("two_g_with_five_percent_lost", &["delay", "300ms", "loss", "5%", "rate", "40kbit"]),
    ("thirty_percent_lost", &["delay", "50ms", "loss", "30%"]),
    ("off_and_on_every_twenty_seconds", &["delay", "50ms", "rate", "20kbit"]),
];

/// Runs the tests over all lines.
///
/// # Errors
/// When software is missing and cannot be installed, or a statement or photo did not arrive.
pub(crate) fn run() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::Nextest])?;
    step::run(
        "netem-build",
        cargo(&["nextest", "run", "--locked", "--workspace", "--test", "bad_network", "--no-run"]),
    )?;
    for (name, settings) in LINES {
        let namespace = Namespace::with(name, settings);
        let by = if namespace.is_some() {
            "the kernel"
        } else {
            "a line in the test, because this kernel or user has no netem"
        };
        println!("  {name}: made by {by}");
        let test = cargo(&[
            "nextest",
            "run",
            "--locked",
            "--workspace",
            "--test",
            "bad_network",
            "--run-ignored",
            "only",
            "--no-capture",
            name,
        ]);
        let tail = step::run(
            &format!("netem-{name}"),
            match &namespace {
                Some(namespace) => namespace.inside(&test),
                None => test,
            },
        )?;
        let figures: Vec<_> = tail.iter().filter(|line| line.contains("proved after")).collect();
        ensure!(!figures.is_empty(), "the test {name} did not run");
        figures.iter().for_each(|line| println!("    {}", line.trim()));
    }
    Ok(())
}

/// A network namespace with a bad loopback interface; deleted on drop.
struct Namespace(String);

impl Namespace {
    /// `None` where the kernel or the user's rights do not allow it.
    fn with(name: &str, settings: &[&str]) -> Option<Self> {
        let namespace = Self(format!("saksi-{}-{name}", std::process::id()));
        quietly("ip", &["netns", "add", &namespace.0])?;
        quietly("ip", &["-n", &namespace.0, "link", "set", "lo", "up"])?;
        let mut arguments = vec!["-n", &namespace.0, "qdisc", "add", "dev", "lo", "root", "netem"];
        arguments.extend(settings);
        quietly("tc", &arguments)?;
        Some(namespace)
    }

    /// The same command, run inside.
    fn inside(&self, command: &Command) -> Command {
        let mut inside = Command::new("ip");
        inside.args(["netns", "exec", &self.0]).arg(command.get_program()).args(command.get_args());
        for (variable, value) in command.get_envs() {
            if let Some(value) = value {
                inside.env(variable, value);
            }
        }
        inside.env("SAKSI_NETEM", "1");
        inside
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = quietly("ip", &["netns", "delete", &self.0]);
    }
}

fn quietly(program: &str, arguments: &[&str]) -> Option<()> {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.ok()?.success().then_some(())
}
