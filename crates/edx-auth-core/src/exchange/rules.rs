//! The rules that a transport has to obey.

use core::time::Duration;

use http::HeaderMap;

use crate::error::TransportFailure;
use crate::time::YEAR;

/// The rules that a transport has to obey while it sends one request: a
/// [token request](crate::ExchangeTicket::rules) or a request of an [API call](crate::ApiRequest::rules).
///
/// Besides the limits here, these rules hold for every request: **follow no redirect** (return the 3xx),
/// return responses of every status with their bodies, keep no cookies, send the request once, and send it
/// through no middleware of another library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransportRules {
    deadline: Duration,
    body_limit: usize,
    https_only: bool,
}

impl TransportRules {
    /// How long connecting may take, including the look-up of the name and TLS: five seconds.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

    /// The number of headers that a response has at most. hyper and reqwest read no more by default.
    pub const HEADER_LIMIT: usize = 100;

    /// How many bytes the headers of a response have at most: their names and values, and four bytes for
    /// each line. Gateways and caches send long headers.
    pub const HEAD_LIMIT: usize = 64 * 1024;

    /// How many bytes a token response has at most. Most have less than 2 KiB, and one with a token that is
    /// signed with RS512 and full of roles has less than 16 KiB.
    pub(crate) const TOKEN_BODY_LIMIT: usize = 64 * 1024;

    /// How many bytes a page of a list has at most.
    pub(crate) const CALL_BODY_LIMIT: usize = 64 * 1024 * 1024;

    /// Checks the headers of a response against both limits. Call it for every response: the limits that
    /// HTTP clients have themselves differ.
    ///
    /// # Errors
    /// Returns [`TransportFailure::HeadTooLarge`] beyond one of the limits.
    pub fn check_head(headers: &HeaderMap) -> Result<(), TransportFailure> {
        let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            name.as_str().len() + value.len() + 4
        };
        let size: usize = headers.iter().map(line).sum();
        if headers.len() > Self::HEADER_LIMIT || size > Self::HEAD_LIMIT {
            return Err(TransportFailure::HeadTooLarge);
        }
        Ok(())
    }

    pub(super) fn new(deadline: Duration, https_only: bool) -> Self {
        Self::of(deadline, Self::TOKEN_BODY_LIMIT, https_only)
    }

    /// Returns the rules of an API call, whose response may be a page of a list.
    pub(crate) fn of_call(deadline: Duration, https_only: bool) -> Self {
        Self::of(deadline, Self::CALL_BODY_LIMIT, https_only)
    }

    fn of(deadline: Duration, body_limit: usize, https_only: bool) -> Self {
        Self {
            // HTTP clients add it to their clocks, and some panic if that overflows.
            deadline: deadline.min(YEAR),
            body_limit,
            https_only,
        }
    }

    /// Returns how long the request may take, from the first look-up of a name to the last byte of
    /// the response's body. It is not a timeout between two bytes.
    #[must_use]
    pub fn deadline(self) -> Duration {
        self.deadline
    }

    /// Returns how long connecting may take: the [connect timeout](Self::CONNECT_TIMEOUT), and no longer
    /// than the request.
    #[must_use]
    pub fn connect_deadline(self) -> Duration {
        self.deadline.min(Self::CONNECT_TIMEOUT)
    }

    /// Returns how many bytes of a *decoded* body are read at most. One more is
    /// [`TransportFailure::TooLarge`].
    #[must_use]
    pub fn body_limit(self) -> usize {
        self.body_limit
    }

    /// Reports whether the request has to be sent over https. If not, the program chose a URL with plain
    /// http: then send the request directly, through no proxy.
    #[must_use]
    pub fn https_only(self) -> bool {
        self.https_only
    }
}

/// The default deadline of a token request. A restarted LMS needs some 12 s for its first token, and edX's
/// gateway gives up after 29 s.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pagination::Paginator;

    #[test]
    fn a_token_response_may_have_64_kib_and_connecting_may_take_five_seconds() {
        let rules = TransportRules::new(DEADLINE, true);

        assert_eq!(rules.body_limit(), 65_536);
        assert_eq!(rules.deadline().as_secs(), 20);
        assert_eq!(rules.connect_deadline().as_secs(), 5);
        assert!(rules.https_only());
    }

    #[test]
    fn a_response_to_an_api_call_may_be_as_large_as_a_page() {
        let rules = TransportRules::of_call(DEADLINE, false);

        assert_eq!(rules.body_limit(), Paginator::BODY_LIMIT);
        assert_eq!(rules.connect_deadline().as_secs(), 5);
        assert!(!rules.https_only());
    }

    #[test]
    fn a_head_may_have_100_headers_and_64_kib() {
        let value = |length: usize| "x".repeat(length).parse().unwrap();
        let head = |count: usize, length: usize| {
            let mut headers = HeaderMap::new();
            for _ in 0..count {
                headers.append("x-name", value(length));
            }
            TransportRules::check_head(&headers)
        };
        let large = Err(TransportFailure::HeadTooLarge);

        assert_eq!(head(100, 1), Ok(()));
        assert_eq!(head(101, 1), large);
        assert_eq!(head(1, 65_526), Ok(()));
        assert_eq!(head(1, 65_527), large);
    }

    #[test]
    fn no_deadline_is_longer_than_a_year() {
        for deadline in [YEAR, YEAR + Duration::from_nanos(1), Duration::MAX] {
            assert_eq!(TransportRules::new(deadline, true).deadline(), YEAR);
            assert_eq!(TransportRules::of_call(deadline, true).deadline(), YEAR);
        }
    }
}
