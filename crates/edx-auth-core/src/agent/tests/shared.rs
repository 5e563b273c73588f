//! Agents that look into a token store before they request a token.

use super::*;

const HANGS: Duration = Duration::from_secs(2);

/// How long another process may hold its claim: the deadline of a token request, and two seconds.
const CLAIM: Duration = Duration::from_secs(22);

#[test]
fn a_token_is_requested_after_two_looks_in_vain() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);

    assert_eq!(
        agent.next_work(after(Duration::ZERO)),
        Some(WorkKind::Store)
    );
    assert_eq!(look(&mut agent, None, SECOND).0, None);
    assert_eq!(look(&mut agent, None, 2 * SECOND).0, Some(CLAIM));
    let event = renew(&mut agent, 3 * SECOND);

    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    assert!(agent.export(after(3 * SECOND)).is_some());
}

#[test]
fn a_fresh_token_in_the_store_ends_the_attempt_at_either_look() {
    for looks_before in 0..2 {
        let mut agent = shared();
        elect(&mut agent, Duration::ZERO);
        for _ in 0..looks_before {
            look(&mut agent, None, Duration::ZERO);
        }

        let (_, event) = look(&mut agent, Some(Duration::ZERO), SECOND);

        assert!(matches!(event, Event::Restored { .. }), "{event:?}");
        let token = ready(acquire(&mut agent, SECOND));
        assert_eq!(token.authorization(), "JWT stored.0.token");
        assert_eq!(agent.next_work(after(SECOND)), None);
        assert!(!agent.health(after(SECOND)).is_renewing);
    }
}

#[test]
fn a_token_that_is_due_is_used_and_renewed() {
    let mut agent = shared();
    elect(&mut agent, HOUR);

    let (_, event) = look(&mut agent, Some(5 * MINUTE), HOUR);

    assert!(matches!(event, Event::Restored { .. }), "{event:?}");
    let _token = ready(acquire(&mut agent, HOUR));
    assert_eq!(look(&mut agent, None, HOUR).0, Some(CLAIM));
    let _ticket = exchange(&mut agent, HOUR);
}

#[test]
fn the_cached_token_in_the_store_ends_no_attempt() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, Some(Duration::ZERO), Duration::ZERO);
    let rejected = ready(acquire(&mut agent, MINUTE)).generation();
    let _wait = agent.invalidate(rejected, after(MINUTE));
    let newer = Need::any().newer_than(rejected);
    assert!(matches!(
        acquire_for(&mut agent, newer, MINUTE),
        Acquire::Wait(_)
    ));

    for _ in 0..2 {
        let (_, event) = look(&mut agent, Some(Duration::ZERO), MINUTE);
        assert!(matches!(event, Event::NotRestored), "{event:?}");
    }

    renew(&mut agent, MINUTE);
    let token = ready(acquire_for(&mut agent, newer, MINUTE));
    assert!(token.generation() > rejected);
}

#[test]
fn a_newer_token_in_the_store_settles_a_rejection() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, Some(Duration::ZERO), Duration::ZERO);
    let rejected = ready(acquire(&mut agent, MINUTE)).generation();
    let _wait = agent.invalidate(rejected, after(MINUTE));
    let newer = Need::any().newer_than(rejected);
    assert!(matches!(
        acquire_for(&mut agent, newer, MINUTE),
        Acquire::Wait(_)
    ));

    look(&mut agent, Some(MINUTE), MINUTE);

    let token = ready(acquire_for(&mut agent, newer, MINUTE));
    assert_eq!(token.authorization(), "JWT stored.60.token");
    assert_eq!(agent.next_work(after(MINUTE)), None);
}

#[test]
fn a_forced_renewal_requests_a_token_even_if_the_store_has_a_newer_one() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, Some(Duration::ZERO), Duration::ZERO);
    let need = agent.renew_now();
    let _served = acquire_for(&mut agent, need, MINUTE);

    look(&mut agent, Some(MINUTE), MINUTE);
    look(&mut agent, Some(MINUTE), MINUTE);

    let _ticket = exchange(&mut agent, MINUTE);
}

#[test]
fn a_store_that_fails_costs_a_token_request() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);

    for _ in 0..2 {
        let event = fail(&mut agent, Duration::ZERO);
        assert!(matches!(event, Event::StoreFailed { .. }), "{event:?}");
    }

    renew(&mut agent, Duration::ZERO);
    let _token = ready(acquire(&mut agent, Duration::ZERO));
}

#[test]
fn a_store_that_hangs_is_passed_by() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    let hanging = store(&mut agent, Duration::ZERO);

    let Acquire::Wait(wait) = acquire(&mut agent, SECOND) else {
        panic!("there is no token")
    };
    assert_eq!(wait, HANGS - SECOND);
    assert_eq!(agent.next_work(after(HANGS - MILLI)), None);
    assert_eq!(agent.next_work(after(HANGS)), Some(WorkKind::Exchange));
    renew(&mut agent, HANGS);

    let event = agent.on_stored(hanging, Ok(None), after(HANGS), Jitter::NONE);
    assert!(is_stale(&event), "{event:?}");
    let _token = ready(acquire(&mut agent, HANGS));
}

#[test]
fn callers_ask_again_before_they_miss_that_a_store_hangs() {
    let mut agent = shared();

    for _ in 0..2 {
        let acquired = acquire(&mut agent, Duration::ZERO);
        assert!(matches!(acquired, Acquire::Wait(HANGS)), "{acquired:?}");
    }
}

