//! The program `saksi-central` as an operator uses it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saksi-central"));
    command.env_remove("SAKSI_PASSWORD").stdin(Stdio::null());
    command
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections/demo.json")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A running endpoint; it is killed when a test lets go of it.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--election")
            .arg(demo())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) -> bool {
        let signal = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(signal.success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_serves_on_a_free_port_stops_on_a_signal_and_serves_the_same_folder_again() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("deep/inside");
    for _ in 0..2 {
        let serving = Serving::start(&data);
        assert!(serving.get("/").starts_with("HTTP/1.1 200"));
        assert!(serving.get("/api/session").starts_with("HTTP/1.1 401"));
        assert!(serving.stop(), "SIGTERM is a good end");
    }
}

#[test]
fn a_connection_that_is_kept_open_does_not_keep_the_program_alive() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path());
    let idle = TcpStream::connect(&serving.address).unwrap();
    assert!(serving.stop());
    drop(idle);
}

#[test]
fn two_do_not_serve_one_folder() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path());
    let second = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .arg("--election")
        .arg(demo())
        .output()
        .unwrap();
    assert!(!second.status.success());
    assert!(complained(&second).contains("serves the data folder"), "{}", complained(&second));
    assert!(serving.stop());
}

#[test]
fn users_and_invitations_are_made_beside_a_running_endpoint() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path());
    let on_data = |arguments: &[&str]| {
        let mut command = program();
        command.args(arguments).arg("--data").arg(folder.path());
        command
    };

    let by_variable = on_data(&["user", "add", "rini", "--role", "coordinator", "--region", "52.71"])
        .env("SAKSI_PASSWORD", "garam dan asam")
        .output()
        .unwrap();
    assert!(by_variable.status.success(), "{}", complained(&by_variable));
    assert_eq!(said(&by_variable), "", "a chosen password is not repeated");
    let made_up = on_data(&["user", "add", "budi", "--role", "auditor"]).output().unwrap();
    assert!(said(&made_up).starts_with("password: "), "{}", said(&made_up));
    let again = on_data(&["user", "add", "budi", "--role", "auditor"]).output().unwrap();
    assert!(complained(&again).contains("there is already a user budi"));
    let short = on_data(&["user", "password", "budi"]).env("SAKSI_PASSWORD", "short").output().unwrap();
    assert!(!short.status.success());
    let list = on_data(&["user", "list"]).output().unwrap();
    assert_eq!(
        said(&list),
        "budi\tAuditor\teverywhere\tno second factor\nrini\tCoordinator\t52.71\tno second factor\n"
    );
    let without = on_data(&["user", "reset-second-factor", "rini"]).output().unwrap();
    assert!(complained(&without).contains("no second factor"), "{}", complained(&without));

    let links = said(&on_data(&["invite", "--all-stations", "--count", "2"]).output().unwrap());
    let stations = 25;
    assert_eq!(links.lines().count(), 2 * stations, "{links}");
    let prefix = format!("http://{}/#", serving.address);
    assert!(links.lines().all(|line| line.split('\t').nth(1).unwrap().starts_with(&prefix)), "{links}");
    let listed = said(&on_data(&["invitation", "list"]).output().unwrap());
    assert_eq!(listed.lines().count(), 2 * stations);
    let newest = listed.lines().next().unwrap().split('\t').next().unwrap();
    let withdrawn = on_data(&["invitation", "withdraw", newest]).output().unwrap();
    assert!(withdrawn.status.success(), "{}", complained(&withdrawn));
    assert!(said(&on_data(&["invitation", "list"]).output().unwrap()).contains("\twithdrawn\t"));
    let changed = on_data(&["user", "role", "budi", "--role", "admin"]).output().unwrap();
    assert!(changed.status.success(), "{}", complained(&changed));
    let kept = on_data(&["user", "remove", "budi"]).output().unwrap();
    assert!(complained(&kept).contains("only admin"), "{}", complained(&kept));
    assert!(on_data(&["user", "sessions", "rini"]).output().unwrap().status.success());
    assert!(on_data(&["user", "remove", "rini"]).output().unwrap().status.success());
    let audit = said(&on_data(&["audit", "list", "--search", "user."]).output().unwrap());
    assert!(audit.contains("operator\tuser.remove\trini"), "{audit}");
    let checked = said(&on_data(&["audit", "check"]).output().unwrap());
    assert!(checked.contains("rows follow each other; head "), "{checked}");

    let unknown = on_data(&["invite", "11.01.01.2001-001"]).output().unwrap();
    assert!(complained(&unknown).contains("the election has no station 11.01.01.2001-001"));
    assert!(serving.stop());
}

#[test]
fn a_package_is_checked_and_its_mistakes_are_named() {
    let good = program().arg("check").arg(demo()).output().unwrap();
    assert!(good.status.success() && said(&good).contains("nothing is wrong"), "{}", complained(&good));
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("package.json");
    let broken = std::fs::read_to_string(demo()).unwrap().replace("52.71.05.1009", "52.71.05.9999");
    std::fs::write(&file, broken.replacen("52.71.05.9999", "52.71.05.1009", 1)).unwrap();
    let bad = program().arg("check").arg(&file).output().unwrap();
    assert!(!bad.status.success());
    assert!(complained(&bad).contains("52.71.05.9999"), "{}", complained(&bad));
}

