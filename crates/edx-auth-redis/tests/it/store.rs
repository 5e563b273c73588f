//! What a store in a real Redis does: tokens, claims and fences.

use std::thread;
use std::time::Duration;

use edx_auth_driver::{Scope, StoreError, TokenEndpoint, TokenRequest, TokenStore as _};

use crate::real_redis::RealRedis;
use crate::tokens::{HOUR, MINUTE, loaded, now, request, request_with, token};

#[test]
fn a_saved_token_is_loaded_with_the_lifetime_that_redis_measures() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    assert_eq!(loaded(&store), None);

    store.save(&request(), &token("one", HOUR), None).unwrap();
    assert_eq!(loaded(&store).unwrap(), "one");

    // As if most of the hour had passed: no clock of this machine says so.
    redis.run(&["pexpire", &redis.key("token"), "60000"]);
    let stored = store.load(&request()).unwrap().unwrap();
    assert!(stored.left(now()) <= MINUTE);
    assert!(stored.left(now()) > MINUTE / 2);
}

#[test]
fn a_token_that_has_expired_is_not_saved() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();

    store
        .save(&request(), &token("old", Duration::ZERO), None)
        .unwrap();

    assert_eq!(loaded(&store), None);
}

#[test]
fn one_process_has_the_claim_until_it_is_dropped() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (one, other) = (redis.store(), redis.store());
    // It would expire only after an hour.
    let request = request().deadline(HOUR);
    let claim = one.claim(&request, Duration::ZERO).unwrap();

    let busy = other.claim(&request, Duration::from_millis(20));
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    let another = other.claim(&request_with("another"), Duration::ZERO);
    drop(another.unwrap());

    let waiting = thread::spawn(move || other.claim(&request, MINUTE).is_ok());
    drop(claim);
    assert!(waiting.join().unwrap());
}

#[test]
fn a_claim_expires_one_second_after_the_longest_token_request() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let request = request().deadline(Duration::from_secs(600));
    let claim = redis.store().claim(&request, Duration::ZERO).unwrap();

    let left: u64 = redis.run(&["pttl", &redis.key("claim")])[0]
        .parse()
        .unwrap();

    assert!(left <= 601_000, "{left}");
    assert!(left > 600_000 - 60_000, "{left}");
    drop(claim);
}

#[test]
fn a_claim_that_has_expired_gives_no_other_back() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    let expired = store.claim(&request(), Duration::ZERO).unwrap();
    redis.run(&["del", &redis.key("claim")]);
    let _next = store.claim(&request(), Duration::ZERO).unwrap();

    drop(expired);

    let busy = store.claim(&request(), Duration::ZERO);
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
}

#[test]
fn an_older_fence_never_overwrites_a_newer_one() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    let stopped = store.claim(&request(), Duration::ZERO).unwrap();
    redis.run(&["del", &redis.key("claim")]);
    let next = store.claim(&request(), Duration::ZERO).unwrap();

    store
        .save(&request(), &token("new", MINUTE), Some(&next))
        .unwrap();
    store
        .save(&request(), &token("old", HOUR), Some(&stopped))
        .unwrap();

    assert_eq!(loaded(&store).unwrap(), "new");
}

#[test]
fn a_later_claim_has_a_larger_fence_even_if_the_clock_of_redis_was_ahead() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    store.save(&request(), &token("one", HOUR), None).unwrap();
    let ahead = 9_000_000_000_000_000_u64;
    redis.run(&[
        "set",
        &redis.key("token"),
        &format!("{ahead} x"),
        "px",
        "99999999",
    ]);

    let claim = store.claim(&request(), Duration::ZERO).unwrap();
    store
        .save(&request(), &token("two", HOUR), Some(&claim))
        .unwrap();

    assert_eq!(claim.fence(), Some(ahead + 1));
    assert_eq!(loaded(&store).unwrap(), "two");
}

#[test]
fn fences_grow_though_redis_loses_all_it_has() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    let stopped = store.claim(&request(), Duration::ZERO).unwrap();
    redis.run(&["flushall"]);
    let next = store.claim(&request(), Duration::ZERO).unwrap();

    assert!(next.fence() > stopped.fence());
}

#[test]
fn without_a_claim_a_token_that_outlives_this_one_stays() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    store.save(&request(), &token("long", HOUR), None).unwrap();

    store
        .save(&request(), &token("short", HOUR / 2), None)
        .unwrap();
    assert_eq!(loaded(&store).unwrap(), "long");

    let claim = store.claim(&request(), Duration::ZERO).unwrap();
    let short = token("short", HOUR / 2);
    store.save(&request(), &short, Some(&claim)).unwrap();
    assert_eq!(loaded(&store).unwrap(), "short");
}

#[test]
fn a_token_without_a_claim_does_not_hide_the_fence_of_the_one_that_it_replaces() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    let stopped = store.claim(&request(), Duration::ZERO).unwrap();
    redis.run(&["del", &redis.key("claim")]);
    let next = store.claim(&request(), Duration::ZERO).unwrap();
    let (old, new) = (token("old", HOUR), token("new", MINUTE));

    store.save(&request(), &new, Some(&next)).unwrap();
    store
        .save(&request(), &token("longer", HOUR), None)
        .unwrap();
    store.save(&request(), &old, Some(&stopped)).unwrap();

    assert_eq!(loaded(&store).unwrap(), "longer");
}

#[test]
fn a_process_that_was_stopped_with_a_claim_replaces_no_token_that_was_requested_without_one() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    let stopped = store.claim(&request(), Duration::ZERO).unwrap();

    store.save(&request(), &token("new", HOUR), None).unwrap();
    let old = token("old", MINUTE);
    store.save(&request(), &old, Some(&stopped)).unwrap();

    assert_eq!(loaded(&store).unwrap(), "new");
}

#[test]
fn each_request_has_its_own_token_and_no_key_shows_the_client() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    store.save(&request(), &token("one", HOUR), None).unwrap();
    let others = [
        request_with("another"),
        request().scope(Scope::new("read").unwrap()),
        TokenRequest::new(TokenEndpoint::edx_stage(), request().credentials().clone()),
    ];
    for other in &others {
        assert!(store.load(other).unwrap().is_none(), "{other:?}");
        store.save(other, &token("other", HOUR), None).unwrap();
    }
    assert_eq!(loaded(&store).unwrap(), "one");

    for key in redis.run(&["keys", "*"]) {
        let value = redis.run(&["get", &key]).join("\n");
        let text = format!("{key} {value}");
        assert!(!text.contains("acme") && !text.contains("s3cret"), "{text}");
    }
}
