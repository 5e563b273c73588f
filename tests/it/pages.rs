//! Paginated lists over both clients: every item once, or an error with the page to resume from.

mod bad_input;
mod early;
mod endings;
mod faults;
mod kinds;
mod list;
mod over_reqwest;
mod resumed;
mod settings;
pub(crate) mod shapes;
mod sizes;
mod tokens;
mod trouble;

use std::sync::Arc;
use std::thread;

use edx_auth_testkit::MockEdx;
use edx_auth_tests::clients::{CLIENTS, Client, Setup};
use edx_auth_tests::timeout::within_timeout;

/// Runs a test over each client, each with its own site.
fn over_both(test: impl Fn(&MockEdx, Arc<dyn Client>) + Copy + Send + 'static) {
    let performed = CLIENTS.map(|library| {
        let perform = move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            test(&edx, client);
        };
        thread::spawn(move || within_timeout(perform))
    });
    for (performed, library) in performed.into_iter().zip(CLIENTS) {
        assert!(performed.join().is_ok(), "over {}", library.name);
    }
}
