//! The table in the README is what the simulation says.

#[path = "../../examples/fleet/simulation.rs"]
mod simulation;

use crate::tokens::request;

#[test]
fn the_table_of_the_readme_is_true() {
    let table = simulation::table(&request());
    assert!(README.contains(&table), "{table}");
}

const README: &str = include_str!("../../README.md");
