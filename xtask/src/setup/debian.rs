//! Packages of Debian and Ubuntu. On other systems, a list of what to install.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Purpose, apt_lock};
use crate::step;
use crate::workspace::has_program;

/// Software that must be installed.
struct Need {
    purpose: Purpose,
    /// Packages that contain it. The first that apt knows is installed: Ubuntu has other names for some.
    packages: &'static [&'static str],
    /// Programs that show that it is installed. If the list is empty, dpkg is queried for the packages.
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
        why: "finds libraries for the build",
    },
    Need {
        purpose: Purpose::App,
        packages: &["libwebkit2gtk-4.1-dev"],
        programs: &[],
        why: "the web view of the app, and GTK",
    },
    Need { purpose: Purpose::Screens, packages: &["nodejs"], programs: &["node"], why: "builds the screens" },
    Need {
        purpose: Purpose::Screens,
        packages: &["npm"],
        programs: &["npm"],
        why: "installs the build tools of the screens",
    },
    Need {
        purpose: Purpose::Services,
        packages: &["postgresql"],
        programs: &["pg_ctlcluster", "pg_ctl"],
        why: "the database server in tests of the endpoint's store",
    },
    Need {
        purpose: Purpose::Services,
        packages: &["postgresql-client"],
        programs: &["psql"],
        why: "queries that server in tests",
    },
    Need {
        purpose: Purpose::Packages,
        packages: &["dpkg-dev"],
        programs: &["dpkg-shlibdeps"],
        why: "finds the packages of the libraries that a program loads",
    },
    Need {
        purpose: Purpose::CleanRoot,
        packages: &["debootstrap"],
        programs: &["debootstrap"],
        why: "makes a clean Debian to try packages in",
    },
    Need {
        purpose: Purpose::Android,
        packages: &["aapt"],
        programs: &["aapt"],
        why: "packs manifest and resources of the Android app",
    },
    Need {
        purpose: Purpose::Android,
        packages: &["android-framework-res"],
        programs: &[],
        why: "Android's own resources, for that",
    },
    Need {
        purpose: Purpose::Android,
        packages: &["python3-venv"],
        programs: &[],
        why: "installs a C compiler for Android's processors",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["python3-venv"],
        programs: &[],
        why: "an independent verifier of statements in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["gnome-keyring"],
        programs: &["gnome-keyring-daemon"],
        why: "a real keystore in the test of the device's key",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["dbus-daemon", "dbus"],
        programs: &["dbus-run-session"],
        why: "a session bus for that keystore",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["xvfb"],
        programs: &["Xvfb"],
        why: "a virtual display for tests of the app",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["webkit2gtk-driver"],
        programs: &["WebKitWebDriver"],
        why: "WebDriver for the app in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["chromium", "chromium-browser"],
        programs: &["chromium", "chromium-browser", "google-chrome"],
        why: "the browser for tests of the console",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["chromium-driver", "chromium-chromedriver"],
        programs: &["chromedriver"],
        why: "WebDriver for the console in tests",
    },
    Need {
        purpose: Purpose::Drivers,
        packages: &["fonts-dejavu-core"],
        programs: &[],
        why: "a font for the browser in tests",
    },
];

/// Lists the packages that are missing, with the reason for each, and installs them.
///
/// # Errors
/// When this is neither Debian nor Ubuntu and something is missing, or apt fails.
pub(super) fn set_up(purposes: &[Purpose]) -> Result<()> {
    let needs = NEEDS.iter().filter(|need| purposes.contains(&need.purpose));
    if !has_program("dpkg-query") {
        // Without dpkg there is no query for libraries. If one is missing, the build fails and names it.
        let missing: Vec<_> = needs
            .filter(|need| !need.programs.is_empty() && !need.programs.iter().any(|name| has_program(name)))
            .collect();
        return if missing.is_empty() { Ok(()) } else { Err(list(&missing, purposes)) };
    }
    let missing: Vec<_> = needs.filter(|need| !is_installed(need)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing and will now be installed by apt-get{}:", privilege()?);
    for need in &missing {
        println!("  {:24} {}", need.packages[0], need.why);
    }
    let update = apt_get(&["update"])?;
    apt_lock::wait()?;
    step::run("apt-update", update)?;
    let mut install = apt_get(&["install", "--yes", "--no-install-recommends"])?;
    for need in &missing {
        install.arg(available(need)?);
    }
    apt_lock::wait()?;
    step::run("apt-install", install)?;
    Ok(())
}

fn is_installed(need: &Need) -> bool {
    if need.programs.is_empty() {
        need.packages.iter().any(|package| has_package(package))
    } else {
        need.programs.iter().any(|name| has_program(name))
    }
}

fn has_package(package: &str) -> bool {
    let output =
        Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

/// The first package that apt can install.
fn available(need: &Need) -> Result<&'static str> {
    for package in need.packages {
        let output = Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C").output();
        let output = output.context("cannot run apt-cache")?;
        let policy = String::from_utf8_lossy(&output.stdout).into_owned();
        if policy.lines().any(|line| line.trim_start().starts_with("Candidate:") && !line.contains("(none)"))
        {
            return Ok(package);
        }
    }
    bail!("apt has none of the packages {:?} ({})", need.packages, need.why)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn privilege() -> Result<&'static str> {
    if is_root() {
        Ok("")
    } else if has_program("sudo") {
        Ok(", by sudo, which may ask for your password")
    } else {
        bail!("packages are missing; installing them takes root's rights or sudo")
    }
}

fn apt_get(arguments: &[&str]) -> Result<Command> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        // sudo may ask for a password, which needs the terminal; a step's output goes to its log.
        let allowed = Command::new("sudo").arg("--validate").status().context("cannot run sudo")?;
        if !allowed.success() {
            bail!("sudo did not allow installing packages");
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.args(["-o", apt_lock::OPTION]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// The list of what to install on another system.
fn list(missing: &[&Need], purposes: &[Purpose]) -> anyhow::Error {
    let mut message = String::from(
        "software is missing; it is installed automatically only on Debian and Ubuntu. Please install:",
    );
    for need in missing {
        message.push_str(&format!("\n  {:20} {} (Debian: {})", need.programs[0], need.why, need.packages[0]));
    }
    if purposes.contains(&Purpose::App) && !Path::new("/Applications").is_dir() {
        message.push_str("\nand, for the app, the development files of WebKitGTK 4.1 (Fedora: webkit2gtk4.1-devel, Arch: webkit2gtk-4.1)");
    }
    anyhow::anyhow!(message)
}
