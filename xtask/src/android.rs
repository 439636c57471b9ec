//! `test --android`: what can be shown of the Android app without Google's tools and without a phone. The app
//! type-checks for both processors, the manifest asks for nothing more than it should, the resources fit, and
//! the Kotlin compiles.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup::{self, Purpose};
use crate::workspace::{cargo, has_program, root, state};
use crate::{step, ui};

/// Rust's names of Android's processors, and Zig's for a C library that it brings: only to compile C, which
/// is never linked.
const TARGETS: [(&str, &str); 2] =
    [("aarch64-linux-android", "aarch64-linux-musl"), ("armv7-linux-androideabi", "arm-linux-musleabihf")];
/// A C compiler for them from PyPI.
const ZIG: &str = "ziglang==0.17.1";
/// Kotlin's compiler from npm.
const KOTLIN: &str = "kotlin-compiler@2.4.20";
/// Android's own resources, which Debian packages, of Android 10.
const FRAMEWORK: &str = "/usr/share/android-framework-res/framework-res.apk";
/// Attributes that are younger than that.
const YOUNGER: [&str; 1] = ["android:dataExtractionRules"];

/// Permissions of the manifest. WorkManager adds two: to hold the processor awake while it works, and to
/// start again after a restart of the phone.
const PERMISSIONS: [&str; 3] = ["ACCESS_NETWORK_STATE", "INTERNET", "POST_NOTIFICATIONS"];

/// Runs what this machine allows, and says what it does not.
///
/// # Errors
/// When software cannot be installed, or something does not hold.
pub(crate) fn test() -> Result<()> {
    setup::set_up(&[Purpose::Build, Purpose::Screens, Purpose::Android])?;
    ui::install()?;
    ui::build()?;
    let names = resources()?;
    kotlin(&names)?;
    let zig = zig()?;
    for (target, of_zig) in TARGETS {
        match add_target(target) {
            Ok(()) => check(target, of_zig, &zig)?,
            Err(reason) => println!("– {target} is not checked: {reason:#}"),
        }
    }
    println!("Not shown here: linking, Gradle, R8, and everything that a phone does. See docs/android.md.");
    Ok(())
}

/// The project of Android's build tools.
fn project() -> PathBuf {
    root().join("src-tauri/gen/android/app/src/main")
}

fn add_target(target: &str) -> Result<()> {
    ensure!(has_program("rustup"), "rustup is not installed");
    let output =
        Command::new("rustup").args(["target", "add", target]).output().context("cannot run rustup")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// The folder with Zig, in an environment of Python's own.
fn zig() -> Result<PathBuf> {
    let folder = state().join("zig");
    if !folder.join("bin/python").exists() {
        let mut create = Command::new("python3");
        step::run("android-venv", {
            create.args(["-m", "venv"]).arg(&folder);
            create
        })?;
    }
    let mut install = Command::new(folder.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ZIG]);
    step::run("android-zig", install)?;
    Ok(folder)
}

/// Type-checks the app's library for a processor. C parts are compiled by Zig, and nothing is linked.
fn check(target: &str, of_zig: &str, zig: &Path) -> Result<()> {
    let python = zig.join("bin/python");
    let compiler = zig.join(format!("cc-{target}"));
    // `cc` adds `--target` with a name that Zig does not know.
    script(
        &compiler,
        &format!(
            "for word in \"$@\"; do shift; case \"$word\" in --target=*) ;; *) set -- \"$@\" \"$word\" ;; esac; done\n\
             exec '{}' -m ziglang cc -target {of_zig} \"$@\"",
            python.display()
        ),
    )?;
    let archiver = zig.join("ar");
    script(&archiver, &format!("exec '{}' -m ziglang ar \"$@\"", python.display()))?;
    let mut command = cargo(&["check", "--locked", "--package", "saksi-app", "--lib", "--target", target]);
    let name = target.replace('-', "_");
    command.env(format!("CC_{name}"), &compiler).env(format!("AR_{name}"), &archiver);
    step::run(&format!("check-{target}"), command)?;
    Ok(())
}

