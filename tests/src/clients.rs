//! One interface for the authorized clients of both HTTP libraries.
//!
//! Tests that compare the clients run over [`CLIENTS`].

mod bounded;
mod call;
mod listing;
mod over_reqwest;
mod over_ureq;
mod setup;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{Health, LiveToken};
use edx_auth_driver::Error;
use edx_auth_testkit::Fingerprint;
use serde_json::Value;

pub use bounded::{on_a_runtime, under_a_paused_clock};
pub use call::{ApiResponse, Call, Called, Content, Ending, Failure};
pub use listing::{Broken, Item, List, Listing, Start};
pub use setup::{SHORT_PAUSES, Setup, age_tokens, pausing};

/// The methods of every authorized client, with the names that the crates use.
pub trait Client: Send + Sync {
    /// Sends the call through the client's request builder.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    fn call(&self, call: Call) -> Called;

    /// Sends the call and requires a success. Returns its status.
    ///
    /// # Errors
    /// Returns an error if there is no response, or one that is not a success.
    fn require(&self, call: Call) -> Result<u16, Error>;

    /// Sends a request type of the HTTP library.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    fn execute(&self, call: Call) -> Called;

    /// Sends all calls at once: from threads if the client blocks, from tasks otherwise.
    fn at_once(&self, calls: Vec<Call>) -> Vec<Called>;

    /// Reads a list and calls `after_each` with every item.
    fn read(&self, list: &List, after_each: &mut dyn FnMut(Item)) -> Listing;

    /// Reads a list page by page.
    fn whole_pages(&self, list: &List) -> Vec<Result<Value, Broken>>;

    /// Returns the `Authorization` value for a request of another HTTP client to this URL.
    ///
    /// # Errors
    /// Returns the error's message if there is no token for this URL.
    fn authorize(&self, url: &str) -> Result<Fingerprint, String>;

    /// Returns the health of its token source.
    fn health(&self) -> Health;

    /// Returns the token of its source.
    ///
    /// # Errors
    /// Returns an error if there is none.
    fn token(&self) -> Result<LiveToken, Error>;

    /// Reads the list from this page to its end and calls `after_each` with every item. `None` means
    /// the default `retry_timeout`.
    fn list(
        &self,
        url: &str,
        retry_timeout: Option<Duration>,
        after_each: &mut dyn FnMut(Item),
    ) -> Listing {
        let mut list = List::at(url);
        list.retry_timeout = retry_timeout;
        self.read(&list, after_each)
    }

    /// Reads the first `count` items of a list, then drops the paginator.
    fn first_of(&self, url: &str, count: usize) -> Listing {
        let mut list = List::at(url);
        list.most_items = count;
        self.read(&list, &mut |_item| {})
    }

    /// Reads the list from this page to its end.
    fn pages(&self, url: &str) -> Listing {
        self.list(url, None, &mut |_item| {})
    }

    /// Like [`pages`](Self::pages), with this `retry_timeout`.
    fn pages_within(&self, url: &str, retry_timeout: Duration) -> Listing {
        self.list(url, Some(retry_timeout), &mut |_item| {})
    }
}

/// An HTTP library and its authorized client.
#[derive(Clone, Copy, Debug)]
pub struct HttpLibrary {
    /// The name in the message of a failed test.
    pub name: &'static str,
    /// The beginning of its `User-Agent`, before the version.
    pub user_agent: &'static str,
    /// Creates a client over it.
    pub new_client: fn(Setup) -> Arc<dyn Client>,
}

/// Both clients.
pub const CLIENTS: [HttpLibrary; 2] = [
    HttpLibrary {
        name: "ureq",
        user_agent: "edx-auth-ureq/",
        new_client: |setup| Arc::new(over_ureq::client(setup)),
    },
    HttpLibrary {
        name: "reqwest",
        user_agent: "edx-auth-reqwest/",
        new_client: |setup| Arc::new(over_reqwest::Blocked::client(setup)),
    },
];
