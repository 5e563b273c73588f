//! API calls over both clients: what a program asks for, what a site answers, what the program gets
//! and what the site was sent.

mod action;
mod credentials;
mod herd;
mod over_reqwest;
mod over_ureq;
mod performance;
mod pooled;
mod redirects;
mod retries;
mod row;
mod sent;
mod table;
mod uploads;

use std::collections::BTreeSet;
use std::thread;

use edx_auth_tests::clients::{CLIENTS, HttpLibrary};
use edx_auth_tests::unified::is_otherwise;

use performance::performed;
use table::table;

#[test]
fn both_clients_match_the_table() {
    let hands =
        CLIENTS.map(|library| HANDS.map(|hand| thread::spawn(move || differences(library, hand))));

    let differences: Vec<_> = hands
        .into_iter()
        .flatten()
        .flat_map(|hand| hand.join().unwrap())
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn row_names_are_unique() {
    let table = table();

    let names: BTreeSet<_> = table.iter().map(|row| &row.name).collect();

    assert_eq!(names.len(), table.len());
}

/// Of every so many rows one, since some of them wait for long.
fn differences(library: HttpLibrary, hand: usize) -> Vec<String> {
    let rows = table().into_iter().skip(hand).step_by(HANDS.len());
    let differences = rows.filter_map(|row| {
        let (name, expected) = (row.name.clone(), row.story());
        let story = performed(row, library);
        let differs = story != expected;
        (differs != is_otherwise(library.name, &name)).then(|| {
            format!(
                "{}: {name}\n   not {expected}\n   but {story}",
                library.name
            )
        })
    });
    differences.collect()
}

const HANDS: [usize; 4] = [0, 1, 2, 3];
