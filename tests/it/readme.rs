//! What the README's documentation tests do not run: its test for users' own programs, and its program
//! over the core.

mod a_test_of_yours;

#[test]
fn the_readme_shows_the_test_that_is_run_here() {
    let readme = include_str!("../../README.md");

    assert!(readme.contains(include_str!("readme/a_test_of_yours.rs")));
}

/// It conforms: see `embedders`.
#[test]
fn the_readme_shows_the_program_that_is_run_here() {
    let readme = include_str!("../../README.md");
    let program = include_str!("../src/drivers/embedded/readme/program.rs");

    assert!(readme.contains(program));
    assert!(program.lines().count() <= 45);
}
