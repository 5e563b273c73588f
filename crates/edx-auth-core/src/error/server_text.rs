//! Words of a server, made fit to be shown: short, on one line, and without a secret.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

/// Text that a server chose: at most 256 characters, control characters and other unprintable
/// ones escaped, and `[redacted]` as a whole where it held a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerText(Box<str>);

impl ServerText {
    /// The text as it may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Escaped already: quoting alone keeps it on one line.
        write!(f, "\"{}\"", self.0)
    }
}

/// What no text of a server may bring back: the secrets of one exchange, in the forms in which
/// they were sent, whole or percent-encoded in part.
///
/// A server that spells a secret in another way (as HTML does `&`, or in another case) is not seen
/// through.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a>([&'a str; 3]);

impl<'a> Secrets<'a> {
    /// The secret of a client, and what HTTP Basic makes of it.
    pub(crate) fn of_client(secret: &'a str, basic: &'a str) -> Self {
        // Padding is the first thing that a log cuts off.
        Self([secret, basic.trim_end_matches('='), ""])
    }

    /// These, and a token that the reply itself holds.
    pub(crate) fn and_token(mut self, token: &'a str) -> Self {
        self.0[2] = token;
        self
    }

    /// The text as it may be shown.
    pub(crate) fn scrub(self, text: &str) -> ServerText {
        if self.are_in(text) {
            ServerText("[redacted]".into())
        } else {
            ServerText(one_short_line(text).into())
        }
    }

    /// Whether one of them stands in the text, as it is or encoded.
    pub(crate) fn are_in(self, text: &str) -> bool {
        if self.stand_in(text) {
            return true;
        }
        // Nothing is encoded where nothing can be decoded.
        text.contains(['%', '+']) && {
            let text = text.as_bytes();
            let spaced = wiped(text.len(), text.iter().copied().map(space_of_plus));
            let readings = [text, &spaced].map(|text| wiped(text.len(), percent_decode(text)));
            readings.iter().any(|bytes| self.stand_in_bytes(bytes))
        }
    }

    /// A secret is text, so it stands between what is none.
    fn stand_in_bytes(self, bytes: &[u8]) -> bool {
        let mut texts = bytes.utf8_chunks().map(|chunk| chunk.valid());
        texts.any(|text| self.stand_in(text))
    }

    fn stand_in(self, text: &str) -> bool {
        let mut secrets = self.0.into_iter().filter(|secret| !secret.is_empty());
        secrets.any(|secret| text.contains(secret))
    }
}

/// What may hold a secret, in one buffer with room enough: one that grew would leave copies behind.
fn wiped(room: usize, bytes: impl Iterator<Item = u8>) -> Zeroizing<Vec<u8>> {
    let mut read = Zeroizing::new(Vec::with_capacity(room));
    read.extend(bytes);
    read
}

fn space_of_plus(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte }
}

fn one_short_line(text: &str) -> String {
    let mut line = String::new();
    let mut room = SHOWN_CHARACTERS;
    for character in text.chars() {
        let shown = shown(character);
        let width = shown.chars().count();
        if width >= room {
            line.push('…');
            break;
        }
        line.push_str(&shown);
        room -= width;
    }
    line
}

/// Quotes stay as they are; what could steer a terminal or hide itself is spelled out.
fn shown(character: char) -> String {
    match character {
        '"' | '\'' => String::from(character),
        _ => character.escape_debug().to_string(),
    }
}

/// Enough for a sentence of a server, too little to flood a log.
const SHOWN_CHARACTERS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets<'static> {
        Secrets::of_client("s/cr=t&1", "aWQ6cw==")
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let text = secrets().scrub(&"ä".repeat(300));

        assert_eq!(text.as_str().chars().count(), 256);
        assert!(text.as_str().ends_with('…'));
    }

    #[test]
    fn what_would_steer_a_terminal_is_escaped() {
        let text = secrets().scrub("a\u{1b}[31m\r\n\u{202e}\u{0}\"b");

        assert_eq!(text.as_str(), "a\\u{1b}[31m\\r\\n\\u{202e}\\0\"b");
        assert_eq!(
            alloc::format!("{text:?}"),
            "\"a\\u{1b}[31m\\r\\n\\u{202e}\\0\"b\""
        );
    }

    #[test]
    fn an_echoed_secret_takes_the_whole_text_with_it() {
        for echo in [
            "no s/cr=t&1 here",
            "no s%2Fcr%3Dt%261 here",
            "no s%2fcr%3dt%261 here",
            "client_secret=s%2Fcr%3Dt%261&x=y",
            "partly s/cr%3Dt&1",
            "Basic aWQ6cw== is wrong",
            "Basic aWQ6cw is cut",
            "Basic aWQ6cw%3D%3D",
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
    fn an_echo_beyond_the_cut_is_found_all_the_same() {
        let text = "x".repeat(255) + "s/cr=t&1";

        assert_eq!(secrets().scrub(&text).as_str(), "[redacted]");
    }
}
