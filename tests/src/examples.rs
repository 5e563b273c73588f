//! The workspace's examples as programs: built by cargo, and run without `EDX_*` variables except those
//! that a test sets.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::timeout::within_timeout;

/// One run of a program.
#[derive(Debug)]
pub struct Run {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
}

/// Builds these examples, and returns their paths.
///
/// # Panics
/// Panics if cargo does not build them.
pub fn build<const N: usize>(names: [&str; N]) -> [PathBuf; N] {
    let mut build = cargo();
    build.args(["build", "--message-format=json"]);
    build.args(names.iter().flat_map(|name| ["--example", name]));
    let Output { stdout, .. } = build.stderr(Stdio::inherit()).output().unwrap();
    let messages = String::from_utf8(stdout).unwrap();
    names.map(|name| {
        let program = messages.lines().find_map(|line| executable(line, name));
        program.expect("cargo builds the example")
    })
}

/// Runs a program with these variables.
pub fn run(program: &Path, variables: &[(&str, &str)]) -> Run {
    let mut program = without_edx(Command::new(program));
    program.envs(variables.iter().copied());
    of(program)
}

/// Runs an example with cargo, as the READMEs say.
pub fn cargo_run(name: &str) -> Run {
    let mut run = cargo();
    run.args(["run", "--example", name]);
    of(run)
}

/// Runs a command to its end.
///
/// # Panics
/// Panics if it does not end in time, or prints something else than text.
fn of(mut command: Command) -> Run {
    let output = within_timeout(move || command.output()).unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("text for a terminal");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Returns the path of an example, if this message of cargo contains it.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let field = |pointer| message.pointer(pointer).and_then(Value::as_str);
    let path = field("/executable")?;
    (field("/target/name")? == name).then(|| PathBuf::from(path))
}

/// Returns cargo as a reader starts it at the root of the workspace. Cargo sets variables for the tests
/// that it runs; with them, build scripts that read variables of the same names would run again here, and
/// once more after the tests.
fn cargo() -> Command {
    let mut cargo = without_edx(Command::new(env!("CARGO")));
    for (name, _) in env::vars_os() {
        if is_set_for_a_test(&name.to_string_lossy()) {
            cargo.env_remove(name);
        }
    }
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    cargo
}

fn is_set_for_a_test(variable: &str) -> bool {
    ["CARGO_MANIFEST_", "CARGO_PKG_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}

fn without_edx(mut command: Command) -> Command {
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.as_encoded_bytes().starts_with(b"EDX_")) {
        command.env_remove(name);
    }
    command
}
