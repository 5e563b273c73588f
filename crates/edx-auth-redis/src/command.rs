//! One command for Redis.

use zeroize::Zeroizing;

/// A command as it is sent. It may contain a token or a password.
pub(crate) struct Command(Zeroizing<Vec<u8>>);

impl Command {
    pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let parts: Vec<_> = parts.into_iter().collect();
        let lengths = parts.iter().map(|part| part.len() + ROOM);
        // It never grows: a copy that is left behind would not be wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(lengths.sum::<usize>() + ROOM));
        bytes.extend_from_slice(format!("*{}\r\n", parts.len()).as_bytes());
        for part in parts {
            bytes.extend_from_slice(format!("${}\r\n", part.len()).as_bytes());
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(b"\r\n");
        }
        Self(bytes)
    }

    /// Creates a command that runs a script, which no other command interrupts.
    pub(crate) fn run(script: &str, keys: &[&str], arguments: &[&[u8]]) -> Self {
        let number = keys.len().to_string();
        let head = ["EVAL", script, &number].into_iter();
        let head = head.chain(keys.iter().copied()).map(str::as_bytes);
        Self::of(head.chain(arguments.iter().copied()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Room for a length and the ends of its lines.
const ROOM: usize = 26;

#[cfg(test)]
impl Command {
    /// Returns the parts of the command, separated by spaces.
    pub(crate) fn words(&self) -> String {
        let text = std::str::from_utf8(&self.0).unwrap();
        let words: Vec<_> = text.split("\r\n").skip(2).step_by(2).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_each_part_keeps_it_from_being_taken_for_another_command() {
        let command = Command::of([&b"SET"[..], b"a\r\n*1\r\n$8\r\nFLUSHALL\r\n"]);

        let expected = b"*2\r\n$3\r\nSET\r\n$21\r\na\r\n*1\r\n$8\r\nFLUSHALL\r\n\r\n";
        assert_eq!(command.as_bytes(), expected);
    }

    #[test]
    fn a_script_comes_with_its_keys_and_arguments() {
        let command = Command::run("return 1", &["a", "b"], &[b"c"]);

        assert_eq!(command.words(), "EVAL return 1 2 a b c");
        assert!(command.as_bytes().len() <= command.0.capacity());
    }
}
