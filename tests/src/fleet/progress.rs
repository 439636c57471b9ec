//! Progress of a fleet: bars on a terminal, plain lines elsewhere.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Interval between two plain lines.
const PLAIN_LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Totals of a fleet.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// One for each invitation.
    pub witnesses: u64,
    pub tallies: u64,
    pub photos: u64,
}

/// Counters of what the fleet has done.
#[derive(Debug)]
pub struct Progress {
    witnesses: u64,
    joined: Bar,
    sealed: Bar,
    arrived: Bar,
    photos: Bar,
    last_line: Mutex<Instant>,
    _bars: MultiProgress,
}

#[derive(Debug)]
struct Bar {
    count: AtomicU64,
    total: AtomicU64,
    bar: ProgressBar,
}

impl Progress {
    /// Counters at zero. Without a terminal, they print a line at an interval.
    pub fn new(all: Counts) -> Self {
        let bars = MultiProgress::new();
        let bar = |name: &'static str, length| {
            let bar = bars.add(ProgressBar::new(length));
            if let Ok(style) = ProgressStyle::with_template("  {prefix:<22} {bar:36} {pos:>4}/{len}") {
                bar.set_style(style);
            }
            bar.set_prefix(name);
            Bar { count: AtomicU64::new(0), total: AtomicU64::new(length), bar }
        };
        Self {
            witnesses: all.witnesses,
            joined: bar("witnesses joined", all.witnesses),
            sealed: bar("tallies sealed", all.tallies),
            arrived: bar("tallies arrived", all.tallies),
            photos: bar("photos arrived", all.photos),
            last_line: Mutex::new(Instant::now()),
            _bars: bars,
        }
    }

    /// More tallies and photos are to come than was known at the beginning.
    pub fn expect(&self, tallies: u64, photos: u64) {
        for (bar, more) in [(&self.sealed, tallies), (&self.arrived, tallies), (&self.photos, photos)] {
            bar.total.fetch_add(more, Ordering::Relaxed);
            bar.bar.inc_length(more);
        }
    }

    /// A witness has joined.
    pub fn joined(&self) {
        self.step(&self.joined, 1);
    }

    /// Tallies were sealed.
    pub fn sealed(&self, number: u64) {
        self.step(&self.sealed, number);
    }

    /// Tallies have arrived.
    pub fn tallies_arrived(&self, number: u64) {
        self.step(&self.arrived, number);
    }

    /// Photos have arrived.
    pub fn photos_arrived(&self, number: u64) {
        self.step(&self.photos, number);
    }

    #[expect(clippy::print_stdout, reason = "without a terminal, a line replaces the bars")]
    fn step(&self, bar: &Bar, number: u64) {
        bar.count.fetch_add(number, Ordering::Relaxed);
        bar.bar.inc(number);
        let all_photos = self.photos.total.load(Ordering::Relaxed);
        let is_done = self.photos.count.load(Ordering::Relaxed) == all_photos;
        if !bar.bar.is_hidden() {
            return;
        }
        let mut last_line = self.last_line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last_line.elapsed() >= PLAIN_LINE_INTERVAL || is_done {
            *last_line = Instant::now();
            let [joined, sealed, arrived, photos] = [&self.joined, &self.sealed, &self.arrived, &self.photos]
                .map(|bar| bar.count.load(Ordering::Relaxed));
            println!(
                "  {joined} of {} witnesses joined, {sealed} of {} tallies sealed, {arrived} arrived; {photos} of {all_photos} photos arrived",
                self.witnesses,
                self.sealed.total.load(Ordering::Relaxed)
            );
        }
    }
}
