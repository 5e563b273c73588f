//! The examples as programs: what they print and what they send, and that they print no secret.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::examples::Run;
use edx_auth_tests::openedx::{AWKWARD_CLIENT, CLIENT, LOGIN_CLIENT, OpenEdx, Options};

use super::program::{EXAMPLES, run};

#[test]
fn without_variables_the_examples_call_a_mock() {
    for example in EXAMPLES {
        let printed = ends_well(example, &[]);

        let is_success = |line: &str| line.ends_with(": 200 OK");
        assert!(printed.lines().all(is_success), "{example}: {printed}");
        let accounts = if example == "embed_event_loop" {
            1000
        } else {
            1
        };
        assert_eq!(printed.lines().count(), accounts, "{example}");
    }
}

#[test]
fn the_examples_call_the_site_that_the_variables_name() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    call_the_catalogs(&edx.token_url(), &edx.catalogs_url());

    assert_eq!(edx.token_requests(), 3);
    assert_eq!(edx.requests().len(), 6);
}

#[test]
fn the_examples_call_a_real_open_edx() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    call_the_catalogs(site.url(), &site.catalogs_url());

    let stats = site.stats();
    assert_eq!(stats.token, [(200, 3)].into());
    assert_eq!(stats.api, [(200, 3)].into());
}

#[test]
fn a_rejected_token_is_replaced_once() {
    let edx = site();
    for example in EXAMPLES {
        edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::invalid_token());
        let before = edx.requests().len();

        ends_well(example, &calling(&edx.token_url(), &edx.catalogs_url()));

        assert_eq!(edx.requests().len() - before, 3, "{example}");
    }
}

#[test]
fn a_response_of_any_status_is_printed() {
    let edx = site();
    for example in EXAMPLES {
        let denial = MockResponse::json(403, r#"{"detail": "No."}"#);
        edx.next_request(MockEdx::CATALOGS_PATH, denial);

        let printed = ends_well(example, &calling(&edx.token_url(), &edx.catalogs_url()));

        assert!(printed.ends_with(": 403 Forbidden\n"), "{printed}");
    }
}

/// libcurl by itself would use these variables for plain http too.
#[test]
fn plain_http_uses_no_proxy() {
    let edx = site();
    let proxy = MockEdx::start().unwrap();
    let proxy_url = proxy.url();
    for example in EXAMPLES {
        let (token_url, api_url) = (edx.token_url(), edx.catalogs_url());
        let calling = calling(&token_url, &api_url);
        let proxies = ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"];
        let proxies = proxies.map(|name| (name, proxy_url));
        let everywhere = ["no_proxy", "NO_PROXY"].map(|name| (name, ""));

        ends_well(example, &[&calling[..], &proxies, &everywhere].concat());
    }
    assert_eq!(proxy.requests().len(), 0);
}

#[test]
fn a_denial_is_printed_with_advice() {
    let edx = MockEdx::builder()
        .client(CLIENT.id, CLIENT.secret)
        .client_of_another_grant(LOGIN_CLIENT.id, LOGIN_CLIENT.secret);
    let edx = edx.start().unwrap();
    let (url, elsewhere) = (edx.token_url(), format!("{}/elsewhere", edx.url()));
    #[rustfmt::skip] // read as a table
    let cases = [
        (CLIENT.id, WRONG_SECRET, &url, "invalid_client", "Copy both the client ID and the client secret again"),
        ("unknown", CLIENT.secret, &url, "invalid_client", "Copy both the client ID and the client secret again"),
        (LOGIN_CLIENT.id, LOGIN_CLIENT.secret, &url, "unauthorized_client", "--grant-type client-credentials"),
        (CLIENT.id, CLIENT.secret, &elsewhere, "does not accept token requests", "Use the URL of the LMS"),
    ];
    for (id, secret, token_url, what, advice) in cases {
        let api_url = edx.catalogs_url();
        let mut variables = calling(token_url, &api_url);
        (variables[0].1, variables[1].1) = (id, secret);
        for example in EXAMPLES {
            let stderr = ends_badly(example, &variables);

            let [first, second] = stderr.lines().collect::<Vec<_>>()[..] else {
                panic!("{example}: not two lines: {stderr}");
            };
            assert!(first.contains(what), "{example}: {first}");
            assert!(second.contains(advice), "{example}: {second}");
        }
    }
}

#[test]
fn a_variable_that_is_missing_and_an_api_of_another_site_are_named() {
    let (edx, elsewhere) = (site(), site());
    let (token_url, api_url) = (edx.token_url(), elsewhere.catalogs_url());
    for example in EXAMPLES {
        let stderr = ends_badly(example, &[("EDX_CLIENT_ID", CLIENT.id)]);
        assert!(stderr.contains("EDX_CLIENT_SECRET is not set"), "{stderr}");

        let stderr = ends_badly(example, &calling(&token_url, &api_url));
        assert!(stderr.contains("the token is not for"), "{stderr}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

fn site() -> MockEdx {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    edx.start().unwrap()
}

fn call_the_catalogs(token_url: &str, api_url: &str) {
    let mut variables = calling(token_url, api_url);
    (variables[0].1, variables[1].1) = (AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    for example in EXAMPLES {
        let printed = ends_well(example, &variables);

        assert_eq!(printed, format!("{api_url}: 200 OK\n"), "{example}");
    }
}

fn calling<'a>(token_url: &'a str, api_url: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("EDX_CLIENT_ID", CLIENT.id),
        ("EDX_CLIENT_SECRET", CLIENT.secret),
        ("EDX_TOKEN_URL", token_url),
        ("EDX_API_URL", api_url),
    ]
}

/// Returns the output of a successful run.
fn ends_well(example: &str, variables: &[(&str, &str)]) -> String {
    let run = run(example, variables);
    shows_no_secret(&run);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{example}");
    run.stdout
}

/// Returns the standard error of a failed run.
fn ends_badly(example: &str, variables: &[(&str, &str)]) -> String {
    let run = run(example, variables);
    shows_no_secret(&run);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{example}");
    run.stderr
}

fn shows_no_secret(run: &Run) {
    let shown = [run.stdout.as_str(), &run.stderr].concat();
    let secrets = [CLIENT, LOGIN_CLIENT, AWKWARD_CLIENT].map(|client| client.secret);
    for secret in [&secrets[..], &[WRONG_SECRET, "mock-edx-secret", "eyJ"]].concat() {
        assert!(!shown.contains(secret), "{shown}");
    }
}

const WRONG_SECRET: &str = "wr0ng-s3cret";
