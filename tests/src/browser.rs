//! A headless Chromium with an empty profile, driven by ChromeDriver.

use std::ops::Deref;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;
use tempfile::TempDir;

use crate::driver::Driver;
use crate::page::Page;
use crate::program;

/// The size of a coordinator's laptop, in CSS pixels.
pub const LAPTOP: (u32, u32) = (1280, 800);

/// The usual size of letters, in CSS pixels.
pub const USUAL_TYPE_PX: u32 = 16;

/// A browser without a history. It derefs to the [`Page`] that it shows.
#[derive(Debug)]
pub struct Browser {
    // Drops before the folder with its profile.
    driver: Driver,
    _folder: TempDir,
}

impl Browser {
    /// Opens a browser in the size of a laptop, in Indonesian and in the light theme.
    ///
    /// # Errors
    /// When Chromium or its driver is missing, or does not open.
    pub async fn open() -> Result<Self> {
        Self::open_with_type(USUAL_TYPE_PX).await
    }

    /// Opens a browser whose user chose letters of this size in its settings.
    ///
    /// # Errors
    /// When Chromium or its driver is missing, or does not open.
    pub async fn open_with_type(letters_px: u32) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the browser")?;
        let chromium = program::system(&["chromium", "chromium-browser", "google-chrome"], "chromium")?;
        let mut command = Command::new(program::system(&["chromedriver"], "chromium-driver")?);
        // Chromium also writes outside its profile (font caches, crash reports).
        command.env("HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path().join("config"));
        command.env("XDG_CACHE_HOME", folder.path().join("cache")).env("LANGUAGE", "id");
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": chromium,
                "prefs": { "webkit.webprefs.default_font_size": letters_px },
                "args": [
                    "--headless=new",
                    // The root user of a container cannot use the sandbox. These tests open only our own
                    // pages.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    // A test uses loopback only. Without these options Chromium connects to its vendor's
                    // hosts.
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--lang=id",
                    format!("--user-data-dir={}", folder.path().join("profile").display()),
                ],
            },
        });
        let driver = Driver::start(command, &folder.path().join("browser.log"), capabilities).await?;
        driver.page().resize(LAPTOP).await?;
        Ok(Self { driver, _folder: folder })
    }

    /// Logs in to the console at `url`.
    ///
    /// # Errors
    /// When its first screen does not appear.
    pub async fn log_in(&self, url: &str, user: &str, password: &str) -> Result<()> {
        self.go(url).await?;
        self.type_into("[name=user]", user).await?;
        self.type_into("[name=password]", password).await?;
        self.click("[data-action=login]").await?;
        self.wait_for("[data-screen=region]").await?;
        Ok(())
    }

    /// The page that the browser shows.
    pub fn page(&self) -> &Page {
        self.driver.page()
    }
}

impl Deref for Browser {
    type Target = Page;

    fn deref(&self) -> &Page {
        self.page()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "data:text/html,<title>t</title><input id=a><button onclick=\"setTimeout(()=>\
        {b.textContent='got '%2Ba.value;b.hidden=false},300)\">x</button><p id=b hidden></p>";

    #[tokio::test]
    async fn a_test_can_type_click_and_wait() -> Result<()> {
        let browser = Browser::open().await?;
        browser.go(FORM).await?;
        browser.type_into("#a", "123").await?;
        browser.wait_for_value("#a", "123").await?;
        assert_eq!(browser.count("#b").await?, 1);
        browser.click("button").await?;
        browser.wait_for_text("#b", "got 123").await?;
        browser.replace("#a", "45").await?;
        assert_eq!(browser.value("#a").await?, "45");
        Ok(())
    }

    #[tokio::test]
    async fn a_wait_that_times_out_reports_what_the_page_shows() -> Result<()> {
        let browser = Browser::open().await?;
        browser.go(FORM).await?;
        // Nothing shows `#b` before a click, however long the wait is.
        let short = browser.with_timeout(std::time::Duration::from_millis(200));
        let error = short.wait_for("#b").await.unwrap_err().to_string();
        assert!(error.contains("#b is visible") && error.contains("data:text/html"), "{error}");
        Ok(())
    }
}
