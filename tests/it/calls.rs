//! API calls over both clients: what a program asks for, what a site answers, what the program gets
//! and what the site was sent.

mod credentials;
mod deed;
mod herd;
mod over_reqwest;
mod over_ureq;
mod performance;
mod pooled;
mod redirects;
mod row;
mod sent;
mod table;
mod uploads;

use std::collections::BTreeSet;
use std::thread;

use edx_auth_tests::clients::{CLIENTS, Column};

use performance::performed;
use table::table;

#[test]
fn both_clients_do_and_send_what_the_table_says() {
    let differences = CLIENTS.map(|column| thread::spawn(move || differences(column)));

    let differences = differences.map(|column| column.join().unwrap()).concat();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn every_row_has_a_name_of_its_own() {
    let table = table();

    let names: BTreeSet<_> = table.iter().map(|row| &row.name).collect();

    assert_eq!(names.len(), table.len());
}

fn differences(column: Column) -> Vec<String> {
    let told = table().into_iter().filter_map(|row| {
        let (name, expected) = (row.name.clone(), row.story());
        let story = performed(row, column);
        (story != expected)
            .then(|| format!("{}: {name}\n   not {expected}\n   but {story}", column.name))
    });
    told.collect()
}
