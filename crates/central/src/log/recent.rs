//! Reads the newest checkpoint and the log's keys, of which everybody may ask as often as they like.

use std::sync::Arc;

use protocol::LogKeys;

use crate::endpoint::Endpoint;
use crate::recent_log::LogState;
use crate::refusal::Refusal;
use crate::store::StoreError;

impl Endpoint {
    /// The newest state of the log, at most a second old.
    pub(crate) async fn log_state(&self) -> Result<Arc<LogState>, Refusal> {
        if let Some(state) = self.recent_log().fresh() {
            return Ok(state);
        }
        let _reading = self.recent_log().reading.lock().await;
        if let Some(state) = self.recent_log().fresh() {
            return Ok(state);
        }
        // One reader at a time cannot crowd out anybody.
        self.internal(|endpoint| Ok(endpoint.read_log_state()?)).await
    }

    fn read_log_state(&self) -> Result<Arc<LogState>, StoreError> {
        let known = self.store().log_keys()?;
        let rotations = known.iter().filter_map(|known| known.rotation).map(|rotation| rotation.to_hex());
        let keys = LogKeys { current: self.log_key().public().to_hex(), rotations: rotations.collect() };
        let state = Arc::new(LogState { checkpoint: self.checkpoint()?, keys });
        self.recent_log().remember(&state);
        Ok(state)
    }
}
