//! The keystore of a Linux desktop: a real Secret Service on a session bus of its own.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;

use device::Keystore as _;
use saksi_app::PlatformKeystore;

fn program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[test]
fn the_desktops_secret_service_stores_secrets_and_returns_them() {
    let (Some(session), Some(service)) = (program("dbus-run-session"), program("gnome-keyring-daemon"))
    else {
        eprintln!("dbus-run-session or gnome-keyring-daemon is not installed: the keystore is not tested");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let unlocked = format!("printf secret | {} --unlock --components=secrets >/dev/null", service.display());
    let within = format!("{} --ignored --exact within_a_session", std::env::current_exe().unwrap().display());
    let output = Command::new("timeout")
        .arg("300")
        .arg(session)
        .args(["--", "sh", "-c", &format!("{unlocked} && {within}")])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}

#[test]
#[ignore = "run by the test above, within a session that has a keystore"]
fn within_a_session() {
    let name = format!("test-{}", std::process::id());
    assert_eq!(PlatformKeystore.get(&name), Ok(None));
    assert_eq!(PlatformKeystore.set(&name, b"\0secret\xff"), Ok(()));
    assert_eq!(PlatformKeystore.get(&name).unwrap().unwrap().as_slice(), b"\0secret\xff");
}

#[test]
fn without_a_session_the_keystore_is_an_error() {
    let within = std::env::current_exe().unwrap();
    let output = Command::new("timeout")
        .arg("300")
        .arg(within)
        .args(["--ignored", "--exact", "nothing_answers"])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "run by the test above, without a session"]
fn nothing_answers() {
    assert!(PlatformKeystore.get("anything").is_err());
    assert!(PlatformKeystore.set("anything", b"secret").is_err());
}
