//! Files that only their owner can read, replaced as a whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

/// Replaces a file, or creates it: a reader sees the old content or the new, and after a crash there is one of
/// them. A link at the path is replaced, not followed.
///
/// # Errors
/// Returns an error if the folder does not exist or cannot be written to, or if the path leads to a device, a pipe
/// or a socket.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is not a regular file"));
    }
    let new = beside(path)?;
    let written = write_new(&new, content).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _gone = fs::remove_file(&new);
    }
    written?;
    // After a power failure the old content may be back.
    let _synced = File::open(folder(path)).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    // What a crash of a process with the same number has left.
    let _gone = fs::remove_file(path);
    let mut file = owner_only().open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Returns how a file is created that only its owner can read. On Windows its folder says who can.
fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Returns the path of the new file, in the same folder: a file can only be renamed within a file system.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let mut new = OsString::from(".");
    new.push(name);
    new.push(format!(".{}.new", process::id()));
    Ok(folder(path).join(new))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("edx-auth-{name}-{}", process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn files(&self) -> usize {
            fs::read_dir(&self.0).unwrap().count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_replaced_whole_and_for_its_owner_alone() {
        let folder = Folder::new("replaced");
        let path = folder.0.join("token");
        fs::write(&path, "an older and longer content").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let opened = File::open(&path).unwrap();

        replace(&path, b"new").unwrap();

        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(
            io::read_to_string(opened).unwrap(),
            "an older and longer content"
        );
        assert_eq!(folder.files(), 1);
    }

    #[test]
    fn a_link_is_replaced_and_its_target_is_not() {
        let folder = Folder::new("linked");
        let (target, link) = (folder.0.join("target"), folder.0.join("token"));
        fs::write(&target, "untouched").unwrap();
        symlink(&target, &link).unwrap();

        replace(&link, b"new").unwrap();

        assert_eq!(fs::read(&target).unwrap(), b"untouched");
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_is_no_regular_file_stays() {
        let folder = Folder::new("special");
        let (socket, link) = (folder.0.join("socket"), folder.0.join("link"));
        let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        symlink("/dev/null", &link).unwrap();

        for path in [&socket, &link] {
            assert!(replace(path, b"new").is_err(), "{}", path.display());
        }

        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(folder.files(), 2);
    }

    #[test]
    fn a_failure_leaves_the_file_and_nothing_else() {
        let folder = Folder::new("failed");
        fs::create_dir(folder.0.join("token")).unwrap();
        fs::write(folder.0.join("token/inside"), "").unwrap();

        assert!(replace(&folder.0.join("token"), b"new").is_err());
        assert!(replace(&folder.0.join("missing/token"), b"new").is_err());

        assert_eq!(folder.files(), 1);
    }
}
