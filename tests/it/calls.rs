//! API calls over both clients, as a table: each row has a site, the calls of a program, their
//! outcomes, and the requests that the site gets.

mod action;
mod credentials;
mod herd;
mod over_reqwest;
mod over_ureq;
mod pooled;
mod redirects;
mod retries;
mod row;
mod run;
mod sent;
mod table;
mod uploads;

use std::collections::BTreeSet;
use std::thread;

use edx_auth_tests::clients::{CLIENTS, HttpLibrary};
use edx_auth_tests::unified::differs;

use run::run;
use table::table;

#[test]
fn both_clients_match_the_table() {
    let threads = CLIENTS
        .map(|library| THREADS.map(|first| thread::spawn(move || differences(library, first))));

    let differences: Vec<_> = threads
        .into_iter()
        .flatten()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn row_names_are_unique() {
    let table = table();

    let names: BTreeSet<_> = table.iter().map(|row| &row.name).collect();

    assert_eq!(names.len(), table.len());
}

/// Returns the differences in the rows of one thread: every fourth row, because some rows wait.
fn differences(library: HttpLibrary, first: usize) -> Vec<String> {
    let rows = table().into_iter().skip(first).step_by(THREADS.len());
    let differences = rows.filter_map(|row| {
        let (name, expected) = (row.name.clone(), row.story());
        let story = run(row, library);
        let is_different = story != expected;
        (is_different != differs(library.name, &name)).then(|| {
            format!(
                "{}: {name}\n   not {expected}\n   but {story}",
                library.name
            )
        })
    });
    differences.collect()
}

const THREADS: [usize; 4] = [0, 1, 2, 3];
