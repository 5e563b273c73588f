//! HTTP Basic credentials of a client (RFC 6749 section 2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A client's id and secret as a request presents them.
pub(crate) struct Presented {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl Presented {
    /// Reads an `Authorization` header; `None` where it is none of this kind.
    ///
    /// Id and secret are form-decoded after base64, so that a client which left out the encoding is
    /// refused as soon as its secret has a `+` or `%` in it.
    pub(crate) fn in_header(authorization: &str) -> Option<Self> {
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

/// Decodes one value, in which a raw `&` or `=` stands for itself.
fn form_decode(value: &str) -> String {
    let field = format!("value={}", value.replace('&', "%26"));
    form_urlencoded::parse(field.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::{Presented, STANDARD};

    fn read(id_and_secret: &str) -> Option<(String, String)> {
        let header = format!("Basic {}", STANDARD.encode(id_and_secret));
        Presented::in_header(&header).map(|read| (read.client_id, read.client_secret))
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
    fn anything_else_is_no_basic_header() {
        assert_eq!(read("without a colon"), None);
        for header in [
            "",
            "Basic",
            "Basic not,base64",
            "Bearer YTpi",
            "Basic  YTpi",
        ] {
            assert!(Presented::in_header(header).is_none(), "{header}");
        }
    }
}
