//! A token that another process keeps fresh.

use alloc::string::ToString;

use super::*;
use crate::lifecycle::StoredTokenError;

/// A file that takes longer than this to read hangs.
const HANGS: Duration = Duration::from_secs(2);

#[test]
fn a_supplied_token_is_read_before_its_first_use() {
    let mut agent = TokenAgent::supplied();
    elect(&mut agent, Duration::ZERO);

    let event = read(&mut agent, found("new", HOUR), Duration::ZERO);

    assert!(matches!(event, Event::Restored { .. }), "{event:?}");
    let token = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(token.authorization(), "JWT new");
    assert!(agent.request().is_none());
}

#[test]
fn it_is_read_again_after_a_third_of_what_is_left() {
    let mut agent = supplied(HOUR);
    let mut passed = Duration::ZERO;
    for _ in 0..3 {
        let third = (HOUR - passed) / 3;
        let _token = ready(acquire(&mut agent, passed + third - MILLI));
        assert_eq!(agent.next_work(after(passed + third - MILLI)), None);
        passed += third;
        let token = ready(acquire(&mut agent, passed));
        assert_eq!(token.generation().to_string(), "1");

        let event = read(&mut agent, found("first", HOUR - passed), passed);

        assert!(matches!(event, Event::NotRestored), "{event:?}");
        assert_eq!(agent.health(after(passed)).token, TokenState::Fresh);
    }
}

#[test]
fn it_is_read_again_at_once_after_a_rejection() {
    let mut agent = supplied(HOUR);
    let newer = rejected(&mut agent);

    read(&mut agent, found("second", HOUR), MINUTE);

    let token = ready(acquire_for(&mut agent, newer, MINUTE));
    assert_eq!(token.authorization(), "JWT second");
}

#[test]
fn a_rejected_token_that_is_still_there_does_not_serve() {
    let mut agent = supplied(HOUR);
    let newer = rejected(&mut agent);

    let event = read(&mut agent, found("first", HOUR - MINUTE), MINUTE);

    assert_eq!(why(&event), Some(StoredTokenError::Unchanged));
    let error = failed(agent.acquire(
        newer,
        &WaitBudget::new(Duration::ZERO, after(MINUTE)),
        after(MINUTE),
    ));
    assert!(error.is_retryable());
    let _others = ready(acquire(&mut agent, MINUTE));
}

#[test]
fn a_token_that_is_rejected_while_it_is_read_again_does_not_serve_either() {
    let ask: [fn(&mut TokenAgent); 2] = [
        |agent| {
            let generation = agent.current(after(20 * MINUTE)).unwrap().generation();
            let _wait = agent.invalidate(generation, after(20 * MINUTE));
        },
        |agent| {
            let _newer = agent.renew_now();
        },
    ];
    for ask in ask {
        let mut agent = supplied(HOUR);
        let _due = ready(acquire(&mut agent, 20 * MINUTE));
        let Some(Work::Store(ticket)) = agent.poll_work(after(20 * MINUTE)) else {
            panic!("nothing is read");
        };
        ask(&mut agent);

        let same = found("first", HOUR - 20 * MINUTE);
        let event = agent.on_stored(ticket, same, after(20 * MINUTE), Jitter::NONE);

        assert_eq!(why(&event), Some(StoredTokenError::Unchanged));
        let later = 20 * MINUTE + SECOND;
        let _served = ready(acquire(&mut agent, later));
        read(&mut agent, found("second", HOUR), later);
        let token = ready(acquire(&mut agent, later));
        assert_eq!(token.authorization(), "JWT second");
    }
}

#[test]
fn what_is_worse_than_the_cached_token_leaves_it_in_use() {
    for (what, error) in [
        (found("older", HOUR / 2), Some(StoredTokenError::Older)),
        (
            found("expired", Duration::ZERO),
            Some(StoredTokenError::Expired),
        ),
        (Ok(None), None),
        (Err("no such file".into()), None),
    ] {
        let mut agent = supplied(HOUR);
        let _served = acquire(&mut agent, 20 * MINUTE);

        let event = read(&mut agent, what, 20 * MINUTE);

        assert!(matches!(event, Event::Failed { .. }), "{event:?}");
        assert_eq!(why(&event), error);
        let token = ready(acquire(&mut agent, 20 * MINUTE));
        assert_eq!(token.authorization(), "JWT first");
    }
}

