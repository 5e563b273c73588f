//! A token that is stored outside its agent.

use alloc::format;
use alloc::vec::Vec;
use core::str;
use core::time::Duration;

use thiserror::Error;

use crate::token::{AccessToken, TokenType};

/// A token outside its agent, with its lifetime and the time by the wall clock at which it was issued. Use
/// it to keep a token across a restart of the program, or to share it with another program.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::{AccessToken, Jitter, Moment, RenewalPolicy, StoredToken, TokenAgent};
/// # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest, TokenType};
/// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// # let minute = Duration::from_secs(60);
/// # let before = Moment { monotonic: Duration::ZERO, wall: 1000 * minute };
/// # let credentials = ClientCredentials::new("id", "secret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// # let mut agent = TokenAgent::new(request.clone(), RenewalPolicy::DEFAULT);
/// # let stored = StoredToken::new(token, 60 * minute, before.wall);
/// # agent.restore(stored, before, Jitter::NONE);
/// // Before the program ends ..
/// let bytes = agent.export(before).map(|token| token.to_bytes());
///
/// // .. and when it starts again, ten minutes later by the wall clock.
/// # let now = Moment { monotonic: Duration::ZERO, wall: 1010 * minute };
/// let mut agent = TokenAgent::new(request, RenewalPolicy::DEFAULT);
/// if let Some(bytes) = bytes {
///     agent.restore(StoredToken::from_bytes(&bytes)?, now, Jitter::NONE);
/// }
/// assert_eq!(agent.health(now).usable_for, 50 * minute - Duration::from_secs(30));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StoredToken {
    pub(in crate::lifecycle) token: AccessToken,
    pub(in crate::lifecycle) lifetime: Duration,
    pub(in crate::lifecycle) born: Duration,
}

/// Why bytes are not a stored token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredTokenError {
    /// They were written by another version of this library.
    #[error("the stored token was written by another version of edx-auth")]
    Version,
    /// They are truncated, changed, or were never a stored token.
    #[error("the bytes are not a stored token")]
    Damaged,
}

impl StoredTokenError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Version => {
                "Ignore the stored token and let it be overwritten: a new one is requested."
            }
            Self::Damaged => {
                "Ignore the stored token, and make sure that it is written as a whole or not at all."
            }
        }
    }
}

impl StoredToken {
    /// Creates a stored token of this lifetime whose request was sent at `born`, a time since the Unix
    /// epoch.
    #[must_use]
    pub fn new(token: AccessToken, lifetime: Duration, born: Duration) -> Self {
        Self {
            token,
            lifetime,
            born,
        }
    }

    /// Returns the token as bytes, **in plain text**: anyone who can read them can act as the
    /// client until it expires. Write them where no other user can read, next to the client ID and
    /// the site that they belong to, and wipe them from memory.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (lifetime, born) = (self.lifetime.as_millis(), self.born.as_millis());
        let mut bytes = Vec::with_capacity(self.token.authorization().len() + ROOM);
        bytes.extend_from_slice(VERSION);
        bytes.extend_from_slice(format!("{born} {lifetime} ").as_bytes());
        bytes.extend_from_slice(self.token.authorization().as_bytes());
        bytes.push(b'\n');
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// Returns an error if the bytes are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoredTokenError> {
        let Some(fields) = bytes.strip_prefix(VERSION) else {
            return Err(if bytes.starts_with(NAME) {
                StoredTokenError::Version
            } else {
                StoredTokenError::Damaged
            });
        };
        Self::of_fields(fields).ok_or(StoredTokenError::Damaged)
    }

    fn of_fields(fields: &[u8]) -> Option<Self> {
        let fields = str::from_utf8(fields).ok()?.strip_suffix('\n')?;
        let (born, fields) = fields.split_once(' ')?;
        let (lifetime, fields) = fields.split_once(' ')?;
        let (scheme, token) = fields.split_once(' ')?;
        let token = AccessToken::new(TokenType::named(scheme)?, token).ok()?;
        Some(Self::new(token, millis(lifetime)?.min(YEAR), millis(born)?))
    }
}

