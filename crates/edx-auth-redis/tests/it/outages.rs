//! Servers that do not respond as Redis does, or not at all.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{self, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_driver::{StoreError, TokenStore as _};
use edx_auth_redis::{RedisError, RedisStore};

use crate::real_redis::{LONG, RealRedis};
use crate::tokens::{HOUR, cause, request, token};

#[test]
fn each_server_that_is_no_redis_is_named() {
    use RedisError::{NotRedis, TimedOut, Unreachable};
    let faults: [Fault; 7] = [
        ("hangs", hang, |error| matches!(error, TimedOut)),
        ("sends slowly", trickle, |error| matches!(error, TimedOut)),
        ("closes", drop, |error| matches!(error, Unreachable(_))),
        (
            "is http",
            |peer| say(peer, b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            |error| matches!(error, NotRedis),
        ),
        ("sends without end", flood, |error| {
            matches!(error, NotRedis)
        }),
        (
            "sends a huge length",
            |peer| say(peer, b"$9223372036854775807\r\nx"),
            |error| matches!(error, TimedOut | Unreachable(_)),
        ),
        (
            "sends another type",
            |peer| say(peer, b":1\r\n"),
            |error| matches!(error, NotRedis),
        ),
    ];
    for (fault, serve, is_expected) in faults {
        let error = cause(Fake::start(serve).store().load(&request()));
        assert!(is_expected(&error), "{fault}: {error:?}");
        assert!(error.advice().ends_with('.'));
    }
}

#[test]
fn a_port_without_a_server_is_unreachable() {
    let error = cause(store_at(no_server()).load(&request()));
    assert!(matches!(error, RedisError::Unreachable(_)), "{error:?}");
}

#[test]
fn a_server_that_failed_to_respond_gets_no_command_for_a_while() {
    let fake = Fake::start(drop);
    let store = fake.store();
    let _unreachable = cause(store.load(&request()));
    let connections = fake.connections.load(Ordering::SeqCst);

    let rested = [
        cause(store.load(&request())),
        cause(store.claim(&request(), Duration::ZERO)),
        cause(store.clone().save(&request(), &token("new", HOUR), None)),
    ];

    assert!(
        rested
            .iter()
            .all(|error| matches!(error, RedisError::Resting))
    );
    assert_eq!(fake.connections.load(Ordering::SeqCst), connections);
}

#[test]
fn a_process_that_is_stopped_and_continued_still_gets_its_response() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let store = redis.store().timeout(Duration::from_secs(60));
    assert!(redis.signal("STOP"));
    let loading = thread::spawn(move || store.load(&request()));

    for _ in 0..5 {
        stop_and_continue();
    }
    assert!(redis.signal("CONT"));

    assert!(loading.join().unwrap().unwrap().is_none());
}

#[test]
fn a_claim_that_redis_gives_too_late_is_given_back() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    assert!(redis.signal("STOP"));
    let error = cause(redis.store().claim(&request(), Duration::ZERO));
    assert!(matches!(error, RedisError::TimedOut), "{error:?}");
    assert!(redis.signal("CONT"));

    // It would have the claim for 21 seconds.
    drop(
        redis
            .store()
            .claim(&request(), Duration::from_secs(15))
            .unwrap(),
    );
}

#[test]
fn a_token_that_others_wait_for_is_saved_and_its_claim_given_back_though_redis_rests() {
    let Some(redis) = RealRedis::start_or_skip(&[]) else {
        return;
    };
    let (store, other) = (redis.store(), redis.store());
    let request = request().deadline(HOUR);
    let claim = store.claim(&request, Duration::ZERO).unwrap();
    assert!(redis.signal("STOP"));
    let error = cause(store.load(&request));
    assert!(matches!(error, RedisError::TimedOut), "{error:?}");
    assert!(redis.signal("CONT"));

    let token = token("one", HOUR);
    store.save(&request, &token, Some(&claim)).unwrap();
    drop(claim);

    assert!(other.load(&request).unwrap().is_some());
    drop(other.claim(&request, Duration::ZERO).unwrap());
}

#[test]
fn nothing_shows_the_password() {
    let store = RedisStore::new("redis://user:s3cret@127.0.0.1:1/3").unwrap();
    let error = store.load(&request()).unwrap_err();

    let StoreError::Other { source: cause, .. } = &error else {
        panic!("{error:?}")
    };
    let shown = format!("{store:?} {store:#?} {error:?} {error} {cause:?} {cause}");
    assert!(shown.contains("127.0.0.1"));
    assert!(!shown.contains("s3cret"), "{shown}");
}

/// What is wrong with a server, and how to know it by its error.
type Fault = (&'static str, Serve, fn(&RedisError) -> bool);

/// What a server does with a connection.
type Serve = fn(TcpStream);

/// A server that ends with its test.
struct Fake {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Fake {
    fn start(serve: Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        thread::spawn(move || {
            for peer in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || serve(peer.unwrap()));
            }
        });
        Self { port, connections }
    }

    fn store(&self) -> RedisStore {
        store_at(self.port)
    }
}

/// Returns a store with time enough on a busy machine.
fn store_at(port: u16) -> RedisStore {
    let store = RedisStore::new(&format!("redis://127.0.0.1:{port}")).unwrap();
    store.timeout(LONG)
}

/// Stops this process for a moment, as a debugger or a paused container does.
fn stop_and_continue() {
    let signals = "kill -STOP \"$0\"; sleep 0.02; kill -CONT \"$0\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", signals, &process::id().to_string()]);
    assert!(shell.status().unwrap().success());
}

/// Returns a port where no server listens.
pub(crate) fn no_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Reads, and never responds, until the other side has gone.
fn hang(mut peer: TcpStream) {
    let mut bytes = [0; 1024];
    while let Ok(1..) = peer.read(&mut bytes) {}
}

/// Sends one byte at a time, for half a minute.
fn trickle(mut peer: TcpStream) {
    for _ in 0..3000 {
        let _gone = peer.write_all(b"+");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a token that never ends, as fast as the other side reads.
fn flood(mut peer: TcpStream) {
    let chunk = vec![b'x'; 1 << 16];
    let _gone = peer.write_all(b"$9223372036854775807\r\n");
    while peer.write_all(&chunk).is_ok() {}
}

/// Sends these bytes, and nothing after them.
fn say(mut peer: TcpStream, bytes: &[u8]) {
    let _gone = peer.write_all(bytes);
    hang(peer);
}
