//! The real `saksi-central` program: up, down, gone in a power cut, and up again with the same data and address.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::process::{Process, output_of};
use crate::program;

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// An endpoint with a folder of its own. It starts down; it is killed and its folder removed when this is dropped.
#[derive(Debug)]
pub struct Endpoint {
    program: PathBuf,
    election: PathBuf,
    folder: TempDir,
    address: Option<SocketAddr>,
    running: Option<Process>,
}

impl Endpoint {
    /// An endpoint for the election package `election`, not yet started.
    ///
    /// # Errors
    /// When the program has not been built or no folder can be made.
    pub fn new(election: &Path) -> Result<Self> {
        Ok(Self {
            program: program::own("saksi-central")?,
            election: election.to_path_buf(),
            folder: tempfile::tempdir().context("making a folder for the endpoint")?,
            address: None,
            running: None,
        })
    }

    /// Starts the program: on a free port the first time, on the same one ever after.
    ///
    /// # Errors
    /// When it runs already, or does not come up.
    pub fn start(&mut self) -> Result<()> {
        ensure!(self.running.is_none(), "the endpoint is up already");
        let listen = self.address.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut command = Command::new(&self.program);
        command.arg("serve").arg("--data").arg(self.data()).arg("--election").arg(&self.election);
        command.args(["--listen", &listen]);
        let process = Process::start(command, &self.log())?;
        self.address = Some(process.wait_for_line(START_LIMIT, address_in)?);
        self.running = Some(process);
        Ok(())
    }

    /// Takes the endpoint down in good order (SIGTERM).
    ///
    /// # Errors
    /// When it is down already, does not end, or ends with an error.
    pub fn stop(&mut self) -> Result<()> {
        let mut process = self.running.take().context("the endpoint is down already")?;
        let status = process.terminate(STOP_LIMIT)?;
        ensure!(status.success(), "the endpoint ended with {status}; its log is {}", self.log().display());
        Ok(())
    }

    /// Takes the endpoint down as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// When it is down already.
    pub fn kill(&mut self) -> Result<()> {
        self.running.take().context("the endpoint is down already")?.kill()
    }

    /// Whether the program runs.
    pub fn is_up(&mut self) -> bool {
        self.running.as_mut().is_some_and(Process::is_running)
    }

    /// The address of the endpoint, such as `http://127.0.0.1:40123`; it stays over restarts.
    ///
    /// # Errors
    /// When it has never been started.
    pub fn url(&self) -> Result<String> {
        let address =
            self.address.context("the endpoint has never been started, so it has no address yet")?;
        Ok(format!("http://{address}"))
    }

    /// The folder of the endpoint's data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The file with what the program printed over all its starts.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("endpoint.log")
    }

    /// Hands the log over to a new key, while the endpoint is down.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn rotate_log_key(&self) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(["log", "rotate-key"]).arg("--data").arg(self.data());
        output_of(command)?;
        Ok(())
    }

    /// Makes an account for the console by the program itself.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_user(&self, name: &str, role: &str, password: &str) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(["user", "add", name, "--role", role]).arg("--data").arg(self.data());
        command.env("SAKSI_PASSWORD", password);
        output_of(command)?;
        Ok(())
    }

    /// Invites a witness for each of `stations` by the program itself, and gives the invitations' links in that order.
    ///
    /// # Errors
    /// When the program refuses, or prints another number of links than stations were asked for.
    pub fn invite(&self, stations: &[&str]) -> Result<Vec<String>> {
        let links = self.links(stations)?;
        ensure!(
            links.len() == stations.len(),
            "{} stations, but {} links: {links:?}",
            stations.len(),
            links.len()
        );
        Ok(links)
    }

    /// Invites one witness for every station of the election, and gives the invitations' links.
    ///
    /// # Errors
    /// When the program refuses or prints no link.
    pub fn invite_all(&self) -> Result<Vec<String>> {
        let links = self.links(&["--all-stations"])?;
        ensure!(!links.is_empty(), "the endpoint printed no invitation");
        Ok(links)
    }

    fn links(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let mut command = Command::new(&self.program);
        command
            .arg("invite")
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .args(["--public-url", &self.url()?]);
        let printed = output_of(command)?;
        Ok(printed.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect())
    }
}

/// The address in the line by which the program says that it is ready.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("listening on http://")?;
    address.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;
    use crate::data::demo_election;

    fn status_of_first_page(endpoint: &Endpoint) -> Result<String> {
        let url = endpoint.url()?;
        let mut stream = TcpStream::connect(url.trim_start_matches("http://"))?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    }

    #[test]
    fn an_endpoint_keeps_its_address_and_data_over_a_stop_and_a_power_cut() -> Result<()> {
        let mut endpoint = Endpoint::new(&demo_election())?;
        endpoint.start()?;
        endpoint.add_user("koordinator", "admin", "a long enough password")?;
        let all = endpoint.invite_all()?;
        let two = endpoint.invite(&["52.71.05.1001-001", "52.71.05.1001-002"])?;
        let url = endpoint.url()?;
        assert!(all.iter().chain(&two).all(|link| link.starts_with(&url)), "{all:?} {two:?}");
        endpoint.stop()?;
        assert!(status_of_first_page(&endpoint).is_err(), "nothing listens while it is down");
        endpoint.start()?;
        endpoint.kill()?;
        assert!(!endpoint.is_up());
        endpoint.start()?;
        assert_eq!(endpoint.url()?, url);
        assert_eq!(status_of_first_page(&endpoint)?, "HTTP/1.1 200 OK");
        let again = endpoint.add_user("koordinator", "admin", "a long enough password");
        assert!(again.is_err(), "the account of before is still there");
        Ok(())
    }
}
