//! The `Retry-After` header.

use core::time::Duration;

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// Returns the wait in `Retry-After` ([RFC 9110 section 10.2.3][rfc]), at most an hour.
///
/// A date is compared with the response's own `Date`, so clock differences do not matter. A date
/// without that header is ignored.
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let wait = text(headers, RETRY_AFTER)?;
    let wait = if wait.bytes().all(|byte| byte.is_ascii_digit()) {
        seconds(wait)
    } else {
        until(wait, text(headers, DATE)?)?
    };
    Some(wait.min(LONGEST_WAIT))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Parses seconds. A number that is too large counts as the largest.
fn seconds(digits: &str) -> Duration {
    Duration::from_secs(digits.parse().unwrap_or(u64::MAX))
}

/// Returns the wait until a date; zero if it has passed.
fn until(date: &str, now: &str) -> Option<Duration> {
    let date = httpdate::parse_http_date(date).ok()?;
    let now = httpdate::parse_http_date(now).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// A server may ask for a wait of at most an hour.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(retry_after: &'static str, date: Option<&'static str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_static(retry_after));
        if let Some(date) = date {
            headers.insert(DATE, http::HeaderValue::from_static(date));
        }
        super::retry_after(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_number_of_seconds_counts_up_to_an_hour() {
        assert_eq!(wait("0", None), Some(0));
        assert_eq!(wait(" 17 ", None), Some(17));
        assert_eq!(wait("3601", None), Some(3600));
        assert_eq!(wait("99999999999999999999999999", None), Some(3600));
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_response() {
        let now = Some("Sat, 21 Nov 2026 10:00:00 GMT");

        assert_eq!(wait("Sat, 21 Nov 2026 10:00:30 GMT", now), Some(30));
        assert_eq!(wait("Saturday, 21-Nov-26 10:00:30 GMT", now), Some(30));
        assert_eq!(wait("Sat, 21 Nov 2026 09:59:00 GMT", now), Some(0));
        assert_eq!(wait("Sun, 22 Nov 2026 10:00:00 GMT", now), Some(3600));
        assert_eq!(wait("Sat, 21 Nov 2026 10:00:30 GMT", None), None);
    }

    #[test]
    fn no_number_asks_for_more_than_an_hour_or_for_less_than_a_smaller_one() {
        let numbers = [0, 1, 59, 3599, 3600, 3601, u32::MAX.into(), u64::MAX.into()];
        let numbers = [&numbers[..], &[u128::from(u64::MAX) + 1, u128::MAX]].concat();
        for number in numbers {
            for zeros in ["", "0", "000000000000000000000000000000"] {
                let expected = number.min(3600);
                let text = alloc::format!("{zeros}{number}");

                let wait = seconds(&text).min(LONGEST_WAIT);

                assert_eq!(u128::from(wait.as_secs()), expected, "{text}");
            }
        }
    }

    #[test]
    fn no_date_asks_for_more_than_an_hour_or_for_less_than_an_earlier_one() {
        for ((then, end), (now, start)) in DATES
            .into_iter()
            .flat_map(|then| DATES.map(|now| (then, now)))
        {
            let expected = end.saturating_sub(start).min(3600);

            assert_eq!(wait(then, Some(now)), Some(expected), "{then} at {now}");
        }
    }

    /// Dates, each with its seconds since the Unix epoch: from the first to the last that can be written.
    const DATES: [(&str, u64); 7] = [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
        ("Thu, 01 Jan 1970 00:59:59 GMT", 3599),
        ("Thu, 01 Jan 1970 01:00:00 GMT", 3600),
        ("Thu, 01 Jan 1970 01:00:01 GMT", 3601),
        ("Sun, 07 Feb 2106 06:28:15 GMT", 4_294_967_295),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ];

    #[test]
    fn any_other_value_is_ignored() {
        for text in [
            "",
            " ",
            "-1",
            "1.5",
            "soon",
            "Sat, 31 Feb 2026 10:00:00 GMT",
        ] {
            assert_eq!(
                wait(text, Some("Sat, 21 Nov 2026 10:00:00 GMT")),
                None,
                "{text}"
            );
        }
    }
}
