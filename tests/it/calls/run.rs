//! Runs a row over one client and its own site.

use std::sync::Arc;

use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::clients::{Call, Called, Client, HttpLibrary, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::action::{Action, Outcome};
use super::row::{API, Row, Story, issued};
use super::sent::{Sent, token};

/// Returns the outcomes and the requests of a row.
pub(super) fn run(row: Row, library: HttpLibrary) -> Story {
    within_timeout(move || {
        let mut fixture = Fixture::new(&row, library);
        let outcomes = row
            .actions
            .iter()
            .map(|action| fixture.act(action))
            .collect();
        let requests = fixture.edx.requests();
        Story {
            outcomes,
            sent: requests
                .iter()
                .map(|sent| Sent::of(sent, library))
                .collect(),
        }
    })
}

/// A site, and a program's client.
struct Fixture {
    edx: MockEdx,
    client: Arc<dyn Client>,
}

impl Fixture {
    fn new(row: &Row, library: HttpLibrary) -> Self {
        let edx = MockEdx::start().unwrap();
        for (path, behavior) in &row.behaviors {
            edx.next_request(path, behavior.clone());
        }
        let scripted = row.behaviors.iter();
        let scripted = scripted.filter(|(path, _)| path == MockEdx::TOKEN_PATH);
        for generation in (1..=9).skip(scripted.count()) {
            edx.next_request(MockEdx::TOKEN_PATH, issued(generation));
        }
        for method in METHODS {
            edx.on(method, API, MockResponse::json(200, TAKEN));
        }
        let setup = (row.setup)(Setup::of(&edx));
        Self {
            client: (library.new_client)(setup),
            edx,
        }
    }

    fn act(&mut self, action: &Action) -> Outcome {
        match action {
            Action::Send(call) => self.outcome(self.client.call(self.here(call))),
            Action::Execute(call) => self.outcome(self.client.execute(self.here(call))),
            Action::Authorize(url) => match self.client.authorize(&self.url(url)) {
                Ok(attached) => Outcome::Token(generation(attached)),
                Err(words) => Outcome::Failure(self.without_url(&words)),
            },
        }
    }

    fn outcome(&self, called: Called) -> Outcome {
        match called {
            Ok(response) => Outcome::of(&response),
            Err(failure) => Outcome::Failure(self.without_url(&failure.words)),
        }
    }

    fn here(&self, call: &Call) -> Call {
        let url = self.url(&call.url);
        Call {
            url,
            ..call.clone()
        }
    }

    fn url(&self, url: &str) -> String {
        match url.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.edx.url()),
            None => url.replace("{port}", &self.port()),
        }
    }

    fn without_url(&self, words: &str) -> String {
        let words = words.replace(self.edx.url(), "");
        words.replace(&self.port(), "{port}")
    }

    fn port(&self) -> String {
        self.edx.address().port().to_string()
    }
}

fn generation(attached: Fingerprint) -> u64 {
    let is_it = |generation: &u64| {
        let header = format!("JWT {}", token(*generation));
        Fingerprint::of(header) == attached
    };
    (1..=9).find(is_it).unwrap_or_default()
}

/// The body of the API's default response.
pub(super) const TAKEN: &str = r#"{"taken":true}"#;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
