//! Work that is handed out: when, in which order, and for how long it counts.

use super::*;

#[test]
fn the_first_caller_is_elected_and_the_others_join_it() {
    let mut agent = agent();

    for _ in 0..3 {
        let acquired = acquire(&mut agent, Duration::ZERO);
        assert!(matches!(acquired, Acquire::Wait(LEASE)), "{acquired:?}");
    }

    let _out = exchange(&mut agent, Duration::ZERO);
    assert!(agent.poll_work(after(Duration::ZERO)).is_none());
}

#[test]
fn without_a_caller_there_is_no_work() {
    let mut agent = agent();

    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
    assert!(agent.poll_work(after(Duration::ZERO)).is_none());
}

#[test]
fn the_next_work_is_what_is_handed_out() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);

    assert_eq!(agent.next_work(after(SECOND)), Some(WorkKind::Exchange));
    assert_eq!(agent.next_work(after(SECOND)), Some(WorkKind::Exchange));
    let ticket = exchange(&mut agent, SECOND);

    assert_eq!(agent.next_work(after(SECOND)), None);
    assert_eq!(ticket.reason(), RenewalReason::Cold);
    assert_eq!(ticket.rules(), request().rules());
}

#[test]
fn one_piece_of_work_is_out_at_a_time() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);

    // The lease of the first attempt has expired, and another caller is elected.
    elect(&mut agent, LEASE);
    assert!(agent.poll_work(after(LEASE)).is_none());

    let event = respond(&mut agent, ticket, (503, ""), LEASE);
    assert!(is_stale(&event), "{event:?}");
    let _second = exchange(&mut agent, LEASE);
    assert!(agent.poll_work(after(LEASE)).is_none());
}

#[test]
fn a_late_token_is_accepted_although_another_caller_is_elected() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);
    elect(&mut agent, LEASE);

    let event = issue(&mut agent, ticket, LEASE);

    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    let _token = ready(acquire(&mut agent, LEASE));
}

#[test]
fn an_attempt_that_waited_longer_than_its_lease_is_not_sent() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);

    let in_time = agent.next_work(after(LEASE - MILLI));
    assert_eq!(in_time, Some(WorkKind::Exchange));
    assert_eq!(agent.next_work(after(LEASE)), None);
    assert!(agent.poll_work(after(LEASE)).is_none());

    elect(&mut agent, LEASE);
    let event = renew(&mut agent, LEASE);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
}

#[test]
fn a_lease_and_a_lifetime_are_counted_from_when_the_work_is_taken() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, 10 * SECOND);

    let acquired = acquire(&mut agent, 10 * SECOND + LEASE - MILLI);
    assert!(matches!(acquired, Acquire::Wait(MILLI)), "{acquired:?}");
    let _renewed = issue(&mut agent, ticket, 12 * SECOND);

    let token = ready(acquire(&mut agent, 12 * SECOND));
    assert_eq!(token.usable_for(), HOUR - 33 * SECOND);
}

#[test]
fn a_lease_outlasts_the_deadline_of_the_token_request() {
    let mut agent = TokenAgent::new(request().deadline(MINUTE), RenewalPolicy::DEFAULT);
    elect(&mut agent, Duration::ZERO);
    let _ticket = exchange(&mut agent, Duration::ZERO);

    let acquired = acquire(&mut agent, Duration::ZERO);

    let lease = MINUTE + 5 * SECOND;
    assert!(
        matches!(acquired, Acquire::Wait(wait) if wait == lease),
        "{acquired:?}"
    );
}

#[test]
fn a_caller_waits_five_seconds_longer_than_the_token_request_may_take() {
    let slow = TokenAgent::new(request().deadline(MINUTE), RenewalPolicy::DEFAULT);
    let hurried = agent().with_token_timeout(SECOND);

    assert_eq!(agent().token_timeout(), 25 * SECOND);
    assert_eq!(slow.token_timeout(), MINUTE + 5 * SECOND);
    assert_eq!(hurried.token_timeout(), SECOND);
    let budget = hurried.wait_budget(after(MINUTE));
    assert_eq!(budget.left(after(MINUTE)), SECOND);
}

#[test]
fn the_work_of_a_caller_that_does_not_wait_remains() {
    let mut agent = agent();
    let budget = WaitBudget::new(Duration::ZERO, after(Duration::ZERO));

    let acquired = agent.acquire(Need::any(), &budget, after(Duration::ZERO));

    let error = failed(acquired);
    assert!(error.renewal_error().is_none() && error.is_retryable());
    let _renewed = renew(&mut agent, Duration::ZERO);
    let _token = ready(agent.acquire(Need::any(), &budget, after(Duration::ZERO)));
}

#[test]
fn a_caller_waits_no_longer_than_its_budget() {
    let mut agent = agent();
    let budget = WaitBudget::new(SECOND, after(Duration::ZERO));

    let acquired = agent.acquire(Need::any(), &budget, after(SECOND - MILLI));
    assert!(matches!(acquired, Acquire::Wait(MILLI)), "{acquired:?}");

    let _error = failed(agent.acquire(Need::any(), &budget, after(SECOND)));
}

#[test]
fn a_result_counts_as_a_response_or_as_a_failure() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);
    let broken = Err::<Response<&str>, _>(TransportFailure::TimedOut);
    let event = agent.on_result(ticket, broken, after(Duration::ZERO), Jitter::NONE);
    assert!(matches!(event, Event::Failed { .. }), "{event:?}");

    elect(&mut agent, MINUTE);
    let ticket = exchange(&mut agent, MINUTE);
    let body = r#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
    let issued = Ok::<_, TransportFailure>(Response::new(body));
    let event = agent.on_result(ticket, issued, after(MINUTE), Jitter::NONE);

    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
}

#[test]
fn a_token_request_over_the_limit_of_the_program_is_waited_out() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);

    let event = agent.on_over_limit(ticket, 7 * SECOND, after(Duration::ZERO), Jitter::NONE);

    let Event::Failed { error, backoff, .. } = event else {
        panic!("{event:?}");
    };
    assert!(matches!(error, RenewalError::OverLimit(_)), "{error:?}");
    assert_eq!(backoff, 7 * SECOND);
    let acquired = acquire(&mut agent, SECOND);
    assert!(matches!(acquired, Acquire::Wait(wait) if wait == 6 * SECOND));
    elect(&mut agent, 7 * SECOND);
    renew(&mut agent, 7 * SECOND);
}
