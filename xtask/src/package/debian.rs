//! The Debian packages. What is not built is in `packaging/`, one folder for each package.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Release, copy, make_folder, manual, output_of, write};
use crate::workspace::root;

/// Who answers for packages that nobody signed with a name of their own (`DEBFULLNAME`, `DEBEMAIL`).
const MAINTAINER: (&str, &str) = ("Saksi", "packages@saksi.invalid");
/// The scripts that dpkg runs, where a package has them.
const SCRIPTS: [&str; 3] = ["postinst", "prerm", "postrm"];

/// One Debian package.
pub(super) struct Package {
    name: &'static str,
    program: &'static str,
    /// The section of its manual. The app has none: it has no command line.
    manual_section: Option<u8>,
    /// Files of this repository, and where they are installed.
    files: &'static [(&'static str, &'static str)],
}

/// The packages, the app first.
pub(super) const PACKAGES: &[Package] = &[
    Package {
        name: "saksi",
        program: "saksi",
        manual_section: None,
        files: &[
            ("packaging/saksi/id.saksi.app.desktop", "usr/share/applications/id.saksi.app.desktop"),
            ("src-tauri/icons/32x32.png", "usr/share/icons/hicolor/32x32/apps/saksi.png"),
            ("src-tauri/icons/128x128.png", "usr/share/icons/hicolor/128x128/apps/saksi.png"),
            ("src-tauri/icons/icon.png", "usr/share/icons/hicolor/512x512/apps/saksi.png"),
            ("assets/icon.svg", "usr/share/icons/hicolor/scalable/apps/saksi.svg"),
        ],
    },
    Package {
        name: "saksi-central",
        program: "saksi-central",
        manual_section: Some(8),
        files: &[
            ("docs/central.example.toml", "etc/saksi/central.toml"),
            ("packaging/saksi-central/saksi-central.service", "usr/lib/systemd/system/saksi-central.service"),
            ("docs/operate.md", "usr/share/doc/saksi-central/operate.md"),
            ("assets/elections/demo.json", "usr/share/doc/saksi-central/examples/demo.json"),
        ],
    },
    Package {
        name: "saksi-verify",
        program: "saksi-verify",
        manual_section: Some(1),
        files: &[("docs/evidence.md", "usr/share/doc/saksi-verify/evidence.md")],
    },
];

impl Package {
    /// Puts the package together and returns its file.
    ///
    /// # Errors
    /// When a file is missing, or one of dpkg's programs fails.
    pub(super) fn build(&self, release: &Release) -> Result<PathBuf> {
        let staging = release.staging(self.name)?;
        let program = staging.join("usr/bin").join(self.program);
        copy(&release.programs.join(self.program), &program)?;
        output_of(Command::new("strip").arg("--strip-unneeded").arg(&program))?;
        for (from, to) in self.files {
            copy(&root().join(from), &staging.join(to))?;
        }
        copy(&root().join("LICENSE"), &staging.join("usr/share/doc").join(self.name).join("copyright"))?;
        if let Some(section) = self.manual_section {
            let page = format!("usr/share/man/man{section}/{}.{section}", self.program);
            write(&staging.join(&page), manual::page(&program, section, release)?)?;
            output_of(Command::new("gzip").args(["-9", "-n"]).arg(staging.join(&page)))?;
        }
        set_modes(&staging)?;
        self.write_control(release, &staging, &program)?;
        let file = release.file(self.name, "deb");
        let mut pack = Command::new("dpkg-deb");
        // xz, which every dpkg of Debian and Ubuntu reads.
        pack.args(["--build", "--root-owner-group", "-Zxz"]).arg(&staging).arg(&file);
        output_of(pack.env("SOURCE_DATE_EPOCH", release.epoch_s.to_string()))?;
        Ok(file)
    }

