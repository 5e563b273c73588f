//! The tables in the README are what the simulation says.

#[path = "../../examples/fleet/simulation.rs"]
mod simulation;

use crate::tokens::request;

#[test]
fn the_tables_of_the_readme_are_true() {
    for table in [
        simulation::table(&request()),
        simulation::table_of_delays(&request()),
    ] {
        assert!(README.contains(&table), "{table}");
    }
}

const README: &str = include_str!("../../README.md");
