//! The README's program and the core's examples: before the conformance kit, as programs that their
//! readers run, and one request at a time before a hostile site.

mod conformance;
mod over_curl;
mod over_event_loop;
mod over_hyper;
mod pairs;
mod program;
mod runs;

use std::time::Duration;

use edx_auth_core::{ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::drivers::embedded::Sent;
use edx_auth_tests::patience::within_patience;
use edx_auth_tests::shown;
use http::StatusCode;

/// The examples have no name of their own.
const NAME: &str = "";

/// Returns the status and the text of a response, or all that the error shows.
fn status_and_text(sent: Sent) -> Result<(StatusCode, String), String> {
    let response = sent.map_err(|failure| shown::error(&failure).concat())?;
    let (head, body) = response.into_parts();
    let text = String::from_utf8(body).map_err(|error| error.to_string())?;
    Ok((head.status, text))
}

/// To libcurl, for one, a deadline of nothing is none.
fn ends_without_any_time(exchange: fn(&TokenRequest) -> Result<IssuedToken, ExchangeError>) {
    let edx = MockEdx::start().unwrap();
    edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    let endpoint = TokenEndpoint::exact(&edx.token_url()).unwrap();
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    let request = TokenRequest::new(endpoint, credentials).deadline(Duration::ZERO);

    let outcome = within_patience(move || exchange(&request));

    assert!(outcome.unwrap_err().is_retryable());
}
