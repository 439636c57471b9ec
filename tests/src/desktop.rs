//! The real app on a virtual screen, driven by WebKitWebDriver.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::display::Display;
use crate::driver::Driver;
use crate::eventually::WATCHDOG;
use crate::page::Page;
use crate::process::{children, descendants, kill_and_wait};
use crate::program;

/// The screen size of a cheap phone, in CSS pixels.
pub const PHONE: (u32, u32) = (360, 640);

/// A witness's device: a data folder that outlives the app's process, and the app.
///
/// It derefs to the [`Page`] that the app shows. While the app does not run, every use of the page is an
/// error.
#[derive(Debug)]
pub struct Desktop {
    program: PathBuf,
    environment: Vec<(String, String)>,
    size: (u32, u32),
    // Fields drop in this order: the app before its screen, both before the folder.
    driver: Driver,
    display: Display,
    folder: TempDir,
}

impl Desktop {
    /// Opens the app on a new device, in the size of a phone.
    ///
    /// # Errors
    /// When a program is missing, or the app does not open.
    pub async fn open() -> Result<Self> {
        Self::open_program(program::own("saksi")?, &[], PHONE).await
    }

    /// Opens the app on a new device, with additional environment variables.
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

    /// Kills the app (SIGKILL) at any point, as an empty battery would.
    ///
    /// # Errors
    /// When the app does not run, or does not end.
    pub fn kill(&self) -> Result<()> {
        let app = self.app()?;
        // The app first: otherwise it could see its web processes end, and tidy up.
        let web_processes = descendants(app);
        kill_and_wait(&[app], WATCHDOG)?;
        kill_and_wait(&web_processes, WATCHDOG)
    }

    /// Joins with the link of an invitation, as a witness who pastes it.
    ///
    /// # Errors
    /// When the home screen does not appear.
    pub async fn join(&self, invitation: &str) -> Result<()> {
        self.type_into("#invitation", invitation).await?;
        self.click("[data-action=join]").await?;
        self.wait_for("[data-screen=home]").await?;
        Ok(())
    }

    /// Opens the app again on the same device. It must not run.
    ///
    /// # Errors
    /// When the app still runs or does not open.
    pub async fn reopen(&mut self) -> Result<()> {
        let running = children(self.driver.id());
        ensure!(running.is_empty(), "the app still runs ({running:?}): kill it first");
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
        // The web view must not use the desktop of the person who runs the tests, nor keep anything between
        // tests.
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder.join("share"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        // Under Xvfb there is no session bus. Looking for accessibility services on it only costs time.
        .env("NO_AT_BRIDGE", "1")
        .env("GTK_A11Y", "none")
        .envs(environment.iter().map(|(name, value)| (name, value)));
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": program } });
    Driver::start(command, &folder.join("desktop.log"), capabilities).await
}
