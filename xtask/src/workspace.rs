//! Where things are: the repository, what is built, what is kept between runs.

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

/// The folder of xtask's own logs and stamps.
pub(crate) fn kept() -> PathBuf {
    target().join("xtask")
}

/// The path of a program that was built without optimisation.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

/// Cargo, in the root of the repository, by the lock file as it is.
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
