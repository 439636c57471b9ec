//! A child process that ends with this one, together with its own children.

use std::fs::File;
use std::io::BufRead;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// Timeout of a graceful shutdown: the endpoint's own grace period is 10 s.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);
/// Interval at which a program is polled while it stops.
const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// A running program, the leader of its own process group. Ctrl-C in the terminal does not reach it: programs
/// are stopped one after the other, and none ends while another still sends to it.
#[derive(Debug)]
pub(super) struct Child {
    name: &'static str,
    process: std::process::Child,
    /// Whether the leader has been reaped, or is about to be.
    stopped: bool,
}

impl Child {
    /// Starts `command`. Its output goes to the file `log`, or to the terminal if there is none.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(name: &'static str, mut command: Command, log: Option<&Path>) -> Result<Self> {
        command.stdin(Stdio::null()).process_group(0);
        if let Some(path) = log {
            let file = append(path)?;
            command
                .stdout(file.try_clone().with_context(|| format!("cannot write {}", path.display()))?)
                .stderr(file);
        }
        let process = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        Ok(Self { name, process, stopped: false })
    }

    /// Starts `command` and waits for the first line of its standard output for which `find` returns a value.
    /// All of its output goes to the file `log`.
    ///
    /// # Errors
    /// When it cannot be started, or ends before such a line.
    pub(super) fn start_and_find<T>(
        name: &'static str,
        mut command: Command,
        log: &Path,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T)> {
        let mut file = append(log)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        command.stderr(file.try_clone().with_context(|| format!("cannot write {}", log.display()))?);
        let process = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        let mut child = Self { name, process, stopped: false };
        let output =
            child.process.stdout.take().with_context(|| format!("cannot read the output of {name}"))?;
        let mut output = std::io::BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).with_context(|| format!("cannot read the output of {name}"))? > 0 {
            // A full disk must not hide the address: an error of the log is ignored.
            let _ = std::io::Write::write_all(&mut file, line.as_bytes());
            if let Some(found) = find(&line) {
                // The rest must be read too: a program blocks when its pipe is full.
                std::thread::spawn(move || std::io::copy(&mut output, &mut file));
                return Ok((child, found));
            }
            line.clear();
        }
        let output = std::fs::read_to_string(log).unwrap_or_default();
        let last: Vec<_> = output.lines().rev().take(5).collect();
        let last = last.into_iter().rev().collect::<Vec<_>>().join("\n  ");
        anyhow::bail!("{name} ended before it was ready; its last lines:\n  {last}")
    }

    /// The exit status of the program if it has ended. Its own children are killed then.
    ///
    /// # Errors
    /// When the system call fails.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if !self.stopped {
            // Polled without reaping: until the leader is reaped, no other group can have its number.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            let seen = waitid(WaitId::Pid(Pid::from_child(&self.process)), options);
            if seen.with_context(|| format!("cannot poll {}", self.name))?.is_none() {
                return Ok(None);
            }
            self.signal(Signal::KILL);
            self.stopped = true;
        }
        let status = self.process.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        Ok(Some(status))
    }

    /// The exit status of the program in `slot` if it has ended. The slot is empty then.
    ///
    /// # Errors
    /// When the system call fails.
    pub(super) fn remove_ended(slot: &mut Option<Self>) -> Result<Option<ExitStatus>> {
        let Some(child) = slot else { return Ok(None) };
        let status = child.ended()?;
        if status.is_some() {
            *slot = None;
        }
        Ok(status)
    }

    /// Sends SIGTERM and waits; kills the program after a timeout.
    ///
    /// # Errors
    /// When a system call fails.
    pub(super) fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.stopped {
            return Ok(());
        }
        self.signal(Signal::TERM);
        let until = Instant::now() + STOP_TIMEOUT;
        while Instant::now() < until {
            if self.ended()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(POLL_INTERVAL);
        }
        eprintln!("{} did not stop within {} s and is killed.", self.name, STOP_TIMEOUT.as_secs());
        self.signal(Signal::KILL);
        self.stopped = true;
        self.process.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        Ok(())
    }

    /// Sends a signal to the whole group. A group whose only member has ended cannot receive it, which is no
    /// error.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(Pid::from_child(&self.process), signal);
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("{error:#}");
        }
    }
}

fn append(path: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(path);
    file.with_context(|| format!("cannot write {}", path.display()))
}
