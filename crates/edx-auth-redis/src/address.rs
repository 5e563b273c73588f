//! Where Redis is, and how it knows this program.

use std::fmt;
use std::str::FromStr;

use http::uri::Authority;
use percent_encoding::percent_decode_str;

use crate::RedisSetupError;
use crate::command::Command;

/// What the URL of a Redis server says.
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) is_tls: bool,
    /// What Redis is told first: the password and the number of the database.
    pub(crate) greeting: Vec<Command>,
}

impl FromStr for Address {
    type Err = RedisSetupError;

    fn from_str(url: &str) -> Result<Self, RedisSetupError> {
        Self::parse(url).ok_or(RedisSetupError::Url)
    }
}

impl Address {
    fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let is_tls = match scheme {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            _ => return None,
        };
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, server) = authority.rsplit_once('@').unwrap_or(("", authority));
        let server: Authority = server.parse().ok()?;
        let host = server.host().trim_matches(['[', ']']);
        Some(Self {
            host: Some(host).filter(|host| !host.is_empty())?.to_owned(),
            port: port(&server)?,
            is_tls,
            greeting: greeting(user, database)?,
        })
    }
}

fn port(server: &Authority) -> Option<u16> {
    match server.as_str().strip_prefix(server.host())? {
        "" => Some(PORT),
        port => port.strip_prefix(':')?.parse().ok(),
    }
}

fn greeting(user: &str, database: &str) -> Option<Vec<Command>> {
    let mut commands = Vec::new();
    if !user.is_empty() {
        commands.push(password(user)?);
    }
    if !database.is_empty() {
        commands.push(select(database)?);
    }
    Some(commands)
}

/// Returns the command for a user and a password, or for a password alone.
fn password(user: &str) -> Option<Command> {
    let (name, password) = user.split_once(':')?;
    let decode = |text| percent_decode_str(text).decode_utf8().ok();
    let (name, password) = (decode(name)?, decode(password)?);
    let name = Some(name.as_bytes()).filter(|name| !name.is_empty());
    let parts = [Some(&b"AUTH"[..]), name, Some(password.as_bytes())];
    Some(Command::of(parts.into_iter().flatten()))
}

fn select(database: &str) -> Option<Command> {
    let number: u16 = database.parse().ok()?;
    Some(Command::of([b"SELECT", number.to_string().as_bytes()]))
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("is_tls", &self.is_tls)
            .finish_non_exhaustive()
    }
}

const PORT: u16 = 6379;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_the_server_the_user_and_the_database() {
        for (url, server, greeting) in [
            ("redis://cache", ("cache", 6379, false), ""),
            ("valkey://cache:7000/", ("cache", 7000, false), ""),
            ("rediss://[::1]:7000/0", ("::1", 7000, true), "SELECT 0"),
            (
                "valkeys://:p%40%20w@cache",
                ("cache", 6379, true),
                "AUTH p@ w",
            ),
            (
                "redis://a%3Ab:c@d@cache/15",
                ("cache", 6379, false),
                "AUTH a:b c@d SELECT 15",
            ),
            ("redis://:@cache", ("cache", 6379, false), "AUTH "),
        ] {
            let address: Address = url.parse().unwrap();

            assert_eq!((&*address.host, address.port, address.is_tls), server);
            let greeting_is: Vec<_> = address.greeting.iter().map(Command::words).collect();
            assert_eq!(greeting_is.join(" "), greeting, "{url}");
        }
    }

    #[test]
    fn what_is_no_url_of_redis_is_an_error_that_does_not_show_it() {
        for url in [
            "",
            "cache:6379",
            "http://s3cret@cache",
            "redis://",
            "redis:///0",
            "redis://s3cret@cache",
            "redis://cache:",
            "redis://cache:s3cret",
            "redis://cache:99999",
            "redis://cache/s3cret",
            "redis://cache/0?protocol=resp3",
            "redis://:%ff@cache",
            "rediss://cache/0#insecure",
            "rediss://cache#insecure",
            "unix:///run/redis.sock",
        ] {
            let error = url.parse::<Address>().unwrap_err();
            assert!(matches!(error, RedisSetupError::Url), "{url}");
            assert!(!format!("{error:?} {error}").contains("s3cret"));
        }
    }

    #[test]
    fn no_password_is_shown() {
        let address: Address = "redis://user:s3cret@cache".parse().unwrap();
        assert!(!format!("{address:?}").contains("s3cret"));
    }
}
