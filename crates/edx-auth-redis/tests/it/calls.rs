//! A source over a Redis in which something is wrong: its calls succeed, and the reason is told.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use edx_auth_driver::{Event, StoreError, TokenStore as _};
use edx_auth_redis::RedisError;

use crate::real_redis::RealRedis;
use crate::site::Site;
use crate::tokens::{HOUR, request_with, token};

/// What is wrong, and whether this error says so. Where none is told, the token is lost.
type Case = (&'static str, Spoil, Option<fn(&RedisError) -> bool>);

/// Spoils a Redis that has a token.
type Spoil = fn(&mut RealRedis);

#[test]
fn no_call_fails_and_the_reason_is_told() {
    for (what, spoil, expected) in CASES {
        let Some(mut redis) = RealRedis::start_or_skip(&[]) else {
            return;
        };
        let (site, request) = (Site::default(), request_with("first"));
        let store = redis.store();
        store.save(&request, &token("stored", HOUR), None).unwrap();
        spoil(&mut redis);

        let events = call(&site, &redis);
        let mut before = events
            .iter()
            .take_while(|event| !matches!(event, Event::Renewed { .. }));
        let told = before.find_map(|event| store_failed(&event));

        match (&told, expected) {
            (None, None) => {}
            (Some(error), Some(is_expected)) => {
                let error = redis_error(error);
                assert!(is_expected(error), "{what}: {error:?}");
                assert!(error.advice().ends_with('.'));
            }
            _ => panic!("{what}: {told:?}"),
        }
        assert_eq!(site.requests(), 1, "{what}");
    }
}

#[test]
fn a_redis_that_hangs_fails_no_call() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::default();
    assert!(redis.signal("STOP"));

    let events = call(&site, &redis);
    let told = events.iter().find_map(|event| store_failed(&event));

    // On a busy machine it may be passed by before it is too late.
    match told.unwrap().downcast_ref() {
        Some(StoreError::Hangs) => {}
        Some(StoreError::Other { source: cause, .. }) => {
            let error = cause.downcast_ref().unwrap();
            let is_late = matches!(error, RedisError::TimedOut | RedisError::Resting);
            assert!(is_late, "{error:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_token_of_another_client_in_its_place_fails_no_call() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (site, store) = (Site::default(), redis.store());
    let token = token("stored", HOUR);
    store.save(&request_with("first"), &token, None).unwrap();
    let own = redis.key("token");
    redis.run(&["del", &own]);
    store.save(&request_with("another"), &token, None).unwrap();
    redis.run(&["rename", &redis.key("token"), &own]);

    let events = call(&site, &redis);
    let told = events.iter().find_map(|event| store_failed(&event));

    let told = told.unwrap();
    let error = told.downcast_ref();
    assert!(matches!(error, Some(StoreError::OtherRequest)), "{told:?}");
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_call_with_a_cached_token_needs_no_redis() {
    let Some(mut redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::default();
    let (source, events) = site.listened_to(redis.store());
    let first = source.token().unwrap();
    redis.kill();

    for _ in 0..1_000 {
        let token = source.token().unwrap();
        assert_eq!(token.authorization(), first.authorization());
    }

    drop(source);
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| store_failed(&event))
        .collect();
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(site.requests(), 1);
}

/// Gets a token from a source over this Redis, and the same again. Returns what is told.
fn call(site: &Site, redis: &RealRedis) -> Receiver<Event> {
    let (source, events) = site.listened_to(redis.store());
    source.token().unwrap();
    source.token().unwrap();
    events
}

fn store_failed(event: &Event) -> Option<Told> {
    match event {
        Event::StoreFailed { error } => Some(Arc::clone(error)),
        _ => None,
    }
}

type Told = Arc<dyn std::error::Error + Send + Sync>;

/// Returns what Redis did.
fn redis_error(told: &Told) -> &RedisError {
    match told.downcast_ref() {
        Some(StoreError::Other { source: cause, .. }) => cause.downcast_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

const CASES: [Case; 10] = [
    (
        "is down",
        RealRedis::kill,
        Some(|error| matches!(error, RedisError::Unreachable(_))),
    ),
    ("restarts", RealRedis::restart, None),
    ("evicts", evict, None),
    (
        "fails over",
        fail_over,
        Some(|error| matches!(error, RedisError::ReadOnly("READONLY"))),
    ),
    (
        "loses its primary",
        lose_primary,
        Some(|error| matches!(error, RedisError::NotReady("MASTERDOWN"))),
    ),
    (
        "is full",
        fill,
        Some(|error| matches!(error, RedisError::Full("OOM"))),
    ),
    (
        "has a new password",
        lock,
        Some(|error| matches!(error, RedisError::Denied("NOAUTH"))),
    ),
    (
        "has another type",
        replace_by_list,
        Some(|error| matches!(error, RedisError::WrongType("WRONGTYPE"))),
    ),
    (
        "has no expiry",
        persist,
        Some(|error| matches!(error, RedisError::NoExpiry)),
    ),
    (
        "has no replicas",
        lose_replicas,
        Some(|error| matches!(error, RedisError::ReadOnly("NOREPLICAS"))),
    ),
];

/// Fills it with other values until the token makes room for them.
fn evict(redis: &mut RealRedis) {
    let key = redis.key("token");
    for setting in [["maxmemory-policy", "allkeys-random"], ["maxmemory", "4mb"]] {
        set(redis, setting);
    }
    let other = "x".repeat(100_000);
    let mut number = 0;
    while redis.run(&["exists", &key]) != ["0"] {
        number += 1;
        redis.run(&["set", &number.to_string(), &other]);
    }
}

/// Another server has become the primary, which does not have the token.
fn fail_over(redis: &mut RealRedis) {
    redis.run(&["flushall"]);
    redis.run(&["replicaof", "127.0.0.1", "1"]);
}

fn lose_primary(redis: &mut RealRedis) {
    set(redis, ["replica-serve-stale-data", "no"]);
    redis.run(&["replicaof", "127.0.0.1", "1"]);
}

fn fill(redis: &mut RealRedis) {
    redis.run(&["flushall"]);
    set(redis, ["maxmemory", "1"]);
}

fn lock(redis: &mut RealRedis) {
    set(redis, ["requirepass", "s3cret"]);
}

fn replace_by_list(redis: &mut RealRedis) {
    let key = redis.key("token");
    redis.run(&["del", &key]);
    redis.run(&["rpush", &key, "a"]);
}

fn persist(redis: &mut RealRedis) {
    redis.run(&["persist", &redis.key("token")]);
}

fn lose_replicas(redis: &mut RealRedis) {
    redis.run(&["flushall"]);
    set(redis, ["min-replicas-to-write", "1"]);
}

fn set(redis: &RealRedis, [name, value]: [&str; 2]) {
    assert_eq!(redis.run(&["config", "set", name, value]), ["OK"]);
}
