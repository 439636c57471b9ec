//! The file with settings. Each setting has the name of its flag, with underscores. A flag overrides a
//! variable of the environment (clap does this), and a variable overrides the file.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;

/// The settings of the file. A command ignores those that it does not use.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSettings {
    pub(super) data: Option<PathBuf>,
    pub(super) log_key: Option<PathBuf>,
    pub(super) database: Option<String>,
    pub(super) bucket: Option<String>,
    pub(super) election: Option<PathBuf>,
    pub(super) hall: Option<PathBuf>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<String>,
    pub(super) invitation_days: Option<u16>,
    pub(super) tls_certificate: Option<PathBuf>,
    pub(super) tls_key: Option<PathBuf>,
    pub(super) behind_proxy: Option<bool>,
    pub(super) metrics: Option<SocketAddr>,
    pub(super) connections: Option<usize>,
    pub(super) connections_of_address: Option<usize>,
    pub(super) requests_of_address: Option<NonZeroU32>,
    pub(super) statements_of_device: Option<NonZeroU32>,
    pub(super) free_mb_for_statements: Option<u32>,
    pub(super) free_mb_for_photos: Option<u32>,
    pub(super) require_second_factor: Option<bool>,
    pub(super) boundaries: Option<PathBuf>,
}

impl FileSettings {
    /// Reads the file; without one there are no settings.
    pub(super) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("cannot use the settings in {}", file.display()))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::program::{Arguments, Command};

    #[test]
    fn the_example_has_every_setting_of_serving_and_every_one_can_be_read() {
        let example = include_str!("../../../../docs/central.example.toml");
        let all: String = example
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let settings: toml::Table = toml::from_str(&all).unwrap();
        let command = Arguments::command();
        let serve = command.find_subcommand("serve").unwrap();
        let long = serve.get_arguments().filter_map(clap::Arg::get_long);
        let flags: Vec<String> = long
            // A drill is led for an evening, and stations are left out once.
            .filter(|long| !matches!(*long, "help" | "config" | "drill" | "leave-out-stations"))
            .map(|long| long.replace('-', "_"))
            .collect();
        assert!(flags.iter().all(|flag| settings.contains_key(flag)), "{flags:?}");
        // How long an invitation is valid is a setting of the file only.
        let is_known = |key: &String| key == "invitation_days" || flags.contains(key);
        assert!(settings.keys().all(is_known), "{settings:?}");
        toml::from_str::<FileSettings>(&all).unwrap();
    }

    #[test]
    fn an_argument_overrides_the_file() {
        let file = FileSettings {
            data: Some(PathBuf::from("/srv/saksi")),
            connections: Some(7),
            behind_proxy: Some(true),
            ..FileSettings::default()
        };
        let arguments = ["saksi-central", "serve", "--connections", "9", "--config", "saksi.toml"];
        let Arguments { config, command } = Arguments::try_parse_from(arguments).unwrap();
        assert_eq!(config.as_deref(), Some(Path::new("saksi.toml")));
        let Command::Serve(serve) = command else { panic!("{command:?}") };
        let (settings, limits) = (serve.settings(&file), serve.limits(&file));
        assert_eq!(settings.data, Path::new("/srv/saksi"));
        assert!(settings.behind_proxy);
        assert_eq!(limits.all, 9);
        assert!(!serve.settings(&FileSettings::default()).behind_proxy);
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saksi.toml");
        std::fs::write(&file, "lisen = 'x'").unwrap();
        let error = FileSettings::read(Some(&file)).unwrap_err();
        assert!(format!("{error:#}").contains("`lisen`"), "{error:#}");
    }
}
