//! The keystore of a Linux desktop: a session bus of its own with a real Secret Service on it.
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
fn the_desktops_secret_service_keeps_secrets_and_gives_them_back() {
    let (Some(session), Some(service)) = (program("dbus-run-session"), program("gnome-keyring-daemon"))
    else {
        eprintln!("dbus-run-session or gnome-keyring-daemon is not installed: the keystore was not tried");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let unlocked = format!("printf secret | {} --unlock --components=secrets >/dev/null", service.display());
    let within = format!("{} --ignored --exact within_a_session", std::env::current_exe().unwrap().display());
    let output = Command::new("timeout")
        .arg("60")
        .arg(session)
        .args(["--", "sh", "-c", &format!("{unlocked} && {within}")])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complained}");
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
fn without_a_session_the_keystore_says_so_and_the_device_keeps_its_key_in_a_file() {
    let within = std::env::current_exe().unwrap();
    let output = Command::new("timeout")
        .arg("60")
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
