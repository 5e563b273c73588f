//! Resolves the references in `Location` headers and next links.

use alloc::string::{String, ToString};

use iri_string::types::{IriReferenceStr, UriAbsoluteStr, UriReferenceStr};

use super::ApiUrl;

/// Resolves a reference against the URL of its page ([RFC 3986 section
/// 5](https://www.rfc-editor.org/rfc/rfc3986#section-5)). The fragment is dropped, since it is
/// never sent. Returns `None` if the text is not a reference.
pub(crate) fn resolve(reference: &str, base: &ApiUrl) -> Option<String> {
    let (reference, _fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let reference = IriReferenceStr::new(reference).ok()?.encode_to_uri();
    let (reference, base) = (reference.to_string(), base.to_string());
    let reference = UriReferenceStr::new(&reference).ok()?;
    let base = UriAbsoluteStr::new(&base).ok()?;
    Some(reference.resolve_against(base).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::PlaintextHosts;

    fn resolved(reference: &str) -> Option<String> {
        let base = ApiUrl::new("https://a/b/c/d;p?q", &PlaintextHosts::none()).unwrap();
        resolve(reference, &base)
    }

    /// The examples of RFC 3986 sections 5.4.1 and 5.4.2, except those with another scheme. Fragments are
    /// dropped from the results.
    #[test]
    fn the_examples_of_the_standard() {
        for (reference, url) in [
            ("g", "https://a/b/c/g"),
            ("./g", "https://a/b/c/g"),
            ("g/", "https://a/b/c/g/"),
            ("/g", "https://a/g"),
            ("//g", "https://g"),
            ("?y", "https://a/b/c/d;p?y"),
            ("g?y", "https://a/b/c/g?y"),
            ("#s", "https://a/b/c/d;p?q"),
            ("g?y#s", "https://a/b/c/g?y"),
            (";x", "https://a/b/c/;x"),
            ("", "https://a/b/c/d;p?q"),
            (".", "https://a/b/c/"),
            ("..", "https://a/b/"),
            ("../g", "https://a/b/g"),
            ("../../g", "https://a/g"),
            ("../../../g", "https://a/g"),
            ("/./g", "https://a/g"),
            ("/../g", "https://a/g"),
            ("g..", "https://a/b/c/g.."),
            ("./g/.", "https://a/b/c/g/"),
            ("g/../h", "https://a/b/c/h"),
            ("g?y/../x", "https://a/b/c/g?y/../x"),
        ] {
            assert_eq!(resolved(reference).as_deref(), Some(url), "{reference}");
        }
    }

    #[test]
    fn an_absolute_url_is_not_changed() {
        let url = "http://lms:8000/api/?page=2&key=course-v1%3AX%2BY";

        assert_eq!(resolved(url).as_deref(), Some(url));
    }

    #[test]
    fn text_beyond_ascii_is_encoded() {
        assert_eq!(
            resolved("/s/?q=größe").as_deref(),
            Some("https://a/s/?q=gr%C3%B6%C3%9Fe")
        );
    }

    #[test]
    fn an_invalid_reference_is_not_resolved() {
        for text in ["\\\\evil.example", "/a b", "http://[::1", "/a\nb", "%"] {
            assert_eq!(resolved(text), None, "{text}");
        }
    }
}
