//! The text of a request's body, with fingerprints instead of secrets.

use serde_json::Value;

use super::fingerprint::Fingerprint;
use crate::mock_edx::http::request::Request;
use crate::mock_edx::openedx::token_endpoint::is_token_path;

/// Returns the text of a JSON or form body as it was sent; `None` for other bodies and at the token
/// endpoint. A body with a secret is serialized again, with the fingerprint in its place.
pub(crate) fn body_text(request: &Request) -> Option<String> {
    let content_type = request.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let text = std::str::from_utf8(request.body()).ok()?;
    match media_type.to_ascii_lowercase().as_str() {
        _ if is_token_path(request.path()) => None,
        "application/json" => json_text(text),
        "application/x-www-form-urlencoded" => Some(form_text(text)),
        _ => None,
    }
}

fn json_text(text: &str) -> Option<String> {
    let sent: Value = serde_json::from_str(text).ok()?;
    let mut shown = sent.clone();
    hide("", &mut shown);
    Some(if shown == sent {
        text.to_owned()
    } else {
        shown.to_string()
    })
}

/// Replaces the secrets in the value of this name.
fn hide(name: &str, value: &mut Value) {
    match value {
        Value::Object(members) => members
            .iter_mut()
            .for_each(|(name, value)| hide(name, value)),
        Value::Array(values) => values.iter_mut().for_each(|value| hide(name, value)),
        Value::String(text) if is_secret(name, text) => *text = Fingerprint::of(&text).to_string(),
        Value::Number(number) if is_secret(name, "") => {
            *value = Fingerprint::of(number.to_string()).to_string().into();
        }
        _ => {}
    }
}

fn form_text(text: &str) -> String {
    let fields = || form_urlencoded::parse(text.as_bytes());
    if !fields().any(|(name, value)| is_secret(&name, &value)) {
        return text.to_owned();
    }
    let shown = fields().map(|(name, value)| {
        let value = if is_secret(&name, &value) {
            Fingerprint::of(value.as_bytes()).to_string()
        } else {
            encoded(&value)
        };
        format!("{}={value}", encoded(&name))
    });
    shown.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Reports whether a value is secret: by its name, or because it looks like a JWT.
fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_jwt = value.starts_with("eyJ") && value.matches('.').count() == 2;
    is_jwt || SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

const SECRET_NAMES: [&str; 5] = ["password", "passphrase", "secret", "token", "api_key"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Fingerprint, Request, body_text};

    fn text_of(path: &str, content_type: &str, body: &str) -> Option<String> {
        let head = format!("POST {path} HTTP/1.1\r\nContent-Type: {content_type}\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        body_text(&request.with_body(body.into()))
    }

    #[test]
    fn a_body_without_a_secret_is_shown_as_it_was_sent() {
        let json = r#"{"b": 2.50,  "a": ["x", null]}"#;

        assert_eq!(
            text_of("/a", "application/json", json).as_deref(),
            Some(json)
        );
        let form = "b=x+y%26z&a";
        let shown = text_of(
            "/a",
            "Application/X-WWW-Form-URLencoded; charset=utf-8",
            form,
        );
        assert_eq!(shown.as_deref(), Some(form));
    }

    #[test]
    fn secrets_are_fingerprints_at_any_depth() {
        let secret = Fingerprint::of("planted");
        for (body, shown) in [
            (
                r#"{"users": [{"Password": "planted", "name": "ada"}]}"#,
                format!(r#"{{"users":[{{"Password":"{secret}","name":"ada"}}]}}"#),
            ),
            (
                r#"{"access_tokens": ["planted"]}"#,
                format!(r#"{{"access_tokens":["{secret}"]}}"#),
            ),
            (
                r#"{"token": 1234}"#,
                format!(r#"{{"token":"{}"}}"#, Fingerprint::of("1234")),
            ),
            (
                r#"{"note": "eyJh.eyJi.c"}"#,
                format!(r#"{{"note":"{}"}}"#, Fingerprint::of("eyJh.eyJi.c")),
            ),
        ] {
            assert_eq!(text_of("/a", "application/json", body), Some(shown));
        }
        let form = text_of(
            "/a",
            "application/x-www-form-urlencoded",
            "name=a+da&client_secret=planted",
        );
        assert_eq!(form.unwrap(), format!("name=a+da&client_secret={secret}"));
    }

    #[test]
    fn other_bodies_and_those_of_token_requests_are_not_shown() {
        for (path, content_type, body) in [
            ("/a", "text/plain", "planted"),
            ("/a", "", "{}"),
            ("/a", "application/json", "{planted"),
            ("/oauth2/access_token", "application/json", "{}"),
            (
                "/oauth2/access_token/",
                "application/x-www-form-urlencoded",
                "a=b",
            ),
        ] {
            assert_eq!(
                text_of(path, content_type, body),
                None,
                "{path} {content_type}"
            );
        }
    }
}
