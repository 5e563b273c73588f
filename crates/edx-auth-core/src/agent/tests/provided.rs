//! Credentials that the program provides before each token request.

use super::*;

/// Has the program provide the first credentials, and the token endpoint reject them.
fn rejected() -> TokenAgent {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let event = provide(&mut agent, "first", Duration::ZERO);
    assert!(is_unchanged(&event), "{event:?}");
    let event = reject(&mut agent, Duration::ZERO);
    assert!(matches!(event, Event::CredentialsRejected), "{event:?}");
    agent
}

/// Like `rejected`, and the program then provides the same credentials again.
fn blocked() -> TokenAgent {
    let mut agent = rejected();
    let event = provide(&mut agent, "first", Duration::ZERO);
    assert_eq!(backoff(event), BLOCKED);
    agent
}

#[test]
fn credentials_are_asked_for_before_each_token_request() {
    let mut agent = asking();

    for (passed, client_id) in [
        (Duration::ZERO, "first"),
        (HOUR, "second"),
        (2 * HOUR, "third"),
    ] {
        elect(&mut agent, passed);
        let next = agent.next_work(after(passed));
        assert_eq!(next, Some(WorkKind::Credentials), "{client_id}");
        let event = provide(&mut agent, client_id, passed);
        assert_eq!(is_changed(&event), client_id != "first", "{event:?}");
        let next = agent.next_work(after(passed));
        assert_eq!(next, Some(WorkKind::Exchange), "{client_id}");
        let (ticket, sent) = sent(&mut agent, passed);
        assert_eq!(sent, client_id);
        let event = issue(&mut agent, ticket, passed);
        assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
        assert_eq!(agent.next_work(after(passed)), None);
    }
}

#[test]
fn nothing_else_is_handed_out_while_the_program_is_asked() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let _ticket = question(&mut agent, Duration::ZERO);

    elect(&mut agent, SECOND);

    assert_eq!(agent.next_work(after(SECOND)), None);
    assert!(agent.poll_work(after(SECOND)).is_none());
}

#[test]
fn other_credentials_are_tried_at_once_and_no_caller_sees_the_rejection() {
    let mut agent = rejected();
    elect(&mut agent, Duration::ZERO);
    assert_eq!(
        agent.next_work(after(Duration::ZERO)),
        Some(WorkKind::Credentials)
    );
    let ticket = question(&mut agent, Duration::ZERO);
    elect(&mut agent, Duration::ZERO);

    let now = after(Duration::ZERO);
    let event = agent.on_credentials(ticket, Ok(credentials("second")), now, Jitter::NONE);

    assert!(is_changed(&event), "{event:?}");
    elect(&mut agent, Duration::ZERO);
    let (ticket, client_id) = sent(&mut agent, Duration::ZERO);
    assert_eq!(client_id, "second");
    assert_eq!(ticket.reason(), RenewalReason::NewCredentials);
    elect(&mut agent, Duration::ZERO);
    let event = issue(&mut agent, ticket, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    let _token = ready(acquire(&mut agent, Duration::ZERO));
}

#[test]
fn a_due_token_stays_in_use_while_other_credentials_are_tried() {
    let mut agent = holding().with_provided_credentials();
    let due = 3000 * SECOND;
    let _due = ready(acquire(&mut agent, due));
    let _same = provide(&mut agent, "first", due);
    let _rejected = reject(&mut agent, due);
    let _due = ready(acquire(&mut agent, due));

    let event = provide(&mut agent, "second", due);

    assert!(is_changed(&event), "{event:?}");
    let _due = ready(acquire(&mut agent, due));
    let (ticket, client_id) = sent(&mut agent, due);
    assert_eq!(client_id, "second");
    let _renewed = issue(&mut agent, ticket, due);
    let token = ready(acquire(&mut agent, due));
    assert_eq!(token.authorization(), "JWT a.3000000.c");
}

#[test]
fn the_same_credentials_again_end_the_attempt_with_the_rejection() {
    let mut agent = blocked();

    let error = failed(acquire(&mut agent, Duration::ZERO));

    assert!(
        error
            .renewal_error()
            .is_some_and(RenewalError::is_invalid_client)
    );
    assert_eq!(error.retry_after(), Some(BLOCKED));
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}

#[test]
fn an_error_instead_of_other_credentials_ends_the_attempt_with_the_rejection() {
    let mut agent = rejected();
    let ticket = question(&mut agent, Duration::ZERO);

    let now = after(Duration::ZERO);
    let event = agent.on_credentials(ticket, Err("sealed".into()), now, Jitter::NONE);

    assert!(
        matches!(&event, Event::Failed { error, .. } if error.is_invalid_client()),
        "{event:?}"
    );
    assert_eq!(backoff(event), BLOCKED);
}

#[test]
fn a_third_request_is_never_sent() {
    let mut agent = rejected();
    let _others = provide(&mut agent, "second", Duration::ZERO);

    let event = reject(&mut agent, Duration::ZERO);

    assert_eq!(backoff(event), BLOCKED);
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
    let error = failed(acquire(&mut agent, Duration::ZERO));
    assert!(!error.is_retryable());
}

#[test]
fn a_third_request_is_never_sent_even_if_a_change_is_announced_all_the_time() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let now = after(Duration::ZERO);
    let mut wavering = ["first", "second"].into_iter().cycle();
    let (mut requests, mut questions) = (0, 0);

    for _ in 0..20 {
        agent.credentials_changed();
        let _waits_or_leaves = acquire(&mut agent, Duration::ZERO);
        match agent.poll_work(now) {
            Some(Work::Credentials(ticket)) => {
                questions += 1;
                let provided = Ok(credentials(wavering.next().unwrap()));
                let _event = agent.on_credentials(ticket, provided, now, Jitter::NONE);
            }
            Some(Work::Exchange(ticket, _)) => {
                requests += 1;
                let _event = deny(&mut agent, ticket, Duration::ZERO);
            }
            other => panic!("a change is announced: {other:?}"),
        }
    }

    assert_eq!((requests, questions), (2, 18));
}

