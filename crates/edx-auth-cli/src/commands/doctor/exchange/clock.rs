//! How far this machine's clock is from the site's.

use std::time::Duration;

use edx_auth_ureq::IssuedToken;
use edx_auth_ureq::http::HeaderMap;
use edx_auth_ureq::http::header::DATE;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use crate::commands::doctor::report::Finding;
use crate::failure::Failure;

/// Compares this clock with the `iat` of the token, or else with the `Date` of the response. `Date` may come
/// from a proxy, and `iat` from the server that checks tokens.
pub(super) fn difference(token: Option<&IssuedToken>, headers: Option<&HeaderMap>) -> Finding {
    let now = Timestamp::now();
    let Some(theirs) = token.and_then(issued_at).or_else(|| headers.and_then(date)) else {
        return Finding::skipped("the site has not told its time");
    };
    let ahead = now.as_second() - theirs.as_second();
    if ahead.unsigned_abs() <= TOLERANCE.as_secs() {
        return Finding::passed(format!("within {} s of the site's", TOLERANCE.as_secs()));
    }
    Finding::fault(&Failure::Clock(apart(ahead)))
}

fn issued_at(token: &IssuedToken) -> Option<Timestamp> {
    let at = token.token().claims().ok()?.issued_at()?;
    Timestamp::from_second(i64::try_from(at.as_secs()).ok()?).ok()
}

/// Reads the `Date` header ([RFC 9110 section 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)).
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

fn apart(ahead: i64) -> String {
    let length = SignedDuration::from_secs(ahead.saturating_abs());
    let direction = if ahead < 0 { "behind" } else { "ahead of" };
    format!("{length:#} {direction}")
}

/// What a slow response and rounding may explain. A token lives for minutes at least.
const TOLERANCE: Duration = Duration::from_secs(60);
