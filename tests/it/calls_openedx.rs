//! Calls to a real Open edX, over both clients.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use edx_auth_core::Verdict;
use edx_auth_tests::clients::{CLIENTS, Call, Client, Setup};
use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};
use edx_auth_tests::timeout::within;

#[test]
fn a_revoked_token_costs_one_token_request_and_one_replay() {
    over_both(|site, client| {
        let before = client.call(Call::get(site.catalogs_url())).unwrap();
        // Two tokens issued in the same second differ only in their key.
        site.change_signing_key("another signing key of a real open edx");
        let [after, next] = [(); 2].map(|()| client.call(Call::get(site.catalogs_url())).unwrap());

        let statuses = [&before, &after, &next].map(|response| response.status);
        assert_eq!(statuses, [200, 200, 200]);
        assert_eq!(before.body, after.body);
        let stats = site.stats();
        assert_eq!(stats.api, [(200, 3), (401, 1)].into());
        assert_eq!(stats.token, [(200, 2)].into());
        assert_eq!(client.health().issued, 2);
    });
}

#[test]
fn a_missing_permission_causes_no_token_request() {
    over_both(|site, client| {
        let rejected = client.call(Call::get(site.staff_only_url())).unwrap();
        let again = client.call(Call::get(site.staff_only_url())).unwrap();

        assert_eq!(rejected.status, 403);
        assert_eq!(rejected.verdict, Some(Verdict::Forbidden));
        let words = r#"{"detail":"You do not have permission to perform this action."}"#;
        assert_eq!(String::from_utf8(rejected.body).unwrap(), words);
        assert_eq!(again.status, 403);
        let stats = site.stats();
        assert_eq!(stats.api, [(403, 2)].into());
        assert_eq!(stats.token, [(200, 1)].into());
    });
}

#[test]
fn the_responses_of_a_real_site_are_understood() {
    over_both(|site, client| {
        let nowhere = site.catalogs_url() + "nowhere/";
        let page_4 = site.catalogs_url() + "?page=4";
        for (call, status, verdict) in [
            (Call::get(nowhere), 404, Verdict::NotFound),
            (Call::get(page_4), 404, Verdict::NotFound),
            (
                Call::post(site.catalogs_url()).body("{}"),
                405,
                Verdict::Other,
            ),
            (
                Call::get(site.catalogs_url()).header("Accept", "application/xml"),
                406,
                Verdict::Other,
            ),
        ] {
            let response = client.call(call.clone()).unwrap();

            assert_eq!(
                (response.status, response.verdict),
                (status, Some(verdict)),
                "{call:?}"
            );
        }
        assert_eq!(site.stats().token, [(200, 1)].into());
    });
}

/// Runs a test over each client, each with its own sites, of both releases, if
/// this machine can run them.
fn over_both(test: impl Fn(&OpenEdx, &Arc<dyn Client>) + Copy + Send + 'static) {
    let runs = CLIENTS.map(|library| {
        thread::spawn(move || {
            for site in OpenEdx::of_each_release(&Options::default()) {
                within(LIMIT, move || {
                    let setup = Setup::new(&site.token_url(), CLIENT.id, CLIENT.secret);
                    test(&site, &(library.new_client)(setup));
                });
            }
        })
    });
    for run in runs {
        run.join().unwrap();
    }
}

/// A real site is slow.
const LIMIT: Duration = Duration::from_secs(60);
