//! Exit codes, and what standard error says.

use edx_auth_testkit::{MockEdx, MockResponse};
use serde_json::Value;

use crate::site::{Ended, Site};

#[test]
fn a_wrong_secret_is_told_in_two_lines_with_the_advice_in_the_second() {
    let site = Site::start();
    let mut command = site.command(&["token"]);
    command.env("EDX_CLIENT_SECRET", "planted-secret");

    let ended = Ended::of(&mut command);

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("edx-auth: the token endpoint http://127.0.0.1:"));
    assert!(lines[0].ends_with("rejected the client credentials (invalid_client, status 401)"));
    assert!(
        lines[1].starts_with("Copy both the client ID and the client secret"),
        "{lines:?}"
    );
    assert!(!ended.stderr.contains("planted-secret"));
}

#[test]
fn a_missing_variable_is_an_error_of_the_configuration() {
    let site = Site::start();

    let ended = Ended::of(&mut site.bare_command(&["token", "--json"]));

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(7), ""));
    let error: Value = serde_json::from_str(&ended.stderr).unwrap();
    assert!(
        error["error"].as_str().unwrap().contains("EDX_CLIENT_ID"),
        "{error}"
    );
    assert!(!error["advice"].as_str().unwrap().is_empty());
    assert_eq!(error["exit_code"], 7);
}

#[test]
fn an_unknown_option_is_an_error_of_usage() {
    let site = Site::start();

    for arguments in [
        &["token", "--client-secret", "planted"][..],
        &[],
        &["token", "--timeout=x"],
        // As `--endpoint "$SITE"` is without that variable: it must not mean edx.org.
        &["token", "--endpoint", ""],
    ] {
        let ended = site.run(arguments);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{ended:?}"
        );
    }
}

#[test]
fn a_site_that_cannot_be_reached_is_an_error_of_the_network() {
    let site = Site::start();
    let mut command = site.command(&["token", "--timeout=1s"]);
    command.env("EDX_TOKEN_URL", "http://127.0.0.1:1/");

    let ended = Ended::of(&mut command);

    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(5), ""),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("could not be reached"), "{ended:?}");
}

#[test]
fn a_web_page_instead_of_a_token_is_an_error_of_the_response() {
    let site = Site::start();
    site.edx.on(
        "POST",
        MockEdx::TOKEN_PATH,
        MockResponse::html(404, "planted"),
    );

    let ended = site.run(&["token"]);

    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(6), ""),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("planted"));
}

#[test]
fn a_reader_that_closed_the_pipe_gets_no_message_and_the_code_says_so() {
    let site = Site::start();
    let mut command = site.command(&["token"]);
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    drop(reader);
    command.stdout(writer);

    let ended = Ended::of(&mut command);

    assert_eq!((ended.code, ended.stderr.as_str()), (Some(141), ""));
}
