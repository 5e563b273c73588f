//! The advice for each verdict.

use super::Verdict;

/// Returns what to do next, in a sentence or two.
pub(super) const fn advice(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => NOTHING,
        Verdict::TokenRejected => TOKEN_REJECTED,
        Verdict::TokenNotReceived => TOKEN_NOT_RECEIVED,
        Verdict::Forbidden => FORBIDDEN,
        Verdict::Throttled { .. } => THROTTLED,
        Verdict::Unavailable { .. } => UNAVAILABLE,
        Verdict::Redirected => REDIRECTED,
        Verdict::NotFound => NOT_FOUND,
        Verdict::SiteLogin => SITE_LOGIN,
        Verdict::TooLarge => TOO_LARGE,
        Verdict::ProxyLogin => PROXY_LOGIN,
        Verdict::NetworkLogin => NETWORK_LOGIN,
        Verdict::Other => OTHER,
    }
}

const NOTHING: &str = "There is nothing to do.";

const TOKEN_REJECTED: &str = "\
    Check that this API belongs to the site that issued the token, and that the clocks of both \
    agree.";

const TOKEN_NOT_RECEIVED: &str = "\
    The API received no token. Look for a proxy that drops the Authorization header (Apache: \
    WSGIPassAuthorization On), or ask whether this API accepts JWTs.";

const FORBIDDEN: &str = "\
    Ask the site's operator for access to this API: often the application's user must be staff. If \
    the token's claims say `is_restricted`, only APIs that allow restricted applications accept \
    it.";

const THROTTLED: &str = "\
    Wait before the next call, and call less often: the API counts the calls of all programs of \
    this user together.";

const UNAVAILABLE: &str = "Try again later. If it persists, contact the API's operator.";

const REDIRECTED: &str = "\
    Use the final URL, the one that does not redirect: check the scheme, the host and the trailing \
    slash. If the token may be sent to another origin, allow that origin; a login page means that \
    this URL takes no token.";

const NOT_FOUND: &str = "Check the URL; most of edX's end in a slash.";

const SITE_LOGIN: &str = "\
    Ask the site's operator to let API calls pass without the login in front of the API, such as \
    HTTP Basic on a staging site: a call cannot log in there, since its Authorization header \
    carries the token.";

const TOO_LARGE: &str = "\
    Send less in one request: fewer items in its body, fewer parameters in its URL, or smaller \
    headers.";

const PROXY_LOGIN: &str = "\
    Give the proxy's user name and password in the proxy's URL (HTTPS_PROXY): a proxy between this \
    program and the API requires its own login.";

const NETWORK_LOGIN: &str = "\
    Log in to this network, most often with a browser: the response is its login page, and the \
    request did not leave the network.";

const OTHER: &str = "Read the body of the response: it says what is wrong with the request.";
