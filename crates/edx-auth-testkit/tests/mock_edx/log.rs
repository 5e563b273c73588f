//! The log of received requests.

use std::sync::mpsc;
use std::time::Duration;

use edx_auth_testkit::{Behavior, Fingerprint, MockEdx, MockResponse, ReceivedRequest};

use crate::wire::{Client, HANG, exchange, fetch_token, get, post, post_form};

const ASK: &str = "GET /here HTTP/1.1\r\nHost: edx\r\n\r\n";

fn seen<T>(edx: &MockEdx, of: impl Fn(&ReceivedRequest) -> T) -> Vec<T> {
    edx.requests().iter().map(of).collect()
}

#[test]
fn requests_of_one_connection_have_its_number() {
    let edx = MockEdx::start().unwrap();
    let ask = |client: &mut Client| {
        client.send(ASK);
        client.receive();
    };

    let mut first = Client::of(&edx);
    ask(&mut first);
    let _silent = Client::of(&edx);
    let mut third = Client::of(&edx);
    ask(&mut third);
    ask(&mut first);
    ask(&mut third);

    assert_eq!(seen(&edx, ReceivedRequest::connection), [1, 3, 1, 3]);
}

#[test]
fn a_request_has_the_status_of_its_response() {
    let edx = MockEdx::start().unwrap();
    edx.next_request("/here", MockResponse::throttled(3));
    edx.next_request("/here", Behavior::bytes("not HTTP"));

    get(&edx, "/here", "");
    Client::of(&edx).send(ASK);
    assert!(edx.wait_for_requests(2, HANG));
    get(&edx, "/here", "");

    assert_eq!(
        seen(&edx, ReceivedRequest::status),
        [Some(429), None, Some(404)]
    );
}

#[test]
fn a_query_is_recorded_unchanged_and_not_printed() {
    let edx = MockEdx::start().unwrap();

    for target in ["/here?a=%20b&planted?", "/here?", "/here"] {
        get(&edx, target, "");
    }

    let queries = seen(&edx, |request| request.query().map(str::to_owned));
    let expected = [Some("a=%20b&planted?"), Some(""), None];
    assert_eq!(queries, expected.map(|query| query.map(str::to_owned)));
    assert!(!format!("{:?}", edx.requests()).contains("planted"));
}

#[test]
fn bodies_can_be_compared_and_measured() {
    let edx = MockEdx::start().unwrap();
    let json = r#"{"a": "planted"}"#;

    exchange(&edx, &post("/here", "", ("application/json", json)));
    exchange(&edx, &post_form("/here", "", ""));
    get(&edx, "/here", "");

    assert_eq!(seen(&edx, ReceivedRequest::body_len), [16, 0, 0]);
    let bodies = [json, "", ""].map(Fingerprint::of);
    assert_eq!(seen(&edx, ReceivedRequest::body), bodies);
    assert!(!format!("{:?}", edx.requests()).contains("planted"));
}

#[test]
fn the_text_of_a_body_can_be_read_and_is_not_printed() {
    let edx = MockEdx::start().unwrap();
    let json = r#"{"a": "planted"}"#;

    exchange(&edx, &post("/here", "", ("application/json", json)));
    exchange(&edx, &post_form("/here", "", "a=planted&password=x"));
    fetch_token(&edx);

    let texts = seen(&edx, |request| request.body_text().map(str::to_owned));
    let form = format!("a=planted&password={}", Fingerprint::of("x"));
    assert_eq!(texts, [Some(json.to_owned()), Some(form), None]);
    assert!(!format!("{:?}", edx.requests()).contains("planted"));
}

#[test]
fn waiting_for_requests_ends_with_them_or_with_the_timeout() {
    let edx = MockEdx::start().unwrap();
    assert!(edx.wait_for_requests(0, Duration::ZERO));
    assert!(!edx.wait_for_requests(1, Duration::from_millis(1)));

    let (received, when_received) = mpsc::channel();
    std::thread::scope(|threads| {
        threads.spawn(|| received.send(edx.wait_for_requests(2, 2 * HANG)));
        get(&edx, "/here", "");
        assert!(!edx.wait_for_requests(2, Duration::ZERO));
        get(&edx, "/here", "");
        assert!(when_received.recv_timeout(HANG).unwrap());
    });
    assert!(edx.wait_for_requests(1, Duration::ZERO));
}

#[test]
fn concurrent_requests_are_counted_as_concurrent() {
    let edx = MockEdx::start().unwrap();
    let waiting: Vec<_> = (1..=5)
        .map(|count| {
            let handle = edx.next_request("/here", Behavior::stall());
            let mut client = Client::of(&edx);
            client.send(ASK);
            assert!(edx.wait_for_requests(count, HANG));
            (client, handle)
        })
        .collect();

    for (client, handle) in waiting {
        drop(client);
        assert!(handle.ends_within(HANG));
    }
    get(&edx, "/here", "");

    let concurrent = seen(&edx, ReceivedRequest::concurrent);
    assert_eq!(concurrent, [1, 2, 3, 4, 5, 1]);
}

#[test]
fn sequential_requests_are_never_concurrent() {
    let edx = MockEdx::start().unwrap();
    let behaviors = [
        Behavior::pass_through(),
        Behavior::respond(MockResponse::json(200, "{}")),
        Behavior::respond_then_close(MockResponse::new(204)),
        Behavior::bytes("HTTP/1.1 204 \r\n\r\n"),
        Behavior::slow_body(MockResponse::new(204), Duration::from_millis(1)),
        Behavior::after(Duration::from_micros(1), MockResponse::new(204)),
    ];

    for behavior in behaviors.iter().cycle().take(60) {
        edx.next_request("/here", behavior.clone());
        let mut client = Client::of(&edx);
        client.send(ASK);
        client.receive();
    }

    let concurrent = seen(&edx, ReceivedRequest::concurrent);
    assert_eq!(concurrent, [1; 60]);
}

#[test]
fn a_connection_that_ends_leaves_no_request_in_flight() {
    let edx = MockEdx::start().unwrap();

    for behavior in [Behavior::close(), Behavior::reset()] {
        edx.next_request("/here", behavior);
        let mut client = Client::of(&edx);
        client.send(ASK);
        let _ = client.try_rest();
    }
    fetch_token(&edx);

    assert_eq!(seen(&edx, ReceivedRequest::concurrent), [1, 1, 1]);
}
