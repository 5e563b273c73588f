//! The URL of an API call.

use alloc::string::ToString;
use core::fmt;

use http::Uri;

use super::origin::Origin;
use crate::url::{self, PlaintextHosts, UrlError};

/// The URL of an API call with a token. It uses https, or unencrypted http to a loopback host or a
/// host that [`PlaintextHosts`] allows. It may have a query, which `Display` shows and `Debug` omits.
///
/// ```
/// use edx_auth_core::{ApiUrl, PlaintextHosts};
///
/// let catalogs = "https://api.edx.org/catalog/v1/catalogs?page=2";
/// assert_eq!(ApiUrl::new(catalogs, &PlaintextHosts::none())?.to_string(), catalogs);
/// assert!(ApiUrl::new("http://api.edx.org/", &PlaintextHosts::none()).is_err());
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiUrl(Uri);

impl ApiUrl {
    /// Parses a URL.
    ///
    /// # Errors
    /// Returns an error if a token must not be sent to this URL: see [`UrlError`].
    pub fn new(url: &str, plaintext: &PlaintextHosts) -> Result<Self, UrlError> {
        url::parse(url, plaintext).map(Self)
    }

    /// Creates a URL that was checked already.
    pub(crate) fn of(uri: Uri) -> Self {
        Self(uri)
    }

    /// Returns this URL with more parameters: form-encoded, such as `page_size=100&org=edX`.
    pub(crate) fn with_query(&self, query: &str) -> Result<Self, UrlError> {
        if query.is_empty() {
            return Ok(self.clone());
        }
        let url = self.to_string();
        let between = match url.split_once('?') {
            None => "?",
            Some((_, of_url)) if of_url.is_empty() || of_url.ends_with('&') => "",
            Some(_) => "&",
        };
        url::parse_any(&(url + between + query)).map(Self)
    }

    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        Origin::of(&self.0).matches(&other.0)
    }

    /// Returns the URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0
    }

    /// Returns the URL without its query, which may hold personal data.
    #[must_use]
    pub fn without_query(&self) -> Self {
        let mut parts = self.0.clone().into_parts();
        parts.path_and_query = self.0.path().parse().ok();
        // A path that was parsed before is a path again.
        Uri::from_parts(parts).map_or_else(|_| Self(Uri::default()), Self)
    }

    /// Reports whether it uses https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        url::is_https(&self.0)
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Omits the query: what has a URL may be logged.
impl fmt::Debug for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.without_query(), f)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn a_url_without_its_query_keeps_the_rest() {
        for (whole, kept) in [
            (
                "https://lms.example:8443/a%20b/?user=ada",
                "https://lms.example:8443/a%20b/",
            ),
            ("https://lms.example/?", "https://lms.example/"),
            ("https://lms.example", "https://lms.example/"),
        ] {
            let url = ApiUrl::new(whole, &PlaintextHosts::none()).unwrap();
            assert_eq!(url.without_query().to_string(), kept);
            assert_eq!(format!("{url:?}"), kept);
        }
    }

    #[test]
    fn plain_http_does_not_count_as_https() {
        let url = |text| ApiUrl::new(text, &PlaintextHosts::none()).unwrap();

        assert!(url("https://api.edx.org/catalog/").is_https());
        assert!(!url("http://localhost:18381/api/").is_https());
    }

    #[test]
    fn parameters_follow_those_that_a_url_has() {
        for (url, query, expected) in [
            ("/l/", "a=1&b=2", "/l/?a=1&b=2"),
            ("", "a=1", "/?a=1"),
            ("/l/?", "a=1", "/l/?a=1"),
            ("/l/?b=2", "a=1", "/l/?b=2&a=1"),
            ("/l/?b=2&", "a=1", "/l/?b=2&a=1"),
            ("/l/?b=2", "", "/l/?b=2"),
        ] {
            let url = ApiUrl::new(
                &format!("https://api.edx.org{url}"),
                &PlaintextHosts::none(),
            );

            let with_query = url.unwrap().with_query(query).unwrap().to_string();

            assert_eq!(with_query, format!("https://api.edx.org{expected}"));
        }
        let url = ApiUrl::new("https://api.edx.org/", &PlaintextHosts::none()).unwrap();
        assert_eq!(url.with_query("a=1 2"), Err(UrlError::Malformed));
        assert_eq!(url.with_query("a=1#2"), Err(UrlError::Fragment));
    }
}
