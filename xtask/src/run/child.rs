//! A program that runs beside this one and ends with it, with all that it has started itself.

use std::fs::File;
use std::io::BufRead;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// How long a program may take to end in good order.
const STOP_LIMIT: Duration = Duration::from_secs(15);
const GLANCE: Duration = Duration::from_millis(30);

/// A running program, the first of a process group of its own: Ctrl-C in the terminal does not reach it, so that
/// programs are stopped in their order and none is cut off while another still talks to it.
#[derive(Debug)]
pub(super) struct Child {
    name: &'static str,
    process: std::process::Child,
    /// Whether the first process has been taken off the system's books, or is about to be.
    stopped: bool,
}

impl Child {
    /// Starts `command`; what it prints goes to the file `log`, or to the terminal where there is none.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(name: &'static str, mut command: Command, log: Option<&Path>) -> Result<Self> {
        command.stdin(Stdio::null()).process_group(0);
        if let Some(path) = log {
            let file = append(path)?;
            command
                .stdout(file.try_clone().with_context(|| format!("writing {}", path.display()))?)
                .stderr(file);
        }
        let process = command
            .spawn()
            .with_context(|| format!("starting {name} ({})", command.get_program().display()))?;
        Ok(Self { name, process, stopped: false })
    }

    /// Starts `command` and waits for a line on its standard output in which `find` finds what it seeks. The rest of
    /// what it prints goes to the file `log`, too.
    ///
    /// # Errors
    /// When it cannot be started, or ends without such a line.
    pub(super) fn start_and_find<T>(
        name: &'static str,
        mut command: Command,
        log: &Path,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T)> {
        let mut file = append(log)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        command.stderr(file.try_clone().with_context(|| format!("writing {}", log.display()))?);
        let process = command
            .spawn()
            .with_context(|| format!("starting {name} ({})", command.get_program().display()))?;
        let mut child = Self { name, process, stopped: false };
        let output = child.process.stdout.take().with_context(|| format!("reading what {name} prints"))?;
        let mut output = std::io::BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).with_context(|| format!("reading what {name} prints"))? > 0 {
            // The log is a courtesy: a full disk must not keep the address from being found.
            let _ = std::io::Write::write_all(&mut file, line.as_bytes());
            if let Some(found) = find(&line) {
                // Whatever else it prints must be taken off its hands, or it would stand still at a full pipe.
                std::thread::spawn(move || std::io::copy(&mut output, &mut file));
                return Ok((child, found));
            }
            line.clear();
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        let last: Vec<_> = said.lines().rev().take(5).collect();
        let last = last.into_iter().rev().collect::<Vec<_>>().join("\n  ");
        anyhow::bail!("{name} ended before it was up; it said:\n  {last}")
    }

    /// How the program has ended, if it has; what it started itself and left behind has been ended then, too.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if !self.stopped {
            // Looked at without being taken off the system's books: until it is, its group's number belongs to no other.
            let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            let seen = waitid(WaitId::Pid(Pid::from_child(&self.process)), look);
            if seen.with_context(|| format!("looking after {}", self.name))?.is_none() {
                return Ok(None);
            }
            self.signal(Signal::KILL);
            self.stopped = true;
        }
        let status = self.process.wait().with_context(|| format!("waiting for {} to end", self.name))?;
        Ok(Some(status))
    }

    /// How the program in `place` has ended, if there is one and it has; it is no longer there then.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn take_ended(place: &mut Option<Self>) -> Result<Option<ExitStatus>> {
        let Some(child) = place else { return Ok(None) };
        let status = child.ended()?;
        if status.is_some() {
            *place = None;
        }
        Ok(status)
    }

    /// Asks the program to end and waits; one that takes too long is killed.
    ///
    /// # Errors
    /// When the system does not say whether it has ended.
    pub(super) fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.stopped {
            return Ok(());
        }
        self.signal(Signal::TERM);
        let until = Instant::now() + STOP_LIMIT;
        while Instant::now() < until {
            if self.ended()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(GLANCE);
        }
        eprintln!("{} did not end within {} s and is killed.", self.name, STOP_LIMIT.as_secs());
        self.signal(Signal::KILL);
        self.stopped = true;
        self.process.wait().with_context(|| format!("waiting for {} to end", self.name))?;
        Ok(())
    }

    /// Sends a signal to the whole group. One that has no member left but its first, which has ended, has no use for
    /// it, so that is no error.
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
    file.with_context(|| format!("writing {}", path.display()))
}
