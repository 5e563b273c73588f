//! The vectors in `tests/vectors`: the rules of the core as data, so that a client in any language can be
//! compared with them. `vectors/README.md` describes the files.

mod lives;
mod odd_bodies;
mod pages;
mod recorded;
mod table;
mod token_responses;
mod verdicts;

use std::env;
use std::sync::Once;

use table::{Vector, file, write};

/// Reads each file as a client in another language would: nothing else of these tests is used.
#[test]
fn the_core_does_what_every_vector_says() {
    bless();
    assert_true::<token_responses::Input>();
    assert_true::<verdicts::Input>();
    assert_true::<pages::Input>();
    assert_true::<lives::Life>();
}

#[test]
fn the_vectors_are_every_row_of_the_tables_and_no_other() {
    bless();
    assert_whole::<token_responses::Input>();
    assert_whole::<verdicts::Input>();
    assert_whole::<pages::Input>();
    assert_whole::<lives::Life>();
}

fn assert_true<V: Vector>() {
    let rows = file::<V>();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(
            row.input.meaning(),
            row.expected,
            "{}: {}",
            V::FILE,
            row.name
        );
    }
}

fn assert_whole<V: Vector>() {
    let mut rows = file::<V>().into_iter().map(|row| (row.name, row.input));
    for (name, input) in V::rows() {
        assert_eq!(rows.next(), Some((name, input)), "{}", V::FILE);
    }
    assert_eq!(rows.next(), None, "{}", V::FILE);
    let mut names: Vec<_> = V::rows().into_iter().map(|(name, _)| name).collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two rows of {} have one name", V::FILE);
}

/// Writes the files, once, with `EDX_AUTH_BLESS=1`.
fn bless() {
    static ONCE: Once = Once::new();
    if env::var_os("EDX_AUTH_BLESS").is_some() {
        ONCE.call_once(|| {
            write::<token_responses::Input>();
            write::<verdicts::Input>();
            write::<pages::Input>();
            write::<lives::Life>();
        });
    }
}
