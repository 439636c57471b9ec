//! The loader of election packages. For a package with mistakes it says where they are and what to do.

mod bounds;
mod codes;
mod contests;
mod date;
mod districts;
mod encoding;
mod format;
mod forms;
mod header;
mod mistakes;
mod rounds;
mod shape;
mod wilayah;

use std::path::Path;

use serde::Deserialize;

pub use self::mistakes::{Mistake, PackageError};

use self::mistakes::Mistakes;
use crate::election::{Election, FORMAT, FORMATS_READ};

/// Maximum length of a package, in bytes. The package of the whole country, with 820,000 stations in 84,000
/// desa and 250,000 candidates in 2,750 contests, has about 35 MB.
pub const PACKAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads the package in `file`: UTF-8, or UTF-16 with a byte order mark. This is the only function of the
/// crate that touches the disk.
pub fn read(file: &Path) -> Result<Election, PackageError> {
    let name = file.display().to_string();
    let cannot = |error: std::io::Error| {
        PackageError::of(Mistake::new("", format!("cannot be read: {error}"))).in_file(&name)
    };
    let bytes = std::fs::metadata(file).map_err(cannot)?.len();
    if bytes > PACKAGE_BYTES_MAX as u64 {
        return Err(too_large(bytes).in_file(&name));
    }
    let bytes = std::fs::read(file).map_err(cannot)?;
    encoding::decode(bytes).and_then(|json| Election::from_json(&json)).map_err(|error| error.in_file(&name))
}

impl Election {
    /// Reads a package. An error names every mistake that was found, with its JSON path and what to do about
    /// it.
    pub fn from_json(json: &str) -> Result<Self, PackageError> {
        if json.len() > PACKAGE_BYTES_MAX {
            return Err(too_large(json.len() as u64));
        }
        let json = encoding::without_mark(json);
        let election = shape::parse::<Format>(json).and_then(|Format { format }| {
            if FORMATS_READ.contains(&format.as_str()) {
                shape::parse::<Election>(json).map_err(|error| error.and(codes::wrong_codes(json)))
            } else {
                let reason = format!(
                    "{format:?} is not a format that this version reads; write {FORMAT:?}, or update the app if the \
                     package is newer than it"
                );
                Err(PackageError::of(Mistake::new("format", reason)))
            }
        })?;
        let mut found = Mistakes::default();
        format::examine(&election, &mut found);
        header::examine(&election, &mut found);
        contests::examine(&election, &mut found);
        forms::examine_all(&election, &mut found);
        wilayah::examine(&election, &mut found);
        districts::examine(&election, &mut found);
        rounds::examine(&election, &mut found);
        found.into_result(election)
    }

    /// The package as JSON that [`Election::from_json`] reads.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Read before the rest. A newer package is refused for its format, not for a field that this version does
/// not know.
#[derive(Deserialize)]
struct Format {
    format: String,
}

fn too_large(bytes: u64) -> PackageError {
    let reason = format!(
        "the package has {bytes} bytes, at most {PACKAGE_BYTES_MAX} are read; cut it to the regions that are needed"
    );
    PackageError::of(Mistake::new("", reason))
}