#[test]
fn an_announced_change_does_not_hold_back_a_request_whose_credentials_are_there() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let _same = provide(&mut agent, "first", Duration::ZERO);

    agent.credentials_changed();

    let event = renew(&mut agent, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    let next = agent.next_work(after(Duration::ZERO));
    assert_eq!(next, Some(WorkKind::Credentials));
}

#[test]
fn alternating_between_two_rejected_credentials_costs_two_requests_and_then_one_per_backoff() {
    let mut agent = rejected();
    let _others = provide(&mut agent, "second", Duration::ZERO);
    assert_eq!(backoff(reject(&mut agent, Duration::ZERO)), BLOCKED);
    let mut now = BLOCKED;

    for expected in [2 * BLOCKED, 4 * BLOCKED, 8 * BLOCKED] {
        elect(&mut agent, now);
        let _first = provide(&mut agent, "first", now);
        let _rejected = reject(&mut agent, now);
        let event = provide(&mut agent, "second", now);

        assert_eq!(backoff(event), expected);
        assert_eq!(agent.next_work(after(now)), None);
        let _error = failed(acquire(&mut agent, now + expected - MILLI));
        now += expected;
    }
}

#[test]
fn new_credentials_that_are_provided_start_with_the_first_backoff_again() {
    let mut agent = blocked();
    let mut now = BLOCKED;
    for expected in [2 * BLOCKED, 4 * BLOCKED] {
        elect(&mut agent, now);
        let _same = provide(&mut agent, "first", now);
        let _rejected = reject(&mut agent, now);
        assert_eq!(backoff(provide(&mut agent, "first", now)), expected);
        now += expected;
    }

    elect(&mut agent, now);
    let event = provide(&mut agent, "second", now);
    assert!(is_changed(&event), "{event:?}");
    let _rejected = reject(&mut agent, now);

    assert_eq!(backoff(provide(&mut agent, "second", now)), BLOCKED);
}

#[test]
fn announced_changes_to_revoked_credentials_send_nothing() {
    let mut agent = blocked();

    for _ in 0..100 {
        agent.credentials_changed();
        let event = provide(&mut agent, "first", SECOND);

        assert!(is_unchanged(&event), "{event:?}");
        let _error = failed(acquire(&mut agent, SECOND));
        assert_eq!(agent.next_work(after(SECOND)), None);
    }
}

#[test]
fn an_announced_change_to_other_credentials_ends_the_backoff() {
    let mut agent = blocked();
    agent.credentials_changed();

    let event = provide(&mut agent, "second", SECOND);

    assert!(is_changed(&event), "{event:?}");
    elect(&mut agent, SECOND);
    let _same = provide(&mut agent, "second", SECOND);
    let (ticket, client_id) = sent(&mut agent, SECOND);
    assert_eq!(client_id, "second");
    let event = issue(&mut agent, ticket, SECOND);
    assert!(
        matches!(
            event,
            Event::Renewed {
                reason: RenewalReason::NewCredentials,
                ..
            }
        ),
        "{event:?}"
    );
}

