//! A process that can open no socket has sent nothing, and its errors say so.

use std::process::Command;

use edx_auth_testkit::MockEdx;
use edx_auth_tests::timeout::within_timeout;

#[test]
fn without_file_descriptors_nothing_was_sent() {
    let edx = MockEdx::start().unwrap();
    // The shell lowers the limit, so that few are used up.
    let mut program = Command::new("sh");
    program
        .args(["-c", "ulimit -n 64 && exec \"$0\" both without-descriptors"])
        .arg(env!("CARGO_BIN_EXE_program"))
        .env_clear()
        .env("EDX_TOKEN_URL", edx.url())
        .env("EDX_API_URL", format!("{}/api", edx.url()))
        .env("EDX_CLIENT_ID", edx.client_id())
        .env("EDX_CLIENT_SECRET", edx.client_secret());

    let run = within_timeout(move || program.output()).unwrap();

    let output = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
    let reports: Vec<_> = output.lines().collect();
    let errors = reports.chunks(2).map(|report| report[0]);
    let unreached = |error: &&str| error.contains("could not be reached") && error.contains(OPEN);
    assert_eq!(errors.filter(unreached).count(), 4, "{output}");
    assert_eq!(edx.requests().len(), 0);
}

const OPEN: &str = "Too many open files";
