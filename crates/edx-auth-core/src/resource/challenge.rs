//! The authentication challenges of a 401.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use crate::token::TokenType;

/// Reports whether a 401 may be about the token: it has a challenge for a token, or none at all,
/// since edX's gateway drops the header. If all challenges are for passwords, a proxy in front of
/// the site requires its own login, and no token helps ([RFC 9110 section
/// 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
pub(super) fn may_mean_the_token(headers: &HeaderMap) -> bool {
    let mut challenges = headers.get_all(WWW_AUTHENTICATE).iter().peekable();
    if challenges.peek().is_none() {
        return true;
    }
    challenges.any(|challenge| challenge.to_str().is_ok_and(names_the_token))
}

fn names_the_token(challenges: &str) -> bool {
    let mut outside_quotes = challenges.split('"').step_by(2);
    outside_quotes.any(|text| text.split(',').any(has_token_scheme))
}

/// Reports whether this part of a list, such as `JWT realm="api"`, begins with a token scheme.
fn has_token_scheme(part: &str) -> bool {
    let word = part.split_ascii_whitespace().next().unwrap_or_default();
    TokenType::named(word).is_some()
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
    fn a_challenge_for_a_token_or_no_challenge_is_about_the_token() {
        assert!(meant(&[]));
        assert!(meant(&[r#"JWT realm="api""#]));
        assert!(meant(&["Bearer error=\"invalid_token\""]));
        assert!(meant(&["Basic realm=\"a, b\"", "jwt"]));
        assert!(meant(&["Basic realm=\"x\", Bearer realm=\"y\""]));
    }

    #[test]
    fn a_challenge_for_a_password_is_not_about_the_token() {
        assert!(!meant(&["Basic realm=\"stage\""]));
        assert!(!meant(&["Basic realm=\"Bearer\""]));
        assert!(!meant(&["Basic realm=\"a, Bearer b\""]));
        assert!(!meant(&["Negotiate", "Digest realm=\"x\", qop=jwt"]));
    }
}
