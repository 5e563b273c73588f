//! What a body is, judged by its bytes alone.

use alloc::string::String;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The shapes in which token endpoints, and what stands before them, answer.
pub(super) enum Shape {
    /// An OAuth error object (RFC 6749 section 5.2): a server's verdict.
    OAuth(OAuthError),
    /// `{"message": ".."}`: a gateway that found no one to ask. What it says is never shown, for
    /// it may quote the whole `Authorization`.
    Gateway,
    /// Other JSON.
    Json,
    /// A page for people: Django's, a proxy's, a firewall's.
    Html,
    /// Nothing but white space.
    Empty,
    /// Anything else, a cut reply among them.
    Other,
}

/// `error`, and `error_description` where it is a text.
pub(super) struct OAuthError {
    pub(super) error: Zeroizing<String>,
    pub(super) description: Option<Zeroizing<String>>,
    /// What an error object should not have, and no word of it may show.
    pub(super) access_token: Option<Zeroizing<String>>,
}

/// Fields are kept raw: one of an unexpected type spoils only itself.
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
            Err(fault) if fault.is_data() => Self::Json,
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

/// The value as text, where it is one.
pub(super) fn text(value: &RawValue) -> Option<Zeroizing<String>> {
    serde_json::from_str(value.get()).ok().map(Zeroizing::new)
}

/// The same where nothing in it is escaped, which is nearly always: as it stands in the body.
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
