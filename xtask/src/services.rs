//! A PostgreSQL server and an S3-compatible store for tests, on ports and in folders of their own; they end with the tests.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::step;
use crate::workspace::{cargo, kept, target};

/// The S3 server, which checks signatures.
const S3_SERVER: &str = "s3s-fs";
const S3_SERVER_VERSION: &str = "0.13.0-alpha.3";
const S3_USER: &str = "saksi";
const S3_PASSWORD: &str = "not-a-secret-here";
const START_LIMIT: Duration = Duration::from_secs(60);

/// The variable that names a PostgreSQL server.
pub(crate) const SERVER: &str = "SAKSI_TEST_POSTGRES";

/// What the database is asked to outlive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlives {
    /// Its own crash, which is enough for tests.
    Crashes,
    /// A power cut too, as in earnest: for measuring.
    PowerCuts,
}

/// Both, running. They end when this is dropped.
pub(crate) struct Services {
    postgres: Child,
    bucket: Child,
    postgres_port: u16,
    bucket_port: u16,
    folder: PathBuf,
    binaries: PathBuf,
    data: PathBuf,
}

impl Services {
    /// Starts both.
    ///
    /// # Errors
    /// When one is not installed, cannot be installed, or does not come up.
    pub(crate) fn start(outlives: Outlives) -> Result<Self> {
        let folder = kept().join("services");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("taking the services of before away")?;
        }
        std::fs::create_dir_all(folder.join("bucket/saksi")).context("making a folder for services")?;
        let binaries = postgres_binaries()?;
        let (postgres_port, bucket_port) = (free_port()?, free_port()?);
        // Where the server's user may write, whoever owns what lies above.
        let data = std::env::temp_dir().join(format!("saksi-postgres-{}", std::process::id()));
        let postgres = start_postgres(&binaries, &folder, (&data, outlives), postgres_port)?;
        let mut this = Self {
            postgres,
            bucket: start_bucket(&folder, bucket_port)?,
            postgres_port,
            bucket_port,
            folder,
            binaries,
            data,
        };
        this.wait()?;
        Ok(this)
    }

    /// Tells a command's tests where both are.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.envs([
            (SERVER, format!("postgres://postgres@127.0.0.1:{}", self.postgres_port)),
            ("SAKSI_TEST_BUCKET", "s3://saksi".to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.bucket_port)),
            ("AWS_ACCESS_KEY_ID", S3_USER.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", S3_PASSWORD.to_owned()),
            // How to crash that server: a test does.
            ("SAKSI_TEST_POSTGRES_PROGRAMS", self.binaries.display().to_string()),
            ("SAKSI_TEST_POSTGRES_DATA", self.data.display().to_string()),
            ("AWS_REGION", "local".to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]);
    }

    fn wait(&mut self) -> Result<()> {
        let until = Instant::now() + START_LIMIT;
        let server = format!("postgres://postgres@127.0.0.1:{}", self.postgres_port);
        loop {
            let asked = Command::new("psql")
                .args([&server, "--quiet", "--command", "SELECT 1"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .context("asking whether PostgreSQL is up")?;
            if asked.success() && std::net::TcpStream::connect(("127.0.0.1", self.bucket_port)).is_ok() {
                return Ok(());
            }
            for (name, child) in [("PostgreSQL", &mut self.postgres), (S3_SERVER, &mut self.bucket)] {
                if let Some(status) = child.try_wait()? {
                    bail!("{name} ended with {status}; its log is in {}", self.folder.display());
                }
            }
            ensure!(Instant::now() < until, "PostgreSQL or {S3_SERVER} does not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        // A test may have restarted it: then it is no child any more.
        let mut stop = unprivileged(&self.binaries.join("pg_ctl"));
        stop.arg("-D").arg(&self.data).args(["-m", "immediate", "stop"]).current_dir(std::env::temp_dir());
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        for child in [&mut self.postgres, &mut self.bucket] {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("looking for a free port")?.local_addr()?.port())
}

/// Debian keeps them off the `PATH`; elsewhere they are on it.
fn postgres_binaries() -> Result<PathBuf> {
    let of_debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = of_debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    let found = folders.into_iter().rev().find(|folder| folder.join("initdb").is_file());
    found.context("PostgreSQL's own programs (initdb, postgres) are not installed")
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn unprivileged(program: &Path) -> Command {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["--user", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn start_postgres(
    binaries: &Path,
    folder: &Path,
    (data, outlives): (&Path, Outlives),
    port: u16,
) -> Result<Child> {
    if data.exists() {
        std::fs::remove_dir_all(data).context("taking an old cluster away")?;
    }
    std::fs::create_dir_all(data).context("making a folder for PostgreSQL")?;
    if rustix::process::geteuid().is_root() {
        let owned = Command::new("chown").args(["-R", "postgres"]).arg(data).status()?;
        ensure!(owned.success(), "the folder {} could not be given to the user postgres", data.display());
    }
    let mut initdb = unprivileged(&binaries.join("initdb"));
    initdb.arg("--pgdata").arg(data).args(["--auth", "trust", "--username", "postgres", "--no-sync"]);
    initdb.args(["--encoding", "UTF8", "--locale", "C"]).current_dir(data);
    step::run("postgres-initdb", initdb)?;
    let mut postgres = unprivileged(&binaries.join("postgres"));
    postgres.arg("-D").arg(data).arg("-p").arg(port.to_string());
    let fsync = match outlives {
        Outlives::Crashes => "fsync=off",
        Outlives::PowerCuts => "fsync=on",
    };
    for setting in ["listen_addresses=127.0.0.1", fsync, "max_connections=400"] {
        postgres.arg("-c").arg(setting);
    }
    postgres.arg("-c").arg(format!("unix_socket_directories={}", data.display())).current_dir(data);
    logged(&mut postgres, &folder.join("postgres.log"))?;
    postgres.spawn().context("starting PostgreSQL")
}

fn start_bucket(folder: &Path, port: u16) -> Result<Child> {
    let tools = target().join("tools");
    let program = tools.join("bin").join(S3_SERVER);
    if !program.is_file() {
        println!("{S3_SERVER} is missing and will now be built from crates.io (some minutes, once).");
        let mut install = cargo(&["install", S3_SERVER, "--features", "binary", "--locked"]);
        install.args(["--version", S3_SERVER_VERSION, "--root"]).arg(&tools);
        step::run(S3_SERVER, install)?;
    }
    let mut server = Command::new(program);
    server.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
    server.args(["--access-key", S3_USER, "--secret-key", S3_PASSWORD]).arg(folder.join("bucket"));
    logged(&mut server, &folder.join("bucket.log"))?;
    server.spawn().with_context(|| format!("starting {S3_SERVER}"))
}

fn logged(command: &mut Command, log: &Path) -> Result<()> {
    let file = std::fs::File::create(log).with_context(|| format!("making {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    Ok(())
}
