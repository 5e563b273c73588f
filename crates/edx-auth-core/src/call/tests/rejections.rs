//! APIs that reject the token.

use super::*;

/// Sends a call whose token is rejected, one minute after the token was issued.
fn rejected(call: ApiCall) -> Scene {
    let mut scene = Scene::renewing(call);
    assert_eq!(scene.sent_token(), "issued1");
    scene.reject();
    scene
}

/// Sends a call whose token was renewed six seconds before because of a rejection, and is rejected
/// too: the next renewal has to wait four seconds.
fn rejected_again(timeout: Duration) -> Scene {
    let mut scene = rejected(call(Method::GET));
    let _wait = scene.wait();
    scene.issue();
    scene.pass(6 * SECOND);
    scene.call = call(Method::GET).timeout(timeout);
    assert_eq!(scene.sent_token(), "issued2");
    scene.reject();
    scene
}

/// Sends a call whose token is rejected one second after it was issued.
fn rejected_young(call: ApiCall) -> Scene {
    let mut scene = Scene::empty(call);
    let _wait = scene.wait();
    scene.issue();
    scene.pass(SECOND);
    assert_eq!(scene.sent_token(), "issued1");
    scene.reject();
    scene
}

/// Sends a call whose token is replaced before it is rejected.
fn rejected_late(call: ApiCall) -> Scene {
    let mut scene = Scene::renewing(call);
    assert_eq!(scene.sent_token(), "issued1");
    let _need = scene.agent.renew_now();
    let _others = scene.acquire();
    scene.issue();
    scene.reject();
    scene
}

#[test]
fn a_rejected_call_is_replayed_once_with_a_newer_token() {
    let mut scene = rejected(call(Method::POST).body(CallBody::Repeatable));

    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.issue();
    assert_eq!(scene.sent_token(), "issued2");
    scene.pass(MINUTE);
    scene.reject();

    assert!(rejection(scene.delivered()).is_none());
}

#[test]
fn a_token_that_an_api_did_not_receive_is_neither_replayed_nor_renewed() {
    let mut scene = Scene::renewing(call(Method::GET));
    let _request = scene.send();
    let body =
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Required"}"#;

    let (status, headers) = (StatusCode::UNAUTHORIZED, HeaderMap::new());
    scene.call.on_response(status, &headers, body.as_bytes());

    assert_eq!(scene.delivered().0, Verdict::TokenNotReceived);
    assert_eq!(scene.call.take_rejection(), None);
    assert!(scene.agent.poll_work(scene.now()).is_none());
}

#[test]
fn a_replay_repeats_every_header_and_the_body() {
    let own = headers(&[("content-type", "application/json"), ("x-own", "1")]);
    let call = call(Method::POST).body(CallBody::Repeatable).headers(own);
    let mut scene = Scene::renewing(call);
    let mut first = scene.sent();
    scene.reject();
    let _wait = scene.wait();
    scene.issue();

    let mut second = scene.sent();

    let tokens = [&mut first, &mut second].map(|sent| sent.headers_mut().remove(AUTHORIZATION));
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(first.headers(), second.headers());
    assert_eq!(first.headers()["x-own"], "1");
    assert_eq!(first.body(), second.body());
    assert_eq!(
        (first.method(), first.uri()),
        (second.method(), second.uri())
    );
}

#[test]
fn a_redirected_call_is_replayed_at_the_redirect_target() {
    let mut scene = Scene::renewing(call(Method::GET));
    let _request = scene.send();
    scene.redirect(302, "/there");
    let _request = scene.send();
    scene.reject();
    let _wait = scene.wait();
    scene.issue();

    let request = scene.sent();

    assert_eq!(request.uri().to_string(), "https://api.edx.org/there");
    assert_eq!(request.headers()[AUTHORIZATION], "JWT issued2");
}

#[test]
fn a_young_token_is_sent_again_after_the_grace() {
    let mut scene = rejected_young(call(Method::GET));

    assert_eq!(scene.wait(), 5 * SECOND);
    scene.pass(5 * SECOND - MILLI);
    assert_eq!(scene.wait(), MILLI);
    scene.pass(MILLI);
    assert_eq!(scene.sent_token(), "issued1");

    scene.reject();
    assert!(rejection(scene.delivered()).is_none());
}

