//! The two drivers are twins to the letter wherever neither waits nor sends.

use std::fs;
use std::path::Path;

/// What the twins have in common, and the words in which they may differ.
const SHARED: [&str; 11] = [
    "client/deadline.rs",
    "client/draft.rs",
    "environment.rs",
    "error.rs",
    "exchanges.rs",
    "source/clock.rs",
    "source/credentials.rs",
    "source/errand.rs",
    "silence.rs",
    "source/renewal.rs",
    "trace.rs",
];
const WORDS: [(&str, &str); 4] = [
    ("Arc::new(cause)),", "Arc::new(cause.without_url())),"),
    ("ureq::Error", "reqwest::Error"),
    ("edx_auth_ureq", "edx_auth_reqwest"),
    ("notify_all()", "notify_waiters()"),
];

#[test]
fn what_neither_waits_nor_sends_is_the_same_in_both() {
    for file in SHARED {
        let blocking = source("edx-auth-ureq", file);
        let in_async_words =
            |text: String, (ours, theirs): &(&str, &str)| text.replace(ours, theirs);
        let expected = WORDS.iter().fold(blocking, in_async_words);

        assert_eq!(source("edx-auth-reqwest", file), expected, "{file}");
    }
}

fn source(driver: &str, file: &str) -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    fs::read_to_string(crates.join(driver).join("src").join(file)).unwrap()
}
