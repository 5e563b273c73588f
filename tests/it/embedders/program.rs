//! The examples, built once.

use std::path::PathBuf;
use std::sync::LazyLock;

use edx_auth_tests::examples::{self, Run};

/// The names of the examples. All of them print the same in the same situation.
pub(super) const EXAMPLES: [&str; 3] = ["embed_curl", "embed_hyper", "embed_event_loop"];

static PROGRAMS: LazyLock<[PathBuf; 3]> = LazyLock::new(|| examples::build(EXAMPLES));

/// Runs an example with these variables.
pub(super) fn run(name: &str, variables: &[(&str, &str)]) -> Run {
    let place = EXAMPLES.iter().position(|example| *example == name);
    examples::run(&PROGRAMS[place.unwrap()], variables)
}
