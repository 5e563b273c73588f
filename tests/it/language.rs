//! All texts of the repository use the standard words of the RFCs, of the HTTP libraries and of Open
//! edX: comments, names, messages, documents and file names.
//!
//! A word that is not standard here has a better one in [`words`]; a use that must stay has its reason
//! in [`exceptions`].

mod exceptions;
mod hits;
mod texts;
mod words;

use exceptions::EXCEPTIONS;
use hits::Hit;

#[test]
fn every_text_uses_the_standard_words() {
    let excepted = |hit: &&Hit| EXCEPTIONS.iter().any(|exception| exception.covers(hit));

    let unexpected: Vec<_> = hits::ALL
        .iter()
        .filter(|hit| !excepted(hit))
        .map(Hit::to_string)
        .collect();

    assert!(unexpected.is_empty(), "\n{}", unexpected.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    for exception in EXCEPTIONS {
        let is_needed = hits::ALL.iter().any(|hit| exception.covers(hit));

        assert!(is_needed, "{exception:?}");
    }
}

#[test]
fn a_planted_word_is_found_in_every_text() {
    for (path, text, line, word) in [
        ("a.md", "one line\nAn Answer, perhaps.", 2, "answer"),
        (
            "a.rs",
            "/// for as\n/// so\n/// long as it takes",
            2,
            "so long",
        ),
        ("a.rs", "let next_reply = 1;", 1, "reply"),
        ("a.rs", "struct MintPolicy;", 1, "mint"),
        ("a.rs", "const HTTPRefusal: u8 = 1;", 1, "refusal"),
        ("a.rs", "panic!(\"nobody came\")", 1, "nobody"),
        ("tests/pairs.rs", "", 0, "pairs"),
        ("a.rs", "fn judge() {}", 1, "judge"),
    ] {
        let found = hits::of(path, text);

        let found: Vec<_> = found.iter().map(|hit| (hit.line, hit.word)).collect();
        assert_eq!(found, [(line, word)], "{text}");
    }
}

#[test]
fn a_phrase_ends_with_its_sentence() {
    assert!(hits::of("a.md", "It waits so. Long waits fail.").is_empty());
    assert!(hits::of("a.rs", "// a judge").is_empty());
}
