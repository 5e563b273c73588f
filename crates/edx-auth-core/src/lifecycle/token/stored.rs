//! A token that is stored outside its agent.

use alloc::format;
use alloc::vec::Vec;
use core::str;
use core::time::Duration;

use thiserror::Error;

use crate::exchange::TransportRules;
use crate::time::{Moment, YEAR};
use crate::token::{AccessToken, JWT_BEGINNING, TokenType, Validity};

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
/// assert_eq!(agent.health(now).usable_for, Some(50 * minute - Duration::from_secs(30)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StoredToken {
    pub(in crate::lifecycle) token: AccessToken,
    pub(in crate::lifecycle) lifetime: Duration,
    pub(in crate::lifecycle) born: Duration,
}

/// Why a stored token is of no use.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredTokenError {
    /// They were written by another version of this library.
    #[error("the stored token was written by another version of edx-auth")]
    Version,
    /// The bytes are truncated or changed, or are no token at all.
    #[error("the bytes are not a stored token")]
    Damaged,
    /// There is nothing.
    #[error("the stored token is empty")]
    Empty,
    /// It has expired.
    #[error("the stored token has expired")]
    Expired,
    /// It expires before the token in use.
    #[error("the stored token is older than the one in use")]
    Older,
    /// It is the token in use, and another is needed: an API rejected it, or the program wants it renewed.
    #[error("the stored token is still the one in use")]
    Unchanged,
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
            Self::Empty | Self::Expired | Self::Older | Self::Unchanged => {
                "Look at the process that writes the token: it should replace it well before it expires."
            }
        }
    }
}

impl StoredToken {
    /// How many bytes a store reads for a token at most: 65 KiB. The longest token response has 64 KiB; a store
    /// may seal the token.
    pub const LONGEST: usize = TransportRules::TOKEN_BODY_LIMIT + 1024;

    /// Clocks may differ by this much.
    pub(in crate::lifecycle) const TOLERANCE: Duration = Duration::from_secs(5);

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

    pub(crate) fn token_type(&self) -> TokenType {
        self.token.token_type()
    }

    /// Returns when its request was sent: a time since the Unix epoch, by the wall clock.
    #[must_use]
    pub fn born(&self) -> Duration {
        self.born
    }

    /// Returns how much longer it lasts, by the wall clock: nothing if it was born more than 5 s ahead of it.
    #[must_use]
    pub fn left(&self, now: Moment) -> Duration {
        if self.is_ahead(now, Self::TOLERANCE) {
            return Duration::ZERO;
        }
        self.lifetime.saturating_sub(self.age(now))
    }

    /// Returns how long ago it was born, by the wall clock.
    pub(in crate::lifecycle) fn age(&self, now: Moment) -> Duration {
        now.wall.saturating_sub(self.born)
    }

    /// Reports whether it was born so far in the future that some clock is wrong.
    pub(in crate::lifecycle) fn is_ahead(&self, now: Moment, tolerance: Duration) -> bool {
        self.born.saturating_sub(now.wall) > tolerance
    }

    /// Returns the token with this much of its lifetime left, as a store measured it by a clock that all
    /// processes share: the wall clock of the machine that wrote it no longer matters.
    #[must_use]
    pub fn lasting(mut self, left: Duration, now: Moment) -> Self {
        let age = self.lifetime.saturating_sub(left);
        if let Some(born) = now.wall.checked_sub(age) {
            self.born = born;
        } else {
            // The wall clock cannot say when it was born: it counts from the machine's start, say.
            (self.born, self.lifetime) = (now.wall, left);
        }
        self
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

    /// Reads a token that another process keeps fresh: in the stored format, or alone, with its scheme or
    /// without. It counts as read now, and lasts until the `exp` of a JWT, which is **unverified**, and no
    /// longer than the stored format says. An opaque token alone lasts an hour: read it again before that.
    ///
    /// # Errors
    /// Returns an error if the bytes are no token, or a JWT that has expired or was truncated.
    ///
    /// ```
    /// use edx_auth_core::{Moment, StoredToken, StoredTokenError};
    ///
    /// let now = Moment::default();
    /// assert!(StoredToken::read(b"opaque\n", now).is_ok());
    /// assert_eq!(StoredToken::read(b"\n", now).unwrap_err(), StoredTokenError::Empty);
    /// assert_eq!(StoredToken::read(b"eyJhbGciOi", now).unwrap_err(), StoredTokenError::Damaged);
    /// ```
    pub fn read(bytes: &[u8], now: Moment) -> Result<Self, StoredTokenError> {
        let text = bytes.trim_ascii();
        if text.is_empty() {
            return Err(StoredTokenError::Empty);
        }
        let read = if text.starts_with(NAME) {
            Self::from_bytes(bytes)?
        } else {
            Self::alone(text, now).ok_or(StoredTokenError::Damaged)?
        };
        let left = read.left(now);
        let by_claims = Validity::of(read.token.expose()).left(now.wall);
        let left = by_claims.map_or(left, |by_claims| by_claims.min(left));
        if left.is_zero() {
            return Err(StoredTokenError::Expired);
        }
        Ok(Self::new(read.token, left, now.wall))
    }

    /// Reads a text that is only a token, with or without its scheme. One that begins as a JWT, and has no readable claims, was truncated.
    fn alone(text: &[u8], now: Moment) -> Option<Self> {
        let text = str::from_utf8(text).ok()?;
        let (scheme, token) = text.split_once(' ').unwrap_or(("", text));
        let (default, longest) = match Validity::of(token).left(now.wall) {
            Some(_) => (TokenType::Jwt, YEAR),
            None if token.starts_with(JWT_BEGINNING) => return None,
            None => (TokenType::Bearer, LIFE_OF_OPAQUE),
        };
        let token_type = if scheme.is_empty() {
            default
        } else {
            TokenType::named(scheme)?
        };
        let token = AccessToken::new(token_type, token).ok()?;
        Some(Self::new(token, longest, now.wall))
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

/// An opaque token does not say when it expires: it is looked for again before an hour has passed.
const LIFE_OF_OPAQUE: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use http::HeaderValue;
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
            (read.lifetime, read.born()),
            (stored().lifetime, stored().born)
        );
    }

