//! Checks the headers `Accept` and `Authorization` of an API request.

use serde_json::Value;

use super::error::ApiError;
use crate::mock_edx::http::request::Request;
use crate::mock_edx::openedx::issuer::Issuer;

/// Checks that the client accepts JSON, the only format of the API.
pub(crate) fn negotiate(request: &Request) -> Result<(), ApiError> {
    if accepts_json(request.header("accept").unwrap_or("*/*")) {
        Ok(())
    } else {
        Err(ApiError::NotAcceptable)
    }
}

/// Returns the user of the token in the request, if this issuer issued it and it is valid now.
pub(crate) fn authenticate(request: &Request, issuer: &Issuer) -> Result<String, ApiError> {
    let header = request.header("authorization").unwrap_or_default();
    let token = jwt_in(header).ok_or(ApiError::NoCredentials)?;
    let claims = issuer.claims_of(token).ok_or(ApiError::InvalidToken)?;
    let user = claims.get("sub").and_then(Value::as_str);
    Ok(user.unwrap_or_default().to_owned())
}

/// Returns the token of an `Authorization` header. Another scheme, two spaces or two tokens count
/// as no header.
fn jwt_in(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let is_one_word = !token.is_empty() && !token.contains(' ');
    (scheme.eq_ignore_ascii_case("jwt") && is_one_word).then_some(token)
}

fn accepts_json(accept: &str) -> bool {
    accept
        .split(',')
        .filter_map(|range| range.split(';').next())
        .any(|range| matches!(range.trim(), "*/*" | "application/*" | "application/json"))
}

#[cfg(test)]
mod tests {
    use super::{accepts_json, jwt_in};

    #[test]
    fn a_token_is_one_word_after_one_space() {
        for (header, token) in [
            ("JWT a.b.c", Some("a.b.c")),
            ("jwt a.b.c", Some("a.b.c")),
            ("JWT  a.b.c", None),
            ("JWT a b", None),
            ("JWT ", None),
            ("JWT", None),
            ("Bearer a.b.c", None),
            ("", None),
        ] {
            assert_eq!(jwt_in(header), token, "{header}");
        }
    }

    #[test]
    fn only_json_is_rendered() {
        for (accept, accepted) in [
            ("*/*", true),
            ("application/json", true),
            ("text/html, application/*;q=0.5", true),
            ("text/html", false),
            ("application/xml", false),
        ] {
            assert_eq!(accepts_json(accept), accepted, "{accept}");
        }
    }
}
