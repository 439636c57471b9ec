//! A PostgreSQL server and an S3-compatible store for tests, on free ports and in temporary folders.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::{state, target};
use crate::{build, step};

const S3_USER: &str = "saksi";
const S3_PASSWORD: &str = "not-a-secret-here";
/// Timeout of the start of both.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The environment variable with the address of a PostgreSQL server.
pub(crate) const SERVER: &str = "SAKSI_TEST_POSTGRES";

/// What the servers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// What is committed survives a crash of the server. The programs are those of the development profile.
    Tests,
    /// What is committed survives a power loss too, as in production. The programs are optimised.
    Measurements,
}

/// Both servers, running until this is dropped.
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
    /// When one is not installed, cannot be built, or does not start.
    pub(crate) fn start(used_for: Use) -> Result<Self> {
        let bucket_program = bucket_program(used_for)?;
        let folder = state().join("services");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("cannot remove the folder of the last services")?;
        }
        std::fs::create_dir_all(folder.join("bucket/saksi"))
            .context("cannot create a folder for services")?;
        let binaries = postgres_binaries()?;
        let (postgres_port, bucket_port) = (free_port()?, free_port()?);
        // In the system's temporary folder: the server's user may have no rights in the repository's parents.
        let data = std::env::temp_dir().join(format!("saksi-postgres-{}", std::process::id()));
        let cluster = Cluster { binaries: &binaries, data: &data, port: postgres_port };
        let postgres = cluster.start(&folder.join("postgres.log"), used_for)?;
        let mut this = Self {
            postgres,
            bucket: start_bucket(&bucket_program, &folder, bucket_port)?,
            postgres_port,
            bucket_port,
            folder,
            binaries,
            data,
        };
        this.wait()?;
        Ok(this)
    }

    /// Passes the addresses of both to a command.
    pub(crate) fn set_variables(&self, command: &mut Command) {
        command.envs([
            (SERVER, format!("postgres://postgres@127.0.0.1:{}", self.postgres_port)),
            ("SAKSI_TEST_BUCKET", "s3://saksi".to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.bucket_port)),
            ("AWS_ACCESS_KEY_ID", S3_USER.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", S3_PASSWORD.to_owned()),
            // For a test that kills the server.
            ("SAKSI_TEST_POSTGRES_PROGRAMS", self.binaries.display().to_string()),
            ("SAKSI_TEST_POSTGRES_DATA", self.data.display().to_string()),
            ("AWS_REGION", "local".to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]);
    }

    fn wait(&mut self) -> Result<()> {
        let until = Instant::now() + START_TIMEOUT;
        let server = format!("postgres://postgres@127.0.0.1:{}", self.postgres_port);
        loop {
            let query = Command::new("psql")
                .args([&server, "--quiet", "--command", "SELECT 1"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .context("cannot run psql")?;
            if query.success() && std::net::TcpStream::connect(("127.0.0.1", self.bucket_port)).is_ok() {
                return Ok(());
            }
            for (name, child) in [("PostgreSQL", &mut self.postgres), ("the bucket", &mut self.bucket)] {
                if let Some(status) = child.try_wait()? {
                    bail!("{name} ended with {status}; its log is in {}", self.folder.display());
                }
            }
            ensure!(
                Instant::now() < until,
                "PostgreSQL or the bucket did not start within {} s",
                START_TIMEOUT.as_secs()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        // A test may have restarted the server, which then is no child of this process.
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
    Ok(TcpListener::bind("127.0.0.1:0").context("cannot find a free port")?.local_addr()?.port())
}

/// The folder of the server's programs. Debian keeps it out of the `PATH`.
fn postgres_binaries() -> Result<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    let found = folders.into_iter().rev().find(|folder| folder.join("initdb").is_file());
    found.context("PostgreSQL's own programs (initdb, postgres) are not installed")
}

/// PostgreSQL refuses to run as root, so that it then runs as its package's user.
fn unprivileged(program: &Path) -> Command {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["--user", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// A PostgreSQL cluster of one server.
struct Cluster<'a> {
    binaries: &'a Path,
    data: &'a Path,
    port: u16,
}

impl Cluster<'_> {
    fn start(&self, log: &Path, used_for: Use) -> Result<Child> {
        self.create()?;
        let mut postgres = unprivileged(&self.binaries.join("postgres"));
        postgres.arg("-D").arg(self.data).arg("-p").arg(self.port.to_string());
        let fsync = match used_for {
            Use::Tests => "fsync=off",
            Use::Measurements => "fsync=on",
        };
        for setting in ["listen_addresses=127.0.0.1", fsync, "max_connections=400"] {
            postgres.arg("-c").arg(setting);
        }
        let sockets = format!("unix_socket_directories={}", self.data.display());
        postgres.arg("-c").arg(sockets).current_dir(self.data);
        redirect(&mut postgres, log)?;
        postgres.spawn().context("cannot start PostgreSQL")
    }

    fn create(&self) -> Result<()> {
        let data = self.data;
        if data.exists() {
            std::fs::remove_dir_all(data).context("cannot remove an old cluster")?;
        }
        std::fs::create_dir_all(data).context("cannot create a folder for PostgreSQL")?;
        if rustix::process::geteuid().is_root() {
            let chown = Command::new("chown").args(["-R", "postgres"]).arg(data).status()?;
            ensure!(chown.success(), "cannot make the user postgres the owner of {}", data.display());
        }
        let mut initdb = unprivileged(&self.binaries.join("initdb"));
        initdb.arg("--pgdata").arg(data).args(["--auth", "trust", "--username", "postgres", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C"]).current_dir(data);
        step::run("postgres-initdb", initdb)?;
        Ok(())
    }
}

/// The S3-compatible server, built with what uses it, so that both share their dependencies.
fn bucket_program(used_for: Use) -> Result<PathBuf> {
    let (build, profile) = match used_for {
        Use::Tests => (build::everything(), "debug"),
        Use::Measurements => (build::optimised_example("bucket"), "release"),
    };
    step::run("bucket", build)?;
    Ok(target().join(profile).join("examples/bucket"))
}

fn start_bucket(program: &Path, folder: &Path, port: u16) -> Result<Child> {
    let mut server = Command::new(program);
    server.args(["--port", &port.to_string()]);
    server.args(["--access-key", S3_USER, "--secret-key", S3_PASSWORD]).arg(folder.join("bucket"));
    redirect(&mut server, &folder.join("bucket.log"))?;
    server.spawn().with_context(|| format!("cannot start {}", program.display()))
}

fn redirect(command: &mut Command, log: &Path) -> Result<()> {
    let file = std::fs::File::create(log).with_context(|| format!("cannot create {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    Ok(())
}
