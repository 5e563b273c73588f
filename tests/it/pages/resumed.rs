//! Lists that another process continues.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use edx_auth_core::{Position, TokenEndpoint};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::timeout::within_timeout;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/courses/";
const PAGES: u64 = 97;

/// As long as a busy machine may take to start a program and read 40 pages.
const WAIT: Duration = Duration::from_secs(20);

/// In the middle of page 41.
const ENDS_AFTER: u64 = 404;

/// What a program stores in one step: all items before a position, and that position.
struct Store {
    ids: Vec<u64>,
    position: Option<Position>,
    /// The items that are not stored yet, and lost if the program ends.
    of_the_page: Vec<u64>,
}

#[test]
fn a_crawl_that_ended_in_page_41_of_97_is_continued_over_ureq() {
    within_timeout(|| {
        use edx_auth_ureq::{AuthorizedClient, TokenRequest, TokenSource};
        let edx = site();
        let client = || {
            let request = TokenRequest::new(endpoint(&edx), credentials(&edx));
            AuthorizedClient::new(TokenSource::new(request).unwrap()).unwrap()
        };

        let mut pages = client().pages::<u64>(&url(&edx));
        let mut store = Store::from(pages.position());
        for _ in 0..ENDS_AFTER {
            let id = pages.next().unwrap().unwrap();
            store.add(id, pages.position());
        }
        let (mut all, position) = store.of_a_program_that_ended();
        let mut rest = client().pages_from::<u64>(&position);
        all.extend(rest.by_ref().map(Result::unwrap));

        assert_eq!(all, every_id());
        assert_eq!(rest.position(), None);
        assert_eq!(rest.report().pages, PAGES - 40);
        assert_eq!(rest.total(), Some(PAGES * 10));
    });
}

#[test]
fn a_crawl_that_ended_in_page_41_of_97_is_continued_over_reqwest() {
    within_timeout(|| {
        use edx_auth_reqwest::{AuthorizedClient, TokenRequest, TokenSource};
        let edx = site();
        let client = || {
            let request = TokenRequest::new(endpoint(&edx), credentials(&edx));
            AuthorizedClient::new(TokenSource::new(request).unwrap()).unwrap()
        };

        let crawl = async {
            let mut pages = client().pages::<u64>(&url(&edx));
            let mut store = Store::from(pages.position());
            for _ in 0..ENDS_AFTER {
                let id = pages.next().await.unwrap().unwrap();
                store.add(id, pages.position());
            }
            let (mut all, position) = store.of_a_program_that_ended();
            let mut rest = client().pages_from::<u64>(&position);
            while let Some(id) = rest.next().await {
                all.push(id.unwrap());
            }
            (all, rest.report(), rest.total())
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let (all, report, total) = runtime.unwrap().block_on(crawl);

        assert_eq!(all, every_id());
        assert_eq!(report.pages, PAGES - 40);
        assert_eq!(total, Some(PAGES * 10));
    });
}

#[test]
fn a_crawl_killed_at_page_41_of_97_is_finished_by_another_process() {
    for library in ["ureq", "reqwest"] {
        within_timeout(move || {
            let edx = site();
            let store =
                Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crawl-{library}.json"));
            let _earlier_run = fs::remove_file(&store);
            let stored =
                || -> Value { serde_json::from_slice(&fs::read(&store).unwrap()).unwrap() };

            for _ in 1..=40 {
                edx.next_request(PATH, Behavior::pass_through());
            }
            edx.next_request(PATH, Behavior::stall());

            let mut first = crawler(library, &edx, &store).spawn().unwrap();
            assert!(edx.wait_for_requests(1 + 41, WAIT), "{library}");
            first.kill().unwrap();
            first.wait().unwrap();
            let at_the_end_of_the_first = stored();
            let second = crawler(library, &edx, &store).status().unwrap();

            assert!(second.success(), "{library}");
            assert_eq!(
                at_the_end_of_the_first["ids"].as_array().unwrap().len(),
                400
            );
            assert_eq!(stored()["ids"], json!(every_id()), "{library}");
            assert_eq!(edx.token_requests(), 2, "{library}");
        });
    }
}

/// Reads the list of this site into a store.
fn crawler(library: &str, edx: &MockEdx, store: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
    program
        .arg(library)
        .env_clear()
        .env("EDX_TOKEN_URL", edx.token_url())
        .env("EDX_API_URL", url(edx))
        .env("EDX_CLIENT_ID", edx.client_id())
        .env("EDX_CLIENT_SECRET", edx.client_secret())
        .env("STORE", store);
    program
}

#[test]
fn items_may_be_deeper_in_the_body_over_both() {
    within_timeout(|| {
        let edx = site();
        let search =
            r#"{"count": 2, "next": null, "results": {"courses": [1, 2], "programs": []}}"#;
        let path = "/api/v1/search/";
        edx.on_authorized(
            "GET",
            path,
            edx_auth_testkit::MockResponse::json(200, search),
        );
        let url = format!("{}{path}", edx.url());

        let over_ureq = {
            use edx_auth_ureq::{AuthorizedClient, TokenRequest, TokenSource};
            let request = TokenRequest::new(endpoint(&edx), credentials(&edx));
            let client = AuthorizedClient::new(TokenSource::new(request).unwrap()).unwrap();
            let courses = client
                .pages::<u64>(&url)
                .items_at("results.courses")
                .unwrap();
            courses.map(Result::unwrap).collect::<Vec<_>>()
        };
        let over_reqwest = {
            use edx_auth_reqwest::{AuthorizedClient, TokenRequest, TokenSource};
            let request = TokenRequest::new(endpoint(&edx), credentials(&edx));
            let client = AuthorizedClient::new(TokenSource::new(request).unwrap()).unwrap();
            let mut courses = client
                .pages::<u64>(&url)
                .items_at("results.courses")
                .unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let mut all = Vec::new();
                while let Some(course) = courses.next().await {
                    all.push(course.unwrap());
                }
                all
            })
        };

        assert_eq!(over_ureq, [1, 2]);
        assert_eq!(over_reqwest, [1, 2]);
    });
}

impl Store {
    fn from(start: Option<Position>) -> Self {
        Self {
            ids: Vec::new(),
            position: start,
            of_the_page: Vec::new(),
        }
    }

    fn add(&mut self, id: u64, position: Option<Position>) {
        self.of_the_page.push(id);
        if self.position != position {
            self.ids.append(&mut self.of_the_page);
            self.position = position;
        }
    }

    /// Returns what the next process finds: the position as text.
    fn of_a_program_that_ended(self) -> (Vec<u64>, Position) {
        assert_eq!(self.of_the_page.len(), 4);
        let stored = self.position.unwrap().to_string();
        (self.ids, stored.parse().unwrap())
    }
}

fn site() -> MockEdx {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, every_id().iter().map(u64::to_string));
    edx
}

fn every_id() -> Vec<u64> {
    (1..=PAGES * 10).collect()
}

fn url(edx: &MockEdx) -> String {
    format!("{}{PATH}", edx.url())
}

fn endpoint(edx: &MockEdx) -> TokenEndpoint {
    TokenEndpoint::open_edx(edx.url()).unwrap()
}

fn credentials(edx: &MockEdx) -> edx_auth_core::ClientCredentials {
    edx_auth_core::ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap()
}
