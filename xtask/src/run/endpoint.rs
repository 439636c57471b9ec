//! The endpoint of a run: its address, the console's user, the invitations.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

use super::DemoElection;
use super::child::Child;
use super::folder::Folder;
use crate::workspace::{built, root};

/// The name of the console's user.
pub(super) const USER: &str = "koordinator";
/// The polling station of the demo witness.
const DEMO_STATION: &str = "52.71.05.1001-001";
/// The address of the endpoint in a first run, if it is free.
const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7421);

const ADDRESS: &str = "address";
const PASSWORD: &str = "password";
const WITNESS: &str = "invitation";
const FLEET: &str = "invitations";

/// A running endpoint.
#[derive(Debug)]
pub(super) struct Endpoint {
    child: Child,
    address: SocketAddr,
    data: PathBuf,
    log: PathBuf,
}

impl Endpoint {
    /// Starts the endpoint with the demo election, at `listen` or at the address of an earlier run: devices
    /// keep the address at which they enrolled.
    ///
    /// # Errors
    /// When the address is in use, or the endpoint does not start.
    pub(super) fn start(folder: &Folder, election: DemoElection, listen: Option<SocketAddr>) -> Result<Self> {
        let earlier: Option<SocketAddr> = folder.read_note(ADDRESS).and_then(|address| address.parse().ok());
        if let (Some(earlier), Some(listen)) = (earlier, listen)
            && earlier != listen
        {
            bail!(
                "the witnesses of the earlier run enrolled at {earlier}: to change the address, start again with --fresh"
            );
        }
        let listen = match earlier.or(listen) {
            Some(address) if address.port() == 0 || is_free(address) => address,
            Some(address) => bail!("the address {address} is in use: does another run still run?"),
            None if is_free(DEFAULT_ADDRESS) => DEFAULT_ADDRESS,
            None => SocketAddr::new(DEFAULT_ADDRESS.ip(), 0),
        };
        let data = folder.endpoint();
        let log = folder.log("endpoint");
        let mut command = Command::new(built("saksi-central"));
        let package = root().join("assets/elections").join(election.file());
        command.arg("serve").arg("--data").arg(&data).arg("--election").arg(package);
        command.args(["--listen", &listen.to_string()]);
        let (child, address) = Child::start_and_find("the endpoint", command, &log, address_in)?;
        folder.write_note(ADDRESS, &address.to_string())?;
        Ok(Self { child, address, data, log })
    }

    /// The address of the endpoint and its console.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The path of the endpoint's log.
    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    /// The password of the console's user, who is created in the first run.
    ///
    /// # Errors
    /// When the user cannot be created.
    pub(super) fn console_password(&self, folder: &Folder) -> Result<String> {
        if let Some(password) = folder.read_note(PASSWORD) {
            return Ok(password);
        }
        let password = new_password()?;
        self.execute(
            Command::new(built("saksi-central"))
                .args(["user", "add", USER, "--role", "admin"])
                .env("SAKSI_PASSWORD", &password),
        )?;
        folder.write_note(PASSWORD, &password)?;
        Ok(password)
    }

    /// The demo witness's invitation, the same in every run.
    ///
    /// # Errors
    /// When the endpoint creates none.
    pub(super) fn witness_invitation(&self, folder: &Folder) -> Result<String> {
        if let Some(invitation) = folder.read_note(WITNESS) {
            return Ok(invitation);
        }
        let mut links = self.invite(DEMO_STATION)?;
        let link =
            links.pop().with_context(|| format!("the endpoint created no invitation for {DEMO_STATION}"))?;
        folder.write_note(WITNESS, &link)?;
        Ok(link)
    }

    /// The file with an invitation for each station, the same in every run.
    ///
    /// # Errors
    /// When the endpoint creates none.
    pub(super) fn fleet_invitations(&self, folder: &Folder) -> Result<PathBuf> {
        if folder.read_note(FLEET).is_none() {
            let links = self.invite("--all-stations")?;
            if links.is_empty() {
                bail!("the endpoint created no invitation");
            }
            folder.write_note(FLEET, &links.join("\n"))?;
        }
        Ok(folder.note(FLEET))
    }

    /// The exit status of the endpoint if it has ended.
    ///
    /// # Errors
    /// When the system call fails.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.ended()
    }

    /// Stops the endpoint gracefully.
    ///
    /// # Errors
    /// When a system call fails.
    pub(super) fn stop(self) -> Result<()> {
        self.child.stop()
    }

    fn invite(&self, station: &str) -> Result<Vec<String>> {
        let mut command = Command::new(built("saksi-central"));
        let printed = self.execute(command.args(["invite", station, "--public-url", &self.url()]))?;
        Ok(printed.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect())
    }

    /// Runs a command of `saksi-central` on the endpoint's data, and returns its output.
    fn execute(&self, command: &mut Command) -> Result<String> {
        let output = command.arg("--data").arg(&self.data).output().context("cannot start saksi-central")?;
        if !output.status.success() {
            let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
            bail!(
                "saksi-central {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The address in the line that the program prints when it is ready.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("listening on http://")?;
    address.split_whitespace().next()?.parse().ok()
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

/// A password of 80 random bits, without letters and digits that look alike.
fn new_password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|error| anyhow::anyhow!("cannot read random bytes from the system: {error}"))?;
    let letters: Vec<_> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_four_groups_of_four_and_never_the_same() {
        let password = new_password().unwrap();
        assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert_ne!(password, new_password().unwrap());
    }

    #[test]
    fn the_ready_line_gives_the_address() {
        assert_eq!(
            address_in("listening on http://127.0.0.1:8080\n"),
            Some("127.0.0.1:8080".parse().unwrap())
        );
        assert_eq!(address_in("no user yet"), None);
    }
}
