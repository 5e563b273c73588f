//! Pooled connections that the server has closed before the next call.

use std::collections::BTreeSet;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Call, Called, Client, HttpLibrary, Setup};
use edx_auth_tests::timeout::within_timeout;
use http::Method;

#[test]
fn a_call_that_reads_survives_a_closed_connection() {
    for (end, behavior) in ENDS {
        for method in [Method::GET, Method::HEAD] {
            for library in CLIENTS {
                let (second, sent) = second_call(library, method.clone(), behavior);

                let case = format!("{} {method} {end}", library.name);
                assert_eq!(second.unwrap().status, 200, "{case}");
                // The first call, the one on the closed connection, and its retry.
                let connections: Vec<_> = sent.iter().map(ReceivedRequest::connection).collect();
                assert_eq!(connections.len(), 3, "{case}");
                assert_eq!(connections[0], connections[1], "{case}");
                assert_ne!(connections[1], connections[2], "{case}");
            }
        }
    }
}

#[test]
fn a_call_that_reads_survives_when_all_pooled_connections_are_closed() {
    for (end, behavior) in ENDS {
        for library in CLIENTS {
            let (called, sent) = within_timeout(move || {
                let edx = MockEdx::start().unwrap();
                let slow =
                    Behavior::after(Duration::from_millis(100), MockResponse::json(200, "[]"));
                edx.on("GET", "/api/", slow);
                let client = (library.new_client)(Setup::of(&edx));
                let url = format!("{}/api/", edx.url());
                warm(&*client, &url);
                client.at_once(vec![Call::get(&*url); 8]);
                edx.on_reused_connection(behavior());
                let before = calls(&edx).len();

                let called = client.call(Call::get(url));

                (called, calls(&edx).len() - before)
            });

            let case = format!("{} {end}", library.name);
            assert_eq!(called.map(|response| response.status), Ok(200), "{case}");
            assert_eq!(sent, 2, "{case}");
        }
    }
}

#[test]
fn a_call_that_writes_fails_on_a_closed_connection_and_is_sent_once() {
    for (end, behavior) in ENDS {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            for library in CLIENTS {
                let (second, sent) = second_call(library, method.clone(), behavior);

                let case = format!("{} {method} {end}", library.name);
                let failure = second.unwrap_err();
                assert!(failure.words.ends_with(BROKE_OFF), "{case}: {failure:?}");
                assert!(failure.is_retryable, "{case}");
                assert_eq!(sent.len(), 2, "{case}");
            }
        }
    }
}

#[test]
fn a_site_that_keeps_no_connection_can_be_called() {
    for library in CLIENTS {
        let sent = within_timeout(move || {
            let edx = MockEdx::builder()
                .keep_alive(Duration::ZERO)
                .start()
                .unwrap();
            edx.on("GET", "/api/", MockResponse::json(200, "[]"));
            let client = (library.new_client)(Setup::of(&edx));
            for _ in 0..20 {
                let called = client.call(Call::get(format!("{}/api/", edx.url())));
                assert_eq!(called.unwrap().status, 200, "{}", library.name);
            }
            calls(&edx).len()
        });

        assert_eq!(sent, 20, "{}", library.name);
    }
}

#[test]
fn a_site_that_closes_connections_silently_can_be_called() {
    for library in CLIENTS {
        let sent = within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on(
                "GET",
                "/api/",
                Behavior::respond_then_close(MockResponse::json(200, "[]")),
            );
            let client = (library.new_client)(Setup::of(&edx));
            for _ in 0..20 {
                let called = client.call(Call::get(format!("{}/api/", edx.url())));
                assert_eq!(called.unwrap().status, 200, "{}", library.name);
            }
            calls(&edx).len()
        });

        assert_eq!(sent, 20, "{}", library.name);
    }
}

#[test]
fn a_call_that_reads_is_sent_twice_at_most() {
    for library in CLIENTS {
        let (called, sent) = within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on("GET", "/api/", Behavior::close());
            let client = (library.new_client)(Setup::of(&edx));
            let called = client.call(Call::get(format!("{}/api/", edx.url())));
            (called, calls(&edx).len())
        });

        assert!(
            called.unwrap_err().words.ends_with(BROKE_OFF),
            "{}",
            library.name
        );
        assert_eq!(sent, 2, "{}", library.name);
    }
}

#[test]
fn calls_of_one_client_share_a_connection() {
    for library in CLIENTS {
        let connections = within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on("GET", "/api/", MockResponse::json(200, "[]"));
            edx.on(
                "POST",
                "/api/",
                MockResponse::html(500, "x".repeat(100_000)),
            );
            let client = (library.new_client)(Setup::of(&edx));
            for method in (0..50).flat_map(|_| [Method::GET, Method::POST]) {
                let url = format!("{}/api/", edx.url());
                client.call(Call::new(method, url)).unwrap();
            }
            let connections: BTreeSet<_> = calls(&edx)
                .iter()
                .map(ReceivedRequest::connection)
                .collect();
            connections.len()
        });

        // A call that comes before its connection is back in the pool takes a new one.
        assert!(
            connections <= 25,
            "{}: {connections} for 100 calls",
            library.name
        );
    }
}

/// Returns the result of a call over a reused connection that the server closes, and the requests that
/// the site got before the call and during it.
///
/// A connection goes back to its pool a moment after its response was read. A call that comes before that
/// takes a new one, and is not of interest here.
fn second_call(
    library: HttpLibrary,
    method: Method,
    end: fn() -> Behavior,
) -> (Called, Vec<ReceivedRequest>) {
    within_timeout(move || {
        let calls = std::iter::repeat_with(|| first_and_second(library, method.clone(), end()));
        let mut calls = calls.take(MOST_ATTEMPTS);
        let is_reused = |(_, sent): &(Called, Vec<ReceivedRequest>)| {
            sent[0].connection() == sent[1].connection()
        };
        calls.find(is_reused).unwrap()
    })
}

fn first_and_second(
    library: HttpLibrary,
    method: Method,
    end: Behavior,
) -> (Called, Vec<ReceivedRequest>) {
    let edx = MockEdx::start().unwrap();
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE"] {
        edx.on(method, "/api/", MockResponse::json(200, "[]"));
    }
    let client = (library.new_client)(Setup::of(&edx));
    let url = format!("{}/api/", edx.url());
    warm(&*client, &url);
    edx.on_reused_connection(end);

    let called = client.call(Call::new(method, url));

    (called, calls(&edx))
}

const MOST_ATTEMPTS: usize = 100;

fn warm(client: &dyn Client, url: &str) {
    assert_eq!(client.call(Call::get(url)).unwrap().status, 200);
}

fn calls(edx: &MockEdx) -> Vec<ReceivedRequest> {
    let mut requests = edx.requests();
    requests.retain(|sent| sent.path() != MockEdx::TOKEN_PATH);
    requests
}

/// How a server ends a connection, and its name.
type End = (&'static str, fn() -> Behavior);

const ENDS: [End; 2] = [("closed", Behavior::close), ("reset", Behavior::reset)];
const BROKE_OFF: &str = " closed the connection before the response was complete";
