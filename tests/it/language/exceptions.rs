//! Uses of those words that stay, each with its reason.

use super::hits::Hit;

/// A word in a file or a folder.
#[derive(Debug)]
pub(super) struct Exception {
    path: &'static str,
    word: &'static str,
    #[allow(dead_code, reason = "for readers")]
    reason: &'static str,
}

impl Exception {
    pub(super) fn covers(&self, hit: &Hit) -> bool {
        hit.path.starts_with(self.path) && self.word == hit.word
    }
}

const fn exception(path: &'static str, word: &'static str, reason: &'static str) -> Exception {
    Exception { path, word, reason }
}

/// Terms that contain such a word, exactly as they are written.
#[rustfmt::skip] // read as a table
pub(super) const TERMS: &[(&str, &str)] = &[
    ("ConnectionRefused", "std::io::ErrorKind"),
    ("onnection refused", "the message of the operating system"),
    ("a_refused_connection", "the error of the operating system"),
    ("dead_code", "a lint of rustc"),
    ("DeadOnArrival", "the public name of an error"),
    ("NotTrusted", "the public name of a failure"),
    ("ForeignPair", "the public name of other variables"),
    ("is_same_pair", "the public name of a comparison"),
    ("KeyPair", "a type of rcgen"),
    ("append_pair", "a method of form_urlencoded"),
    ("extend_pairs", "a method of form_urlencoded"),
    ("easy.nobody(", "a method of curl"),
    ("key=value pair", "recorded: the gateway's message"),
    ("form_case(*pair) for pair in", "two values, not credentials"),
];

#[rustfmt::skip] // read as a table
pub(super) const EXCEPTIONS: &[Exception] = &[
    exception(".cargo/mutants.toml", "held token", "the private type `HeldToken`"),
    exception("crates/edx-auth-core/src/lifecycle/", "held token", "the private type `HeldToken`"),
];
