//! The real `saksi-central` program. A test starts it, stops it, kills it, and starts it again with the same
//! data and address.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::eventually::{WATCHDOG, eventually};
use crate::postgres::{create_database, test_server};
use crate::process::{Process, output_of};
use crate::program;

/// What the operating system says when a port is taken (EADDRINUSE).
const ADDRESS_IN_USE: &str = "Address already in use";

/// An endpoint with a folder of its own. A new one does not run yet. Dropping it kills the program and
/// removes the folder.
#[derive(Debug)]
pub struct Endpoint {
    program: PathBuf,
    election: PathBuf,
    folder: TempDir,
    /// Its own database on the server that `SAKSI_TEST_POSTGRES` names, if the tests run on one.
    database: Option<String>,
    /// The file of the log's key, if it is not in the folder.
    log_key: Option<PathBuf>,
    /// Its own prefix in the bucket that `SAKSI_TEST_BUCKET` names.
    bucket: Option<String>,
    /// The scenario of the drill that it serves, if it serves one.
    drill: Option<PathBuf>,
    /// Its number in this process; replicas of the same endpoint have different ones.
    number: u32,
    address: Option<SocketAddr>,
    running: Option<Process>,
}

impl Endpoint {
    /// An endpoint for the election package `election`, not yet started.
    ///
    /// # Errors
    /// When the program has not been built or no folder can be made.
    pub fn new(election: &Path) -> Result<Self> {
        let number = next_number();
        let name = format!("saksi_{}_{number}", std::process::id());
        Ok(Self {
            program: program::own("saksi-central")?,
            election: election.to_path_buf(),
            folder: tempfile::tempdir().context("making a folder for the endpoint")?,
            database: test_server().map(|server| create_database(&server, &name)).transpose()?,
            log_key: None,
            drill: None,
            bucket: std::env::var("SAKSI_TEST_BUCKET").ok().map(|bucket| format!("{bucket}/{name}")),
            number,
            address: None,
            running: None,
        })
    }

