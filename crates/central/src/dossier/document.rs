//! The document of a dossier: what it is about, and a part for each station.

use std::io::Write;

use evidence::{UnverifiedCheckpoint, to_hex};
use print::{About, Cell, Document};

use super::station::Part;
use super::{Dossier, Stop};
use crate::endpoint::Endpoint;
use crate::model::zone::Zone;
use crate::refusal::Refusal;

/// The state of the log that a dossier states.
pub(super) struct LogState {
    pub(super) size: u64,
    pub(super) root: String,
    pub(super) at_ms: i64,
    pub(super) log: String,
}

impl LogState {
    fn of(endpoint: &Endpoint) -> Result<Self, Stop> {
        let note = endpoint.checkpoint()?;
        let checkpoint = UnverifiedCheckpoint::parse(&note)
            .map_err(|error| Refusal::internal("reading the newest checkpoint", &error))?;
        let state = checkpoint.unproved();
        Ok(Self {
            size: state.size,
            root: to_hex(&state.root),
            at_ms: state.at_s * 1_000,
            log: endpoint.log_key().public().id().to_string(),
        })
    }
}

/// Writes the document.
pub(super) fn write(endpoint: &Endpoint, dossier: &Dossier<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let log = LogState::of(endpoint)?;
    let election = &endpoint.election().title.id;
    let about = About {
        title: format!("Berkas bukti {}", dossier.name()),
        language: "id".into(),
        footer: format!(
            "{election} · catatan bukti {} · akar {}",
            log.size,
            log.root.get(..16).unwrap_or("")
        ),
        page_of: |page, pages| format!("Halaman {page} dari {pages}"),
    };
    let mut document = Document::new(out, about)?;
    if let [_, _, ..] = dossier.stations {
        cover(endpoint, dossier, &log, &mut document)?;
    }
    for station in dossier.stations {
        document.new_page()?;
        Part::of(endpoint, dossier, station)?.write(&log, &mut document)?;
    }
    document.finish()?;
    Ok(())
}

/// The list of the stations, where there are several.
fn cover<W: Write>(
    endpoint: &Endpoint,
    dossier: &Dossier<'_>,
    log: &LogState,
    document: &mut Document<W>,
) -> Result<(), Stop> {
    document.title(&format!("Berkas bukti {} TPS", dossier.stations.len()))?;
    let zone = dossier.stations.first().map(|station| Zone::of(station.desa()));
    document.facts(&[
        ("Pemilihan", Cell::text(endpoint.election().title.id.as_str())),
        ("Surat suara", Cell::text(dossier.contest.title.id.as_str())),
        ("Catatan bukti", Cell::text(format!("{} pernyataan", log.size))),
        ("Waktu catatan", Cell::text(zone.map(|zone| zone.time(log.at_ms)).unwrap_or_default())),
        ("Akar catatan", Cell::fingerprint(log.root.as_str())),
    ])?;
    document.heading("TPS dalam berkas ini")?;
    let mut table =
        document.table(&[print::Column::left(1.0), print::Column::left(2.0)], &["TPS", "Desa"])?;
    for station in dossier.stations {
        let desa = endpoint.package().region_name(station.desa());
        table.row(&[Cell::text(station.to_string()), Cell::text(desa)])?;
    }
    Ok(())
}