fn script(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, format!("#!/bin/sh\n{text}\n"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    let status = Command::new("chmod").arg("755").arg(path).status().context("cannot run chmod")?;
    ensure!(status.success(), "cannot make {} a program", path.display());
    Ok(())
}

/// Packs manifest and resources with Android's own packer, reads the permissions back, and returns the folder
/// with the names of the resources as a Java class.
fn resources() -> Result<PathBuf> {
    let folder = state().join("android");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let names = folder.join("names");
    std::fs::create_dir_all(&names).with_context(|| format!("cannot make {}", names.display()))?;
    let resources = folder.join("res");
    output_of(Command::new("cp").arg("-r").arg(project().join("res")).arg(&resources))?;
    // The theme's parent comes from a library that only Google's tools fetch.
    replace(&resources.join("values/themes.xml"), |text| {
        text.replace("Theme.Material3.DayNight.NoActionBar", "android:Theme.Material")
    })?;
    let manifest = folder.join("AndroidManifest.xml");
    output_of(Command::new("cp").arg(project().join("AndroidManifest.xml")).arg(&manifest))?;
    replace(&manifest, for_the_packer)?;
    let package = folder.join("app.apk");
    let mut pack = Command::new("aapt");
    pack.args(["package", "-f", "-m", "-M"]).arg(&manifest).arg("-S").arg(&resources);
    pack.arg("-I").arg(FRAMEWORK).arg("-J").arg(&names).arg("-F").arg(&package);
    pack.args(["--min-sdk-version", "24", "--target-sdk-version", "29"]);
    step::run("android-resources", pack)?;
    let printed = output_of(Command::new("aapt").args(["dump", "permissions"]).arg(&package))?;
    let asked = permissions(&printed);
    ensure!(asked == PERMISSIONS, "the manifest asks for {asked:?} instead of {PERMISSIONS:?}");
    println!("  the manifest asks for {} and nothing else", PERMISSIONS.join(", "));
    Ok(names)
}

/// Reads `uses-permission: name='android.permission.INTERNET'`, in the order of the alphabet.
fn permissions(printed: &str) -> Vec<&str> {
    let lines = printed.lines().filter_map(|line| line.trim().strip_prefix("uses-permission"));
    let mut names: Vec<_> =
        lines.filter_map(|line| line.split('\'').nth(1)?.strip_prefix("android.permission.")).collect();
    names.sort_unstable();
    names
}

/// The manifest with what Gradle would fill in, and without what Debian's Android does not know yet.
fn for_the_packer(manifest: &str) -> String {
    let filled =
        manifest.replace("${usesCleartextTraffic}", "false").replace("${applicationId}", "id.saksi.app");
    let filled = filled.replacen("<manifest ", "<manifest package=\"id.saksi.app\" ", 1);
    let keeps = |line: &&str| {
        !line.contains("tools:node=\"remove\"") && !YOUNGER.iter().any(|name| line.contains(name))
    };
    filled.lines().filter(keeps).map(|line| format!("{line}\n")).collect()
}

fn replace(path: &Path, change: impl FnOnce(&str) -> String) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    std::fs::write(path, change(&text)).with_context(|| format!("cannot write {}", path.display()))
}

/// Compiles our Kotlin against the names of Android's classes that it uses (`xtask/android/stubs`), and
/// against the resources that exist.
fn kotlin(names: &Path) -> Result<()> {
    if !has_program("java") {
        println!("– the Kotlin is not compiled: Java is not installed");
        return Ok(());
    }
    let folder = state().join("kotlin");
    let compiler = folder.join("node_modules/kotlin-compiler/lib/kotlin-compiler.jar");
    if !compiler.exists() {
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(KOTLIN);
        step::run("android-kotlinc", install)?;
    }
    let mut compile = Command::new("java");
    compile.arg("-cp").arg(&compiler).arg("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
    compile.args(["-Werror", "-jvm-target", "1.8", "-no-reflect"]);
    compile.arg(project().join("java")).arg(root().join("xtask/android/stubs")).arg(names);
    compile.arg("-d").arg(state().join("android/classes"));
    step::run("android-kotlin", compile)?;
    Ok(())
}

fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> String {
        std::fs::read_to_string(project().join(path)).unwrap()
    }

    #[test]
    fn the_manifest_asks_for_what_is_listed_and_lets_nothing_out() {
        let manifest = read("AndroidManifest.xml");
        let asked =
            manifest.lines().filter(|line| line.contains("<uses-permission") && !line.contains("remove"));
        let mut asked: Vec<_> =
            asked.filter_map(|line| line.split("android.permission.").nth(1)?.split('"').next()).collect();
        asked.sort_unstable();
        assert_eq!(asked, PERMISSIONS);
        for rule in [
            "android:allowBackup=\"false\"",
            "android:fullBackupContent=\"false\"",
            "@xml/data_extraction_rules",
            "@xml/network_security_config",
        ] {
            assert!(manifest.contains(rule), "{rule}");
        }
        // Once the permission is declared, Android refuses to open the camera app without it.
        assert!(!manifest.contains("permission.CAMERA"));
        assert!(read("res/xml/network_security_config.xml").contains("cleartextTrafficPermitted=\"false\""));
        // No path to the database and the key: they are in the root of the app's files.
        let lent = read("res/xml/file_paths.xml");
        for folder in ["<root-path", "<files-path", "<external-path", "path=\".\"", "path=\"/\""] {
            assert!(!lent.contains(folder), "{folder}");
        }
    }

    #[test]
    fn rust_is_called_by_the_name_that_kotlin_declares() {
        let kotlin = read("java/id/saksi/app/Sender.kt");
        assert!(
            kotlin.contains("external fun send(folder: String, isMetered: Boolean, secondsMax: Int): Long")
        );
        let rust = std::fs::read_to_string(root().join("src-tauri/src/android.rs")).unwrap();
        assert!(rust.contains("android_fn!(id_saksi, app, Sender, send, [JString<'local>, u8, i32], i64);"));
        let rules =
            std::fs::read_to_string(root().join("src-tauri/gen/android/app/proguard-rules.pro")).unwrap();
        assert!(read("java/id/saksi/app/MainActivity.kt").contains("fun share(path: String) {"));
        assert!(
            rust.contains("\"share\", \"(Ljava/lang/String;)V\"")
                && rules.contains("void share(java.lang.String);")
        );
        for class in ["id.saksi.app.Sender ", "id.saksi.app.SendWorker "] {
            assert!(rules.contains(&format!("-keep class {class}")), "R8 would rename {class}");
        }
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let names = |path: &str| -> Vec<String> {
            let text = read(path);
            text.split("name=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(names("res/values/strings.xml"), names("res/values-en/strings.xml"));
    }

    #[test]
    fn permissions_are_read_from_what_the_packer_prints() {
        let printed = "package: id.saksi.app\nuses-permission: name='android.permission.INTERNET'\nuses-permission: name='android.permission.CAMERA'\n";
        assert_eq!(permissions(printed), ["CAMERA", "INTERNET"]);
    }
}
