//! Who asked for credentials: the challenges of a 401.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// Whether whoever answered 401 may have meant the token: it says so, or it says nothing, as
/// behind edX's gateway, which lets no such header through. A challenge for a password alone is a
/// gate before the site, which no token opens
/// ([RFC 9110 section 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
pub(super) fn may_mean_the_token(headers: &HeaderMap) -> bool {
    let mut challenges = headers.get_all(WWW_AUTHENTICATE).iter().peekable();
    if challenges.peek().is_none() {
        return true;
    }
    challenges.any(|challenge| challenge.to_str().is_ok_and(names_the_token))
}

fn names_the_token(challenges: &str) -> bool {
    let mut outside_quotes = challenges.split('"').step_by(2);
    outside_quotes.any(|text| text.split(',').any(is_of_a_token))
}

/// `JWT realm="api"`: a scheme comes first in its part of the list, and a parameter has a `=`.
fn is_of_a_token(part: &str) -> bool {
    let word = part.split_ascii_whitespace().next().unwrap_or_default();
    let schemes = ["jwt", "bearer"];
    schemes
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn meant(challenges: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for challenge in challenges {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        may_mean_the_token(&headers)
    }

    #[test]
    fn a_challenge_for_a_token_or_none_at_all() {
        assert!(meant(&[]));
        assert!(meant(&[r#"JWT realm="api""#]));
        assert!(meant(&["Bearer error=\"invalid_token\""]));
        assert!(meant(&["Basic realm=\"a, b\"", "jwt"]));
        assert!(meant(&["Basic realm=\"x\", Bearer realm=\"y\""]));
    }

    #[test]
    fn a_challenge_for_a_password_is_none_for_a_token() {
        assert!(!meant(&["Basic realm=\"stage\""]));
        assert!(!meant(&["Basic realm=\"Bearer\""]));
        assert!(!meant(&["Basic realm=\"a, Bearer b\""]));
        assert!(!meant(&["Negotiate", "Digest realm=\"x\", qop=jwt"]));
    }
}
