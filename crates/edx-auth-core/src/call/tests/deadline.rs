//! The one deadline of a call.

use super::*;

const TIMEOUT: Duration = Duration::from_secs(40);

#[test]
fn a_call_takes_at_most_ninety_seconds_unless_it_says_otherwise() {
    let mut scene = Scene::fixed(call(Method::GET));

    assert_eq!(ApiCall::DEFAULT_TIMEOUT, 90 * SECOND);
    assert_eq!(scene.send().timeout(), 90 * SECOND);
}

#[test]
fn a_deadline_is_counted_from_the_first_poll() {
    let mut scene = Scene::fixed(call(Method::GET).timeout(TIMEOUT));
    scene.pass(MINUTE);
    assert_eq!(scene.call.time_left(scene.now()), TIMEOUT);

    assert_eq!(scene.send().timeout(), TIMEOUT);

    scene.pass(10 * SECOND);
    assert_eq!(scene.call.time_left(scene.now()), 30 * SECOND);
    assert_eq!(scene.wait(), 30 * SECOND);
}

#[test]
fn one_deadline_covers_the_token_redirects_a_broken_connection_and_a_replay() {
    let mut scene = Scene::empty(call(Method::GET).timeout(TIMEOUT));
    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.pass(10 * SECOND);
    scene.issue();
    assert_eq!(scene.send().timeout(), 30 * SECOND);

    scene.pass(5 * SECOND);
    scene.redirect(302, "/there");
    assert_eq!(scene.send().timeout(), 25 * SECOND);

    scene.pass(5 * SECOND);
    scene.call.on_failure(TransportFailure::MaybeSent);
    assert_eq!(scene.send().timeout(), 20 * SECOND);

    scene.reject();
    assert_eq!(scene.wait(), 20 * SECOND, "less than the token's timeout");
    scene.pass(5 * SECOND);
    scene.issue();
    assert_eq!(scene.send().timeout(), 15 * SECOND);

    scene.pass(15 * SECOND);
    assert_eq!(scene.transport_failure(), TransportFailure::TimedOut);
}

#[test]
fn one_deadline_covers_the_skew_grace() {
    let mut scene = Scene::empty(call(Method::GET).timeout(TIMEOUT));
    let _wait = scene.wait();
    scene.issue();
    let _request = scene.send();
    scene.reject();
    assert_eq!(scene.wait(), 6 * SECOND);
    scene.pass(6 * SECOND);

    assert_eq!(scene.send().timeout(), TIMEOUT - 6 * SECOND);
}

#[test]
fn a_call_that_waits_for_its_token_ends_at_the_deadline() {
    let mut scene = Scene::empty(call(Method::GET).timeout(10 * SECOND));
    assert_eq!(scene.wait(), 10 * SECOND);
    scene.pass(10 * SECOND - MILLI);
    assert_eq!(scene.wait(), MILLI);
    scene.pass(MILLI);

    let CallError::Token(error) = scene.failed() else {
        panic!("it was not sent");
    };

    assert!(error.renewal_error().is_none() && error.is_retryable());
}

#[test]
fn a_call_waits_for_its_token_no_longer_than_the_agents_token_timeout() {
    let mut scene = Scene::empty(call(Method::GET));
    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.pass(TOKEN_TIMEOUT);

    assert!(matches!(scene.failed(), CallError::Token(_)));
}

#[test]
fn a_call_that_is_replayed_ends_at_the_deadline_with_the_rejection() {
    let mut scene = Scene::renewing(call(Method::GET).timeout(10 * SECOND));
    let _request = scene.send();
    scene.pass(4 * SECOND);
    scene.reject();
    assert_eq!(scene.wait(), 6 * SECOND);
    scene.pass(6 * SECOND);

    let error = rejection(scene.delivered()).unwrap();

    assert!(error.renewal_error().is_none());
}

#[test]
fn a_request_times_out_at_the_deadline() {
    let mut scene = Scene::fixed(call(Method::GET).timeout(TIMEOUT));
    let _request = scene.send();
    scene.pass(TIMEOUT - MILLI);
    assert_eq!(scene.wait(), MILLI);
    scene.pass(MILLI);

    assert_eq!(scene.transport_failure(), TransportFailure::TimedOut);
    assert_eq!(scene.call.time_left(scene.now()), Duration::ZERO);
}

#[test]
fn a_redirect_is_not_followed_after_the_deadline() {
    for (passed, is_sent) in [(TIMEOUT - MILLI, true), (TIMEOUT, false)] {
        let mut scene = Scene::fixed(call(Method::GET).timeout(TIMEOUT));
        let _request = scene.send();
        scene.redirect(302, "/there");
        scene.pass(passed);

        match scene.poll() {
            CallStep::Send(request) => assert!(is_sent && request.timeout() == MILLI),
            CallStep::Fail(CallError::Transport { url, error }) => {
                assert!(!is_sent && error.failure() == TransportFailure::TimedOut);
                assert_eq!(url.to_string(), "https://api.edx.org/there");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_response_that_came_before_the_deadline_is_delivered_after_it() {
    let mut scene = Scene::fixed(call(Method::GET).timeout(TIMEOUT));
    let _request = scene.send();
    scene.respond(200);
    scene.pass(TIMEOUT);

    assert_eq!(scene.delivered().0, Verdict::Success);
}
