//! The README's test for users' own programs, which its own documentation tests do not run.

mod a_test_of_yours;

#[test]
fn the_readme_shows_the_test_that_is_run_here() {
    let readme = include_str!("../../README.md");

    assert!(readme.contains(include_str!("readme/a_test_of_yours.rs")));
}
