//! A child process that a test owns. Its output goes to a file, and it ends with the test.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::eventually::eventually_within;

/// A running child. Dropping it kills it, and only it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    lines: Receiver<String>,
}

impl Process {
    /// Starts `command`, and appends all its output to the file `log`.
    ///
    /// # Errors
    /// When the program cannot be started or the log cannot be written.
    pub fn start(mut command: Command, log: &Path) -> Result<Self> {
        let program = Path::new(command.get_program());
        let name = program.file_name().unwrap_or(OsStr::new("program")).to_string_lossy().into_owned();
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("opening {}", log.display()))?;
        let (reader, writer) = std::io::pipe().context("making a pipe")?;
        command.stdin(Stdio::null()).stdout(writer.try_clone().context("sharing a pipe")?).stderr(writer);
        let child = command.spawn().with_context(|| format!("starting {name}"))?;
        // `command` owns copies of the pipe's writing end. While they are open, the reader below never sees
        // the end.
        drop(command);
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines() {
                let Ok(line) = line else { break };
                // The log is for people who look into a failure. A full disk must not hide the line from the
                // test.
                let _ = writeln!(file, "{line}");
                let _ = sender.send(line);
            }
        });
        Ok(Self { name, child, log: log.to_path_buf(), lines })
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The file with the output.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Waits until the process prints a line in which `find` finds something.
    ///
    /// # Errors
    /// When the process ends or `limit` passes first; the message holds the last lines of the output.
    pub fn wait_for_line<T>(&self, limit: Duration, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = find(&line) {
                        return Ok(found);
                    }
                }
                Err(reason) => {
                    let why = match reason {
                        mpsc::RecvTimeoutError::Timeout => format!("did not come up within {limit:?}"),
                        mpsc::RecvTimeoutError::Disconnected => "ended before it was up".to_owned(),
                    };
                    return Err(self.failed(&why));
                }
            }
        }
    }

    /// Sends SIGTERM and waits until the process has ended.
    ///
    /// # Errors
    /// When it does not end within `limit`.
    pub fn terminate(&mut self, limit: Duration) -> Result<ExitStatus> {
        signal(self.child.id(), Signal::TERM);
        let (name, child) = (&self.name, &mut self.child);
        let ended = eventually_within(limit, &format!("{name} ends after SIGTERM"), || {
            child.try_wait().with_context(|| format!("waiting for {name}"))
        });
        ended.map_err(|error| self.failed(&format!("did not end: {error:#}")))
    }

    /// Kills the process (SIGKILL), as a power cut would, and waits until it has ended.
    ///
    /// # Errors
    /// When the system does not report its end.
    pub fn kill(&mut self) -> Result<()> {
        // A process that has ended already gives an error here. That is fine.
        let _ = self.child.kill();
        self.child.wait().with_context(|| format!("waiting for {} to die", self.name))?;
        Ok(())
    }

    /// Whether the process has not ended yet.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn failed(&self, what: &str) -> anyhow::Error {
        let printed = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = printed.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n  ");
        anyhow!("{} {what}; the end of its output:\n  {tail}", self.name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Runs `command` to its end and gives its standard output.
///
/// # Errors
/// When it cannot be started, or fails; the message holds its standard error.
pub fn output_of(mut command: Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("running {shown}"))?;
    if !output.status.success() {
        bail!("{shown} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("the output of {shown} is not UTF-8"))
}

/// The running processes that descend from `parent`, parents before their children.
pub fn descendants(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut generation = vec![parent];
    while !generation.is_empty() {
        generation = generation.into_iter().flat_map(children).collect();
        found.extend(&generation);
    }
    found
}

/// The running children of `parent`, without zombies.
pub fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|&id| is_alive(id) && state_of(id).is_some_and(|state| state.parent == parent)).collect()
}

/// The system's name of a process: the first 15 characters of its program's name.
pub fn name_of(id: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{id}/comm")).ok().map(|name| name.trim_end().to_owned())
}

/// Kills the processes of `ids` (SIGKILL) and waits until all have ended; zombies count as ended.
///
/// # Errors
/// When one still runs after `limit`.
pub fn kill_and_wait(ids: &[u32], limit: Duration) -> Result<()> {
    for &id in ids {
        signal(id, Signal::KILL);
    }
    eventually_within(limit, &format!("the end of the killed processes {ids:?}"), || {
        Ok(ids.iter().all(|&id| !is_alive(id)).then_some(()))
    })
}

/// Whether a process with this id runs; a zombie does not.
pub fn is_alive(id: u32) -> bool {
    state_of(id).is_some_and(|state| !matches!(state.letter, 'Z' | 'X'))
}

/// The highest memory use of a process so far (VmHWM of proc(5)), in bytes.
///
/// # Errors
/// When the process has ended, or the system does not report it.
pub fn peak_bytes(id: u32) -> Result<u64> {
    let status =
        std::fs::read_to_string(format!("/proc/{id}/status")).context("reading a process's status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).context("the kernel reports no peak")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kilobytes * 1024)
}

struct State {
    letter: char,
    parent: u32,
}

/// Reads `/proc/ID/stat` (proc(5)): the name in parentheses, which may hold anything, then state and parent.
fn state_of(id: u32) -> Option<State> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace();
    let letter = words.next()?.chars().next()?;
    Some(State { letter, parent: words.next()?.parse().ok()? })
}

/// Sends a signal. A process that has ended already is no error.
fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}
