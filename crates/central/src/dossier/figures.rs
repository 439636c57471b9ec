//! The figures of each witness beside what the photo shows, and what the checks find.

use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::PhotoHash;
use print::{Cell, Column, Document, Jpeg};
use tally::Language;

use super::station::Part;
use super::{Stop, words};
use crate::console::crops::crops_view;
use crate::view::{FieldRow, SectionView};

/// Height of a crop of a figure.
const CROP_MM: f32 = 8.0;

/// The crops of figures, as JPEG, by their fields.
type Crops = BTreeMap<String, Vec<u8>>;

impl Part<'_> {
    pub(super) fn write_figures<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Angka menurut saksi")?;
        if self.view.tallies.is_empty() {
            document.paragraph("Belum ada hasil saksi.")?;
            return Ok(());
        }
        let left_out = self.view.tallies.iter().filter(|tally| !tally.superseded).count();
        if left_out > self.current().len() {
            document.remark("Hasil saksi selebihnya ada di file bukti (.saksi).")?;
        }
        let crops = self.crops()?;
        for section in &self.view.sections {
            self.write_section(section, &crops, document)?;
        }
        Ok(())
    }

    fn write_section<W: Write>(
        &self,
        section: &SectionView,
        crops: &Crops,
        document: &mut Document<W>,
    ) -> Result<(), Stop> {
        let shown: Vec<&FieldRow> = section.fields.iter().filter(|row| self.is_shown(row)).collect();
        if shown.is_empty() {
            return Ok(());
        }
        document.subheading(&format!("{} {}", section.code, section.title.id))?;
        let current = self.current();
        let heads: Vec<String> =
            current.iter().map(|(_, tally)| format!("Saksi {}", tally.witness)).collect();
        let mut columns = vec![Column::left(1.0), Column::left(4.2)];
        columns.extend(current.iter().map(|_| Column::right(1.1)));
        columns.push(Column::left(2.2));
        let head = ["Kolom", "Uraian"].into_iter().chain(heads.iter().map(String::as_str)).chain(["Foto"]);
        let mut table = document.table(&columns, &head.collect::<Vec<_>>())?;
        for row in shown {
            let letter = row.column.map(|column| format!(" ({})", column.letter())).unwrap_or_default();
            let mut cells =
                vec![Cell::text(row.field.to_string()), Cell::text(format!("{}{letter}", row.label.id))];
            cells.extend(current.iter().map(|(place, _)| {
                let text = words::figure(row.figures.get(*place).copied().flatten());
                if row.differs { Cell::strong(text) } else { Cell::text(text) }
            }));
            let crop = crops.get(row.field.as_str()).and_then(|jpeg| Jpeg::of(jpeg).ok());
            cells.push(crop.map_or_else(|| Cell::text(""), |jpeg| Cell::picture(jpeg, CROP_MM)));
            table.row(&cells)?;
        }
        Ok(())
    }

    /// Whether somebody typed something there.
    fn is_shown(&self, row: &FieldRow) -> bool {
        self.current().iter().any(|(place, _)| row.figures.get(*place).copied().flatten().is_some())
    }

    /// The crops of the photos of the tallies that are shown, the first of each field.
    fn crops(&self) -> Result<Crops, Stop> {
        let mut crops = Crops::new();
        let current = self.current();
        let of_current = |tally: &str| current.iter().any(|(_, shown)| shown.statement == tally);
        for photo in self.view.photos.iter().filter(|photo| photo.arrived && of_current(&photo.tally)) {
            let Ok(hash) = photo.hash.parse::<PhotoHash>() else { continue };
            for crop in crops_view(self.endpoint, hash, &self.dossier.contest.id)?.crops {
                if let Ok(jpeg) = STANDARD.decode(&crop.jpeg) {
                    crops.entry(crop.field).or_insert(jpeg);
                }
            }
        }
        Ok(crops)
    }

    pub(super) fn write_checks<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Pemeriksaan angka")?;
        let current = self.current();
        if current.iter().all(|(_, tally)| tally.findings.is_empty()) {
            document.paragraph("Tidak ada kesalahan penjumlahan atau kejanggalan yang ditemukan.")?;
            return Ok(());
        }
        document.remark(
            "Pemeriksaan menunjuk angka yang tidak cocok satu sama lain. Angka di kertas bisa benar-benar \
             tertulis begitu; pemeriksaan tidak mengubah apa pun.",
        )?;
        let columns = [Column::left(1.2), Column::left(1.6), Column::left(6.0), Column::left(2.2)];
        let mut table = document.table(&columns, &["Saksi", "Kode", "Temuan", "Jawaban saksi"])?;
        for (_, tally) in current {
            for finding in &tally.findings {
                let said = tally.acknowledged.contains(&finding.key.0);
                table.row(&[
                    Cell::text(tally.witness.as_str()),
                    Cell::text(format!("{} {}", finding.code, words::severity(finding.severity))),
                    Cell::text(finding.for_coordinator.get(Language::Id)),
                    Cell::text(if said { "memang tertulis begitu" } else { "" }),
                ])?;
            }
        }
        Ok(())
    }
}
