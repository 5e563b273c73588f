//! The URL of a site's token endpoint.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Uri};

use crate::resource::Origins;
use crate::url::{self, PlaintextHosts, UrlError};

/// The token endpoint of a site ([RFC 6749 section 3.2][rfc]): the only URL that the client secret
/// is sent to.
///
/// It must use https, unless the host is loopback or allowed by [`PlaintextHosts`].
///
/// Clones share one value. If a program has many client IDs at one site, give their requests clones: each
/// takes less memory then.
///
/// ```
/// use edx_auth_core::TokenEndpoint;
///
/// // edX itself, and any Open edX site by the URL of its LMS.
/// let edx = TokenEndpoint::edx();
/// let site = TokenEndpoint::open_edx("https://courses.example.org")?;
/// assert_eq!(edx.to_string(), "https://api.edx.org/oauth2/v1/access_token");
/// assert_eq!(site.to_string(), "https://courses.example.org/oauth2/access_token");
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc6749#section-3.2
#[derive(Clone, PartialEq, Eq)]
pub struct TokenEndpoint(Arc<Site>);

/// What all token requests to one endpoint have in common.
#[derive(PartialEq, Eq)]
struct Site {
    uri: Uri,
    /// The headers of a token request.
    headers: HeaderMap,
    /// The origins that its tokens are for.
    origins: Origins,
}

impl TokenEndpoint {
    /// Returns edX's token endpoint:
    /// `https://api.edx.org/oauth2/v1/access_token`.
    #[must_use]
    pub fn edx() -> Self {
        Self::at(Uri::from_static(
            "https://api.edx.org/oauth2/v1/access_token",
        ))
    }

    /// Returns the token endpoint of edX's stage:
    /// `https://api.stage.edx.org/oauth2/v1/access_token`.
    #[must_use]
    pub fn edx_stage() -> Self {
        Self::at(Uri::from_static(
            "https://api.stage.edx.org/oauth2/v1/access_token",
        ))
    }

    /// Returns the token endpoint of the Open edX site whose LMS is at this URL.
    ///
    /// The root of the LMS, its `/oauth2` and the full path all lead to the same endpoint.
    /// api.edx.org and its stage get their own path. A bare `?` at the end is dropped.
    ///
    /// # Errors
    /// Returns an error if a secret must not be sent to this URL: see [`UrlError`].
    pub fn open_edx(lms_url: &str) -> Result<Self, UrlError> {
        Self::open_edx_with(lms_url, &PlaintextHosts::none())
    }

    /// Like [`open_edx`](Self::open_edx), and allows unencrypted http to these hosts.
    ///
    /// # Errors
    /// Returns the same errors as [`open_edx`](Self::open_edx).
    pub fn open_edx_with(lms_url: &str, plaintext: &PlaintextHosts) -> Result<Self, UrlError> {
        let given = parse(lms_url, plaintext)?;
        if is_host(&given, EDX) {
            Ok(Self::edx())
        } else if is_host(&given, EDX_STAGE) {
            Ok(Self::edx_stage())
        } else {
            with_path(&given, &token_path(given.path()))
        }
    }

    /// Returns the token endpoint at this URL, without completing its path. A bare `?` at the end is
    /// dropped.
    ///
    /// # Errors
    /// Returns the same errors as [`open_edx`](Self::open_edx).
    pub fn exact(url: &str) -> Result<Self, UrlError> {
        Self::exact_with(url, &PlaintextHosts::none())
    }

    /// Like [`exact`](Self::exact), and allows unencrypted http to these hosts.
    ///
    /// # Errors
    /// Returns the same errors as [`open_edx`](Self::open_edx).
    pub fn exact_with(url: &str, plaintext: &PlaintextHosts) -> Result<Self, UrlError> {
        parse(url, plaintext).map(Self::at)
    }

    /// Returns the URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// Reports whether it uses https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        url::is_https(self.uri())
    }

    /// Reports whether this is edX's gateway or its stage, for which the advice on paths and credentials
    /// differs.
    pub(super) fn is_edx(&self) -> bool {
        is_host(self.uri(), EDX) || is_host(self.uri(), EDX_STAGE)
    }

    /// Returns the headers of every token request, without the client's own.
    pub(super) fn request_headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    fn at(uri: Uri) -> Self {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        let origins = Origins::of_tokens_from(&uri);
        Self(Arc::new(Site {
            uri,
            headers,
            origins,
        }))
    }
}

impl Origins {
    /// Returns the origins for tokens of this endpoint: its own origin or, at edX, all of edX's.
    #[must_use]
    pub fn of(endpoint: &TokenEndpoint) -> Self {
        endpoint.0.origins.clone()
    }
}

