//! Light witnesses: a key and a chain each, and no store. A laptop holds a nation of them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use evidence::{Body, DeviceKey, Draft, Namespace, Sealed, StatementId, Subject, TallyBody};
use serde_json::json;
use socket2::{Domain, Socket};
use tally::{Election, Figures, Paper, StationId};

use super::{Chance, plausible};
use crate::data::{demo_election, real};

/// A witness without a phone: what a phone would sign.
#[derive(Debug)]
pub struct Light {
    /// Its key.
    pub key: DeviceKey,
    /// Where it witnesses.
    pub station: StationId,
    sequence: u64,
    previous: Option<StatementId>,
}

impl Light {
    /// The witness with this number, at this station. The same number has the same key.
    pub fn new(number: u64, station: StationId) -> Self {
        let mut seed = [0x5a; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        Self { key: DeviceKey::from_seed(seed), station, sequence: 0, previous: None }
    }

    /// Seals the next statement of its chain.
    ///
    /// # Errors
    /// When the body does not fit into a statement.
    pub fn seal(&mut self, election: &str, sealed_at_s: i64, body: Body) -> Result<Sealed> {
        self.sequence += 1;
        let subject = Subject {
            namespace: Namespace::Real,
            election: election.to_owned(),
            station: self.station.to_string(),
        };
        let draft = Draft { subject, sealed_at_s, sequence: self.sequence, previous: self.previous, body };
        let sealed = draft.seal(&self.key)?;
        self.previous = Some(sealed.id);
        Ok(sealed)
    }
}

/// A tally with these figures.
pub fn tally_of(paper: &Paper, version: u32, figures: &Figures) -> Body {
    Body::Tally(TallyBody {
        contest: paper.contest().id.to_string(),
        package_version: version,
        form: paper.form().id.to_string(),
        figures: paper.to_wire(figures),
        acknowledged: Vec::new(),
        supersedes: None,
    })
}

/// A few hundred papers in which everything adds up, to be taken in turns: making one costs more than signing it.
pub fn papers(paper: &Paper, seed: u64) -> Vec<Figures> {
    let mut chance = Chance::new(seed);
    (0..400).map(|_| plausible(paper, &mut chance)).collect()
}

/// An election with (about) so many stations: those of 2024 where their list is at hand, made up elsewhere. `contests`
/// is how many there are, all on the presidential form.
///
/// # Errors
/// When the list cannot be read, or the package has mistakes.
pub fn election_of(stations: u32, contests: u8) -> Result<Election> {
    let demo: serde_json::Value = serde_json::from_slice(&std::fs::read(demo_election())?)?;
    let blocks = match real("regions/desa_tps_2024.csv") {
        Some(file) => blocks_of_2024(&file, stations)?,
        None => made_up_blocks(stations),
    };
    let mut regions: BTreeMap<String, String> = BTreeMap::new();
    for block in &blocks {
        for (length, name) in [2, 5, 8, 13].into_iter().zip(&block.names) {
            let code = block.desa.get(..length).context("a desa's code has 13 characters")?;
            regions.entry(code.to_owned()).or_insert_with(|| name.clone());
        }
    }
    let of_demo = demo["contests"][0].clone();
    let contests = (0..contests).map(|number| {
        let mut contest = of_demo.clone();
        if number > 0 {
            contest["id"] = json!(format!("ppwp-{number}"));
        }
        contest
    });
    let package = json!({
        "format": demo["format"], "id": demo["id"], "version": 1, "title": demo["title"], "date": demo["date"],
        "station_voters_max": demo["station_voters_max"],
        "contests": contests.collect::<Vec<_>>(),
        "regions": regions.into_iter().map(|(code, name)| json!({ "code": code, "name": name })).collect::<Vec<_>>(),
        "stations": blocks.iter().map(|block| json!({ "desa": block.desa, "numbers": block.numbers })).collect::<Vec<_>>(),
    });
    Ok(Election::from_json(&package.to_string())?)
}

/// The stations of one desa.
struct Block {
    desa: String,
    /// From the provinsi down.
    names: [String; 4],
    numbers: String,
}

/// A desa's line: code, four names, then the greatest number, the first and last number of those behind a gap, and how
/// many there are.
fn blocks_of_2024(file: &Path, stations: u32) -> Result<Vec<Block>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let (mut blocks, mut count) = (BTreeMap::new(), 0);
    for line in text.lines().skip(1) {
        if count >= stations {
            break;
        }
        let cells: Vec<&str> = line.split(',').collect();
        let [code, prov, kab, kec, desa, .., begin, end, number] = cells.as_slice() else {
            bail!("a line with too few cells: {line}");
        };
        let number: u32 = number.trim().parse().with_context(|| format!("reading {line}"))?;
        if number == 0 || code.len() != 10 {
            continue;
        }
        let special = match (begin.parse::<u32>(), end.parse::<u32>()) {
            (Ok(begin), Ok(end)) if begin <= end && end - begin < number => Some((begin, end)),
            _ => None,
        };
        let ordinary = number - special.map_or(0, |(begin, end)| end - begin + 1);
        let numbers = match special {
            Some((begin, end)) if begin > ordinary => format!("1-{ordinary},{begin}-{end}"),
            _ => format!("1-{number}"),
        };
        let numbers = if ordinary == 0 { numbers.trim_start_matches("1-0,").to_owned() } else { numbers };
        let desa_code = format!("{}.{}.{}.{}", &code[..2], &code[2..4], &code[4..6], &code[6..]);
        let names = [*prov, *kab, *kec, *desa].map(str::to_owned);
        count += number;
        blocks.insert(desa_code.clone(), Block { desa: desa_code, names, numbers });
    }
    Ok(blocks.into_values().collect())
}

