//! The lifetime of an issued token.

use core::time::Duration;

use serde_json::value::RawValue;

use super::fields::text;
use crate::error::ErrorKind;
use crate::time::YEAR;
use crate::token::Validity;

/// Returns the shorter of the lifetimes in the response and in the token, less a second. It is a year at most.
///
/// Open edX rounds `iat` down to whole seconds and counts `exp` from there, so `expires_in` may be
/// up to one second too long (`oauth_dispatch/jwt.py`).
pub(super) fn lifetime(expires_in: Option<f64>, token: &str) -> Result<Duration, ErrorKind> {
    let of_token = Validity::of(token).seconds();
    let known = expires_in.into_iter().chain(of_token).reduce(f64::min);
    let left = known.unwrap_or(DEFAULT_SECONDS) - ROUNDING;
    let left = Duration::try_from_secs_f64(left.min(YEAR.as_secs_f64())).ok();
    match left.filter(|left| *left >= SHORTEST) {
        Some(left) => Ok(left),
        None if is_about_to_expire(expires_in, of_token) => Err(ErrorKind::Expiring),
        None => Err(ErrorKind::NoLifetime),
    }
}

/// Reports whether the token was valid for long enough and is now about to expire, as happens at a site
/// that issues one token again and again until it expires.
fn is_about_to_expire(expires_in: Option<f64>, of_token: Option<f64>) -> bool {
    let shortest = SHORTEST.as_secs_f64() + ROUNDING;
    expires_in.is_some_and(|left| left >= 0.0) && of_token.is_none_or(|whole| whole >= shortest)
}

/// Reads an `expires_in`: a number or a numeric string, since servers send both. Anything else is
/// ignored, so that the token can still be used.
pub(super) fn seconds(json: &RawValue) -> Option<f64> {
    let text = text(json);
    let number = text.as_ref().map_or_else(|| json.get(), |text| text.trim());
    let is_numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    // `parse` would also accept `inf` and `NaN`.
    number
        .bytes()
        .all(is_numeric)
        .then(|| number.parse().ok())?
}

/// The lifetime if neither the response nor the token has one. RFC 6749 section 5.1 leaves it to the
/// server's documentation; this is the shortest in edX's guides.
const DEFAULT_SECONDS: f64 = 180.0;

/// A shorter lifetime would cost a token request for every call.
const SHORTEST: Duration = Duration::from_secs(1);

/// How many seconds too long `expires_in` may be.
const ROUNDING: f64 = 1.0;

#[cfg(test)]
mod tests {
    use super::*;

    const OPAQUE: &str = "opaque";
    /// `{"iat":1000,"exp":1060}`
    const LIVES_A_MINUTE: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0.c2ln";
    /// `{"iat":1000,"exp":1001}`
    const LIVED_A_SECOND: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTAwMX0.c2ln";
    /// `{"iat":1000,"exp":1000}`
    const NEVER_LIVED: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTAwMH0.c2ln";

    fn lifetime_of(expires_in: Option<&str>, token: &str) -> Result<Duration, ErrorKind> {
        let json = expires_in.map(|json| serde_json::from_str::<&RawValue>(json).unwrap());
        lifetime(json.and_then(seconds), token)
    }

    fn seconds_of(expires_in: Option<&str>, token: &str) -> Option<f64> {
        let lifetime = lifetime_of(expires_in, token).ok();
        lifetime.map(|lifetime| lifetime.as_secs_f64())
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
            ("\"36\\u00300\"", 3599.0),
            ("\"3600\\n\"", 3599.0),
            ("2", 1.0),
        ] {
            assert_eq!(seconds_of(Some(json), OPAQUE), Some(seconds), "{json}");
        }
    }

    #[test]
    fn a_token_that_expires_within_two_seconds_is_about_to_expire() {
        for json in ["0", "-0", "1", "1.0", "1.9", "\"0\"", "1.999999"] {
            for token in [OPAQUE, LIVES_A_MINUTE] {
                assert_eq!(
                    lifetime_of(Some(json), token),
                    Err(ErrorKind::Expiring),
                    "{json}"
                );
            }
        }
    }

    #[test]
    fn a_token_that_was_never_valid_has_no_lifetime() {
        for json in ["-1", "-0.1", "-1795280513.68418", "-1e400"] {
            assert_eq!(
                lifetime_of(Some(json), OPAQUE),
                Err(ErrorKind::NoLifetime),
                "{json}"
            );
        }
        for json in [None, Some("0"), Some("3600")] {
            for token in [NEVER_LIVED, LIVED_A_SECOND] {
                let lifetime = lifetime_of(json, token);
                assert_eq!(lifetime, Err(ErrorKind::NoLifetime), "{json:?}");
            }
        }
    }

    #[test]
    fn the_shorter_of_both_lifetimes_counts() {
        assert_eq!(seconds_of(Some("3600"), LIVES_A_MINUTE), Some(59.0));
        assert_eq!(seconds_of(Some("30"), LIVES_A_MINUTE), Some(29.0));
        assert_eq!(seconds_of(None, LIVES_A_MINUTE), Some(59.0));
    }

    #[test]
    fn a_lifetime_is_a_year_at_most() {
        for json in [
            "31536001",
            "1e400",
            "18446744073709551616",
            "99999999999999999999999",
        ] {
            let lifetime = lifetime_of(Some(json), OPAQUE).unwrap();
            assert!(lifetime <= YEAR && lifetime > YEAR / 2, "{json}");
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
