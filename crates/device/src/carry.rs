//! What goes by hand where there is no network: all that was sealed as one file, or one tally as a QR code.

use evidence::bundle::{self, Item};
use evidence::qr::Picture;
use tally::{ContestId, StationId};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture as Which;
use crate::store::Place;
use crate::view::BundleView;

/// A bundle's bytes, and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// A name for the file: the device, and how much is in it, so that a later bundle does not replace an earlier one
    /// that holds less.
    pub name: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub contents: BundleView,
}

impl Device {
    /// Everything that this device sealed, and what it carries for others, with photos, receipts, the newest checkpoint and the keys to check them, as
    /// one file. The secret key is not in it. The same state gives the same bytes.
    pub fn export_bundle(&self) -> Result<Bundle, DeviceError> {
        let enrolment = self.enrolment()?;
        let store = self.store();
        let mut statements = store.sealed_statements()?;
        statements.extend(store.carried_statements()?);
        let receipts = store.receipts()?;
        let mut photos = store.sealed_photos()?;
        photos.extend(store.carried_photos()?);
        photos.sort_unstable_by_key(|hash| hash.0);
        photos.dedup();
        let mut items = vec![Item::DeviceKey(enrolment.public_key), Item::LogKey(enrolment.log.pinned)];
        items.extend(store.carried_keys()?.into_iter().map(Item::DeviceKey));
        items.extend(enrolment.log.rotations.iter().map(|rotation| Item::Rotation(Box::new(*rotation))));
        items.extend(store.checkpoint()?.map(Item::Checkpoint));
        drop(store);

        let contents = BundleView {
            statements: u32::try_from(statements.len()).unwrap_or(u32::MAX),
            photos: u32::try_from(photos.len()).unwrap_or(u32::MAX),
            bytes: 0,
            path: String::new(),
        };
        items.extend(statements.into_iter().map(Item::Statement));
        items.extend(receipts.into_iter().map(Item::Receipt));
        for hash in photos {
            items.push(Item::Photo(self.photos.read(Which::Derivative, hash)?));
        }
        let device = enrolment.public_key.device_id().to_string();
        let name = format!("saksi-{}-{}.saksi", &device[..8], contents.statements);
        let bytes =
            bundle::write(items, Vec::new()).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(Bundle { name, contents: BundleView { bytes: bytes.len() as u64, ..contents }, bytes })
    }

    /// The sealed tally as a QR code, an SVG picture.
    pub fn tally_code(&self, station: &StationId, contest: &ContestId) -> Result<String, DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        enrolment.paper(&place)?;
        let newest =
            self.store().tallies(&place)?.into_iter().next().ok_or_else(|| DeviceError::NotSealed {
                station: station.clone(),
                contest: contest.clone(),
            })?;
        let code = Picture::draw(&newest.bytes).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(code.to_svg())
    }
}
