//! How a Redis may be set up: with users, as a replica, with no memory left.

use std::time::Duration;

use edx_auth_driver::TokenStore as _;
use edx_auth_redis::{RedisError, RedisStore};

use crate::real_redis::RealRedis;
use crate::tokens::{HOUR, cause, loaded, request, token};

#[test]
fn a_password_is_needed_where_redis_wants_one() {
    let Some(redis) = RealRedis::start_or_skip(&["--requirepass", "s3cret@"]) else {
        return;
    };

    for (user, code) in [("", "NOAUTH"), (":wrong@", "WRONGPASS")] {
        let error = cause(redis.store_as(user).load(&request()));
        assert!(
            matches!(error, RedisError::Denied(is) if is == code),
            "{error:?}"
        );
    }
    serves(&redis.store_as(":s3cret%40@"));
    serves(&redis.store_as("default:s3cret%40@"));
}

/// The rights are those of the crate's documentation.
#[test]
fn a_user_with_few_rights_is_enough() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (_, rights) = LIBRARY.split_once("ACL SETUSER ").unwrap();
    let (rights, _) = rights.split_once("```").unwrap();
    let words = rights.replace("//!", " ");
    let mut command = vec!["acl", "setuser"];
    command.extend(words.split_whitespace());
    assert_eq!(redis.run(&command), ["OK"]);

    serves(&redis.store_as("edx-auth:password@"));

    redis.run(&["acl", "setuser", "edx-auth", "-eval"]);
    let error = cause(redis.store_as("edx-auth:password@").load(&request()));
    assert!(matches!(error, RedisError::Denied("NOPERM")), "{error:?}");
}

#[test]
fn each_database_has_its_own_tokens() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let url = format!("redis://127.0.0.1:{}/7", redis.port());
    let store = RedisStore::new(&url).unwrap().timeout(HOUR);

    serves(&store);

    assert_eq!(loaded(&redis.store()), None);
    let error = cause(
        RedisStore::new(&url.replace("/7", "/700"))
            .unwrap()
            .load(&request()),
    );
    assert!(matches!(error, RedisError::Rejected), "{error:?}");
}

#[test]
fn a_replica_accepts_no_writes() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store();
    serves(&store);
    redis.run(&["replicaof", "127.0.0.1", "1"]);

    let is_read_only = |error| matches!(error, RedisError::ReadOnly("READONLY"));
    assert!(is_read_only(cause(store.claim(&request(), Duration::ZERO))));
    assert!(is_read_only(cause(store.save(
        &request(),
        &token("new", 2 * HOUR),
        None
    ))));
    // It still has the token.
    assert!(loaded(&store).is_some());
}

#[test]
fn a_full_redis_saves_nothing() {
    let full = ["--maxmemory", "1", "--maxmemory-policy", "noeviction"];
    let Some(redis) = RealRedis::start_or_skip(&full) else {
        return;
    };
    let store = redis.store();

    let is_full = |error| matches!(error, RedisError::Full("OOM"));
    assert!(is_full(cause(store.claim(&request(), Duration::ZERO))));
    assert!(is_full(cause(store.save(
        &request(),
        &token("new", HOUR),
        None
    ))));
    assert_eq!(loaded(&store), None);
}

#[test]
fn a_redis_without_scripts_is_named() {
    let Some(redis) = RealRedis::start_or_skip(&["--rename-command", "EVAL", ""]) else {
        return;
    };

    let error = cause(redis.store().save(&request(), &token("new", HOUR), None));

    assert!(matches!(error, RedisError::Rejected), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("name-new"));
}

/// Claims, saves and loads.
fn serves(store: &RedisStore) {
    let claim = store.claim(&request(), Duration::ZERO).unwrap();
    let token = token("one", HOUR);
    store.save(&request(), &token, Some(&claim)).unwrap();
    assert_eq!(loaded(store).unwrap(), "one");
}

const LIBRARY: &str = include_str!("../../src/lib.rs");
