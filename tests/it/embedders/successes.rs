//! Runs that end well.

use edx_auth_testkit::{MockEdx, Reply};
use edx_auth_tests::openedx::{AWKWARD_CLIENT, CLIENT, OpenEdx, Options};

use super::program::{EXAMPLES, Run, run};

#[test]
fn without_variables_it_asks_a_stand_in() {
    for example in EXAMPLES {
        let said = ends_well(example, &[]);

        assert!(said.contains("asking a stand-in"), "{example}: {said}");
        assert!(said.contains("Reply    200 OK"), "{example}: {said}");
    }
}

#[test]
fn it_asks_the_site_that_the_variables_name() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    asks_with_and_without_an_api(&edx.token_url(), &edx.catalogs_url());

    assert_eq!(edx.token_requests(), 6);
    assert_eq!(edx.requests().len(), 9);
}

#[test]
fn it_asks_a_real_open_edx() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    asks_with_and_without_an_api(site.url(), &site.catalogs_url());

    let stats = site.stats();
    assert_eq!(stats.token, [(200, 6)].into());
    assert_eq!(stats.api, [(200, 3)].into());
}

#[test]
fn a_refused_token_is_replaced_once() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    for example in EXAMPLES {
        edx.next_request(MockEdx::CATALOGS_PATH, Reply::invalid_token());
        let before = edx.requests().len();

        ends_well(example, &calling(&edx.token_url(), &edx.catalogs_url()));

        assert_eq!(edx.requests().len() - before, 3, "{example}");
    }
}

#[test]
fn a_redirect_inside_the_site_is_followed() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    for example in EXAMPLES {
        edx.next_request("/short/", Reply::redirect(302, MockEdx::CATALOGS_PATH));

        let url = format!("{}/short/", edx.url());
        let said = ends_well(example, &calling(&edx.token_url(), &url));

        assert!(said.contains("Reply    200 OK"), "{example}: {said}");
    }
}

/// A proxy in the environment is for https: libcurl would hand it plain http too.
#[test]
fn what_goes_over_plain_http_passes_no_proxy() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    let proxy = MockEdx::start().unwrap();
    let proxy_url = proxy.url();
    for example in EXAMPLES {
        let (token_url, api_url) = (edx.token_url(), edx.catalogs_url());
        let asked = calling(&token_url, &api_url);
        let proxies = ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"];
        let proxies = proxies.map(|name| (name, proxy_url));

        let everywhere = ["no_proxy", "NO_PROXY"].map(|name| (name, ""));
        ends_well(example, &[&asked[..], &proxies, &everywhere].concat());
    }
    assert_eq!(proxy.requests().len(), 0);
}

fn asks_with_and_without_an_api(token_url: &str, api_url: &str) {
    let asked = [
        ("EDX_CLIENT_ID", AWKWARD_CLIENT.id),
        ("EDX_CLIENT_SECRET", AWKWARD_CLIENT.secret),
        ("EDX_TOKEN_URL", token_url),
    ];
    let with_api = [&asked[..], &[("EDX_API_URL", api_url)]].concat();
    for example in EXAMPLES {
        let said = ends_well(example, &asked);
        assert!(!said.contains("GET"), "{example}: {said}");

        let said = ends_well(example, &with_api);
        assert!(said.contains("Reply    200 OK"), "{example}: {said}");
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

/// What it says on the way to a good end.
fn ends_well(example: &str, variables: &[(&str, &str)]) -> String {
    let Run {
        code,
        stdout,
        stderr,
    } = run(example, variables);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{example}");
    assert!(stdout.contains("Token    JWT, good for 35"), "{stdout}");
    for secret in [
        "eyJ",
        AWKWARD_CLIENT.secret,
        CLIENT.secret,
        "mock-edx-secret",
    ] {
        assert!(!stdout.contains(secret), "{stdout}");
    }
    stdout
}
