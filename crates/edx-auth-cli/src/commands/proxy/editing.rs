//! What changes in the body of a response while it streams.

use std::fmt;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::links::Links;
use super::pages::PageLinks;
use super::redaction::{Redaction, Tokens};

/// Removes tokens from a body, and leads its links to pages through the proxy.
pub(super) struct Editing {
    redactions: Vec<Redaction>,
    pages: Option<PageLinks>,
}

impl Editing {
    /// Returns what the body of a response with these headers needs.
    pub(super) fn of(headers: &HeaderMap, tokens: &Tokens, links: Links) -> Self {
        Self {
            redactions: tokens.redactions(),
            pages: is_json(headers).then(|| PageLinks::new(links)),
        }
    }

    /// Returns the bytes that are ready, with these.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.pass(0, bytes.to_vec())
    }

    /// Returns the bytes that were held back when the body ended.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let mut ready = Vec::new();
        for stage in 0..self.redactions.len() {
            let held = self.redactions.get_mut(stage).map(Redaction::finish);
            ready.extend(self.pass(stage + 1, held.unwrap_or_default()));
        }
        ready.extend(
            self.pages
                .as_mut()
                .map(PageLinks::finish)
                .unwrap_or_default(),
        );
        ready
    }

    /// Passes bytes through the redactions from this one on, and through the links.
    fn pass(&mut self, from: usize, bytes: Vec<u8>) -> Vec<u8> {
        let redactions = self.redactions.iter_mut().skip(from);
        let redacted = redactions.fold(bytes, |bytes, redaction| redaction.push(&bytes));
        match &mut self.pages {
            Some(pages) => pages.push(&redacted),
            None => redacted,
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| {
        let media_type = media_type.trim().to_ascii_lowercase();
        media_type == "application/json" || media_type.ends_with("+json")
    })
}

impl fmt::Debug for Editing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editing").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_json_type(content_type: &'static str) -> bool {
        let value = HeaderValue::from_static(content_type);
        is_json(&[(CONTENT_TYPE, value)].into_iter().collect())
    }

    #[test]
    fn links_are_looked_for_in_json_alone() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/problem+json",
        ] {
            assert!(is_json_type(json), "{json}");
        }
        for other in ["text/html", "application/jsonlines", ""] {
            assert!(!is_json_type(other), "{other}");
        }
    }

    #[test]
    fn what_one_stage_holds_back_passes_through_the_next() {
        let links = Links::new("https://lms.example.org", "localhost:80");
        let mut editing = Editing {
            redactions: vec![Redaction::of("tokenA"), Redaction::of("nB")],
            pages: Some(PageLinks::new(links)),
        };

        let mut out = editing.push(br#"{"a":"tokenA nB","next":"https://lms.example.org/a token"#);
        out.extend(editing.finish());

        let expected = r#"{"a":"<redacted> <redacted>","next":"http://localhost:80/a token"#;
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
