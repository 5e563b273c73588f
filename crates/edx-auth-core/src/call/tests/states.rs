//! Calls without a token, calls that have ended, and reports that no state expects.

use super::*;

/// Reports everything that can be reported.
fn report(scene: &mut Scene) {
    scene.respond(200);
    scene.reject();
    scene.redirect(302, "/elsewhere");
    scene.call.on_failure(TransportFailure::NotSent);
}

#[test]
fn without_a_token_nothing_is_sent() {
    let mut scene = Scene::empty(call(Method::GET));
    let _wait = scene.wait();
    scene.exchange(401, r#"{"error": "invalid_client"}"#);

    let CallError::Token(error) = scene.failed() else {
        panic!("it was not sent");
    };

    let cause = error.renewal_error();
    assert!(
        cause.is_some_and(RenewalError::is_invalid_client),
        "{cause:?}"
    );
    assert_eq!(scene.call.take_rejection(), None);
}

#[test]
fn a_delivered_call_stays_delivered() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    scene.respond(404);

    for _ in 0..3 {
        assert_eq!(scene.delivered().0, Verdict::NotFound);
        report(&mut scene);
        scene.pass(MINUTE);
    }
}

#[test]
fn a_delivered_rejection_keeps_its_error() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    scene.reject();

    for _ in 0..3 {
        let error = rejection(scene.delivered()).unwrap();
        assert!(matches!(error.renewal_error(), Some(RenewalError::Fixed)));
        report(&mut scene);
        scene.pass(MINUTE);
    }
}

#[test]
fn a_failed_call_stays_failed() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    scene.call.on_failure(TransportFailure::TimedOut);

    for _ in 0..3 {
        assert_eq!(scene.transport_failure(), TransportFailure::TimedOut);
        report(&mut scene);
        scene.pass(MINUTE);
    }
}

#[test]
fn a_call_that_failed_without_a_token_stays_failed_although_there_is_one() {
    let mut scene = Scene::empty(call(Method::GET).timeout(SECOND));
    let _wait = scene.wait();
    scene.pass(SECOND);
    assert!(matches!(scene.failed(), CallError::Token(_)));

    scene.issue();

    assert!(matches!(scene.failed(), CallError::Token(_)));
}

#[test]
fn a_report_before_anything_was_sent_changes_nothing() {
    let mut scene = Scene::empty(call(Method::GET));
    report(&mut scene);
    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    report(&mut scene);
    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.issue();

    let request = scene.sent();

    assert_eq!(request.uri().to_string(), URL);
    assert_eq!(scene.call.take_rejection(), None);
}

#[test]
fn a_second_report_of_one_request_changes_nothing() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    scene.redirect(302, "/there");

    report(&mut scene);

    assert_eq!(scene.sent().uri().to_string(), "https://api.edx.org/there");
}

#[test]
fn a_report_during_the_grace_or_a_renewal_changes_nothing() {
    let mut young = Scene::empty(call(Method::GET));
    let _wait = young.wait();
    young.issue();
    let mut old = Scene::renewing(call(Method::GET));
    for scene in [&mut young, &mut old] {
        let _request = scene.send();
        scene.reject();
        report(scene);
        let wait = scene.wait();

        report(scene);

        assert_eq!(scene.wait(), wait);
    }
}

#[test]
fn a_request_under_way_is_waited_for() {
    let mut scene = Scene::fixed(call(Method::GET).timeout(SECOND));
    let _request = scene.send();

    assert_eq!(scene.wait(), SECOND);
    assert_eq!(scene.wait(), SECOND);
    scene.respond(200);

    assert_eq!(scene.delivered().0, Verdict::Success);
}

#[test]
fn a_result_counts_as_a_response_or_as_a_failure() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    let broken = Err::<Response<&str>, _>(TransportFailure::MaybeSent);
    assert!(scene.call.on_result(broken).is_none());

    let _again = scene.send();
    let response = Response::builder().status(404).body("whole").unwrap();
    let response = scene.call.on_result(Ok::<_, TransportFailure>(response));

    assert_eq!(response.unwrap().into_body(), "whole");
    assert_eq!(scene.delivered().0, Verdict::NotFound);
}
