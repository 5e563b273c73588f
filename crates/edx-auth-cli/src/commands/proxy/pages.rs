//! Rewrites the links to other pages in JSON, while it streams.
//!
//! A scanner that knows where texts begin and end, and which text is the name of a member. It holds back the
//! first bytes of a link until its origin is known, and nothing else, so memory does not grow with the body.

use super::links::{Beginning, Links};

/// Rewrites `next` and `previous` at any depth, wherever they lead to the origin.
#[derive(Debug)]
pub(super) struct PageLinks {
    links: Links,
    place: Place,
}

/// Where in the JSON the next byte is.
#[derive(Debug)]
enum Place {
    /// Between texts. The last one may have been the name of a link.
    Between(LastText),
    /// In a text, of which these bytes are known.
    Text { known: Vec<u8>, is_escaped: bool },
    /// At the beginning of a link that is held back: its bytes as they came, and without escapes.
    Link { raw: Vec<u8>, plain: Vec<u8> },
}

/// What came before, apart from white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastText {
    Other,
    LinkName,
    LinkNameAndColon,
}

impl PageLinks {
    pub(super) fn new(links: Links) -> Self {
        Self {
            links,
            place: Place::Between(LastText::Other),
        }
    }

    /// Returns the bytes that are ready, with these.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut ready = Vec::with_capacity(bytes.len());
        for byte in bytes {
            self.place = match std::mem::replace(&mut self.place, OTHER) {
                Place::Between(last) => between(last, *byte, &mut ready),
                Place::Text { known, is_escaped } => text(known, is_escaped, *byte, &mut ready),
                Place::Link { raw, plain } => self.link(raw, plain, *byte, &mut ready),
            };
        }
        ready
    }

    /// Returns the bytes that were held back when the body ended.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        match std::mem::replace(&mut self.place, OTHER) {
            Place::Link { raw, .. } => raw,
            Place::Between(_) | Place::Text { .. } => Vec::new(),
        }
    }

    fn link(&self, mut raw: Vec<u8>, mut plain: Vec<u8>, byte: u8, ready: &mut Vec<u8>) -> Place {
        // `\/` is another way to write a slash. A second backslash is part of the link.
        if byte == b'\\' && raw.last() != Some(&b'\\') {
            raw.push(byte);
            return Place::Link { raw, plain };
        }
        let is_escaped = raw.last() == Some(&b'\\');
        raw.push(byte);
        plain.push(byte);
        let known = if is_escaped && byte != b'/' {
            Beginning::Other
        } else {
            self.links.beginning(&plain)
        };
        match known {
            Beginning::Open => return Place::Link { raw, plain },
            Beginning::Origin => {
                ready.extend_from_slice(self.links.proxy().as_bytes());
                ready.extend(is_escaped.then_some(b'\\'));
                ready.push(byte);
            }
            Beginning::Other => ready.extend_from_slice(&raw),
        }
        if byte == b'"' && !is_escaped {
            OTHER
        } else {
            in_text()
        }
    }
}

fn between(last: LastText, byte: u8, ready: &mut Vec<u8>) -> Place {
    ready.push(byte);
    match (byte, last) {
        (b'"', LastText::LinkNameAndColon) => Place::Link {
            raw: Vec::new(),
            plain: Vec::new(),
        },
        (b'"', _) => Place::Text {
            known: Vec::new(),
            is_escaped: false,
        },
        (b':', LastText::LinkName) => Place::Between(LastText::LinkNameAndColon),
        (b' ' | b'\t' | b'\n' | b'\r', last) => Place::Between(last),
        _ => OTHER,
    }
}

fn text(mut known: Vec<u8>, is_escaped: bool, byte: u8, ready: &mut Vec<u8>) -> Place {
    ready.push(byte);
    if byte == b'"' && !is_escaped {
        return Place::Between(last_text(&known));
    }
    if known.len() <= LONGEST_NAME {
        known.push(byte);
    }
    Place::Text {
        known,
        is_escaped: byte == b'\\' && !is_escaped,
    }
}

/// Returns the place in the rest of a text that is no name of a link.
fn in_text() -> Place {
    Place::Text {
        known: vec![0],
        is_escaped: false,
    }
}

fn last_text(known: &[u8]) -> LastText {
    if NAMES.contains(&known) {
        LastText::LinkName
    } else {
        LastText::Other
    }
}

const OTHER: Place = Place::Between(LastText::Other);
const NAMES: [&[u8]; 2] = [b"next", b"previous"];
const LONGEST_NAME: usize = "previous".len();

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(json: &str, chunk: usize) -> String {
        let mut links = PageLinks::new(Links::new("https://lms.example.org", "localhost:80"));
        let mut out = Vec::new();
        for bytes in json.as_bytes().chunks(chunk) {
            out.extend(links.push(bytes));
        }
        out.extend(links.finish());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn links_to_pages_lead_through_the_proxy() {
        for (json, expected) in [
            (
                r#"{"next":"https://lms.example.org/a/?page=2","previous":null}"#,
                r#"{"next":"http://localhost:80/a/?page=2","previous":null}"#,
            ),
            (
                r#"{ "pagination" : { "previous" : "http://lms.example.org?a" } }"#,
                r#"{ "pagination" : { "previous" : "http://localhost:80?a" } }"#,
            ),
            (
                r#"{"next":"https:\/\/lms.example.org\/a\/"}"#,
                r#"{"next":"http://localhost:80\/a\/"}"#,
            ),
            (
                r#"{"next":"https://lms.example.org"}"#,
                r#"{"next":"http://localhost:80"}"#,
            ),
            (
                r#"[{"next":"https://lms.example.org/1"},{"next":"https://lms.example.org/2"}]"#,
                r#"[{"next":"http://localhost:80/1"},{"next":"http://localhost:80/2"}]"#,
            ),
        ] {
            for chunk in 1..=json.len() {
                assert_eq!(rewritten(json, chunk), expected, "in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for json in [
            r#"{"next":null,"url":"https://lms.example.org/a/"}"#,
            r#"{"next":"https://lms.example.org.evil.example/"}"#,
            r#"{"next":"https://evil.example/https://lms.example.org/"}"#,
            r#"{"next":"https://lms.example.org\u002f"}"#,
            r#"{"next":"https:\\/lms.example.org/"}"#,
            r#"{"next":["https://lms.example.org/a/"]}"#,
            r#"{"a":"next","b":"https://lms.example.org/a/"}"#,
            r#"["next","https://lms.example.org/a/"]"#,
            r#"{"next\"":"https://lms.example.org/","a":"\"next\":\"https://lms.example.org/"}"#,
            r#"{"nextt":"https://lms.example.org/","":"https://lms.example.org/"}"#,
            r#"{"previous":"","next":"h"#,
            r#"{"next":"\"#,
            "not JSON",
            "",
        ] {
            for chunk in 1..=json.len().max(1) {
                assert_eq!(rewritten(json, chunk), json, "in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn a_long_link_is_not_held_back() {
        let mut links = PageLinks::new(Links::new("https://lms.example.org", "localhost:80"));

        let ready = links.push(br#"{"next":"https://lms.example.org/a"#);

        assert!(ready.ends_with(b"/a"));
    }
}
