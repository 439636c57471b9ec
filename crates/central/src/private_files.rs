//! Files and folders that only the user of the program may read: the store has password hashes and witnesses'
//! reports.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

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
