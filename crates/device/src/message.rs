//! Messages of coordinators: opening them.

use crate::Device;
use crate::error::{DeviceError, StoreError};

impl Device {
    /// The witness opened these messages. The endpoint learns it with the next request, which is due now.
    pub fn open_messages(&self, ids: &[String]) -> Result<(), DeviceError> {
        let now_ms = self.now_ms();
        let any = self.store().write(|write| -> Result<bool, StoreError> {
            let mut any = false;
            for id in ids {
                any |= write.open_message(id, now_ms)?;
            }
            if any {
                write.postpone_inbox(0)?;
            }
            Ok(any)
        })?;
        if any {
            self.wake();
        }
        Ok(())
    }
}