    /// The hall of a drill of the election: the scenario is in a file.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_drill(election: &Path, scenario: &Path) -> Result<Self> {
        Ok(Self { drill: Some(scenario.to_owned()), ..Self::new(election)? })
    }

    /// A replica of the same endpoint. It has a folder of its own, and shares the database, the bucket and
    /// the log's key.
    ///
    /// # Errors
    /// When the other has no database server, or no folder can be made.
    pub fn replica_of(other: &Self) -> Result<Self> {
        ensure!(other.database.is_some(), "an endpoint with its store in a file has no replicas");
        Ok(Self {
            program: other.program.clone(),
            election: other.election.clone(),
            folder: tempfile::tempdir().context("making a folder for the endpoint")?,
            database: other.database.clone(),
            bucket: other.bucket.clone(),
            drill: other.drill.clone(),
            log_key: Some(other.log_key.clone().unwrap_or_else(|| other.data().join("log.key"))),
            number: next_number(),
            address: None,
            running: None,
        })
    }

    /// The address of its database, if that is on a server.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The name of its connections to the database server, in `pg_stat_activity`.
    pub fn application_name(&self) -> String {
        format!("replica_{}", self.number)
    }

    /// Starts the program: on a free port the first time, on the same port every time after that.
    ///
    /// # Errors
    /// When it runs already, or does not start to listen.
    pub fn start(&mut self) -> Result<()> {
        ensure!(self.running.is_none(), "the endpoint is up already");
        let listen = self.address.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let (process, address) = eventually(&format!("the endpoint listens on {listen}"), || {
            let mut command = self.command(&["serve"]);
            command.arg("--election").arg(&self.election).args(["--listen", &listen]);
            if let Some(drill) = &self.drill {
                command.arg("--drill").arg(drill);
            }
            let process = Process::start(command, &self.log())?;
            match process.wait_for_line(WATCHDOG, address_in) {
                Ok(address) => Ok(Some((process, address))),
                // While the endpoint was down, the kernel may have given its port to some client for a
                // moment.
                Err(error) if format!("{error:#}").contains(ADDRESS_IN_USE) => Ok(None),
                Err(error) => Err(error),
            }
        })?;
        self.address = Some(address);
        self.running = Some(process);
        Ok(())
    }

    /// Stops the program in good order (SIGTERM).
    ///
    /// # Errors
    /// When it does not run, does not end, or ends with an error.
    pub fn stop(&mut self) -> Result<()> {
        let mut process = self.running.take().context("the endpoint is down already")?;
        let status = process.terminate(WATCHDOG)?;
        ensure!(status.success(), "the endpoint ended with {status}; its log is {}", self.log().display());
        Ok(())
    }

    /// Kills the program as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.running.take().context("the endpoint is down already")?.kill()
    }

    /// Whether the program runs.
    pub fn is_up(&mut self) -> bool {
        self.running.as_mut().is_some_and(Process::is_running)
    }

    /// The address of the endpoint, such as `http://127.0.0.1:40123`. It is the same after a restart.
    ///
    /// # Errors
    /// When it was never started.
    pub fn url(&self) -> Result<String> {
        let address = self.address.context("the endpoint was never started and has no address yet")?;
        Ok(format!("http://{address}"))
    }

    /// The program with these arguments, over the data of this endpoint.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.arg("--database").arg(format!("{database}?application_name={}", self.application_name()));
        }
        if let Some(log_key) = &self.log_key {
            command.arg("--log-key").arg(log_key);
        }
        if let Some(bucket) = &self.bucket {
            command.args(["--bucket", bucket]);
        }
        command
    }

    /// The folder of the endpoint's data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The file with the output of all its runs.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("endpoint.log")
    }

    /// Hands the log over to a new key; the endpoint must not run.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn rotate_log_key(&self) -> Result<()> {
        output_of(self.command(&["log", "rotate-key"]))?;
        Ok(())
    }

    /// Adds a user of the console, by the program itself.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_user(&self, name: &str, role: &str, password: &str) -> Result<()> {
        let mut command = self.command(&["user", "add", name, "--role", role]);
        command.env("SAKSI_PASSWORD", password);
        output_of(command)?;
        Ok(())
    }

    /// Invites one witness for each of `stations`, by the program itself, and gives the links in that order.
    ///
    /// # Errors
    /// When the program refuses, or prints another number of links.
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

    /// Invites one witness for every station of the election, and gives the links.
    ///
    /// # Errors
    /// When the program refuses, or prints no link.
    pub fn invite_all(&self) -> Result<Vec<String>> {
        let links = self.links(&["--all-stations"])?;
        ensure!(!links.is_empty(), "the endpoint printed no invitation");
        Ok(links)
    }

    fn links(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let mut command = self.command(&["invite"]);
        command.args(arguments).args(["--public-url", &self.url()?]);
        let printed = output_of(command)?;
        Ok(printed.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect())
    }
}

fn next_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

/// The address in the line that the program prints when it is ready.
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
    fn an_endpoint_keeps_its_address_and_data_after_a_stop_and_after_a_kill() -> Result<()> {
        let mut endpoint = Endpoint::new(&demo_election())?;
        endpoint.start()?;
        endpoint.add_user("koordinator", "admin", "a long enough password")?;
        let all = endpoint.invite_all()?;
        let two = endpoint.invite(&["52.71.05.1001-001", "52.71.05.1001-002"])?;
        let url = endpoint.url()?;
        assert!(all.iter().chain(&two).all(|link| link.starts_with(&url)), "{all:?} {two:?}");
        endpoint.stop()?;
        assert!(status_of_first_page(&endpoint).is_err(), "nothing listens while it is stopped");
        endpoint.start()?;
        endpoint.kill()?;
        assert!(!endpoint.is_up());
        endpoint.start()?;
        assert_eq!(endpoint.url()?, url);
        assert_eq!(status_of_first_page(&endpoint)?, "HTTP/1.1 200 OK");
        let again = endpoint.add_user("koordinator", "admin", "a long enough password");
        assert!(again.is_err(), "the user from before is still there");
        Ok(())
    }
}
