//! One long command: its output goes to a log, a line says what it is at, and a failure shows the log's end.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::workspace;

/// How many of the last lines of a failed command are shown: on a terminal the log is at hand, elsewhere it is not.
const TAIL_ON_TERMINAL: usize = 60;
const TAIL_ELSEWHERE: usize = 600;
/// How often a command that works on says so where no line can be redrawn.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Runs `command` under the name `name`, which is also its log's, and gives the last lines that it printed.
///
/// # Errors
/// When it cannot be started, or ends with anything but success; the end of its log has been shown then.
pub(crate) fn run(name: &str, mut command: Command) -> Result<VecDeque<String>> {
    let started = Instant::now();
    let (mut log, path) = log(name)?;
    let (reader, writer) = std::io::pipe().context("making a pipe")?;
    for (variable, value) in
        [("CARGO_TERM_COLOR", "never"), ("CARGO_TERM_PROGRESS_WHEN", "never"), ("NO_COLOR", "1")]
    {
        command.env(variable, value);
    }
    command.env_remove("FORCE_COLOR");
    command.stdin(Stdio::null()).stdout(writer.try_clone().context("sharing a pipe")?).stderr(writer);
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().with_context(|| format!("starting {program} for {name}"))?;
    // The command holds the pipe's writing ends too: while it lives, the loop below would not see the end.
    drop(command);

    let progress = Progress::start(name);
    let room = if progress.is_live() { TAIL_ON_TERMINAL } else { TAIL_ELSEWHERE };
    let mut tail = VecDeque::new();
    let mut spoken = Instant::now();
    let mut lines = BufReader::new(reader);
    let mut bytes = Vec::new();
    // Bytes, not text: what a tool prints need not be UTF-8, and that is no reason to stop.
    while lines.read_until(b'\n', &mut bytes).with_context(|| format!("reading what {program} prints"))? > 0 {
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        bytes.clear();
        writeln!(log, "{line}").with_context(|| format!("writing {}", path.display()))?;
        if !line.is_empty() {
            progress.at(&line, &mut spoken);
        }
        if tail.len() == room {
            tail.pop_front();
        }
        tail.push_back(line);
    }
    let status = child.wait().with_context(|| format!("waiting for {program}"))?;
    let took = started.elapsed();
    progress.end(status.success(), took);
    if !status.success() {
        for line in &tail {
            eprintln!("  {line}");
        }
        bail!("{name} failed ({status}); the whole of it is in {}", path.display());
    }
    Ok(tail)
}

fn log(name: &str) -> Result<(File, PathBuf)> {
    let folder = workspace::kept();
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(format!("{name}.log"));
    let file = File::create(&path).with_context(|| format!("writing {}", path.display()))?;
    Ok((file, path))
}

/// The line that moves on a terminal, or lines now and then elsewhere.
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

    fn at(&self, line: &str, spoken: &mut Instant) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.trim_start().to_owned());
        } else if spoken.elapsed() >= HEARTBEAT {
            println!("  … {}", line.trim_start());
            *spoken = Instant::now();
        }
    }

    fn end(&self, well: bool, took: Duration) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        println!("{} {:14} {:>7.1} s", if well { "✓" } else { "✗" }, self.name, took.as_secs_f64());
    }
}