    fn write_control(&self, release: &Release, staging: &Path, program: &Path) -> Result<()> {
        let parts = root().join("packaging").join(self.name);
        let template = parts.join("control");
        let template = std::fs::read_to_string(&template)
            .with_context(|| format!("cannot read {}", template.display()))?;
        let (name, mail) = MAINTAINER;
        let name = std::env::var("DEBFULLNAME").unwrap_or_else(|_| name.to_owned());
        let mail = std::env::var("DEBEMAIL").unwrap_or_else(|_| mail.to_owned());
        let control = fill(
            &template,
            &[
                ("VERSION", release.version),
                ("ARCHITECTURE", &release.architecture),
                ("MAINTAINER", &format!("{name} <{mail}>")),
                ("SIZE", &installed_kib(staging)?.to_string()),
                ("DEPENDS", &libraries_of(program, release)?),
            ],
        );
        let folder = staging.join("DEBIAN");
        write(&folder.join("control"), control)?;
        for name in SCRIPTS.into_iter().chain(["conffiles"]) {
            if parts.join(name).exists() {
                copy(&parts.join(name), &folder.join(name))?;
                set_mode(&folder.join(name), if name == "conffiles" { 0o644 } else { 0o755 })?;
            }
        }
        set_mode(&folder, 0o755)
    }
}

/// Replaces `@NAME@` by its value.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// The packages that hold the libraries which a program loads, as dpkg finds them on this machine.
fn libraries_of(program: &Path, release: &Release) -> Result<String> {
    // dpkg-shlibdeps works only in the sources of a Debian package.
    let sources = release.staging("shlibdeps")?;
    write(&sources.join("debian/control"), "Source: saksi\n\nPackage: saksi\nArchitecture: any\n")?;
    let printed = output_of(Command::new("dpkg-shlibdeps").args(["-O"]).arg(program).current_dir(&sources))?;
    let depends = printed.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    depends.map(str::to_owned).with_context(|| format!("dpkg knows no libraries of {}", program.display()))
}

/// Programs may be run, all else is read; nothing depends on the umask of the machine that packs.
fn set_modes(folder: &Path) -> Result<()> {
    set_mode(folder, 0o755)?;
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => set_modes(&path)?,
            false => set_mode(&path, if folder.ends_with("usr/bin") { 0o755 } else { 0o644 })?,
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(mode))
        .with_context(|| format!("cannot set the rights of {}", path.display()))
}

/// The size of all files, as dpkg counts it: in KiB, each file for itself.
fn installed_kib(folder: &Path) -> Result<u64> {
    make_folder(folder)?;
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    entries.flatten().map(|entry| entry.path()).try_fold(1, |sum, path| {
        let size =
            if path.is_dir() { installed_kib(&path)? } else { super::size_bytes(&path)?.div_ceil(1024) };
        Ok(sum + size)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_package_exists_and_every_place_in_a_template_is_filled() {
        for package in PACKAGES {
            for (from, _) in package.files {
                assert!(root().join(from).is_file(), "{from}");
            }
            let template = root().join("packaging").join(package.name).join("control");
            let filled = fill(
                &std::fs::read_to_string(template).unwrap(),
                &["VERSION", "ARCHITECTURE", "MAINTAINER", "SIZE", "DEPENDS"].map(|name| (name, "x")),
            );
            assert!(filled.starts_with(&format!("Package: {}\nVersion: x\n", package.name)), "{filled}");
            assert!(!filled.contains('@'), "{filled}");
        }
    }

    #[test]
    fn the_service_and_the_settings_agree_on_where_things_are() {
        let service =
            std::fs::read_to_string(root().join("packaging/saksi-central/saksi-central.service")).unwrap();
        let settings = std::fs::read_to_string(root().join("docs/central.example.toml")).unwrap();
        assert!(service.contains("--config /etc/saksi/central.toml\n"));
        // systemd makes `StateDirectory` below /var/lib and lets the program write nowhere else.
        assert!(service.contains("\nStateDirectory=saksi\n") && service.contains("\nProtectSystem=strict\n"));
        assert!(settings.contains("\ndata = \"/var/lib/saksi\"\n"));
    }

    #[test]
    fn scripts_of_dpkg_stop_at_their_first_error() {
        for name in SCRIPTS {
            let script = root().join("packaging/saksi-central").join(name);
            let text = std::fs::read_to_string(&script).unwrap();
            assert!(text.starts_with("#!/bin/sh\n") && text.contains("\nset -e\n"), "{name}");
            let checked = Command::new("sh").arg("-n").arg(&script).status().unwrap();
            assert!(checked.success(), "{name}");
        }
    }
}
