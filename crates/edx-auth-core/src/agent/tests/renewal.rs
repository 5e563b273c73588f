//! Tokens that are due, rejected or replaced, and attempts that fail.

use super::*;

/// When a token of one hour becomes due: ten minutes before its end, less the second that the agent
/// subtracts.
const DUE: Duration = Duration::from_secs(2999);

#[test]
fn a_due_token_is_ready_at_once_and_its_renewal_becomes_work() {
    let mut agent = holding();

    let _fresh = ready(acquire(&mut agent, DUE - MILLI));
    assert_eq!(agent.next_work(after(DUE - MILLI)), None);

    let due = ready(acquire(&mut agent, DUE));
    assert_eq!(due.authorization(), "JWT a.0.c");
    let ticket = exchange(&mut agent, DUE);
    assert_eq!(ticket.reason(), RenewalReason::Due);

    let meanwhile = ready(acquire(&mut agent, DUE));
    assert_eq!(meanwhile.generation(), due.generation());
    let _renewed = issue(&mut agent, ticket, DUE);
    let renewed = ready(acquire(&mut agent, DUE));
    assert!(renewed.generation() > due.generation());
}

#[test]
fn the_current_token_can_be_followed_to_its_end_and_that_renews_nothing() {
    let agent = holding();

    for passed in [Duration::ZERO, DUE, DUE + 300 * SECOND] {
        let token = agent.current(after(passed)).unwrap();
        assert_eq!(token.authorization(), "JWT a.0.c");
        assert_eq!(agent.next_work(after(passed)), None);
    }
    assert!(agent.current(after(HOUR)).is_none());
    assert_eq!(agent.next_work(after(HOUR)), None);
}

#[test]
fn a_due_token_stays_in_use_while_its_renewal_fails() {
    let mut agent = holding();
    let _due = ready(acquire(&mut agent, DUE));
    let ticket = exchange(&mut agent, DUE);

    let event = respond(&mut agent, ticket, (503, ""), DUE);

    assert_eq!(backoff(event), SECOND);
    let _token = ready(acquire(&mut agent, DUE + SECOND - MILLI));
    assert_eq!(agent.next_work(after(DUE + SECOND - MILLI)), None);
    let _token = ready(acquire(&mut agent, DUE + SECOND));
    let next = agent.next_work(after(DUE + SECOND));
    assert_eq!(next, Some(WorkKind::Exchange));
}

#[test]
fn a_caller_waits_through_a_temporary_failure() {
    let failures = [
        |agent: &mut TokenAgent, ticket| respond(agent, ticket, (503, ""), Duration::ZERO),
        |agent: &mut TokenAgent, ticket| {
            let now = after(Duration::ZERO);
            agent.on_failure(ticket, TransportFailure::TimedOut, now, Jitter::NONE)
        },
    ];
    for fail in failures {
        let mut agent = agent();
        elect(&mut agent, Duration::ZERO);
        let ticket = exchange(&mut agent, Duration::ZERO);

        assert_eq!(backoff(fail(&mut agent, ticket)), SECOND);

        let acquired = acquire(&mut agent, Duration::ZERO);
        assert!(matches!(acquired, Acquire::Wait(SECOND)), "{acquired:?}");
        assert_eq!(agent.next_work(after(SECOND - MILLI)), None);
        elect(&mut agent, SECOND);
        assert_eq!(agent.next_work(after(SECOND)), Some(WorkKind::Exchange));
    }
}

#[test]
fn callers_that_waited_together_get_the_same_error() {
    let mut agent = agent();
    let budgets = [(); 2].map(|()| agent.wait_budget(after(Duration::ZERO)));
    for budget in &budgets {
        let acquired = agent.acquire(Need::any(), budget, after(Duration::ZERO));
        assert!(matches!(acquired, Acquire::Wait(_)), "{acquired:?}");
    }

    assert_eq!(backoff(reject(&mut agent, SECOND)), BLOCKED);

    for budget in &budgets {
        let error = failed(agent.acquire(Need::any(), budget, after(SECOND)));
        assert!(!error.is_retryable());
        assert_eq!(error.retry_after(), Some(BLOCKED));
        let cause = error.renewal_error();
        assert!(
            cause.is_some_and(RenewalError::is_invalid_client),
            "{cause:?}"
        );
    }
}

