use std::io::Read;
use std::time::Duration;

use edx_auth_testkit::{Behavior, BehaviorHandle, MockEdx, MockResponse};

use crate::wire::{Client, HANG, drop_in_time, get};

const ASK: &str = "GET /here HTTP/1.1\r\nHost: edx\r\n\r\n";

/// Returns the bytes that the server sends for one request until it closes the connection.
fn sent_for(behavior: impl Into<Behavior>) -> Vec<u8> {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", behavior);
    let mut client = Client::of(&edx);
    client.send(ASK);
    let sent = client.rest();
    drop(client);

    assert!(handle.ends_within(HANG));
    assert_eq!(handle.bytes_sent(), sent.len() as u64);
    sent
}

#[test]
fn bytes_arrive_unchanged() {
    assert_eq!(
        sent_for(Behavior::bytes("\0\r\nnot HTTP")),
        b"\0\r\nnot HTTP"
    );
    assert_eq!(sent_for(Behavior::bytes("")), b"");
}

#[test]
fn a_cut_response_ends_without_a_reset() {
    let response = MockResponse::json(200, r#"{"access_token": "abc"}"#);
    let whole = response.to_bytes();

    assert_eq!(sent_for(Behavior::cut(response.clone(), 40)), whole[..40]);
    assert_eq!(sent_for(Behavior::cut(response, 4000)), whole);
}

#[test]
fn a_slow_body_arrives_complete() {
    let dripped = sent_for(Behavior::slow_body(
        MockResponse::new(204),
        Duration::from_millis(1),
    ));

    assert_eq!(dripped, b"HTTP/1.1 204 No Content\r\n\r\n");
}

#[test]
fn a_queued_response_keeps_the_connection_open() {
    let edx = MockEdx::start().unwrap();
    edx.next_request(
        "/here",
        MockResponse::html(503, "soon").header("Retry-After", "1"),
    );
    let mut client = Client::of(&edx);

    client.send(ASK);
    let played = client.receive();
    client.send(ASK);
    let own = client.receive();

    assert_eq!((played.status, played.body.as_str()), (503, "soon"));
    assert_eq!(played.header("Retry-After"), Some("1"));
    assert_eq!(played.header("Connection"), None);
    assert_eq!(own.status, 404);
}

#[test]
fn behaviors_queue_by_path_before_the_site_responds() {
    let edx = MockEdx::start().unwrap();
    edx.next_request("/here", MockResponse::new(291));
    edx.next_request("/there", MockResponse::new(293));
    edx.next_request("/here", MockResponse::new(292));

    let statuses = ["/here?a=b", "/here", "/here", "/there", "/here/"]
        .map(|target| get(&edx, target, "").status);

    assert_eq!(statuses, [291, 292, 404, 293, 404]);
    assert_eq!(edx.requests().len(), 5);
}

#[test]
fn a_stall_sends_nothing_until_the_client_disconnects() {
    let edx = MockEdx::start().unwrap();
    let (handle, client) = begin(&edx, Behavior::stall());

    assert!(!handle.ends_within(Duration::from_millis(100)));
    drop(client);

    assert!(handle.ends_within(HANG));
    assert_eq!(handle.bytes_sent(), 0);
}

#[test]
fn endless_bytes_stop_when_the_client_disconnects() {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", Behavior::endless("head ", "chunk "));
    let mut client = Client::of(&edx);
    client.send(ASK);
    let mut beginning = [0; 17];
    read_exactly(&mut client, &mut beginning);

    assert_eq!(&beginning, b"head chunk chunk ");
    drop(client);

    assert!(handle.ends_within(HANG));
    assert!(handle.bytes_sent() >= 17);
}

#[test]
fn an_empty_endless_chunk_is_a_stall() {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", Behavior::endless("head", ""));
    let mut client = Client::of(&edx);
    client.send(ASK);
    read_exactly(&mut client, &mut [0; 4]);

    drop(client);

    assert!(handle.ends_within(HANG));
    assert_eq!(handle.bytes_sent(), 4);
}

#[test]
fn a_dropped_server_ends_every_behavior_and_every_idle_connection() {
    let edx = MockEdx::start().unwrap();
    let playing = [
        Behavior::endless("", "chunk".repeat(1000)),
        Behavior::slow_body("slow", Duration::from_secs(3600)),
        Behavior::stall(),
    ]
    .map(|behavior| begin(&edx, behavior));
    let never_asked_for = edx.next_request("/there", Behavior::stall());
    let mut silent = Client::of(&edx);
    silent.send(ASK);
    assert_eq!(silent.receive().status, 404);

    drop_in_time(edx);

    for (handle, _client) in &playing {
        assert!(handle.ends_within(Duration::ZERO));
    }
    assert!(never_asked_for.ends_within(Duration::ZERO));
    assert_eq!(silent.rest(), b"");
}

/// Queues a behavior, sends a request, and returns when the server has received it.
fn begin(edx: &MockEdx, behavior: Behavior) -> (BehaviorHandle, Client) {
    let seen = edx.requests().len();
    let handle = edx.next_request("/here", behavior);
    let mut client = Client::of(edx);
    client.send(ASK);
    assert!(edx.wait_for_requests(seen + 1, HANG));
    (handle, client)
}

fn read_exactly(client: &mut Client, bytes: &mut [u8]) {
    client.input().read_exact(bytes).unwrap();
}
