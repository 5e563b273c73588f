//! The lifetime of an issued token.

use core::time::Duration;

use crate::token::Validity;

/// Returns the shorter of the lifetimes in the response and in the token, less a second; `None` if
/// nothing is left.
///
/// Open edX rounds `iat` down to whole seconds and counts `exp` from there, so `expires_in` may be
/// up to one second too long (`oauth_dispatch/jwt.py`).
pub(super) fn lifetime(expires_in: Option<&str>, token: &str) -> Option<Duration> {
    let of_response = expires_in.and_then(seconds);
    let of_token = Validity::of(token).seconds();
    let known = of_response.into_iter().chain(of_token).reduce(f64::min);
    let left = known.unwrap_or(DEFAULT_SECONDS) - 1.0;
    let left = Duration::try_from_secs_f64(left.min(LONGEST_SECONDS)).ok();
    left.filter(|left| *left >= SHORTEST)
}

/// Parses the JSON text of `expires_in`: a number or a numeric string, since servers send both.
/// Anything else is ignored, so that it does not cost the token.
fn seconds(json: &str) -> Option<f64> {
    let text = json.trim_matches('"').trim();
    let is_numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    // `parse` would also accept `inf` and `NaN`.
    text.bytes().all(is_numeric).then(|| text.parse().ok())?
}

/// The lifetime if neither the response nor the token has one. RFC 6749 section 5.1 leaves it to
/// the documentation, and the shortest in edX's guides is this one.
const DEFAULT_SECONDS: f64 = 180.0;

/// A shorter lifetime would cost a token request for every call.
const SHORTEST: Duration = Duration::from_secs(1);

/// A year. Longer lifetimes count as this one.
const LONGEST_SECONDS: f64 = 365.0 * 24.0 * 60.0 * 60.0;

#[cfg(test)]
mod tests {
    use super::*;

    const OPAQUE: &str = "opaque";
    /// `{"iat":1000,"exp":1060}`
    const LIVES_A_MINUTE: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0.c2ln";
    /// `{"iat":1000,"exp":1000}`
    const NEVER_LIVED: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTAwMH0.c2ln";
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    fn seconds_of(expires_in: Option<&str>, token: &str) -> Option<f64> {
        lifetime(expires_in, token).map(|life| life.as_secs_f64())
    }

    #[test]
    fn expires_in_is_read_in_every_notation_of_a_number() {
        for (json, seconds) in [
            ("3600", 3599.0),
            ("3600.0", 3599.0),
            ("3.6e3", 3599.0),
            ("2.5", 1.5),
            ("\"36000\"", 35999.0),
            ("\" 180 \"", 179.0),
            ("2", 1.0),
        ] {
            assert_eq!(seconds_of(Some(json), OPAQUE), Some(seconds), "{json}");
        }
    }

    #[test]
    fn a_lifetime_with_nothing_left_is_none() {
        for json in [
            "1",
            "1.0",
            "1.9",
            "0",
            "-0",
            "-1",
            "-1795280513.68418",
            "-1e400",
            "\"0\"",
        ] {
            assert_eq!(lifetime(Some(json), OPAQUE), None, "{json}");
        }
        assert_eq!(lifetime(Some("3600"), NEVER_LIVED), None);
    }

    #[test]
    fn the_shorter_of_both_counts() {
        assert_eq!(seconds_of(Some("3600"), LIVES_A_MINUTE), Some(59.0));
        assert_eq!(seconds_of(Some("30"), LIVES_A_MINUTE), Some(29.0));
        assert_eq!(seconds_of(None, LIVES_A_MINUTE), Some(59.0));
    }

    #[test]
    fn a_year_is_the_most() {
        for json in [
            "31536001",
            "1e400",
            "18446744073709551616",
            "99999999999999999999999",
        ] {
            assert!(lifetime(Some(json), OPAQUE) <= Some(YEAR), "{json}");
            assert!(lifetime(Some(json), OPAQUE) > Some(YEAR / 2), "{json}");
        }
    }

    #[test]
    fn an_unreadable_expires_in_is_ignored() {
        for json in [
            "\"soon\"",
            "\"\"",
            "true",
            "[3600]",
            "{}",
            "\"NaN\"",
            "\"inf\"",
            "\"3600s\"",
        ] {
            assert_eq!(seconds_of(Some(json), LIVES_A_MINUTE), Some(59.0), "{json}");
            assert_eq!(seconds_of(Some(json), OPAQUE), Some(179.0), "{json}");
        }
        assert_eq!(seconds_of(None, OPAQUE), Some(179.0));
    }
}
