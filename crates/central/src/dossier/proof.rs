//! The fingerprints of what was signed, and where it stands in the log.

use std::io::Write;

use evidence::Unverified;
use print::{Cell, Column, Document};

use super::station::Part;
use super::{Stop, words};
use crate::refusal::Refusal;

impl Part<'_> {
    pub(super) fn write_statements<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Pernyataan yang ditandatangani")?;
        document.remark(
            "Sidik jari adalah SHA-256 dari bita yang ditandatangani HP saksi. File .saksi berisi bita itu, \
             kunci HP, dan tanda terima catatan bukti; saksi-verify memeriksa semuanya tanpa server ini.",
        )?;
        let columns = [Column::left(1.7), Column::left(6.1), Column::right(0.9), Column::right(1.4)];
        let head = ["Isi", "Sidik jari pernyataan, lalu kunci HP", "Urutan", "Nomor dalam catatan bukti"];
        let mut table = document.table(&columns, &head)?;
        for stored in &self.statements {
            let read = Unverified::parse(&stored.bytes)
                .map_err(|error| Refusal::internal("reading a stored statement", &error))?;
            let statement = read.unproved();
            let receipt = match stored.log_index {
                Some(index) => (index + 1).to_string(),
                None => "belum masuk".to_owned(),
            };
            table.row(&[
                Cell::text(format!(
                    "{}, {}",
                    words::kind(&statement.body),
                    self.author_of(&statement.body, &statement.claims.device.to_string())
                )),
                Cell::fingerprint(format!("{}\n{}", read.id(), statement.claims.device)),
                Cell::text(statement.claims.sequence.to_string()),
                Cell::text(receipt),
            ])?;
        }
        drop(table);
        for gap in &self.view.gaps {
            let missing: Vec<String> = gap.missing.iter().map(u64::to_string).collect();
            document.paragraph(&format!(
                "Dari {} belum tiba catatan nomor {}.",
                self.witness(&gap.witness),
                missing.join(", ")
            ))?;
        }
        Ok(())
    }
}
