//! Heads that are far too large: too many headers, too long headers, too many interim responses.

use edx_auth_core::{ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use super::{ask, exchange_error, kind, over_every_stack, setup};

/// The two adapters have one limit.
#[test]
fn an_adapter_takes_100_headers_and_64_kib_and_no_more() {
    // The response has two headers more: `Content-Type` and `Content-Length`.
    for (count, length, is_taken) in [
        (98, 1, true),
        (99, 1, false),
        (126, 1, false),
        (127, 1, false),
        (10_000, 1, false),
        (1, 17 << 10, true),
        (1, 63 << 10, true),
        (1, 64 << 10, false),
        (1, 65 << 10, false),
        (2, 250 << 10, false),
    ] {
        let value = "x".repeat(length);
        let headers =
            |response: MockResponse, number| response.header(format!("X-{number}"), value.clone());
        let flood = (0..count).fold(token_response(), headers).to_bytes();
        over_every_stack(move |stack| {
            if !["ureq", "reqwest"].contains(&stack.name) {
                return;
            }
            let edx = MockEdx::start().unwrap();
            edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(flood.clone()));

            let kind = ask(stack, setup(&edx)).map_err(|error| kind(&error)).err();

            let too_large = ErrorKind::Transport(TransportFailure::HeadTooLarge);
            let case = format!("{} {count} of {length}", stack.name);
            assert_eq!(kind, (!is_taken).then_some(too_large), "{case}");
        });
    }
}

/// The other HTTP stacks have other limits. A request over them must end, with the token that was sent or
/// with an error.
#[test]
fn a_flood_of_headers_is_a_token_or_an_error() {
    for count in [101, 1500, 10_000] {
        let headers = (0..count).fold(token_response(), |response, number| {
            response.header(format!("X-{number}"), "flood")
        });
        ends(headers.to_bytes());
    }
}

#[test]
fn a_flood_of_200_continue_heads_is_a_token_or_an_error() {
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(200);
    ends([go_on, token_response().to_bytes()].concat());
}

#[test]
fn one_header_of_a_megabyte_is_a_token_or_an_error() {
    ends(
        token_response()
            .header("X-Flood", "x".repeat(1 << 20))
            .to_bytes(),
    );
}

/// Checks that over every stack, a token request with this response ends with its token or an error.
fn ends(flood: Vec<u8>) {
    over_every_stack(move |stack| {
        let edx = MockEdx::start().unwrap();
        edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(flood.clone()));

        match ask(stack, setup(&edx)) {
            Ok(token) => assert_eq!(token.token().expose(), "e30.e30.c2ln", "{}", stack.name),
            Err(error) => assert!(!exchange_error(&error).advice().is_empty()),
        }

        assert_eq!(edx.requests().len(), 1, "{}", stack.name);
    });
}

fn token_response() -> MockResponse {
    MockResponse::json(
        200,
        r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#,
    )
}
