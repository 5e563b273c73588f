//! The examples, built once and run without `EDX_*` variables except those that a test sets.

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

/// The names of the examples. All of them print the same in the same situation.
pub(super) const EXAMPLES: [&str; 3] = ["embed_curl", "embed_hyper", "embed_event_loop"];

/// Runs an example with these variables.
pub(super) fn run(name: &str, variables: &[(&str, &str)]) -> Run {
    let program = PROGRAMS.iter().find(|(built, _)| *built == name);
    let mut program = Command::new(&program.unwrap().1);
    without_edx(&mut program).envs(variables.iter().copied());
    let output = within_timeout(move || program.output()).unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("text for a terminal");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

static PROGRAMS: LazyLock<[(&str, PathBuf); 3]> = LazyLock::new(build);

fn build() -> [(&'static str, PathBuf); 3] {
    let Output { stdout, .. } = cargo_build().output().unwrap();
    let messages = String::from_utf8(stdout).unwrap();
    EXAMPLES.map(|name| {
        let program = messages.lines().find_map(|line| executable(line, name));
        (name, program.expect("cargo builds the example"))
    })
}

fn cargo_build() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    cargo.current_dir(root).stderr(Stdio::inherit());
    cargo.args(["build", "--message-format=json"]);
    cargo.args(EXAMPLES.iter().flat_map(|name| ["--example", name]));
    without_edx(&mut cargo);
    cargo
}

/// Returns the program's path, if this message of cargo contains it.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_it = message["target"]["name"] == name;
    is_it.then(|| message["executable"].as_str().map(PathBuf::from))?
}

fn without_edx(command: &mut Command) -> &mut Command {
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.as_encoded_bytes().starts_with(b"EDX_")) {
        command.env_remove(name);
    }
    command
}
