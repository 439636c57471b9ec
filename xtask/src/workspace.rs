//! Paths of the repository and of what is built, and the commands that work in them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// The folder of the npm package with the screens.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The folder of xtask's own logs and state.
pub(crate) fn state() -> PathBuf {
    target().join("xtask")
}

/// The path of a program of the development profile.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

/// Cargo, in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// A script of the npm package.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(ui());
    command
}

/// Whether a program of this name is on the `PATH`.
pub(crate) fn has_program(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
