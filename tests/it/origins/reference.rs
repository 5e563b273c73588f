//! The reference: whether the `url` crate finds a URL inside the allowed origins.

use std::collections::HashSet;
use std::sync::LazyLock;

use edx_auth_core::Origins;
use url::Url;

/// The allowed origins: names and addresses, some with a port.
pub(super) const ALLOWED: [&str; 6] = [
    "https://api.edx.org",
    "https://discovery.edx.org:8443",
    "https://[2001:db8::1]",
    "http://localhost:8000",
    "http://127.0.0.1:8001",
    "http://[::1]",
];

/// Returns [`ALLOWED`] as the origins of the library.
pub(super) fn origins() -> Origins {
    let more = |origins: Origins, origin| origins.allow(origin).unwrap();
    ALLOWED.into_iter().fold(Origins::none(), more)
}

/// Returns whether this URL is inside the origins by the `url` crate. With a user name or a password it is not.
pub(super) fn is_inside(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_anonymous && INSIDE.contains(&url.origin().ascii_serialization())
}

static INSIDE: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let read = |origin| Url::parse(origin).unwrap().origin();
    ALLOWED
        .map(|origin| read(origin).ascii_serialization())
        .into()
});

#[test]
fn the_reference_distinguishes_similar_origins() {
    for inside in [
        "https://api.edx.org:443/",
        "HTTPS://API.EDX.ORG",
        "http://[0::1]:80/a?b",
    ] {
        assert!(is_inside(inside), "{inside}");
    }
    for outside in [
        "http://api.edx.org/",
        "https://api.edx.org./",
        "https://a@api.edx.org/",
        "https://discovery.edx.org/",
        "https://api.edx.org@evil.example/",
        "https://evil.example\\@api.edx.org/",
    ] {
        assert!(!is_inside(outside), "{outside}");
    }
}