/// Parses digits. `u64` alone would also accept a sign.
fn millis(digits: &str) -> Option<Duration> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let millis = digits.parse().ok().filter(|_| is_number)?;
    Some(Duration::from_millis(millis))
}

const NAME: &[u8] = b"edx-auth-token/";
const VERSION: &[u8] = b"edx-auth-token/1 ";

/// Room for the version and two numbers of milliseconds.
const ROOM: usize = 64;

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BYTES: &[u8] = b"edx-auth-token/1 1700000000123 3599000 JWT a.b.c\n";

    fn stored() -> StoredToken {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let born = Duration::from_millis(1_700_000_000_123);
        StoredToken::new(token, Duration::from_secs(3599), born)
    }

    fn error(bytes: &[u8]) -> Option<StoredTokenError> {
        StoredToken::from_bytes(bytes).err()
    }

    #[test]
    fn the_format_of_this_version_does_not_change() {
        assert_eq!(stored().to_bytes(), BYTES);
    }

    #[test]
    fn a_written_token_is_read_back() {
        let read = StoredToken::from_bytes(BYTES).unwrap();

        assert_eq!(read.token.authorization(), "JWT a.b.c");
        assert_eq!(
            (read.lifetime, read.born),
            (stored().lifetime, stored().born)
        );
    }

    #[test]
    fn another_version_is_distinguished_from_damage() {
        for bytes in [
            "edx-auth-token/2 1 2 JWT a.b.c\n",
            "edx-auth-token/10 x",
            "edx-auth-token/",
        ] {
            assert_eq!(
                error(bytes.as_bytes()),
                Some(StoredTokenError::Version),
                "{bytes}"
            );
        }
        for bytes in [
            "",
            "JWT a.b.c",
            "edx-auth-token/1 1 2 JWT a.b.c",
            "edx-auth-token/1 1 2 JWT a.b.c\n\n",
            "edx-auth-token/1 1 2 JWT  a.b.c\n",
            "edx-auth-token/1 1 2 JWT \n",
            "edx-auth-token/1 1 2 MAC a.b.c\n",
            "edx-auth-token/1 -1 2 JWT a.b.c\n",
            "edx-auth-token/1 +1 2 JWT a.b.c\n",
            "edx-auth-token/1 1 99999999999999999999 JWT a.b.c\n",
            "edx-auth-token/1 1 JWT a.b.c\n",
        ] {
            assert_eq!(
                error(bytes.as_bytes()),
                Some(StoredTokenError::Damaged),
                "{bytes}"
            );
        }
    }

    #[test]
    fn each_error_says_what_to_do() {
        assert!(StoredTokenError::Version.advice().contains("overwritten"));
        assert!(StoredTokenError::Damaged.advice().contains("as a whole"));
    }

    #[test]
    fn truncated_bytes_are_damaged() {
        for end in VERSION.len()..BYTES.len() {
            let cut = BYTES.get(..end).unwrap();
            assert_eq!(error(cut), Some(StoredTokenError::Damaged), "{end}");
        }
    }

    #[test]
    fn no_lifetime_is_longer_than_a_year() {
        let bytes = format!("edx-auth-token/1 0 {} JWT a.b.c\n", u64::MAX);

        let read = StoredToken::from_bytes(bytes.as_bytes()).unwrap();

        assert_eq!(read.lifetime.as_secs(), 31_536_000);
    }

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_a_token_or_an_error(bytes in any::<Vec<u8>>()) {
            let _ = StoredToken::from_bytes(&bytes);
            let mut prefixed = VERSION.to_vec();
            prefixed.extend(bytes);
            let _ = StoredToken::from_bytes(&prefixed);
        }
    }
}
