//! Calls that go on while Redis is killed and restarted, and client credentials are rotated.

use std::env;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edx_auth_driver::{Blocking, TokenSource, TokenStore as _};
use edx_auth_redis::RedisStore;

use crate::real_redis::RealRedis;
use crate::site::Site;
use crate::tokens::{name, request_with};

#[test]
fn no_call_fails_while_redis_is_killed_and_credentials_are_rotated() {
    let Some(mut redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let site = Site::issuing_for(Duration::from_secs(5));
    let start = Instant::now();
    let mut fleet = Fleet::start(&site, &redis.store());

    while start.elapsed() < calling_time() || fleet.secrets.len() < 3 {
        fleet.rotate(&site);
        redis.kill();
        fleet.rotate(&site);
        redis.restart();
        fleet.make_until_stored(&redis.store());
    }

    let (calls, secrets) = fleet.end();
    let outages = secrets.len() / 2;
    eprintln!(
        "{outages} outages: {calls} calls, {} token requests",
        site.requests()
    );
    assert_eq!(site.outdated(), 0);
    for secret in secrets {
        let stored = redis.store().load(&request_with(&secret)).unwrap();
        let name = stored.as_ref().map(name);
        assert!(name.is_none_or(|name| secret_of(&name) == secret));
    }
}

/// Sources of one client that are in use, and the secrets that it has had.
struct Fleet {
    callers: Vec<Caller>,
    secrets: Vec<String>,
}

impl Fleet {
    fn start(site: &Site, store: &RedisStore) -> Self {
        let callers = (0..8).map(|number| Caller::start(site, store.clone(), number % 2 == 0));
        Self {
            callers: callers.collect(),
            secrets: vec!["first".to_owned()],
        }
    }

    /// Gives the client another secret, and revokes the old one when every caller has a token of the new one.
    fn rotate(&mut self, site: &Site) {
        let secret = format!("rotated{}", self.secrets.len());
        site.add_secret(&secret);
        for caller in &self.callers {
            caller.source.credentials_changed();
        }
        for caller in &self.callers {
            caller.wait(|caller| caller.progress.secret() == secret);
        }
        site.revoke_old();
        self.make_calls();
        self.secrets.push(secret);
    }

    /// Waits until each caller has made more calls.
    fn make_calls(&self) {
        for caller in &self.callers {
            let enough = caller.progress.calls() + 5;
            caller.wait(|caller| caller.progress.calls() >= enough);
        }
    }

    /// Waits until Redis has had its rest, and is used again.
    fn make_until_stored(&self, store: &RedisStore) {
        let newest = request_with(self.secrets.last().unwrap());
        while store.load(&newest).unwrap().is_none() {
            self.make_calls();
        }
    }

    /// Returns how many calls there were, and all secrets.
    fn end(self) -> (usize, Vec<String>) {
        let calls = self.callers.into_iter().map(Caller::end).sum();
        (calls, self.secrets)
    }
}

/// A thread that calls a few times in a second, and either renews its token for each call or when it is due.
struct Caller {
    source: TokenSource<Blocking>,
    progress: Arc<Progress>,
    thread: JoinHandle<()>,
}

/// How many calls were made, and the secret that brought the last token.
#[derive(Default)]
struct Progress {
    calls: AtomicUsize,
    secret: Mutex<String>,
    has_ended: AtomicBool,
}

impl Caller {
    fn start(site: &Site, store: RedisStore, renews: bool) -> Self {
        let (source, progress) = (site.source(store), Arc::<Progress>::default());
        let thread = thread::spawn({
            let (site, source, progress) = (site.clone(), source.clone(), Arc::clone(&progress));
            move || progress.make_calls(&site, &source, renews)
        });
        Self {
            source,
            progress,
            thread,
        }
    }

    fn wait(&self, until: impl Fn(&Self) -> bool) {
        while !until(self) {
            assert!(!self.thread.is_finished(), "a call has failed");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Returns how many calls it has made.
    fn end(self) -> usize {
        self.progress.has_ended.store(true, Ordering::SeqCst);
        self.thread.join().unwrap();
        self.progress.calls()
    }
}

impl Progress {
    fn make_calls(&self, site: &Site, source: &TokenSource<Blocking>, renews: bool) {
        while !self.has_ended.load(Ordering::SeqCst) {
            let token = if renews {
                source.renew_now()
            } else {
                source.token()
            };
            let token = token.unwrap();
            let secret = secret_of(token.authorization().to_str().unwrap());
            site.call(secret);
            secret.clone_into(&mut self.secret.lock().unwrap());
            self.calls.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn secret(&self) -> String {
        self.secret.lock().unwrap().clone()
    }
}

/// Returns the secret that a token shows.
fn secret_of(token: &str) -> &str {
    token.rsplit('-').next().unwrap()
}

/// Returns for how long the calls go on at least: by default for one outage, with two rotations.
fn calling_time() -> Duration {
    let seconds = env::var("EDX_AUTH_TEST_OUTAGE_SECONDS");
    Duration::from_secs(seconds.map_or(0, |seconds| seconds.parse().unwrap()))
}
