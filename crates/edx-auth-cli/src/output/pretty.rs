//! JSON with line breaks, for people.

/// Returns the JSON with one value to a line. Names keep their order and numbers their digits; what is not
/// JSON changes as little as possible.
pub(super) fn indented(json: &[u8]) -> Vec<u8> {
    let mut writer = Writer::default();
    for &byte in json.trim_ascii() {
        writer.push(byte);
    }
    writer.text.push(b'\n');
    writer.text
}

#[derive(Default)]
struct Writer {
    text: Vec<u8>,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Whether a list or an object was just opened: an empty one stays on its line.
    is_open: bool,
}

impl Writer {
    fn push(&mut self, byte: u8) {
        if self.in_string {
            self.push_in_string(byte);
        } else if !byte.is_ascii_whitespace() {
            self.push_outside(byte);
        }
    }

    fn push_in_string(&mut self, byte: u8) {
        self.text.push(byte);
        self.in_string = self.is_escaped || byte != b'"';
        self.is_escaped = byte == b'\\' && !self.is_escaped;
    }

    fn push_outside(&mut self, byte: u8) {
        let closes = matches!(byte, b'}' | b']');
        if closes {
            self.depth = self.depth.saturating_sub(1);
        }
        if self.is_open != closes && (self.is_open || closes) {
            self.new_line();
        }
        self.text.push(byte);
        self.is_open = matches!(byte, b'{' | b'[');
        self.in_string = byte == b'"';
        match byte {
            b'{' | b'[' => self.depth += 1,
            b',' => self.new_line(),
            b':' => self.text.push(b' '),
            _ => {}
        }
    }

    fn new_line(&mut self) {
        self.text.push(b'\n');
        let indentation = 2 * self.depth.min(DEEPEST);
        self.text.resize(self.text.len() + indentation, b' ');
    }
}

/// Deeper values are indented no further: else a line would be as long as the text before it.
const DEEPEST: usize = 64;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn order_digits_and_strings_stay_as_they_are() {
        let json = br#"{"b":[1.10,{"a":"x{,\":\\"}],"a":[],"c":{ }, "d" : "\\"}"#;

        assert_eq!(
            String::from_utf8(indented(json)).unwrap(),
            r#"{
  "b": [
    1.10,
    {
      "a": "x{,\":\\"
    }
  ],
  "a": [],
  "c": {},
  "d": "\\"
}
"#
        );
    }

    #[test]
    fn deep_json_stays_small() {
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();

        assert!(indented(&deep).len() < 20_000 * (2 * DEEPEST + 2));
    }
}
