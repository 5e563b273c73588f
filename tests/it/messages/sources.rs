//! Checks that the list has the longest fixed part of every text in an `#[error("..")]` or a `tell!(..)` of
//! the sources. It does not find the texts that a `Display` writes by hand.

use std::fs;
use std::path::Path;

#[test]
fn every_error_attribute_and_every_event_of_the_sources_is_in_the_list() {
    let list = include_str!("../messages.txt");
    let mut texts = Vec::new();
    for krate in ["core", "driver", "redis", "reqwest", "ureq"] {
        let sources = format!("../crates/edx-auth-{krate}/src");
        collect(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(sources),
            &mut texts,
        );
    }

    let missing = texts.iter().filter(|text| !list.contains(*text));
    assert!(texts.len() > 50, "{texts:#?}");
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

/// Collects the texts of errors and events in these sources.
fn collect(path: &Path, texts: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), texts);
        }
    } else {
        let source = fs::read_to_string(path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        for (start, part) in [("#[error(\"", 0), ("tell!(", 1)] {
            let found = source.split(start).skip(1);
            texts.extend(found.filter_map(|after| text(after.split('"').nth(part)?)));
        }
    }
}

/// Returns the longest part of a text between its values.
fn text(literal: &str) -> Option<String> {
    let parts = literal.split('{');
    let parts = parts.map(|part| part.split_once('}').map_or(part, |(_, text)| text));
    parts.max_by_key(|part| part.len()).map(str::to_owned)
}
