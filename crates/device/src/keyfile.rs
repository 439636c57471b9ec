//! The device's secret key, in a file of its own that only the app's user may read. It is never in the database,
//! so that no copy of the database carries it.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use evidence::DeviceKey;
use zeroize::Zeroizing;

use crate::error::{DeviceError, StoreError};
use crate::outside::Random;

pub(crate) struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// The device's key; made and stored durably when there is none yet.
    pub(crate) fn read_or_make(&self, random: &dyn Random) -> Result<DeviceKey, DeviceError> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; 32]);
        random.fill(seed.as_mut_slice())?;
        self.write(&seed).map_err(|source| self.fault("store the device's key", source))?;
        Ok(DeviceKey::from_seed(*seed))
    }

    /// The device's key, if it has one.
    pub(crate) fn read(&self) -> Result<Option<DeviceKey>, StoreError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.fault("read the device's key", source)),
        };
        let seed = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| StoreError::Damaged(format!("{} is not a key of 32 bytes", self.path.display())))?;
        Ok(Some(DeviceKey::from_seed(seed)))
    }

    fn write(&self, seed: &[u8; 32]) -> io::Result<()> {
        let partial = self.path.with_extension("key.partial");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&partial)?;
        file.write_all(seed)?;
        file.sync_all()?;
        fs::rename(&partial, &self.path)?;
        crate::folder::sync_parent(&self.path)
    }

    fn fault(&self, doing: &'static str, source: io::Error) -> StoreError {
        StoreError::File { doing, path: self.path.clone(), source }
    }
}
