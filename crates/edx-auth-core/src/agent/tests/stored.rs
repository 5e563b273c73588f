//! Tokens that one agent exports and another one restores.

use super::*;

fn stored() -> StoredToken {
    let token = AccessToken::new(TokenType::Jwt, "stored").unwrap();
    StoredToken::new(token, HOUR, after(Duration::ZERO).wall)
}

#[test]
fn a_restored_token_is_ready_without_a_request() {
    let mut agent = agent();

    let event = agent.restore(stored(), after(MINUTE), Jitter::NONE);

    assert!(matches!(event, Event::Restored { .. }), "{event:?}");
    let token = ready(acquire(&mut agent, MINUTE));
    assert_eq!(token.authorization(), "JWT stored");
    assert_eq!(token.usable_for(), HOUR - MINUTE - 30 * SECOND);
    assert_eq!(agent.next_work(after(MINUTE)), None);
    assert_eq!(agent.health(after(MINUTE)).issued, 0);
}

#[test]
fn a_restored_token_that_has_expired_is_not_used() {
    let mut agent = agent();

    let event = agent.restore(stored(), after(HOUR), Jitter::NONE);

    assert!(matches!(event, Event::NotRestored), "{event:?}");
    elect(&mut agent, HOUR);
}

#[test]
fn an_exported_token_is_restored_by_the_next_program() {
    let exported = holding().export(after(MINUTE)).unwrap();
    let mut next = agent();

    let event = next.restore(exported, after(2 * MINUTE), Jitter::NONE);

    assert!(matches!(event, Event::Restored { .. }), "{event:?}");
    let token = ready(acquire(&mut next, 2 * MINUTE));
    assert_eq!(token.authorization(), "JWT a.0.c");
    assert_eq!(token.usable_for(), HOUR - 2 * MINUTE - 31 * SECOND);
}
