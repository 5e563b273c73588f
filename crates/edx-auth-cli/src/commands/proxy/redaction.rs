//! Removes the token from a body, while it streams.
//!
//! An API Gateway repeats the `Authorization` header in the message of some errors. The program behind the
//! proxy must not see it.

use edx_auth_reqwest::LiveToken;
use http::HeaderMap;
use memchr::memmem::Finder;
use zeroize::Zeroizing;

use super::headers;

/// The tokens that a response may echo.
#[derive(Default)]
pub(super) struct Tokens(Vec<Zeroizing<String>>);

impl Tokens {
    /// Adds a token that the request may have been sent with.
    pub(super) fn add(&mut self, token: &LiveToken) {
        let token = token.token().expose();
        if self.0.iter().all(|known| known.as_str() != token) {
            self.0.push(Zeroizing::new(token.to_owned()));
        }
    }

    /// Removes every header with one of them.
    pub(super) fn remove_from(&self, headers: &mut HeaderMap) {
        for token in &self.0 {
            headers::remove_with(headers, token);
        }
    }

    /// Returns what removes them from a body.
    pub(super) fn redactions(&self) -> Vec<Redaction> {
        self.0.iter().map(|token| Redaction::of(token)).collect()
    }
}

/// Replaces a secret in the bytes of a body.
pub(super) struct Redaction {
    secret: Zeroizing<Vec<u8>>,
    /// The last bytes, if they may be the beginning of the secret.
    held: Zeroizing<Vec<u8>>,
}

impl Redaction {
    pub(super) fn of(secret: &str) -> Self {
        Self {
            secret: Zeroizing::new(secret.as_bytes().to_vec()),
            held: Zeroizing::default(),
        }
    }

    /// Returns the bytes that are ready, with these.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut ready = Vec::with_capacity(self.held.len());
        let mut rest = self.held.as_slice();
        let finder = Finder::new(self.secret.as_slice());
        while let Some((before, after)) = split(rest, finder.find(rest), self.secret.len()) {
            ready.extend_from_slice(before);
            ready.extend_from_slice(REDACTED);
            rest = after;
        }
        let (known, open) = rest.split_at(self.beginning_in(rest));
        ready.extend_from_slice(known);
        self.held = Zeroizing::new(open.to_vec());
        ready
    }

    /// Returns the bytes that were held back when the body ended.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.held)
    }

    /// Returns where in these bytes the secret may begin: at their end, if nowhere.
    fn beginning_in(&self, bytes: &[u8]) -> usize {
        let earliest = (bytes.len() + 1).saturating_sub(self.secret.len());
        let may_begin = |at: &usize| {
            let end = bytes.get(*at..).unwrap_or_default();
            self.secret.starts_with(end)
        };
        (earliest..bytes.len())
            .find(may_begin)
            .unwrap_or(bytes.len())
    }
}

/// Returns the bytes before and after a secret that was found.
fn split(bytes: &[u8], found: Option<usize>, length: usize) -> Option<(&[u8], &[u8])> {
    let (before, rest) = bytes.split_at_checked(found?)?;
    Some((before, rest.get(length..)?))
}

const REDACTED: &[u8] = b"<redacted>";

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(body: &str, chunk: usize) -> String {
        let mut redaction = Redaction::of("aab.c");
        let mut out = Vec::new();
        for bytes in body.as_bytes().chunks(chunk) {
            out.extend(redaction.push(bytes));
        }
        out.extend(redaction.finish());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn the_token_is_replaced_wherever_a_chunk_ends() {
        for (body, expected) in [
            (
                "'JWT aab.c' is no key=value",
                "'JWT <redacted>' is no key=value",
            ),
            ("aaab.caab.c", "a<redacted><redacted>"),
            ("aab.", "aab."),
            ("aab.aab.c", "aab.<redacted>"),
            ("", ""),
        ] {
            for chunk in 1..=body.len().max(1) {
                assert_eq!(redacted(body, chunk), expected, "in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn only_the_beginning_of_the_token_is_held_back() {
        let mut redaction = Redaction::of("aab.c");

        assert_eq!(redaction.push(b"xaa"), b"x");
        assert_eq!(redaction.push(b"aab.x"), b"aaaab.x");
    }
}