#[test]
fn callers_find_their_token_even_if_it_hangs_while_it_is_saved() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    let before = acquire(&mut agent, Duration::ZERO);
    assert!(matches!(before, Acquire::Wait(HANGS)), "{before:?}");
    let ticket = exchange(&mut agent, Duration::ZERO);
    let acquired = acquire(&mut agent, SECOND);
    assert!(matches!(acquired, Acquire::Wait(HANGS)), "{acquired:?}");

    // Its driver saves the token now, and notifies nothing before that has ended.
    issue(&mut agent, ticket, 2 * SECOND);

    let _token = ready(acquire(&mut agent, SECOND + HANGS));
}

#[test]
fn a_claim_that_hangs_is_passed_by_two_seconds_after_its_time() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    let _hanging = store(&mut agent, Duration::ZERO);

    assert_eq!(agent.next_work(after(CLAIM + HANGS - MILLI)), None);
    let _ticket = exchange(&mut agent, CLAIM + HANGS);
}

#[test]
fn a_caller_has_time_for_the_claim_of_another_process_and_for_its_own_request() {
    assert_eq!(shared().token_timeout(), LEASE + CLAIM);
    assert_eq!(shared().with_store().token_timeout(), LEASE + CLAIM);
    let set_first = agent().with_token_timeout(5 * SECOND).with_store();
    assert_eq!(set_first.token_timeout(), 5 * SECOND);

    let mut hasty = shared().with_token_timeout(4 * SECOND);
    elect(&mut hasty, Duration::ZERO);
    look(&mut hasty, None, Duration::ZERO);
    assert_eq!(look(&mut hasty, None, Duration::ZERO).0, Some(2 * SECOND));
}

#[test]
fn what_the_store_takes_is_not_taken_from_the_token() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    look(&mut agent, None, SECOND);
    look(&mut agent, None, SECOND + CLAIM);

    let ticket = exchange(&mut agent, SECOND + CLAIM);
    issue(&mut agent, ticket, SECOND + CLAIM);

    let token = ready(acquire(&mut agent, SECOND + CLAIM));
    assert_eq!(token.usable_for(), HOUR - 31 * SECOND);
}

#[test]
fn credentials_come_before_the_store_which_keeps_the_tokens_of_each_apart() {
    let mut agent = shared().with_provided_credentials();
    elect(&mut agent, Duration::ZERO);
    provide(&mut agent, "first", Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    reject(&mut agent, Duration::ZERO);
    provide(&mut agent, "other", Duration::ZERO);

    let (_, event) = look(&mut agent, Some(Duration::ZERO), Duration::ZERO);

    assert!(matches!(event, Event::Restored { .. }), "{event:?}");
    let _token = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}

#[test]
fn the_token_of_old_credentials_does_not_count_for_new_ones() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    let of_the_old = store(&mut agent, Duration::ZERO);

    let _changed = agent.set_credentials(credentials("second"), after(Duration::ZERO));
    elect(&mut agent, Duration::ZERO);
    let found = Ok(Some(stored(Duration::ZERO)));
    let event = agent.on_stored(of_the_old, found, after(Duration::ZERO), Jitter::NONE);

    assert!(is_stale(&event), "{event:?}");
    look(&mut agent, None, Duration::ZERO);
    look(&mut agent, None, Duration::ZERO);
    assert_eq!(sent(&mut agent, Duration::ZERO).1, "second");
}

#[test]
fn an_opaque_token_in_the_store_does_not_serve_a_request_for_a_jwt() {
    let mut agent = shared();
    elect(&mut agent, Duration::ZERO);
    let bearer = AccessToken::new(TokenType::Bearer, "opaque").unwrap();
    let ticket = store(&mut agent, Duration::ZERO);

    let found = Ok(Some(StoredToken::new(
        bearer,
        HOUR,
        after(Duration::ZERO).wall,
    )));
    let event = agent.on_stored(ticket, found, after(Duration::ZERO), Jitter::NONE);

    assert!(matches!(event, Event::NotRestored), "{event:?}");
    assert_eq!(look(&mut agent, None, Duration::ZERO).0, Some(CLAIM));
}

#[test]
fn credentials_are_asked_for_while_the_store_hangs() {
    let mut agent = shared().with_provided_credentials();
    elect(&mut agent, Duration::ZERO);
    provide(&mut agent, "first", Duration::ZERO);
    let _hanging = store(&mut agent, Duration::ZERO);
    elect(&mut agent, LEASE + SECOND);

    provide(&mut agent, "other", LEASE + SECOND);

    look(&mut agent, None, LEASE + SECOND);
}

fn shared() -> TokenAgent {
    agent().with_store()
}

/// Takes the look into the store that is next.
fn store(agent: &mut TokenAgent, passed: Duration) -> StoreTicket {
    match agent.poll_work(after(passed)) {
        Some(Work::Store(ticket)) => ticket,
        other => panic!("no look into the store is next: {other:?}"),
    }
}

/// Finds a token with this birth in the store, or none. Returns how long to wait for the claim.
fn look(
    agent: &mut TokenAgent,
    born: Option<Duration>,
    passed: Duration,
) -> (Option<Duration>, Event) {
    let ticket = store(agent, passed);
    let claim_within = ticket.claim_within();
    let found = Ok(born.map(stored));
    let event = agent.on_stored(ticket, found, after(passed), Jitter::NONE);
    (claim_within, event)
}

fn fail(agent: &mut TokenAgent, passed: Duration) -> Event {
    let ticket = store(agent, passed);
    agent.on_stored(
        ticket,
        Err("the disk is gone".into()),
        after(passed),
        Jitter::NONE,
    )
}

/// Returns a stored token of an hour with this birth.
fn stored(born: Duration) -> StoredToken {
    let name = format!("stored.{}.token", born.as_secs());
    let token = AccessToken::new(TokenType::Jwt, &name).unwrap();
    StoredToken::new(token, HOUR, after(born).wall)
}