#[test]
fn without_a_usable_token_callers_wait_and_are_told_why() {
    let mut agent = TokenAgent::supplied();
    elect(&mut agent, Duration::ZERO);

    let event = read(&mut agent, Err("no such file".into()), Duration::ZERO);

    assert_eq!(backoff(event), SECOND);
    assert!(matches!(
        acquire(&mut agent, Duration::ZERO),
        Acquire::Wait(SECOND)
    ));
    let none = WaitBudget::new(Duration::ZERO, after(Duration::ZERO));
    let error = failed(agent.acquire(Need::any(), &none, after(Duration::ZERO)));
    assert!(matches!(
        error.renewal_error(),
        Some(RenewalError::NotSupplied(Some(_)))
    ));
}

#[test]
fn an_expired_token_is_not_served() {
    let mut agent = supplied(HOUR);

    elect(&mut agent, HOUR);

    assert_eq!(agent.health(after(HOUR)).token, TokenState::Expired);
}

#[test]
fn a_reading_that_hangs_is_started_again() {
    let mut agent = TokenAgent::supplied();
    elect(&mut agent, Duration::ZERO);
    let Some(Work::Store(hanging)) = agent.poll_work(after(Duration::ZERO)) else {
        panic!()
    };

    assert_eq!(agent.next_work(after(SECOND)), None);
    read(&mut agent, found("new", HOUR), 2 * SECOND);

    let event = agent.on_stored(hanging, Ok(None), after(2 * SECOND), Jitter::NONE);
    assert!(is_stale(&event), "{event:?}");
    let _token = ready(acquire(&mut agent, 2 * SECOND));
}

#[test]
fn callers_ask_again_before_they_miss_that_a_reading_hangs() {
    let mut agent = TokenAgent::supplied();
    for _ in 0..2 {
        let acquired = acquire(&mut agent, Duration::ZERO);
        assert!(matches!(acquired, Acquire::Wait(HANGS)), "{acquired:?}");
    }
    let _hanging = agent.poll_work(after(Duration::ZERO));
    let acquired = acquire(&mut agent, Duration::ZERO);
    assert!(matches!(acquired, Acquire::Wait(HANGS)), "{acquired:?}");

    read(&mut agent, Err("the file hangs".into()), HANGS);

    let none = WaitBudget::new(Duration::ZERO, after(HANGS));
    let error = failed(agent.acquire(Need::any(), &none, after(HANGS)));
    let why = error.renewal_error().and_then(Error::source).unwrap();
    assert_eq!(why.to_string(), "the file hangs");
}

type Found = Result<Option<StoredToken>, Box<dyn Error + Send + Sync>>;

/// Returns an agent that has read a token with this lifetime at the beginning.
fn supplied(lifetime: Duration) -> TokenAgent {
    let mut agent = TokenAgent::supplied();
    elect(&mut agent, Duration::ZERO);
    read(&mut agent, found("first", lifetime), Duration::ZERO);
    agent
}

/// Has an API reject the cached token after a minute. Returns the need of its caller, which was elected.
fn rejected(agent: &mut TokenAgent) -> Need {
    let generation = ready(acquire(agent, MINUTE)).generation();
    let _wait = agent.invalidate(generation, after(MINUTE));
    let newer = Need::any().newer_than(generation);
    assert!(matches!(
        acquire_for(agent, newer, MINUTE),
        Acquire::Wait(_)
    ));
    newer
}

/// Finds a token that lasts this long from the moment when it is read.
#[expect(clippy::unnecessary_wraps, reason = "other readings fail")]
fn found(name: &str, left: Duration) -> Found {
    let token = AccessToken::new(TokenType::Jwt, name).unwrap();
    Ok(Some(StoredToken::new(
        token,
        left,
        after(100_000 * HOUR).wall,
    )))
}

fn read(agent: &mut TokenAgent, what: Found, passed: Duration) -> Event {
    let Some(Work::Store(ticket)) = agent.poll_work(after(passed)) else {
        panic!("nothing is read");
    };
    assert_eq!(ticket.claim_within(), None);
    agent.on_stored(ticket, what, after(passed), Jitter::NONE)
}

/// Returns why the stored token is of no use.
fn why(event: &Event) -> Option<StoredTokenError> {
    let Event::Failed {
        error: RenewalError::NotSupplied(Some(error)),
        ..
    } = event
    else {
        return None;
    };
    error.downcast_ref().copied()
}
