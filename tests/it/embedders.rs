//! The README's program and the core's examples: under the conformance kit, as programs that readers
//! run, and one request at a time against a hostile site.

mod conformance;
mod credentials;
mod over_curl;
mod over_event_loop;
mod over_hyper;
mod program;
mod runs;

use std::time::Duration;

use edx_auth_core::{ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::embedded::Sent;
use edx_auth_tests::timeout::within_timeout;
use http::StatusCode;

#[test]
fn each_example_over_an_http_client_is_one_short_file() {
    for example in [
        include_str!("../../crates/edx-auth-core/examples/embed_hyper.rs"),
        include_str!("../../crates/edx-auth-core/examples/embed_curl.rs"),
    ] {
        assert!(example.lines().count() <= 150, "{example}");
    }
}

/// The examples do not add a name to `User-Agent`.
const NAME: &str = "";

/// Returns the status and the text of a response, or the debug output of the error.
fn status_and_text(sent: Sent) -> Result<(StatusCode, String), String> {
    let response = sent.map_err(|failure| debug_output::of_error(&failure).concat())?;
    let (head, body) = response.into_parts();
    let text = String::from_utf8(body).map_err(|error| error.to_string())?;
    Ok((head.status, text))
}

/// Checks that an exchange with a deadline of zero ends: zero must not mean no deadline, as in libcurl.
fn ends_without_any_time(exchange: fn(&TokenRequest) -> Result<IssuedToken, ExchangeError>) {
    let edx = MockEdx::start().unwrap();
    edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    let endpoint = TokenEndpoint::exact(&edx.token_url()).unwrap();
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    let request = TokenRequest::new(endpoint, credentials).deadline(Duration::ZERO);

    let outcome = within_timeout(move || exchange(&request));

    assert!(outcome.unwrap_err().is_retryable());
}
