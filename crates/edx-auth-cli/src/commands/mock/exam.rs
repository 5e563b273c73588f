//! A site that puts a client to the test: it makes the first token slow, throttles, and rejects a token.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockEdxBuilder, MockResponse};

use super::grade::{Assignment, Grades};
use super::seen::{Seen, What};
use super::variables;

/// An examination that is under way.
pub(super) struct Exam {
    site: Arc<MockEdx>,
    /// Another origin, to which the site leads.
    elsewhere: MockEdx,
}

impl Exam {
    pub(super) fn start(site: MockEdxBuilder) -> io::Result<Self> {
        let (site, elsewhere) = (Arc::new(site.start()?), MockEdx::start()?);
        site.list(LIST, (1..=ITEMS).map(|id| format!(r#"{{"id":{id}}}"#)));
        let next = elsewhere.catalogs_url();
        let page = format!(r#"{{"count":2,"next":"{next}?page=2","previous":null,"results":[1]}}"#);
        // For a client that still has a rejected token too.
        site.on("GET", AWAY, MockResponse::json(200, page));
        site.on("GET", MOVED, MockResponse::redirect(302, next));
        site.on("POST", MockEdx::TOKEN_PATH, slowly());
        let examined = Arc::clone(&site);
        thread::spawn(move || disturb(&examined));
        Ok(Self { site, elsewhere })
    }

    /// Returns the variables of the client, and what it has to do.
    pub(super) fn paper(&self) -> String {
        let url = self.site.url();
        let Assignment {
            workers, rounds, ..
        } = ASSIGNMENT;
        format!(
            "{}export EDX_MOVED_URL={url}{MOVED}\nexport EDX_AWAY_URL={url}{AWAY}\n\
             # {workers} workers start at once, with one client. Each reads the list at EDX_API_URL to its end,\n\
             # page by page as `next` says, {rounds} times. Then one worker fetches EDX_MOVED_URL, and reads the list at\n\
             # EDX_AWAY_URL: both lead to another origin, where an error is right. Allow a minute.\n",
            variables(&self.site, &format!("{url}{LIST}")),
        )
    }

    /// Returns the result of the checks.
    pub(super) fn end(&self) -> Grades {
        let mut seen = seen(&self.site);
        seen.extend(self.elsewhere.requests().iter().map(Seen::elsewhere));
        Grades::of(&seen, ASSIGNMENT)
    }
}

/// Throttles the list, then rejects the token and throttles the token requests that follow.
fn disturb(site: &MockEdx) {
    after_pages(site, 10);
    throttle(site, "GET", LIST, Behavior::pass_through());
    after_pages(site, 30);
    site.rotate_signing_key();
    throttle(site, "POST", MockEdx::TOKEN_PATH, slowly());
}

/// Waits until the client has read this many pages.
fn after_pages(site: &MockEdx, pages: usize) {
    let is_page = |one: &Seen| matches!(one.what, What::Page(_)) && one.status == 200;
    while seen(site).iter().filter(|one| is_page(one)).count() < pages {
        let so_far = site.requests().len();
        let _more = site.wait_for_requests(so_far + 1, A_MOMENT);
    }
}

/// Throttles this path from its next request on, for a shorter time than the response says.
fn throttle(site: &MockEdx, method: &str, path: &str, then: Behavior) {
    let throttled = MockResponse::throttled(WAIT.as_secs());
    site.on(method, path, throttled);
    while !site
        .requests()
        .iter()
        .any(|one| one.path() == path && one.status() == Some(429))
    {
        let so_far = site.requests().len();
        let _more = site.wait_for_requests(so_far + 1, A_MOMENT);
    }
    thread::sleep(WAIT / 2);
    site.on(method, path, then);
}

fn seen(site: &MockEdx) -> Vec<Seen> {
    let requests = site.requests();
    let at_site = |request| Seen::at_site(request, LIST, &[MOVED, AWAY]);
    requests.iter().map(at_site).collect()
}

/// Returns the site's own response after a moment in which other workers request a token too.
fn slowly() -> Behavior {
    Behavior::after(Duration::from_millis(300), Behavior::pass_through())
}

const ASSIGNMENT: Assignment = Assignment {
    workers: 8,
    rounds: 3,
    pages: ITEMS.div_ceil(PAGE_SIZE),
};

const ITEMS: usize = 55;
const PAGE_SIZE: usize = 10;
const LIST: &str = "/api/v1/courses/";
const AWAY: &str = "/api/v1/partners/";
const MOVED: &str = "/api/v1/moved/";

/// How long a throttled client should wait: until a rejection of its token cannot come from a clock that is
/// behind, which a careful client waits for.
const WAIT: Duration = Duration::from_secs(8);

/// How often the site looks whether the examination has ended.
const A_MOMENT: Duration = Duration::from_millis(100);
