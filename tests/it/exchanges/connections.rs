//! If no connection can be made, nothing was sent, and the error says so.

use std::error::Error as _;

use edx_auth_core::{
    ClientCredentials, ErrorKind, ExchangeError, PlaintextHosts, TokenEndpoint, TokenRequest,
    TransportFailure,
};

use super::{NAME, exchange};

#[test]
fn a_closed_port_is_reported_as_not_sent() {
    // No server listens on port 1 (tcpmux).
    let error = ask("http://127.0.0.1:1");

    assert_eq!(
        error.kind(),
        ErrorKind::Transport(TransportFailure::NotSent)
    );
    assert!(error.is_retryable());
    // The examples do not pass on the error of their HTTP client.
    assert_eq!(error.source().is_some(), !NAME.is_empty());
}

#[test]
fn an_unknown_host_is_reported_as_not_sent() {
    // A label of a host name has at most 63 characters.
    let error = ask(&format!("http://{}.example", "a".repeat(70)));

    assert_eq!(
        error.kind(),
        ErrorKind::Transport(TransportFailure::NotSent)
    );
}

fn ask(lms: &str) -> ExchangeError {
    let host = lms.trim_start_matches("http://");
    let plaintext = PlaintextHosts::dangerously_allow([host]);
    let endpoint = TokenEndpoint::open_edx_with(lms, &plaintext).unwrap();
    let credentials = ClientCredentials::new("acme", "mock-edx-secret").unwrap();
    exchange(&TokenRequest::new(endpoint, credentials)).unwrap_err()
}
