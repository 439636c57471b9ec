//! The real `saksi-central` program: up, down, gone in a power cut, and up again with the same data and address.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
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
    /// A database of its own on the server that `SAKSI_TEST_POSTGRES` names, where the tests are to run on one.
    database: Option<String>,
    /// The log's key, where it is not in the folder.
    log_key: Option<PathBuf>,
    /// A place of its own in the bucket that `SAKSI_TEST_BUCKET` names.
    bucket: Option<String>,
    address: Option<SocketAddr>,
    running: Option<Process>,
}

impl Endpoint {
    /// An endpoint for the election package `election`, not yet started.
    ///
    /// # Errors
    /// When the program has not been built or no folder can be made.
    pub fn new(election: &Path) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("saksi_{}_{number}", std::process::id());
        Ok(Self {
            program: program::own("saksi-central")?,
            election: election.to_path_buf(),
            folder: tempfile::tempdir().context("making a folder for the endpoint")?,
            database: std::env::var("SAKSI_TEST_POSTGRES")
                .ok()
                .map(|server| database(&server, &name))
                .transpose()?,
            log_key: None,
            bucket: std::env::var("SAKSI_TEST_BUCKET").ok().map(|bucket| format!("{bucket}/{name}")),
            address: None,
            running: None,
        })
    }

    /// Another copy of the same endpoint, with a folder of its own: it shares the server, the bucket and the log's key.
    ///
    /// # Errors
    /// When the other has no server to share, or no folder can be made.
    pub fn copy_of(other: &Self) -> Result<Self> {
        ensure!(other.database.is_some(), "an endpoint with its store in a file has no copies");
        Ok(Self {
            program: other.program.clone(),
            election: other.election.clone(),
            folder: tempfile::tempdir().context("making a folder for the endpoint")?,
            database: other.database.clone(),
            bucket: other.bucket.clone(),
            log_key: Some(other.log_key.clone().unwrap_or_else(|| other.data().join("log.key"))),
            address: None,
            running: None,
        })
    }

    /// The database on a server, where it has one.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Starts the program: on a free port the first time, on the same one ever after.
    ///
    /// # Errors
    /// When it runs already, or does not come up.
    pub fn start(&mut self) -> Result<()> {
        ensure!(self.running.is_none(), "the endpoint is up already");
        let listen = self.address.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut command = self.command(&["serve"]);
        command.arg("--election").arg(&self.election).args(["--listen", &listen]);
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

    /// The program, to be told these words, with the data that this endpoint has.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
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

    /// The file with what the program printed over all its starts.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("endpoint.log")
    }

    /// Hands the log over to a new key, while the endpoint is down.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn rotate_log_key(&self) -> Result<()> {
        output_of(self.command(&["log", "rotate-key"]))?;
        Ok(())
    }

    /// Makes an account for the console by the program itself.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_user(&self, name: &str, role: &str, password: &str) -> Result<()> {
        let mut command = self.command(&["user", "add", name, "--role", role]);
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
        let mut command = self.command(&["invite"]);
        command.args(arguments).args(["--public-url", &self.url()?]);
        let printed = output_of(command)?;
        Ok(printed.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect())
    }
}

/// Makes a fresh database on the server, and gives its address.
fn database(server: &str, name: &str) -> Result<String> {
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        let mut psql = Command::new("psql");
        psql.args([server, "--quiet", "--command", &sql]);
        output_of(psql)?;
    }
    Ok(format!("{}/{name}", server.trim_end_matches('/')))
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
