//! Values that are no token: each is named, and the next token replaces it.

use std::time::Duration;

use edx_auth_driver::{
    Scope, StoreError, StoredTokenError, TokenEndpoint, TokenRequest, TokenStore as _,
};
use edx_auth_redis::{RedisError, RedisStore};

use crate::real_redis::RealRedis;
use crate::tokens::{HOUR, cause, loaded, request, request_with, token};

#[test]
fn what_is_no_token_is_named_and_replaced() {
    use StoredTokenError::{Damaged, Version};
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let huge = "x".repeat(100_000);
    for (value, expected) in [
        (
            "1 edx-auth-token/1 1700000000123 3600000 JWT a.b.c\n",
            Damaged,
        ),
        (
            "edx-auth-token/1 1700000000123 3600000 JWT a.b.c\n",
            Damaged,
        ),
        ("1 edx-auth-sealed/2 1 1 JWT a.b.c\n", Version),
        ("{\"access_token\": \"a.b.c\"}", Damaged),
        ("99999999999999999999999999999999999999999999 x", Damaged),
        (&huge[..60_000], Damaged),
    ] {
        let (store, key) = planted(&redis);
        redis.run(&["set", &key, value, "px", "99999999"]);

        match store.load(&request()).unwrap_err() {
            StoreError::Token(error) => assert_eq!(error, expected, "{value}"),
            error => panic!("{error:?}"),
        }
        is_replaced(&store);
    }
}

#[test]
fn a_value_that_was_copied_from_another_key_is_rejected_and_replaced() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = TokenEndpoint::open_edx("https://courses.example.org").unwrap();
    for other in [
        request_with("another"),
        request().scope(Scope::new("read").unwrap()),
        TokenRequest::new(site, request().credentials().clone()),
    ] {
        redis.run(&["flushall"]);
        let store = redis.store();
        store.save(&other, &token("other", HOUR), None).unwrap();
        let key = redis.key("token");
        store.save(&request(), &token("own", HOUR), None).unwrap();
        let keys = redis.run(&["keys", "*token"]);
        let own = keys.iter().find(|own| **own != key).unwrap();
        redis.run(&["rename", &key, own]);

        let error = store.load(&request()).unwrap_err();

        assert!(
            matches!(error, StoreError::OtherRequest),
            "{other:?}: {error:?}"
        );
        is_replaced(&store);
    }
}

#[test]
fn a_huge_value_is_not_read_to_its_end() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (store, key) = planted(&redis);
    redis.run(&["setrange", &key, "100000000", "x"]);
    redis.run(&["pexpire", &key, "99999999"]);

    let error = cause(store.load(&request()));

    assert!(matches!(error, RedisError::TooLarge), "{error:?}");
    is_replaced(&store);
}

#[test]
fn a_value_of_another_type_is_named_and_replaced() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (store, key) = planted(&redis);
    redis.run(&["del", &key]);
    redis.run(&["rpush", &key, "a"]);

    let error = cause(store.load(&request()));

    assert!(
        matches!(error, RedisError::WrongType("WRONGTYPE")),
        "{error:?}"
    );
    is_replaced(&store);
}

#[test]
fn a_token_without_an_expiry_is_named_and_replaced() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (store, key) = planted(&redis);
    redis.run(&["persist", &key]);

    let error = cause(store.load(&request()));

    assert!(matches!(error, RedisError::NoExpiry), "{error:?}");
    is_replaced(&store);
}

#[test]
fn a_planted_claim_that_never_expires_is_none() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (store, key) = planted(&redis);
    let claim_key = key.replace("token", "claim");
    for plant in [["set", &claim_key, "x"], ["rpush", &claim_key, "x"]] {
        redis.run(&plant);

        drop(store.claim(&request(), Duration::ZERO).unwrap());

        assert_eq!(redis.run(&["exists", &claim_key]), ["0"]);
    }
}

/// Returns a store with a token, and its key.
fn planted(redis: &RealRedis) -> (RedisStore, String) {
    redis.run(&["flushall"]);
    let store = redis.store();
    store.save(&request(), &token("old", HOUR), None).unwrap();
    let key = redis.key("token");
    (store, key)
}

fn is_replaced(store: &RedisStore) {
    let claim = store.claim(&request(), Duration::ZERO).unwrap();
    let token = token("new", HOUR);
    store.save(&request(), &token, Some(&claim)).unwrap();
    assert_eq!(loaded(store).unwrap(), "new");
}
