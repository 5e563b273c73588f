//! Clocks at their ends, and lives of any length: a number, however it came about, is no panic.

use std::time::Duration;

use edx_auth_core::{
    AccessToken, IssuedToken, Jitter, Moment, Need, RenewalError, RenewalPolicy, RenewalReason,
    Step, StoredToken, TokenLifecycle, TokenType, WaitBudget,
};

#[test]
fn no_reading_of_the_clocks_is_a_panic() {
    let moments = TIMES.map(|monotonic| TIMES.map(|wall| Moment { monotonic, wall }));
    for born in moments.as_flattened() {
        for now in moments.as_flattened() {
            for jitter in [Jitter::NONE, Jitter::FULL] {
                live(*born, *now, jitter);
            }
        }
    }
}

/// A token adopted and one failed for at one moment, and everything asked at another.
fn live(born: Moment, now: Moment, jitter: Jitter) {
    for lifetime in TIMES {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let mut life = TokenLifecycle::new(RenewalPolicy::DEFAULT);
        let stored = StoredToken::new(token, lifetime, born.wall);
        let _event = life.adopt(stored, born, jitter);
        let held = life.health(now).generation;
        let _step = ask(&mut life, now, lifetime);
        if let Some(held) = held {
            let _refusal = life.invalidate(held, now);
        }
        let _event = life.renew_now(RenewalReason::Forced, now);
        if let Step::Fetch(attempt) | Step::Renew(_, attempt) = ask(&mut life, now, lifetime) {
            if let Ok(attempt) = life.begin(attempt, now) {
                let failed = Err::<IssuedToken, _>(RenewalError::Abandoned);
                let _event = life.settle(attempt, failed, born, jitter);
            }
        }
        let _step = ask(&mut life, born, lifetime);
        assert!(!life.health(now).to_string().is_empty());
        let _stored = life.store(now).map(|stored| stored.to_bytes());
    }
}

fn ask(life: &mut TokenLifecycle, now: Moment, min_validity: Duration) -> Step {
    let need = Need::any().valid_for(min_validity);
    let step = life.step_for(need, now);
    let _waiting = WaitBudget::new(min_validity, now).next(&step, now);
    step
}

const TIMES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_secs(3600),
    Duration::from_secs(1_790_000_000),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];
