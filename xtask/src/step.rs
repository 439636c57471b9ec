//! One long command: its output goes to a log, one line shows the progress, a failure shows the end of the
//! log.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, PipeReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::workspace;

/// Number of last lines that a failure shows on a terminal, where the log is at hand.
const TAIL_ON_TERMINAL: usize = 60;
/// Number of last lines that a failure shows elsewhere, such as in CI.
const TAIL_ELSEWHERE: usize = 600;
/// Interval at which a command without a terminal reports that it still runs.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Runs `command` as the step `name`, which is also the name of its log, and returns the last lines of its
/// output.
///
/// # Errors
/// When it cannot be started, or fails; the end of its log has been printed then.
pub(crate) fn run(name: &str, command: Command) -> Result<VecDeque<String>> {
    let started = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let mut log = Log::create(name)?;
    let (mut child, output) = spawn(command).with_context(|| format!("cannot start {program} for {name}"))?;
    let progress = Progress::start(name);
    let tail = copy_lines(output, &mut log, &progress)
        .with_context(|| format!("cannot read the output of {program}"))?;
    let status = child.wait().with_context(|| format!("cannot wait for {program}"))?;
    progress.end(status.success(), started.elapsed());
    if !status.success() {
        for line in &tail {
            eprintln!("  {line}");
        }
        bail!("{name} failed ({status}); the whole output is in {}", log.path.display());
    }
    Ok(tail)
}

/// Starts the command with one pipe for both of its outputs.
fn spawn(mut command: Command) -> Result<(Child, PipeReader)> {
    let (reader, writer) = std::io::pipe().context("cannot create a pipe")?;
    for (variable, value) in
        [("CARGO_TERM_COLOR", "never"), ("CARGO_TERM_PROGRESS_WHEN", "never"), ("NO_COLOR", "1")]
    {
        command.env(variable, value);
    }
    command.env_remove("FORCE_COLOR");
    command.stdin(Stdio::null()).stdout(writer.try_clone().context("cannot share a pipe")?).stderr(writer);
    let child = command.spawn()?;
    // `command` owns the pipe's writing ends. It is dropped here, because the reader sees the end only
    // without them.
    Ok((child, reader))
}

/// Copies the output into the log, shows where it is, and returns its last lines.
fn copy_lines(output: PipeReader, log: &mut Log, progress: &Progress) -> Result<VecDeque<String>> {
    let tail_max = if progress.is_live() { TAIL_ON_TERMINAL } else { TAIL_ELSEWHERE };
    let mut tail = VecDeque::new();
    let mut reported = Instant::now();
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    // Bytes, because the output of a tool is not always UTF-8.
    while output.read_until(b'\n', &mut bytes)? > 0 {
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        bytes.clear();
        log.write(&line)?;
        if !line.is_empty() {
            progress.at(&line, &mut reported);
        }
        if tail.len() == tail_max {
            tail.pop_front();
        }
        tail.push_back(line);
    }
    Ok(tail)
}

/// The log of a step.
struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    fn create(name: &str) -> Result<Self> {
        let folder = workspace::state();
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let path = folder.join(format!("{name}.log"));
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file, path })
    }

    fn write(&mut self, line: &str) -> Result<()> {
        writeln!(self.file, "{line}").with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// One moving line on a terminal, or a line at intervals elsewhere.
struct Progress {
    name: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn start(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {prefix:14} {elapsed:>4}  {wide_msg:.dim}")
            {
                bar.set_style(style);
            }
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            println!("▸ {name}");
        }
        Self { name: name.to_owned(), bar }
    }

    fn is_live(&self) -> bool {
        self.bar.is_some()
    }

    fn at(&self, line: &str, reported: &mut Instant) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.trim_start().to_owned());
        } else if reported.elapsed() >= HEARTBEAT {
            println!("  … {}", line.trim_start());
            *reported = Instant::now();
        }
    }

    fn end(&self, is_success: bool, duration: Duration) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        println!("{} {:14} {:>7.1} s", if is_success { "✓" } else { "✗" }, self.name, duration.as_secs_f64());
    }
}
