//! Manual pages of programs with a command line: what the program itself says with `--help`, so that the two
//! never differ.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{Release, output_of};

/// Maximum depth of commands within commands, such as `user add`.
const DEPTH_MAX: usize = 2;

/// The page, in the language of `man`.
///
/// # Errors
/// When the program does not start.
pub(super) fn page(program: &Path, section: u8, release: &Release) -> Result<String> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let mut page = format!(".TH {} {section} \"\" \"{name} {}\"\n", name.to_uppercase(), release.version);
    let general = help(program, &[])?;
    let purpose = general.lines().next().unwrap_or_default().trim_end_matches('.');
    page.push_str(&format!(".SH NAME\n{name} \\- {}\n", escaped(purpose)));
    add(&mut page, program, &[])?;
    Ok(page)
}

/// Adds a section for a command, and for those within it.
fn add(page: &mut String, program: &Path, command: &[String]) -> Result<()> {
    let text = help(program, command)?;
    let title = if command.is_empty() { "DESCRIPTION".to_owned() } else { command.join(" ").to_uppercase() };
    page.push_str(&format!(".SH {title}\n.nf\n{}.fi\n", escaped(&text)));
    if command.len() < DEPTH_MAX {
        for name in commands_in(&text) {
            add(page, program, &[command, &[name]].concat())?;
        }
    }
    Ok(())
}

fn help(program: &Path, command: &[String]) -> Result<String> {
    // Without the variables of this machine, whose values the program would show.
    output_of(Command::new(program).args(command).arg("--help").env_clear())
}

/// The names in the list of commands of a help text.
fn commands_in(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.trim().is_empty());
    let entries = list.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = entries.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Text in which `man` sees no command of its own.
fn escaped(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        if line.starts_with(['.', '\'']) { format!("\\&{line}\n") } else { format!("{line}\n") }
    });
    let text: String = lines.collect();
    if text.lines().count() == 1 { text.trim_end().to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_their_list_only() {
        let help = "Does things.\n\nUsage: x <COMMAND>\n\nCommands:\n  serve  Serve it.\n         More of it.\n  user   Users\n  help   Print\n\nOptions:\n  -h, --help\n";
        assert_eq!(commands_in(help), ["serve", "user"]);
        assert!(commands_in("Options:\n  -h").is_empty());
    }

    #[test]
    fn nothing_in_a_text_is_a_command_of_man() {
        assert_eq!(escaped(".nf\n'quote\na\\b --help\n"), "\\&.nf\n\\&'quote\na\\eb \\-\\-help\n");
    }
}
