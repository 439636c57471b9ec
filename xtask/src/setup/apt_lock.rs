//! Waits while another process uses apt, as the automatic upgrades of a fresh Ubuntu do for minutes.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Files that apt and dpkg lock.
const LOCKS: [&str; 4] = [
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
];
/// Timeout of the wait: a month's upgrades of Ubuntu take a few minutes.
const TIMEOUT: Duration = Duration::from_secs(600);
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// Interval at which a long wait is reported again.
const REPORT_INTERVAL: Duration = Duration::from_secs(30);

/// The option by which apt itself waits, for a process that takes a lock after [`wait`].
pub(super) const OPTION: &str = "DPkg::Lock::Timeout=600";

/// Returns when no other process holds a lock of apt's.
///
/// # Errors
/// When one still holds it after ten minutes.
pub(super) fn wait() -> Result<()> {
    let started = Instant::now();
    let mut reported: Option<Instant> = None;
    while let Some(holder) = LOCKS.iter().find_map(|lock| holder(Path::new(lock))) {
        ensure!(
            started.elapsed() < TIMEOUT,
            "cannot install packages: {holder} is still using apt after {} minutes; try again when it ends",
            TIMEOUT.as_secs() / 60
        );
        if reported.is_none_or(|at| at.elapsed() >= REPORT_INTERVAL) {
            println!(
                "Waiting until {holder} has finished using apt, {} minutes at most …",
                TIMEOUT.as_secs() / 60
            );
            reported = Some(Instant::now());
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    Ok(())
}

/// The name and number of the process that holds a lock on `file`. The kernel's list needs no rights to read.
fn holder(file: &Path) -> Option<String> {
    let metadata = file.metadata().ok()?;
    let (major, minor) = (rustix::fs::major(metadata.dev()), rustix::fs::minor(metadata.dev()));
    let id = format!("{major:02x}:{minor:02x}:{}", metadata.ino());
    let process = holder_in(&std::fs::read_to_string("/proc/locks").ok()?, &id)?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    Some(format!("process {process} ({})", if name.is_empty() { "unknown" } else { name.trim() }))
}

/// From lines like `1: POSIX  ADVISORY  WRITE 4711 fd:01:262155 0 EOF`, the process of the one with this
/// file.
fn holder_in(locks: &str, id: &str) -> Option<u32> {
    let rows = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let found = rows.into_iter().find(|row| row.get(5) == Some(&id));
    found?.get(4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_read_from_the_line_of_the_file() {
        let locks = "1: POSIX  ADVISORY  WRITE 10 fd:01:262155 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 20 fd:01:99 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 30 fd:01:77 0 EOF\n";
        assert_eq!(holder_in(locks, "fd:01:99"), Some(20));
        assert_eq!(holder_in(locks, "fd:01:77"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_lock_that_a_process_holds_is_seen() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(holder(file.path()), None);
        rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::LockExclusive).unwrap();
        let holder = holder(file.path()).unwrap();
        assert!(holder.starts_with(&format!("process {} (", std::process::id())), "{holder}");
    }
}
