//! One table of what callers do, what a site answers, what they get and what the site was sent;
//! and every driver does the same.

mod deed;
mod performance;
mod row;
mod sent;
mod table;

use std::collections::BTreeSet;
use std::thread;

use edx_auth_tests::drivers::{Column, DRIVERS};

use performance::performed;
use table::table;

#[test]
fn every_driver_does_and_sends_what_the_table_says() {
    let differences = DRIVERS.map(|column| thread::spawn(move || differences(column)));

    let differences = differences.map(|column| column.join().unwrap()).concat();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn every_row_has_a_name_of_its_own() {
    let table = table();

    let names: BTreeSet<_> = table.iter().map(|row| row.name).collect();

    assert_eq!(names.len(), table.len());
}

fn differences(column: Column) -> Vec<String> {
    let told = table().into_iter().filter_map(|row| {
        let (name, expected) = (row.name, row.story());
        let story = performed(row, column);
        (story != expected)
            .then(|| format!("{}: {name}\n   not {expected}\n   but {story}", column.name))
    });
    told.collect()
}
