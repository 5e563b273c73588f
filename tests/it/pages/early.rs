//! A caller that stops reading a list early causes no extra page request.

use super::list::{ids, requests, serve, url};
use super::over_both;

#[test]
fn no_page_is_fetched_before_one_of_its_items_is_wanted() {
    over_both(|edx, client| {
        serve(edx, 5);

        for (count, pages) in [(0, 0), (1, 1), (3, 1), (4, 2), (6, 2)] {
            let before = requests(edx);

            let listing = client.first_of(&url(edx, 1), count);

            assert_eq!(listing.ids, ids(1..=5)[..count]);
            assert_eq!(requests(edx) - before, pages, "{count}");
        }
    });
}
