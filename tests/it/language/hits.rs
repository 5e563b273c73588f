//! Finds the words that are not standard.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use super::exceptions::TERMS;
use super::texts;
use super::words::{NAMES, WORDS};

/// A word that is not standard, and where it is. Line 0 is the path of the file.
pub(super) struct Hit {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) word: &'static str,
    instead: &'static str,
}

/// All hits in the repository.
pub(super) static ALL: LazyLock<Vec<Hit>> = LazyLock::new(|| {
    let texts = texts::all();
    let hits = texts.iter().flat_map(|(path, text)| of(path, text));
    hits.collect()
});

/// Returns the hits in one file.
pub(super) fn of(path: &str, text: &str) -> Vec<Hit> {
    let text = without_terms(text);
    let lines = (1..).zip(text.lines());
    let words: Vec<_> = std::iter::once((0, path))
        .chain(lines)
        .flat_map(|(number, line)| words(line).into_iter().map(move |word| (number, word)))
        .collect();
    let phrases = (0..words.len()).filter_map(|start| phrase_at(&words[start..]));
    let found = phrases.chain(names(path, &text));
    found
        .map(|(line, (word, instead))| Hit {
            path: path.to_owned(),
            line,
            word,
            instead,
        })
        .collect()
}

fn without_terms(text: &str) -> String {
    let terms = TERMS.iter().map(|(term, _)| term);
    terms.fold(text.to_owned(), |text, term| text.replace(term, "_"))
}

type Entry = (&'static str, &'static str);

/// Returns the entry whose phrase these words begin with.
fn phrase_at(words: &[(usize, String)]) -> Option<(usize, Entry)> {
    let (line, first) = words.first()?;
    let entries = BY_FIRST_WORD.get(first.as_str())?;
    let begins = |(phrase, _): &&Entry| {
        let mut phrase = phrase.split(' ');
        let mut words = words.iter().map(|(_, word)| word.as_str());
        phrase.all(|word| words.next() == Some(word))
    };
    entries.iter().find(begins).map(|entry| (*line, *entry))
}

/// Returns the old names in the code of a Rust file.
fn names(path: &str, text: &str) -> Vec<(usize, Entry)> {
    let is_rust = Path::new(path).extension().is_some_and(|kind| kind == "rs");
    let is_code = |line: &str| is_rust && !line.trim_start().starts_with("//");
    let lines = (1..).zip(text.lines()).filter(|(_, line)| is_code(line));
    let names = lines.flat_map(|(number, line)| {
        let names = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        names.filter_map(move |name| {
            let entry = NAMES.iter().find(|(old, _)| *old == name)?;
            Some((number, *entry))
        })
    });
    names.collect()
}

/// Returns the words of a line in lower case. Identifiers are split into words, and a character that
/// ends a phrase is a word too.
fn words(line: &str) -> Vec<String> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for end in 1..=bytes.len() {
        if end == bytes.len() || is_boundary(bytes, end) {
            let word = line.get(start..end).unwrap_or(".").to_ascii_lowercase();
            words.extend((!SEPARATORS.contains(&*word)).then_some(word));
            start = end;
        }
    }
    words
}

/// Returns whether a word may begin here: after any other character, and at a capital letter.
fn is_boundary(bytes: &[u8], place: usize) -> bool {
    let (before, here) = (bytes[place - 1], bytes[place]);
    let next = bytes.get(place + 1).is_some_and(u8::is_ascii_lowercase);
    let is_capital = here.is_ascii_uppercase() && (before.is_ascii_lowercase() || next);
    is_capital || !before.is_ascii_alphabetic() || !here.is_ascii_alphabetic()
}

/// Allowed inside of a phrase: white space, underscores, and comment markers.
const SEPARATORS: &str = " \t_/*#-";

static BY_FIRST_WORD: LazyLock<HashMap<&str, Vec<Entry>>> = LazyLock::new(|| {
    let mut entries: HashMap<&str, Vec<Entry>> = HashMap::new();
    for (phrases, instead) in WORDS {
        for phrase in phrases.split(", ") {
            let first = phrase.split(' ').next().unwrap();
            entries.entry(first).or_default().push((phrase, instead));
        }
    }
    entries
});

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            word,
            instead,
        } = self;
        write!(f, "{path}:{line}: `{word}`, better: {instead}")
    }
}
