//! The commands in the documents, and what runs each of them.

use std::fs;

use super::blocks::{self, Block, root};

/// What runs a command.
enum Runner {
    /// A test or a check: a file with these words.
    Check(&'static str, &'static str),
    /// [`curl`](super::curl), at the mock of edX.
    Curl,
    /// A reader, who has what no test has: a production site, or an idle machine for a quarter of an hour.
    Reader,
}

use Runner::{Check, Curl, Reader};

/// Commands by their beginnings.
const COMMANDS: &[(&str, Runner)] = &[
    (
        "cargo run --example quickstart",
        Check("tests/it/quickstart/program.rs", "quickstart"),
    ),
    (
        "cargo test --workspace",
        Check(".ci/run", "cargo test --workspace"),
    ),
    (
        "EDX_AUTH_BLESS=1 cargo test",
        Check("tests/it/messages.rs", "EDX_AUTH_BLESS"),
    ),
    (
        "cargo bench -p edx-auth-benches",
        Check(".ci/run", "cargo clippy --workspace --all-targets"),
    ),
    ("benches/run", Reader),
    ("benches/size", Reader),
    (".ci/bench-guard", Check(".ci/run", ".ci/bench-guard")),
    ("./manage.py lms create_dot_application", Reader),
    ("openssl s_client", Reader),
    (
        "export HTTPS_PROXY=",
        Check("crates/edx-auth-driver/src/proxies/tests.rs", "HTTPS_PROXY"),
    ),
    (
        "export NO_PROXY=",
        Check("crates/edx-auth-driver/src/proxies/tests.rs", "10.0.0.0/8"),
    ),
    (
        "export EDX_",
        Check("crates/edx-auth-cli/tests/it/readme.rs", "$ "),
    ),
    (
        "edx-auth proxy ",
        Check("crates/edx-auth-cli/tests/it/proxy.rs", "--secret-file"),
    ),
    (
        "curl -H @/run/edx/header ",
        Check("crates/edx-auth-cli/tests/it/proxy.rs", "--secret-file"),
    ),
    (
        "edx-auth ",
        Check("crates/edx-auth-cli/tests/it/readme.rs", "$ "),
    ),
    ("curl ", Curl),
];

#[test]
fn every_command_is_in_the_table() {
    for (document, command) in all() {
        let is_known = COMMANDS.iter().any(|(start, _)| command.starts_with(start));
        assert!(is_known, "{document}: {command}");
    }
}

#[test]
fn every_entry_of_the_table_is_a_command_of_a_document() {
    let commands = all();
    for (start, _) in COMMANDS {
        let mut commands = commands.iter();
        assert!(
            commands.any(|(_, command)| command.starts_with(start)),
            "{start}"
        );
    }
}

#[test]
fn every_check_that_the_table_names_exists() {
    for (start, runner) in COMMANDS {
        if let Check(path, words) = runner {
            let text = fs::read_to_string(root().join(path)).unwrap();
            assert!(text.contains(words), "{path} does not run {start}");
        }
    }
}

/// Returns the commands of all documents that are run at the mock.
pub(super) fn for_curl() -> Vec<String> {
    let is_for_curl = |command: &str| {
        let mut table = COMMANDS.iter();
        let found = table.find(|(start, _)| command.starts_with(start));
        matches!(found, Some((_, Curl)))
    };
    let commands = all().into_iter().map(|(_, command)| command);
    commands.filter(|command| is_for_curl(command)).collect()
}

/// Returns each command with its document.
fn all() -> Vec<(String, String)> {
    let commands = blocks::all().into_iter().flat_map(|block| {
        let document = block.document.display().to_string();
        of(&block)
            .into_iter()
            .map(move |command| (document.clone(), command))
    });
    commands.collect()
}

/// Returns the commands of a block: those after `$` in a session, and every line of a script.
fn of(block: &Block) -> Vec<String> {
    let lines = block.text.replace("\\\n", "");
    let commands = lines
        .lines()
        .filter_map(|line| match block.language.as_str() {
            "console" => line.strip_prefix("$ "),
            "sh" => Some(line),
            _ => None,
        });
    commands
        .map(without_comment)
        .filter(|command| !command.is_empty())
        .collect()
}

fn without_comment(line: &str) -> String {
    line.split("  #")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
