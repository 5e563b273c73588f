//! Replaces the secrets of a request with fingerprints.

use std::fmt;

use super::fingerprint::Fingerprint;

/// Returns a header with its secrets replaced.
pub(crate) fn without_secrets((name, value): &(String, String)) -> (String, String) {
    let shown = match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => scheme_and_fingerprint(value),
        "cookie" => Fingerprint::of(value).to_string(),
        _ => value.clone(),
    };
    (name.clone(), shown)
}

/// Returns the token of an `Authorization` header.
pub(crate) fn token_in(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let carries_token = ["jwt", "bearer"].contains(&scheme.to_ascii_lowercase().as_str());
    carries_token.then_some(token.trim())
}

/// Text that `Debug` shows as a fingerprint only.
#[derive(Clone)]
pub(crate) struct Redacted(pub(crate) String);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Fingerprint::of(&self.0), f)
    }
}

/// Shows only known schemes: a token sent without a scheme would stand in its place.
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
