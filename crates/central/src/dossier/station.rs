//! The part of a dossier about one station: how it stands, and the difference to the official result.

use std::collections::BTreeMap;
use std::io::Write;

use evidence::Body;
use print::{Cell, Column, Document};
use tally::{Localized, StationId};

use super::document::LogState;
use super::{Dossier, Stop, paper_at, words};
use crate::console::station_page::station_view;
use crate::endpoint::Endpoint;
use crate::model::count::StationCount;
use crate::model::official::{OfficialFigures, Rung, Unit};
use crate::model::zone::Zone;
use crate::official::{Witnessed, choices, difference};
use crate::refusal::Refusal;
use crate::store::{DevicePost, StationRange, StoredStatement};
use crate::view::{StationView, TallyView};

/// Maximum number of tallies beside each other.
pub(super) const TALLIES_MAX: usize = 4;

/// What is known about a station.
pub(super) struct Part<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) dossier: &'a Dossier<'a>,
    pub(super) view: StationView,
    pub(super) statements: Vec<StoredStatement>,
    pub(super) zone: Zone,
    /// The names of witnesses by their letters, if they are shown.
    names: BTreeMap<String, String>,
    /// The letters of witnesses by their devices.
    letters: BTreeMap<String, String>,
    count: Option<StationCount>,
    official: Option<OfficialFigures>,
}

impl<'a> Part<'a> {
    pub(super) fn of(
        endpoint: &'a Endpoint,
        dossier: &'a Dossier<'a>,
        station: &StationId,
    ) -> Result<Self, Stop> {
        let paper = paper_at(endpoint, dossier.contest, station).ok_or_else(Refusal::not_found)?;
        let range = StationRange::of_station(station);
        let contest = &dossier.contest.id;
        let mut official = endpoint.store().official_results(contest, &range, None)?;
        let view = station_view(endpoint, &paper, station)?;
        Ok(Self {
            statements: endpoint.store().statements_about(station)?,
            zone: Zone::of(station.desa()),
            names: names(endpoint, dossier, &view)?,
            letters: letters(&view),
            count: endpoint.store().station_counts(contest, &range)?.remove(station),
            official: official.remove(&(Rung::Station, Unit::Station(station.clone()))),
            endpoint,
            dossier,
            view,
        })
    }

    pub(super) fn write<W: Write>(&self, log: &LogState, document: &mut Document<W>) -> Result<(), Stop> {
        self.write_head(log, document)?;
        self.write_official(document)?;
        self.write_figures(document)?;
        self.write_checks(document)?;
        self.write_reports(document)?;
        self.write_timeline(document)?;
        self.write_statements(document)?;
        self.write_photos(document)
    }

    /// The witness with this letter, by name where names are shown.
    pub(super) fn witness(&self, letter: &str) -> String {
        match self.names.get(letter) {
            Some(name) => format!("saksi {letter} ({name})"),
            None => format!("saksi {letter}"),
        }
    }

    /// Who signed a statement: the witness with this device, or a coordinator.
    pub(super) fn author_of(&self, body: &Body, device: &str) -> String {
        let short = device.get(..8).unwrap_or(device);
        match (body, self.letters.get(device)) {
            (Body::Verdict(_) | Body::Correction(_), _) => format!("koordinator, kunci {short}"),
            (_, Some(letter)) => self.witness(letter),
            (_, None) => format!("HP {short}"),
        }
    }

    /// The tallies that stand beside each other, with their places in the view: those that nothing
    /// supersedes.
    pub(super) fn current(&self) -> Vec<(usize, &TallyView)> {
        let current = self.view.tallies.iter().enumerate().filter(|(_, tally)| !tally.superseded);
        current.take(TALLIES_MAX).collect()
    }

