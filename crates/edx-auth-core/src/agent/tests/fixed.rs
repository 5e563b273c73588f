//! A fixed token: handed out as it is, and never replaced.

use super::*;

fn fixed() -> TokenAgent {
    TokenAgent::fixed(AccessToken::new(TokenType::Jwt, "a.b.c").unwrap())
}

#[test]
fn a_fixed_token_is_ready_at_any_time() {
    let mut agent = fixed();

    for passed in [Duration::ZERO, 10_000 * HOUR] {
        let token = ready(acquire(&mut agent, passed));
        assert_eq!(token.authorization(), "JWT a.b.c");
        assert_eq!(token.usable_for(), 365 * 24 * HOUR);
        let current = agent.current(after(passed)).unwrap();
        assert_eq!(current.generation(), token.generation());
    }
    let need = Need::any().valid_for(Duration::MAX);
    let _token = ready(acquire_for(&mut agent, need, Duration::ZERO));
    assert_eq!(agent.token_timeout(), Duration::ZERO);
    assert!(agent.request().is_none());
}

/// A JWT with the claims `{"iat":3600000,"exp":3603600}`: issued when the test begins, for an hour.
const LIVES_AN_HOUR: &str = "e30.eyJpYXQiOjM2MDAwMDAsImV4cCI6MzYwMzYwMH0.c2ln";

#[test]
fn a_fixed_jwt_lasts_as_long_as_it_says() {
    let token = AccessToken::new(TokenType::Jwt, LIVES_AN_HOUR).unwrap();
    let mut agent = TokenAgent::fixed(token);
    let ten_minutes = HOUR / 6;
    for (passed, state, left) in [
        (Duration::ZERO, TokenState::Fresh, HOUR),
        (ten_minutes, TokenState::Fresh, 5 * ten_minutes),
        (HOUR, TokenState::Expired, Duration::ZERO),
        (10_000 * HOUR, TokenState::Expired, Duration::ZERO),
        (ten_minutes, TokenState::Fresh, 5 * ten_minutes),
    ] {
        let health = agent.health(after(passed));
        assert_eq!(
            (health.token, health.usable_for),
            (state, Some(left)),
            "{passed:?}"
        );

        let token = ready(acquire(&mut agent, passed));
        assert_eq!(token.usable_for(), left, "{passed:?}");
    }
}

#[test]
fn the_health_of_a_fixed_jwt_names_what_is_left() {
    let token = AccessToken::new(TokenType::Jwt, LIVES_AN_HOUR).unwrap();
    let agent = TokenAgent::fixed(token);

    let shown = |passed| format!("{}", agent.health(after(passed)));

    let fresh = "fresh, 1h left, generation 1, issued 0, rejected 0";
    assert_eq!(shown(Duration::ZERO), fresh);
    assert_eq!(shown(HOUR), "expired, generation 1, issued 0, rejected 0");
}

#[test]
fn the_health_of_a_fixed_token_without_claims_names_no_end() {
    let health = fixed().health(after(Duration::ZERO));

    assert_eq!(health.usable_for, None);
    assert!(health.is_ready());
    let shown = format!("{health}");
    assert_eq!(shown, "fresh, generation 1, issued 0, rejected 0");
}

#[test]
fn there_is_no_newer_token_than_a_fixed_one() {
    let mut agent = fixed();
    let generation = ready(acquire(&mut agent, Duration::ZERO)).generation();

    let invalidation = agent.invalidate(generation, after(Duration::ZERO));

    assert_eq!(invalidation, Invalidation::Fixed);
    let needs = [agent.renew_now(), Need::any().newer_than(generation)];
    for need in needs {
        let error = failed(acquire_for(&mut agent, need, Duration::ZERO));
        assert!(matches!(error.renewal_error(), Some(RenewalError::Fixed)));
        assert!(!error.is_retryable());
    }
    let _others = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(agent.next_work(after(Duration::ZERO)), None);
    assert!(agent.poll_work(after(Duration::ZERO)).is_none());
}

#[test]
fn reports_do_not_change_a_fixed_token() {
    let mut other = asking();
    elect(&mut other, Duration::ZERO);
    let question = question(&mut other, Duration::ZERO);
    let now = after(Duration::ZERO);
    let _same = other.on_credentials(
        question.clone(),
        Ok(credentials("first")),
        now,
        Jitter::NONE,
    );
    let ticket = exchange(&mut other, Duration::ZERO);
    let mut agent = fixed()
        .with_provided_credentials()
        .with_token_timeout(SECOND);

    let token = AccessToken::new(TokenType::Jwt, "stored").unwrap();
    let stored = StoredToken::new(token, HOUR, now.wall);
    agent.credentials_changed();
    let events = [
        agent.on_failure(ticket.clone(), TransportFailure::NotSent, now, Jitter::NONE),
        issue(&mut agent, ticket, Duration::ZERO),
        agent.on_credentials(question, Ok(credentials("second")), now, Jitter::NONE),
        agent.on_worker_lost(now, Jitter::NONE),
    ];
    assert!(events.iter().all(is_stale), "{events:?}");
    let event = agent.set_credentials(credentials("second"), now);
    assert!(is_unchanged(&event), "{event:?}");
    let event = agent.restore(stored, now, Jitter::NONE);
    assert!(matches!(event, Event::NotRestored), "{event:?}");

    assert!(agent.export(now).is_none());
    assert_eq!(agent.next_work(now), None);
    assert_eq!(agent.token_timeout(), Duration::ZERO);
    let token = ready(acquire(&mut agent, Duration::ZERO));
    assert_eq!(token.authorization(), "JWT a.b.c");
}

#[test]
fn the_health_of_a_fixed_token_counts_its_rejections() {
    let mut agent = fixed();
    let generation = ready(acquire(&mut agent, Duration::ZERO)).generation();
    for _ in 0..2 {
        let _fixed = agent.invalidate(generation, after(Duration::ZERO));
    }

    let health = agent.health(after(Duration::ZERO));

    assert_eq!(health.token, TokenState::Fresh);
    assert!(health.is_ready() && !health.is_renewing && health.backoff.is_none());
    assert_eq!((health.issued, health.failures, health.rejected), (0, 0, 2));
    assert_eq!(health.generation, Some(generation));
}

#[test]
fn debug_does_not_show_a_fixed_token() {
    let shown = format!("{:?}", fixed());

    assert!(!shown.contains("a.b.c"), "{shown}");
}
