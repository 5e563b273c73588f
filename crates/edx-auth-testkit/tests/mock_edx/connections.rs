use std::net::TcpStream;
use std::sync::Barrier;

use edx_auth_testkit::MockEdx;

use crate::wire::{Client, exchange, fetch_token, good_form, post_form};

#[test]
fn a_connection_is_kept_for_any_number_of_requests() {
    let edx = MockEdx::start().unwrap();
    let mut client = Client::of(&edx);
    let ask = post_form(MockEdx::TOKEN_PATH, "", &good_form(&edx));

    for _ in 0..50 {
        client.send(&ask);
        let response = client.receive();
        assert_eq!(
            (response.status, response.header("Connection")),
            (200, None)
        );
    }

    assert_eq!(edx.token_requests(), 50);
}

#[test]
fn pipelined_requests_get_their_responses_in_order() {
    let edx = MockEdx::start().unwrap();
    let mut client = Client::of(&edx);

    client.send(&format!(
        "{}GET /api/v1/catalogs/ HTTP/1.1\r\n\r\nGET /nowhere HTTP/1.0\r\n\r\n",
        post_form(MockEdx::TOKEN_PATH, "", "grant_type=x")
    ));

    let statuses = [(); 3].map(|()| client.receive().status);
    assert_eq!(statuses, [400, 401, 404]);
    assert_eq!(client.rest(), b"");
}

#[test]
fn a_request_in_pieces_is_one_request() {
    let edx = MockEdx::start().unwrap();
    let mut client = Client::of(&edx);
    let ask = post_form(MockEdx::TOKEN_PATH, "", &good_form(&edx));

    for piece in ask.as_bytes().chunks(7) {
        client.send(std::str::from_utf8(piece).unwrap());
    }

    assert_eq!(client.receive().status, 200);
    assert_eq!(edx.requests().len(), 1);
}

#[test]
fn a_client_that_expects_100_continue_gets_it() {
    let edx = MockEdx::start().unwrap();
    let mut client = Client::of(&edx);
    let ask = post_form(
        MockEdx::TOKEN_PATH,
        "Expect: 100-continue\r\n",
        &good_form(&edx),
    );
    let (head, body) = ask.split_at(ask.find("\r\n\r\n").unwrap() + 4);

    client.send(head);
    assert_eq!(client.receive_head().status, 100);
    client.send(body);

    assert_eq!(client.receive().status, 200);
}

#[test]
fn a_hundred_connections_are_served_together() {
    let edx = MockEdx::start().unwrap();
    let all_connected = Barrier::new(100);

    std::thread::scope(|threads| {
        for _ in 0..100 {
            threads.spawn(|| {
                let mut client = Client::of(&edx);
                all_connected.wait();
                client.send(&post_form(MockEdx::TOKEN_PATH, "", &good_form(&edx)));
                let token = client.receive().access_token();
                client.send(&format!(
                    "GET {} HTTP/1.1\r\nAuthorization: JWT {token}\r\n\r\n",
                    MockEdx::CATALOGS_PATH
                ));
                assert_eq!(client.receive().status, 200);
            });
        }
    });

    assert_eq!(edx.token_requests(), 100);
    assert_eq!(edx.requests().len(), 200);
}

#[test]
fn an_error_reaches_a_client_that_is_still_sending() {
    let edx = MockEdx::start().unwrap();
    // More than the sockets of both sides hold together.
    let large = "a".repeat(14 * 1024 * 1024);

    let response = exchange(&edx, &post_form(MockEdx::TOKEN_PATH, "", &large));

    assert_eq!(response.status, 400);
}

#[test]
fn clients_that_disconnect_early_affect_no_other_client() {
    let edx = MockEdx::start().unwrap();

    for part in [
        "",
        "POST /oauth2/acc",
        "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab",
    ] {
        Client::of(&edx).send(part);
    }

    assert_eq!(exchange(&edx, "GET / HTTP/1.1\r\n\r\n").status, 404);
    assert_eq!(edx.requests().len(), 1);
}

#[test]
fn a_site_starts_on_the_port_of_its_builder() {
    let free = MockEdx::start().unwrap().address().port();

    let edx = MockEdx::builder().port(free).start().unwrap();

    assert_eq!(edx.address().port(), free);
    assert!(MockEdx::builder().port(free).start().is_err());
}

#[test]
fn sites_are_independent_and_release_their_port() {
    let first = MockEdx::start().unwrap();
    let second = MockEdx::start().unwrap();
    fetch_token(&first);

    assert_ne!(first.url(), second.url());
    assert_eq!((first.token_requests(), second.token_requests()), (1, 0));

    let address = first.address();
    drop(first);
    assert!(TcpStream::connect(address).is_err());
}
