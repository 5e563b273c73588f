//! Why Redis is of no use at the moment, and why a store cannot be set up.

use std::io;

use edx_auth_driver::{InputError, StoreError};

/// Why Redis brings no token, or takes none: the cause of a [`StoreError`]. The
/// token is requested without it then. No text of the server is shown: it may quote the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisError {
    /// There is no connection: the name is unknown, no server listens, TLS failed, or it was closed.
    #[error("Redis cannot be reached")]
    Unreachable(#[source] io::Error),
    /// It did not respond within the [timeout](crate::RedisStore::timeout).
    #[error("Redis did not respond in time")]
    TimedOut,
    /// It failed a moment ago, and gets no command for five seconds.
    #[error("Redis failed a moment ago, and gets no command for five seconds")]
    Resting,
    /// The server is not Redis, or its response is damaged.
    #[error("the server does not respond like Redis")]
    NotRedis,
    /// The password is wrong or missing, or the user may not do this.
    #[error("Redis denied access ({0})")]
    Denied(&'static str),
    /// It is a replica, or it cannot persist what it is told.
    #[error("Redis accepts no writes ({0})")]
    ReadOnly(&'static str),
    /// Its memory is full, and it evicts nothing.
    #[error("the memory of Redis is full ({0})")]
    Full(&'static str),
    /// It is starting, failing over, or busy with a script.
    #[error("Redis is not ready ({0})")]
    NotReady(&'static str),
    /// It is one node of a cluster, and another node has the token.
    #[error("another node of the Redis cluster has the token ({0})")]
    OtherNode(&'static str),
    /// The key of the token has a value of another type.
    #[error("the key of the token has another type ({0})")]
    WrongType(&'static str),
    /// Redis rejected the command for another reason.
    #[error("Redis rejected the command")]
    Rejected,
    /// The value is larger than any token.
    #[error("the value stored for the token is too large")]
    TooLarge,
    /// The token never expires there, so that its remaining lifetime is unknown.
    #[error("the value stored for the token has no expiry")]
    NoExpiry,
}

impl RedisError {
    /// Reads the text of an error response. Before Redis 7, the code of an error in a script comes after
    /// other words.
    pub(crate) fn of_server(text: &[u8]) -> Self {
        let mut words = text.split(|byte| !byte.is_ascii_uppercase());
        let known = |word| CODES.iter().find(|(code, _)| code.as_bytes() == word);
        let code = words.find_map(known);
        code.map_or(Self::Rejected, |(code, error)| error(code))
    }

    /// Reports whether Redis did not respond at all, or not as Redis does.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TimedOut | Self::NotRedis)
    }

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::TimedOut | Self::Resting => {
                "Check the host, the port and the network, and that Redis responds within the \
                 timeout: until then each process requests its own token."
            }
            Self::NotRedis => {
                "Check the port, and whether it needs TLS: then the URL begins with rediss://."
            }
            Self::Denied(_) => {
                "Check the user and the password in the URL. The user needs the keys ~edx-auth:* and the \
                 commands of the crate's documentation."
            }
            Self::ReadOnly(_) => {
                "Name the primary, not a replica, and check that its disk is not full."
            }
            Self::Full(_) => "Give Redis more memory, or a maxmemory-policy that evicts.",
            Self::NotReady(_) => "Wait until Redis is ready.",
            Self::OtherNode(_) => {
                "Name a Redis that is not a cluster, or a proxy in front of the cluster."
            }
            Self::WrongType(_) | Self::TooLarge | Self::NoExpiry => {
                "Look for the program that writes keys which begin with edx-auth: the next token replaces \
                 the value."
            }
            Self::Rejected => "Use Redis 5 or newer, or Valkey, with the command EVAL.",
        }
    }
}

impl From<RedisError> for StoreError {
    fn from(error: RedisError) -> Self {
        let advice = error.advice();
        Self::other_with_advice(error, advice)
    }
}

impl From<io::Error> for RedisError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            _ => Self::Unreachable(error),
        }
    }
}

/// The first word of an error of Redis, and what it means.
type Code = (&'static str, fn(&'static str) -> RedisError);

const CODES: &[Code] = &[
    ("NOAUTH", RedisError::Denied),
    ("NOPERM", RedisError::Denied),
    ("WRONGPASS", RedisError::Denied),
    ("READONLY", RedisError::ReadOnly),
    ("MISCONF", RedisError::ReadOnly),
    ("NOREPLICAS", RedisError::ReadOnly),
    ("OOM", RedisError::Full),
    ("LOADING", RedisError::NotReady),
    ("MASTERDOWN", RedisError::NotReady),
    ("CLUSTERDOWN", RedisError::NotReady),
    ("TRYAGAIN", RedisError::NotReady),
    ("BUSY", RedisError::NotReady),
    ("MOVED", RedisError::OtherNode),
    ("ASK", RedisError::OtherNode),
    ("CROSSSLOT", RedisError::OtherNode),
    ("WRONGTYPE", RedisError::WrongType),
];

/// Why a store cannot be set up. The URL is not shown: it may contain a password. It becomes an
/// [`Error`](edx_auth_driver::Error) by `?`, with its advice:
///
/// ```
/// use edx_auth_driver::Error;
/// use edx_auth_redis::RedisStore;
///
/// fn store(url: &str) -> Result<RedisStore, Error> {
///     Ok(RedisStore::new(url)?)
/// }
///
/// let error = store("cache.internal").unwrap_err();
/// assert!(error.advice().starts_with("Write it as redis://"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisSetupError {
    /// The text is not the URL of a Redis server.
    #[error("the text is not the URL of a Redis server")]
    Url,
    /// The URL needs TLS, and this build has none.
    #[error("the URL of the Redis server needs TLS, and this build has none")]
    NoTls,
    /// The system has no root certificates.
    #[error("the system has no usable root certificates for the Redis server")]
    NoRoots(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl RedisSetupError {
    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Url => {
                "Write it as redis://user:password@host:6379/0, with special characters \
                 percent-encoded, or with rediss:// for TLS."
            }
            Self::NoTls => "Enable the feature `rustls` of edx-auth-redis.",
            Self::NoRoots(_) => "Install the package `ca-certificates`, or set SSL_CERT_FILE.",
        }
    }
}

impl From<RedisSetupError> for InputError {
    fn from(error: RedisSetupError) -> Self {
        let advice = error.advice();
        StoreError::other_with_advice(error, advice).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        RedisError::of_server(text.as_bytes()).to_string()
    }

    #[test]
    fn an_error_of_redis_is_known_by_its_code() {
        for (text, error) in [
            (
                "NOAUTH Authentication required.",
                "Redis denied access (NOAUTH)",
            ),
            (
                "OOM command not allowed when",
                "the memory of Redis is full (OOM)",
            ),
            (
                "ERR Error running script (call to f_0): @user_script:3: -READONLY You can't",
                "Redis accepts no writes (READONLY)",
            ),
            (
                "MOVED 3999 127.0.0.1:6381",
                "another node of the Redis cluster has the token (MOVED)",
            ),
            ("ERR unknown command", "Redis rejected the command"),
            ("", "Redis rejected the command"),
        ] {
            assert_eq!(shown(text), error);
        }
    }

    #[test]
    fn no_text_of_the_server_is_shown() {
        let text = "ERR unknown command `EVAL`, with args beginning with: `JWT eyJhbGci.c2VjcmV0`";

        assert_eq!(shown(text), "Redis rejected the command");
    }
}
