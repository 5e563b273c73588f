//! Who may see what an API has, by what a request says of itself.

use serde_json::Value;

use super::issuer::Issuer;
use super::refusal::Refusal;
use super::request::Request;

/// Whether the client takes what there is, which is JSON alone.
pub(crate) fn negotiate(request: &Request) -> Result<(), Refusal> {
    if accepts_json(request.header("accept").unwrap_or("*/*")) {
        Ok(())
    } else {
        Err(Refusal::NotAcceptable)
    }
}

/// The user whose token the request carries, if this issuer issued it and it is good now.
pub(crate) fn authenticate(request: &Request, issuer: &Issuer) -> Result<String, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let token = jwt_in(header).ok_or(Refusal::NoCredentials)?;
    let claims = issuer.claims_of(token).ok_or(Refusal::InvalidToken)?;
    let user = claims.get("sub").and_then(Value::as_str);
    Ok(user.unwrap_or_default().to_owned())
}

/// Another scheme than `JWT`, two spaces, or two tokens are as good as no header.
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
