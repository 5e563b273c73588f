//! Classifies a body by its bytes alone.

use alloc::string::String;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The kinds of bodies that token endpoints and the proxies in front of them send.
pub(super) enum Shape {
    /// An OAuth error object (RFC 6749 section 5.2) from the token endpoint itself.
    OAuth(OAuthError),
    /// `{"message": ".."}` from a gateway that found no backend. The message is never shown,
    /// because it may quote the whole `Authorization` header.
    Gateway,
    /// Other JSON.
    Json,
    /// An HTML page of Django, a proxy or a firewall.
    Html,
    /// Empty or whitespace.
    Empty,
    /// Anything else, such as a truncated body.
    Other,
}

/// The fields of an OAuth error object.
pub(super) struct OAuthError {
    pub(super) error: Zeroizing<String>,
    pub(super) description: Option<Zeroizing<String>>,
    /// A token that should not be there. It is redacted in the other fields.
    pub(super) access_token: Option<Zeroizing<String>>,
}

/// Fields stay raw, so that one of an unexpected type does not hide the others.
#[derive(Deserialize)]
struct ErrorFields<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    error_description: Option<&'a RawValue>,
    #[serde(borrow)]
    access_token: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

impl Shape {
    pub(super) fn of(body: &[u8]) -> Self {
        let text = body
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(body)
            .trim_ascii_start();
        match text.first() {
            None => Self::Empty,
            Some(b'<') => Self::Html,
            Some(_) => Self::of_json(body),
        }
    }

    fn of_json(body: &[u8]) -> Self {
        match serde_json::from_slice::<ErrorFields<'_>>(body) {
            Ok(fields) => fields.shape(),
            Err(error) if error.is_data() => Self::Json,
            Err(_) => Self::Other,
        }
    }
}

impl ErrorFields<'_> {
    fn shape(&self) -> Shape {
        let error = self.error.and_then(text).filter(|error| !error.is_empty());
        match (error, self.message.and_then(text)) {
            (Some(error), _) => Shape::OAuth(OAuthError {
                error,
                description: self.error_description.and_then(text),
                access_token: self.access_token.and_then(text),
            }),
            (None, Some(_)) => Shape::Gateway,
            (None, None) => Shape::Json,
        }
    }
}

/// Returns the value if it is a string.
pub(super) fn text(value: &RawValue) -> Option<Zeroizing<String>> {
    serde_json::from_str(value.get()).ok().map(Zeroizing::new)
}

/// Returns the value without a copy if it is a string without escapes, which is nearly always the
/// case.
pub(super) fn plain_text(value: &RawValue) -> Option<&str> {
    serde_json::from_str(value.get()).ok()
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests {
    use super::*;

    fn name(body: &[u8]) -> &'static str {
        match Shape::of(body) {
            Shape::OAuth(_) => "oauth",
            Shape::Gateway => "gateway",
            Shape::Json => "json",
            Shape::Html => "html",
            Shape::Empty => "empty",
            Shape::Other => "other",
        }
    }

    #[test]
    fn each_shape_is_known_by_its_bytes() {
        for (body, shape) in [
            (&br#"{"error": "invalid_client"}"#[..], "oauth"),
            (br#"{"error": "x", "message": "y"}"#, "oauth"),
            (br#"{"error": "x", "error_description": 5}"#, "oauth"),
            (br#"{"message":"Missing Authentication Token"}"#, "gateway"),
            (br#"{"error": {"code": 5}}"#, "json"),
            (br#"{"error": ""}"#, "json"),
            (br#"{"error": null, "message": 7}"#, "json"),
            (br#"{"error": "x", "error": "y"}"#, "json"),
            (br#"{"detail":"Invalid token."}"#, "json"),
            (b"[1]", "json"),
            (b"\"text\"", "json"),
            (b"<html>429</html>", "html"),
            (b"\xEF\xBB\xBF\r\n <!DOCTYPE html>", "html"),
            (b"", "empty"),
            (b" \r\n", "empty"),
            (br#"{"error": "invalid_cl"#, "other"),
            (br#"{"error": "x"} trailing"#, "other"),
            (b"\xEF\xBB\xBF{\"error\": \"x\"}", "other"),
            (b"{\"error\": \"\xFF\"}", "other"),
            (b"Forbidden", "other"),
            (b"\x1F\x8B\x08", "other"),
        ] {
            assert_eq!(name(body), shape, "{}", String::from_utf8_lossy(body));
        }
    }
}