#[test]
fn a_caller_waits_for_announced_credentials_and_not_for_the_rest_of_a_backoff() {
    let mut agent = blocked();
    let _error = failed(acquire(&mut agent, SECOND));

    agent.credentials_changed();
    let before = acquire(&mut agent, SECOND);
    let ticket = question(&mut agent, SECOND);
    let meanwhile = acquire(&mut agent, SECOND);
    let unchanged = Ok(credentials("first"));
    let _same = agent.on_credentials(ticket, unchanged, after(SECOND), Jitter::NONE);

    for step in [before, meanwhile] {
        assert!(
            matches!(step, Acquire::Wait(wait) if wait > Duration::ZERO),
            "{step:?}"
        );
    }
    let error = failed(acquire(&mut agent, SECOND));
    assert!(!error.is_retryable());
}

#[test]
fn many_announced_changes_ask_the_program_once() {
    let mut agent = asking();
    for _ in 0..3 {
        agent.credentials_changed();
    }

    let _same = provide(&mut agent, "first", Duration::ZERO);

    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}

#[test]
fn a_change_that_is_announced_during_a_request_is_asked_about_after_it() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let _same = provide(&mut agent, "first", Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);

    agent.credentials_changed();
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
    let event = issue(&mut agent, ticket, Duration::ZERO);

    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    let old = ready(acquire(&mut agent, Duration::ZERO));
    let event = provide(&mut agent, "second", Duration::ZERO);
    assert!(is_changed(&event), "{event:?}");
    let still = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(still.generation(), old.generation());
    let _same = provide(&mut agent, "second", SECOND);
    let (ticket, client_id) = sent(&mut agent, SECOND);
    assert_eq!(client_id, "second");
    assert_eq!(ticket.reason(), RenewalReason::NewCredentials);
}

#[test]
fn an_announced_change_counts_after_the_lease_of_an_attempt_expired() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let token = AccessToken::new(TokenType::Jwt, "stored").unwrap();
    let stored = StoredToken::new(token, HOUR, after(Duration::ZERO).wall);
    let _restored = agent.restore(stored, after(LEASE), Jitter::NONE);
    agent.credentials_changed();

    let event = provide(&mut agent, "second", LEASE);

    assert!(is_changed(&event), "{event:?}");
    let _token = ready(acquire(&mut agent, LEASE));
    let (_ticket, client_id) = sent(&mut agent, LEASE);
    assert_eq!(client_id, "second");
}

#[test]
fn credentials_that_come_after_the_lease_still_bring_a_token() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let ticket = question(&mut agent, Duration::ZERO);
    let credentials = ClientCredentials::new("first", "s3cret").unwrap();

    let late = after(LEASE * 2);
    let _provided = agent.on_credentials(ticket, Ok(credentials), late, Jitter::NONE);

    assert_eq!(agent.next_work(late), Some(WorkKind::Exchange));
    let event = renew(&mut agent, LEASE * 2);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
}

#[test]
fn an_error_instead_of_credentials_causes_a_backoff_and_is_the_source_of_the_token_error() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let ticket = question(&mut agent, Duration::ZERO);

    let now = after(Duration::ZERO);
    let event = agent.on_credentials(ticket, Err("sealed".into()), now, Jitter::NONE);

    assert_eq!(backoff(event), SECOND);
    let acquired = acquire(&mut agent, Duration::ZERO);
    assert!(matches!(acquired, Acquire::Wait(SECOND)), "{acquired:?}");
    let budget = WaitBudget::new(SECOND - MILLI, now);
    let error = failed(agent.acquire(Need::any(), &budget, now));
    assert!(error.is_retryable());
    let source = error.source().map(|source| format!("{source}"));
    assert_eq!(source.as_deref(), Some("sealed"));
    elect(&mut agent, SECOND);
    assert_eq!(agent.next_work(after(SECOND)), Some(WorkKind::Credentials));
}

#[test]
fn an_announced_change_that_is_not_provided_changes_nothing() {
    let mut agent = holding().with_provided_credentials();
    agent.credentials_changed();
    let ticket = question(&mut agent, SECOND);

    let event = agent.on_credentials(ticket, Err("sealed".into()), after(SECOND), Jitter::NONE);

    assert_eq!(backoff(event), Duration::ZERO);
    let health = agent.health(after(SECOND));
    assert_eq!(health.failures, 0);
    assert!(health.backoff.is_none());
    let _token = ready(acquire(&mut agent, SECOND));
    assert_eq!(agent.next_work(after(SECOND)), None);
}
