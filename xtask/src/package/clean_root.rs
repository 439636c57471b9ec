//! Tries the packages where nothing else is: installs them in a clean Debian, serves there as the service
//! does, runs the image, and lets the tests run an election day with the installed programs.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::{Release, copy, image, make_folder, output_of, write};
use crate::setup::{self, Purpose};
use crate::step;
use crate::workspace::{cargo, root, state};

/// Timeout of the endpoint's start in the clean system.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Installs the packages in a clean system, and uses them.
///
/// # Errors
/// When the system cannot be made, a package does not install, or a program does not do its work.
pub(super) fn try_packages(release: &Release, files: &[PathBuf]) -> Result<()> {
    ensure!(
        rustix::process::geteuid().is_root(),
        "a clean system is made with root's rights: run it as root"
    );
    setup::set_up(&[Purpose::CleanRoot, Purpose::Nextest, Purpose::Drivers])?;
    let system = System::make()?;
    system.install(files)?;
    system.serves_as_the_service_does()?;
    system.serves_from_the_image(release, files)?;
    system.runs_an_election_day()
}

/// A Debian without anything that is not in it by default.
struct System {
    folder: PathBuf,
}

impl System {
    /// A new system of this machine's release, from its archive if an earlier run has left one.
    fn make() -> Result<Self> {
        let base = state().join("clean-debian");
        let archive = state().join("clean-debian.tar");
        if base.exists() {
            std::fs::remove_dir_all(&base).with_context(|| format!("cannot remove {}", base.display()))?;
        }
        make_folder(&base)?;
        if archive.exists() {
            output_of(
                Command::new("tar")
                    .arg("--extract")
                    .arg("--file")
                    .arg(&archive)
                    .arg("--directory")
                    .arg(&base),
            )?;
            return Ok(Self { folder: base });
        }
        let release = std::fs::read_to_string("/etc/os-release").context("cannot read /etc/os-release")?;
        let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
        let codename = codename.context("this system has no code name")?;
        let mut bootstrap = Command::new("debootstrap");
        bootstrap.args(["--variant=minbase", codename]).arg(&base).arg(mirror(codename)?);
        step::run("debootstrap", bootstrap)?;
        output_of(
            Command::new("tar")
                .arg("--create")
                .arg("--file")
                .arg(&archive)
                .arg("--directory")
                .arg(&base)
                .arg("."),
        )?;
        Ok(Self { folder: base })
    }

