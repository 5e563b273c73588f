//! How long a throttling API asks to wait.

use core::time::Duration;

use http::HeaderMap;

use super::Problem;
use crate::retry_after::{LONGEST_WAIT, retry_after};

/// Returns the wait in a response, at most an hour: `Retry-After` or, since edX's gateway drops
/// that header, the number in REST framework's `Expected available in 7 seconds.`
pub(super) fn wait(headers: &HeaderMap, problem: &Problem) -> Option<Duration> {
    retry_after(headers).or_else(|| wait_in_text(problem.detail()?))
}

fn wait_in_text(text: &str) -> Option<Duration> {
    let (_, rest) = text.split_once("available in ")?;
    let (number, unit) = rest.split_once(' ')?;
    let is_seconds = unit.starts_with("second");
    let seconds = number.parse().ok().filter(|_| is_seconds)?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_in_seconds_is_read_from_the_text() {
        let throttled = "Request was throttled. Expected available in ";
        for (rest, wait) in [
            ("1 second.", Some(1)),
            ("57 seconds.", Some(57)),
            ("86400 seconds.", Some(3600)),
            ("-1 seconds.", None),
            ("a moment.", None),
            ("5 minutes.", None),
            ("", None),
        ] {
            let found = wait_in_text(&alloc::format!("{throttled}{rest}"));
            assert_eq!(found.map(|wait| wait.as_secs()), wait, "{rest}");
        }
    }
}