impl fmt::Display for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri().fmt(f)
    }
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenEndpoint({})", self.uri())
    }
}

fn parse(text: &str, plaintext: &PlaintextHosts) -> Result<Uri, UrlError> {
    // The official Postman collection ends its URL in a bare `?`.
    let uri = url::parse(text.strip_suffix('?').unwrap_or(text), plaintext)?;
    match uri.query() {
        Some(_) => Err(UrlError::Query),
        None => Ok(uri),
    }
}

/// Reports whether the URL names this host, with port 443 or without a port.
fn is_host(uri: &Uri, host: &str) -> bool {
    let own = uri.host().unwrap_or_default();
    own.eq_ignore_ascii_case(host) && matches!(uri.port_u16(), None | Some(443))
}

/// Completes the path. A full path is left as it is, with a trailing slash or without: Open edX serves
/// both, and a redirect from one to the other would drop the body.
fn token_path(given: &str) -> String {
    let base = given.trim_end_matches('/');
    if base.ends_with("/access_token") {
        String::from(given)
    } else if base.ends_with("/oauth2") || base.ends_with("/oauth2/v1") {
        format!("{base}/access_token")
    } else {
        format!("{base}/oauth2/access_token")
    }
}

fn with_path(uri: &Uri, path: &str) -> Result<TokenEndpoint, UrlError> {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.parse().map_err(|_| UrlError::Malformed)?);
    let uri = Uri::from_parts(parts).map_err(|_| UrlError::Malformed)?;
    Ok(TokenEndpoint::at(uri))
}

const EDX: &str = "api.edx.org";
const EDX_STAGE: &str = "api.stage.edx.org";

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn every_spelling_of_a_site_leads_to_its_endpoint() {
        for (given, endpoint) in [
            (
                "https://lms.example",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/?",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/oauth2",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/oauth2/",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/oauth2/access_token",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/oauth2/access_token?",
                "https://lms.example/oauth2/access_token",
            ),
            (
                "https://lms.example/oauth2/access_token/",
                "https://lms.example/oauth2/access_token/",
            ),
            (
                "https://lms.example/oauth2/v1",
                "https://lms.example/oauth2/v1/access_token",
            ),
            (
                "https://lms.example:444/lms/",
                "https://lms.example:444/lms/oauth2/access_token",
            ),
            (
                "http://localhost:18000",
                "http://localhost:18000/oauth2/access_token",
            ),
            (
                "https://api.edx.org",
                "https://api.edx.org/oauth2/v1/access_token",
            ),
            (
                "https://API.edx.org/oauth2",
                "https://api.edx.org/oauth2/v1/access_token",
            ),
            (
                "https://api.edx.org/oauth2/v1/",
                "https://api.edx.org/oauth2/v1/access_token",
            ),
            (
                "https://api.stage.edx.org/",
                "https://api.stage.edx.org/oauth2/v1/access_token",
            ),
        ] {
            assert_eq!(
                TokenEndpoint::open_edx(given).unwrap().to_string(),
                endpoint,
                "{given}"
            );
        }
    }

    #[test]
    fn an_exact_url_is_not_changed() {
        let url = "https://sso.example.org/token";

        assert_eq!(TokenEndpoint::exact(url).unwrap().to_string(), url);
    }

    #[test]
    fn a_query_is_rejected_and_a_bare_question_mark_dropped() {
        let asked = |url| TokenEndpoint::exact(url).map(|endpoint| endpoint.to_string());

        assert_eq!(asked("https://lms.example/t?a=b"), Err(UrlError::Query));
        assert_eq!(asked("https://lms.example/t??"), Err(UrlError::Query));
        assert_eq!(
            asked("https://lms.example/t?"),
            Ok("https://lms.example/t".into())
        );
    }

    #[test]
    fn edx_is_never_called_over_plain_http() {
        let fault = UrlError::PlaintextHttp {
            host: "api.edx.org".into(),
        };

        assert_eq!(
            TokenEndpoint::open_edx("http://api.edx.org").err(),
            Some(fault)
        );
    }

    #[test]
    fn plain_http_does_not_count_as_https() {
        let loopback = TokenEndpoint::open_edx("http://127.0.0.1:18000").unwrap();

        assert!(!loopback.is_https());
        assert!(TokenEndpoint::edx().is_https());
    }

    #[test]
    fn debug_shows_the_url() {
        assert_eq!(
            format!("{:?}", TokenEndpoint::edx()),
            "TokenEndpoint(https://api.edx.org/oauth2/v1/access_token)"
        );
    }
}
