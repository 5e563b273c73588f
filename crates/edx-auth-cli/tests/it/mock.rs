//! `edx-auth mock`.

use std::process::Command;

use crate::running::Running;
use crate::site::{Ended, Site};

fn mock(arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edx-auth"));
    Running::start(command.arg("mock").args(arguments).env_clear())
}

#[test]
fn a_program_with_its_variables_gets_a_token() {
    let mut mock = mock(&["--lifetime", "2m"]);
    let variables = mock.variables(4);
    let names: Vec<_> = variables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "EDX_TOKEN_URL",
            "EDX_CLIENT_ID",
            "EDX_CLIENT_SECRET",
            "EDX_API_URL"
        ]
    );

    let site = Site::start();
    let mut token = site.bare_command(&["token", "--no-store", "--format", "json"]);
    let token = Ended::of(token.envs(variables)).success();

    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let left = token["expires_in"].as_u64().unwrap();
    assert!((60..=120).contains(&left), "{left}");
}

#[test]
fn it_ends_at_a_signal_or_after_its_time() {
    for signal in ["INT", "TERM"] {
        let mut mock = mock(&[]);
        mock.variables(4);
        mock.signal(signal);
        let (status, _, stderr) = mock.wait();
        assert!(status.success(), "{signal}: {stderr}");
    }
    let (status, ..) = mock(&["--run-for", "1s"]).wait();
    assert!(status.success());
}

#[test]
fn a_port_in_use_is_reported() {
    let site = Site::start();
    let port = site.edx.address().port().to_string();

    let (status, stdout, stderr) = mock(&["--port", &port]).wait();

    assert_eq!((status.code(), stdout.as_str()), (Some(7), ""));
    assert!(stderr.contains("in use"), "{stderr}");
}

#[test]
fn a_client_that_does_nothing_passes_no_check() {
    let (status, stdout, _) = mock(&["--grade", "--run-for", "1s"]).wait();

    assert_eq!(status.code(), Some(1));
    assert!(stdout.contains("| single flight | not seen |"), "{stdout}");
    assert!(
        stdout.contains("lists read to the end: 0 of 24"),
        "{stdout}"
    );
}
