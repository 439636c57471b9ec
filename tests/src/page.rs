//! What a person does with a page: look, wait, click, type. The app and the browser share it.
//!
//! Every wait polls, because a busy machine may paint a screen late. Every wait has a limit; its error tells
//! what the page shows instead.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use crate::eventually::WATCHDOG;

/// Interval between two looks at a page. Each look costs the driver several round trips.
const LOOK_INTERVAL: Duration = Duration::from_millis(60);

/// A page in a WebDriver session.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client,
    timeout: Duration,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, timeout: WATCHDOG }
    }

    /// The same page with another limit for each wait.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { client: self.client.clone(), timeout }
    }

    /// The session itself, for what this type does not offer.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the page does not load.
    pub async fn go(&self, url: &str) -> Result<()> {
        command(self.client.goto(url)).await.with_context(|| format!("opening {url}"))
    }

    /// The address of the page.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn url(&self) -> Result<String> {
        Ok(command(self.client.current_url()).await.context("reading the page's address")?.to_string())
    }

    /// Gives the page this size in CSS pixels, without the window's frame, and waits until it has it.
    ///
    /// # Errors
    /// When the window does not take this size.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        let mut frame = (0, 0);
        let end = Instant::now() + self.timeout;
        loop {
            let (outer_width, outer_height) = (width.saturating_add(frame.0), height.saturating_add(frame.1));
            command(self.client.set_window_rect(0, 0, outer_width, outer_height))
                .await
                .context("resizing the window")?;
            let measured = self.evaluate("return [innerWidth, innerHeight, outerWidth, outerHeight]").await?;
            let [inner_width, inner_height, outer_width, outer_height]: [u32; 4] =
                serde_json::from_value(measured).context("measuring the page")?;
            if (inner_width, inner_height) == (width, height) {
                return Ok(());
            }
            ensure!(
                Instant::now() < end,
                "the page stays {inner_width}×{inner_height} instead of {width}×{height}"
            );
            frame = (outer_width.saturating_sub(inner_width), outer_height.saturating_sub(inner_height));
            sleep(LOOK_INTERVAL).await;
        }
    }

    /// Waits until an element that `css` selects is visible.
    ///
    /// # Errors
    /// When none is visible in time; the message tells what the page shows.
    pub async fn wait_for(&self, css: &str) -> Result<Element> {
        self.until(&format!("{css} is visible"), async || self.visible(css).await).await
    }

    /// Waits until no element that `css` selects is visible.
    ///
    /// # Errors
    /// When one stays visible.
    pub async fn wait_gone(&self, css: &str) -> Result<()> {
        self.until(&format!("{css} is gone"), async || Ok(self.visible(css).await?.is_none().then_some(())))
            .await
    }

    /// Waits until the text of the first visible element of `css` contains `text`, and gives its whole text.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<String> {
        self.until(&format!("{css} says {text:?}"), async || {
            let Some(element) = self.visible(css).await? else { return Ok(None) };
            let found = element.text().await?;
            Ok(found.contains(text).then_some(found))
        })
        .await
    }

    /// Waits until the input that `css` selects holds exactly `value`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn wait_for_value(&self, css: &str, value: &str) -> Result<()> {
        self.until(&format!("{css} holds {value:?}"), async || {
            let element = self.client.find(Locator::Css(css)).await?;
            Ok((element.prop("value").await?.as_deref() == Some(value)).then_some(()))
        })
        .await
    }

    /// The text of the first visible element of `css`; waits for it.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn text(&self, css: &str) -> Result<String> {
        self.until(&format!("{css} is visible"), async || {
            let Some(element) = self.visible(css).await? else { return Ok(None) };
            element.text().await.map(Some)
        })
        .await
    }

    /// The value of the input that `css` selects.
    ///
    /// # Errors
    /// When there is no such input in time.
    pub async fn value(&self, css: &str) -> Result<String> {
        self.until(&format!("{css} is there"), async || {
            let element = self.client.find(Locator::Css(css)).await?;
            Ok(Some(element.prop("value").await?.unwrap_or_default()))
        })
        .await
    }

    /// An attribute of the first element of `css`; `None` when it has none of that name.
    ///
    /// # Errors
    /// When there is no such element in time.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.until(&format!("{css} is there"), async || {
            let element = self.client.find(Locator::Css(css)).await?;
            element.attr(name).await.map(Some)
        })
        .await
    }

    /// Number of elements that `css` selects at this moment, visible or not.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn count(&self, css: &str) -> Result<usize> {
        let found = command(self.client.find_all(Locator::Css(css))).await;
        Ok(found.with_context(|| format!("counting {css}"))?.len())
    }

    /// Clicks the first visible element of `css`; waits until nothing covers it.
    ///
    /// # Errors
    /// When it cannot be clicked in time.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.until(&format!("{css} can be clicked"), async || {
            let Some(element) = self.visible(css).await? else { return Ok(None) };
            // The middle of the window, where no sticky header or footer covers it.
            let into_view = "arguments[0].scrollIntoView({block: 'center'})";
            self.client.execute(into_view, vec![serde_json::to_value(&element)?]).await?;
            element.click().await.map(Some)
        })
        .await
    }

    /// Types `text` key by key at the end of the first visible element of `css`.
    ///
    /// # Errors
    /// When there is no such element in time, or it takes no text.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        let element = self.wait_for(css).await?;
        command(element.send_keys(text)).await.with_context(|| format!("typing into {css}"))
    }

    /// Clears the input that `css` selects and types `text` into it.
    ///
    /// # Errors
    /// When there is no such input in time, or it takes no text.
    pub async fn replace(&self, css: &str, text: &str) -> Result<()> {
        let element = self.wait_for(css).await?;
        command(element.clear()).await.with_context(|| format!("clearing {css}"))?;
        command(element.send_keys(text)).await.with_context(|| format!("typing into {css}"))
    }

    /// Types `text` into the element that has the focus, as a keyboard does.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn type_keys(&self, text: &str) -> Result<()> {
        let focused = command(self.client.active_element()).await.context("finding the focus")?;
        command(focused.send_keys(text)).await.context("typing")
    }

    /// Presses a key without a character, such as [`Key::Enter`].
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.type_keys(&char::from(key).to_string()).await
    }

    /// Chooses a file in the file input that `css` selects. Such inputs are often invisible.
    ///
    /// # Errors
    /// When there is no such input in time, or the file does not exist.
    pub async fn attach(&self, css: &str, file: &Path) -> Result<()> {
        let file = file.canonicalize().with_context(|| format!("finding {}", file.display()))?;
        let path = file.to_str().with_context(|| format!("{} is not UTF-8", file.display()))?;
        let look = async || self.client.find(Locator::Css(css)).await.map(Some);
        let element = self.until(&format!("{css} is there"), look).await?;
        command(element.send_keys(path)).await.with_context(|| format!("attaching {path} to {css}"))
    }

    /// The result of a script in the page; the script says `return …`.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn evaluate(&self, script: &str) -> Result<Value> {
        command(self.client.execute(script, Vec::new())).await.with_context(|| format!("running {script:?}"))
    }

    /// Waits until a script gives something other than `false` or `null`, and gives that.
    ///
    /// # Errors
    /// When it does not in time, or throws.
    pub async fn wait_for_script(&self, script: &str) -> Result<Value> {
        self.until(&format!("{script:?} holds"), async || {
            let value = self.client.execute(script, Vec::new()).await?;
            Ok((!matches!(value, Value::Null | Value::Bool(false))).then_some(value))
        })
        .await
    }

    /// Writes a screenshot of the page to `file` as a PNG; makes its folder if it is missing.
    ///
    /// # Errors
    /// When the driver refuses, or the file cannot be written.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        let png = command(self.client.screenshot()).await.context("taking a screenshot")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        std::fs::write(file, png).with_context(|| format!("writing {}", file.display()))
    }

    /// Closes the session. Its program ends when its owner drops.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(&self) -> Result<()> {
        command(self.client.clone().close()).await.context("closing the session")
    }

    async fn visible(&self, css: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(Locator::Css(css)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Polls `look` until it finds something. An error is not final: the page may replace an element between
    /// two commands of one look.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<Option<T>, CmdError>) -> Result<T> {
        let end = Instant::now() + self.timeout;
        loop {
            let last_error = match timeout(WATCHDOG, look()).await {
                Ok(Ok(Some(found))) => return Ok(found),
                Ok(Ok(None)) => None,
                Ok(Err(error)) if is_lost(&error) => {
                    return Err(anyhow!(error).context(format!("waiting until {what}")));
                }
                Ok(Err(error)) => Some(error),
                Err(_) => bail!("waiting until {what}: no answer of the driver within {WATCHDOG:?}"),
            };
            if Instant::now() >= end {
                let shows = self.shows().await;
                let error = last_error.map(|error| format!(" ({error})")).unwrap_or_default();
                bail!("waited {:?} in vain: {what}{error}\n{shows}", self.timeout);
            }
            sleep(LOOK_INTERVAL).await;
        }
    }

    /// The page in words, for the message of a wait that timed out.
    async fn shows(&self) -> String {
        const LONGEST: usize = 1500;
        let url = self.url().await.unwrap_or_else(|error| format!("no address: {error:#}"));
        let body = self.evaluate("return document.body ? document.body.innerText : ''").await;
        let text = match body {
            Ok(Value::String(text)) => text.chars().take(LONGEST).collect(),
            Ok(other) => other.to_string(),
            Err(error) => format!("{error:#}"),
        };
        format!("the page is {url} and shows:\n{text}")
    }
}

/// One command to the driver, with a watchdog.
async fn command<T>(pending: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
    let answer = timeout(WATCHDOG, pending).await;
    Ok(answer.with_context(|| format!("no answer of the driver within {WATCHDOG:?}"))??)
}

/// Whether the session is gone, so that another command cannot succeed.
fn is_lost(error: &CmdError) -> bool {
    error.is_invalid_session_id()
        || error.is_session_not_created()
        || matches!(error, CmdError::Lost(_) | CmdError::Failed(_))
}
