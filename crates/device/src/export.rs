//! What travels without a network: everything that was sealed as one file, or one tally as a QR code.

use evidence::bundle::{self, Item};
use evidence::{PhotoHash, qr};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::model::{Enrolment, TallyKey};
use crate::store::Store;
use crate::view::BundleView;

/// A bundle: its bytes and its contents.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// A name for the file: the device and the number of statements, so that a later bundle does not replace
    /// an earlier one that has less in it.
    pub name: String,
    pub bytes: Vec<u8>,
    pub contents: BundleView,
}

impl Device {
    /// Everything that this device has sealed or carries for others, as one file: statements, photos,
    /// receipts, the newest checkpoint, and the keys to verify them. The secret key is not in it. The same
    /// state gives the same bytes.
    pub fn export_bundle(&self) -> Result<Bundle, DeviceError> {
        let enrolment = self.enrolment()?;
        let store = self.store();
        let mut items = keys(&store, &enrolment)?;
        items.extend(store.checkpoint()?.map(Item::Checkpoint));
        let mut statements = store.sealed_statements()?;
        statements.extend(store.carried_statements()?);
        let receipts = store.receipts()?;
        let photos = photos(&store)?;
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
            items.push(Item::Photo(self.photos.read(Picture::Derivative, hash)?));
        }
        let device = enrolment.public_key.device_id().to_string();
        let name = format!("saksi-{}-{}.saksi", &device[..8], contents.statements);
        let bytes = bundle::write_of(enrolment.namespace(), items, Vec::new())
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(Bundle { name, contents: BundleView { bytes: bytes.len() as u64, ..contents }, bytes })
    }

    /// The sealed tally as a QR code, an SVG picture.
    pub fn tally_code(&self, tally_key: &TallyKey) -> Result<String, DeviceError> {
        self.enrolment()?.paper(tally_key)?;
        let newest = self.store().tallies(tally_key)?.into_iter().next();
        let newest = newest.ok_or_else(|| tally_key.not_sealed())?;
        let code =
            qr::Picture::draw(&newest.bytes).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(code.to_svg())
    }
}

/// The public keys that verify the bundle.
fn keys(store: &Store, enrolment: &Enrolment) -> Result<Vec<Item>, StoreError> {
    let mut keys = vec![Item::DeviceKey(enrolment.public_key), Item::LogKey(enrolment.log.pinned)];
    keys.extend(store.carried_keys()?.into_iter().map(Item::DeviceKey));
    keys.extend(enrolment.log.rotations.iter().map(|rotation| Item::Rotation(Box::new(*rotation))));
    Ok(keys)
}

/// The photos of all statements in the bundle, each once and in an order that depends on nothing else.
fn photos(store: &Store) -> Result<Vec<PhotoHash>, StoreError> {
    let mut photos = store.sealed_photos()?;
    photos.extend(store.carried_photos()?);
    photos.sort_unstable_by_key(|hash| hash.0);
    photos.dedup();
    Ok(photos)
}
