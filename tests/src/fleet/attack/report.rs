//! The table of an attack.

use std::fmt;
use std::time::Duration;

use clap::ValueEnum as _;

use super::AttackKind;

/// Goals of an attack of all kinds from 64 addresses.
const LATENCY_GOAL: Duration = Duration::from_secs(1);
const MEMORY_GOAL_MB: u64 = 700;

/// Times of one kind of request.
#[derive(Debug, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn add(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Their number.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that a share of them did not exceed; 0.5 gives the median.
    pub fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
        sorted.get(index).copied().unwrap_or_default()
    }

    fn line(&self, name: &str, goal: Option<Duration>) -> String {
        let [median, p99, longest] = [0.5, 0.99, 1.0].map(|share| self.quantile(share).as_secs_f64() * 1e3);
        let goal = goal.map_or(String::new(), |goal| verdict(self.quantile(0.99) <= goal, "p99 1 s"));
        format!(
            "  {name:<22} {:>6} times, median {median:.0} ms, p99 {p99:.0} ms, longest {longest:.0} ms{goal}",
            self.count()
        )
    }
}

fn verdict(is_met: bool, goal: &str) -> String {
    format!(" (goal {goal}: {})", if is_met { "met" } else { "MISSED" })
}

/// What became of the attempts of one kind of attack.
#[derive(Debug, Clone, Copy)]
pub struct KindReport {
    pub kind: AttackKind,
    pub attempts: u64,
    /// Answered, or, where nobody waits for an answer, sent.
    pub done: u64,
    /// Answered with a refusal.
    pub refused: u64,
    /// Answered with 429 or 503.
    pub later: u64,
    /// Without an answer: the connection closed.
    pub broken: u64,
}

/// The result of an attack.
#[derive(Debug, Default)]
pub struct AttackReport {
    pub kinds: Vec<KindReport>,
    /// Pushes of honest phones, from the first attempt to the acceptance.
    pub pushes: Latencies,
    /// Attempts of honest phones that had to be repeated.
    pub retries: u64,
    pub readiness: Latencies,
    /// Answers of `/readyz` that were not "ready", or did not come.
    pub wrong_readiness: u64,
    /// Pages of a coordinator.
    pub pages: Latencies,
    pub logins: Latencies,
    /// Crops of the attackers' photos.
    pub crops: Latencies,
    /// Most memory that the endpoint's process had.
    pub peak_bytes: Option<u64>,
    /// Honest statements that the endpoint acknowledged.
    pub acknowledged: usize,
    /// Of these, those whose receipt the log gave afterwards.
    pub in_the_log: usize,
}

impl fmt::Display for AttackReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {:<22} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "attack", "attempts", "done", "refused", "later", "broken"
        )?;
        for kind in &self.kinds {
            let KindReport { kind, attempts, done, refused, later, broken } = kind;
            let value = kind.to_possible_value();
            let name = value.as_ref().map_or("", |value| value.get_name());
            writeln!(f, "  {name:<22} {attempts:>9} {done:>9} {refused:>9} {later:>9} {broken:>9}")?;
        }
        writeln!(f, "{}", self.pushes.line("honest pushes", Some(LATENCY_GOAL)))?;
        writeln!(f, "  {:<22} {:>6} attempts repeated", "", self.retries)?;
        writeln!(f, "{}", self.readiness.line("/readyz", Some(LATENCY_GOAL)))?;
        let never_wrong = verdict(self.wrong_readiness == 0, "0");
        writeln!(f, "  {:<22} {:>6} wrong answers{never_wrong}", "", self.wrong_readiness)?;
        writeln!(f, "{}", self.pages.line("coordinator's pages", Some(LATENCY_GOAL)))?;
        writeln!(f, "{}", self.logins.line("coordinator's logins", None))?;
        writeln!(f, "{}", self.crops.line("crops", None))?;
        if let Some(bytes) = self.peak_bytes {
            let megabytes = bytes / 1_000_000;
            let goal = verdict(megabytes <= MEMORY_GOAL_MB, &format!("{MEMORY_GOAL_MB} MB"));
            writeln!(f, "  {:<22} {megabytes:>6} MB at most{goal}", "memory")?;
        }
        let lost = self.acknowledged.saturating_sub(self.in_the_log);
        let goal = verdict(lost == 0, "0 lost");
        write!(f, "  {:<22} {:>6} honest statements, {lost} lost{goal}", "acknowledged", self.acknowledged)
    }
}
