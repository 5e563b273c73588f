//! Many sources with one store, as many processes have.

use std::time::Duration;
use std::{mem, thread};

use edx_auth_driver::{Blocking, Error, LiveToken, TokenSource, TokenStore as _};
use edx_auth_redis::RedisStore;

use crate::outages::no_server;
use crate::real_redis::RealRedis;
use crate::site::Site;
use crate::tokens::request_with;
use crate::watched::Watched;

#[test]
fn two_hundred_workers_request_one_token() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (site, store) = (Site::slow(), Watched::over(redis.store()));
    let source = |_| site.source(store.beside(redis.store()));
    let sources: Vec<_> = (0..200).map(source).collect();

    at_once(&sources, TokenSource::<Blocking>::token);

    assert_one_request(&site, &store);
}

#[test]
fn a_process_that_is_killed_with_the_claim_costs_its_lifetime_and_no_more_requests() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (site, second) = (Site::default(), Duration::from_secs(1));
    let killed = request_with("first").deadline(second);
    mem::forget(redis.store().claim(&killed, Duration::ZERO).unwrap());

    let store = Watched::over(redis.store());
    let source = |_| site.source(store.beside(redis.store()));
    let sources: Vec<_> = (0..20).map(source).collect();
    at_once(&sources, TokenSource::<Blocking>::token);

    assert_one_request(&site, &store);
}

#[test]
fn a_token_costs_five_commands_a_process_that_finds_it_one_and_a_call_none() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::default();

    let source = site.source(redis.store());
    source.token().unwrap();
    assert_eq!(commands(&redis), 5);

    site.source(redis.store()).token().unwrap();
    source.token().unwrap();
    assert_eq!(commands(&redis), 6);
    assert_eq!(site.requests(), 1);
}

#[test]
fn without_redis_there_are_as_many_token_requests_as_without_a_store() {
    let url = format!("redis://127.0.0.1:{}", no_server());
    let (with, without) = (Site::default(), Site::default());
    let store = || RedisStore::new(&url).unwrap();
    let mut sources: Vec<_> = (0..50).map(|_| with.source(store())).collect();
    sources.extend((0..50).map(|_| without.builder().build().unwrap()));

    at_once(&sources, TokenSource::<Blocking>::token);
    for _ in 0..3 {
        at_once(&sources, TokenSource::<Blocking>::renew_now);
    }

    assert_eq!([with.requests(), without.requests()], [200, 200]);
}

/// Returns how many scripts Redis has run.
fn commands(redis: &RealRedis) -> u64 {
    let statistics = redis.run(&["info", "commandstats"]).join("\n");
    let (_, calls) = statistics.split_once("cmdstat_eval:calls=").unwrap();
    let (calls, _) = calls.split_once(',').unwrap();
    calls.parse().unwrap()
}

/// Gets a token from each source at once, in this way.
fn at_once(sources: &[TokenSource<Blocking>], ask: Ask) {
    thread::scope(|scope| {
        for source in sources {
            scope.spawn(|| ask(source).unwrap());
        }
    });
}

/// Asserts that the site received one token request, and no other except where Redis was slow.
fn assert_one_request(site: &Site, store: &Watched) {
    let (requests, slow) = (site.requests(), store.slow());
    eprintln!("{requests} token requests; Redis was slow {slow} times");
    assert!(requests >= 1);
    assert!(requests <= 1 + slow, "{requests} requests, {slow} slow");
}

type Ask = fn(&TokenSource<Blocking>) -> Result<LiveToken, Error>;
