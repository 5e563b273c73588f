//! The list of checks.

use std::fmt;

/// One check: a behavior that a driver must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Item {
    /// The driver sends the token request as the core built it: the body and all headers, including
    /// those that ask for JSON without compression.
    RequestAsGiven,
    /// The driver passes the body of an error response to the core, and its headers.
    ErrorBodies,
    /// The driver follows no redirect of a token request, for any status and any location.
    TokenRedirects,
    /// A truncated response is a transport failure, even if it contains a token.
    TruncatedResponses,
    /// A server that does not speak HTTP is a transport failure.
    NotHttp,
    /// A closed port is a transport failure.
    ClosedPort,
    /// The driver sends a token request once, even if its connection breaks.
    OnePost,
    /// The driver stores no cookies from the token endpoint or from an API.
    NoCookies,
    /// The driver stops reading a token response at the core's limit, for any `Content-Length`.
    BodyLimit,
    /// The body limit applies to the decoded bytes of a response that the server compressed unasked.
    CompressionBomb,
    /// The deadline of a token request ends the wait for a server that sends nothing.
    Stall,
    /// The deadline of a token request ends a response head that arrives byte by byte.
    SlowHead,
    /// The deadline of a token request ends a response body that arrives byte by byte.
    SlowBody,
    /// The driver gives up a connection after the connect timeout, long before the deadline of the token
    /// request.
    ConnectTimeout,
    /// Concurrent callers without a cached token share one token request.
    SingleFlight,
    /// A caller leaves at its timeout, and its token request goes on even if no other caller waits for it:
    /// the next caller gets its token.
    EarlyTimeout,
    /// While a site fails, all callers together send one token request per backoff.
    OneRequestPerBackoff,
    /// A caller whose timeout is longer than the backoff waits and gets a token.
    BackoffWaitedOut,
    /// The driver draws a random jitter for each backoff.
    Jitter,
    /// Callers get a token that is due for renewal at once, while the renewal runs.
    RenewalWithoutWait,
    /// Callers never get an expired token.
    Expired,
    /// The age of a token counts from the time when its token request left, not from its arrival.
    AgeFromRequest,
    /// The driver reads the wall clock: it uses a stored token, and not beyond its expiry.
    WallClock,
    /// An API call carries the token with the scheme of its token type, and no `Authorization` of its
    /// caller.
    TokenAttached,
    /// If there is no token, the driver sends no API call.
    CallWithoutToken,
    /// A call to a URL outside the origins is an error, and no request is sent.
    OutsideOrigins,
    /// The caller gets an API response of any status, with all its headers and its whole body.
    ApiResponses,
    /// The driver follows a redirect inside the origins, with the token and the body.
    RedirectsInside,
    /// A redirect drops the headers of a dropped body and, on the way to another origin, the caller's
    /// cookies.
    RedirectHeaders,
    /// The driver does not follow a redirect out of the origins. The caller gets the redirect.
    RedirectsOutside,
    /// A call whose token the API rejects is replayed once with a newer token. The caller gets the
    /// second 401.
    ReplayedOnce,
    /// The driver reports every rejected token to the core, the second one of a call too: later callers
    /// get another one.
    RejectionReported,
    /// The caller gets the 401 if no newer token comes.
    RejectionDelivered,
    /// A replay carries the body and the content type of the call.
    BodyReplayed,
    /// Concurrent calls whose shared token is rejected cause one token request.
    RejectedTogether,
    /// If an API rejects a token within the grace for clock skew, the driver waits for the end of
    /// the grace and tries the same token again.
    YoungToken,
    /// A GET whose connection breaks is sent once more, and then fails.
    BrokenGet,
    /// A POST whose connection breaks is not sent again.
    BrokenPost,
    /// An API call ends within its timeout, the last byte of its response included.
    CallTimeout,
    /// No error shows the token or the client secret, and no source of an error does.
    SecretsInErrors,
}

impl Item {
    /// All items, in the order of the report.
    pub const ALL: &[Self] = &[
        Self::RequestAsGiven,
        Self::ErrorBodies,
        Self::TokenRedirects,
        Self::TruncatedResponses,
        Self::NotHttp,
        Self::ClosedPort,
        Self::OnePost,
        Self::NoCookies,
        Self::BodyLimit,
        Self::CompressionBomb,
        Self::Stall,
        Self::SlowHead,
        Self::SlowBody,
        Self::ConnectTimeout,
        Self::SingleFlight,
        Self::EarlyTimeout,
        Self::OneRequestPerBackoff,
        Self::BackoffWaitedOut,
        Self::Jitter,
        Self::RenewalWithoutWait,
        Self::Expired,
        Self::AgeFromRequest,
        Self::WallClock,
        Self::TokenAttached,
        Self::CallWithoutToken,
        Self::OutsideOrigins,
        Self::ApiResponses,
        Self::RedirectsInside,
        Self::RedirectHeaders,
        Self::RedirectsOutside,
        Self::ReplayedOnce,
        Self::RejectionReported,
        Self::RejectionDelivered,
        Self::BodyReplayed,
        Self::RejectedTogether,
        Self::YoungToken,
        Self::BrokenGet,
        Self::BrokenPost,
        Self::CallTimeout,
        Self::SecretsInErrors,
    ];

    /// Returns the name of the item in a report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestAsGiven => "request-as-given",
            Self::ErrorBodies => "error-bodies",
            Self::TokenRedirects => "token-redirects",
            Self::TruncatedResponses => "truncated-responses",
            Self::NotHttp => "not-http",
            Self::ClosedPort => "closed-port",
            Self::OnePost => "one-post",
            Self::NoCookies => "no-cookies",
            Self::BodyLimit => "body-limit",
            Self::CompressionBomb => "compression-bomb",
            Self::Stall => "stall",
            Self::SlowHead => "slow-head",
            Self::SlowBody => "slow-body",
            Self::ConnectTimeout => "connect-timeout",
            Self::SingleFlight => "single-flight",
            Self::EarlyTimeout => "early-timeout",
            Self::OneRequestPerBackoff => "one-request-per-backoff",
            Self::BackoffWaitedOut => "backoff-waited-out",
            Self::Jitter => "jitter",
            Self::RenewalWithoutWait => "renewal-without-wait",
            Self::Expired => "expired",
            Self::AgeFromRequest => "age-from-request",
            Self::WallClock => "wall-clock",
            Self::TokenAttached => "token-attached",
            Self::CallWithoutToken => "call-without-token",
            Self::OutsideOrigins => "outside-origins",
            Self::ApiResponses => "api-responses",
            Self::RedirectsInside => "redirects-inside",
            Self::RedirectHeaders => "redirect-headers",
            Self::RedirectsOutside => "redirects-outside",
            Self::ReplayedOnce => "replayed-once",
            Self::RejectionReported => "rejection-reported",
            Self::RejectionDelivered => "rejection-delivered",
            Self::BodyReplayed => "body-replayed",
            Self::RejectedTogether => "rejected-together",
            Self::YoungToken => "young-token",
            Self::BrokenGet => "broken-get",
            Self::BrokenPost => "broken-post",
            Self::CallTimeout => "call-timeout",
            Self::SecretsInErrors => "secrets-in-errors",
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Item;

    #[test]
    fn all_items_are_sorted_and_have_different_names() {
        let names: BTreeSet<_> = Item::ALL.iter().map(|item| item.name()).collect();

        assert!(Item::ALL.is_sorted());
        assert_eq!(names.len(), Item::ALL.len());
        assert_eq!(names.len(), Item::SecretsInErrors as usize + 1);
    }
}
