//! `android`: builds the app for phones, with Google's tools. `test --android` checks what can be checked
//! without them.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::setup::{self, Purpose};
use crate::workspace::{cargo, has_program, root};
use crate::{step, ui};

/// The version of Tauri's command line, the same as the libraries'.
const TAURI: &str = "2.12.5";
/// Where Google's tools are.
const VARIABLES: [&str; 3] = ["ANDROID_HOME", "NDK_HOME", "JAVA_HOME"];
/// What Tauri builds unless something else is asked for: packages to install by hand, and one for a store.
const PACKAGES: [&str; 2] = ["--apk", "--aab"];

/// The line of the app's manifest, and what Android needs in addition: a library that Java can load. It is
/// not there always, because it costs every desktop build hundreds of megabytes.
const LIBRARY: &str = "[lib]\nname = \"saksi_app\"\n";
const LOADABLE: &str = "crate-type = [\"rlib\", \"cdylib\"]\n";

/// Options of `android`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Options of `cargo tauri android build`, after `--`; without any, an APK and an AAB for all processors.
    #[arg(last = true)]
    more: Vec<String>,
}

/// Builds the app.
///
/// # Errors
/// When Google's tools or Tauri's command line are missing, or the build fails.
pub(crate) fn build(options: &Options) -> Result<()> {
    let missing: Vec<_> = VARIABLES.into_iter().filter(|name| std::env::var_os(name).is_none()).collect();
    ensure!(
        missing.is_empty(),
        "set {} to where Google's tools and Java are; docs/android.md says which are needed",
        missing.join(", ")
    );
    ensure!(
        has_program("cargo-tauri"),
        "install Tauri's command line first: cargo install tauri-cli --locked --version {TAURI}"
    );
    setup::set_up(&[Purpose::Build, Purpose::Screens])?;
    ui::install()?;
    ui::build()?;
    let _manifest = Manifest::with_library()?;
    let mut command = cargo(&["tauri", "android", "build"]);
    match options.more.as_slice() {
        [] => command.args(PACKAGES),
        more => command.args(more),
    };
    command.current_dir(root().join("src-tauri"));
    step::run("android", command)?;
    println!("The packages are in {}.", root().join("src-tauri/gen/android/app/build/outputs").display());
    Ok(())
}

/// The app's manifest, which says for the time of the build that a loadable library is wanted.
struct Manifest {
    path: PathBuf,
    before: String,
}

impl Manifest {
    fn with_library() -> Result<Self> {
        let path = root().join("src-tauri/Cargo.toml");
        let text = std::fs::read_to_string(&path).context("cannot read the app's manifest")?;
        // A build that was interrupted left the line there.
        let before = text.replace(LOADABLE, "");
        ensure!(before.contains(LIBRARY), "the app's manifest has no section of its library");
        let with = before.replace(LIBRARY, &format!("{LIBRARY}{LOADABLE}"));
        std::fs::write(&path, with).context("cannot write the app's manifest")?;
        Ok(Self { path, before })
    }
}

impl Drop for Manifest {
    fn drop(&mut self) {
        if let Err(error) = std::fs::write(&self.path, &self.before) {
            eprintln!("cannot restore {}: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_has_the_section_that_a_build_for_android_extends() {
        let manifest = std::fs::read_to_string(root().join("src-tauri/Cargo.toml")).unwrap();
        assert!(manifest.contains(LIBRARY) && !manifest.contains("cdylib\"]"), "{manifest}");
    }

    #[test]
    fn tauris_command_line_has_the_version_of_its_libraries() {
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
        assert!(lock.contains(&format!("name = \"tauri\"\nversion = \"{TAURI}\"\n")));
    }
}
