mod multipart;

use super::request::Request;

/// The named values of a form or a query string.
pub(crate) struct FormFields {
    fields: Vec<(String, String)>,
}

impl FormFields {
    /// Reads the query string.
    pub(crate) fn of_query(request: &Request) -> Self {
        Self::urlencoded(request.query().unwrap_or_default().as_bytes())
    }

    /// Reads a form in one of the two encodings that Django accepts. Any other body, JSON
    /// included, has no fields.
    pub(crate) fn of_body(request: &Request) -> Self {
        let content_type = request.header("content-type").unwrap_or_default();
        let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        match media_type.trim().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => Self::urlencoded(request.body()),
            "multipart/form-data" => Self {
                fields: multipart::fields(parameters, request.body()),
            },
            _ => Self { fields: Vec::new() },
        }
    }

    /// Returns the last value of this name, as Django does.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .rfind(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn urlencoded(bytes: &[u8]) -> Self {
        Self {
            fields: form_urlencoded::parse(bytes).into_owned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{FormFields, Request};

    fn posted(content_type: &str, body: &str) -> FormFields {
        let head = format!("POST /?page=2&page=3 HTTP/1.1\r\nContent-Type: {content_type}\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        assert_eq!(FormFields::of_query(&request).get("page"), Some("3"));
        FormFields::of_body(&request.with_body(body.into()))
    }

    #[test]
    fn a_form_is_decoded_and_the_last_value_of_a_name_wins() {
        let fields = posted(
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
            "a=1&b=x+y%26z&a=2&c",
        );

        assert_eq!(fields.get("a"), Some("2"));
        assert_eq!(fields.get("b"), Some("x y&z"));
        assert_eq!(fields.get("c"), Some(""));
        assert_eq!(fields.get("d"), None);
    }

    #[test]
    fn other_bodies_have_no_fields() {
        for content_type in ["text/plain", "application/json", ""] {
            assert_eq!(posted(content_type, "a=1").get("a"), None, "{content_type}");
        }
    }

    #[test]
    fn a_multipart_form_has_the_same_fields() {
        let fields = posted(
            "multipart/form-data; boundary=\"-x-\"",
            "---x-\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n\
             ---x-\r\ncontent-disposition: form-data; name=\"b\"\r\nX-Y: z\r\n\r\n\r\n---x---\r\n",
        );

        assert_eq!(fields.get("a"), Some("1\r\n2"));
        assert_eq!(fields.get("b"), Some(""));
    }
}
