//! `package`: what is given to people who compile nothing. Debian packages, a container image, lists of what
//! is inside, checksums.

mod clean_root;
mod debian;
mod image;
mod inventory;
mod manual;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::setup::{self, Purpose};
use crate::workspace::{root, target};
use crate::{build, step, ui};

/// Maximum size of the app's package, optimised: witnesses download it over mobile data.
const APP_BYTES_MAX: u64 = 12_000_000;

/// Options of `package`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Cargo's profile of the programs. Only `release` is for use; `dev` packages what `test` has built.
    #[arg(long, value_name = "PROFILE", default_value = RELEASE)]
    profile: String,
    /// Package the programs of this folder instead of building them.
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
    /// Then install the packages in a clean Debian, and run an election day with the installed programs. It
    /// needs root's rights.
    #[arg(long = "try")]
    is_tried: bool,
}

const RELEASE: &str = "release";

/// What all packages of one build have in common.
#[derive(Debug)]
struct Release {
    /// The folder with the programs.
    programs: PathBuf,
    /// The folder of the results.
    folder: PathBuf,
    version: &'static str,
    /// Debian's name of the processor, such as `amd64`.
    architecture: String,
    /// The commit's time, in seconds since 1970. It is the time of every packed file, so that the same commit
    /// gives the same bytes.
    epoch_s: u64,
}

/// Builds the programs and packs them.
///
/// # Errors
/// When software is missing and cannot be installed, something does not build, the app's package is too
/// large, or an installed program does not work.
pub(crate) fn package(options: &Options) -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::App, Purpose::Screens, Purpose::Packages])?;
    let programs = match &options.programs {
        Some(folder) => folder.clone(),
        None => build(&options.profile)?,
    };
    let release = Release::of(programs)?;
    let mut files = Vec::new();
    for package in debian::PACKAGES {
        files.push(package.build(&release)?);
    }
    if options.profile == RELEASE {
        is_small_enough(&files[0])?;
    }
    files.push(image::build(&release)?);
    files.extend(inventory::write_all(&release)?);
    write_checksums(&release, &files)?;
    for file in &files {
        println!("  {:>9} kB  {}", size_bytes(file)?.div_ceil(1000), file.display());
    }
    if options.is_tried {
        clean_root::try_packages(&release, &files)?;
    }
    Ok(())
}

/// Builds the programs, and returns the folder in which they are.
fn build(profile: &str) -> Result<PathBuf> {
    ui::install()?;
    ui::build()?;
    step::run("package-build", build::shipped(profile))?;
    // Cargo calls the folder of the profile `dev` otherwise.
    Ok(target().join(if profile == "dev" { "debug" } else { profile }))
}

impl Release {
    fn of(programs: PathBuf) -> Result<Self> {
        let folder = target().join("packages");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        make_folder(&folder)?;
        let architecture = output_of(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
        let commit = output_of(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root()))?;
        let epoch_s = commit.trim().parse().context("cannot read the commit's time")?;
        Ok(Self { programs, folder, version: env!("CARGO_PKG_VERSION"), architecture, epoch_s })
    }

    /// The path of a result, such as `saksi_0.1.0_amd64.deb`.
    fn file(&self, name: &str, extension: &str) -> PathBuf {
        self.folder.join(format!("{name}_{}_{}.{extension}", self.version, self.architecture))
    }

    /// An empty folder in which a package is put together.
    fn staging(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("staging").join(name);
        make_folder(&folder)?;
        Ok(folder)
    }
}

fn is_small_enough(app: &Path) -> Result<()> {
    let bytes = size_bytes(app)?;
    ensure!(
        bytes <= APP_BYTES_MAX,
        "{} has {bytes} bytes; {APP_BYTES_MAX} are the most that witnesses should download",
        app.display()
    );
    Ok(())
}

/// Writes `SHA256SUMS`, to be checked by `sha256sum --check`.
fn write_checksums(release: &Release, files: &[PathBuf]) -> Result<()> {
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()).collect();
    let sums = output_of(Command::new("sha256sum").args(names).current_dir(&release.folder))?;
    write(&release.folder.join("SHA256SUMS"), sums)
}

fn size_bytes(file: &Path) -> Result<u64> {
    Ok(file.metadata().with_context(|| format!("cannot read {}", file.display()))?.len())
}

fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    path.parent().map_or(Ok(()), make_folder)?;
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file into a folder that is made when it is missing.
fn copy(from: &Path, to: &Path) -> Result<()> {
    to.parent().map_or(Ok(()), make_folder)?;
    std::fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// What a command prints.
///
/// # Errors
/// When it cannot be started or fails; the message has what it says itself.
fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    ensure!(
        output.status.success(),
        "{name} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
