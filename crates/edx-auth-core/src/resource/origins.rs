//! The origins that a token may be sent to.

use alloc::string::ToString;
use alloc::sync::Arc;
use core::fmt;

use http::Uri;

use super::ApiUrl;
use super::origin::Origin;
use crate::url::{self, PlaintextHosts, UrlError};

/// The origins that a token may be sent to, compared exactly by scheme, host and port.
///
/// For a site, this is the origin of its token endpoint. edX's tokens are also accepted by
/// discovery.edx.org and courses.edx.org. Allow every other origin by name, such as the Studio or
/// the discovery service of your site. There are no patterns.
///
/// ```
/// use edx_auth_core::{Origins, TokenEndpoint};
///
/// let lms = TokenEndpoint::open_edx("https://courses.example.org")?;
/// let origins = Origins::of(&lms).allow("https://studio.example.org")?;
///
/// assert!(origins.check("https://courses.example.org/api/courses/v1/courses/").is_ok());
/// assert!(origins.check("https://studio.example.org/api/v1/course_runs/").is_ok());
/// let error = origins.check("https://courses.example.org:8443/api/").unwrap_err();
/// assert_eq!(error.to_string(), "the token is not for https://courses.example.org:8443");
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Origins(Arc<[Origin]>);

impl Origins {
    /// Returns an empty set.
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::new([]))
    }

    /// Returns the origins for tokens that this endpoint issues.
    pub(crate) fn of_tokens_from(own: &Uri) -> Self {
        let of_edx = [Self::edx(), Self::edx_stage()];
        let known = of_edx
            .into_iter()
            .find(|origins| origins.contains_origin_of(own));
        known.unwrap_or_else(|| Self(Arc::new([Origin::of(own)])))
    }

    /// Returns edX's origins: api.edx.org, discovery.edx.org and courses.edx.org.
    #[must_use]
    pub fn edx() -> Self {
        Self::of_hosts(["api.edx.org", "discovery.edx.org", "courses.edx.org"])
    }

    /// Returns the origins of edX's stage: api.stage.edx.org, discovery.stage.edx.org and
    /// courses.stage.edx.org.
    #[must_use]
    pub fn edx_stage() -> Self {
        Self::of_hosts([
            "api.stage.edx.org",
            "discovery.stage.edx.org",
            "courses.stage.edx.org",
        ])
    }

    /// Adds an origin: `https://host` or `https://host:port`.
    ///
    /// # Errors
    /// Returns an error if this is not an origin, or if it uses unencrypted http to a host that is
    /// not loopback: see [`UrlError`].
    pub fn allow(self, origin: &str) -> Result<Self, UrlError> {
        self.allow_with(origin, &PlaintextHosts::none())
    }

    /// Like [`allow`](Self::allow), and allows unencrypted http to these hosts.
    ///
    /// # Errors
    /// Returns the same errors as [`allow`](Self::allow).
    pub fn allow_with(self, origin: &str, plaintext: &PlaintextHosts) -> Result<Self, UrlError> {
        let uri = url::parse(origin, plaintext)?;
        if uri
            .path_and_query()
            .is_some_and(|rest| rest.as_str() != "/")
        {
            return Err(UrlError::NotAnOrigin);
        }
        let more = [Origin::of(&uri)];
        Ok(Self(self.0.iter().chain(&more).cloned().collect()))
    }

    /// Parses the URL of an API call and checks that the token may be sent to it.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent to it: see [`UrlError`].
    pub fn check(&self, url: &str) -> Result<ApiUrl, UrlError> {
        let uri = url::parse_any(url)?;
        if self.contains_origin_of(&uri) {
            Ok(ApiUrl::of(uri))
        } else {
            let origin = Origin::of(&uri).to_string();
            Err(UrlError::OtherOrigin { origin })
        }
    }

    /// Checks the target of a link or a redirect. Sites behind a TLS proxy write `http:` into theirs:
    /// if the token may be sent to that host and port (443 for 80) only over https, the target becomes that
    /// https URL.
    pub(crate) fn check_target(&self, url: &str) -> Result<ApiUrl, UrlError> {
        let uri = url::parse_any(url)?;
        let encrypted = url::encrypted(&uri).filter(|encrypted| {
            !self.contains_origin_of(&uri) && self.contains_origin_of(encrypted)
        });
        match encrypted {
            Some(encrypted) => Ok(ApiUrl::of(encrypted)),
            None => self.check(url),
        }
    }

    /// Reports whether the token may be sent to this URL.
    #[must_use]
    pub fn permits(&self, url: &ApiUrl) -> bool {
        self.contains_origin_of(url.uri())
    }

    /// Reports whether one of the origins uses unencrypted http.
    #[must_use]
    pub fn has_plaintext(&self) -> bool {
        !self.0.iter().all(Origin::is_https)
    }

    /// Reports whether one of the origins uses https.
    #[must_use]
    pub fn has_https(&self) -> bool {
        self.0.iter().any(Origin::is_https)
    }

    fn contains_origin_of(&self, uri: &Uri) -> bool {
        self.0.iter().any(|origin| origin.matches(uri))
    }

    fn of_hosts(hosts: [&str; 3]) -> Self {
        Self(hosts.into_iter().map(Origin::https).collect())
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, origin) in self.0.iter().enumerate() {
            let between = if number == 0 { "" } else { ", " };
            write!(f, "{between}{origin}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origins({self})")
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;
    use crate::exchange::TokenEndpoint;

    fn lms_and_loopback() -> Origins {
        let lms = TokenEndpoint::open_edx("https://courses.example.org").unwrap();
        Origins::of(&lms).allow("http://localhost:18381").unwrap()
    }

    #[test]
    fn a_checked_url_is_permitted_only_inside_the_origins() {
        let url = |text| ApiUrl::new(text, &PlaintextHosts::none()).unwrap();

        assert!(lms_and_loopback().permits(&url("https://courses.example.org/api/")));
        assert!(!lms_and_loopback().permits(&url("https://studio.example.org/api/")));
    }

    #[test]
    fn a_plain_http_target_becomes_https_if_only_that_is_allowed() {
        let origins = lms_and_loopback()
            .allow("https://lms.example:8443")
            .unwrap();
        for (target, checked) in [
            (
                "http://courses.example.org/a?b",
                Some("https://courses.example.org/a?b"),
            ),
            (
                "http://courses.example.org:80/a",
                Some("https://courses.example.org/a"),
            ),
            (
                "HTTP://courses.example.org:80",
                Some("https://courses.example.org/"),
            ),
            (
                "https://courses.example.org:443/",
                Some("https://courses.example.org:443/"),
            ),
            (
                "http://lms.example:8443/",
                Some("https://lms.example:8443/"),
            ),
            ("http://localhost:18381/", Some("http://localhost:18381/")),
            (
                "http://courses.example.org:443/",
                Some("https://courses.example.org:443/"),
            ),
            ("https://courses.example.org:80/", None),
            ("http://courses.example.org:8000/", None),
            ("http://lms.example/", None),
            ("https://localhost:18381/", None),
        ] {
            let found = origins.check_target(target).ok().map(|url| url.to_string());
            assert_eq!(found.as_deref(), checked, "{target}");
        }
    }

    #[test]
    fn https_and_plain_http_are_reported_if_any_origin_uses_them() {
        let loopback = Origins::none().allow("http://localhost:18381").unwrap();
        let ways = |origins: &Origins| (origins.has_https(), origins.has_plaintext());

        assert_eq!(ways(&Origins::none()), (false, false));
        assert_eq!(ways(&Origins::edx()), (true, false));
        assert_eq!(ways(&loopback), (false, true));
        assert_eq!(ways(&lms_and_loopback()), (true, true));
    }

    #[test]
    fn debug_shows_all_origins() {
        assert_eq!(
            format!("{:?}", lms_and_loopback()),
            "Origins(https://courses.example.org, http://localhost:18381)"
        );
    }
}
