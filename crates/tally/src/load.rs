//! Reads election packages and says, of one that is wrong, where and what to do.

mod contests;
mod forms;
mod mistakes;
mod shape;
mod wilayah;

use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

pub use self::mistakes::{Mistake, PackageError};

use self::mistakes::Mistakes;
use crate::election::{Election, FORMAT};
use crate::form::Form;

/// The most bytes that a package may have. The whole country's, with 820,000 stations in 84,000 desa, has about 12 MB.
pub const PACKAGE_BYTES_MAX: usize = 32 * 1024 * 1024;

static BUILTIN_FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    [
        include_str!("../../../assets/forms/c-hasil-ppwp-2024.json"),
        include_str!("../../../assets/forms/c1-ppwp-2019.json"),
    ]
    .into_iter()
    .map(|json| {
        #[expect(clippy::expect_used, reason = "part of the program; a test reads every one")]
        serde_json::from_str(json).expect("an embedded form is a form")
    })
    .collect()
});

/// The forms that every copy of the app has.
pub fn builtin_forms() -> &'static [Form] {
    &BUILTIN_FORMS
}

/// Reads the package in `file`. The only function of this crate that touches the disk.
pub fn read(file: &Path) -> Result<Election, PackageError> {
    let name = file.display().to_string();
    let cannot = |error: std::io::Error| {
        PackageError::of(Mistake::new("", format!("cannot be read: {error}"))).in_file(&name)
    };
    let bytes = std::fs::metadata(file).map_err(cannot)?.len();
    if bytes > PACKAGE_BYTES_MAX as u64 {
        return Err(too_large(bytes).in_file(&name));
    }
    let json = std::fs::read_to_string(file).map_err(cannot)?;
    Election::from_json(&json).map_err(|error| error.in_file(&name))
}

impl Election {
    /// Reads a package. An error names every mistake that was found, by JSON path, with what to do about it.
    pub fn from_json(json: &str) -> Result<Self, PackageError> {
        if json.len() > PACKAGE_BYTES_MAX {
            return Err(too_large(json.len() as u64));
        }
        let election = shape::parse::<Format>(json).and_then(|Format { format }| {
            if format == FORMAT {
                shape::parse::<Election>(json)
            } else {
                let reason = format!(
                    "{format:?} is not a format that this version reads; write {FORMAT:?}, or update the app if the \
                     package is newer than it"
                );
                Err(PackageError::of(Mistake::new("format", reason)))
            }
        })?;
        let mut found = Mistakes::default();
        contests::examine(&election, &mut found);
        forms::examine_all(&election, &mut found);
        wilayah::examine(&election, &mut found);
        found.into_result(election)
    }

    /// The package as JSON that [`Election::from_json`] reads.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Read before the rest, so that a newer package is not refused for a field that this version does not know.
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
