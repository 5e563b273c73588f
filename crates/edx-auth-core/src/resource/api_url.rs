//! The URL of an API call.

use core::fmt;

use http::Uri;

use super::origin::Origin;
use crate::url::{self, PlaintextHosts, UrlError};

/// The URL of an API call with a token. It uses https, or unencrypted http to a loopback host or a
/// host that [`PlaintextHosts`] allows. It may have a query.
///
/// ```
/// use edx_auth_core::{ApiUrl, PlaintextHosts};
///
/// let catalogs = "https://api.edx.org/catalog/v1/catalogs?page=2";
/// assert_eq!(ApiUrl::new(catalogs, &PlaintextHosts::none())?.to_string(), catalogs);
/// assert!(ApiUrl::new("http://api.edx.org/", &PlaintextHosts::none()).is_err());
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub(super) fn of(uri: Uri) -> Self {
        Self(uri)
    }

    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        Origin::of(&self.0).matches(&other.0)
    }

    /// Returns the URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_does_not_count_as_https() {
        let url = |text| ApiUrl::new(text, &PlaintextHosts::none()).unwrap();

        assert!(url("https://api.edx.org/catalog/").is_https());
        assert!(!url("http://localhost:18381/api/").is_https());
    }
}
