//! How connections end, and when.

use std::io::ErrorKind;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use crate::wire::{Client, HANG, drop_in_time, get, post_form};

const ASK: &str = "GET /here HTTP/1.1\r\nHost: edx\r\n\r\n";

/// Opens a connection and sends a request for `/here`, which gets this behavior.
fn asked(edx: &MockEdx, behavior: impl Into<Behavior>) -> Client {
    edx.next_request("/here", behavior);
    let mut client = Client::of(edx);
    client.send(ASK);
    client
}

fn assert_reset(client: &mut Client, case: &str) {
    let error = client.try_rest().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{case}");
}

#[test]
fn the_client_sees_a_reset_as_a_reset() {
    let edx = MockEdx::start().unwrap();

    for (case, request) in [
        ("no body", ASK.to_owned()),
        ("a body", post_form("/here", "", "a=b")),
        ("a body of one byte", post_form("/here", "", "a")),
        (
            "a large body",
            post_form("/here", "", &"a".repeat(1_000_000)),
        ),
        ("another request behind it", ASK.repeat(2)),
    ] {
        let handle = edx.next_request("/here", Behavior::reset());
        let mut client = Client::of(&edx);
        client.send(&request);

        assert_reset(&mut client, case);
        assert!(handle.ends_within(HANG));
        assert_eq!(handle.bytes_sent(), 0);
    }
}

#[test]
fn a_reset_may_come_later_and_after_responses() {
    let edx = MockEdx::start().unwrap();
    let late_reset = Behavior::after(Duration::from_millis(1), Behavior::reset());
    let mut client = asked(&edx, MockResponse::new(204));
    assert_eq!(client.receive().status, 204);

    edx.next_request("/here", late_reset);
    client.send(ASK);

    assert_reset(&mut client, "late");
}

#[test]
fn a_close_sends_no_byte_and_no_reset() {
    let edx = MockEdx::start().unwrap();

    for request in [ASK.to_owned(), post_form("/here", "", "a=b")] {
        let handle = edx.next_request("/here", Behavior::close());
        let mut client = Client::of(&edx);
        client.send(&request);

        assert_eq!(client.rest(), b"");
        drop(client);
        assert!(handle.ends_within(HANG));
    }
}

#[test]
fn only_a_closing_response_has_connection_close() {
    let edx = MockEdx::start().unwrap();
    let announced = MockResponse::json(200, "{}").connection_close();
    let unannounced = Behavior::respond_then_close(MockResponse::json(200, "{}"));

    for (behavior, header) in [
        (Behavior::respond(announced), Some("close")),
        (unannounced, None),
    ] {
        let mut client = asked(&edx, behavior);
        let response = client.receive();

        assert_eq!((response.status, response.body.as_str()), (200, "{}"));
        assert_eq!(response.header("Connection"), header);
        assert_eq!(client.rest(), b"");
    }
}

#[test]
fn the_last_response_to_a_head_request_is_a_head() {
    let edx = MockEdx::start().unwrap();
    edx.next_request(
        "/here",
        Behavior::respond_then_close(MockResponse::json(200, "{}")),
    );
    let mut client = Client::of(&edx);

    client.send(&ASK.replace("GET", "HEAD"));

    assert_eq!(client.receive_head().header("Content-Length"), Some("2"));
    assert_eq!(client.rest(), b"");
}

#[test]
fn a_delayed_behavior_waits_unless_the_server_is_dropped() {
    let edx = MockEdx::start().unwrap();
    let tomorrow = Behavior::after(Duration::from_secs(86_400), MockResponse::new(204));
    let handle = edx.next_request("/here", tomorrow);
    let mut client = Client::of(&edx);
    client.send(ASK);

    assert!(!handle.ends_within(Duration::from_millis(100)));
    drop_in_time(edx);

    assert!(handle.ends_within(Duration::ZERO));
    assert_eq!(client.rest(), b"");
}

#[test]
fn a_delayed_behavior_does_what_it_delays() {
    let edx = MockEdx::start().unwrap();
    let soon = |behavior: Behavior| Behavior::after(Duration::from_millis(1), behavior);

    let responded = asked(&edx, soon(MockResponse::new(291).into())).receive();
    let twice = asked(&edx, soon(soon(Behavior::bytes("abc")))).rest();
    let own = asked(&edx, soon(Behavior::pass_through())).receive();

    assert_eq!((responded.status, own.status), (291, 404));
    assert_eq!(twice, b"abc");
}

