//! What makes the sync try again before its time.

use std::sync::atomic::Ordering;

use crate::Device;
use crate::error::DeviceError;

impl Device {
    /// Wakes the sync: something was sealed, the app came back to the front, or the system says that it is
    /// online.
    pub fn wake(&self) {
        self.copy_due.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    /// The app came back to the front: the connection and the inbox are tried now.
    pub fn resumed(&self) -> Result<(), DeviceError> {
        self.store().write(|write| {
            write.make_connection_due()?;
            write.make_joining_due()?;
            write.make_hall_due()?;
            write.postpone_inbox(0)
        })?;
        self.wake();
        Ok(())
    }

    /// The system says that it is online: the connection is tried now. Items that the endpoint has postponed
    /// stay postponed.
    pub fn connection_may_be_back(&self) -> Result<(), DeviceError> {
        self.store().write(|write| {
            write.make_connection_due()?;
            write.make_joining_due()?;
            write.make_hall_due()
        })?;
        self.wake();
        Ok(())
    }

    /// Makes everything due now and wakes the sync: the witness asked for it.
    pub fn try_now(&self) -> Result<(), DeviceError> {
        self.store().write(|write| {
            write.make_connection_due()?;
            write.make_joining_due()?;
            write.make_hall_due()?;
            write.make_outbox_due()?;
            write.postpone_inbox(0)
        })?;
        self.wake();
        Ok(())
    }
}