/// Ten stations a desa, ten desa a kecamatan, ten kecamatan a kabupaten, ten kabupaten a provinsi.
fn made_up_blocks(stations: u32) -> Vec<Block> {
    (0..stations.div_ceil(10))
        .map(|desa| {
            let (kec, kab, prov) = (desa / 10, desa / 100, desa / 1_000);
            let code =
                format!("{:02}.{:02}.{:02}.{}", 11 + prov, kab % 10 + 1, kec % 10 + 1, 1001 + desa % 10);
            let names = [
                format!("Provinsi {}", 11 + prov),
                format!("Kabupaten {kab}"),
                format!("Kecamatan {kec}"),
                format!("Desa {desa}"),
            ];
            Block { desa: code, names, numbers: "1-10".to_owned() }
        })
        .collect()
}

/// One connection that is kept open, with no more around it than a load needs: the machine that is measured is also the
/// one that loads it.
#[derive(Debug)]
pub struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
    request: Vec<u8>,
}

/// What came back.
#[derive(Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `Set-Cookie`, if it came.
    pub cookie: Option<String>,
    /// How many seconds the endpoint asks to be left alone.
    pub retry_after_s: Option<u64>,
    /// `Upload-Offset`, if it came.
    pub upload_offset: Option<usize>,
    /// The body.
    pub body: Vec<u8>,
}

impl Wire {
    /// Opens a connection to `http://host:port`.
    ///
    /// # Errors
    /// When nobody answers there.
    pub fn open(url: &str) -> Result<Self> {
        Self::open_from(url, Ipv4Addr::LOCALHOST)
    }

    /// The same from one of this machine's addresses; all of 127.0.0.0/8 are.
    ///
    /// # Errors
    /// When nobody answers there.
    pub fn open_from(url: &str, own: Ipv4Addr) -> Result<Self> {
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let to: SocketAddr = host.parse().with_context(|| format!("reading the address {host}"))?;
        let socket = Socket::new(Domain::IPV4, socket2::Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((own, 0)).into())?;
        socket.connect(&to.into()).with_context(|| format!("connecting to {host}"))?;
        let stream: TcpStream = socket.into();
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::new(stream), host, request: Vec::new() })
    }

    /// Makes one exchange.
    ///
    /// # Errors
    /// When the connection breaks, or what comes back is not HTTP.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply> {
        self.request.clear();
        write!(
            self.request,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
            self.host,
            body.len()
        )?;
        for (name, value) in headers {
            write!(self.request, "{name}: {value}\r\n")?;
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.stream.get_mut().write_all(&self.request)?;

        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut reply = Reply { status: status.context("an answer without a status")?, ..Reply::default() };
        let mut length = 0;
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the answer broke off");
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().context("reading a length")?,
                "set-cookie" => reply.cookie = value.split(';').next().map(str::to_owned),
                "upload-offset" => reply.upload_offset = value.parse().ok(),
                "retry-after" => reply.retry_after_s = value.parse().ok(),
                _ => {}
            }
        }
        if method != "HEAD" {
            reply.body.resize(length, 0);
            self.stream.read_exact(&mut reply.body)?;
        }
        Ok(reply)
    }
}

/// Runs SQL on a PostgreSQL server, and gives its rows as text.
///
/// # Errors
/// When psql is not there, or the server refuses.
pub fn psql(database: &str, sql: &str) -> Result<String> {
    psql_with(database, sql, &[])
}

fn psql_with(database: &str, sql: &str, input: &[u8]) -> Result<String> {
    let mut command = Command::new("psql");
    command.args([database, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting psql")?;
    let mut pipe = child.stdin.take().context("a pipe")?;
    pipe.write_all(input)?;
    drop(pipe);
    let done = child.wait_with_output()?;
    ensure!(done.status.success(), "psql refused {}", sql.get(..80).unwrap_or(sql));
    Ok(String::from_utf8(done.stdout)?)
}

/// Puts witnesses that have enrolled where enrolling puts them, on a PostgreSQL server: a load begins on the night, not in
/// the weeks before.
///
/// # Errors
/// When the server refuses.
pub fn seed_server(database: &str, election: &Election, crowd: &[Light]) -> Result<()> {
    let (mut devices, mut assignments) = (Vec::new(), Vec::new());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for light in crowd {
        let public = light.key.public();
        let device = hex(&public.device_id().0);
        writeln!(devices, "\\\\x{device}\t\\\\x{}\t1", hex(&public.to_bytes()))?;
        for contest in &election.contests {
            writeln!(assignments, "\\\\x{device}\t{}\t{}", light.station, contest.id)?;
        }
    }
    psql_with(database, "COPY device (id, public_key, enrolled_at_ms) FROM STDIN", &devices)?;
    psql_with(database, "COPY assignment (device, station, contest) FROM STDIN", &assignments)?;
    psql(database, "ANALYZE device, assignment")?;
    Ok(())
}
