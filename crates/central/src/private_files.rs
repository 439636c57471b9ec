//! Files and folders that only the user of the program may read: the store has password hashes and witnesses'
//! reports.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Names in the data folder that earlier versions left readable by all users of the machine.
const NAMES: [&str; 4] = ["central.sqlite", "central.sqlite-wal", "central.sqlite-shm", "photos"];

/// Makes the folder, and those above it, if they are missing.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file for writing, and creates it if it is missing. Its content stays.
pub(crate) fn open_private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// What becomes of a file that exists already.
#[derive(Clone, Copy)]
pub(crate) enum Existing {
    Stays,
    IsReplaced,
}

/// Writes the seed of a key. A power cut leaves all of it or nothing. Only the owner may read it.
pub(crate) fn write_seed(file: &Path, seed: &[u8; 32], existing: Existing) -> io::Result<()> {
    // A temporary file is made with the mode 0600.
    let mut out = NamedTempFile::new_in(folder_of(file))?;
    out.write_all(seed)?;
    out.as_file().sync_all()?;
    match existing {
        Existing::IsReplaced => drop(out.persist(file)?),
        Existing::Stays => match out.persist_noclobber(file) {
            Ok(_) => {}
            Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => {}
            Err(refused) => return Err(refused.error),
        },
    }
    sync_folder_of(file)
}

/// The seed that [`write_seed`] wrote; `None` if there is no file.
pub(crate) fn read_seed(file: &Path) -> io::Result<Option<[u8; 32]>> {
    match fs::read(file) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(seed) => Ok(Some(seed)),
            Err(_) => Err(io::Error::new(ErrorKind::InvalidData, "the seed of a key has 32 bytes")),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The folder of a file; for a bare name the current folder.
fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
pub(crate) fn sync_folder_of(file: &Path) -> io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

/// Other systems cannot sync a folder. Renaming is as durable as their file system makes it.
#[cfg(not(unix))]
pub(crate) fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes the rights of all other users from the data folder and what is in it. Gives the paths that it
/// changed.
pub fn make_data_private(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    let inside = NAMES.iter().map(|name| data.join(name));
    for path in std::iter::once(data.to_owned()).chain(inside) {
        if path.exists() && make_private(&path)? {
            changed.push(path);
        }
    }
    Ok(changed)
}

/// Takes the rights of all other users. Gives whether they had any.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = path.metadata()?.permissions();
    let mode = permissions.mode();
    if mode & 0o077 == 0 {
        return Ok(false);
    }
    permissions.set_mode(mode & !0o077);
    std::fs::set_permissions(path, permissions)?;
    Ok(true)
}

/// Other systems give a folder of the user no rights to others.
#[cfg(not(unix))]
pub(crate) fn make_private(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        Some(path.metadata().ok()?.permissions().mode() & 0o777)
    }

    #[test]
    fn what_is_made_is_readable_by_its_owner_only_and_what_was_readable_is_tightened_once() {
        let outer = tempfile::tempdir().unwrap();
        let data = outer.path().join("deep/data");
        make_private_folder(&data).unwrap();
        assert_eq!(mode(&data), Some(0o700));
        let store = data.join("central.sqlite");
        drop(open_private_file(&store).unwrap());
        assert_eq!(mode(&store), Some(0o600));

        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(make_data_private(&data).unwrap(), [data.clone(), store.clone()]);
        assert_eq!((mode(&data), mode(&store)), (Some(0o700), Some(0o600)));
        assert_eq!(make_data_private(&data).unwrap(), [] as [PathBuf; 0]);
    }
}
