//! Runs that fail print two lines, the error and the advice, without a secret.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::examples::Run;
use edx_auth_tests::openedx::{CLIENT, LOGIN_CLIENT, OpenEdx, Options};

use super::program::TWINS;

#[test]
fn a_denial_is_printed_with_advice_by_the_quickstart() {
    let edx = MockEdx::builder()
        .client(CLIENT.id, CLIENT.secret)
        .client_of_another_grant(LOGIN_CLIENT.id, LOGIN_CLIENT.secret);
    let edx = edx.start().unwrap();

    denies_wrong_credentials(&edx.token_url());
}

#[test]
fn a_denial_of_a_real_open_edx_is_printed_with_advice() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    denies_wrong_credentials(&site.token_url());
}

#[test]
fn a_token_of_another_type_is_reported_with_advice() {
    let edx = MockEdx::builder()
        .client(CLIENT.id, CLIENT.secret)
        .opaque_tokens();
    let edx = edx.start().unwrap();

    ends_badly(
        &asking(&edx.token_url()),
        OF_ANOTHER_TYPE,
        "allow Bearer tokens",
    );
}

#[test]
fn a_token_of_another_type_from_a_real_open_edx_is_reported_with_advice() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default().issue_bearer()) else {
        return;
    };

    ends_badly(
        &asking(&site.token_url()),
        OF_ANOTHER_TYPE,
        "allow Bearer tokens",
    );
}

#[test]
fn an_unreachable_or_wrong_server_is_reported_with_advice() {
    let edx = MockEdx::start().unwrap();
    let elsewhere = &format!("{}/elsewhere", edx.url());
    #[rustfmt::skip] // read as a table
    let cases = [
        (elsewhere.as_str(), "does not accept token requests", "Use the URL of the LMS"),
        ("http://127.0.0.1:1", "onnection refused", "Check the host name, the port"),
        ("http://lms.example", "uses unencrypted http to lms.example", "EDX_ALLOW_PLAINTEXT_HTTP=host"),
        ("https://lms.example/?next=/", "EDX_TOKEN_URL is invalid: the URL has a query", "Remove the query"),
        ("lms.example", "EDX_TOKEN_URL is invalid: the URL does not begin with https://", "Give the whole URL"),
    ];
    for (url, what, to_do) in cases {
        ends_badly(&asking(url), what, to_do);
    }
}

#[test]
fn missing_and_conflicting_variables_are_named() {
    let [id, secret] = [
        ("EDX_CLIENT_ID", CLIENT.id),
        ("EDX_CLIENT_SECRET", CLIENT.secret),
    ];
    let file = ("EDX_CLIENT_SECRET_FILE", "/nowhere/at/all");
    #[rustfmt::skip] // read as a table
    let cases = [
        (&[id][..], "EDX_CLIENT_SECRET is not set", "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET"),
        (&[secret], "EDX_CLIENT_ID is not set", "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET"),
        (&[id, secret, file], "EDX_CLIENT_SECRET and EDX_CLIENT_SECRET_FILE are both set", "Unset one"),
        (&[id, file], "the file named by EDX_CLIENT_SECRET_FILE cannot be read", "Check the path"),
    ];
    for (variables, what, to_do) in cases {
        ends_badly(variables, what, to_do);
    }
}

#[test]
fn an_api_error_is_reported_with_advice() {
    let edx = MockEdx::builder()
        .client(CLIENT.id, CLIENT.secret)
        .start()
        .unwrap();
    let token_url = edx.token_url();
    for (status, to_do) in [
        (302, "Use the final URL"),
        (401, "issued the token"),
        (403, "must be staff"),
        (404, "Check the URL"),
        (429, "Wait before the next call"),
        (503, "Try again later"),
    ] {
        let denial = MockResponse::json(status, r#"{"detail": "No."}"#);
        edx.on("GET", MockEdx::CATALOGS_PATH, denial);

        let url = edx.catalogs_url();
        let variables = [&asking(&token_url)[..], &[("EDX_API_URL", &url)]].concat();
        ends_badly(
            &variables,
            &format!("{url} returned status {status}"),
            to_do,
        );
    }
}

/// Checks the runs with a wrong secret, with an unknown client, and with a client of another grant.
fn denies_wrong_credentials(token_url: &str) {
    let (copy_again, other_grant) = (
        "Copy both the client ID and the client secret again",
        "--grant-type client-credentials",
    );
    for (id, secret, what, to_do) in [
        (CLIENT.id, WRONG_SECRET, "invalid_client", copy_again),
        ("unknown", CLIENT.secret, "invalid_client", copy_again),
        (
            LOGIN_CLIENT.id,
            LOGIN_CLIENT.secret,
            "unauthorized_client",
            other_grant,
        ),
    ] {
        ends_badly(&asking_as(id, secret, token_url), what, to_do);
    }
}

fn asking(token_url: &str) -> [(&'static str, &str); 3] {
    asking_as(CLIENT.id, CLIENT.secret, token_url)
}

fn asking_as<'a>(id: &'a str, secret: &'a str, token_url: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("EDX_CLIENT_ID", id),
        ("EDX_CLIENT_SECRET", secret),
        ("EDX_TOKEN_URL", token_url),
    ]
}

/// Checks that both programs fail with these two lines.
fn ends_badly(variables: &[(&str, &str)], what: &str, to_do: &str) {
    for quickstart in TWINS {
        assert_ends_badly(&quickstart.run(variables), what, to_do);
    }
}

fn assert_ends_badly(run: &Run, what: &str, to_do: &str) {
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let [first, second] = run.stderr.lines().collect::<Vec<_>>()[..] else {
        panic!("not two lines: {}", run.stderr);
    };
    assert!(first.contains(what), "{first}");
    assert!(second.contains(to_do), "{second}");
    let shown = [run.stdout.as_str(), &run.stderr].concat();
    for secret in [CLIENT.secret, LOGIN_CLIENT.secret, WRONG_SECRET, "eyJ"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

const WRONG_SECRET: &str = "wr0ng-s3cret";
const OF_ANOTHER_TYPE: &str = "a token of an unexpected type";
