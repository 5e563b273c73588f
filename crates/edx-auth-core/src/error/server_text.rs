//! Text from a server, made safe to show: short, on one line and without a secret.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use crate::exchange::form;
use crate::token::JWT_BEGINNING;

/// Text from a server, safe to show: at most 256 characters, with control and other unprintable
/// characters escaped. It is `[redacted]` as a whole if it contained a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerText(Box<str>);

impl ServerText {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes a text of an API safe to show. The token of the call is not known here: a text that
    /// contains the beginning of any JWT counts as one with a secret.
    pub(crate) fn of_api(text: &str) -> Self {
        Self::of_call(text, "")
    }

    /// Makes a text of an API safe to show that was called with this token.
    pub(crate) fn of_call(text: &str, token: &str) -> Self {
        let secrets = Secrets {
            client_id: "",
            plain: [JWT_BEGINNING, token],
        };
        secrets.scrub(text)
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text is escaped already: escaping it again would change it.
        write!(f, "\"{}\"", self.0)
    }
}

/// The secrets of one exchange. A server's text that repeats one of them, as it was sent or
/// percent-encoded in whole or in part, is not shown.
///
/// Other encodings of a secret (such as HTML's `&amp;`, or another case) are not recognized.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    client_id: &'a str,
    /// The client secret and the token, or what else is not shown.
    plain: [&'a str; 2],
}

/// The secrets as a text may contain them.
#[derive(Clone, Copy)]
struct Spellings<'a>([&'a str; 3]);

impl<'a> Secrets<'a> {
    /// Returns the client secret, which HTTP Basic combines with the client ID.
    pub(crate) fn of_client(client_id: &'a str, secret: &'a str) -> Self {
        Self {
            client_id,
            plain: [secret, ""],
        }
    }

    /// Adds the token that the response contains.
    pub(crate) fn and_token(mut self, token: &'a str) -> Self {
        self.plain[1] = token;
        self
    }

    /// Returns the text, safe to show.
    pub(crate) fn scrub(self, text: &str) -> ServerText {
        if self.occur_in(text) {
            ServerText("[redacted]".into())
        } else {
            ServerText(one_short_line(text).into())
        }
    }

    /// Reports whether the text contains one of the secrets, in plain or encoded.
    pub(crate) fn occur_in(self, text: &str) -> bool {
        let basic = self.basic_in(text).unwrap_or_default();
        let [secret, token] = self.plain;
        // A server's text may repeat the value without its padding.
        Spellings([secret, token, basic.trim_end_matches('=')]).occur_in(text)
    }

    /// Returns the form of the client secret in HTTP Basic, unless the text is too short for it.
    fn basic_in(self, text: &str) -> Option<Zeroizing<String>> {
        let (id, [secret, _]) = (self.client_id, self.plain);
        let is_possible = !id.is_empty() && text.len() > id.len() + secret.len();
        is_possible.then(|| form::basic(id, secret))
    }
}

impl Spellings<'_> {
    fn occur_in(self, text: &str) -> bool {
        // No encoding is shorter than the secret itself.
        let fits = |secret: &&str| (1..=text.len()).contains(&secret.len());
        if !self.0.iter().any(fits) {
            return false;
        }
        if self.occur_in_plain(text) {
            return true;
        }
        // Without these characters, decoding changes nothing.
        memchr::memchr2(b'%', b'+', text.as_bytes()).is_some() && {
            let text = text.as_bytes();
            let spaced = wiped(text.len(), text.iter().copied().map(space_of_plus));
            let decoded = [text, &spaced].map(|text| wiped(text.len(), percent_decode(text)));
            decoded.iter().any(|bytes| self.occur_in_bytes(bytes))
        }
    }

    /// Searches only the parts that are UTF-8, as every secret is.
    fn occur_in_bytes(self, bytes: &[u8]) -> bool {
        let mut texts = bytes.utf8_chunks().map(|chunk| chunk.valid());
        texts.any(|text| self.occur_in_plain(text))
    }

    fn occur_in_plain(self, text: &str) -> bool {
        let mut secrets = self.0.into_iter().filter(|secret| !secret.is_empty());
        secrets.any(|secret| text.contains(secret))
    }
}

