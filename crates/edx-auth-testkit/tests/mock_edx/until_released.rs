//! Behaviors that wait until the test releases them.

use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse, ReceivedRequest};

use crate::wire::{Client, HANG, drop_in_time, get};

const ASK: &str = "GET /here HTTP/1.1\r\nHost: edx\r\n\r\n";

#[test]
fn a_held_behavior_begins_when_it_is_released() {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", Behavior::until_released(MockResponse::new(291)));
    let mut client = Client::of(&edx);
    client.send(ASK);
    assert!(edx.wait_for_requests(1, HANG));

    assert!(!handle.ends_within(Duration::from_millis(100)));
    assert_eq!(handle.bytes_sent(), 0);
    handle.release();

    assert_eq!(client.receive().status, 291);
    assert!(handle.ends_within(HANG));
}

#[test]
fn a_behavior_can_be_released_before_its_request_arrives() {
    let edx = MockEdx::start().unwrap();

    edx.next_request("/here", Behavior::until_released(MockResponse::new(291)))
        .release();

    assert_eq!(get(&edx, "/here", "").status, 291);
}

#[test]
fn each_held_behavior_is_released_separately() {
    let edx = MockEdx::start().unwrap();
    let handles = [291, 292].map(|status| {
        edx.next_request("/here", Behavior::until_released(MockResponse::new(status)))
    });
    let mut clients = [1, 2].map(|count| {
        let mut client = Client::of(&edx);
        client.send(ASK);
        assert!(edx.wait_for_requests(count, HANG));
        client
    });

    handles[1].release();

    assert_eq!(clients[1].receive().status, 292);
    assert!(!handles[0].ends_within(Duration::ZERO));
    handles[0].release();
    assert_eq!(clients[0].receive().status, 291);
    let requests = edx.requests();
    let concurrent: Vec<_> = requests.iter().map(ReceivedRequest::concurrent).collect();
    assert_eq!(concurrent, [1, 2]);
}

#[test]
fn a_held_behavior_stays_held_before_a_route_too() {
    let edx = MockEdx::start().unwrap();
    edx.on(
        "GET",
        "/here",
        Behavior::after(Duration::ZERO, MockResponse::new(291)),
    );
    let soon = Behavior::after(
        Duration::from_millis(1),
        Behavior::until_released(Behavior::pass_through()),
    );
    let handle = edx.next_request("/here", soon);
    let mut client = Client::of(&edx);
    client.send(ASK);

    assert!(!handle.ends_within(Duration::from_millis(100)));
    handle.release();

    assert_eq!(client.receive().status, 291);
}

#[test]
fn a_dropped_server_ends_a_held_behavior() {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", Behavior::until_released(MockResponse::new(291)));
    let mut client = Client::of(&edx);
    client.send(ASK);
    assert!(edx.wait_for_requests(1, HANG));

    drop_in_time(edx);

    assert!(handle.ends_within(Duration::ZERO));
    assert_eq!(client.rest(), b"");
}