    fn write_head<W: Write>(&self, log: &LogState, document: &mut Document<W>) -> Result<(), Stop> {
        let view = &self.view;
        let desa = view.path.last().map(|region| region.name.as_str()).unwrap_or_default();
        let kind = view.station_kind.label();
        document.title(&format!("Berkas bukti {kind} {:03} {desa}", view.number))?;
        let regions: Vec<&str> = view.path.iter().rev().map(|region| region.name.as_str()).collect();
        let received = format!("{} hasil saksi, {} foto", view.tallies.len(), view.photos.len());
        document.facts(&[
            ("Pemilihan", Cell::text(self.endpoint.election().title.id.as_str())),
            ("Surat suara", Cell::text(self.dossier.contest.title.id.as_str())),
            ("Kode TPS", Cell::text(view.station.to_string())),
            ("Wilayah", Cell::text(regions.join(", "))),
            ("Keadaan", Cell::strong(words::standing(view.standing))),
            ("Putaran yang dihitung", Cell::text(view.round.to_string())),
            ("Diterima", Cell::text(received)),
            ("Catatan bukti", Cell::text(format!("{} pernyataan", Localized::number(log.size).id))),
            ("Waktu catatan", Cell::text(self.zone.time(log.at_ms))),
            ("Akar catatan (SHA-256)", Cell::fingerprint(log.root.as_str())),
            ("Kunci catatan", Cell::fingerprint(log.log.as_str())),
        ])?;
        Ok(())
    }

    fn write_official<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Perbandingan dengan hasil resmi")?;
        let Some(official) = &self.official else {
            document.paragraph("Hasil resmi TPS ini belum diimpor.")?;
            return Ok(());
        };
        let none = BTreeMap::new();
        let (votes, invalid) = self.count.as_ref().map_or((&none, 0), |count| (&count.votes, count.invalid));
        let counts = self.count.as_ref().is_some_and(StationCount::counts);
        if !counts {
            document.paragraph("Tidak ada hasil saksi yang dihitung, maka selisih tidak dinyatakan.")?;
        } else if let Some(found) = difference(Witnessed { votes, invalid }, official) {
            let size = Localized::number(found.size).id;
            document.paragraph(&format!("Berbeda {size} suara: {}.", words::shape(found.shape)))?;
        } else {
            document.paragraph("Sama dengan hasil saksi.")?;
        }
        let columns = [Column::left(3.0), Column::right(1.0), Column::right(1.0), Column::right(1.0)];
        let mut table = document.table(&columns, &["Pilihan", "Saksi", "Resmi", "Selisih"])?;
        let mut row = |name: String, witnessed: Option<u32>, stated: Option<u32>| {
            let difference = witnessed.zip(stated).map(|(own, stated)| i64::from(stated) - i64::from(own));
            let figure = |value: Option<u32>| Cell::text(words::figure(value.map(tally::Figure::Written)));
            let difference = Cell::strong(difference.map(words::difference).unwrap_or_default());
            table.row(&[Cell::text(name), figure(witnessed), figure(stated), difference])
        };
        let own = |value: u32| counts.then_some(value);
        for choice in choices(self.dossier.contest) {
            if let Some(stated) = official.votes.get(&choice) {
                let witnessed = votes.get(&choice).copied().unwrap_or(0);
                row(
                    self.endpoint.package().choice_name(self.dossier.contest, choice),
                    own(witnessed),
                    Some(*stated),
                )?;
            }
        }
        row("Suara tidak sah".into(), own(invalid), official.invalid)?;
        Ok(())
    }
}

/// The names of the witnesses of a station, by letter, for those who may see them and ask for them.
fn names(
    endpoint: &Endpoint,
    dossier: &Dossier<'_>,
    view: &StationView,
) -> Result<BTreeMap<String, String>, Stop> {
    if !dossier.with_names {
        return Ok(BTreeMap::new());
    }
    let devices = letters(view).into_iter();
    let letters: BTreeMap<String, DevicePost> = devices
        .filter_map(|(device, letter)| {
            let device = device.parse().ok()?;
            Some((letter, DevicePost { device, station: view.station.clone() }))
        })
        .collect();
    let posts: Vec<DevicePost> = letters.values().cloned().collect();
    let contacts = endpoint.contacts_of_devices(dossier.user, &posts)?;
    let named =
        letters.into_keys().zip(contacts).filter_map(|(letter, contact)| Some((letter, contact?.name)));
    Ok(named.collect())
}

fn letters(view: &StationView) -> BTreeMap<String, String> {
    let of_tallies = view.tallies.iter().map(|tally| (&tally.device, &tally.witness));
    let of_reports = view.reports.iter().map(|report| (&report.device, &report.witness));
    of_tallies.chain(of_reports).map(|(device, letter)| (device.clone(), letter.clone())).collect()
}
