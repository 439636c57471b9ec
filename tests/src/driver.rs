//! A WebDriver program and one session with it. Dropping it ends both.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};

use crate::eventually::{WATCHDOG, eventually_async};
use crate::page::Page;
use crate::process::{Process, descendants, is_alive, kill_and_wait};

/// Maximum number of ports that are tried. Another process can take a free port before the driver does.
const PORTS_MAX: u32 = 5;

/// A running WebDriver program, and the page that it drives.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Process,
    page: Page,
}

impl Driver {
    /// Starts a WebDriver program on a free port, writing to `log`, and opens a session with `capabilities`.
    pub(crate) async fn start(command: Command, log: &Path, capabilities: Value) -> Result<Self> {
        let (process, port) = listening(&command, log).await?;
        match open(port, capabilities).await {
            Ok(page) => Ok(Self { process, page }),
            Err(error) => {
                let ended = end(&process);
                Err(error.context(format!("the driver's log is {}", log.display())).context(match ended {
                    Ok(()) => "opening a WebDriver session".to_owned(),
                    Err(left) => format!("opening a WebDriver session; and then {left}"),
                }))
            }
        }
    }

    /// The page that the session shows.
    pub(crate) fn page(&self) -> &Page {
        &self.page
    }

    /// The process id of the WebDriver program.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = end(&self.process);
    }
}

/// Kills what the driver started. The driver itself ends with its `Process`.
fn end(driver: &Process) -> Result<()> {
    kill_and_wait(&descendants(driver.id()), WATCHDOG)
}

/// Starts the program on a free port and waits until it listens there.
async fn listening(command: &Command, log: &Path) -> Result<(Process, u16)> {
    for _ in 0..PORTS_MAX {
        let port = free_port()?;
        let mut command = copy_of(command);
        command.arg(format!("--port={port}"));
        let process = Process::start(command, log)?;
        if listens(process.id(), port).await? {
            return Ok((process, port));
        }
    }
    anyhow::bail!("the driver ended before it listened; its log is {}", log.display())
}

/// A command that is not spawned yet, once more: the standard library's cannot be cloned.
fn copy_of(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => copy.env(name, value),
            None => copy.env_remove(name),
        };
    }
    copy
}

async fn open(port: u16, capabilities: Value) -> Result<Page> {
    let address = format!("http://127.0.0.1:{port}");
    let Value::Object(capabilities) = capabilities else { anyhow::bail!("capabilities must be an object") };
    let capabilities: Map<String, Value> = capabilities;
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let client = tokio::time::timeout(WATCHDOG, builder.connect(&address))
        .await
        .with_context(|| format!("no session within {WATCHDOG:?}"))?
        .context("the driver refused the session")?;
    Ok(Page::new(client))
}

/// Waits until something accepts connections on `port`; false when the driver ended first.
async fn listens(driver: u32, port: u16) -> Result<bool> {
    eventually_async(&format!("the driver listens on port {port}"), async || {
        // The process is checked after the port: another process may listen on a port that the driver could
        // not take.
        let accepts = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok();
        match (accepts, is_alive(driver)) {
            (_, false) => Ok(Some(false)),
            (accepts, true) => Ok(accepts.then_some(true)),
        }
    })
    .await
}

/// A port that is free at this moment. WebKitWebDriver cannot choose one itself.
fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr().context("reading a free port's number")?.port())
}
