//! A WebDriver program and one session with it; both end when this is dropped.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};

use crate::page::Page;
use crate::process::{GLANCE, Process, descendants, kill_and_wait};

/// A session under load opens slowly: the first paint of a web view alone can take more than five seconds.
const SESSION_LIMIT: Duration = Duration::from_secs(90);
const START_LIMIT: Duration = Duration::from_secs(30);
const KILL_LIMIT: Duration = Duration::from_secs(10);

/// A running WebDriver program with the page that it drives.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Process,
    page: Page,
}

impl Driver {
    /// Starts a WebDriver program on a free port, writing to `log`, and opens a session with `capabilities`.
    pub(crate) async fn start(mut command: Command, log: &Path, capabilities: Value) -> Result<Self> {
        let port = free_port()?;
        command.arg(format!("--port={port}"));
        let process = Process::start(command, log)?;
        let opened = open(process.id(), port, capabilities).await;
        match opened {
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

/// Kills what the driver started. The driver itself goes with its `Process`.
fn end(driver: &Process) -> Result<()> {
    kill_and_wait(&descendants(driver.id()), KILL_LIMIT)
}

async fn open(driver: u32, port: u16, capabilities: Value) -> Result<Page> {
    let address = format!("http://127.0.0.1:{port}");
    wait_for_port(driver, port).await?;
    let Value::Object(capabilities) = capabilities else { anyhow::bail!("capabilities must be an object") };
    let capabilities: Map<String, Value> = capabilities;
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let client = tokio::time::timeout(SESSION_LIMIT, builder.connect(&address))
        .await
        .with_context(|| format!("no session within {SESSION_LIMIT:?}"))?
        .context("the driver refused the session")?;
    Ok(Page::new(client))
}

/// Waits until something accepts connections on `port`, or the driver is gone.
async fn wait_for_port(driver: u32, port: u16) -> Result<()> {
    let accepted = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            anyhow::ensure!(crate::process::is_alive(driver), "the driver ended before it listened");
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    };
    tokio::time::timeout(START_LIMIT, accepted)
        .await
        .with_context(|| format!("nothing listens on port {port}"))?
}

/// A port that is free at this moment. WebKitWebDriver cannot be asked to take one itself.
fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr().context("reading a free port's number")?.port())
}