    /// A command inside, in a mount namespace that ends with it.
    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private"]);
        command.arg(root().join("packaging/try/enter.sh")).arg(&self.folder).arg(root()).arg(program);
        command
    }

    fn install(&self, files: &[PathBuf]) -> Result<()> {
        let update = self.apt(&["update"]);
        step::run("clean-update", update)?;
        let mut install = self.apt(&["install", "--yes", "--no-install-recommends"]);
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "deb")) {
            let name = file.file_name().unwrap_or_default();
            copy(file, &self.folder.join("var/cache").join(name))?;
            install.arg(Path::new("/var/cache").join(name));
        }
        step::run("clean-install", install)?;
        Ok(())
    }

    fn apt(&self, arguments: &[&str]) -> Command {
        let mut command = self.inside("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
        command
    }

    /// With the installed settings, as the installed user, in the folder that systemd would make.
    fn serves_as_the_service_does(&self) -> Result<()> {
        // Unlike `runuser`, it becomes the program that it starts.
        let mut command = self.inside("setpriv");
        command.args(["--reuid=saksi-central", "--regid=saksi-central", "--clear-groups"]);
        command.args(["saksi-central", "serve", "--config", "/etc/saksi/central.toml"]);
        command.args(["--election", "/usr/share/doc/saksi-central/examples/demo.json"]);
        command.args(["--listen", "127.0.0.1:0"]);
        answers(&mut command).context("the installed endpoint")?;
        let stored = self.folder.join("var/lib/saksi/central.sqlite");
        ensure!(stored.is_file(), "the installed endpoint stored nothing in /var/lib/saksi");
        println!("  the installed endpoint serves as its own user");
        Ok(())
    }

    /// The files of the image's one layer are a root of their own.
    fn serves_from_the_image(&self, release: &Release, files: &[PathBuf]) -> Result<()> {
        let image = files.iter().find(|file| file.to_string_lossy().ends_with(".oci.tar"));
        let image = image.context("there is no image")?;
        let layout = release.staging("image-read")?;
        output_of(
            Command::new("tar").arg("--extract").arg("--file").arg(image).arg("--directory").arg(&layout),
        )?;
        let inside = release.staging("image-root")?;
        let mut unpack = Command::new("sh");
        unpack.args(["-eu", "-c", "for blob in \"$1\"/blobs/sha256/*; do if gzip --test \"$blob\" 2>/dev/null; then tar --extract --gzip --file \"$blob\" --directory \"$2\"; fi; done", "sh"]);
        output_of(unpack.arg(&layout).arg(&inside))?;
        copy(&root().join("assets/elections/demo.json"), &inside.join("tmp/demo.json"))?;
        let mut command = Command::new("chroot");
        command.arg(format!("--userspec={0}:{0}", image::USER)).arg(&inside);
        command.args([
            "/usr/bin/saksi-central",
            "serve",
            "--data",
            "/var/lib/saksi",
            "--listen",
            "127.0.0.1:0",
        ]);
        command.args(["--election", "/tmp/demo.json"]);
        answers(&mut command).context("the endpoint of the image")?;
        println!("  the endpoint serves from the image's files alone");
        Ok(())
    }

    /// The tests' election day, whose programs are those inside: typed, photographed, killed, sealed, sent,
    /// proved, and seen in the console.
    fn runs_an_election_day(&self) -> Result<()> {
        let programs = self.folder.join("programs");
        for program in ["saksi", "saksi-central"] {
            let enter = self.inside(&format!("/usr/bin/{program}"));
            let words = enter.get_args().map(|word| format!("'{}'", word.to_string_lossy()));
            let words = words.collect::<Vec<_>>().join(" ");
            write(&programs.join(program), format!("#!/bin/sh\nexec unshare {words} \"$@\"\n"))?;
            output_of(Command::new("chmod").arg("755").arg(programs.join(program)))?;
        }
        let mut tests = cargo(&["nextest", "run", "--locked", "--workspace", "--filterset"]);
        tests.arg("binary(election_day)").env("SAKSI_PROGRAMS", &programs);
        step::run("clean-election-day", tests)?;
        println!("  an election day runs with the installed app and endpoint");
        Ok(())
    }
}

/// The server from which this machine's own packages come.
fn mirror(codename: &str) -> Result<String> {
    let mut command = Command::new("apt-get");
    command.args(["indextargets", "--format", "$(RELEASE) $(SITE)", "Identifier: Packages"]);
    let printed = output_of(&mut command)?;
    let sites = printed.lines().filter_map(|line| line.strip_prefix(codename)?.strip_prefix(' '));
    let debian = sites.into_iter().find(|site| site.ends_with("/debian") || site.ends_with("/ubuntu"));
    debian.map(str::to_owned).with_context(|| format!("apt has no server of {codename}"))
}

/// Starts an endpoint, waits until it says that it is ready, and ends it.
fn answers(command: &mut Command) -> Result<()> {
    let log = state().join("clean-endpoint.log");
    let file = std::fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let errors = file.try_clone().context("cannot share the log")?;
    let mut child =
        command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn().context("cannot start")?;
    let ready = wait_until_ready(&mut child, &log);
    // The program is the child itself: what starts it becomes it.
    let _ = child.kill();
    let _ = child.wait();
    ready.with_context(|| std::fs::read_to_string(&log).unwrap_or_default())
}

fn wait_until_ready(child: &mut Child, log: &Path) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < START_TIMEOUT {
        if let Some(status) = child.try_wait().context("cannot wait")? {
            bail!("it ended with {status}");
        }
        let printed = std::fs::read_to_string(log).unwrap_or_default();
        if let Some(address) = printed.lines().find_map(address_in) {
            return is_ready(address);
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    bail!("it does not listen after {START_TIMEOUT:?}")
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.split_once("listening on http://")?.1.split_whitespace().next()?.parse().ok()
}

fn is_ready(address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
    stream.set_read_timeout(Some(START_TIMEOUT)).context("cannot set a timeout")?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).context("cannot ask whether it is ready")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("cannot read whether it is ready")?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "it is not ready: {answer}");
    Ok(())
}
