//! The log as the console shows it, and its comparison with a checkpoint or fingerprint of an earlier time.

use evidence::{Checkpoint, UnverifiedCheckpoint};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::view::{LogComparison, LogKeyView, LogVerdict, LogView};

impl Endpoint {
    /// The log as the console shows it.
    pub(crate) fn log_view(&self) -> Result<LogView, Refusal> {
        let newest = self.newest()?;
        let keys = self.store().log_keys()?;
        Ok(LogView {
            size: newest.size,
            at_ms: newest.at_s.saturating_mul(1_000),
            spoken: newest.spoken(),
            began_at_ms: self.store().log_began_at_ms()?,
            waiting: self.store().statement_count()?.saturating_sub(newest.size),
            keys: keys
                .into_iter()
                .map(|known| LogKeyView {
                    log: known.key.id().to_string(),
                    public_key: known.key.to_hex(),
                    since_ms: known.since_ms,
                })
                .collect(),
            checkpoint: newest.note().to_owned(),
        })
    }

    /// Compares a checkpoint or a fingerprint of an earlier time with the log.
    pub(crate) fn compare(&self, earlier: &str) -> Result<LogComparison, Refusal> {
        let newest = self.newest()?;
        // A mail or a chat removes or adds blanks at the ends.
        let earlier = earlier.replace("\r\n", "\n");
        match UnverifiedCheckpoint::parse(&format!("{}\n", earlier.trim())) {
            Ok(earlier) => self.compare_note(earlier, &newest),
            Err(_) => self.compare_spoken(earlier.trim(), &newest),
        }
    }

    fn compare_note(
        &self,
        earlier: UnverifiedCheckpoint,
        newest: &Checkpoint,
    ) -> Result<LogComparison, Refusal> {
        let Checkpoint { size, at_s, .. } = *earlier.unproved();
        let answer = |verdict, proof| LogComparison {
            verdict,
            size: Some(size),
            at_ms: Some(at_s.saturating_mul(1_000)),
            newest: newest.note().to_owned(),
            proof,
        };
        let known = self.store().log_keys()?;
        let Some(signer) = known.iter().find(|known| known.key.id() == earlier.log()) else {
            return Ok(answer(LogVerdict::OtherLog, Vec::new()));
        };
        let Ok(earlier) = earlier.verify(&signer.key) else {
            return Ok(answer(LogVerdict::Unsigned, Vec::new()));
        };
        let Some(proof) = self.store().consistency(earlier.size, newest.size)? else {
            return Ok(answer(LogVerdict::Ahead, Vec::new()));
        };
        let verdict =
            if newest.continues(&earlier, &proof) { LogVerdict::Continues } else { LogVerdict::Contradicts };
        let hex = |hash: &[u8; 32]| evidence::to_hex(hash);
        Ok(answer(verdict, proof.iter().map(hex).collect()))
    }

    fn compare_spoken(&self, heard: &str, newest: &Checkpoint) -> Result<LogComparison, Refusal> {
        let size = heard.split_whitespace().next().and_then(|size| size.parse::<u64>().ok());
        let size = size.filter(|_| heard.contains(char::is_whitespace));
        let verdict = match size {
            None => LogVerdict::Unreadable,
            Some(size) if size > newest.size => LogVerdict::Ahead,
            Some(size) => {
                let root = self.store().log_root(size)?;
                let then = Checkpoint::sign(self.log_key(), size, root, newest.at_s);
                if then.is_spoken_as(heard) { LogVerdict::Continues } else { LogVerdict::NeverHeard }
            }
        };
        let newest = newest.note().to_owned();
        Ok(LogComparison { verdict, size, at_ms: None, newest, proof: Vec::new() })
    }

    fn newest(&self) -> Result<Checkpoint, Refusal> {
        Checkpoint::parse(&self.checkpoint()?, &self.log_key().public())
            .map_err(|error| Refusal::internal("reading the newest checkpoint", &error))
    }
}
