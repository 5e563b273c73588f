//! What of a request may be kept: everything but its secrets, for which fingerprints stand.

use std::fmt;

use super::fingerprint::Fingerprint;

/// A header as it may be shown.
pub(crate) fn without_secrets((name, value): &(String, String)) -> (String, String) {
    let shown = match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => scheme_and_fingerprint(value),
        "cookie" => Fingerprint::of(value).to_string(),
        _ => value.clone(),
    };
    (name.clone(), shown)
}

/// The token of an `Authorization` header.
pub(crate) fn token_in(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let carries_token = ["jwt", "bearer"].contains(&scheme.to_ascii_lowercase().as_str());
    carries_token.then_some(token.trim())
}

/// Text that a test may ask for by name, and that is not shown along with others.
#[derive(Clone)]
pub(crate) struct Unshown(pub(crate) String);

impl fmt::Debug for Unshown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Fingerprint::of(&self.0), f)
    }
}

/// A scheme is shown only where it is one: a token sent without any stands in its place.
fn scheme_and_fingerprint(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, credentials)) if is_scheme(scheme) => {
            format!("{scheme} {}", Fingerprint::of(credentials.trim()))
        }
        None if is_scheme(value) => value.to_owned(),
        _ => Fingerprint::of(value).to_string(),
    }
}

fn is_scheme(word: &str) -> bool {
    ["jwt", "bearer", "basic"].contains(&word.to_ascii_lowercase().as_str())
}
