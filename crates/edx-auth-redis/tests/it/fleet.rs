//! Many sources with one store, as many processes have.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{mem, thread};

use edx_auth_driver::{
    Blocking, ClientCredentials, FormBody, RenewalPolicy, ResponseBody, TokenSource,
    TokenSourceBuilder, TokenStore as _,
};
use edx_auth_redis::RedisStore;

use crate::outages::no_server;
use crate::real_redis::RealRedis;
use crate::tokens::{name, request, request_with};

#[test]
fn two_hundred_workers_request_one_token() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::default();
    let sources: Vec<_> = (0..200).map(|_| site.source(redis.store())).collect();

    let tokens: BTreeSet<_> = at_once(sources).into_iter().collect();

    assert_eq!(tokens.len(), 1);
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_process_that_is_killed_with_the_claim_costs_its_lifetime_and_no_more_requests() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (site, second) = (Site::default(), Duration::from_secs(1));
    let killed = request_with("first").deadline(second);
    mem::forget(redis.store().claim(&killed, Duration::ZERO).unwrap());

    let sources = (0..20).map(|_| site.source(redis.store()));
    let tokens: BTreeSet<_> = at_once(sources.collect()).into_iter().collect();

    assert_eq!(tokens.len(), 1);
    assert_eq!(site.requests(), 1);
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
    let site = Site::default();
    let sources: Vec<_> = (0..50)
        .map(|_| site.source(RedisStore::new(&url).unwrap()))
        .collect();

    assert_eq!(at_once(sources).len(), 50);
    assert_eq!(site.requests(), 50);
}

#[test]
fn no_call_fails_while_redis_is_killed_and_credentials_are_rotated() {
    let Some(mut redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::default();
    let callers = Callers::start(&site, &redis.store(), 8);

    callers.make(100);
    for secret in ["second", "third"] {
        redis.kill();
        callers.make(100);
        site.rotate(secret);
        redis.restart();
        callers.make(100);
    }
    // Redis has had its rest, and is used again.
    let store = redis.store();
    while store.load(&request_with("third")).unwrap().is_none() {
        callers.make(1);
    }

    callers.end();
    for secret in ["first", "second", "third"] {
        let stored = store.load(&request_with(secret)).unwrap();
        let name = stored.as_ref().map(name);
        assert!(name.is_none_or(|name| name.ends_with(secret)), "{secret}");
    }
}

/// Threads that renew their tokens again and again.
struct Callers {
    calls: Arc<AtomicUsize>,
    has_ended: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Callers {
    fn start(site: &Site, store: &RedisStore, count: usize) -> Self {
        let (calls, has_ended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let threads = (0..count).map(|_| {
            let source = site.source(store.clone());
            let (calls, has_ended) = (Arc::clone(&calls), Arc::clone(&has_ended));
            thread::spawn(move || {
                while !has_ended.load(Ordering::SeqCst) {
                    source.renew_now().unwrap();
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            })
        });
        let threads = threads.collect();
        Self {
            calls,
            has_ended,
            threads,
        }
    }

    /// Waits until this many more calls have succeeded, or one has failed.
    fn make(&self, calls: usize) {
        let enough = self.calls.load(Ordering::SeqCst) + calls;
        while self.calls.load(Ordering::SeqCst) < enough {
            assert!(!self.threads.iter().any(thread::JoinHandle::is_finished));
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn end(self) {
        self.has_ended.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

/// A site in this process, with one client: it issues a token that shows the client secret.
#[derive(Clone)]
struct Site {
    requests: Arc<AtomicUsize>,
    secret: Arc<Mutex<&'static str>>,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            requests: Arc::default(),
            secret: Arc::new(Mutex::new("first")),
        }
    }
}

impl Site {
    /// Creates a source that shares its token in this store.
    fn source(&self, store: RedisStore) -> TokenSource<Blocking> {
        let (site, credentials) = (self.clone(), self.clone());
        let transport = move |request: http::Request<_>, _| Ok(site.serve(&request));
        let source: TokenSourceBuilder<Blocking> = TokenSource::over(request(), transport);
        source
            .credentials(move || Ok(credentials.credentials()))
            .policy(RenewalPolicy::FOR_TESTS)
            .store(store)
            .build()
            .unwrap()
    }
    fn serve(&self, request: &http::Request<FormBody>) -> http::Response<ResponseBody> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        let form = std::str::from_utf8(request.body().as_ref()).unwrap();
        let secret = *self.secret.lock().unwrap();
        let is_known = form.contains(&format!("client_secret={secret}"));
        let (status, body) = if is_known {
            let token = format!("name-{number}-{secret}");
            (
                200,
                format!(r#"{{"access_token":"{token}","token_type":"JWT","expires_in":3600}}"#),
            )
        } else {
            (401, r#"{"error":"invalid_client"}"#.to_owned())
        };
        let mut response = http::Response::new(ResponseBody::from(body.into_bytes()));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        response
    }

    fn credentials(&self) -> ClientCredentials {
        let secret = *self.secret.lock().unwrap();
        request_with(secret).credentials().clone()
    }

    fn rotate(&self, secret: &'static str) {
        *self.secret.lock().unwrap() = secret;
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Returns how many scripts Redis has run.
fn commands(redis: &RealRedis) -> u64 {
    let statistics = redis.run(&["info", "commandstats"]).join("\n");
    let (_, calls) = statistics.split_once("cmdstat_eval:calls=").unwrap();
    let (calls, _) = calls.split_once(',').unwrap();
    calls.parse().unwrap()
}

/// Gets a token from each source at once.
fn at_once(sources: Vec<TokenSource<Blocking>>) -> Vec<String> {
    let callers = sources.into_iter().map(|source| {
        thread::spawn(move || {
            let token = source.token().unwrap();
            token.authorization().to_str().unwrap().to_owned()
        })
    });
    let callers: Vec<_> = callers.collect();
    callers
        .into_iter()
        .map(|caller| caller.join().unwrap())
        .collect()
}
