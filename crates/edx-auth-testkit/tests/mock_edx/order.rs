//! Which request gets which response.

use std::thread;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use crate::wire::{Client, HANG, get, good_form, post_form};

#[test]
fn a_response_is_decided_once_its_request_is_in_the_log() {
    for _ in 0..50 {
        let edx = MockEdx::start().unwrap();
        let held = edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::until_released(Behavior::pass_through()),
        );
        let mut client = Client::of(&edx);
        client.send(&post_form(MockEdx::TOKEN_PATH, "", &good_form(&edx)));
        assert!(edx.wait_for_requests(1, HANG));

        edx.next_request(MockEdx::TOKEN_PATH, MockResponse::new(291));
        edx.on("POST", MockEdx::TOKEN_PATH, MockResponse::new(292));
        edx.rotate_signing_key();
        held.release();

        // The token was issued before the key changed.
        let token = client.receive().access_token();
        let header = format!("Authorization: JWT {token}\r\n");
        assert_eq!(get(&edx, MockEdx::CATALOGS_PATH, &header).status, 401);
    }
}

#[test]
fn behaviors_are_used_in_the_order_of_the_log() {
    let edx = MockEdx::start().unwrap();
    for place in 1..=200 {
        let response = MockResponse::new(200).header("X-Place", place.to_string());
        edx.next_request("/here", response);
    }

    thread::scope(|threads| {
        for name in 0..8 {
            let edx = &edx;
            threads.spawn(move || {
                for number in 0..25 {
                    let query = format!("{name}-{number}");
                    let response = get(edx, &format!("/here?{query}"), "");
                    let requests = edx.requests();
                    let place = requests
                        .iter()
                        .position(|request| request.query() == Some(&query))
                        .unwrap();
                    assert_eq!(
                        response.header("X-Place"),
                        Some((place + 1).to_string().as_str())
                    );
                }
            });
        }
    });
}
