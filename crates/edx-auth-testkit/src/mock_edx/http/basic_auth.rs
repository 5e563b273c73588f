//! HTTP Basic credentials of a client (RFC 6749 section 2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The client ID and secret in an `Authorization` header.
pub(crate) struct BasicCredentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl BasicCredentials {
    /// Parses an `Authorization` header. Returns `None` for any other scheme.
    ///
    /// Form-decodes ID and secret after base64. A client that does not encode them is rejected if
    /// its secret contains `+` or `%`.
    pub(crate) fn from_header(authorization: &str) -> Option<Self> {
        let (scheme, encoded) = authorization.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        Some(Self {
            client_id: form_decode(id),
            client_secret: form_decode(secret),
        })
    }
}

/// Decodes one form value. A raw `&` or `=` stays as it is.
fn form_decode(value: &str) -> String {
    let field = format!("value={}", value.replace('&', "%26"));
    form_urlencoded::parse(field.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::{BasicCredentials, STANDARD};

    fn read(id_and_secret: &str) -> Option<(String, String)> {
        let header = format!("Basic {}", STANDARD.encode(id_and_secret));
        BasicCredentials::from_header(&header).map(|read| (read.client_id, read.client_secret))
    }

    #[test]
    fn both_parts_are_form_decoded() {
        for (sent, id, secret) in [
            ("a:b", "a", "b"),
            ("a%3Ab:c%2B%25", "a:b", "c+%"),
            ("a:b:c", "a", "b:c"),
            ("a:b+c&d=e", "a", "b c&d=e"),
            (":", "", ""),
        ] {
            let expected = (id.to_owned(), secret.to_owned());
            assert_eq!(read(sent), Some(expected), "{sent}");
        }
    }

    #[test]
    fn an_invalid_header_has_no_credentials() {
        assert_eq!(read("without a colon"), None);
        for header in [
            "",
            "Basic",
            "Basic not,base64",
            "Bearer YTpi",
            "Basic  YTpi",
        ] {
            assert!(BasicCredentials::from_header(header).is_none(), "{header}");
        }
    }
}
