//! What witnesses reported, and what happened when.

use std::io::Write;

use evidence::Unverified;
use print::{Cell, Column, Document};

use super::station::Part;
use super::{Stop, words};
use crate::refusal::Refusal;
use crate::view::WitnessReport;

/// Something that happened, by the endpoint's clock.
struct Event {
    at_ms: i64,
    text: String,
}

impl Part<'_> {
    pub(super) fn write_reports<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Laporan saksi")?;
        let reported = self.view.reports.iter().filter_map(|report| {
            let (what, text) = report_words(&report.report)?;
            Some((report, what, text))
        });
        let reported: Vec<_> = reported.collect();
        if reported.is_empty() {
            document.paragraph("Tidak ada laporan kehadiran atau kejadian.")?;
            return Ok(());
        }
        let columns = [Column::left(2.4), Column::left(2.0), Column::left(2.2), Column::left(5.0)];
        let mut table = document.table(&columns, &["Diterima", "Saksi", "Laporan", "Isi"])?;
        for (report, what, text) in reported {
            table.row(&[
                Cell::text(self.zone.time(report.received_at_ms)),
                Cell::text(self.witness(&report.witness)),
                Cell::text(what),
                Cell::text(text),
            ])?;
        }
        Ok(())
    }

    pub(super) fn write_timeline<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Garis waktu")?;
        document.remark(
            "Waktu di kolom kiri adalah waktu server saat menerima. Jam HP dapat salah dan tidak dipakai \
             untuk mengurutkan.",
        )?;
        let mut events = self.arrivals()?;
        events.extend(self.decisions());
        events.sort_by_key(|event| event.at_ms);
        let columns = [Column::left(1.6), Column::left(5.4)];
        let mut table = document.table(&columns, &["Waktu", "Peristiwa"])?;
        for event in events {
            table.row(&[Cell::text(self.zone.time(event.at_ms)), Cell::text(event.text)])?;
        }
        Ok(())
    }

    fn arrivals(&self) -> Result<Vec<Event>, Stop> {
        let mut events = Vec::new();
        for stored in &self.statements {
            let read = Unverified::parse(&stored.bytes)
                .map_err(|error| Refusal::internal("reading a stored statement", &error))?;
            let statement = read.unproved();
            let sealed = statement.claims.sealed_at.plausible_ms();
            let sealed = sealed.map_or_else(
                || "jam HP salah".to_owned(),
                |at_ms| format!("disegel {} menurut jam HP", self.zone.time(at_ms)),
            );
            let who = self.author_of(&statement.body, &statement.claims.device.to_string());
            let mut text = format!("{} dari {who} tiba, {sealed}", words::kind(&statement.body));
            if stored.quarantined {
                text += "; HP ini sudah dicabut, tidak ikut dihitung";
            }
            if stored.forks {
                text += "; HP ini menandatangani dua catatan dengan nomor urut yang sama";
            }
            events.push(Event { at_ms: stored.received_at_ms, text });
        }
        Ok(events)
    }

    fn decisions(&self) -> Vec<Event> {
        let verdicts = self.view.tallies.iter().flat_map(|tally| {
            tally.verdicts.iter().map(|verdict| Event {
                at_ms: verdict.at_ms,
                text: format!(
                    "Putusan {} atas hasil {}: {}. {} ({})",
                    verdict.reviewer,
                    self.witness(&tally.witness),
                    words::decision(verdict.decision),
                    verdict.reason,
                    words::signature(verdict.signature, verdict.key.as_deref())
                ),
            })
        });
        let requests = self.view.photo_requests.iter().map(|request| Event {
            at_ms: request.at_ms,
            text: format!(
                "Diminta foto lain halaman {} dari {}: {}",
                request.page,
                self.witness(&request.witness),
                request.reason
            ),
        });
        verdicts.chain(requests).collect()
    }
}

/// What a report says; `None` for results of exercises, which are no evidence of the count.
fn report_words(report: &WitnessReport) -> Option<(&'static str, String)> {
    match report {
        WitnessReport::Attendance { event } => Some((words::attendance(*event), String::new())),
        WitnessReport::Incident { category, text, on_the_form, .. } => {
            let form = if *on_the_form {
                "Ditulis petugas di formulir keberatan."
            } else {
                "Tidak ditulis petugas di formulir keberatan."
            };
            Some((words::incident(*category), format!("{text}\n{form}")))
        }
        WitnessReport::Drill { .. } => None,
    }
}
