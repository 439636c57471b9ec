//! `run`: an election evening on this machine, with an endpoint, its console, and a witness or many.

mod child;
mod endpoint;
mod folder;
mod greeting;
mod interrupt;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use crate::setup::{self, Purpose};
use crate::workspace::{built, cargo};
use crate::{step, ui};
use child::Child;
use endpoint::Endpoint;
use folder::Folder;
use interrupt::Interrupt;

/// How often the children are looked at.
const GLANCE: Duration = Duration::from_millis(150);

/// What `run` can be told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Let simulated witnesses work instead of opening the app, even where there is a display.
    #[arg(long)]
    headless: bool,
    /// Let simulated witnesses work beside the app.
    #[arg(long, conflicts_with = "headless")]
    fleet: bool,
    /// Start over: forget the endpoint, the witnesses and the password of earlier runs.
    #[arg(long)]
    fresh: bool,
    /// Where the endpoint listens; chosen once, and kept for later runs.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// How many times faster than real the simulated witnesses work.
    #[arg(long, value_name = "TIMES")]
    speed: Option<f64>,
    /// End once all that the simulated witnesses have has arrived, instead of serving until Ctrl-C.
    #[arg(long)]
    until_arrived: bool,
    /// Where all of it is kept [default: .run in the repository].
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Use the programs that are built already, without setting up or building anything.
    #[arg(long)]
    no_build: bool,
}

/// Runs the evening until Ctrl-C.
///
/// # Errors
/// When something is missing and cannot be installed, does not build or does not come up, or the endpoint ends.
pub(crate) fn run(options: &Options) -> Result<()> {
    let with_app = !options.headless && has_display();
    let with_fleet = options.fleet || !with_app;
    if options.until_arrived && !with_fleet {
        bail!("--until-arrived waits for simulated witnesses: say --headless or --fleet too");
    }
    if !with_app && !options.headless {
        println!(
            "There is no display here, so the app cannot open: simulated witnesses will work instead.\n"
        );
    }
    if !options.no_build {
        build(with_app)?;
    }
    let interrupt = Interrupt::catch()?;
    let folder = Folder::open(options.data.as_deref(), options.fresh)?;
    let mut evening = Evening { app: None, fleet: None, endpoint: Endpoint::start(&folder, options.listen)? };
    let password = evening.endpoint.console_password(&folder)?;
    let console =
        greeting::Console { address: evening.endpoint.url(), user: endpoint::USER, password: &password };
    console.greet();

    if with_app {
        let invitation = evening.endpoint.witness_invitation(&folder)?;
        greeting::witness(&invitation);
        let mut app = Command::new(built("saksi"));
        app.env("SAKSI_DATA", folder.witness()).env("SAKSI_INVITATION", &invitation);
        evening.app = Some(Child::start("the app", app, Some(&folder.log("app")))?);
    }
    if with_fleet {
        let links = evening.endpoint.fleet_invitations(&folder)?;
        let mut fleet = Command::new(built("saksi-fleet"));
        fleet.arg("evening").args(["--endpoint", &evening.endpoint.url()]).arg("--links").arg(links);
        fleet.arg("--data").arg(folder.fleet());
        if let Some(speed) = options.speed {
            fleet.args(["--speed", &speed.to_string()]);
        }
        evening.fleet = Some(Child::start("the simulated witnesses", fleet, None)?);
    }
    evening.watch(&interrupt, &console, options.until_arrived)?;
    println!("\nStopping …");
    evening.stop()
}

/// All that runs. What is dropped is stopped: whoever depends on the endpoint before the endpoint itself.
struct Evening {
    app: Option<Child>,
    fleet: Option<Child>,
    endpoint: Endpoint,
}

impl Evening {
    /// Looks after the children until Ctrl-C, or until all has arrived if that is what was asked for.
    fn watch(
        &mut self,
        interrupt: &Interrupt,
        console: &greeting::Console<'_>,
        until_arrived: bool,
    ) -> Result<()> {
        while !interrupt.came_within(GLANCE) {
            if let Some(status) = self.endpoint.ended()? {
                bail!(
                    "the endpoint ended by itself ({status}); its log is {}",
                    self.endpoint.log().display()
                );
            }
            if let Some(status) = Child::take_ended(&mut self.fleet)? {
                if !status.success() {
                    bail!("the simulated witnesses ended with {status} before all had arrived");
                }
                println!("\nAll tallies and photos have arrived.");
                if until_arrived {
                    return Ok(());
                }
                console.greet();
            }
            if let Some(status) = Child::take_ended(&mut self.app)? {
                let how =
                    if status.success() { "was closed".to_owned() } else { format!("ended with {status}") };
                println!("The app {how}; the console stays at {} until Ctrl-C.", console.address);
            }
        }
        Ok(())
    }

    fn stop(self) -> Result<()> {
        for child in [self.app, self.fleet].into_iter().flatten() {
            child.stop()?;
        }
        self.endpoint.stop()
    }
}

/// The app is built only where it can open: its web view is by far the most there is to install and to build.
fn build(with_app: bool) -> Result<()> {
    let mut purposes = vec![Purpose::Build, Purpose::Screens];
    let mut packages = vec!["build", "--locked", "--package", "saksi-central", "--package", "saksi-tests"];
    if with_app {
        purposes.push(Purpose::App);
        packages.extend(["--package", "saksi-app"]);
    }
    packages.push("--bins");
    setup::set_up(&purposes)?;
    ui::install()?;
    ui::build()?;
    println!("Building without optimisation, which is ready soonest; the first time takes some minutes.");
    step::run("build", cargo(&packages))?;
    Ok(())
}

fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
