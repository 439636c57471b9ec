//! The photos of a station, a page each.

use std::collections::BTreeSet;
use std::io::Write;

use evidence::PhotoHash;
use print::{Document, Jpeg};

use super::Stop;
use super::station::Part;
use crate::view::PhotoView;

/// Height of a photo: with its words it fills a page.
const PHOTO_MM: f32 = 225.0;

impl Part<'_> {
    pub(super) fn write_photos<W: Write>(&self, document: &mut Document<W>) -> Result<(), Stop> {
        document.heading("Foto")?;
        if self.view.photos.is_empty() {
            document.paragraph("Belum ada foto.")?;
            return Ok(());
        }
        let mut printed = BTreeSet::new();
        for photo in &self.view.photos {
            let is_new = printed.insert(photo.hash.as_str());
            self.write_photo(photo, is_new, document)?;
        }
        Ok(())
    }

    fn write_photo<W: Write>(
        &self,
        photo: &PhotoView,
        is_new: bool,
        document: &mut Document<W>,
    ) -> Result<(), Stop> {
        let caption = format!(
            "Halaman {}, {}. SHA-256 {}. Asli {}.",
            photo.page,
            self.witness(&photo.witness),
            photo.hash,
            photo.original.hash
        );
        let hash = photo.hash.parse::<PhotoHash>().ok().filter(|_| photo.arrived && is_new);
        let bytes = hash.map(|hash| self.endpoint.photos().read(hash)).transpose();
        let bytes = bytes.map_err(crate::refusal::Refusal::from)?.flatten();
        match bytes.as_deref().map(Jpeg::of) {
            Some(Ok(jpeg)) => document.photo(&jpeg, PHOTO_MM, &caption)?,
            Some(Err(_)) => document.paragraph(&format!("{caption} Ada di file .saksi; bukan JPEG."))?,
            None if is_new => document.paragraph(&format!("{caption} Foto ini belum tiba."))?,
            None => document.paragraph(&format!("{caption} Foto yang sama sudah ditampilkan di atas."))?,
        }
        Ok(())
    }
}
