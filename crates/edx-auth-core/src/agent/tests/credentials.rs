//! Credentials that the program sets.

use super::*;

fn set(agent: &mut TokenAgent, client_id: &str, passed: Duration) -> Event {
    agent.set_credentials(credentials(client_id), after(passed))
}

/// Returns an agent whose credentials were rejected, and which backs off.
fn blocked() -> TokenAgent {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    assert_eq!(backoff(reject(&mut agent, Duration::ZERO)), BLOCKED);
    agent
}

#[test]
fn the_credentials_in_use_change_nothing() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);

    let event = set(&mut agent, "first", Duration::ZERO);

    assert!(is_unchanged(&event), "{event:?}");
    let event = issue(&mut agent, ticket, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}

#[test]
fn the_same_client_id_with_another_secret_is_a_change() {
    let mut agent = agent();
    let regenerated = ClientCredentials::new("first", "another secret").unwrap();

    let event = agent.set_credentials(regenerated, after(Duration::ZERO));

    assert!(is_changed(&event), "{event:?}");
}

#[test]
fn rejected_credentials_change_nothing() {
    let mut agent = blocked();

    for _ in 0..100 {
        let event = set(&mut agent, "first", SECOND);
        assert!(is_unchanged(&event), "{event:?}");
        let _error = failed(acquire(&mut agent, SECOND));
    }
    assert_eq!(agent.next_work(after(SECOND)), None);
}

#[test]
fn other_credentials_end_the_backoff() {
    let mut agent = blocked();

    let event = set(&mut agent, "second", SECOND);

    assert!(is_changed(&event), "{event:?}");
    elect(&mut agent, SECOND);
    let (ticket, client_id) = sent(&mut agent, SECOND);
    assert_eq!(client_id, "second");
    assert_eq!(ticket.reason(), RenewalReason::NewCredentials);
}

#[test]
fn alternating_between_two_rejected_credentials_costs_two_requests() {
    let mut agent = blocked();
    let _changed = set(&mut agent, "second", SECOND);
    elect(&mut agent, SECOND);
    let _failed = reject(&mut agent, SECOND);

    for client_id in ["first", "second"].into_iter().cycle().take(20) {
        let event = set(&mut agent, client_id, SECOND);
        assert!(is_unchanged(&event), "{client_id}: {event:?}");
        let _error = failed(acquire(&mut agent, SECOND));
    }
    assert_eq!(agent.next_work(after(SECOND)), None);
}

#[test]
fn credentials_that_brought_a_token_are_rejected_no_longer() {
    let mut agent = blocked();
    elect(&mut agent, BLOCKED);
    let _renewed = renew(&mut agent, BLOCKED);

    let _second = set(&mut agent, "second", BLOCKED);
    let event = set(&mut agent, "first", BLOCKED);

    assert!(is_changed(&event), "{event:?}");
}

#[test]
fn a_failure_for_another_cause_rejects_no_credentials() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);
    let body = r#"{"error": "unauthorized_client"}"#;
    let _failed = respond(&mut agent, ticket, (400, body), Duration::ZERO);
    let _second = set(&mut agent, "second", Duration::ZERO);

    let event = set(&mut agent, "first", Duration::ZERO);

    assert!(is_changed(&event), "{event:?}");
}

#[test]
fn other_credentials_make_the_request_under_way_stale() {
    for is_issued in [true, false] {
        let mut agent = agent();
        elect(&mut agent, Duration::ZERO);
        let old = exchange(&mut agent, Duration::ZERO);

        let event = set(&mut agent, "second", SECOND);

        assert!(is_changed(&event), "{event:?}");
        elect(&mut agent, SECOND);
        assert_eq!(agent.next_work(after(SECOND)), None, "the old one is out");
        let event = if is_issued {
            issue(&mut agent, old, SECOND)
        } else {
            deny(&mut agent, old, SECOND)
        };
        assert!(is_stale(&event), "{event:?}");
        assert!(!agent.health(after(SECOND)).is_ready());
        assert_eq!(sent(&mut agent, SECOND).1, "second");
    }
}

#[test]
fn an_attempt_of_the_old_credentials_is_not_sent() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);

    let _changed = set(&mut agent, "second", SECOND);

    assert_eq!(agent.next_work(after(SECOND)), None);
    elect(&mut agent, SECOND);
    assert_eq!(sent(&mut agent, SECOND).1, "second");
}

#[test]
fn the_cached_token_stays_in_use_until_the_new_credentials_bring_another() {
    let mut agent = holding();

    let _changed = set(&mut agent, "second", MINUTE);

    let old = ready(acquire(&mut agent, MINUTE));
    assert_eq!(old.authorization(), "JWT a.0.c");
    let _renewed = renew(&mut agent, MINUTE);
    let new = ready(acquire(&mut agent, MINUTE));
    assert_eq!(new.authorization(), "JWT a.60000.c");
}

#[test]
fn an_agent_that_does_not_ask_for_credentials_ignores_an_announced_change() {
    let mut agent = agent();

    agent.credentials_changed();

    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
    elect(&mut agent, Duration::ZERO);
    let next = agent.next_work(after(Duration::ZERO));
    assert_eq!(next, Some(WorkKind::Exchange));
}

#[test]
fn credentials_rejected_after_others_were_set_are_not_asked_about() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let _same = provide(&mut agent, "first", Duration::ZERO);
    let old = exchange(&mut agent, Duration::ZERO);
    let _changed = set(&mut agent, "second", Duration::ZERO);

    let event = deny(&mut agent, old, Duration::ZERO);

    assert!(is_stale(&event), "{event:?}");
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
}
