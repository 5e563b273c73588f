//! A file of vectors: a list of rows, one per line.

use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

/// What a row is about, and how the core finds out what it means.
pub(super) trait Vector: Debug + PartialEq + Serialize + DeserializeOwned {
    /// The name of the file.
    const FILE: &'static str;

    type Meaning: Debug + PartialEq + Serialize + DeserializeOwned;

    /// Returns the name and the input of every row.
    fn rows() -> Vec<(String, Self)>;

    /// Returns what the core makes of this input.
    fn meaning(&self) -> Self::Meaning;
}

/// A row of a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row<I, M> {
    pub(super) name: String,
    pub(super) input: I,
    pub(super) expected: M,
}

/// Returns all rows of a file.
pub(super) fn file<V: Vector>() -> Vec<Row<V, V::Meaning>> {
    read::<V, _>()
}

/// Returns the inputs of a file that is itself the table of them.
pub(super) fn inputs<V: Vector>() -> Vec<(String, V)> {
    let rows: Vec<Row<V, IgnoredAny>> = read::<V, _>();
    rows.into_iter().map(|row| (row.name, row.input)).collect()
}

fn read<V: Vector, M: DeserializeOwned>() -> Vec<Row<V, M>> {
    let text = fs::read_to_string(path::<V>()).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", V::FILE))
}

/// Writes a file: every row of the table, with its meaning.
pub(super) fn write<V: Vector>() {
    let rows = V::rows().into_iter().map(|(name, input)| {
        let expected = input.meaning();
        serde_json::to_string(&Row {
            name,
            input,
            expected,
        })
        .unwrap()
    });
    let rows: Vec<_> = rows.collect();
    fs::write(path::<V>(), format!("[\n{}\n]\n", rows.join(",\n"))).unwrap();
}

fn path<V: Vector>() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(V::FILE)
}

/// Returns the name of a variant, such as `wrong_url` of `WrongUrl`.
pub(super) fn name_of(variant: &impl Debug) -> String {
    let shown = format!("{variant:?}");
    let name = shown.split(|c: char| !c.is_ascii_alphanumeric()).next();
    let mut words = String::new();
    for letter in name.unwrap_or_default().chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
