//! The examples, built once as the README says, and run without `EDX_*` variables except those that a
//! test sets.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use edx_auth_tests::timeout::within_timeout;
use serde_json::Value;

/// The output and the exit code of one run.
pub(super) struct Run {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

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
    program: &'static LazyLock<PathBuf>,
}

impl Quickstart {
    /// Runs the program with these variables.
    pub(super) fn run(self, variables: &[(&str, &str)]) -> Run {
        let mut program = Command::new(self.program.as_path());
        without_edx(&mut program).envs(variables.iter().copied());
        of(within_timeout(move || program.output()).unwrap())
    }

    /// Runs the program by the README's `cargo run --example ..`.
    pub(super) fn cargo_run(self) -> Run {
        LazyLock::force(self.program);
        of(cargo(&["run", "--example", self.name]).output().unwrap())
    }
}

static BLOCKING: LazyLock<PathBuf> = LazyLock::new(|| build("quickstart"));
static ASYNC: LazyLock<PathBuf> = LazyLock::new(|| build("quickstart_async"));

fn of(output: Output) -> Run {
    let text = |bytes| String::from_utf8(bytes).expect("text for a terminal");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn build(name: &str) -> PathBuf {
    let mut build = cargo(&["build", "--example", name, "--message-format=json"]);
    let output = build.stderr(Stdio::inherit()).output().unwrap();
    let messages = String::from_utf8(output.stdout).unwrap();
    let program = messages.lines().find_map(|line| executable(line, name));
    program.expect("cargo builds the example")
}

/// Returns the program's path, if this message of cargo contains it.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_it = message["target"]["name"] == name;
    is_it.then(|| message["executable"].as_str().map(PathBuf::from))?
}

fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    without_edx(cargo.current_dir(root).args(arguments));
    cargo
}

fn without_edx(command: &mut Command) -> &mut Command {
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.as_encoded_bytes().starts_with(b"EDX_")) {
        command.env_remove(name);
    }
    command
}