/// Collects bytes that may contain a secret into a buffer that is wiped when dropped. It has its
/// full capacity from the start: a buffer that grew would leave copies behind.
fn wiped(capacity: usize, bytes: impl Iterator<Item = u8>) -> Zeroizing<Vec<u8>> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(capacity));
    buffer.extend(bytes);
    buffer
}

fn space_of_plus(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte }
}

fn one_short_line(text: &str) -> String {
    let mut line = String::new();
    let mut left = MAX_CHARACTERS;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let shown = escaped(character);
        let width = shown.chars().count();
        let with_ellipsis = width + usize::from(characters.peek().is_some());
        if with_ellipsis > left {
            line.push('…');
            break;
        }
        line.push_str(&shown);
        left -= width;
    }
    line
}

/// Escapes what could control a terminal or be invisible. Quotes stay as they are.
fn escaped(character: char) -> String {
    match character {
        '"' | '\'' => String::from(character),
        _ => character.escape_debug().to_string(),
    }
}

/// Enough for a sentence of a server, too little to flood a log.
const MAX_CHARACTERS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets<'static> {
        Secrets::of_client("id", "s/cr=t&1")
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let text = secrets().scrub(&"ä".repeat(300));

        assert_eq!(text.as_str().chars().count(), 256);
        assert!(text.as_str().ends_with('…'));
    }

    #[test]
    fn a_text_of_the_longest_length_is_not_cut() {
        for end in ["ab", "a", "\u{7}"] {
            let text = "a".repeat(256 - escaped_length(end)) + end;

            let shown = secrets().scrub(&text);

            assert_eq!(shown.as_str().chars().count(), 256, "{end:?}");
            assert!(!shown.as_str().ends_with('…'), "{end:?}");
            assert!(secrets().scrub(&(text + "a")).as_str().ends_with('…'));
        }
    }

    fn escaped_length(text: &str) -> usize {
        text.escape_debug().count()
    }

    #[test]
    fn terminal_control_characters_are_escaped() {
        let text = secrets().scrub("a\u{1b}[31m\r\n\u{202e}\u{0}\"b");

        assert_eq!(text.as_str(), "a\\u{1b}[31m\\r\\n\\u{202e}\\0\"b");
        assert_eq!(
            alloc::format!("{text:?}"),
            "\"a\\u{1b}[31m\\r\\n\\u{202e}\\0\"b\""
        );
    }

    #[test]
    fn an_echoed_secret_redacts_the_whole_text() {
        for echo in [
            "no s/cr=t&1 here",
            "no s%2Fcr%3Dt%261 here",
            "no s%2fcr%3dt%261 here",
            "client_secret=s%2Fcr%3Dt%261&x=y",
            "partly s/cr%3Dt&1",
            "Basic aWQ6cyUyRmNyJTNEdCUyNjE= is wrong",
            "Basic aWQ6cyUyRmNyJTNEdCUyNjE is cut",
            "aWQ6cyUyRmNyJTNEdCUyNjE",
            "Basic aWQ6cyUyRmNyJTNEdCUyNjE%3D",
        ] {
            assert_eq!(secrets().scrub(echo).as_str(), "[redacted]", "{echo}");
        }
    }

    #[test]
    fn an_echoed_token_is_a_secret_too() {
        let secrets = secrets().and_token("eyJ0");

        assert_eq!(secrets.scrub("xeyJ0x").as_str(), "[redacted]");
    }

    #[test]
    fn a_secret_in_the_part_that_is_cut_off_is_found() {
        let text = "x".repeat(255) + "s/cr=t&1";

        assert_eq!(secrets().scrub(&text).as_str(), "[redacted]");
    }
}
