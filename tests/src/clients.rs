//! An authorized client, whichever HTTP library carries its calls: the same verbs over both.
//!
//! A test that compares them runs over [`CLIENTS`].

mod bounded;
mod call;
mod over_reqwest;
mod over_ureq;
mod setup;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::Health;
use edx_auth_testkit::Fingerprint;

pub use bounded::{on_a_runtime, under_a_still_clock};
pub use call::{Answer, Call, Called, Content, Ending, Failure};
pub use setup::{SHORT_PAUSES, Setup, age_tokens, pausing};
pub use walk::{Broken, Item, Walked};

/// What every authorized client does, by the names that the crates give it.
pub trait Client: Send + Sync {
    /// Sends a call that its request builder describes.
    ///
    /// # Errors
    /// Where no reply came.
    fn call(&self, call: Call) -> Called;

    /// Sends a request of the HTTP library's own.
    ///
    /// # Errors
    /// Where no reply came.
    fn execute(&self, call: Call) -> Called;

    /// Sends these at one moment: threads where it blocks, tasks where it does not.
    fn at_once(&self, calls: Vec<Call>) -> Vec<Called>;

    /// Walks from this page to the end of the list, with this patience if it is to be another than
    /// the usual one, and does something after each item.
    fn walk(
        &self,
        url: &str,
        patience: Option<Duration>,
        after_each: &mut dyn FnMut(Item),
    ) -> Walked;

    /// Takes so many items of a list, and leaves.
    fn first_of(&self, url: &str, count: usize) -> Walked;

    /// The `Authorization` that a foreign client would send to this URL.
    ///
    /// # Errors
    /// Where there is none for it, in words.
    fn authorize(&self, url: &str) -> Result<Fingerprint, String>;

    /// How its source is doing.
    fn health(&self) -> Health;

    /// Walks from this page to the end of the list.
    fn pages(&self, url: &str) -> Walked {
        self.walk(url, None, &mut |_item| {})
    }

    /// The same with this patience.
    fn pages_within(&self, url: &str, patience: Duration) -> Walked {
        self.walk(url, Some(patience), &mut |_item| {})
    }
}

/// An HTTP library and its authorized client.
#[derive(Clone, Copy, Debug)]
pub struct HttpLibrary {
    /// Its name in the message of a failed test.
    pub name: &'static str,
    /// The beginning of its `User-Agent`, before the version.
    pub user_agent: &'static str,
    /// Creates a client over it.
    pub new_client: fn(Setup) -> Arc<dyn Client>,
}

/// Both of them.
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
