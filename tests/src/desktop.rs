//! The real app on a screen of its own, driven by WebKitWebDriver.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::display::Display;
use crate::driver::Driver;
use crate::page::Page;
use crate::process::{children, descendants, kill_and_wait};
use crate::program;

const KILL_LIMIT: Duration = Duration::from_secs(10);

/// The size in which a cheap phone shows the app, in CSS pixels.
pub const PHONE: (u32, u32) = (360, 640);

/// What a witness has in hand: a device with a data folder that outlives the app's process.
///
/// It derefs to the [`Page`] that the app shows; while the app is not running, every use of the page is an error.
#[derive(Debug)]
pub struct Desktop {
    program: PathBuf,
    environment: Vec<(String, String)>,
    size: (u32, u32),
    // Fields are dropped in this order: the app before the screen that it draws on, both before the folder.
    driver: Driver,
    display: Display,
    folder: TempDir,
}

impl Desktop {
    /// Opens the app on a fresh device, in the size of a phone.
    ///
    /// # Errors
    /// When a program is missing or the app does not open.
    pub async fn open() -> Result<Self> {
        Self::open_program(program::own("saksi")?, &[], PHONE).await
    }

    /// Opens the app on a fresh device with more environment variables than it always gets.
    ///
    /// # Errors
    /// When a program is missing or the app does not open.
    pub async fn open_with(environment: &[(&str, &str)]) -> Result<Self> {
        Self::open_program(program::own("saksi")?, environment, PHONE).await
    }

    /// Opens any program with a WebKitGTK web view that allows automation, in any size.
    ///
    /// # Errors
    /// When a program is missing or the app does not open.
    pub async fn open_program(
        program: PathBuf,
        environment: &[(&str, &str)],
        size: (u32, u32),
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the device")?;
        let environment: Vec<_> =
            environment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let display = Display::start(folder.path())?;
        let driver = drive(&program, &environment, &display, folder.path()).await?;
        driver.page().resize(size).await?;
        Ok(Self { program, environment, size, driver, display, folder })
    }

    /// The app's data folder (`SAKSI_DATA`).
    pub fn data(&self) -> PathBuf {
        data_in(self.folder.path())
    }

    /// The process id of the running app.
    ///
    /// # Errors
    /// When it is not running.
    pub fn app(&self) -> Result<u32> {
        let started = children(self.driver.id());
        ensure!(started.len() == 1, "expected the app as the driver's only child, found {started:?}");
        Ok(started[0])
    }

    /// Kills the app (SIGKILL) wherever it is, as an empty battery would.
    ///
    /// # Errors
    /// When the app is not running or does not die.
    pub fn kill(&self) -> Result<()> {
        let app = self.app()?;
        // First the app alone, so that it has no chance to hear of its web processes' end and tidy up.
        let web_processes = descendants(app);
        kill_and_wait(&[app], KILL_LIMIT)?;
        kill_and_wait(&web_processes, KILL_LIMIT)
    }

    /// Joins with an invitation's link, as a witness pastes it.
    ///
    /// # Errors
    /// When the first screen of those who have joined does not come.
    pub async fn join(&self, invitation: &str) -> Result<()> {
        self.type_into("#invitation", invitation).await?;
        self.click("[data-action=join]").await?;
        self.wait_for("[data-screen=home]").await?;
        Ok(())
    }

    /// Opens the app again on the same device; it must not be running.
    ///
    /// # Errors
    /// When the app still runs or does not open.
    pub async fn reopen(&mut self) -> Result<()> {
        let running = children(self.driver.id());
        ensure!(running.is_empty(), "the app still runs as {running:?}: kill it first");
        self.driver = drive(&self.program, &self.environment, &self.display, self.folder.path()).await?;
        self.page().resize(self.size).await
    }

    /// The page that the app shows.
    pub fn page(&self) -> &Page {
        self.driver.page()
    }
}

impl Deref for Desktop {
    type Target = Page;

    fn deref(&self) -> &Page {
        self.page()
    }
}

fn data_in(folder: &Path) -> PathBuf {
    folder.join("data")
}

async fn drive(
    program: &Path,
    environment: &[(String, String)],
    display: &Display,
    folder: &Path,
) -> Result<Driver> {
    let mut command = Command::new(program::system(&["WebKitWebDriver"], "webkit2gtk-driver")?);
    command
        .env("DISPLAY", display.name())
        .env("SAKSI_DATA", data_in(folder))
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        // The web view must not reach for the desktop of whoever runs the tests, nor keep anything between tests.
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder.join("share"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        // No session bus under Xvfb: asking for the accessibility services on it only costs time.
        .env("NO_AT_BRIDGE", "1")
        .env("GTK_A11Y", "none")
        .envs(environment.iter().map(|(name, value)| (name, value)));
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": program } });
    Driver::start(command, &folder.join("desktop.log"), capabilities).await
}
