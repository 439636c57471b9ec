//! A child process that a test owns: what it printed is kept, and it ends with the test.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};

/// How often a state that has no event to wait for is looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(25);

/// A running child. Dropping it kills it, and only it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    lines: Receiver<String>,
}

impl Process {
    /// Starts `command`, writing all that it prints to the file `log` (which goes on growing over restarts).
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
        // The command still holds the pipe's writing ends: without this the reader below would never see the end.
        drop(command);
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines() {
                let Ok(line) = line else { break };
                // The log is for people who look into a failure; a full disk must not hide the line from the test.
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

    /// The file that holds what the process printed.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Waits until the process prints a line in which `find` finds what it seeks.
    ///
    /// # Errors
    /// When the process ends or `limit` passes first; the message shows what was printed last.
    pub fn wait_for_line<T>(&self, limit: Duration, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        let until = Instant::now() + limit;
        loop {
            let left = until.saturating_duration_since(Instant::now());
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
                    return Err(self.said(&why));
                }
            }
        }
    }

    /// Asks the process to end (SIGTERM) and waits for it.
    ///
    /// # Errors
    /// When it has not ended within `limit`.
    pub fn terminate(&mut self, limit: Duration) -> Result<ExitStatus> {
        signal(self.child.id(), Signal::TERM);
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Some(status) =
                self.child.try_wait().with_context(|| format!("waiting for {}", self.name))?
            {
                return Ok(status);
            }
            std::thread::sleep(GLANCE);
        }
        Err(self.said(&format!("did not end within {limit:?} of SIGTERM")))
    }

    /// Ends the process at once (SIGKILL), as a power cut would.
    ///
    /// # Errors
    /// When the system cannot say that it has ended.
    pub fn kill(&mut self) -> Result<()> {
        // A process that has already ended is as dead as was asked for.
        let _ = self.child.kill();
        self.child.wait().with_context(|| format!("waiting for {} to die", self.name))?;
        Ok(())
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn said(&self, what: &str) -> anyhow::Error {
        let printed = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = printed.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n  ");
        anyhow!("{} {what}; the last it printed:\n  {tail}", self.name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Runs `command` to its end and gives what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started or ends with anything but success; the message shows its standard error.
pub fn output_of(mut command: Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("running {shown}"))?;
    if !output.status.success() {
        bail!("{shown} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{shown} printed something that is not text"))
}

/// The processes that `parent` started and that are still there, and theirs, from the oldest generation to the youngest.
pub fn descendants(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut generation = vec![parent];
    while !generation.is_empty() {
        generation = generation.into_iter().flat_map(children).collect();
        found.extend(&generation);
    }
    found
}

/// The processes that `parent` itself started and that still run; one that ended and that nobody asked about yet does
/// not.
pub fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|&id| is_alive(id) && state_of(id).is_some_and(|state| state.parent == parent)).collect()
}

/// What a process is called by the system: the first 15 letters of its program's name.
pub fn name_of(id: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{id}/comm")).ok().map(|name| name.trim_end().to_owned())
}

/// Kills the processes of `ids` (SIGKILL) and waits until none is left but as a zombie.
///
/// # Errors
/// When one of them is still there after `limit`.
pub fn kill_and_wait(ids: &[u32], limit: Duration) -> Result<()> {
    for &id in ids {
        signal(id, Signal::KILL);
    }
    let until = Instant::now() + limit;
    loop {
        let left: Vec<_> = ids.iter().copied().filter(|&id| is_alive(id)).collect();
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() >= until {
            bail!("processes {left:?} outlived SIGKILL by {limit:?}");
        }
        std::thread::sleep(GLANCE);
    }
}

/// Whether a process of this id runs; a zombie doesn't.
pub fn is_alive(id: u32) -> bool {
    state_of(id).is_some_and(|state| !matches!(state.letter, 'Z' | 'X'))
}

struct State {
    letter: char,
    parent: u32,
}

/// Reads `/proc/ID/stat` (proc(5)): after the name in parentheses, which may hold anything, come state and parent.
fn state_of(id: u32) -> Option<State> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace();
    let letter = words.next()?.chars().next()?;
    Some(State { letter, parent: words.next()?.parse().ok()? })
}

/// Sends a signal; a process that is gone already has no use for it, so that is no error.
fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}
