//! `run`: an election day on this machine, with an endpoint, its console, and one witness or many.

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
use clap::{Args, ValueEnum};

use crate::cost::RUN;
use crate::setup::{self, Purpose};
use crate::workspace::built;
use crate::{build, step, ui};
use child::Child;
use endpoint::Endpoint;
use folder::Folder;
use interrupt::Interrupt;

/// Interval at which the programs are polled.
const POLL_INTERVAL: Duration = Duration::from_millis(150);

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run simulated witnesses instead of the app, on a machine with a display too.
    #[arg(long)]
    headless: bool,
    /// Run simulated witnesses beside the app.
    #[arg(long, conflicts_with = "headless")]
    fleet: bool,
    /// Start again: delete the endpoint, the witnesses and the password of earlier runs.
    #[arg(long)]
    fresh: bool,
    /// The election: each has other papers. Another one than in the earlier run needs --fresh.
    #[arg(long, value_enum, default_value_t = DemoElection::General)]
    election: DemoElection,
    /// The address of the endpoint. Later runs use it again.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The speed of the simulated witnesses, as a multiple of real time.
    #[arg(long, value_name = "TIMES")]
    speed: Option<f64>,
    /// Stop when all statements and photos of the simulated witnesses have arrived, instead of at Ctrl-C.
    #[arg(long)]
    until_arrived: bool,
    /// The folder for all data [default: .run in the repository].
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Use the programs as they are, without installing or building anything.
    #[arg(long)]
    no_build: bool,
}

/// The elections of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DemoElection {
    /// A general election: five papers, three of them with party lists.
    General,
    /// A Pilkada: governor and mayor, the mayor against the empty column.
    Pilkada,
    /// The presidential paper alone.
    President,
}

impl DemoElection {
    /// The name of the package in `assets/elections`.
    fn file(self) -> &'static str {
        match self {
            Self::General => "demo-general.json",
            Self::Pilkada => "demo-pilkada.json",
            Self::President => "demo.json",
        }
    }
}

/// Runs an election day until Ctrl-C.
///
/// # Errors
/// When software is missing and cannot be installed, does not build or does not start, or the endpoint ends.
pub(crate) fn run(options: &Options) -> Result<()> {
    let with_app = !options.headless && has_display();
    let with_fleet = options.fleet || !with_app;
    if options.until_arrived && !with_fleet {
        bail!("--until-arrived waits for simulated witnesses: add --headless or --fleet");
    }
    if !with_app && !options.headless {
        println!("There is no display for the app: simulated witnesses run instead.\n");
    }
    if !options.no_build {
        build(with_app)?;
    }
    let interrupt = Interrupt::install()?;
    let folder = Folder::open(options.data.as_deref(), options.fresh)?;
    let endpoint = Endpoint::start(&folder, options.election, options.listen)?;
    let mut programs = Programs { app: None, fleet: None, endpoint };
    let password = programs.endpoint.console_password(&folder)?;
    let console =
        greeting::Console { address: programs.endpoint.url(), user: endpoint::USER, password: &password };
    console.print();
    if with_app {
        programs.start_app(&folder)?;
    }
    if with_fleet {
        programs.start_fleet(&folder, options.speed)?;
    }
    programs.watch(&interrupt, &console, options.until_arrived)?;
    println!("\nStopping …");
    programs.stop()
}

/// All running programs. Fields are dropped in this order: clients of the endpoint stop before it does.
struct Programs {
    app: Option<Child>,
    fleet: Option<Child>,
    endpoint: Endpoint,
}

impl Programs {
    fn start_app(&mut self, folder: &Folder) -> Result<()> {
        let invitation = self.endpoint.witness_invitation(folder)?;
        greeting::print_invitation(&invitation);
        let mut app = Command::new(built("saksi"));
        app.env("SAKSI_DATA", folder.witness()).env("SAKSI_INVITATION", &invitation);
        self.app = Some(Child::start("the app", app, Some(&folder.log("app")))?);
        Ok(())
    }

    fn start_fleet(&mut self, folder: &Folder, speed: Option<f64>) -> Result<()> {
        let links = self.endpoint.fleet_invitations(folder)?;
        let mut fleet = Command::new(built("saksi-fleet"));
        fleet.arg("evening").args(["--endpoint", &self.endpoint.url()]).arg("--links").arg(links);
        fleet.arg("--data").arg(folder.fleet());
        if let Some(speed) = speed {
            fleet.args(["--speed", &speed.to_string()]);
        }
        self.fleet = Some(Child::start("the simulated witnesses", fleet, None)?);
        Ok(())
    }

    /// Polls the programs until Ctrl-C, or until all has arrived if `until_arrived`.
    fn watch(
        &mut self,
        interrupt: &Interrupt,
        console: &greeting::Console<'_>,
        until_arrived: bool,
    ) -> Result<()> {
        while !interrupt.arrives_within(POLL_INTERVAL) {
            if let Some(status) = self.endpoint.ended()? {
                bail!("the endpoint ended ({status}); its log is {}", self.endpoint.log().display());
            }
            if let Some(status) = Child::remove_ended(&mut self.fleet)? {
                if !status.success() {
                    bail!("the simulated witnesses ended with {status} before all had arrived");
                }
                println!("\nAll tallies and photos have arrived.");
                if until_arrived {
                    return Ok(());
                }
                console.print();
            }
            if let Some(status) = Child::remove_ended(&mut self.app)? {
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

/// Installs and builds what is missing. The app is built only where it can open: its web view is most of the
/// work.
fn build(with_app: bool) -> Result<()> {
    RUN.announce()?;
    let mut purposes = vec![Purpose::Build, Purpose::Screens];
    if with_app {
        purposes.push(Purpose::App);
    }
    setup::set_up(&purposes)?;
    ui::install()?;
    ui::build()?;
    step::run("build", build::programs(with_app))?;
    Ok(())
}

fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
