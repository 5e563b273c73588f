//! Client credentials in files that another process may be replacing at the moment, one after the other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fs, thread};

use edx_auth_core::{ClientCredentials, EnvConfig, EnvConfigError};

/// The files with the client credentials of a configuration.
pub(crate) struct CredentialsFiles {
    config: EnvConfig,
    was_read: AtomicBool,
}

impl CredentialsFiles {
    /// Returns the files; `None` if there are none, or not only regular ones: a pipe brings its content once.
    pub(crate) fn of(config: &EnvConfig) -> Option<Self> {
        let is_regular = |path| fs::metadata(path).is_ok_and(|file| file.is_file());
        let mut files = config.credentials_files().peekable();
        let can_be_read_again = files.peek().is_some() && files.all(is_regular);
        can_be_read_again.then(|| Self {
            config: config.clone(),
            was_read: AtomicBool::new(false),
        })
    }

    /// Reads both, from the second time on after they were left alone for a while. The first time is the
    /// start of the program, when they may be new and nothing is being replaced.
    pub(crate) fn read(&self) -> Result<ClientCredentials, EnvConfigError> {
        if self.was_read.swap(true, Ordering::Relaxed) {
            settle(|| self.last_written(), thread::sleep);
        }
        self.config.read_credentials(|path| fs::read(path))
    }

    /// Returns how long ago one of them was written, the last one.
    fn last_written(&self) -> Option<Duration> {
        let ago = |path| fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
        self.config.credentials_files().filter_map(ago).min()
    }
}

/// Waits until the files have been left alone for a while, unless they are written again and again. A
/// new ID with an old secret would be denied, and then no token requested for half a minute.
fn settle(last_written: impl Fn() -> Option<Duration>, wait: impl Fn(Duration)) {
    for _ in 0..MOST_WAITS {
        let left = last_written().map_or(Duration::ZERO, |ago| CALM.saturating_sub(ago));
        if left.is_zero() {
            break;
        }
        wait(left);
    }
}

const CALM: Duration = Duration::from_secs(2);
const MOST_WAITS: u32 = 3;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::cell::RefCell;
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;
    use crate::testing::Folder;

    /// Returns the waits until files settle that were last written these times ago, in milliseconds, at each look.
    fn waits(looks: &[Option<u64>]) -> Vec<u64> {
        let looks = RefCell::new(looks.iter().copied());
        let waits = RefCell::new(Vec::new());
        let last_written = || {
            looks
                .borrow_mut()
                .next()
                .unwrap()
                .map(Duration::from_millis)
        };
        settle(last_written, |wait| waits.borrow_mut().push(wait));
        let waits = waits.into_inner().into_iter();
        waits
            .map(|wait| u64::try_from(wait.as_millis()).unwrap())
            .collect()
    }

    #[test]
    fn files_that_were_just_written_are_left_alone_for_two_seconds() {
        assert!(waits(&[Some(2000)]).is_empty());
        assert!(waits(&[None]).is_empty());
        assert_eq!(waits(&[Some(500), Some(2000)]), [1500]);
        assert_eq!(waits(&[Some(1500), Some(100), Some(2100)]), [500, 1900]);
    }

    #[test]
    fn files_that_are_written_all_the_time_are_read_nevertheless() {
        assert_eq!(waits(&[Some(0); 3]), [2000; 3]);
    }

    #[test]
    fn the_file_that_was_written_last_counts() {
        let folder = Folder::new();
        let files = files(&folder);
        let ago = |seconds| {
            SystemTime::now()
                .checked_sub(Duration::from_secs(seconds))
                .unwrap()
        };
        for (name, seconds) in [("id", 1000), ("secret", 5000)] {
            let file = File::options()
                .append(true)
                .open(folder.join(name))
                .unwrap();
            file.set_modified(ago(seconds)).unwrap();
        }

        let last = files.last_written().unwrap();

        assert!(last >= Duration::from_secs(1000), "{last:?}");
        assert!(last < Duration::from_secs(5000), "{last:?}");
        assert!(files.read().is_ok());
    }

    fn files(folder: &Folder) -> CredentialsFiles {
        for name in ["id", "secret"] {
            fs::write(folder.join(name), name).unwrap();
        }
        let path = |name| folder.join(name).to_str().unwrap().to_owned().into_bytes();
        let variable = |name: &str| match name {
            "EDX_CLIENT_ID_FILE" => Some(path("id")),
            "EDX_CLIENT_SECRET_FILE" => Some(path("secret")),
            _ => None,
        };
        let config = EnvConfig::read(variable, |path| fs::read(path)).unwrap();
        CredentialsFiles::of(&config).unwrap()
    }
}