#[test]
fn a_rejected_token_that_was_replaced_meanwhile_is_followed_by_the_current_one() {
    let mut scene = rejected_late(call(Method::GET));

    assert_eq!(scene.sent_token(), "issued2");
}

#[test]
fn a_rejection_is_delivered_if_the_renewal_begins_after_the_deadline() {
    let wait = 4 * SECOND;

    let mut too_late = rejected_again(wait);
    let mut in_time = rejected_again(wait + MILLI);

    let error = rejection(too_late.delivered()).unwrap();
    let cause = error.renewal_error();
    assert!(matches!(cause, Some(RenewalError::Rejected)), "{cause:?}");
    assert_eq!(in_time.wait(), wait);
    in_time.pass(wait);
    assert_eq!(in_time.wait(), MILLI);
    in_time.issue();
    assert_eq!(in_time.sent_token(), "issued3");
}

#[test]
fn a_rejection_is_delivered_if_the_grace_ends_after_the_deadline() {
    let mut too_late = rejected_young(call(Method::GET).timeout(6 * SECOND));
    let mut in_time = rejected_young(call(Method::GET).timeout(6 * SECOND + MILLI));

    assert!(rejection(too_late.delivered()).is_none());
    assert_eq!(in_time.wait(), 5 * SECOND);
}

#[test]
fn a_rejection_is_delivered_if_no_newer_token_comes_in_time() {
    let mut scene = rejected(call(Method::GET));
    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.pass(TOKEN_TIMEOUT - MILLI);
    assert_eq!(scene.wait(), MILLI);
    scene.pass(MILLI);

    let error = rejection(scene.delivered()).unwrap();

    assert!(error.renewal_error().is_none());
}

