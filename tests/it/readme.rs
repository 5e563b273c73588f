//! Checks of the README besides its documentation tests: its program is the one that the conformance kit
//! checks, and the README stays short.

/// The module `embedders` runs the conformance kit over this program.
#[test]
fn the_readme_shows_the_program_that_is_run_here() {
    let program = include_str!("../src/drivers/embedded/readme/program.rs");
    let (_, from_the_struct) = program.split_once("pub struct Edx").unwrap();

    assert!(README.contains(program));
    assert!(from_the_struct.lines().count() <= 45);
}

#[test]
fn only_sending_is_left_to_the_readers_of_the_program() {
    let stubs: Vec<_> = README.lines().filter(|line| is_stub(line)).collect();

    assert_eq!(stubs.len(), 1, "{stubs:#?}");
    assert!(stubs[0].ends_with("// your HTTP client"), "{stubs:#?}");
}

#[test]
fn the_readme_is_short_and_has_the_words_that_people_search_for() {
    let words = "backoff timeout jitter middleware cache multi-tenant rotation proxies environment";
    let readme = README.to_lowercase();

    assert!(README.lines().count() <= 200);
    for word in words.split(' ') {
        assert!(readme.contains(word), "{word}");
    }
}

fn is_stub(line: &str) -> bool {
    ["unimplemented!", "todo!", "unreachable!"]
        .iter()
        .any(|stub| line.contains(stub))
}

const README: &str = include_str!("../../README.md");
