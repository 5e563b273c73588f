//! Runs that end badly: two lines, what happened and what to do, and nothing secret in either.

use edx_auth_testkit::{Behavior, MockEdx, Reply};
use edx_auth_tests::openedx::{CLIENT, LOGIN_CLIENT, OpenEdx, Options};

use super::program::{EXAMPLES, Run, run};

#[test]
fn what_a_site_refuses_is_said_with_advice() {
    let edx = MockEdx::builder()
        .client(CLIENT.id, CLIENT.secret)
        .client_of_another_grant(LOGIN_CLIENT.id, LOGIN_CLIENT.secret);
    let edx = edx.start().unwrap();

    refuses_the_usual(&edx.token_url());
}

#[test]
fn what_a_real_open_edx_refuses_is_said_with_advice() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    refuses_the_usual(&site.token_url());
}

#[test]
fn a_server_that_is_not_there_or_not_the_lms_is_said_with_advice() {
    let edx = MockEdx::start().unwrap();
    let elsewhere = &format!("{}/elsewhere", edx.url());
    let tls = &edx.url().replace("http:", "https:");
    #[rustfmt::skip] // read as a table
    let cases = [
        (elsewhere.as_str(), "does not accept token requests", "Use the URL of the LMS"),
        ("http://127.0.0.1:1", "could not be reached", "Check the host name, the port"),
        (tls, "could not be reached", "Check the host name, the port"),
        ("http://lms.example", "uses unencrypted http to lms.example", "EDX_ALLOW_PLAINTEXT_HTTP=host"),
        ("lms.example", "EDX_TOKEN_URL is invalid: the URL does not begin with https://", "Give the whole URL"),
    ];
    for (url, what, to_do) in cases {
        ends_badly(&asking_as(CLIENT.id, CLIENT.secret, url), what, to_do);
    }
}

#[test]
fn replies_that_break_the_rules_of_the_exchange_are_said_with_advice() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    let too_large = Reply::json(200, "x".repeat(65 * 1024));
    let elsewhere = Reply::redirect(307, MockEdx::TOKEN_PATH);
    #[rustfmt::skip] // read as a table
    let cases = [
        (Behavior::from(too_large), "sent a response that is too large", "Check that the URL is the token endpoint's"),
        (Behavior::from(elsewhere), "status 307", "Use the final URL"),
        (Behavior::close(), "closed the connection before the response was complete", "Try again"),
        (Behavior::reset(), "closed the connection before the response was complete", "Try again"),
        (Behavior::bytes("SSH-2.0-OpenSSH_9.6\r\n"), "closed the connection before the response was complete", "Try again"),
    ];
    for (behavior, what, to_do) in cases {
        for _ in EXAMPLES {
            edx.next_request(MockEdx::TOKEN_PATH, behavior.clone());
        }
        let asked = edx.token_requests();
        ends_badly(
            &asking_as(CLIENT.id, CLIENT.secret, &edx.token_url()),
            what,
            to_do,
        );
        assert_eq!(edx.token_requests() - asked, EXAMPLES.len(), "{what}");
    }
}

#[test]
fn variables_that_are_missing_are_named() {
    let to_do = "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET";
    let id = ("EDX_CLIENT_ID", CLIENT.id);
    ends_badly(&[id], "EDX_CLIENT_SECRET is not set", to_do);
}

#[test]
fn an_api_that_refuses_or_is_not_for_the_token_is_said_with_advice() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    let elsewhere = MockEdx::start().unwrap();
    let (token_url, url) = (edx.token_url(), edx.catalogs_url());
    let calls = |url| {
        let asked = asking_as(CLIENT.id, CLIENT.secret, &token_url);
        [&asked[..], &[("EDX_API_URL", url)]].concat()
    };
    for (status, to_do) in [
        (302, "Use the final URL"),
        (403, "must be staff"),
        (503, "again"),
    ] {
        for _ in EXAMPLES {
            let refusal = Reply::json(status, r#"{"detail": "No."}"#)
                .header("Location", elsewhere.catalogs_url());
            edx.next_request(MockEdx::CATALOGS_PATH, refusal);
        }
        ends_badly(&calls(&url), &format!("{url} answered {status}"), to_do);
    }
    let not_for_it = elsewhere.catalogs_url();
    ends_badly(&calls(&not_for_it), "the token is not for", "");
    assert_eq!(elsewhere.requests().len(), 0);
}

/// Wrong secret, unknown client, and a pair for another grant.
fn refuses_the_usual(token_url: &str) {
    let (copy_anew, other_grant) = ("Copy both the client ID and the client secret again", "--grant-type client-credentials");
    let (login_id, login_secret) = (LOGIN_CLIENT.id, LOGIN_CLIENT.secret);
    for (id, secret, what, to_do) in [
        (CLIENT.id, WRONG_SECRET, "invalid_client", copy_anew),
        ("nobody", CLIENT.secret, "invalid_client", copy_anew),
        (login_id, login_secret, "unauthorized_client", other_grant),
    ] {
        ends_badly(&asking_as(id, secret, token_url), what, to_do);
    }
}

fn asking_as<'a>(id: &'a str, secret: &'a str, token_url: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("EDX_CLIENT_ID", id),
        ("EDX_CLIENT_SECRET", secret),
        ("EDX_TOKEN_URL", token_url),
    ]
}

/// Each ends with these two lines.
fn ends_badly(variables: &[(&str, &str)], what: &str, to_do: &str) {
    for example in EXAMPLES {
        let Run {
            code,
            stdout,
            stderr,
        } = run(example, variables);
        assert_eq!(code, Some(1), "{example}: {stderr}");
        let [first, second] = stderr.lines().collect::<Vec<_>>()[..] else {
            panic!("{example}: not two lines: {stderr}");
        };
        assert!(first.contains(what), "{example}: {first}");
        assert!(second.contains(to_do), "{example}: {second}");
        let shown = [stdout.as_str(), &stderr].concat();
        for secret in [CLIENT.secret, LOGIN_CLIENT.secret, WRONG_SECRET, "eyJ"] {
            assert!(!shown.contains(secret), "{example}: {shown}");
        }
    }
}

const WRONG_SECRET: &str = "wr0ng-s3cret";
