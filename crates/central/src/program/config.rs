//! Settings from a file. What is said on the command line goes first, then the environment, then the file.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::{Arg, Command};

const FLAG: &str = "--config";
const VARIABLE: &str = "SAKSI_CENTRAL_CONFIG";

/// The words of the command line, with those of the file's settings that the command knows and that are said nowhere else.
pub(crate) fn with_file(command: &Command, words: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let (mut words, named) = without_flag(words);
    let Some(file) = named.or_else(|| std::env::var_os(VARIABLE)) else { return Ok(words) };
    let file = Path::new(&file);
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let settings: toml::Table =
        toml::from_str(&text).with_context(|| format!("{} is no settings file", file.display()))?;
    let meant = subcommand_of(command, &words);
    for (key, value) in &settings {
        let long = key.replace('_', "-");
        if !knows(command, &long) {
            bail!("{}: there is no setting `{key}`; `saksi-central serve --help` lists them", file.display());
        }
        let Some(argument) = argument_of(meant, &long) else { continue };
        let in_environment = argument.get_env().is_some_and(|variable| std::env::var_os(variable).is_some());
        if in_environment || words.iter().any(|word| says(word, &long)) {
            continue;
        }
        let value = match value {
            toml::Value::Boolean(false) => continue,
            toml::Value::Boolean(true) => None,
            toml::Value::String(text) => Some(text.clone()),
            toml::Value::Integer(number) => Some(number.to_string()),
            _ => bail!("{}: `{key}` is a text, a number, true or false", file.display()),
        };
        words.push(match value {
            Some(value) => format!("--{long}={value}").into(),
            None => format!("--{long}").into(),
        });
    }
    Ok(words)
}

/// The words without `--config FILE`, and the file.
fn without_flag(words: Vec<OsString>) -> (Vec<OsString>, Option<OsString>) {
    let (mut rest, mut file) = (Vec::new(), None);
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.to_str().and_then(|word| word.strip_prefix(FLAG)) {
            Some("") => file = words.next(),
            Some(value) if value.starts_with('=') => file = Some(value[1..].into()),
            _ => rest.push(word),
        }
    }
    (rest, file)
}

fn says(word: &OsString, long: &str) -> bool {
    let flag = word.to_str().and_then(|word| word.strip_prefix("--"));
    flag.is_some_and(|flag| flag.split('=').next() == Some(long))
}

/// The command that the words name, subcommands and all.
fn subcommand_of<'a>(command: &'a Command, words: &[OsString]) -> &'a Command {
    let mut meant = command;
    for word in words.iter().skip(1) {
        if let Some(found) = word.to_str().and_then(|word| meant.find_subcommand(word)) {
            meant = found;
        }
    }
    meant
}

fn argument_of<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|argument| argument.get_long() == Some(long))
}

/// Whether the command or any below it has such a setting.
fn knows(command: &Command, long: &str) -> bool {
    argument_of(command, long).is_some() || command.get_subcommands().any(|below| knows(below, long))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::program::Arguments;

    fn words(said: &[&str]) -> Vec<OsString> {
        said.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_example_has_every_setting_that_serving_has() {
        let example = include_str!("../../../../docs/central.example.toml");
        let all: String = example
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let settings: toml::Table = toml::from_str(&all).unwrap();
        let command = Arguments::command();
        let serve = command.find_subcommand("serve").unwrap();
        let long = serve.get_arguments().filter_map(clap::Arg::get_long).filter(|long| *long != "help");
        let flags: Vec<String> = long.map(|long| long.replace('-', "_")).collect();
        assert!(flags.iter().all(|flag| settings.contains_key(flag)), "{flags:?}");
        assert!(settings.keys().all(|key| flags.contains(key)), "{settings:?}");
    }

    #[test]
    fn the_file_says_what_nobody_else_does_and_only_to_whom_it_concerns() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saksi.toml");
        std::fs::write(
            &file,
            "data = '/srv/saksi'\nlisten = '0.0.0.0:80'\nbehind_proxy = true\nconnections = 7\n",
        )
        .unwrap();
        let config = format!("--config={}", file.display());
        let command = Arguments::command();
        let serve =
            with_file(&command, words(&["saksi-central", "serve", &config, "--listen", "127.0.0.1:1"]))
                .unwrap();
        let expected = [
            "saksi-central",
            "serve",
            "--listen",
            "127.0.0.1:1",
            "--behind-proxy",
            "--connections=7",
            "--data=/srv/saksi",
        ];
        assert_eq!(serve, words(&expected));
        let list = with_file(
            &command,
            words(&["saksi-central", "device", "list", "--config", file.to_str().unwrap()]),
        );
        assert_eq!(list.unwrap(), words(&["saksi-central", "device", "list", "--data=/srv/saksi"]));
        std::fs::write(&file, "lisen = 'x'").unwrap();
        let error = with_file(&command, words(&["saksi-central", "serve", &config])).unwrap_err();
        assert!(error.to_string().contains("`lisen`"), "{error}");
    }
}
