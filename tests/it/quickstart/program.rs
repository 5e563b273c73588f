//! The examples, built once as the README says.

use std::path::PathBuf;
use std::sync::LazyLock;

use edx_auth_tests::examples::{self, Run};

/// The blocking and the async quickstart, which print the same in the same situation.
pub(super) static TWINS: [Quickstart; 2] = [
    Quickstart {
        name: "quickstart",
        program: &BLOCKING,
    },
    Quickstart {
        name: "quickstart_async",
        program: &ASYNC,
    },
];

/// One of both programs.
#[derive(Clone, Copy)]
pub(super) struct Quickstart {
    pub(super) name: &'static str,
    program: &'static LazyLock<[PathBuf; 1]>,
}

impl Quickstart {
    /// Runs the program with these variables.
    pub(super) fn run(self, variables: &[(&str, &str)]) -> Run {
        let [program] = &**self.program;
        examples::run(program, variables)
    }

    /// Runs the program by the README's `cargo run --example ..`.
    pub(super) fn cargo_run(self) -> Run {
        LazyLock::force(self.program);
        examples::cargo_run(self.name)
    }
}

static BLOCKING: LazyLock<[PathBuf; 1]> = LazyLock::new(|| examples::build(["quickstart"]));
static ASYNC: LazyLock<[PathBuf; 1]> = LazyLock::new(|| examples::build(["quickstart_async"]));
