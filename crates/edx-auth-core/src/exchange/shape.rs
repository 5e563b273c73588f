//! Classifies the body of a response without a token by its bytes alone. Since no token is taken from
//! it, it is read leniently: an error object is found behind a byte order mark, beside bytes that are
//! not UTF-8, and with a field that occurs twice.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::TokenRequest;
use super::fields::Fields;
use crate::error::{ErrorCode, ServerText};
use crate::json::readable;

/// The kinds of bodies that token endpoints and the proxies in front of them send.
pub(super) enum Shape {
    /// An OAuth error object (RFC 6749 section 5.2) from the token endpoint itself.
    OAuth(OAuthError),
    /// `{"message": ".."}` from a gateway that found no backend. The message is never shown,
    /// because it may quote the whole `Authorization` header.
    Gateway,
    /// An HTML page of Django, a proxy or a firewall.
    Html,
    /// Empty or whitespace.
    Empty,
    /// Anything else, such as other JSON.
    Other,
}

/// The fields of an OAuth error object.
pub(super) struct OAuthError {
    pub(super) error: Zeroizing<String>,
    /// None if the body breaks off: it may quote a token that is in the missing part.
    pub(super) description: Option<Zeroizing<String>>,
    /// Access tokens, which an error object should not have. They are redacted in the other fields.
    pub(super) access_tokens: Vec<Zeroizing<String>>,
}

impl Shape {
    pub(super) fn of(body: &[u8]) -> Self {
        let text = readable(body);
        match text.trim_ascii_start().bytes().next() {
            None => Self::Empty,
            Some(b'<') => Self::Html,
            Some(_) => Self::of_json(&text),
        }
    }

    fn of_json(text: &str) -> Self {
        let mut fields = Fields::named(["error", "error_description", "access_token", "message"]);
        let is_whole = fields.read(text).is_ok();
        // If the body breaks off, only a code of the standard is sure not to quote a token.
        let is_named = |error: &str| ErrorCode::named(error).is_some();
        let is_code = |error: &str| is_named(error) || is_whole && !error.is_empty();
        match fields.texts(ERROR).filter(|error| is_code(error)).last() {
            Some(error) => Self::OAuth(OAuthError {
                error: owned(&error),
                description: fields
                    .texts(DESCRIPTION)
                    .last()
                    .filter(|_| is_whole)
                    .map(|text| owned(&text)),
                access_tokens: fields.texts(TOKEN).map(|text| owned(&text)).collect(),
            }),
            None if fields.texts(MESSAGE).next().is_some() => Self::Gateway,
            None => Self::Other,
        }
    }
}

impl OAuthError {
    /// Makes a text of this error safe to show.
    pub(super) fn scrub(&self, text: &str, request: &TokenRequest) -> ServerText {
        let secrets = request.secrets();
        let mut tokens = self.access_tokens.iter();
        let token = tokens.find(|token| secrets.and_token(token).occur_in(text));
        secrets
            .and_token(token.map_or("", |token| token))
            .scrub(text)
    }
}

fn owned(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.into())
}

/// The place of each name in the list that [`Fields::named`] takes.
const ERROR: usize = 0;
const DESCRIPTION: usize = 1;
const TOKEN: usize = 2;
const MESSAGE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn name(body: &[u8]) -> &'static str {
        match Shape::of(body) {
            Shape::OAuth(_) => "oauth",
            Shape::Gateway => "gateway",
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
            (br#"{"error": {"code": 5}}"#, "other"),
            (br#"{"error": ""}"#, "other"),
            (br#"{"error": null, "message": 7}"#, "other"),
            (br#"{"error": "x", "error": "y"}"#, "oauth"),
            (br#"{"detail":"Invalid token."}"#, "other"),
            (b"[1]", "other"),
            (b"\"text\"", "other"),
            (b"<html>429</html>", "html"),
            (b"\xEF\xBB\xBF\r\n <!DOCTYPE html>", "html"),
            (b"", "empty"),
            (b" \r\n", "empty"),
            (br#"{"error": "invalid_cl"#, "other"),
            (br#"{"error": "x"} trailing"#, "other"),
            (br#"{"error": "invalid_client"} trailing"#, "oauth"),
            (br#"{"error": "invalid_client", "error_descr"#, "oauth"),
            (b"\xEF\xBB\xBF{\"error\": \"x\"}", "oauth"),
            (b"\xEF\xBB\xBF \r\n{\"error\": \"x\"}\0", "oauth"),
            (b"{\"error\": \"\xFF\"}", "oauth"),
            (b"{\"x\": \"a\nb\", \"error\": \"x\"}", "oauth"),
            (
                br#"{"x": "\ud800", "error_description": "\ud800", "error": "x"}"#,
                "oauth",
            ),
            (b"Forbidden", "other"),
            (b"\x1F\x8B\x08", "other"),
        ] {
            assert_eq!(name(body), shape, "{}", String::from_utf8_lossy(body));
        }
    }
}
