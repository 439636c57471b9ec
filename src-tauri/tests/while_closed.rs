//! Sending without a window, as Android's scheduler asks for it: what was sealed is proved, and nothing is
//! done twice.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use device::sync::HttpTransport;
use device::{Elections, NoKeystore, Platform, TallyKey};
use saksi_app::while_closed::{Sent, send};
use saksi_tests::data::demo_election;
use saksi_tests::in_process::InProcessEndpoint;
use tally::{Figure, StationId};

/// Far longer than it takes.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn what_was_sealed_is_sent_and_proved_without_a_window() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let endpoint = runtime.block_on(InProcessEndpoint::start(tally::load::read(&demo_election())?))?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(seal_a_tally(&endpoint, folder.path()))?;

    let sent = send(folder.path(), true, LIMIT)?;
    ensure!(sent == Sent { proved: 1, requests: 0, waiting: 0 }, "{sent:?}");
    let again = send(folder.path(), true, LIMIT)?;
    ensure!(again == Sent { proved: 0, requests: 0, waiting: 0 }, "{again:?}");
    runtime.block_on(endpoint.stop())
}

/// The window has been closed since.
async fn seal_a_tally(endpoint: &InProcessEndpoint, folder: &Path) -> Result<()> {
    let station: StationId = "52.71.05.1001-001".parse()?;
    let elections = Elections::open(folder, Platform::system(Arc::new(NoKeystore)))?;
    elections.join(&endpoint.invite(&station)?, &HttpTransport::new()?).await?;
    let device = elections.current()?;
    let key = TallyKey::first(&station, &"ppwp".parse()?);
    for (field, figure) in [("IV.1", 123), ("IV.2", 97), ("IV.3", 28)] {
        device.set_figure(&key, &field.parse()?, Some(Figure::Written(figure)))?;
    }
    for finding in device.tally(&key)?.findings {
        device.acknowledge(&key, &finding.finding.key, true)?;
    }
    device.seal(&key)?;
    device.tally(&key)?.statement.context("a statement").map(|_| ())
}