#[test]
fn a_form_of_the_packages_own_brings_its_geometry_and_a_broken_one_is_named() {
    let form = include_str!("../../../../assets/forms/c-hasil-ppwp-2024.json");
    let geometry = include_str!("../../../../assets/forms/c-hasil-ppwp-2024.geometry.json");
    let checked = |geometry: &str| {
        let mut package: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(demo()).unwrap()).unwrap();
        let mut own: serde_json::Value = serde_json::from_str(form).unwrap();
        own["id"] = "our-own-form".into();
        own["geometry"] = serde_json::from_str(geometry).unwrap();
        package["forms"] = vec![own].into();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("package.json");
        std::fs::write(&file, package.to_string()).unwrap();
        program().arg("check").arg(&file).output().unwrap()
    };
    let good = checked(geometry);
    assert!(good.status.success(), "{}", complained(&good));
    let bad = checked(
        &geometry.replace("\"paper_mm\":[", "\"paper_mm\":[9").replace("\"paper_mm\": [", "\"paper_mm\": [9"),
    );
    assert!(!bad.status.success());
    assert!(complained(&bad).contains("our-own-form"), "{}", complained(&bad));
}

#[test]
fn the_log_is_handed_over_and_the_counts_are_rebuilt_only_while_nobody_serves() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path());
    let on_data =
        |arguments: &[&str]| program().args(arguments).arg("--data").arg(folder.path()).output().unwrap();
    for arguments in [&["log", "rotate-key"][..], &["rebuild"]] {
        let refused = on_data(arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(complained(&refused).contains("serves the data folder"), "{}", complained(&refused));
    }
    let note = said(&on_data(&["log", "checkpoint"]));
    assert!(serving.get("/v1/log/checkpoint").contains(note.lines().next().unwrap()));
    assert!(serving.stop());

    let rotated = on_data(&["log", "rotate-key"]);
    assert!(rotated.status.success(), "{}", complained(&rotated));
    let rotation = said(&rotated);
    assert_ne!(said(&on_data(&["log", "checkpoint"])).lines().next(), note.lines().next());
    assert!(said(&on_data(&["rebuild"])).contains("from 0 statements"));
    let serving = Serving::start(folder.path());
    assert!(serving.get("/v1/log/keys").contains(rotation.trim()));
    assert!(serving.stop());
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn an_older_store_is_saved_as_it_is_and_migrated_only_by_migrate_which_saves_it_before() {
    let folder = TempDir::new().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    std::fs::create_dir(&data).unwrap();
    let store = data.join("central.sqlite");
    let schema = |file: &Path| -> i64 {
        let database = rusqlite::Connection::open(file).unwrap();
        database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let old = rusqlite::Connection::open(&store).unwrap();
    old.execute_batch(include_str!("../../src/store/schema/sqlite/0001_first.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let on_data = |arguments: &[&str]| program().args(arguments).arg("--data").arg(&data).output().unwrap();

    let refused = on_data(&["user", "list"]);
    assert!(complained(&refused).contains("saksi-central migrate"), "{}", complained(&refused));
    let saved = on_data(&["backup", "--to", backup.to_str().unwrap()]);
    assert!(saved.status.success(), "{}", complained(&saved));
    assert_eq!((schema(&store), schema(&backup.join("central.sqlite"))), (1, 1));
    assert_eq!((mode(&backup), mode(&backup.join("central.sqlite"))), (0o700, 0o600));

    let migrated = on_data(&["migrate"]);
    assert!(migrated.status.success(), "{}", complained(&migrated));
    let copy = data.join("central.schema-1.sqlite");
    assert_eq!((schema(&copy), mode(&copy)), (1, 0o600));
    assert!(schema(&store) > 1);
    let listed = on_data(&["user", "list"]);
    assert!(complained(&listed).contains("no election yet"), "{}", complained(&listed));
    assert!(said(&on_data(&["migrate"])).contains("has the schema of this program"));
}

#[test]
fn only_its_own_user_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    assert!(Serving::start(&data).stop());
    let paths = [(data.clone(), 0o700), (data.join("central.sqlite"), 0o600), (data.join("photos"), 0o700)];
    for (path, expected) in &paths {
        assert_eq!(mode(path), *expected, "{}", path.display());
    }
    for (path, _) in &paths {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert!(Serving::start(&data).stop());
    for (path, _) in &paths {
        assert_eq!(mode(path) & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn a_hall_is_prepared_at_the_endpoint_and_served_from_its_file() {
    let folder = TempDir::new().unwrap();
    let (endpoint_data, hall_data, file) = (
        folder.path().join("endpoint"),
        folder.path().join("hall"),
        folder.path().join("mataram.saksi-hall"),
    );
    let endpoint = Serving::start(&endpoint_data);
    let prepared = program()
        .args(["hall", "prepare", "--region", "52.71", "--out"])
        .arg(&file)
        .arg("--data")
        .arg(&endpoint_data)
        .output()
        .unwrap();
    assert!(prepared.status.success(), "{}", complained(&prepared));
    assert!(endpoint.stop());

    let serve_hall = |data: &Path| {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--hall"]).arg(&file).arg("--data").arg(data);
        command
    };
    let refused = serve_hall(&endpoint_data).output().unwrap();
    assert!(complained(&refused).contains("is that of an endpoint"), "{}", complained(&refused));
    let mut child = serve_hall(&hall_data).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap().strip_prefix("listening on http://").unwrap().to_owned();
    let hall = Serving { child, address };
    let link = lines.next().unwrap().unwrap();
    assert!(link.starts_with(&format!("hall http://{}/hall#", hall.address)), "{link}");
    assert!(hall.get("/hall").contains("<svg"));
    assert!(hall.get("/v1/endpoint").contains("\"hall\":{\"endpoint\":\"http://127.0.0.1:"));
    assert!(hall.stop());

    let on_hall = |command: &str| {
        let output = program().args(["hall", command, "--data"]).arg(&hall_data).output().unwrap();
        said(&output)
    };
    assert!(on_hall("status").starts_with("waiting: 0 enrolments, 0 statements, 0 photos"));
    assert_eq!(on_hall("hand-over").trim(), "0 enrolments, 0 statements, 0 photos handed on");
}
