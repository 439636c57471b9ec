//! What a person does with a page, whoever shows it: look, wait, click, type, take a picture.
//!
//! Everything polls: a screen may be painted seconds late on a busy machine. Every wait has a limit, and what it says
//! when the limit passes holds what the page shows instead.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

/// How long a page may take to get where a test expects it.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long the driver may take to answer one command.
const COMMAND_LIMIT: Duration = Duration::from_secs(30);
/// A window takes its size within a moment or, for reasons of its own, not at all.
const RESIZE_LOOKS: u32 = 100;
const GLANCE: Duration = Duration::from_millis(60);

/// A page under a WebDriver session.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client,
    patience: Duration,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, patience: PATIENCE }
    }

    /// The same page, waiting for at most `patience` in each wait.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { client: self.client.clone(), patience }
    }

    /// The session itself, for what this type has no word for.
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
        Ok(command(self.client.current_url()).await.context("asking for the page's address")?.to_string())
    }

    /// Gives the page this size in CSS pixels, whatever the window puts around it, and waits until it has it.
    ///
    /// # Errors
    /// When the window does not take such a size.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        let (mut around, mut inner) = ((0, 0), (0, 0));
        for _ in 0..RESIZE_LOOKS {
            let (outer_width, outer_height) =
                (width.saturating_add(around.0), height.saturating_add(around.1));
            command(self.client.set_window_rect(0, 0, outer_width, outer_height))
                .await
                .context("resizing the window")?;
            let measured = self.evaluate("return [innerWidth, innerHeight, outerWidth, outerHeight]").await?;
            let [inner_width, inner_height, outer_width, outer_height]: [u32; 4] =
                serde_json::from_value(measured).context("measuring the page")?;
            inner = (inner_width, inner_height);
            if inner == (width, height) {
                return Ok(());
            }
            around = (outer_width.saturating_sub(inner_width), outer_height.saturating_sub(inner_height));
            sleep(GLANCE).await;
        }
        bail!("the page was to be {width}×{height} but stays {}×{}", inner.0, inner.1)
    }

    /// Waits until an element that `css` selects is there and shown.
    ///
    /// # Errors
    /// When there is none in time; the message tells what the page shows.
    pub async fn wait_for(&self, css: &str) -> Result<Element> {
        self.until(&format!("{css} is shown"), async || self.shown(css).await).await
    }

    /// Waits until no element that `css` selects is shown.
    ///
    /// # Errors
    /// When one still is.
    pub async fn wait_gone(&self, css: &str) -> Result<()> {
        self.until(&format!("{css} is gone"), async || Ok(self.shown(css).await?.is_none().then_some(())))
            .await
    }

    /// Waits until the text of the first shown element of `css` contains `text`, and gives the whole of it.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<String> {
        self.until(&format!("{css} says {text:?}"), async || {
            let Some(element) = self.shown(css).await? else { return Ok(None) };
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

    /// The text of the first shown element of `css`, once there is one.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn text(&self, css: &str) -> Result<String> {
        self.until(&format!("{css} is shown"), async || {
            let Some(element) = self.shown(css).await? else { return Ok(None) };
            element.text().await.map(Some)
        })
        .await
    }

    /// What the input that `css` selects holds.
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

    /// An attribute of the first element of `css`, or nothing when it has none of that name.
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

    /// How many elements `css` selects at this moment, shown or not.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn count(&self, css: &str) -> Result<usize> {
        let found = command(self.client.find_all(Locator::Css(css))).await;
        Ok(found.with_context(|| format!("counting {css}"))?.len())
    }

    /// Clicks the first shown element of `css`, once it is there and nothing lies over it.
    ///
    /// # Errors
    /// When it cannot be clicked in time.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.until(&format!("{css} can be clicked"), async || {
            let Some(element) = self.shown(css).await? else { return Ok(None) };
            // As a person does: bring it to where nothing that sticks to an edge lies over it.
            let into_view = "arguments[0].scrollIntoView({block: 'center'})";
            self.client.execute(into_view, vec![serde_json::to_value(&element)?]).await?;
            element.click().await.map(Some)
        })
        .await
    }

    /// Types `text` into the first shown element of `css`, key by key, after what is in it.
    ///
    /// # Errors
    /// When there is no such element in time, or it takes no text.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        let element = self.wait_for(css).await?;
        command(element.send_keys(text)).await.with_context(|| format!("typing into {css}"))
    }

    /// Empties the input that `css` selects and types `text` into it.
    ///
    /// # Errors
    /// When there is no such input in time, or it takes no text.
    pub async fn replace(&self, css: &str, text: &str) -> Result<()> {
        let element = self.wait_for(css).await?;
        command(element.clear()).await.with_context(|| format!("emptying {css}"))?;
        command(element.send_keys(text)).await.with_context(|| format!("typing into {css}"))
    }

    /// Types `text` into whatever has the focus, as a keyboard does.
    ///
    /// # Errors
    /// When the driver does not take it.
    pub async fn type_keys(&self, text: &str) -> Result<()> {
        let focused =
            command(self.client.active_element()).await.context("looking for what has the focus")?;
        command(focused.send_keys(text)).await.context("typing")
    }

    /// Presses one key that has no letter, such as [`Key::Enter`].
    ///
    /// # Errors
    /// When the driver does not take it.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.type_keys(&char::from(key).to_string()).await
    }

    /// Chooses a file in the file input that `css` selects; such inputs are often not shown.
    ///
    /// # Errors
    /// When there is no such input in time, or the file is not there.
    pub async fn attach(&self, css: &str, file: &Path) -> Result<()> {
        let file = file.canonicalize().with_context(|| format!("looking for {}", file.display()))?;
        let path = file.to_str().with_context(|| format!("{} is not a name in UTF-8", file.display()))?;
        let look = async || self.client.find(Locator::Css(css)).await.map(Some);
        let element = self.until(&format!("{css} is there"), look).await?;
        command(element.send_keys(path)).await.with_context(|| format!("attaching {path} to {css}"))
    }

    /// What a script in the page gives; it says `return …`.
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

    /// Writes a picture of the page to `file` as a PNG, making its folder where it is missing.
    ///
    /// # Errors
    /// When the driver gives none or it cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let png = command(self.client.screenshot()).await.context("taking a picture of the page")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        std::fs::write(file, png).with_context(|| format!("writing {}", file.display()))
    }

    /// Closes the session. The program behind it ends in any case when its owner is dropped.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(&self) -> Result<()> {
        command(self.client.clone().close()).await.context("closing the session")
    }

    async fn shown(&self, css: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(Locator::Css(css)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Asks again and again until the answer is there. An error of a look is not final: between finding an element and
    /// asking for its text the page may have drawn it anew.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<Option<T>, CmdError>) -> Result<T> {
        let end = Instant::now() + self.patience;
        loop {
            let last_error = match timeout(COMMAND_LIMIT, look()).await {
                Ok(Ok(Some(found))) => return Ok(found),
                Ok(Ok(None)) => None,
                Ok(Err(error)) if is_lost(&error) => {
                    return Err(anyhow!(error).context(format!("waiting until {what}")));
                }
                Ok(Err(error)) => Some(error),
                Err(_) => bail!("waiting until {what}: the driver gave no answer within {COMMAND_LIMIT:?}"),
            };
            if Instant::now() >= end {
                let shows = self.shows().await;
                let error = last_error.map(|error| format!(" ({error})")).unwrap_or_default();
                bail!("waited {:?}, but never: {what}{error}\n{shows}", self.patience);
            }
            sleep(GLANCE).await;
        }
    }

    /// The page in words, for a message about a wait that was in vain.
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

/// Gives the driver its time for one command, and no more.
async fn command<T>(asked: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
    let answer = timeout(COMMAND_LIMIT, asked).await;
    Ok(answer.with_context(|| format!("the driver gave no answer within {COMMAND_LIMIT:?}"))??)
}

/// Whether the session itself is gone, so that asking again is of no use.
fn is_lost(error: &CmdError) -> bool {
    error.is_invalid_session_id()
        || error.is_session_not_created()
        || matches!(error, CmdError::Lost(_) | CmdError::Failed(_))
}