#[test]
fn delays_add_up() {
    let edx = MockEdx::start().unwrap();
    let never = Behavior::after(Duration::MAX, MockResponse::new(204));
    let still_never = Behavior::after(Duration::from_millis(1), never);
    let handle = edx.next_request("/here", still_never);
    Client::of(&edx).send(ASK);

    assert!(!handle.ends_within(Duration::from_millis(100)));
}

#[test]
fn a_queued_pass_through_lets_the_site_respond() {
    let edx = MockEdx::start().unwrap();
    edx.next_request("/here", Behavior::pass_through());
    edx.next_request("/here", MockResponse::new(291));

    let statuses = [(); 3].map(|()| get(&edx, "/here", "").status);

    assert_eq!(statuses, [404, 291, 404]);
}

#[test]
fn a_handle_counts_the_bytes_of_the_site() {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request("/here", Behavior::pass_through());

    let length = get(&edx, "/here", "").body.len() as u64;

    assert!(handle.ends_within(HANG));
    assert!(handle.bytes_sent() > length);
}

#[test]
fn a_reused_connection_gets_its_behavior_until_that_is_removed() {
    let edx = MockEdx::start().unwrap();
    edx.on_reused_connection(Behavior::reset());
    let used = || {
        let mut client = Client::of(&edx);
        client.send(ASK);
        assert_eq!(client.receive().status, 404);
        client.send(ASK);
        client
    };

    assert_reset(&mut used(), "reset");
    edx.on_reused_connection(Behavior::close());
    assert_eq!(used().rest(), b"");
    edx.on_reused_connection(Behavior::pass_through());
    assert_eq!(used().receive().status, 404);
}

#[test]
fn a_queued_behavior_comes_before_the_one_of_a_reused_connection() {
    let edx = MockEdx::start().unwrap();
    edx.on_reused_connection(Behavior::close());
    edx.next_request("/there", MockResponse::new(291));
    let mut client = Client::of(&edx);

    client.send(ASK);
    client.send(&ASK.replace("here", "there"));
    client.send(ASK);

    assert_eq!([(); 2].map(|()| client.receive().status), [404, 291]);
    assert_eq!(client.rest(), b"");
}

#[test]
fn a_connection_that_is_idle_for_too_long_is_closed_without_a_reset() {
    for silence in [Duration::ZERO, Duration::from_millis(1)] {
        let edx = MockEdx::builder().keep_alive(silence).start().unwrap();
        let mut client = Client::of(&edx);
        client.send(ASK);
        let response = client.receive();

        assert_eq!(
            (response.status, response.header("Connection")),
            (404, None)
        );
        client.wait_at_most(LESS_THAN_USUAL);
        assert_eq!(client.rest(), b"");
    }
}

#[test]
fn a_keep_alive_of_zero_closes_even_if_a_request_has_arrived() {
    let edx = MockEdx::builder()
        .keep_alive(Duration::ZERO)
        .start()
        .unwrap();
    let mut client = Client::of(&edx);

    client.send(&ASK.repeat(2));

    assert_eq!(client.receive().status, 404);
    assert_eq!(client.rest(), b"");
    assert_eq!(edx.requests().len(), 1);
}

#[test]
fn idle_time_is_counted_only_between_requests() {
    let silence = Duration::from_millis(1);
    let edx = MockEdx::builder().keep_alive(silence).start().unwrap();
    edx.next_request(
        "/here",
        Behavior::after(silence * 20, MockResponse::new(291)),
    );
    let mut client = Client::of(&edx);

    std::thread::sleep(silence * 20);
    client.send(&format!("{ASK}GET /he"));
    std::thread::sleep(silence * 100);
    client.send("re HTTP/1.1\r\n\r\n");

    assert_eq!([(); 2].map(|()| client.receive().status), [291, 404]);
}

/// Shorter than the 10 seconds for which `MockEdx` keeps a connection by default.
const LESS_THAN_USUAL: Duration = Duration::from_secs(5);
