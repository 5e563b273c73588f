//! The core's examples over HTTP stacks of other people's: as programs that their readers run, as
//! drivers before the conformance kit, and one exchange at a time before a hostile site.

mod conformance;
mod failures;
mod over_curl;
mod over_hyper;
mod over_sockets;
mod pairs;
mod program;
mod successes;

use std::time::Duration;

use edx_auth_core::{ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::drivers::embedded::Carried;
use edx_auth_tests::patience::within_patience;
use edx_auth_tests::shown;
use http::StatusCode;

/// What the examples call themselves.
const NAME: &str = "edx-auth-example";

/// Status and body of a reply, or all that its absence shows.
fn status_and_text(carried: Carried) -> Result<(StatusCode, String), String> {
    let reply = carried.map_err(|(failure, cause)| {
        let cause = cause.map(|cause| shown::error(&cause).concat());
        shown::error(&failure).concat() + &cause.unwrap_or_default()
    })?;
    let (head, body) = reply.into_parts();
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
