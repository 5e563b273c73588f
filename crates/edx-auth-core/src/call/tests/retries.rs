//! Calls that are sent again after a temporary failure.

use super::*;

fn retried(method: Method) -> ApiCall {
    call(method).retry_for(MINUTE, Jitter::NONE)
}

#[test]
fn a_call_is_sent_again_only_if_it_is_told_to() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();

    scene.respond(503);

    assert_eq!(scene.delivered().0, Verdict::Unavailable { wait: None });
}

#[test]
fn every_wait_doubles_until_the_call_succeeds() {
    let mut scene = Scene::fixed(retried(Method::GET));

    for seconds in [1, 2, 4, 8] {
        let _request = scene.send();
        scene.respond(503);
        assert_eq!(scene.wait(), seconds * SECOND);
        scene.pass(seconds * SECOND - MILLI);
        assert_eq!(scene.wait(), MILLI);
        scene.pass(MILLI);
    }
    let _request = scene.send();
    scene.respond(200);

    assert_eq!(scene.delivered().0, Verdict::Success);
}

#[test]
fn a_machine_that_slept_has_waited() {
    let mut scene = Scene::fixed(retried(Method::GET));
    let _request = scene.send();
    scene.respond(503);
    let asleep = scene.now();
    assert_eq!(scene.wait(), SECOND);

    let awake = Moment {
        wall: asleep.wall + SECOND,
        ..asleep
    };
    let step = scene.call.poll(&mut scene.agent, awake);

    assert!(matches!(step, CallStep::Send(_)), "{step:?}");
}

#[test]
fn jitter_lengthens_a_wait_by_a_quarter() {
    let mut scene = Scene::fixed(call(Method::GET).retry_for(MINUTE, Jitter::FULL));
    let _request = scene.send();

    scene.respond(503);

    assert_eq!(scene.wait(), 1250 * MILLI);
}

#[test]
fn a_wait_is_no_shorter_than_the_server_asks_for() {
    let mut scene = Scene::fixed(retried(Method::GET));
    let _request = scene.send();

    let asked = headers(&[("retry-after", "40")]);
    scene
        .call
        .on_response(StatusCode::TOO_MANY_REQUESTS, &asked, b"");

    assert_eq!(scene.wait(), 40 * SECOND);
}

#[test]
fn a_wait_that_outlasts_the_retries_delivers_the_failure_at_once() {
    let mut scene = Scene::fixed(retried(Method::GET));
    let _request = scene.send();

    let asked = headers(&[("retry-after", "61")]);
    scene
        .call
        .on_response(StatusCode::TOO_MANY_REQUESTS, &asked, b"");

    let throttled = Verdict::Throttled { wait: 61 * SECOND };
    assert_eq!(scene.delivered().0, throttled);
}

#[test]
fn a_wait_that_outlasts_the_call_delivers_the_failure_at_once() {
    let mut scene = Scene::fixed(retried(Method::GET).timeout(SECOND));
    let _request = scene.send();

    scene.respond(503);

    assert_eq!(scene.delivered().0, Verdict::Unavailable { wait: None });
}

#[test]
fn a_call_without_a_response_is_sent_again() {
    let mut scene = Scene::fixed(retried(Method::POST).body(CallBody::Repeatable));
    let _request = scene.send();

    scene.call.on_failure(TransportFailure::MaybeSent);

    assert_eq!(scene.wait(), SECOND);
    scene.pass(SECOND);
    assert_eq!(scene.sent().body(), b"body");
}

#[test]
fn a_permanent_failure_ends_the_call() {
    for status in [403, 404, 409] {
        let mut scene = Scene::fixed(retried(Method::GET));
        let _request = scene.send();

        scene.respond(status);

        let (verdict, _) = scene.delivered();
        assert!(!verdict.is_retryable(), "{status}");
    }
    let mut scene = Scene::fixed(retried(Method::GET));
    let _request = scene.send();
    scene.call.on_failure(TransportFailure::Redirected);
    assert_eq!(scene.transport_failure(), TransportFailure::Redirected);
}

#[test]
fn a_body_that_can_be_sent_once_is_not_sent_again() {
    let mut scene = Scene::fixed(retried(Method::POST).body(CallBody::Once));
    let _request = scene.send();

    scene.respond(503);

    assert_eq!(scene.delivered().0, Verdict::Unavailable { wait: None });
}

#[test]
fn a_missing_token_is_asked_for_again() {
    let retried = call(Method::GET).retry_for(2 * MINUTE, Jitter::NONE);
    let mut scene = Scene::empty(retried.timeout(2 * MINUTE).token_timeout(SECOND));
    let _wait = scene.wait();
    scene.exchange(429, "");

    assert_eq!(scene.wait(), MINUTE);
    scene.pass(MINUTE);
    let _wait = scene.wait();
    scene.issue();

    assert_eq!(scene.sent_token(), "issued1");
}

#[test]
fn a_retry_after_a_replay_delivers_the_response_to_the_retry() {
    let mut scene = Scene::renewing(retried(Method::GET));
    let _request = scene.send();
    scene.reject();
    let _wait = scene.wait();
    scene.issue();
    let _replay = scene.send();
    scene.respond(503);
    assert_eq!(scene.wait(), SECOND);
    scene.pass(SECOND);
    let _retry = scene.send();

    scene.respond(404);

    assert_eq!(scene.delivered().0, Verdict::NotFound);
}

#[test]
fn a_call_with_retries_is_replayed_only_once() {
    let mut scene = Scene::renewing(retried(Method::GET));
    let _request = scene.send();
    scene.reject();
    let _wait = scene.wait();
    scene.issue();
    let _replay = scene.send();
    scene.respond(503);
    let _wait = scene.wait();
    scene.pass(SECOND);
    let _retry = scene.send();

    scene.reject();

    assert!(rejection(scene.delivered()).is_none());
}

#[test]
fn a_call_may_have_a_token_timeout_of_another_length_than_its_agent() {
    let mut scene = Scene::empty(call(Method::GET).token_timeout(SECOND));

    assert_eq!(scene.wait(), SECOND);
    scene.pass(SECOND);

    assert!(matches!(scene.failed(), CallError::Token(_)));
}
