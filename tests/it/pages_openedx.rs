//! Lists of a real Open edX, over both clients.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_tests::clients::{CLIENTS, Client, List, Setup};
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
fn every_kind_of_list_of_a_real_site_is_read_to_its_end() {
    over_both(3600, |site, client| {
        for (path, items_at) in LISTS {
            let list = List::at(format!("{}{path}", site.url())).items_at(items_at);
            let listing = client.read(&list, &mut |_item| {});

            assert_eq!(listing.broken, None, "{path}");
            assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>(), "{path}");
        }
        assert_eq!(site.stats().api, [(200, 3 * LISTS.len() as u64)].into());
    });
}

#[test]
fn a_real_list_that_grows_while_it_is_read_ends_with_its_last_item() {
    over_both(3600, |site, client| {
        let listing = client.pages(&format!("{}/api/v1/growing-catalogs/", site.url()));

        assert_eq!(listing.broken, None);
        assert_eq!(listing.ids, (1..=28).collect::<Vec<_>>());
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

        let mut pages = 0;
        while tokens(site) <= 5 {
            let slowly = &mut |_item| thread::sleep(BETWEEN_PAGES);
            let listing = client.list(&(site.catalogs_url() + "?page_size=1"), None, slowly);

            // On a machine where a token takes longer than it lives, the error says so.
            let is_too_slow = listing
                .broken
                .is_some_and(|broken| broken.failure.is_retryable);
            let read = listing.ids.len();
            assert!(read == 25 || is_too_slow, "{read} items");
            assert_eq!(listing.ids, (1..=25).take(read).collect::<Vec<_>>());
            pages += read;
        }

        let stats = site.stats();
        assert_eq!(stats.api.get(&200), Some(&pages.try_into().unwrap()));
        // One more may come meanwhile: a renewal in progress.
        let statuses: Vec<_> = stats.token.keys().collect();
        assert_eq!(statuses, [&200]);
        // No token is renewed before five eighths of its lifetime, which counts as a second shorter than
        // the site says.
        let (tokens, most) = (tokens(site), began.elapsed().as_millis() / 1250 + 2);
        assert!(u128::from(tokens) <= most, "{tokens} of at most {most}");
    });
}

/// Returns how many tokens the site has issued.
fn tokens(site: &OpenEdx) -> u64 {
    site.stats().token.values().sum()
}

/// Runs a test over each client, each with its own sites and tokens of this lifetime in seconds, of
/// both releases, if this machine can run them.
fn over_both(lifetime: u32, test: impl Fn(&OpenEdx, &Arc<dyn Client>) + Copy + Send + 'static) {
    let runs = CLIENTS.map(|library| {
        thread::spawn(move || {
            let options = Options::default().token_lifetime(lifetime);
            for site in OpenEdx::of_each_release(&options) {
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

/// The lists of the site besides its catalogs, and where their items are.
const LISTS: [(&str, &str); 6] = [
    ("/api/courses/v1/courses/", "results"),
    ("/api/catalog/v1/catalogs/", "results"),
    ("/api/grades/v1/grades/", "results"),
    ("/api/home/v4/courses/", "results.courses"),
    ("/api/mobile/v4/enrollments/", "enrollments.results"),
    ("/api/v1/search/all/facets/", "objects.results"),
];

const LIFETIME: u32 = 3;
const BETWEEN_PAGES: Duration = Duration::from_millis(100);
const LIMIT: Duration = Duration::from_secs(120);
