//! A process that can open no socket, or start no thread, has sent nothing, and its errors say so. A call on a
//! kept connection needs neither.

use std::process::Command;

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn without_file_descriptors_nothing_was_sent() {
    // A look-up that can open no file ends in one of several errors, as the system likes.
    for (host, cause) in [("127.0.0.1", OPEN), ("localhost", "")] {
        let edx = MockEdx::start().unwrap();
        // The shell lowers the limit, so that few are used up.
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -n 64 && exec \"$0\" both without-descriptors"]);
        shell.arg(env!("CARGO_BIN_EXE_program")).env_clear();

        let output = run(shell, &edx, host);

        let reports: Vec<_> = output.lines().collect();
        let errors = reports.chunks(2).map(|report| report[0]);
        let unreached =
            |error: &&str| error.contains("could not be reached") && error.contains(cause);
        assert_eq!(errors.filter(unreached).count(), 4, "{host}: {output}");
        assert_eq!(edx.requests().len(), 0);
    }
}

#[test]
fn without_threads_a_host_cannot_be_looked_up() {
    let edx = MockEdx::start().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
    program.args(["ureq", "without-threads"]).env_clear();
    // std gives each thread a stack of this size, and there is no memory for one.
    program.env("RUST_MIN_STACK", (1_u64 << 60).to_string());

    let output = run(program, &edx, "localhost");

    let reached = output.matches("could not be reached").count();
    assert_eq!(reached, 2, "{output}");
    assert!(!output.contains("panicked"), "{output}");
    assert_eq!(edx.requests().len(), 0);
}

/// Each of the calls gets a response, the second with the end of the connection.
#[test]
fn over_ureq_only_a_new_connection_to_a_name_starts_a_thread() {
    for (host, threads) in [("localhost", "1\n0\n1\n0\n"), ("127.0.0.1", "0\n0\n0\n0\n")] {
        let edx = MockEdx::start().unwrap();
        let kept = MockResponse::json(200, "{}");
        edx.next_request("/api", kept.clone());
        edx.next_request("/api", kept.clone().connection_close());
        edx.on("GET", "/api", kept);
        let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
        program.args(["ureq", "count-threads"]).env_clear();

        let output = run(program, &edx, host);

        assert_eq!(output, threads, "{host}");
    }
}

/// Runs the program for this site, by this name of its host, and returns what it prints.
fn run(mut program: Command, edx: &MockEdx, host: &str) -> String {
    let url = edx.url().replace("127.0.0.1", host);
    program
        .env("EDX_TOKEN_URL", &url)
        .env("EDX_API_URL", format!("{url}/api"))
        .env("EDX_CLIENT_ID", edx.client_id())
        .env("EDX_CLIENT_SECRET", edx.client_secret());
    let run = within_timeout(move || program.output()).unwrap();
    String::from_utf8([run.stdout, run.stderr].concat()).unwrap()
}

const OPEN: &str = "Too many open files";
