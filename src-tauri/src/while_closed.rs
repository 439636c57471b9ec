//! Sending while no window is open: what Android's scheduler asks for when there is a network. The window and
//! the scheduler may share a process, so the elections are opened once, and one of both sends.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use device::sync::{HttpTransport, send_due};
use device::{DeviceError, Elections, Platform};
use tokio::sync::{MutexGuard, Notify};

/// The elections of this process, and the folder in which they are.
static OPENED: Mutex<Option<(PathBuf, Arc<Elections>)>> = Mutex::new(None);
/// Held by what sends.
static SENDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
/// The window wants to send.
static WINDOW: Notify = Notify::const_new();

/// Interval after which a record that was sent is asked for its receipt. The log appends once a second.
const RECEIPT_INTERVAL: Duration = Duration::from_secs(2);
/// Maximum number of rounds in which nothing was proved. Then the scheduler tries again later.
const IDLE_ROUNDS_MAX: u32 = 3;

/// What came of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Number of records and photos that were proved or arrived meanwhile.
    pub proved: u32,
    /// Number of requests for photos that are new.
    pub requests: u32,
    /// Number of records and photos that still wait.
    pub waiting: u32,
}

impl Sent {
    /// Bits of each number in [`Self::packed`].
    const BITS: u32 = 20;

    /// All three in one number, as `Sender.kt` reads them. A number that is too large is cut.
    #[must_use]
    pub fn packed(self) -> i64 {
        let most = (1 << Self::BITS) - 1;
        let [waiting, requests, proved] =
            [self.waiting, self.requests, self.proved].map(|number| i64::from(number.min(most)));
        waiting | requests << Self::BITS | proved << (2 * Self::BITS)
    }
}

/// The elections in `folder`, which are opened once in a process.
pub(crate) fn elections(folder: &Path) -> Result<Arc<Elections>, DeviceError> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, elections)) = &*opened
        && known == folder
    {
        return Ok(Arc::clone(elections));
    }
    let elections = Arc::new(Elections::open(folder, Platform::system(crate::keystore()))?);
    *opened = Some((folder.to_owned(), Arc::clone(&elections)));
    Ok(elections)
}

/// From here on the window sends, for as long as it holds what this returns. Sending without a window ends.
pub(crate) async fn window_sends() -> MutexGuard<'static, ()> {
    WINDOW.notify_one();
    SENDING.lock().await
}

/// Sends what is due in all elections of `folder`, and reads their inboxes. It returns when nothing is due
/// any more, when the window opens, or after `limit`.
///
/// # Errors
/// When the store cannot be opened, read or written, or there is no TLS on this device.
pub fn send(folder: &Path, is_metered: bool, limit: Duration) -> Result<Sent, DeviceError> {
    tauri::async_runtime::block_on(send_within(folder, is_metered, limit))
}

async fn send_within(folder: &Path, is_metered: bool, limit: Duration) -> Result<Sent, DeviceError> {
    let elections = elections(folder)?;
    let before = Counts::of(&elections)?;
    elections.connection_may_be_back(is_metered, true)?;
    // If the window holds it, its sync was woken by the line above.
    if let Ok(_sends) = SENDING.try_lock() {
        let transport = HttpTransport::new()?;
        tokio::select! {
            done = send_all(&elections, &transport) => done?,
            () = WINDOW.notified() => {}
            () = tokio::time::sleep(limit) => {}
        }
    }
    let after = Counts::of(&elections)?;
    Ok(Sent {
        proved: before.waiting.saturating_sub(after.waiting),
        requests: after.requests.saturating_sub(before.requests),
        waiting: after.waiting,
    })
}

/// Sends until everything is proved, or for a while nothing is.
async fn send_all(elections: &Elections, transport: &HttpTransport) -> Result<(), DeviceError> {
    let mut waiting = Counts::of(elections)?.waiting;
    let mut idle_rounds = 0;
    loop {
        for (_, device) in elections.devices() {
            send_due(&device, transport).await?;
        }
        let left = Counts::of(elections)?.waiting;
        idle_rounds = if left < waiting { 0 } else { idle_rounds + 1 };
        if left == 0 || idle_rounds >= IDLE_ROUNDS_MAX {
            return Ok(());
        }
        waiting = left;
        tokio::time::sleep(RECEIPT_INTERVAL).await;
    }
}

/// What waits on this device, and what is asked of it.
struct Counts {
    waiting: u32,
    requests: u32,
}

impl Counts {
    fn of(elections: &Elections) -> Result<Self, DeviceError> {
        // What was practised alone has no endpoint, and waits for nothing.
        let cards = elections.app()?.elections.into_iter();
        let sending = cards.filter(|card| !card.is_left && !card.endpoint.is_empty());
        let waiting = sending.map(|card| card.unproved).fold(0, u32::saturating_add);
        let mut requests = 0_u32;
        for (_, device) in elections.devices() {
            let asked = device.app()?.witness.map_or(0, |witness| witness.photo_requests.len());
            requests = requests.saturating_add(u32::try_from(asked).unwrap_or(u32::MAX));
        }
        Ok(Self { waiting, requests })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_one_that_is_never_negative() {
        let packed = Sent { proved: 3, requests: 1, waiting: 2 }.packed();
        assert_eq!(packed, 3 << 40 | 1 << 20 | 2);
        let most = Sent { proved: u32::MAX, requests: u32::MAX, waiting: u32::MAX }.packed();
        assert_eq!(most, (1 << 60) - 1);
    }
}
