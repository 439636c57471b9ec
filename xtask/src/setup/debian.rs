//! Packages of Debian and Ubuntu; on other systems, a list of what is needed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Purpose;
use crate::step;
use crate::workspace::has_program;

/// One thing that must be on the machine.
struct Need {
    purpose: Purpose,
    /// The packages that bring it, the first of them that the system knows being taken (Ubuntu names some otherwise).
    packages: &'static [&'static str],
    /// It is there when one of these programs is; when none is named, when one of the packages is installed.
    programs: &'static [&'static str],
    why: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        purpose: Purpose::Build,
        packages: &["build-essential"],
        programs: &["cc"],
        why: "compiles the C in SQLite and in the cryptography of TLS",
    },
    Need {
        purpose: Purpose::Build,
        packages: &["pkg-config", "pkgconf"],
        programs: &["pkg-config"],
        why: "tells builds where libraries are",
    },
    Need {
        purpose: Purpose::App,
        packages: &["libwebkit2gtk-4.1-dev"],
        programs: &[],
        why: "the web view in which the app shows its screens, and GTK under it",
    },
    Need { purpose: Purpose::Screens, packages: &["nodejs"], programs: &["node"], why: "builds the screens" },
    Need {
        purpose: Purpose::Screens,
        packages: &["npm"],
        programs: &["npm"],
        why: "installs what builds the screens",
    },
    Need {
        purpose: Purpose::Services,
        packages: &["postgresql"],
        programs: &["pg_ctlcluster", "pg_ctl"],
        why: "the server on which the endpoint's store is tested",
    },
    Need {
        purpose: Purpose::Services,
        packages: &["postgresql-client"],
        programs: &["psql"],
        why: "looks into that server in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["python3-venv"],
        programs: &[],
        why: "a tool that shares no code with this project checks its statements in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["gnome-keyring"],
        programs: &["gnome-keyring-daemon"],
        why: "a real keystore for the test of the device's key",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["dbus-daemon", "dbus"],
        programs: &["dbus-run-session"],
        why: "a session for that keystore",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["xvfb"],
        programs: &["Xvfb"],
        why: "a screen for tests of the app",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["webkit2gtk-driver"],
        programs: &["WebKitWebDriver"],
        why: "drives the app in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["chromium", "chromium-browser"],
        programs: &["chromium", "chromium-browser", "google-chrome"],
        why: "opens the console in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["chromium-driver", "chromium-chromedriver"],
        programs: &["chromedriver"],
        why: "drives the console in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["fonts-dejavu-core"],
        programs: &[],
        why: "letters in what tests see",
    },
];

/// Installs the packages that are missing, after saying which and why.
///
/// # Errors
/// When this is neither Debian nor Ubuntu and something is missing, or apt fails.
pub(super) fn set_up(purposes: &[Purpose]) -> Result<()> {
    let needs = NEEDS.iter().filter(|need| purposes.contains(&need.purpose));
    if !has_program("dpkg-query") {
        // Libraries cannot be looked for without a package system to ask: their absence shows in the build.
        let missing: Vec<_> = needs
            .filter(|need| !need.programs.is_empty() && !need.programs.iter().any(|name| has_program(name)))
            .collect();
        return if missing.is_empty() { Ok(()) } else { Err(list(&missing, purposes)) };
    }
    let missing: Vec<_> = needs.filter(|need| !is_there(need)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing and will now be installed by apt-get{}:", by_whom()?);
    for need in &missing {
        println!("  {:24} {}", need.packages[0], need.why);
    }
    step::run("apt-update", apt_get(&["update"])?)?;
    let mut install = apt_get(&["install", "--yes", "--no-install-recommends"])?;
    for need in &missing {
        install.arg(known(need)?);
    }
    step::run("apt-install", install)?;
    Ok(())
}

fn is_there(need: &Need) -> bool {
    if need.programs.is_empty() {
        need.packages.iter().any(|package| is_installed(package))
    } else {
        need.programs.iter().any(|name| has_program(name))
    }
}

fn is_installed(package: &str) -> bool {
    let asked =
        Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
    asked.is_ok_and(|answer| answer.stdout == b"installed")
}

/// The first name of what is needed under which apt could install it.
fn known(need: &Need) -> Result<&'static str> {
    for package in need.packages {
        let asked = Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C").output();
        let answer = asked.context("asking apt-cache which packages there are")?;
        let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
        if answer.lines().any(|line| line.trim_start().starts_with("Candidate:") && !line.contains("(none)"))
        {
            return Ok(package);
        }
    }
    bail!("apt knows none of {:?}, needed here because it {}", need.packages, need.why)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn by_whom() -> Result<&'static str> {
    if is_root() {
        Ok("")
    } else if has_program("sudo") {
        Ok(", by sudo, which may ask for your password")
    } else {
        bail!("packages are missing, and this is neither root nor is there sudo to become it")
    }
}

fn apt_get(arguments: &[&str]) -> Result<Command> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        // Asked for here, where the terminal is still free: the step's own output goes to a log.
        let allowed = Command::new("sudo").arg("--validate").status().context("asking sudo")?;
        if !allowed.success() {
            bail!("sudo did not allow installing packages");
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// What a person on another system must bring.
fn list(missing: &[&Need], purposes: &[Purpose]) -> anyhow::Error {
    let mut said =
        String::from("please install what is missing; only Debian and Ubuntu are set up by themselves:");
    for need in missing {
        said.push_str(&format!("\n  {:20} {} (Debian: {})", need.programs[0], need.why, need.packages[0]));
    }
    if purposes.contains(&Purpose::App) && !Path::new("/Applications").is_dir() {
        said.push_str("\nand, for the app, the development files of WebKitGTK 4.1 (Fedora: webkit2gtk4.1-devel, Arch: webkit2gtk-4.1)");
    }
    anyhow::anyhow!(said)
}
