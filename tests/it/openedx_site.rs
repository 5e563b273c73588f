//! The options of the real Open edX have the effects that other tests rely on.

use std::time::{Duration, Instant};

use edx_auth_tests::openedx::{OpenEdx, Options};
use http::{Request, Response};

#[test]
fn a_token_ends_with_its_lifetime() {
    let options = Options::default().token_lifetime(1);
    for site in OpenEdx::of_each_release(&options) {
        let token = site.issue("jwt");

        let give_up = Instant::now() + Duration::from_secs(30);
        while status(&site, &token) == 200 && Instant::now() < give_up {}

        assert_eq!(status(&site, &token), 401);
    }
}

#[test]
fn a_token_ends_with_the_key_that_signed_it() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let token = site.issue("jwt");

        site.change_signing_key("another signing key of a real open edx");

        assert_eq!(status(&site, &token), 401);
        assert_eq!(status(&site, &site.issue("jwt")), 200);
    }
}

#[test]
fn a_site_may_grant_opaque_tokens_only() {
    let options = Options::default().issue_bearer();
    for site in OpenEdx::of_each_release(&options) {
        let token = site.issue("jwt");

        assert!(!token.contains('.'), "a JWT: {token}");
    }
}

#[test]
fn a_valid_token_is_not_a_permission() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let response = get(&site, "/api/v1/staff-only/", &site.issue("jwt"));

        assert_eq!(response.status(), 403);
    }
}

#[test]
fn responses_are_counted_by_status() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let token = site.issue("jwt");

        status(&site, &token);
        status(&site, &token);
        status(&site, "garbage");

        let stats = site.stats();
        assert_eq!(stats.token, [(200, 1)].into());
        assert_eq!(stats.api, [(200, 2), (401, 1)].into());
    }
}

fn status(site: &OpenEdx, token: &str) -> u16 {
    get(site, "/api/v1/catalogs/", token).status().as_u16()
}

fn get(site: &OpenEdx, path: &str, token: &str) -> Response<Vec<u8>> {
    let request = Request::get(path).header("authorization", format!("JWT {token}"));
    site.send(&request.body(Vec::new()).expect("a request of known parts"))
}
