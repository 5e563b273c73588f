//! Extreme clock readings and lifetimes cause no panic.

use std::time::Duration;

use edx_auth_core::{
    AccessToken, Acquire, ClientCredentials, Jitter, Moment, Need, RenewalPolicy, StoredToken,
    TokenAgent, TokenEndpoint, TokenRequest, TokenType, TransportFailure, WaitBudget, Work,
};

#[test]
fn no_clock_reading_causes_a_panic() {
    let moments = TIMES.map(|monotonic| TIMES.map(|wall| Moment { monotonic, wall }));
    for born in moments.as_flattened() {
        for now in moments.as_flattened() {
            for jitter in [Jitter::NONE, Jitter::FULL] {
                live(*born, *now, jitter);
            }
        }
    }
}

/// Restores a token and reports a failure at one moment, and calls every method at another.
fn live(born: Moment, now: Moment, jitter: Jitter) {
    for lifetime in TIMES {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
        let mut agent = TokenAgent::new(request, RenewalPolicy::DEFAULT);
        let stored = StoredToken::new(token, lifetime, born.wall);
        let _event = agent.restore(stored, born, jitter);
        let generation = agent.health(now).generation;
        let _acquired = acquire(&mut agent, now, lifetime);
        if let Some(generation) = generation {
            let _invalidation = agent.invalidate(generation, now);
        }
        let _need = agent.renew_now();
        let _acquired = acquire(&mut agent, now, lifetime);
        if let Some(Work::Exchange(ticket, _)) = agent.poll_work(now) {
            let _event = agent.on_failure(ticket, TransportFailure::MaybeSent, born, jitter);
        }
        let _acquired = acquire(&mut agent, born, lifetime);
        assert!(!agent.health(now).to_string().is_empty());
        let _stored = agent.export(now).map(|stored| stored.to_bytes());
    }
}

fn acquire(agent: &mut TokenAgent, now: Moment, min_validity: Duration) -> Acquire {
    let need = Need::any().valid_for(min_validity);
    agent.acquire(need, &WaitBudget::new(min_validity, now), now)
}

const TIMES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_secs(3600),
    Duration::from_secs(1_790_000_000),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];
