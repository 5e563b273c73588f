//! What a call that failed reports.

use core::error::Error as _;

use super::*;

fn broken(error: impl Into<TransportError>) -> CallError {
    let call = call(Method::POST).query("username=ada").unwrap();
    let mut scene = Scene::fixed(call);
    let _request = scene.send();
    scene.call.on_failure(error);
    scene.failed()
}

#[test]
fn a_broken_call_names_its_url_without_the_query_and_its_cause() {
    let error = TransportError::from(TransportFailure::MaybeSent).with_cause("reset by peer");

    let error = broken(error);

    let shown = format!("{error}");
    assert!(shown.starts_with(&format!("{URL} ")), "{shown}");
    let source = error.source().map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("reset by peer"));
    assert!(error.is_retryable());
    assert_eq!(error.retry_after(), None);
    assert!(error.advice().contains("cuts the connection"));
    assert!(!broken(TransportFailure::Redirected).is_retryable());
}

#[test]
fn a_call_without_a_token_reports_what_the_token_error_does() {
    let mut scene = Scene::empty(call(Method::GET).timeout(10 * SECOND));
    let _wait = scene.wait();
    scene.exchange(429, "");

    let error = scene.failed();

    let CallError::Token(token_error) = &error else {
        panic!("it was not sent");
    };
    assert_eq!(format!("{error}"), format!("{token_error}"));
    assert_eq!(error.is_retryable(), token_error.is_retryable());
    assert_eq!(error.retry_after(), Some(MINUTE));
    assert_eq!(error.advice(), token_error.advice());
}
