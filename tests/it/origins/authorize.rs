//! Ten thousand URLs passed to the clients: no URL outside the origins gets the header.

use edx_auth_core::{AccessToken, TokenType};
use edx_auth_testkit::Fingerprint;
use edx_auth_tests::clients::{CLIENTS, Setup};
use edx_auth_tests::timeout::within_timeout;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::hostile;
use super::reference::{is_inside, origins};

#[test]
fn none_of_10_000_urls_outside_the_origins_gets_the_header() {
    let urls = ten_thousand_urls();

    for library in CLIENTS {
        let urls = urls.clone();
        let (inside, outside) = within_timeout(move || {
            let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
            let nowhere = Setup::new("http://127.0.0.1:1/oauth2/access_token", "ada", "a");
            let client = (library.new_client)(Setup {
                fixed: Some(token),
                origins: origins(),
                ..nowhere
            });
            let attached = urls.iter().filter(|url| match client.authorize(url) {
                Ok(header) => header == Fingerprint::of("JWT a.b.c"),
                Err(_) => false,
            });
            attached
                .cloned()
                .partition::<Vec<_>, _>(|url| is_inside(url))
        });

        assert!(outside.is_empty(), "{}: {outside:?}", library.name);
        assert!(inside.len() > 500, "{}: {}", library.name, inside.len());
    }
}

/// Returns the same URLs in every run, many of them inside.
fn ten_thousand_urls() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = hostile::url();
    let mut url = || strategy.new_tree(&mut runner).unwrap().current();
    (0..10_000).map(|_| url()).collect()
}
