//! The dossier of stations: a document with figures, photos, checks and proofs for a court, beside the
//! bundles with which anybody verifies it without this endpoint.
//!
//! The same state of the endpoint gives the same bytes: all times are those of what happened and of the
//! log's newest checkpoint, and none is that of the export.

mod document;
mod events;
mod figures;
mod photos;
mod proof;
mod station;
mod words;

use std::io::{self, Write};

use evidence::to_hex;
use sha2::{Digest as _, Sha256};
use tally::{Paper, StationId};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::User;

/// Maximum number of stations in one dossier. Each has about a megabyte of photos and some seconds of work.
pub(crate) const STATIONS_MAX: usize = 50;

/// What a dossier is about, and for whom.
pub(crate) struct Dossier<'a> {
    pub(crate) contest: &'a tally::Contest,
    /// At least one.
    pub(crate) stations: &'a [StationId],
    /// Who receives it: the names of witnesses are for those who may see people.
    pub(crate) user: &'a User,
    /// Whether the names of witnesses are in it, if the user may see them.
    pub(crate) with_names: bool,
}

/// Why a dossier was not written.
enum Stop {
    Print(print::PrintError),
    Zip(zip::result::ZipError),
    Refused(Refusal),
}

impl From<print::PrintError> for Stop {
    fn from(error: print::PrintError) -> Self {
        Self::Print(error)
    }
}

impl From<zip::result::ZipError> for Stop {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Zip(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Print(error.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<crate::store::StoreError> for Stop {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Print(error) => Self::internal("writing a dossier", &error),
            Stop::Zip(error) => Self::internal("writing a dossier", &error),
            Stop::Refused(refusal) => refusal,
        }
    }
}

impl Dossier<'_> {
    /// The name of its files, without their ends.
    pub(crate) fn name(&self) -> String {
        match self.stations {
            [station] => format!("berkas-{}-{station}", self.contest.id),
            stations => format!("berkas-{}-{}-tps", self.contest.id, stations.len()),
        }
    }
}

/// Writes a dossier as a ZIP: the document, a bundle for each station, how to verify them, and their digests.
pub(crate) fn write_dossier(
    endpoint: &Endpoint,
    dossier: &Dossier<'_>,
    out: impl Write,
) -> Result<(), Refusal> {
    Ok(Archive::new(out).write(endpoint, dossier)?)
}

/// The archive with the digests of what is in it.
struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    sums: Vec<(String, String)>,
}

impl<W: Write> Archive<W> {
    fn new(out: W) -> Self {
        Self { zip: ZipWriter::new_stream(out), sums: Vec::new() }
    }

    fn write(mut self, endpoint: &Endpoint, dossier: &Dossier<'_>) -> Result<(), Stop> {
        self.add(format!("{}.pdf", dossier.name()), |out| document::write(endpoint, dossier, out))?;
        for station in dossier.stations {
            let bundle = |out: &mut dyn Write| Ok(endpoint.export(station, out)?);
            self.add(format!("saksi-{station}.saksi"), bundle)?;
        }
        self.add("BACA-SAYA.txt".into(), |out| Ok(out.write_all(words::READ_ME.as_bytes())?))?;
        let sums: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        self.add("SHA256SUMS".into(), |out| Ok(out.write_all(sums.as_bytes())?))?;
        self.zip.finish()?;
        Ok(())
    }

    fn add(
        &mut self,
        name: String,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        // Photos and pages are compressed already.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name.as_str(), options.last_modified_time(zip::DateTime::default()))?;
        let mut hashed = Hashed::new(&mut self.zip);
        write(&mut hashed)?;
        self.sums.push((name, to_hex(&hashed.sum())));
        Ok(())
    }
}

/// A receiver that hashes what goes through it.
pub(crate) struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, hash: Sha256::new() }
    }

    /// The SHA-256 of all that went through it.
    pub(crate) fn sum(self) -> [u8; 32] {
        self.hash.finalize().into()
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The paper of the contest at a station, if the station votes in it.
pub(crate) fn paper_at(
    endpoint: &Endpoint,
    contest: &tally::Contest,
    station: &StationId,
) -> Option<std::sync::Arc<Paper>> {
    let is_here = endpoint.election().has_station(station) && contest.covers(station.desa());
    endpoint.package().paper_of_kind(&contest.id, station.kind()).filter(|_| is_here)
}