#[test]
fn a_rejected_token_is_replaced_for_the_caller_that_needs_a_newer_one() {
    let mut agent = holding();
    let old = ready(acquire(&mut agent, MINUTE)).generation();
    let newer = Need::any().newer_than(old);

    let invalidation = agent.invalidate(old, after(MINUTE));

    assert_eq!(invalidation, Invalidation::WillRenew { wait: MILLI });
    let acquired = acquire_for(&mut agent, newer, MINUTE);
    assert!(matches!(acquired, Acquire::Wait(LEASE)), "{acquired:?}");
    let others = ready(acquire(&mut agent, MINUTE));
    assert_eq!(others.generation(), old);
    let ticket = exchange(&mut agent, MINUTE);
    assert_eq!(ticket.reason(), RenewalReason::Rejected);
    let _renewed = issue(&mut agent, ticket, MINUTE);
    let token = ready(acquire_for(&mut agent, newer, MINUTE));
    assert!(token.generation() > old);
    let late = agent.invalidate(old, after(MINUTE));
    assert_eq!(late, Invalidation::AlreadyReplaced);
}

#[test]
fn a_renewal_for_many_callers_is_one_request() {
    let mut agent = holding();
    let needs = [(); 3].map(|()| agent.renew_now());

    for need in needs {
        let acquired = acquire_for(&mut agent, need, MINUTE);
        assert!(matches!(acquired, Acquire::Wait(LEASE)), "{acquired:?}");
    }
    let ticket = exchange(&mut agent, MINUTE);
    assert_eq!(ticket.reason(), RenewalReason::Forced);
    // One more asks while the request is under way.
    let late = agent.renew_now();
    let _renewed = issue(&mut agent, ticket, MINUTE);

    for need in needs.into_iter().chain([late]) {
        let token = ready(acquire_for(&mut agent, need, MINUTE));
        assert_eq!(token.authorization(), "JWT a.60000.c");
    }
    assert_eq!(agent.next_work(after(MINUTE)), None);
    assert_eq!(agent.health(after(MINUTE)).issued, 2);
}

#[test]
fn a_forced_renewal_without_a_cached_token_accepts_any_token() {
    let mut agent = agent();

    assert_eq!(agent.renew_now(), Need::any());

    elect(&mut agent, Duration::ZERO);
    let _renewed = renew(&mut agent, Duration::ZERO);
    let _token = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}

#[test]
fn health_follows_the_renewal() {
    let mut agent = agent();
    let empty = agent.health(after(Duration::ZERO));
    assert_eq!(empty.token, TokenState::Empty);
    assert!(!empty.is_renewing && !empty.is_ready());

    elect(&mut agent, Duration::ZERO);
    assert!(agent.health(after(Duration::ZERO)).is_renewing);

    let ticket = exchange(&mut agent, Duration::ZERO);
    let _failed = respond(&mut agent, ticket, (503, ""), Duration::ZERO);
    let failed = agent.health(after(Duration::ZERO));
    assert!(!failed.is_renewing);
    assert_eq!(failed.failures, 1);
    assert_eq!(failed.backoff, Some(SECOND));

    elect(&mut agent, SECOND);
    let _renewed = renew(&mut agent, SECOND);
    let renewed = agent.health(after(SECOND));
    assert_eq!((renewed.token, renewed.issued), (TokenState::Fresh, 1));
    assert_eq!(renewed.usable_for, Some(HOUR - 31 * SECOND));
    assert!(renewed.is_ready() && renewed.backoff.is_none());
}

#[test]
fn debug_shows_neither_the_secret_nor_the_token() {
    let shown = format!("{:?}", holding());

    assert!(shown.starts_with("TokenAgent"), "{shown}");
    assert!(!shown.contains("secret of"), "{shown}");
    assert!(!shown.contains("a.0.c"), "{shown}");
}

#[test]
fn a_failing_site_gets_no_request_before_its_retry_after() {
    for (asked, expected) in [("0", SECOND), ("1", SECOND), ("3600", HOUR)] {
        let mut agent = agent();
        elect(&mut agent, Duration::ZERO);
        let ticket = exchange(&mut agent, Duration::ZERO);

        let response = Response::builder().status(503).header("retry-after", asked);
        let response = response.body("").unwrap();
        let event = agent.on_response(ticket, response, after(Duration::ZERO), Jitter::NONE);

        assert_eq!(backoff(event), expected, "{asked}");
    }
}

/// The end of a lease would overflow such a clock, so the lease ends when it begins.
#[test]
fn a_clock_at_its_maximum_blocks_no_caller() {
    let (mut agent, now) = (agent(), after_the_end());

    let acquired = agent.acquire(Need::any(), &WaitBudget::new(MINUTE, now), now);

    assert!(matches!(acquired, Acquire::Failed(_)), "{acquired:?}");
}

fn after_the_end() -> Moment {
    Moment {
        monotonic: Duration::MAX,
        wall: Duration::MAX,
    }
}