#[test]
fn a_rejection_is_delivered_with_the_reason_why_there_is_no_newer_token() {
    let mut scene = rejected(call(Method::GET));
    let _wait = scene.wait();
    scene.exchange(401, r#"{"error": "invalid_client"}"#);

    let error = rejection(scene.delivered()).unwrap();

    let cause = error.renewal_error();
    assert!(
        cause.is_some_and(RenewalError::is_invalid_client),
        "{cause:?}"
    );
}

/// Not only the call that waits for the renewal learns why it failed.
#[test]
fn every_rejection_while_renewals_pause_is_delivered_with_the_reason() {
    let mut scene = rejected(call(Method::GET));
    let _wait = scene.wait();
    scene.exchange(401, r#"{"error": "invalid_client"}"#);
    let _first = scene.delivered();
    for body in [CallBody::Empty, CallBody::Once] {
        scene.pass(SECOND);
        scene.call = call(Method::POST).body(body);
        assert_eq!(scene.sent_token(), "issued1");
        scene.reject();

        let error = rejection(scene.delivered()).unwrap();

        let cause = error.renewal_error();
        assert!(
            cause.is_some_and(RenewalError::is_invalid_client),
            "{body:?}: {cause:?}"
        );
        assert!(error.retry_after().is_some(), "{body:?}");
    }
}

#[test]
fn a_backoff_that_ends_in_time_is_waited_out() {
    let mut scene = rejected(call(Method::GET));
    let _wait = scene.wait();
    scene.exchange(503, "");

    assert_eq!(scene.wait(), SECOND);
    scene.pass(SECOND);
    let _wait = scene.wait();
    scene.issue();

    assert_eq!(scene.sent_token(), "issued2");
}

#[test]
fn the_rejection_of_a_fixed_token_is_delivered() {
    for body in [CallBody::Empty, CallBody::Repeatable, CallBody::Once] {
        let mut scene = Scene::fixed(call(Method::POST).body(body));
        let _request = scene.send();
        scene.reject();

        let error = rejection(scene.delivered()).unwrap();

        let cause = error.renewal_error();
        assert!(matches!(cause, Some(RenewalError::Fixed)), "{body:?}");
        assert!(!error.is_retryable(), "{body:?}");
    }
}

#[test]
fn a_rejected_body_that_can_be_sent_once_waits_for_a_newer_token_and_is_not_replayed() {
    let mut scene = rejected(call(Method::POST).body(CallBody::Once));

    assert_eq!(scene.wait(), TOKEN_TIMEOUT);
    scene.pass(SECOND);
    assert_eq!(scene.wait(), TOKEN_TIMEOUT - SECOND);
    scene.issue();

    assert!(rejection(scene.delivered()).is_none());
    let Acquire::Ready(token) = scene.acquire() else {
        panic!("the next call has a newer token");
    };
    assert_eq!(token.authorization(), "JWT issued2");
}

#[test]
fn a_rejected_body_that_can_be_sent_once_is_delivered_if_no_newer_token_comes() {
    let mut timed_out = rejected(call(Method::POST).body(CallBody::Once));
    let _wait = timed_out.wait();
    timed_out.pass(TOKEN_TIMEOUT);
    assert!(rejection(timed_out.delivered()).is_some());

    let mut denied = rejected(call(Method::POST).body(CallBody::Once));
    let _wait = denied.wait();
    denied.exchange(401, r#"{"error": "invalid_client"}"#);
    assert!(rejection(denied.delivered()).is_some());
}

#[test]
fn a_rejected_body_that_can_be_sent_once_does_not_wait_if_no_renewal_follows() {
    let once = || call(Method::POST).body(CallBody::Once);

    assert!(rejection(rejected_young(once()).delivered()).is_none());
    assert!(rejection(rejected_late(once()).delivered()).is_none());
}

#[test]
fn a_call_is_replayed_after_a_redirect_dropped_a_body_that_can_be_sent_once() {
    let mut scene = Scene::renewing(call(Method::POST).body(CallBody::Once));
    let _request = scene.send();
    scene.redirect(303, "/done");
    let _request = scene.send();
    scene.reject();
    let _wait = scene.wait();
    scene.issue();

    assert_eq!(scene.sent_token(), "issued2");
}

#[test]
fn take_rejection_returns_each_rejection_once() {
    let mut scene = rejected(call(Method::GET));
    assert_eq!(scene.call.take_rejection(), None, "the agent knows nothing");

    let _wait = scene.wait();

    let (first, invalidation) = scene.call.take_rejection().unwrap();
    assert_eq!(invalidation, Invalidation::WillRenew { wait: MILLI });
    assert_eq!(scene.call.take_rejection(), None);
    scene.issue();
    let _request = scene.send();
    scene.reject();
    let _delivered = scene.delivered();
    let (second, invalidation) = scene.call.take_rejection().unwrap();
    assert!(second > first);
    assert_eq!(invalidation, Invalidation::TooYoung { wait: 6 * SECOND });
    let _delivered = scene.delivered();
    assert_eq!(scene.call.take_rejection(), None);
}

#[test]
fn take_rejection_says_what_the_agent_did_about_it() {
    let taken = |mut scene: Scene| {
        let _step = scene.poll();
        let rejection = scene.call.take_rejection();
        rejection.map(|(_, invalidation)| invalidation)
    };
    let mut fixed = Scene::fixed(call(Method::GET));
    let _request = fixed.send();
    fixed.reject();

    let late = rejected_late(call(Method::GET));
    assert_eq!(taken(late), Some(Invalidation::AlreadyReplaced));
    let young = rejected_young(call(Method::GET));
    let wait = 5 * SECOND;
    assert_eq!(taken(young), Some(Invalidation::TooYoung { wait }));
    assert_eq!(taken(fixed), Some(Invalidation::Fixed));
}

#[test]
fn a_rejection_starts_a_renewal_and_other_callers_keep_the_token() {
    let mut scene = rejected(call(Method::GET));
    let _wait = scene.wait();

    let next = scene.agent.next_work(scene.now());
    assert_eq!(next, Some(WorkKind::Exchange));
    let Acquire::Ready(token) = scene.acquire() else {
        panic!("the token is still served");
    };
    assert_eq!(token.authorization(), "JWT issued1");
}
