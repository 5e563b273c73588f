//! Lists of a real Open edX, over both clients.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_tests::clients::{CLIENTS, Client, Setup};
use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};
use edx_auth_tests::timeout::within;

#[test]
fn every_catalog_of_a_real_site_is_returned_once() {
    over_both(3600, |site, client| {
        let listing = client.pages(&site.catalogs_url());

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(listing.broken, None);
        let stats = site.stats();
        assert_eq!(
            (stats.api, stats.token),
            ([(200, 3)].into(), [(200, 1)].into())
        );
    });
}

#[test]
fn a_token_revoked_in_the_middle_of_a_real_list_costs_one_token_request() {
    over_both(3600, |site, client| {
        let listing = client.list(&site.catalogs_url(), None, &mut |item| {
            if item.id == 10 {
                site.change_signing_key("another signing key of a real open edx");
            }
        });

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(listing.broken, None);
        let stats = site.stats();
        assert_eq!(stats.api, [(200, 3), (401, 1)].into());
        assert_eq!(stats.token, [(200, 2)].into());
    });
}

#[test]
fn a_crawl_over_five_lifetimes_loses_no_page() {
    over_both(LIFETIME, |site, client| {
        let began = Instant::now();

        let mut listings = 0;
        while began.elapsed() < Duration::from_secs(5 * u64::from(LIFETIME)) {
            let slowly = &mut |_item| thread::sleep(BETWEEN_PAGES);
            let listing = client.list(&(site.catalogs_url() + "?page_size=1"), None, slowly);

            assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>(), "{listing:?}");
            assert_eq!(listing.broken, None);
            listings += 1;
        }

        let stats = site.stats();
        assert_eq!(stats.api.get(&200), Some(&(25 * listings)));
        let tokens: u64 = stats.token.values().sum();
        assert_eq!(stats.token, [(200, tokens)].into());
        // No token is renewed before five eighths of its lifetime, which counts as a second shorter than
        // the site says.
        let most = began.elapsed().as_millis() / 1250 + 2;
        assert!(
            tokens >= 5 && u128::from(tokens) <= most,
            "{tokens} of at most {most}"
        );
    });
}

/// Runs a test over each client, each with its own site and tokens of this lifetime in seconds, if
/// this machine can run one.
fn over_both(lifetime: u32, test: impl Fn(&OpenEdx, &Arc<dyn Client>) + Copy + Send + 'static) {
    let runs = CLIENTS.map(|library| {
        thread::spawn(move || {
            let options = Options::default().token_lifetime(lifetime);
            let Some(site) = OpenEdx::start_or_skip(&options) else {
                return;
            };
            within(LIMIT, move || {
                let setup = Setup::new(&site.token_url(), CLIENT.id, CLIENT.secret);
                test(&site, &(library.new_client)(setup));
            });
        })
    });
    for run in runs {
        run.join().unwrap();
    }
}

const LIFETIME: u32 = 3;
const BETWEEN_PAGES: Duration = Duration::from_millis(100);
const LIMIT: Duration = Duration::from_secs(120);