    #[test]
    fn a_shared_clock_replaces_the_one_of_the_writer() {
        let (minute, now) = (Duration::from_secs(60), at(5_000));

        assert_eq!(stored().left(now), Duration::ZERO);
        assert_eq!(stored().lasting(minute, now).left(now), minute);
        assert_eq!(
            stored().lasting(Duration::MAX, now).left(now),
            stored().lifetime
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
        assert!(
            StoredTokenError::Older
                .advice()
                .contains("that writes the token")
        );
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

    /// `{"iat":3600000,"exp":3603600}`: issued at the beginning, for an hour.
    const JWT: &str = "e30.eyJpYXQiOjM2MDAwMDAsImV4cCI6MzYwMzYwMH0.c2ln";

    fn at(seconds: u64) -> Moment {
        Moment {
            monotonic: Duration::ZERO,
            wall: Duration::from_secs(seconds),
        }
    }

    /// Reads a text at this second. Returns the header and how long the token lasts.
    fn read(text: &str, second: u64) -> Result<(HeaderValue, u64), StoredTokenError> {
        let read = StoredToken::read(text.as_bytes(), at(second))?;
        assert_eq!(read.born, at(second).wall);
        Ok((read.token.into_authorization(), read.lifetime.as_secs()))
    }

    #[test]
    fn a_token_alone_is_read_with_its_scheme_or_without() {
        let (an_hour, half) = (3600, 1800);
        for (text, header, left) in [
            (JWT.to_owned(), format!("JWT {JWT}"), half),
            (format!("JWT {JWT}\n"), format!("JWT {JWT}"), half),
            (format!("  bearer {JWT}\r\n"), format!("Bearer {JWT}"), half),
            ("opaque\n".to_owned(), "Bearer opaque".to_owned(), an_hour),
            ("JWT opaque".to_owned(), "JWT opaque".to_owned(), an_hour),
        ] {
            let (read, lasts) = read(&text, 3_601_800).unwrap();
            assert_eq!((read.to_str().unwrap(), lasts), (&*header, left), "{text}");
        }
    }

    #[test]
    fn a_stored_token_lasts_as_long_as_both_its_format_and_its_claims_say() {
        let stored = |lifetime| format!("edx-auth-token/1 3600000000 {lifetime} JWT {JWT}\n");

        assert_eq!(read(&stored(3_600_000), 3_601_800).unwrap().1, 1800);
        assert_eq!(read(&stored(2_000_000), 3_601_800).unwrap().1, 200);
        assert_eq!(read(&stored(9_000_000), 3_601_800).unwrap().1, 1800);
        assert_eq!(
            read(&stored(1_000_000), 3_601_800).unwrap_err(),
            StoredTokenError::Expired
        );
    }

    #[test]
    fn what_is_no_usable_token_is_named() {
        use StoredTokenError::{Damaged, Empty, Expired, Version};
        for (text, error) in [
            ("", Empty),
            (" \n", Empty),
            (JWT, Expired),
            ("eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjM2", Damaged),
            ("MAC a.b.c", Damaged),
            ("two words more", Damaged),
            ("edx-auth-token/1 3600000000 3600000 JWT a.b.c", Damaged),
            ("edx-auth-token/2 3600000000 3600000 JWT a.b.c\n", Version),
        ] {
            assert_eq!(read(text, 3_603_600).unwrap_err(), error, "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_a_token_or_an_error(bytes in any::<Vec<u8>>()) {
            let _ = StoredToken::from_bytes(&bytes);
            let _ = StoredToken::read(&bytes, at(3_601_800));
            let mut prefixed = VERSION.to_vec();
            prefixed.extend(bytes);
            let _ = StoredToken::from_bytes(&prefixed);
        }
    }
}
