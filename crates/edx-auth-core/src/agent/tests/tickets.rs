//! Tickets that do not belong to the work that is out.

use super::*;

#[test]
fn a_ticket_of_another_agent_changes_nothing() {
    let (mut one, mut other) = (agent(), agent());
    elect(&mut one, Duration::ZERO);
    elect(&mut other, Duration::ZERO);
    let own = exchange(&mut one, Duration::ZERO);
    let foreign = exchange(&mut other, Duration::ZERO);

    let now = after(SECOND);
    let failure = one.on_failure(
        foreign.clone(),
        TransportFailure::NotSent,
        now,
        Jitter::NONE,
    );
    assert!(is_stale(&failure), "{failure:?}");
    let event = issue(&mut one, foreign, SECOND);
    assert!(is_stale(&event), "{event:?}");

    let health = one.health(now);
    assert_eq!((health.issued, health.failures), (0, 0));
    assert!(health.is_renewing && !health.is_ready());
    assert!(one.poll_work(now).is_none(), "its own work is still out");
    let event = issue(&mut one, own, SECOND);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
}

#[test]
fn the_credentials_for_another_agent_change_nothing() {
    let (mut one, mut other) = (asking(), asking());
    elect(&mut one, Duration::ZERO);
    elect(&mut other, Duration::ZERO);
    let own = question(&mut one, Duration::ZERO);
    let foreign = question(&mut other, Duration::ZERO);

    let now = after(Duration::ZERO);
    let event = one.on_credentials(foreign, Ok(credentials("second")), now, Jitter::NONE);

    assert!(is_stale(&event), "{event:?}");
    assert_eq!(one.request().unwrap().credentials().client_id(), "first");
    assert!(one.poll_work(now).is_none(), "its own work is still out");
    let event = one.on_credentials(own, Ok(credentials("second")), now, Jitter::NONE);
    assert!(is_changed(&event), "{event:?}");
}

#[test]
fn a_ticket_counts_once() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);
    let _renewed = issue(&mut agent, ticket.clone(), Duration::ZERO);

    let again = issue(&mut agent, ticket.clone(), MINUTE);
    let failure = deny(&mut agent, ticket, MINUTE);

    assert!(is_stale(&again) && is_stale(&failure));
    let health = agent.health(after(MINUTE));
    assert_eq!((health.issued, health.failures), (1, 0));
    let token = ready(acquire(&mut agent, MINUTE));
    assert_eq!(token.authorization(), "JWT a.0.c");
}

#[test]
fn a_ticket_for_credentials_counts_once() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let ticket = question(&mut agent, Duration::ZERO);
    let now = after(Duration::ZERO);
    let _same = agent.on_credentials(ticket.clone(), Ok(credentials("first")), now, Jitter::NONE);

    let again = agent.on_credentials(ticket, Ok(credentials("second")), now, Jitter::NONE);

    assert!(is_stale(&again), "{again:?}");
    assert_eq!(sent(&mut agent, Duration::ZERO).1, "first");
}

#[test]
fn a_used_ticket_does_not_report_for_the_work_after_it() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let first = exchange(&mut agent, Duration::ZERO);
    let _failed = respond(&mut agent, first.clone(), (503, ""), Duration::ZERO);
    elect(&mut agent, SECOND);
    let second = exchange(&mut agent, SECOND);

    let event = issue(&mut agent, first, SECOND);

    assert!(is_stale(&event), "{event:?}");
    assert!(!agent.health(after(SECOND)).is_ready());
    let event = issue(&mut agent, second, SECOND);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
}
