//! Resolves the references in `Location` headers and next links.

use alloc::string::{String, ToString};
use core::fmt::Write as _;

use iri_string::types::{IriReferenceStr, UriAbsoluteStr, UriReferenceStr};

use super::ApiUrl;

/// Resolves a reference against the URL of its page ([RFC 3986 section
/// 5](https://www.rfc-editor.org/rfc/rfc3986#section-5)). The fragment is dropped, since it is
/// never sent. Returns `None` if the text is not a reference.
pub(crate) fn resolve(reference: &str, base: &ApiUrl) -> Option<String> {
    let (reference, _fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let (reference, base) = (encoded(reference), encoded(&base.to_string()));
    let reference = IriReferenceStr::new(&reference).ok()?.encode_to_uri();
    let reference = reference.to_string();
    let reference = UriReferenceStr::new(&reference).ok()?;
    let base = UriAbsoluteStr::new(&base).ok()?;
    Some(reference.resolve_against(base).to_string())
}

/// Encodes what `http` allows behind the authority of a URL and the standard does not: programs write
/// `?filter[org]=edX`, and so do servers.
fn encoded(reference: &str) -> String {
    let (authority, rest) = reference.split_at(authority_len(reference));
    let mut encoded = String::from(authority);
    for (at, char) in rest.char_indices() {
        let is_forbidden = match char {
            '"' | '<' | '>' | '[' | ']' | '^' | '`' | '{' | '|' | '}' => true,
            '%' => !is_escape(rest.as_bytes().get(at..).unwrap_or_default()),
            _ => false,
        };
        if is_forbidden {
            let _infallible = write!(encoded, "%{:02X}", u32::from(char));
        } else {
            encoded.push(char);
        }
    }
    encoded
}

/// Returns the length of the scheme and the authority, which end before the path.
fn authority_len(reference: &str) -> usize {
    let scheme = reference.find("//").filter(|at| {
        let scheme = reference.get(..*at).unwrap_or_default();
        scheme.is_empty() || scheme.ends_with(':') && !scheme.contains(['/', '?'])
    });
    let Some(scheme) = scheme else { return 0 };
    let behind = reference.get(scheme + 2..).unwrap_or_default();
    let authority = behind.find(['/', '?']).unwrap_or(behind.len());
    scheme + 2 + authority
}

fn is_escape(text: &[u8]) -> bool {
    let digits = text.get(1..3).unwrap_or_default();
    digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
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
    fn what_only_http_allows_in_a_url_is_encoded() {
        let base = ApiUrl::new("https://a/b?f[org]=1|2&100%", &PlaintextHosts::none()).unwrap();
        let from_base = |reference| resolve(reference, &base);

        assert_eq!(from_base("?page=2").as_deref(), Some("https://a/b?page=2"));
        assert_eq!(
            from_base("").as_deref(),
            Some("https://a/b?f%5Borg%5D=1%7C2&100%25")
        );
        for (reference, url) in [
            (
                "?f[org]=a%20b&{c}",
                "https://a/b/c/d;p?f%5Borg%5D=a%20b&%7Bc%7D",
            ),
            ("https://[::1]:8/x^y", "https://[::1]:8/x%5Ey"),
            ("//[::1]?`", "https://[::1]?%60"),
            ("/a?next=https://[b]", "https://a/a?next=https://%5Bb%5D"),
            ("%", "https://a/b/c/%25"),
            ("%2", "https://a/b/c/%252"),
            ("%zz%", "https://a/b/c/%25zz%25"),
        ] {
            assert_eq!(resolved(reference).as_deref(), Some(url), "{reference}");
        }
    }

    #[test]
    fn an_invalid_reference_is_not_resolved() {
        for text in [
            "\\\\evil.example",
            "/a b",
            "http://[::1",
            "//[::1/a",
            "/a\nb",
            "//a%/b",
        ] {
            assert_eq!(resolved(text), None, "{text}");
        }
    }
}
