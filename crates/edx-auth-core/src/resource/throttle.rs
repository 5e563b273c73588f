//! How long an API asks to be left alone.

use core::time::Duration;

use http::HeaderMap;

use super::detail::Detail;
use crate::retry_after::retry_after;

/// The wait of a throttled reply, of at most an hour: `Retry-After` or, since edX's gateway lets no
/// such header through, the number in REST framework's `Expected available in 7 seconds.`
pub(super) fn wait(headers: &HeaderMap, detail: &Detail) -> Option<Duration> {
    retry_after(headers).or_else(|| spoken(&detail.text))
}

fn spoken(text: &str) -> Option<Duration> {
    let (_, behind) = text.split_once("available in ")?;
    let (number, behind) = behind.split_once(' ')?;
    let is_seconds = behind.starts_with("second");
    let seconds = number.parse().ok().filter(|_| is_seconds)?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_seconds_in_words() {
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
            let spoken = spoken(&alloc::format!("{throttled}{rest}"));
            assert_eq!(spoken.map(|wait| wait.as_secs()), wait, "{rest}");
        }
    }
}
