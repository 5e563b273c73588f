//! Work that is never done.

use super::*;

fn lose(agent: &mut TokenAgent) -> Event {
    agent.on_worker_lost(after(SECOND), Jitter::NONE)
}

/// Returns why callers have no token now.
fn error(agent: &mut TokenAgent) -> RenewalError {
    let budget = WaitBudget::new(Duration::ZERO, after(SECOND));
    let error = failed(agent.acquire(Need::any(), &budget, after(SECOND)));
    error.renewal_error().unwrap().clone()
}

#[test]
fn losing_a_worker_without_work_changes_nothing() {
    let mut agent = agent();

    let event = lose(&mut agent);

    assert!(is_stale(&event), "{event:?}");
    elect(&mut agent, SECOND);
    assert_eq!(agent.next_work(after(SECOND)), Some(WorkKind::Exchange));
}

#[test]
fn an_attempt_whose_worker_could_not_start_is_abandoned() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);

    assert_eq!(backoff(lose(&mut agent)), SECOND);

    assert!(matches!(error(&mut agent), RenewalError::Abandoned));
    assert_eq!(agent.next_work(after(SECOND)), None);
}

#[test]
fn an_attempt_whose_request_is_lost_is_abandoned() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let _ticket = exchange(&mut agent, Duration::ZERO);

    assert_eq!(backoff(lose(&mut agent)), SECOND);

    assert!(matches!(error(&mut agent), RenewalError::Abandoned));
    elect(&mut agent, 2 * SECOND);
    let next = agent.next_work(after(2 * SECOND));
    assert_eq!(next, Some(WorkKind::Exchange));
}

#[test]
fn an_attempt_whose_question_is_lost_is_abandoned() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let _ticket = question(&mut agent, Duration::ZERO);

    assert_eq!(backoff(lose(&mut agent)), SECOND);

    assert!(matches!(error(&mut agent), RenewalError::Abandoned));
    elect(&mut agent, 2 * SECOND);
    let next = agent.next_work(after(2 * SECOND));
    assert_eq!(next, Some(WorkKind::Credentials));
}

#[test]
fn a_rejection_ends_the_attempt_if_the_worker_is_lost_before_the_program_provided_credentials() {
    for is_asked in [false, true] {
        let mut agent = asking();
        elect(&mut agent, Duration::ZERO);
        let _same = provide(&mut agent, "first", Duration::ZERO);
        let _rejected = reject(&mut agent, Duration::ZERO);
        if is_asked {
            let _ticket = question(&mut agent, Duration::ZERO);
        }

        assert_eq!(backoff(lose(&mut agent)), BLOCKED, "{is_asked}");

        assert!(error(&mut agent).is_invalid_client(), "{is_asked}");
        assert_eq!(agent.next_work(after(SECOND)), None, "{is_asked}");
    }
}

#[test]
fn the_report_of_a_worker_that_was_thought_lost_is_stale() {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let ticket = exchange(&mut agent, Duration::ZERO);
    let _abandoned = lose(&mut agent);

    let event = issue(&mut agent, ticket, SECOND);

    assert!(is_stale(&event), "{event:?}");
    assert!(!agent.health(after(SECOND)).is_ready());
}

#[test]
fn credentials_of_a_worker_that_was_thought_lost_are_not_used() {
    let mut agent = asking();
    elect(&mut agent, Duration::ZERO);
    let ticket = question(&mut agent, Duration::ZERO);
    let _abandoned = lose(&mut agent);

    let event = agent.on_credentials(
        ticket,
        Ok(credentials("second")),
        after(SECOND),
        Jitter::NONE,
    );

    assert!(is_stale(&event), "{event:?}");
    assert_eq!(agent.request().unwrap().credentials().client_id(), "first");
}

#[test]
fn an_announced_change_that_no_worker_could_ask_about_is_forgotten() {
    let mut agent = asking();
    agent.credentials_changed();

    let event = lose(&mut agent);

    assert!(is_stale(&event), "{event:?}");
    assert_eq!(agent.next_work(after(SECOND)), None);
}
